// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_subscriber.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

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
    constexpr std::array kinds{"change", "gone", "back"};
    const bool is_change = std::any_of(kinds.begin(), kinds.end(), [&](const char* kind) {
      return message.text->starts_with(std::string("{\"type\":\"") + kind + "\"");
    });
    if (!is_change)
      throw Violation("a subscriber that had seen " + std::to_string(last_) + " is sent " + *message.text);
    if (message.seq <= last_) throw Violation("a change came twice: " + *message.text);
    last_ = message.seq;
    received_.push_back(message);
  }
}

/// The log as states of records that can be asked for by sequence.
class SimSubscriber::LogStates {
 public:
  using Key = std::pair<std::uint16_t, Uuid>;
  struct State {
    const store::Change* change = nullptr;
    const RecordType* type = nullptr;
    bool deleted = false;
    bool passes = false;         ///< the subscriber's filter
    std::optional<Key> subject;  ///< what it is seen through
    std::int64_t op_end = 0;     ///< the last sequence of its operation
    const State* before = nullptr;

    Key key() const { return {change->type, change->id}; }
  };

  LogStates(const Schema& schema, const std::vector<store::Change>& log, const std::string& status)
      : states_(log.size()) {
    for (std::size_t i = log.size(); i-- > 0;) {
      const bool ends = i + 1 == log.size() || log[i + 1].op_seq != log[i].op_seq;
      states_[i].op_end = ends ? log[i].seq : states_[i + 1].op_end;
    }
    for (std::size_t i = 0; i < log.size(); ++i) {
      auto& state = states_[i];
      state.change = &log[i];
      read(*schema.by_number(log[i].type), status, state);
      auto& history = histories_[state.key()];
      if (!history.empty()) state.before = history.back();
      history.push_back(&state);
    }
  }

  const std::vector<State>& all() const { return states_; }
  std::int64_t last_seq() const { return static_cast<std::int64_t>(states_.size()); }
  /// The newest state of every record as of a sequence.
  std::vector<const State*> at(std::int64_t seq) const {
    std::vector<const State*> found;
    for (const auto& [key, history] : histories_)
      if (const auto* state = newest(history, seq)) found.push_back(state);
    return found;
  }
  bool subject_seen(const State& state, std::int64_t seq) const {
    if (!state.subject) return true;
    const auto at = histories_.find(*state.subject);
    const auto* subject = at == histories_.end() ? nullptr : newest(at->second, seq);
    return subject != nullptr && !subject->deleted && subject_seen(*subject, seq);
  }
  /// Whether the subject is seen, or is not, at any time from then on. What is read from the log later is judged by
  /// what is seen then.
  bool subject_is_ever(bool seen, const State& state, std::int64_t from) const {
    if (subject_seen(state, from) == seen) return true;
    if (!state.subject) return false;
    const auto& history = histories_.at(*state.subject);
    return std::any_of(history.begin(), history.end(), [&](const State* subject) {
      return subject->change->seq > from && subject_seen(state, subject->change->seq) == seen;
    });
  }

 private:
  static const State* newest(const std::vector<const State*>& history, std::int64_t seq) {
    const auto after = std::upper_bound(history.begin(), history.end(), seq,
                                        [](std::int64_t s, const State* state) { return s < state->change->seq; });
    return after == history.begin() ? nullptr : *std::prev(after);
  }
  static void read(const RecordType& type, const std::string& status, State& state) {
    RecordBox record(type);
    const auto json = parse_json(state.change->state);
    read_record_json(type, json, record.get());
    state.type = &type;
    state.deleted = record.header().deleted_at.has_value();
    const auto* held = json.find("status");
    state.passes = status.empty() || (held != nullptr && held->if_text() != nullptr && *held->if_text() == status);
    if (const auto subject = seen_through(type, record.get())) state.subject = Key{subject->type, subject->id};
  }

  std::vector<State> states_;
  std::map<Key, std::vector<const State*>> histories_;
};

/// The message that a change must make.
struct SimSubscriber::Expected {
  std::string_view kind;
  std::string_view dependants;  ///< empty: not said
};

bool SimSubscriber::wants(const RecordType& type) const {
  return std::find(options_.collections.begin(), options_.collections.end(), type.collection) !=
         options_.collections.end();
}

