// SPDX-License-Identifier: Apache-2.0
// The engine: lanes on a pool of workers, reads on snapshots, the feed. Everything above (HTTP, command line,
// dispatcher, jobs) speaks to tenants through this header only.
//
// Threading: every method may be called from any thread. Callbacks and sinks run on a lane worker (or on the calling
// thread when the answer is known at once): they must not block and must not call back into submit synchronously with
// an expectation of order; they may call any method.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "engine/provider.h"
#include "model/schema.h"
#include "store/store.h"

namespace interlock::engine {

/// One named operation with its request as JSON. Preconditions are part of the request: for NAME/update and NAME/delete
/// the members `id`, and one of `version` (an integer, or the text "*") and `updated_at`; for update also `merge`
/// (bool). Whoever takes them from a path or a header puts them there, so that the fingerprint is the same over every
/// way in. For every creatable record type there are NAME/create, NAME/update, NAME/delete and NAME/restore besides the
/// schema's own operations, where NAME is the collection.
struct Step {
  std::string operation;
  Json request;
  std::string key;  ///< of this item, in a batch of mode each; else empty
  std::string as;   ///< later steps may write "$as.member" for a top-level member of this step's answer
};

enum class Mode : std::uint8_t {
  single,  ///< one step; the answer is the step's
  atomic,  ///< all or nothing under one key; the answer is {"results":[{"status":…,"body":{…}},…]} or the refusal of
           ///< the first step that was refused, with `index`
  each,  ///< every step for itself with a key of its own; the answer is 200 with `results`
};

struct Submission {
  TenantId tenant;
  Caller caller;
  Mode mode = Mode::single;
  std::vector<Step> steps;
  std::string key;         ///< idempotency key, checked for form already; empty if there was none
  std::string request_id;  ///< for the log
  /// Set by the dispatcher for a message from another lane: its source and number there. A number that is not above the
  /// source's high-water mark was executed already: the answer is 200 and nothing happens.
  std::optional<std::pair<TenantId, std::int64_t>> source;
  /// All is done and looked at as ever, keys too, in a group of its own that is given up instead of committed: the
  /// answers are those that would have been given.
  bool trial = false;
  bool vouched = false;  ///< the server made the steps itself for the caller: Access::vouched is theirs
};

struct Answer {
  int status = 0;
  std::string body;       ///< JSON; a problem document for status >= 400
  std::int64_t seq = 0;   ///< tenant's sequence that the answer reflects: Interlock-Seq
  bool replayed = false;  ///< Idempotency-Replayed
  std::optional<std::int64_t> retry_after_s;
};

using AnswerCallback = std::function<void(Answer)>;

/// A consistent view for queries, with the caller's rights as of that view. One thread; short-lived.
class ReadView {
 public:
  virtual ~ReadView() = default;
  virtual Reader& reader() = 0;
  virtual store::Snapshot& snapshot() = 0;
  virtual const Actor& actor() const = 0;
  virtual std::int64_t seq() = 0;
  virtual const Schema& schema() const = 0;
};

/// A message for one subscriber: JSON text shared by all who get the same bytes. `seq` is the sequence after which a
/// subscriber may resume (0 for messages outside the order: presence, heartbeat).
struct FeedMessage {
  std::int64_t seq = 0;
  std::shared_ptr<const std::string> text;
  Duration committed{};  ///< steady time of the commit that it tells of, as it happens; zero in a catch-up
};

/// Where a subscription delivers. `deliver` must not block and is never called concurrently for one subscription.
/// Returns false when the consumer is too slow or gone: the subscription ends.
class FeedSink {
 public:
  virtual ~FeedSink() = default;
  virtual bool deliver(const FeedMessage& message) = 0;
  /// Asked before each message of a catch-up: false stops it there, and the subscription is returned not live. Whoever
  /// subscribed does so again from its seq() when there is room.
  virtual bool has_room() { return true; }
};

struct SubscribeRequest {
  std::vector<std::string> collections;  ///< must be readable by the caller: else Refusal forbidden / not_found
  Json filter;                           ///< null, or an object: field -> value or array of values; "$me" is the caller
  std::optional<std::int64_t> since;     ///< resume after this sequence; nothing: from now on
  /// Subjects (TypeIDs) or collections whose presence messages are wanted; of a subject one comes at once, that tells
  /// who is there already.
  std::vector<std::string> presence;
};

/// Throws Refusal not_found for a collection whose changes no feed tells (there is none, or it is not logged),
/// forbidden for one that the actor may not read.
void require_followable(const Schema& schema, const Actor& actor, const std::vector<std::string>& collections);

/// Ends when destroyed. Destroying waits for a delivery that is under way, so it must not happen inside deliver().
class Subscription {
 public:
  virtual ~Subscription() = default;
  /// Everything up to here was delivered or was not asked for when subscribe() returned.
  virtual std::int64_t seq() const = 0;
  /// False if the catch-up was stopped by FeedSink::has_room: nothing more will come.
  virtual bool is_live() const = 0;
};

struct EngineOptions {
  std::size_t workers = 8;  ///< lane workers, 1 to limits::lane_workers_max
  std::size_t open_lanes_max = limits::open_lanes_max;
  Duration key_retention = limits::key_retention;
  Duration slow_operation = limits::slow_operation;
  Duration delivery_time_max = limits::delivery_time_max;  ///< of a provider's call; shorter in tests
};

/// Counters since start, for /metrics. Monotonic unless said otherwise.
struct EngineMetrics {
  std::int64_t operations = 0, refusals = 0, replays = 0, failures = 0, groups = 0, group_reruns = 0, reads = 0;
  std::int64_t commit_us_sum = 0, operation_us_sum = 0;
  std::int64_t log_bytes = 0;    ///< written to write-ahead logs
  std::int64_t round_trips = 0;  ///< of lanes to a database server, for their groups
  std::int64_t changes = 0;      ///< published
  std::int64_t feed_deliveries = 0, feed_cut_off = 0;
  std::int64_t lanes_open = 0, lanes_stopped = 0, queued = 0, subscriptions = 0;  ///< gauges
  std::int64_t outbox_delivered = 0, outbox_failed = 0;
};

class Presence;
class Nodes;

class Engine {
 public:
  virtual ~Engine() = default;

