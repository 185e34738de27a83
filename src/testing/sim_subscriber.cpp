// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_subscriber.h"

#include <algorithm>

#include "model/record_json.h"

namespace interlock::testing {

bool SimSubscriber::Sink::deliver(const engine::FeedMessage& message) {
  if (dead || queue.size() >= queue_messages_max) {
    dead = true;
    return false;
  }
  queue.push_back(message);
  return true;
}

bool SimSubscriber::connect(SimServer& server) {
  connecting_ = true;
  auto sink = std::make_shared<Sink>(options_.queue_messages_max);
  engine::SubscribeRequest request;
  request.collections = options_.collections;
  if (!options_.status.empty()) request.filter = Json(JsonObject{{"status", Json(options_.status)}});
  request.since = last_ + (options_.skips_one && was_connected_ ? 1 : 0);
  try {
    subscription_ = server.subscribe(options_.tenant, options_.caller, std::move(request), sink);
    sink_ = std::move(sink);
    was_connected_ = true;
  } catch (const Refusal&) {
    subscription_.reset();
  } catch (const store::StoreError&) {
    subscription_.reset();
  }
  connecting_ = false;
  return subscription_ != nullptr;
}

void SimSubscriber::disconnect() {
  subscription_.reset();
  sink_.reset();
}

void SimSubscriber::consume(std::size_t count) {
  const auto sink = sink_;
  for (; sink != nullptr && count > 0 && !sink->queue.empty(); --count) {
    const auto message = sink->queue.front();
    sink->queue.pop_front();
    const bool is_change =
        message.text->starts_with("{\"type\":\"change\"") || message.text->starts_with("{\"type\":\"gone\"");
    if (!is_change)
      throw Violation("a subscriber that had seen " + std::to_string(last_) + " is sent " + *message.text);
    if (message.seq <= last_) throw Violation("a change came twice: " + *message.text);
    last_ = message.seq;
    received_.push_back(message);
  }
}

bool SimSubscriber::passes(const RecordType& type, const store::Change& change) const {
  RecordBox record(type);
  const auto json = parse_json(change.state);
  read_record_json(type, json, record.get());
  if (record.header().deleted_at) return false;
  const auto* status = json.find("status");
  return options_.status.empty() ||
         (status != nullptr && status->if_text() != nullptr && *status->if_text() == options_.status);
}

void SimSubscriber::check_one(const Schema& schema, const store::Change& change, const std::string& text,
                              bool gone) const {
  const auto id = type_id_text(schema.by_number(change.type)->name, change.id);
  bool same = text.find("\"seq\":" + std::to_string(change.seq) + ",") != std::string::npos &&
              text.find("\"op_seq\":" + std::to_string(change.op_seq)) != std::string::npos &&
              text.find("\"id\":\"" + id + "\"") != std::string::npos &&
              text.starts_with(gone ? "{\"type\":\"gone\"" : "{\"type\":\"change\"");
  if (!gone) {
    const bool own = !change.key.empty() && change.actor == options_.caller.user;
    same = same && text.find("\"record\":" + change.state) != std::string::npos &&
           own == text.ends_with(",\"key\":\"" + change.key + "\"}");
  }
  if (!same)
    throw Violation("change " + std::to_string(change.seq) + " was sent as " + text + "\n  and its state is " +
                    change.state);
}

void SimSubscriber::check(const Schema& schema, const std::vector<store::Change>& log) const {
  std::map<std::pair<std::uint16_t, Uuid>, const store::Change*> before;
  auto next = received_.begin();
  for (const auto& change : log) {
    const auto& type = *schema.by_number(change.type);
    const auto* previous = std::exchange(before[{change.type, change.id}], &change);
    const bool wanted = std::find(options_.collections.begin(), options_.collections.end(), type.collection) !=
                        options_.collections.end();
    if (change.seq <= options_.since || change.seq > last_ || !wanted) continue;
    const bool shows = passes(type, change);
    const bool gone = !shows && previous != nullptr && passes(type, *previous);
    if (!shows && !gone) continue;
    if (next == received_.end() || next->seq != change.seq)
      throw Violation("a subscriber missed change " + std::to_string(change.seq) + ", it got " +
                      (next == received_.end() ? "nothing" : *next->text));
    check_one(schema, change, *next->text, gone);
    ++next;
  }
  if (next != received_.end()) throw Violation("a subscriber got what is not in the log: " + *next->text);
}

}  // namespace interlock::testing
