// SPDX-License-Identifier: Apache-2.0
// The live feed of one tenant. What was committed goes to every subscriber whose filter and rights let it through, in
// the tenant's order, without gap or double; a subscriber that returns with its last sequence gets what came after from
// the ring in memory, or from the change log, and then goes over to live under the same lock.
//
// A change is sent as {"type":"change",…} when the record passes filter and rights after it, as {"type":"gone",…} when
// it passed before and does not any more (left the filter, the permission, or was deleted), and not at all otherwise.
//
// What is seen through another record (a comment through its customer) comes and goes with that one, without a change
// of its own. The one message of the subject's change says so: it carries "dependants":"gone" when the subject went out
// of the subscriber's sight (deleted, or out of scope), and the subscriber drops what hangs on it; "dependants":"back"
// when it came back, and the subscriber reads that anew. Whoever subscribed to dependants but not to the subject is
// sent {"type":"gone",…} or {"type":"back",…} of the subject for it. One message tells of any number of dependants, so
// that a sequence stays the place from which a subscriber resumes.
//
// Threading: publish is called by the lane, one commit after the other; subscribe and the end of a subscription by any
// thread. Delivery happens under the hub's lock: sinks only queue.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "engine/engine.h"
#include "engine/lane.h"

namespace interlock::engine {

struct FeedMetrics {
  std::atomic<std::int64_t> deliveries{0}, cut_off{0}, subscriptions{0};
};

/// What a change means to what hangs on its record, for one subscriber.
enum class Dependants : std::uint8_t { unmoved, gone, back };
enum class MessageKind : std::uint8_t { change, change_with_key, gone, back };

/// One change with what is needed to judge and to send it; texts are made once and shared.
struct FeedEntry {
  RecordChange change;
  std::string owner;  ///< key owner of the sender: only they see the key
  std::string actor_json;
  std::map<std::pair<MessageKind, Dependants>, FeedMessage> messages;  ///< made at first use, under the hub's lock
};

/// A subscription's condition for one collection.
struct CollectionFilter {
  const RecordType* type = nullptr;
  std::vector<Condition> conditions;
  bool permitted = false;
};

class FeedHub;

class FeedSubscription final : public Subscription {
 public:
  FeedSubscription(std::shared_ptr<FeedHub> hub, Caller caller, SubscribeRequest request,
                   std::shared_ptr<FeedSink> sink);
  ~FeedSubscription() override;
  std::int64_t seq() const override { return seq_; }
  bool is_live() const override { return live_; }

 private:
  friend class FeedHub;
  std::shared_ptr<FeedHub> hub_;
  const Caller caller_;
  const SubscribeRequest request_;
  std::shared_ptr<FeedSink> sink_;
  std::string owner_;
  Actor actor_;
  std::vector<CollectionFilter> filters_;
  std::set<std::string, std::less<>> presence_;
  std::atomic<std::int64_t> seq_{0};  ///< raised after the delivery; heartbeats read it on other threads
  bool ended_ = false;
  bool live_ = false;
};

class FeedHub : public std::enable_shared_from_this<FeedHub> {
 public:
  FeedHub(const Schema& schema, const Clock& clock, FeedMetrics& metrics)
      : schema_(schema), clock_(clock), metrics_(metrics) {}

  /// Delivers what a group committed; `reader` sees the tenant as of this commit. Called by the lane, in order.
  void publish(Published& published, Reader& reader, TenantId tenant);
  /// See Engine::subscribe. `open_view` opens a fresh view of the tenant for the caller.
  std::unique_ptr<FeedSubscription> subscribe(const Caller& caller, SubscribeRequest request,
                                              std::shared_ptr<FeedSink> sink,
                                              const std::function<std::unique_ptr<ReadView>()>& open_view);
  /// The same to one subscriber, if it may see the subject.
  void tell_presence(FeedSubscription& subscription, const Subject& subject, const std::string& text);
  /// The tenant's data was replaced, and its sequence with it: everybody starts anew from `seq`.
  void restart(std::int64_t seq);
  /// To every subscriber that asked for the subject's presence.
  void send_presence(const Subject& subject, const std::string& text);
  bool is_used() const;

 private:
  friend class FeedSubscription;
  void end(FeedSubscription* subscription);
  /// `committed`: of what is being published; zero while somebody catches up, perhaps without the mutex.
  void judge(FeedSubscription& subscriber, FeedEntry& entry, Duration committed);
  void send(FeedSubscription& subscriber, FeedEntry& entry, MessageKind kind, Dependants dependants,
            Duration committed);
  void deliver(FeedSubscription& subscriber, const FeedMessage& message);
  void keep(std::shared_ptr<FeedEntry> entry);
  void renew_rights(FeedSubscription& subscriber, Reader& reader, TenantId tenant, std::int64_t seq);
  void set_filters(FeedSubscription& subscriber);
  void keep_what_is_seen(FeedSubscription& subscriber, Reader& reader);
  void go_live(FeedSubscription& subscriber);
  std::uint64_t rights_version() const;
  void take_rights(FeedSubscription& subscriber, ReadView& view);
  void catch_up(FeedSubscription& subscriber, const std::function<std::unique_ptr<ReadView>()>& open_view);
  std::int64_t read_log(FeedSubscription& subscriber, ReadView& view, std::int64_t budget);
  void reset(FeedSubscription& subscriber, std::int64_t seq, const char* reason);
  void clear_ring(std::int64_t seq);

  const Schema& schema_;
  const Clock& clock_;
  FeedMetrics& metrics_;
  mutable std::mutex mutex_;
  std::vector<FeedSubscription*> subscribers_;
  int catching_up_ = 0;
  std::uint64_t rights_version_ = 0;             ///< rises with every commit that changes what people may see
  std::deque<std::shared_ptr<FeedEntry>> ring_;  ///< every change after ring_from_, up to last_seq_
  std::size_t ring_bytes_ = 0;
  std::int64_t ring_from_ = -1;  ///< -1: nothing is known yet
  std::int64_t last_seq_ = 0;
};

}  // namespace interlock::engine