std::optional<SimSubscriber::Expected> SimSubscriber::expected(const LogStates& states, std::size_t index,
                                                               bool subject_seen) const {
  const auto& state = states.all()[index];
  const bool seen = subject_seen && !state.deleted;
  const bool was_seen = subject_seen && state.before != nullptr && !state.before->deleted;
  const std::string_view moved = seen == was_seen || state.before == nullptr ? "" : seen ? "back" : "gone";
  const bool follows =
      std::find(options_.collections.begin(), options_.collections.end(), "comments") != options_.collections.end();
  const bool wanted = wants(*state.type);
  if (wanted && seen && state.passes) return Expected{"change", moved};
  if ((wanted && was_seen && state.before->passes) || (follows && moved == "gone")) return Expected{"gone", moved};
  if (follows && moved == "back") return Expected{"back", moved};
  return std::nullopt;
}

void SimSubscriber::check_one(const store::Change& change, const std::string& id, const std::string& text,
                              const Expected& expected) const {
  const auto has = [&](const std::string& part) { return text.find(part) != std::string::npos; };
  bool same = has("\"seq\":" + std::to_string(change.seq) + ",") &&
              has("\"op_seq\":" + std::to_string(change.op_seq)) && has("\"id\":\"" + id + "\"") &&
              text.starts_with("{\"type\":\"" + std::string(expected.kind) + "\"");
  for (const std::string_view moved : {"gone", "back"})
    same = same && has("\"dependants\":\"" + std::string(moved) + "\"") == (moved == expected.dependants);
  if (expected.kind == "change") {
    const bool own = !change.key.empty() && change.actor == options_.caller.user;
    same = same && has("\"record\":" + change.state) && own == text.ends_with(",\"key\":\"" + change.key + "\"}");
  }
  if (!same)
    throw Violation("change " + std::to_string(change.seq) + " was sent as " + text + "\n  and its state is " +
                    change.state);
}

void SimSubscriber::check_messages(const LogStates& states) const {
  auto next = received_.begin();
  for (std::size_t i = 0; i < states.all().size(); ++i) {
    const auto& state = states.all()[i];
    const auto& change = *state.change;
    if (change.seq <= options_.since || change.seq > last_) continue;
    const bool came = next != received_.end() && next->seq == change.seq;
    const auto wanted = states.subject_is_ever(true, state, state.op_end) ? expected(states, i, true) : std::nullopt;
    if (came && wanted) {
      check_one(change, type_id_text(state.type->name, change.id), *next->text, *wanted);
      ++next;
    } else if (came) {
      throw Violation("a subscriber got what it may not see: " + *next->text);
    } else if (wanted && !states.subject_is_ever(false, state, state.op_end)) {
      throw Violation("a subscriber missed change " + std::to_string(change.seq) + ", it got " +
                      (next == received_.end() ? "nothing" : *next->text));
    }
  }
  if (next != received_.end()) throw Violation("a subscriber got what is not in the log: " + *next->text);
}

/// A list kept by the messages as the guide to the feed says, against the one that is read at its sequence.
void SimSubscriber::check_list(const LogStates& states) const {
  std::set<LogStates::Key> kept;
  const auto shows = [&](const LogStates::State& state, std::int64_t seq) {
    return wants(*state.type) && !state.deleted && state.passes && states.subject_seen(state, seq);
  };
  for (const auto* state : states.at(options_.since))
    if (shows(*state, options_.since)) kept.insert(state->key());
  for (const auto& message : received_) {
    const auto& change = states.all()[static_cast<std::size_t>(message.seq) - 1];
    const auto says = [&](std::string_view part) { return message.text->find(part) != std::string::npos; };
    if (message.text->starts_with("{\"type\":\"change\"")) kept.insert(change.key());
    if (message.text->starts_with("{\"type\":\"gone\"")) kept.erase(change.key());
    for (const auto* state : states.at(message.seq)) {
      if (state->subject != change.key()) continue;
      if (says("\"dependants\":\"gone\"")) kept.erase(state->key());
      if (says("\"dependants\":\"back\"") && shows(*state, message.seq)) kept.insert(state->key());
    }
  }
  for (const auto* state : states.at(last_)) {
    // What goes later may have been left out before, and the message that says so is on its way.
    const bool goes = states.subject_is_ever(false, *state, last_) && states.subject_seen(*state, last_);
    if (!goes && kept.contains(state->key()) != shows(*state, last_))
      throw Violation("a subscriber's list at sequence " + std::to_string(last_) + " differs from a fresh one in " +
                      state->change->state);
  }
}

void SimSubscriber::check(const Schema& schema, const std::vector<store::Change>& log) const {
  const LogStates states(schema, log, options_.status);
  check_messages(states);
  check_list(states);
}

}  // namespace interlock::testing
