// SPDX-License-Identifier: Apache-2.0
#include "engine/dispatcher.h"

#include <algorithm>
#include <future>

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"

namespace interlock::engine {

namespace {

constexpr std::string_view lane_provider = "lane";

/// 1, 2, 4, … s, each up to half as long again.
Duration backoff(std::int64_t tries, Random& random) {
  const auto base = limits::delivery_retry_first.us << std::min<std::int64_t>(tries - 1, 6);
  const auto bounded = std::min(base, limits::lane_retry_max.us);
  return {bounded + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bounded / 2 + 1)))};
}

std::vector<OutboxMessage> with_status(UnitOfWork& work, std::string_view status) {
  return work.all<OutboxMessage>((where(&OutboxMessage::status) == status)
                                     .order_by(field_of(&OutboxMessage::number))
                                     .at_most(static_cast<std::int64_t>(limits::deliveries_at_once_max)));
}

std::optional<TenantId> parse_tenant(std::string_view hex_text) {
  std::string uuid;
  for (std::size_t i = 0; i < hex_text.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) uuid.push_back('-');
    uuid.push_back(hex_text[i]);
  }
  const auto id = parse_uuid(uuid);
  return id ? std::optional(TenantId{*id}) : std::nullopt;
}

std::vector<OutboxMessage> due_messages(UnitOfWork& work) {
  const auto queued = [] { return where(&OutboxMessage::status) == "queued"; };
  for (const auto& later : work.all<OutboxMessage>((queued() && where(&OutboxMessage::due_at) > work.now())
                                                       .order_by(field_of(&OutboxMessage::due_at))
                                                       .at_most(1)))
    work.wake_at(later.due_at);
  return work.all<OutboxMessage>((queued() && where(&OutboxMessage::due_at) <= work.now())
                                     .order_by(field_of(&OutboxMessage::number))
                                     .at_most(static_cast<std::int64_t>(limits::deliveries_at_once_max)));
}

/// Lanes get their messages in order: behind one that waits for its next try, the others wait too.
bool waits_for_an_earlier_one(UnitOfWork& work, const OutboxMessage& message) {
  return !work.all<OutboxMessage>((where(&OutboxMessage::status) == "queued" &&
                                   where(&OutboxMessage::provider) == lane_provider &&
                                   where(&OutboxMessage::destination) == message.destination &&
                                   where(&OutboxMessage::number) < message.number)
                                      .at_most(1))
              .empty();
}

}  // namespace

Dispatcher::Dispatcher(DispatcherLinks links, Providers providers, const Clock& clock, DispatcherMetrics& metrics)
    : links_(std::move(links)), providers_(std::move(providers)), clock_(clock), metrics_(metrics) {
  for (int i = 0; i < limits::dispatcher_threads; ++i) threads_.emplace_back([this] { run(); });
}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::kick(TenantId tenant) {
  std::lock_guard lock(mutex_);
  if (stopping_) return;
  due_.insert(tenant);
  wake_.notify_one();
}

void Dispatcher::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

void Dispatcher::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto next = std::find_if(due_.begin(), due_.end(), [&](const auto& t) { return !under_way_.contains(t); });
    if (stopping_) return;
    if (next == due_.end()) {
      wake_.wait(lock);
      continue;
    }
    const auto tenant = *next;
    due_.erase(next);
    under_way_.insert(tenant);
    lock.unlock();
    serve(tenant);
    lock.lock();
    under_way_.erase(tenant);
    if (due_.contains(tenant)) wake_.notify_one();
  }
}

void Dispatcher::serve(TenantId tenant) {
  const auto messages = claim(tenant);
  if (messages.empty()) return;
  settle(tenant, deliver(tenant, messages));
  kick(tenant);  // there may be more; an empty claim ends it
}

Answer Dispatcher::wait_for(const std::function<void(AnswerCallback)>& start) {
  auto promise = std::make_shared<std::promise<Answer>>();
  auto future = promise->get_future();
  start([promise](Answer answer) { promise->set_value(std::move(answer)); });
  return future.get();  // lanes answer everything that they took, also while draining
}

std::vector<OutboxMessage> Dispatcher::claim(TenantId tenant) {
  auto claimed = std::make_shared<std::vector<OutboxMessage>>();
  const auto answer = wait_for([&](AnswerCallback done) {
    links_.run_in_lane(
        tenant, "outbox/claim", [this, claimed](UnitOfWork& work, store::Writer&) { claim_in_lane(work, *claimed); },
        std::move(done));
  });
  return answer.status == 200 ? std::move(*claimed) : std::vector<OutboxMessage>();
}

void Dispatcher::claim_in_lane(UnitOfWork& work, std::vector<OutboxMessage>& claimed) {
  claimed.clear();  // the work may run again
  for (auto& left : with_status(work, "sending")) recover(work, left);
  for (auto& message : due_messages(work)) {
    if (message.provider == lane_provider && waits_for_an_earlier_one(work, message)) continue;
    move(outbox_transitions, message.status, "claim");
    ++message.tries;
    work.save(message);
    claimed.push_back(message);
  }
}

void Dispatcher::recover(UnitOfWork& work, OutboxMessage& message) {
  const auto provider = providers_.find(message.provider);
  const bool again =
      message.provider == lane_provider || (provider != providers_.end() && provider->second->deduplicates());
  move(outbox_transitions, message.status, again ? "retry" : "lose");
  if (!again) message.last_error = "the server stopped while it was being sent";
  work.save(message);
}

