// SPDX-License-Identifier: Apache-2.0
// The outbox's other half: takes messages that are due, has them performed outside, and notes what came of it.
//
//   queued --claim--> sending --deliver--> sent | retry → queued | give up → failed | unclear → unknown
//
// Claim and settlement are work of the message's own lane, so their order is the lane's; the effect itself happens on a
// dispatcher thread with no lane waiting. A tenant is served by one thread at a time, so a message that is found in
// `sending` at a claim was left by a crash: it is sent again where the receiver de-duplicates by our message id, and is
// `unknown` otherwise. Messages to another lane arrive in their order, one by one.
#pragma once

#include <condition_variable>
#include <functional>
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
};

class Dispatcher {
 public:
  Dispatcher(DispatcherLinks links, Providers providers, const Clock& clock, DispatcherMetrics& metrics);
  ~Dispatcher();

  /// Something may be due in this tenant. Any thread; returns at once.
  void kick(TenantId tenant);
  /// Finishes the deliveries that are under way, gives back what was claimed and not begun, and takes nothing more.
  void stop();

 private:
  struct Settlement {
    Uuid id;
    DeliveryResult result;
    bool tried = true;  ///< false: nothing was begun, the server stops; it is as it was before the claim
  };

  void run();
  bool is_stopping();
  void serve(TenantId tenant);
  std::vector<OutboxMessage> claim(TenantId tenant);
  void claim_in_lane(UnitOfWork& work, std::vector<OutboxMessage>& claimed);
  void recover(UnitOfWork& work, OutboxMessage& message);
  std::vector<Settlement> deliver(TenantId tenant, const std::vector<OutboxMessage>& messages);
  DeliveryResult deliver_to_lane(TenantId tenant, const OutboxMessage& message);
  DeliveryResult hand_over(TenantId tenant, const OutboxMessage& message);
  DeliveryResult deliver_outside(const OutboxMessage& message);
  void settle(TenantId tenant, const std::vector<Settlement>& settlements);
  /// Whether the message is set aside: it failed for good, or nobody knows.
  bool settle_one(UnitOfWork& work, const Settlement& settlement);
  Answer wait_for(const std::function<void(AnswerCallback)>& start);

  DispatcherLinks links_;
  Providers providers_;
  const Clock& clock_;
  DispatcherMetrics& metrics_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<TenantId> due_, under_way_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace interlock::engine
