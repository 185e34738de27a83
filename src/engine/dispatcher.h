// SPDX-License-Identifier: Apache-2.0
// The outbox's other half: takes messages that are due, has them performed outside, and notes what came of it.
//
//   queued --claim--> sending --deliver--> sent | retry → queued | give up → failed | unclear → unknown
//
// Claim and settlement are work of the message's own lane, so their order is the lane's; the effect itself happens on a
// thread of the dispatcher with no lane waiting. Each provider has a queue and threads of its own, and so have the
// messages between lanes: one that hangs holds up nobody but itself (provider.h). A claim for the lanes' messages also
// finds which providers have work. In each queue a tenant is served by one thread at a time, so a message of it that is
// found in `sending` at a claim was left by a crash: it is sent again where the receiver de-duplicates by our message
// id, and is `unknown` otherwise. Messages to another lane arrive in their order, one by one.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "engine/lane.h"
#include "engine/provider.h"

namespace interlock::engine {

struct DispatcherMetrics {
  std::atomic<std::int64_t> delivered{0}, failed{0};  ///< failed: set aside; tries that are repeated do not count
};

/// What it needs of the engine.
struct DispatcherLinks {
  /// Queues the lane's own work; the callback comes after the commit.
  std::function<void(TenantId, std::string name, InternalWork, AnswerCallback)> run_in_lane;
  std::function<void(Submission, AnswerCallback)> submit;
  /// Makes the lane of a new tenant: the platform's message to it is the first that it gets.
  std::function<void(TenantId)> ensure_lane;
  std::string node;  ///< this process among those that share the store
  bool store_is_shared = false;
};

class Dispatcher {
 public:
  /// `delivery_time_max`: of one provider's call.
  Dispatcher(DispatcherLinks links, const Providers& providers, const Clock& clock, DispatcherMetrics& metrics,
             Duration delivery_time_max);
  ~Dispatcher();

  /// Something may be due in this tenant. Any thread; returns at once.
  void kick(TenantId tenant);
  /// Finishes the deliveries that are under way, waiting at most limits::delivery_stop_time_max for a provider, gives
  /// back what was claimed and not begun, and takes nothing more.
  void stop();

 private:
  /// The messages of one provider, or those between lanes. Changed under the mutex.
  struct Queue {
    std::string provider_name;  ///< empty: between lanes, and what no provider is there for
    std::shared_ptr<Provider> provider;
    std::size_t places = 0;   ///< threads
    std::size_t hanging = 0;  ///< calls that nobody waits for any more
    std::set<TenantId> due, under_way;
    std::condition_variable changed;
  };
  /// Outlives the dispatcher where a call hangs.
  struct Shared {
    std::mutex mutex;
    std::map<std::string, Queue, std::less<>> queues;
    bool stopping = false;
  };
  struct Call;
  struct Claimed {
    std::vector<OutboxMessage> messages;
    std::vector<std::string> other_queues;  ///< that have work too
  };
  struct Settlement {
    Uuid id;
    DeliveryResult result;
    bool tried = true;  ///< false: nothing was begun, the server stops; it is as it was before the claim
  };

  void add_queue(std::string name, std::shared_ptr<Provider> provider, std::size_t places);
  void run(Queue& queue);
  bool is_stopping();
  void make_due(Queue& queue, TenantId tenant);
  void serve(Queue& queue, TenantId tenant);
  Claimed claim(const Queue& queue, TenantId tenant);
  void claim_in_lane(const Queue& queue, UnitOfWork& work, Claimed& claimed);
  /// The condition that a message belongs to the queue, joined to the question.
  Query of_queue(const Queue& queue, Query query) const;
  void find_other_queues(UnitOfWork& work, std::vector<std::string>& names) const;
  bool is_claimed_elsewhere(const OutboxMessage& message, Time now) const;
  void recover(UnitOfWork& work, OutboxMessage& message);
  bool deduplicates(const OutboxMessage& message) const;
  std::vector<Settlement> deliver(Queue& queue, TenantId tenant, const std::vector<OutboxMessage>& messages);
  std::vector<Settlement> deliver_to_lanes(TenantId tenant, const std::vector<OutboxMessage>& messages);
  DeliveryResult deliver_to_lane(TenantId tenant, const OutboxMessage& message);
  DeliveryResult hand_over(TenantId tenant, const OutboxMessage& message);
  /// Nothing: the server stops, or calls of the provider hang, and this one was not begun.
  std::optional<DeliveryResult> deliver_outside(Queue& queue, const OutboxMessage& message);
  /// False when its time is over: it hangs from now on.
  bool wait_for_end(Queue& queue, Call& call, std::unique_lock<std::mutex>& lock);
  void settle(TenantId tenant, const std::vector<Settlement>& settlements);
  /// Whether the message is set aside: it failed for good, or nobody knows.
  bool settle_one(UnitOfWork& work, const Settlement& settlement);
  Answer wait_for(const std::function<void(AnswerCallback)>& start);

  DispatcherLinks links_;
  const Clock& clock_;
  DispatcherMetrics& metrics_;
  const Duration delivery_time_max_;
  const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();  ///< its queues are fixed once there are threads
  Queue* lanes_ = nullptr;
  std::vector<std::thread> threads_;
};

}  // namespace interlock::engine