std::vector<Dispatcher::Settlement> Dispatcher::deliver(TenantId tenant, const std::vector<OutboxMessage>& messages) {
  std::vector<Settlement> settlements;
  std::set<std::string> blocked;
  for (const auto& message : messages) {
    if (is_stopping()) {
      settlements.push_back({message.id, {Delivery::retry, ""}, false});
      continue;
    }
    if (message.provider != lane_provider) {
      settlements.push_back({message.id, deliver_outside(message)});
      continue;
    }
    // Behind one that must wait, the next would arrive too early and raise the high-water mark over it.
    auto result = blocked.contains(message.destination) ? DeliveryResult{Delivery::retry, "an earlier message waits"}
                                                        : deliver_to_lane(tenant, message);
    if (result.delivery == Delivery::retry) blocked.insert(message.destination);
    settlements.push_back({message.id, std::move(result)});
  }
  return settlements;
}

bool Dispatcher::is_stopping() {
  std::lock_guard lock(mutex_);
  return stopping_;
}

DeliveryResult Dispatcher::deliver_outside(const OutboxMessage& message) {
  const auto provider = providers_.find(message.provider);
  if (provider == providers_.end()) return {Delivery::refused, "there is no provider " + message.provider};
  try {
    return provider->second->deliver(message);
  } catch (const std::exception& error) {
    return {Delivery::unclear, error.what()};
  }
}

DeliveryResult Dispatcher::deliver_to_lane(TenantId tenant, const OutboxMessage& message) {
  try {
    return hand_over(tenant, message);
  } catch (const Refusal& refusal) {
    return {Delivery::refused, refusal.what()};
  } catch (const std::exception& error) {
    return {Delivery::retry, error.what()};  // the new lane could not be made: the disk is full, say
  }
}

DeliveryResult Dispatcher::hand_over(TenantId tenant, const OutboxMessage& message) {
  const auto destination = parse_tenant(message.destination);
  const auto payload = parse_json(message.payload.text);
  const Json* operation = payload.find("operation");
  const Json* request = payload.find("request");
  if (!destination || operation == nullptr || operation->if_text() == nullptr || request == nullptr)
    return {Delivery::refused, "malformed message to a lane"};
  if (tenant == store::platform_tenant()) links_.ensure_lane(*destination);
  Submission submission;
  submission.tenant = *destination;
  submission.caller = system_caller();
  submission.steps.push_back({*operation->if_text(), *request, {}, {}});
  submission.source = {tenant, message.number};
  submission.request_id = type_id_text("message", message.id);
  const auto answer = wait_for([&](AnswerCallback done) { links_.submit(std::move(submission), std::move(done)); });
  if (answer.status < 400) return {};
  return {answer.status >= 500 || answer.status == 429 ? Delivery::retry : Delivery::refused,
          answer.body.substr(0, 500)};
}

void Dispatcher::settle(TenantId tenant, const std::vector<Settlement>& settlements) {
  const auto set_aside = std::make_shared<std::int64_t>(0);
  const auto answer = wait_for([&](AnswerCallback done) {
    links_.run_in_lane(
        tenant, "outbox/settle",
        [this, settlements, set_aside](UnitOfWork& work, store::Writer&) {
          *set_aside = 0;  // the work may run again
          for (const auto& settlement : settlements) *set_aside += settle_one(work, settlement);
        },
        std::move(done));
  });
  if (answer.status == 200) metrics_.failed.fetch_add(*set_aside);
  for (const auto& s : settlements)
    if (s.result.delivery == Delivery::delivered) metrics_.delivered.fetch_add(1);
}

bool Dispatcher::settle_one(UnitOfWork& work, const Settlement& settlement) {
  auto message = work.find(Id<OutboxMessage>{settlement.id});
  if (!message || message->status != "sending") return false;
  if (!settlement.tried) {
    move(outbox_transitions, message->status, "retry");
    --message->tries;
    work.wake_at(message->due_at);
    work.save(*message);
    return false;
  }
  // The cut may fall into a character.
  message->last_error = to_valid_utf8(settlement.result.error.substr(0, limits::text_bytes_max_default));
  auto delivery = settlement.result.delivery;
  const auto provider = providers_.find(message->provider);
  if (delivery == Delivery::unclear && provider != providers_.end() && provider->second->deduplicates())
    delivery = Delivery::retry;
  switch (delivery) {
    case Delivery::delivered:
      move(outbox_transitions, message->status, "deliver");
      message->payload = {};  // it may hold a one-time link; what was sent is known to its receiver
      break;
    case Delivery::refused:
      move(outbox_transitions, message->status, "give_up");
      break;
    case Delivery::unclear:
      move(outbox_transitions, message->status, "lose");
      break;
    case Delivery::retry: {
      const bool tried_enough = message->provider != lane_provider && message->tries >= limits::delivery_tries_max;
      const bool over = tried_enough || work.now() >= message->give_up_at;
      move(outbox_transitions, message->status, over ? "give_up" : "retry");
      message->due_at = work.now() + backoff(message->tries, work.random());
      if (!over) work.wake_at(message->due_at);
      break;
    }
  }
  const bool set_aside = message->status == "failed" || message->status == "unknown";
  if (set_aside)
    log(LogLevel::warning, "message_set_aside",
        {{"message", type_id_text("message", message->id)},
         {"status", message->status},
         {"error", message->last_error}});
  work.save(*message);
  return set_aside;
}

}  // namespace interlock::engine
