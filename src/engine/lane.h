// SPDX-License-Identifier: Apache-2.0
// A lane: one tenant's operations, one at a time, in arrival order, made durable in groups.
//
// Life of a group: take what waits (bounded by operations, bytes and time) → begin → for each: rights, key, body,
// changes, key with answer → commit → answers → feed. Nobody gets an answer before the commit has returned. An
// operation that is refused leaves nothing behind but its stored refusal. An operation that breaks the store's
// transaction, or fails while its writes are flushed, is set aside with an error, and the rest of the group runs again
// with the same times, random bits and ids.
//
// Recovery cases, when something fails:
//   refusal in a body                    that operation answers it; the group goes on
//   exception in a body                  500 for that operation, its writes undone; the group goes on
//   failure while flushing, or the       500/503 for the culprit; roll back, run the group again without it
//     outer transaction is gone
//   the store lost the group (deadlock,  roll back, run the group again
//     a write that it had kept back)
//   disk full at commit                  503 disk_full for all; nothing was written; the lane goes on
//   sync failed at commit                503 commit_unknown for all; the lane closes the store and opens it again
//   corrupt page                         503 out_of_service for all; the lane stays out of service
//
// Threading: enqueue and the readers' side may be called from any thread; run_group by one thread at a time (the pool
// sees to it; the simulator is its own pool). A lane has no thread of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "engine/engine.h"
#include "engine/step.h"

namespace interlock::engine {

/// What a commit made known.
struct Published {
  TenantId tenant;
  std::int64_t last_seq = 0;
  std::vector<RecordChange> changes;       ///< in order; all of one operation together
  std::vector<std::string> change_owners;  ///< Caller::key_owner of each change
  std::vector<Subject> leased;             ///< records whose lease was taken, renewed or released
  Duration committed{};                    ///< steady time of the commit; zero: it was found later
  bool rights_changed = false;
  bool redacted = false;
  bool sent = false;           ///< outbox messages wait
  bool restarted = false;      ///< the data was replaced by an older state: subscribers begin anew
  bool while_opening = false;  ///< the lane is being opened: it must not be asked for its store
  std::optional<Time> wake;    ///< the lane's persisted next wake after this group, if it changed
};

/// Atomic counters shared by all lanes; see EngineMetrics for their meaning.
struct LaneMetrics {
  std::atomic<std::int64_t> operations{0}, refusals{0}, replays{0}, failures{0}, groups{0}, group_reruns{0};
  std::atomic<std::int64_t> commit_us_sum{0}, operation_us_sum{0}, log_bytes{0}, changes{0};
  std::atomic<std::int64_t> round_trips{0};
};

/// What lanes need of the world. Outlives them.
struct LaneEnvironment {
  const Schema& schema;
  store::Store& store;
  const Clock& clock;  ///< anchored: see base/time.h
  Random& random;      ///< thread-safe
  LaneMetrics& metrics;
  Duration slow_operation;
  Duration key_retention;
  /// Called after the commit and the answers, with the writer's view still at hand (for rights of subscribers). Must
  /// not throw.
  std::function<void(Published&, Reader&)> publish;
};

/// Work inside the lane that is no client's operation: jobs, outbox claims. Runs in a group like an operation.
using InternalWork = std::function<void(UnitOfWork&, store::Writer&)>;

/// One entry of the queue. Made by make_item or make_internal.
struct LaneItem {
  Submission submission;
  std::vector<std::optional<PreparedStep>> prepared;  ///< nothing: has references, is prepared in the lane
  Digest16 fingerprint{};
  std::optional<Refusal> refused;  ///< by preparation: no such operation
  InternalWork internal;
  std::string internal_name;
  AnswerCallback callback;
  std::size_t bytes = 0;
  // Fixed at the first run, so that a further run is the same.
  std::optional<Time> now;
  std::uint64_t seed = 0;
  std::vector<std::optional<Answer>> set_aside;  ///< by unit: what the culprit of an earlier run is told
};

std::unique_ptr<LaneItem> make_item(const Schema& schema, Submission submission, std::size_t bytes,
                                    AnswerCallback callback);
std::unique_ptr<LaneItem> make_internal(std::string name, InternalWork work, AnswerCallback callback);
/// The keys of the items, and the records whose ids stand in their requests: most of what their operations read.
store::Ahead ahead_of(const std::vector<std::unique_ptr<LaneItem>>& items);

/// Answers of the schema's hooks, kept until a record changes that could change them, and for a second at most (tokens
/// expire by time).
struct RightsCache {
  std::map<Caller, Actor> actors;
  std::map<std::string_view, bool> modules_on;  ///< by name
  std::map<std::uint16_t, bool> leases_bind;    ///< by record type
  Duration since;

  void clear() {
    actors.clear();
    modules_on.clear();
    leases_bind.clear();
  }
};

class Lane {
 public:
  Lane(LaneEnvironment& environment, TenantId tenant);
  ~Lane();

  TenantId tenant() const { return tenant_; }