  /// Queues the work in the tenant's lane and answers after the commit. Never throws; what is wrong is an answer: 404
  /// for a tenant that does not exist, 503 overloaded with retry_after_s when the lane's queue is full, 503 draining.
  /// The callback runs exactly once.
  virtual void submit(Submission submission, AnswerCallback callback) = 0;

  /// Opens a view. Throws Refusal (unauthenticated, not_found, out_of_service, overloaded). Blocks for microseconds;
  /// for a closed lane for the time of opening it.
  virtual std::unique_ptr<ReadView> read(TenantId tenant, const Caller& caller) = 0;
  /// As read, for threads that must not wait; null where the lane is not open.
  virtual std::unique_ptr<ReadView> read_if_open(TenantId tenant, const Caller& caller) = 0;
  /// Newest committed sequence. Opens a lane that was never open.
  virtual std::int64_t seq(TenantId tenant) = 0;
  /// The same for threads that must not wait; nothing for a lane that was never open.
  virtual std::optional<std::int64_t> seq_if_known(TenantId tenant) = 0;
  /// Calls back with true as soon as the tenant has reached `seq`, with false after `timeout`.
  virtual void when_seq(TenantId tenant, std::int64_t seq, Duration timeout, std::function<void(bool)> callback) = 0;

  /// Starts a subscription: first what came after `since`, then what is committed from now on, without gap or double.
  /// Sends {"type":"reset"} where `since` is past retention or in the future. Throws Refusal.
  virtual std::unique_ptr<Subscription> subscribe(TenantId tenant, const Caller& caller, SubscribeRequest request,
                                                  std::shared_ptr<FeedSink> sink) = 0;
  virtual Presence& presence() = 0;
  /// The other processes that serve the same store.
  virtual Nodes& nodes() = 0;

  /// Makes an empty lane for a tenant whose record exists on the platform, or is about to.
  virtual void create_lane(TenantId tenant) = 0;
  /// Runs `work` on the lane's worker between two groups, with the lane's store; for backup and check. Blocks until
  /// done; exceptions come through.
  virtual void with_lane(TenantId tenant, const std::function<void(store::LaneStore&)>& work) = 0;
  /// Closes the lane and keeps it closed while `work` runs (restore, removal).
  virtual void with_closed_lane(TenantId tenant, const std::function<void()>& work) = 0;

  virtual EngineMetrics metrics() = 0;
  virtual const Schema& schema() const = 0;
  virtual const Clock& clock() const = 0;
  virtual store::Store& store() = 0;

  /// Refuses new submissions, answers what is queued (at most limits::drain_time_max), checkpoints, closes.
  virtual void drain() = 0;
};

/// The system's own caller: command line, jobs, dispatcher.
Caller system_caller();

std::unique_ptr<Engine> make_engine(const Schema& schema, store::Store& store, const Clock& clock, Random& random,
                                    Providers providers, EngineOptions options);

/// Submits and waits; for the command line and tests, never on an HTTP or lane thread.
Answer submit_and_wait(Engine& engine, Submission submission);

}  // namespace interlock::engine
