// SPDX-License-Identifier: Apache-2.0
#include "engine/dispatcher.h"

#include <algorithm>
#include <chrono>
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

std::optional<TenantId> parse_tenant(std::string_view hex_text) {
  std::string uuid;
  for (std::size_t i = 0; i < hex_text.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) uuid.push_back('-');
    uuid.push_back(hex_text[i]);
  }
  const auto id = parse_uuid(uuid);
  return id ? std::optional(TenantId{*id}) : std::nullopt;
}

Query queued() { return where(&OutboxMessage::status) == "queued"; }
Query due(Time now) { return queued() && where(&OutboxMessage::due_at) <= now; }
Query sending() { return where(&OutboxMessage::status) == "sending"; }

std::vector<OutboxMessage> first_of(UnitOfWork& work, Query query) {
  return work.all<OutboxMessage>(std::move(query)
                                     .order_by(field_of(&OutboxMessage::number))
                                     .at_most(static_cast<std::int64_t>(limits::deliveries_at_once_max)));
}

/// When the first of those comes that are not due yet.
void wake_for_later(UnitOfWork& work) {
  for (const auto& later : work.all<OutboxMessage>((queued() && where(&OutboxMessage::due_at) > work.now())
                                                       .order_by(field_of(&OutboxMessage::due_at))
                                                       .at_most(1)))
    work.wake_at(later.due_at);
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

/// One call of a provider, on a thread of its own.
struct Dispatcher::Call {
  std::optional<DeliveryResult> result;
  bool abandoned = false;  ///< nobody waits
};

Dispatcher::Dispatcher(DispatcherLinks links, const Providers& providers, const Clock& clock,
                       DispatcherMetrics& metrics, Duration delivery_time_max)
    : links_(std::move(links)), clock_(clock), metrics_(metrics), delivery_time_max_(delivery_time_max) {
  add_queue("", nullptr, limits::dispatcher_threads);
  lanes_ = &shared_->queues.find("")->second;
  for (const auto& [name, provider] : providers) add_queue(name, provider, limits::provider_calls_at_once_max);
  for (auto& [name, queue] : shared_->queues)
    for (std::size_t i = 0; i < queue.places; ++i) threads_.emplace_back([this, &queue] { run(queue); });
}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::add_queue(std::string name, std::shared_ptr<Provider> provider, std::size_t places) {
  auto& queue = shared_->queues[name];
  queue.provider_name = std::move(name);
  queue.provider = std::move(provider);
  queue.places = places;
}

void Dispatcher::kick(TenantId tenant) { make_due(*lanes_, tenant); }

void Dispatcher::make_due(Queue& queue, TenantId tenant) {
  std::lock_guard lock(shared_->mutex);
  if (shared_->stopping) return;
  queue.due.insert(tenant);
  queue.changed.notify_all();  // some wait for work, some for a provider
}

void Dispatcher::stop() {
  {
    std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
    for (auto& [name, queue] : shared_->queues) queue.changed.notify_all();
  }
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

void Dispatcher::run(Queue& queue) {
  std::unique_lock lock(shared_->mutex);
  while (!shared_->stopping) {
    const auto next = std::find_if(queue.due.begin(), queue.due.end(),
                                   [&](const auto& tenant) { return !queue.under_way.contains(tenant); });
    if (next == queue.due.end() || queue.under_way.size() + queue.hanging >= queue.places) {
      queue.changed.wait(lock);
      continue;
    }
    const auto tenant = *next;
    queue.due.erase(next);
    queue.under_way.insert(tenant);
    lock.unlock();
    serve(queue, tenant);
    lock.lock();
    queue.under_way.erase(tenant);
    queue.changed.notify_all();
  }
}

void Dispatcher::serve(Queue& queue, TenantId tenant) {
  const auto claimed = claim(queue, tenant);
  for (const auto& name : claimed.other_queues) make_due(shared_->queues.find(name)->second, tenant);
  if (claimed.messages.empty()) return;
  settle(tenant, deliver(queue, tenant, claimed.messages));
  make_due(queue, tenant);  // there may be more; an empty claim ends it
}

Answer Dispatcher::wait_for(const std::function<void(AnswerCallback)>& start) {
  auto promise = std::make_shared<std::promise<Answer>>();
  auto future = promise->get_future();
  start([promise](Answer answer) { promise->set_value(std::move(answer)); });
  return future.get();  // lanes answer everything that they took, also while draining
}

Dispatcher::Claimed Dispatcher::claim(const Queue& queue, TenantId tenant) {
  auto claimed = std::make_shared<Claimed>();
  const auto answer = wait_for([&](AnswerCallback done) {
    links_.run_in_lane(
        tenant, "outbox/claim",
        [this, &queue, claimed](UnitOfWork& work, store::Writer&) { claim_in_lane(queue, work, *claimed); },
        std::move(done));
  });
  return answer.status == 200 ? std::move(*claimed) : Claimed();
}

void Dispatcher::claim_in_lane(const Queue& queue, UnitOfWork& work, Claimed& claimed) {
  claimed = {};  // the work may run again
  wake_for_later(work);
  auto left = first_of(work, of_queue(queue, sending()));
  const auto others = std::find_if(left.begin(), left.end(),
                                   [&](const auto& message) { return is_claimed_elsewhere(message, work.now()); });
  // One node at a time: messages to a lane keep their order, and no provider is asked by more than its places.
  if (others != left.end()) return work.wake_at(others->claimed_until);
  for (auto& message : left) recover(work, message);
  auto messages = first_of(work, of_queue(queue, due(work.now())));
  const auto time_max = delivery_time_max_.us * static_cast<std::int64_t>(messages.size());
  for (auto& message : messages) {
    if (message.provider == lane_provider && waits_for_an_earlier_one(work, message)) continue;
    move(outbox_transitions, message.status, "claim");
    ++message.tries;
    message.claimed_by = links_.node;
    message.claimed_until = work.now() + Duration{time_max} + limits::claim_margin;
    work.save(message);
    claimed.messages.push_back(message);
  }
  if (&queue == lanes_) find_other_queues(work, claimed.other_queues);
}

Query Dispatcher::of_queue(const Queue& queue, Query query) const {
  const auto& provider = field_of(&OutboxMessage::provider);
  if (&queue != lanes_) return std::move(query).with(provider, Comparison::equal, queue.provider_name);
  for (const auto& [name, other] : shared_->queues)
    if (&other != lanes_) query.conditions.push_back({&provider, Comparison::not_equal, {name}});
  return query;
}

void Dispatcher::find_other_queues(UnitOfWork& work, std::vector<std::string>& names) const {
  const auto is_there = [&](const Queue& queue, Query query) {
    return !work.all<OutboxMessage>(of_queue(queue, std::move(query)).at_most(1)).empty();
  };
  for (const auto& [name, queue] : shared_->queues)
    if (&queue != lanes_ && (is_there(queue, due(work.now())) || is_there(queue, sending()))) names.push_back(name);
}

/// By a node that lives, as far as one can know; where the store is not shared, a claim of another process is of one
/// that has ended.
bool Dispatcher::is_claimed_elsewhere(const OutboxMessage& message, Time now) const {
  return links_.store_is_shared && message.claimed_by != links_.node && message.claimed_until > now;
}

void Dispatcher::recover(UnitOfWork& work, OutboxMessage& message) {
  const bool again = message.provider == lane_provider || deduplicates(message);
  move(outbox_transitions, message.status, again ? "retry" : "lose");
  if (!again) message.last_error = "the server stopped while it was being sent";
  work.save(message);
}

bool Dispatcher::deduplicates(const OutboxMessage& message) const {
  const auto queue = shared_->queues.find(message.provider);
  return queue != shared_->queues.end() && queue->second.provider && queue->second.provider->deduplicates();
}

std::vector<Dispatcher::Settlement> Dispatcher::deliver(Queue& queue, TenantId tenant,
                                                        const std::vector<OutboxMessage>& messages) {
  if (&queue == lanes_) return deliver_to_lanes(tenant, messages);
  std::vector<Settlement> settlements;
  for (const auto& message : messages) {
    auto result = deliver_outside(queue, message);
    const bool tried = result.has_value();
    settlements.push_back({message.id, std::move(result).value_or(DeliveryResult{Delivery::retry, ""}), tried});
  }
  return settlements;
}

std::vector<Dispatcher::Settlement> Dispatcher::deliver_to_lanes(TenantId tenant,
                                                                 const std::vector<OutboxMessage>& messages) {
  std::vector<Settlement> settlements;
  std::set<std::string> blocked;
  for (const auto& message : messages) {
    if (is_stopping()) {
      settlements.push_back({message.id, {Delivery::retry, ""}, false});
      continue;
    }
    if (message.provider != lane_provider) {
      settlements.push_back({message.id, {Delivery::refused, "there is no provider " + message.provider}});
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
  std::lock_guard lock(shared_->mutex);
  return shared_->stopping;
}

std::optional<DeliveryResult> Dispatcher::deliver_outside(Queue& queue, const OutboxMessage& message) {
  std::unique_lock lock(shared_->mutex);
  if (shared_->stopping || queue.under_way.size() + queue.hanging > queue.places) return std::nullopt;
  const auto call = std::make_shared<Call>();
  // What it touches outlives it, however long it hangs: the queue is part of what is shared.
  std::thread thread([call, message, shared = shared_, &queue, provider = queue.provider] {
    DeliveryResult result;
    try {
      result = provider->deliver(message);
    } catch (const std::exception& error) {
      result = {Delivery::unclear, error.what()};
    }
    const std::lock_guard guard(shared->mutex);
    call->result = std::move(result);
    if (call->abandoned) --queue.hanging;
    queue.changed.notify_all();
  });
  if (wait_for_end(queue, *call, lock)) {
    lock.unlock();
    thread.join();
    return std::move(call->result);
  }
  call->abandoned = true;
  ++queue.hanging;
  lock.unlock();
  thread.detach();
  log(LogLevel::warning, "provider_hangs",
      {{"provider", queue.provider_name}, {"message", type_id_text("message", message.id)}});
  return DeliveryResult{Delivery::unclear, "the provider did not answer in time"};
}

bool Dispatcher::wait_for_end(Queue& queue, Call& call, std::unique_lock<std::mutex>& lock) {
  const auto begun = clock_.monotonic();
  std::optional<Duration> stopped;
  while (!call.result) {
    const auto now = clock_.monotonic();
    if (shared_->stopping && !stopped) stopped = now;
    auto left = begun + delivery_time_max_ - now;
    if (stopped) left = std::min(left, *stopped + limits::delivery_stop_time_max - now);
    if (left.us <= 0) return false;
    if (queue.changed.wait_for(lock, std::chrono::microseconds(left.us)) == std::cv_status::timeout)
      return call.result.has_value();
  }
  return true;
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
  if (!message || message->status != "sending" || message->claimed_by != links_.node) return false;
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
  if (delivery == Delivery::unclear && deduplicates(*message)) delivery = Delivery::retry;
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