  /// False when the queue is full: nothing was taken, `item` is still the caller's.
  bool enqueue(std::unique_ptr<LaneItem>& item);
  bool has_work() const;
  std::size_t queued() const;
  /// Runs one group if anything waits, opening the store if needed. Answers every item that it took.
  void run_group();
  /// Work for the store between groups, when nothing waits.
  void maintain(bool idle);
  /// Closes the store; the next use opens it again. Only while no group runs.
  void close();
  /// Closes the store, waits until the last reader let go of it, and keeps it closed while `work` runs. Takes a lane
  /// that is out of service back into service: its data may have been replaced. Throws StoreError if readers do not let
  /// go.
  void while_closed(const std::function<void()>& work);
  /// A reader let go of the store that store() gave.
  void reader_done();
  bool is_open() const;
  bool is_stopped() const { return out_of_service_.load(); }

  /// The opened store for readers; opens it if needed. Throws Refusal out_of_service, not_found.
  std::shared_ptr<store::LaneStore> store();
  /// The same without waiting: null if it is not open, or is just being opened or closed.
  std::shared_ptr<store::LaneStore> store_if_open();
  /// Newest committed sequence that this process knows; where the store is shared, others may have gone on.
  std::int64_t committed_seq() const { return committed_seq_.load(); }
  /// False until the store was opened once (or again, after its data was replaced).
  bool knows_seq() const { return seq_known_.load(); }
  /// Rights of a caller for readers, cached until they change.
  std::shared_ptr<const Actor> reader_actor(store::Snapshot& snapshot, Reader& reader, const Caller& caller);
  Duration last_used() const { return Duration{last_used_us_.load()}; }

 private:
  struct Unit;
  struct GroupState;

  void ensure_open(std::unique_lock<std::mutex>& lock);
  void read_counters();
  void catch_up(GroupState& group, store::Overtaken by);
  void publish_found(std::int64_t after, bool while_opening);
  void publish_replaced();
  void wait_for_readers(std::unique_lock<std::mutex>& lock);
  std::vector<std::unique_ptr<LaneItem>> take_group();
  void execute_group(GroupState& group);
  bool try_group(GroupState& group);
  void execute_item(GroupState& group, LaneItem& item);
  Answer execute_unit(GroupState& group, Unit& unit);
  Answer execute_steps(GroupState& group, Unit& unit);
  Answer run_steps(GroupState& group, Unit& unit, const Actor& actor);
  void execute_internal(GroupState& group, LaneItem& item);
  Answer batch_each(GroupState& group, LaneItem& item);
  void check_step(Reader& reader, const Actor& actor, const PreparedStep& step, const Unit& unit);
  void check_record(UnitOfWork& work, const PreparedStep& step);
  bool is_repeated_message(const Submission& submission);
  void keep_high_water(const Submission& submission);
  std::optional<Answer> replay(const Unit& unit);
  void run_step(UnitOfWork& work, Unit& unit, std::size_t index, std::vector<StepAnswer>& answers);
  Answer failed_answer(const Unit& unit, const char* error);
  Answer compose_answer(const Unit& unit, const std::vector<StepAnswer>& steps,
                        const std::vector<RecordChange>& changes);
  void keep_answer(const Unit& unit, const Answer& answer, const StepAnswer* step);
  const Actor& actor_of(const Caller& caller);
  bool forget_rights(const UnitOfWork& work);
  bool module_on(Reader& reader, std::string_view module);
  bool lease_binds(Reader& reader, const RecordType& type);
  void absorb(GroupState& group, UnitOfWork& work, const std::string& owner);
  void ensure_wake(GroupState& group, bool committed);
  bool commit(GroupState& group);
  void give_up(GroupState& group);
  void fail_group(GroupState& group, ErrorCode code, const std::string& detail);
  void give_back(GroupState& group, std::size_t from);
  void finish_group(GroupState& group);
  void stop(const std::string& why);
  Time operation_time();

  LaneEnvironment& env_;
  const TenantId tenant_;
  const LaneKind kind_;
  RandomKey random_key_;

  mutable std::mutex queue_mutex_;
  std::deque<std::unique_ptr<LaneItem>> queue_;
  std::size_t queue_operations_ = 0;
  std::size_t queue_bytes_ = 0;

  mutable std::mutex store_mutex_;  ///< guards opening and closing
  std::shared_ptr<store::LaneStore> store_;
  std::atomic<bool> store_exists_{false};  ///< also while readers hold what close() has given up
  std::condition_variable store_free_;
  std::atomic<int> waiting_for_readers_{0};
  bool commit_unknown_ = false;
  std::optional<std::int64_t> unpublished_after_;  ///< what the log holds behind this was never published
  std::atomic<bool> out_of_service_{false};

  LaneCounters counters_;
  Time last_time_;
  std::optional<Time> persisted_wake_;
  RightsCache rights_;
  std::int64_t log_bytes_seen_ = 0;
  std::int64_t round_trips_seen_ = 0;

  std::atomic<std::int64_t> committed_seq_{0};
  std::atomic<bool> seq_known_{false};
  std::atomic<std::int64_t> last_used_us_{0};
  std::mutex reader_actors_mutex_;
  std::map<Caller, std::shared_ptr<const Actor>> reader_actors_;
  std::uint64_t rights_version_ = 0;
  Duration reader_actors_since_;
};

/// Whether a refusal with this status is final under its key: decided by the lane from what it saw.
bool is_final(int status);

/// A refusal as an answer.
Answer problem_answer(const Refusal& refusal, std::int64_t seq);

}  // namespace interlock::engine
