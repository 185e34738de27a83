// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "domains/agency/application.h"
#include "engine/lane.h"
#include "model/record_json.h"

namespace interlock::testing {

namespace {

using Log = std::vector<store::Change>;

std::string name_of(const store::Change& c) { return "change " + std::to_string(c.seq) + " (" + c.operation + ")"; }

void require(bool holds, const std::string& what) {
  if (!holds) throw Violation(what);
}

/// One operation of the log.
struct Done {
  std::size_t first = 0, count = 0;
};

std::vector<Done> operations_of(const Log& log) {
  std::vector<Done> all;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].op_seq == log[i].seq) all.push_back({i, 0});
    ++all.back().count;
  }
  return all;
}

using OwnerKey = std::pair<Uuid, std::string>;

class AnswerChecker {
 public:
  AnswerChecker(const AnswerCheck& check, const Log& log, const std::vector<const Unit*>& units)
      : check_(check), log_(log), units_(units), operations_(operations_of(log)), model_(check.schema, check.tenant) {}

  void run() {
    index_operations();
    for (const auto* unit : units_) sort_in(*unit);
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const auto& first = log_[operations_[i].first];
      decide(first.op_seq - 1);
      walk(operations_[i], i);
    }
    decide(log_.empty() ? 0 : log_.back().seq);
    require(decisions_.empty(), decisions_.empty()
                                    ? ""
                                    : "an answer speaks of sequence " + std::to_string(decisions_.begin()->first) +
                                          ", which does not exist");
  }

 private:
  struct Decision {
    const Unit* unit;
    const UnitAnswer* answer;
  };

  void index_operations() {
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const auto& first = log_[operations_[i].first];
      by_last_seq_[first.seq + static_cast<std::int64_t>(operations_[i].count) - 1] = i;
      if (first.key.empty()) continue;
      const auto fresh = by_key_.emplace(OwnerKey{first.actor, first.key}, i).second;
      require(fresh, "the key " + first.key + " had two effects, the second is " + name_of(first));
    }
  }

  static bool is_reuse(const UnitAnswer& answer) {
    return answer.status == 422 && answer.body.find("\"code\":\"key_reused\"") != std::string::npos;
  }

  static std::string describe(const Unit& unit) {
    const auto& step = unit.submission.steps.front();
    return step.operation + " " + json_text(step.request).substr(0, 300) + " with key '" + unit.submission.key + "'";
  }

  /// Finds the place of a unit's answers in the order.
  void sort_in(const Unit& unit) {
    const bool has_key = !unit.submission.key.empty();
    const UnitAnswer* final_answer = nullptr;
    for (const auto& answer : unit.answers) {
      if (!engine::is_final(answer.status) || is_reuse(answer)) continue;
      if (!has_key) {
        sort_in_keyless(unit, answer);
        continue;
      }
      if (final_answer == nullptr) final_answer = &answer;
      const auto* first =
          first_answers_.emplace(OwnerKey{unit.submission.caller.user, unit.submission.key}, &answer).first->second;
      require(first->status == answer.status && first->body == answer.body,
              "a repeated request got another answer: " + describe(unit) + "\n  first " + first->body + "\n  then " +
                  answer.body);
    }
    if (has_key) place(unit, final_answer);
  }

  void place(const Unit& unit, const UnitAnswer* final_answer) {
    const auto at = by_key_.find({unit.submission.caller.user, unit.submission.key});
    const auto operation = at == by_key_.end() ? std::nullopt : std::optional(at->second);
    if (final_answer == nullptr) {
      if (operation) maybe_[*operation].push_back(&unit);
    } else if (operation) {
      require(final_answer->status < 300,
              "refused and done all the same: " + describe(unit) + ": " + final_answer->body);
      const auto& claim = claims_.emplace(*operation, Decision{&unit, final_answer}).first->second;
      require(claim.unit == &unit || is_same_request(*claim.unit, unit),
              "two requests claim " + name_of(log_[operations_[*operation].first]));
    } else if (final_answer->seq >= 0) {
      decisions_.emplace(final_answer->seq, Decision{&unit, final_answer});
    } else {
      require(final_answer->status >= 300 || changes_nothing(unit, *final_answer),
              "acknowledged and not there: " + describe(unit));
    }
  }

  static bool is_same_request(const Unit& a, const Unit& b) {
    const auto& x = a.submission.steps;
    const auto& y = b.submission.steps;
    return a.submission.mode == b.submission.mode &&
           std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const auto& i, const auto& j) {
             return i.operation == j.operation && i.request == j.request;
           });
  }

  /// A step of a batch of mode each that was answered as done and is not in the log: what it asked for may have been so
  /// already.
  static bool changes_nothing(const Unit& unit, const UnitAnswer& answer) {
    const auto& name = unit.submission.steps.front().operation;
    return name.ends_with("/update") || name.ends_with("/restore") ||
           (name.ends_with("/convert") && answer.body.ends_with("\"created\":false}"));
  }

  void sort_in_keyless(const Unit& unit, const UnitAnswer& answer) {
    const auto at = by_last_seq_.find(answer.seq);
    if (answer.status < 300 && at != by_last_seq_.end() && !claims_.contains(at->second)) {
      const auto& change = log_[operations_[at->second].first];
      const auto* id = unit.submission.steps.front().request.find("id");
      const auto* type = check_.schema.by_number(change.type);
      const bool same_record =
          id != nullptr && type != nullptr && *id->if_text() == type_id_text(type->name, change.id);
      const bool same_body = answer.body == change.state ||
                             unit.submission.steps.front().operation.ends_with("/delete") ||
                             answer.body == "{\"merged\":true," + change.state.substr(1);
      if (change.key.empty() && change.actor == unit.submission.caller.user && same_record && same_body &&
          names_what_changed(unit, change)) {
        claims_.emplace(at->second, Decision{&unit, &answer});
        return;
      }
    }
    decisions_.emplace(answer.seq, Decision{&unit, &answer});
  }

  /// An update that changed nothing is answered with the newest change's state as well, and has not made it.
  bool names_what_changed(const Unit& unit, const store::Change& change) const {
    const auto& step = unit.submission.steps.front();
    if (!step.operation.ends_with("/update") || change.prev_seq == 0) return true;
    const auto before = parse_json(log_[static_cast<std::size_t>(change.prev_seq) - 1].state);
    const auto after = parse_json(change.state);
    const auto& members = *after.if_object();
    return std::all_of(members.begin(), members.end(), [&](const auto& member) {
      const auto& [name, value] = member;
      const auto* old = before.find(name);
      return name == "version" || name == "updated_at" || (old != nullptr && *old == value) ||
             step.request.find(name) != nullptr;
    });
  }

  static std::string code_of(const UnitAnswer& answer) {
    if (answer.status < 400) return {};
    const auto json = parse_json(answer.body);
    const auto* code = json.find("code");
    return code == nullptr ? std::string() : *code->if_text();
  }

  void compare(const Decision& decision, const SimModel::Outcome& outcome) {
    const auto& answer = *decision.answer;
    const bool same = answer.status == outcome.status && code_of(answer) == outcome.code &&
                      (answer.status >= 400 || answer.body == outcome.body);
    require(same, "the model answers differently: " + describe(*decision.unit) + " at sequence " +
                      std::to_string(answer.seq) + "\n  engine " + std::to_string(answer.status) + " " + answer.body +
                      "\n  model  " + std::to_string(outcome.status) + " " + outcome.code + outcome.body);
  }

  /// Answers that changed nothing, at the place where they were given.
  void decide(std::int64_t seq) {
    const auto [begin, end] = decisions_.equal_range(seq);
    for (auto at = begin; at != end; ++at) {
      if (seq < check_.model_from) continue;
      const auto outcome = model_.run(at->second.unit->submission, now_, {}, false);
      compare(at->second, outcome);
      require(outcome.states.empty(),
              "acknowledged and not there: " + describe(*at->second.unit) + " at sequence " + std::to_string(seq));
    }
    decisions_.erase(begin, end);
  }

  void walk(const Done& operation, std::size_t index) {
    const std::span changes(log_.data() + operation.first, operation.count);
    now_ = changes.front().at;
    const auto claim = claims_.find(index);
    const Unit* unit = claim == claims_.end() ? nullptr : claim->second.unit;
    const auto& candidates = maybe_[index];
    const bool one = !candidates.empty() && std::all_of(candidates.begin(), candidates.end(), [&](const auto* c) {
      return is_same_request(*c, *candidates.front());
    });
    if (unit == nullptr && one) unit = candidates.front();
    if (unit == nullptr || changes.front().seq <= check_.model_from) {
      for (const auto& change : changes) model_.adopt(change);
      return;
    }
    const auto outcome = model_.run(unit->submission, now_, ids_made(*unit, changes), true);
    if (claim != claims_.end()) compare(claim->second, outcome);
    std::map<MemoryTx::Key, std::string> written;
    for (const auto& change : changes) written[{change.type, change.id}] = change.state;
    require(written == outcome.states, difference(*unit, changes, outcome));
    const auto was_replayed = [](const UnitAnswer& answer) { return answer.replayed; };
    if (check_.key_may_run_twice && std::any_of(unit->answers.begin(), unit->answers.end(), was_replayed))
      model_.touch({changes.front().type, changes.front().id});
  }

  /// The ids of records that an operation made without being told them, in order.
  std::vector<Uuid> ids_made(const Unit& unit, std::span<const store::Change> changes) const {
    std::set<std::string> named;
    for (const auto& step : unit.submission.steps)
      if (const auto* id = step.request.find("id")) named.insert(*id->if_text());
    std::vector<Uuid> made;
    for (const auto& change : changes)
      if (change.version == 1 && !named.contains(type_id_text(check_.schema.by_number(change.type)->name, change.id)))
        made.push_back(change.id);
    return made;
  }

  std::string difference(const Unit& unit, std::span<const store::Change> changes,
                         const SimModel::Outcome& outcome) const {
    std::string text = "the model writes something else at " + name_of(changes.front()) + ": " + describe(unit);
    for (const auto& change : changes) text += "\n  log   " + change.state.substr(0, 400);
    for (const auto& [key, state] : outcome.states) text += "\n  model " + state.substr(0, 400);
    return text + "\n  model " + std::to_string(outcome.status) + " " + outcome.code;
  }

  const AnswerCheck& check_;
  const Log& log_;
  const std::vector<const Unit*>& units_;
  const std::vector<Done> operations_;
  SimModel model_;
  Time now_{0};
  std::map<OwnerKey, std::size_t> by_key_;
  std::map<OwnerKey, const UnitAnswer*> first_answers_;
  std::map<std::int64_t, std::size_t> by_last_seq_;
  std::map<std::size_t, Decision> claims_;
  std::map<std::size_t, std::vector<const Unit*>> maybe_;
  std::multimap<std::int64_t, Decision> decisions_;
};

}  // namespace

std::vector<store::Change> read_log(store::ReadAccess& access) {
  std::vector<store::Change> log;
  constexpr std::int64_t page = 500;
  while (true) {
    auto changes = access.changes_after(log.empty() ? 0 : log.back().seq, page);
    if (changes.empty()) return log;
    for (auto& change : changes) log.push_back(std::move(change));
  }
}

void check_log_shape(const std::vector<store::Change>& log) {
  std::map<std::pair<std::uint16_t, Uuid>, const store::Change*> newest;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto& c = log[i];
    require(c.seq == static_cast<std::int64_t>(i) + 1, "the order has a gap before " + name_of(c));
    const bool begins = c.op_seq == c.seq;
    require(begins || (i > 0 && log[i - 1].op_seq == c.op_seq), "an operation is not in one piece at " + name_of(c));
    require(begins || c.key.empty(), "a key stands on a later change of an operation: " + name_of(c));
    require(begins || (c.at == log[i - 1].at && c.actor == log[i - 1].actor),
            "an operation has two times or actors at " + name_of(c));
    require(i == 0 || log[i - 1].at <= c.at, "time went back at " + name_of(c));
    const auto*& before = newest[{c.type, c.id}];
    require(c.version == (before == nullptr ? 1 : before->version + 1),
            "a version is missing or double at " + name_of(c));
    require(c.prev_seq == (before == nullptr ? 0 : before->seq), "the history's chain is broken at " + name_of(c));
    before = &c;
  }
}

void check_tables(const Schema& schema, store::ReadAccess& access, const std::vector<store::Change>& log) {
  std::map<std::uint16_t, std::map<Uuid, const store::Change*>> newest;
  for (const auto& c : log) newest[c.type][c.id] = &c;
  for (const auto* type : schema.types(LaneKind::tenant)) {
    if (!type->options.logged) continue;
    auto& expected = newest[type->number];
    Query query;
    query.include_deleted = true;
    std::size_t found = 0;
    while (true) {
      const auto page = access.select(*type, query);
      for (const auto& record : page) {
        const auto& head = record.header();
        const auto at = expected.find(head.id);
        const auto name = type_id_text(type->name, head.id);
        require(at != expected.end(), "a record without a change: " + name);
        std::string state;
        append_record_json(state, *type, record.get());
        require(state == at->second->state, "a record differs from its newest change: " + name + "\n  record " + state +
                                                "\n  log " + at->second->state);
        require(head.last_seq == at->second->seq, "a record does not know its newest change: " + name);
        ++found;
      }
      if (page.size() < static_cast<std::size_t>(query.limit)) break;
      query.after = PageStart{{}, page.back().header().id};
    }
    require(found == expected.size(), "records of the log are missing in " + std::string(type->collection));
  }
}

namespace {

/// The interested services of a log and the live applications that name them, as of one place in it.
class Conversions {
 public:
  void take(const store::Change& change) {
    const auto state = parse_json(change.state);
    const bool live = state.find("deleted_at") == nullptr;
    if (change.type == type_of<domains::InterestedService>().number) {
      auto& service = services_[type_id_text("interested_service", change.id)];
      service.live = live;
      service.status = text_of(state, "status");
      service.application = text_of(state, "application");
      touched_.insert(type_id_text("interested_service", change.id));
    } else if (change.type == type_of<domains::Application>().number) {
      const auto id = type_id_text("application", change.id);
      auto& held = service_of_[id];
      if (!held.empty()) services_[held].applications.erase(id), touched_.insert(held);
      held = live ? text_of(state, "interested_service") : std::string();
      if (!held.empty()) services_[held].applications.insert(id), touched_.insert(held);
    }
  }

  /// To be asked where an operation ends.
  void check(const store::Change& last) {
    for (const auto& id : touched_) {
      const auto& service = services_[id];
      const bool converted = service.status == "converted";
      const std::set<std::string> wanted = converted ? std::set{service.application} : std::set<std::string>{};
      require(
          service.applications == wanted && converted == !service.application.empty() && (service.live || !converted),
          "service " + id + " is " + service.status + " and has " + std::to_string(service.applications.size()) +
              " applications after " + name_of(last));
    }
    touched_.clear();
  }

 private:
  struct Service {
    bool live = false;
    std::string status = "draft", application;
    std::set<std::string> applications;
  };

  static std::string text_of(const Json& state, std::string_view member) {
    const auto* value = state.find(member);
    return value == nullptr || value->if_text() == nullptr ? std::string() : *value->if_text();
  }

  std::map<std::string, Service> services_;
  std::map<std::string, std::string> service_of_;
  std::set<std::string> touched_;
};

}  // namespace

void check_conversions(const std::vector<store::Change>& log) {
  Conversions conversions;
  for (std::size_t i = 0; i < log.size(); ++i) {
    conversions.take(log[i]);
    if (i + 1 == log.size() || log[i + 1].op_seq != log[i].op_seq) conversions.check(log[i]);
  }
}

void check_log_grew(const std::vector<store::Change>& earlier, const std::vector<store::Change>& log) {
  require(log.size() >= earlier.size(), "committed changes are gone: the log ended at " +
                                            std::to_string(earlier.size()) + " and ends at " +
                                            std::to_string(log.size()));
  for (std::size_t i = 0; i < earlier.size(); ++i)
    require(log[i].id == earlier[i].id && log[i].state == earlier[i].state && log[i].key == earlier[i].key,
            "the log says something else than before at " + name_of(log[i]));
}

void check_answers(const AnswerCheck& check, const std::vector<store::Change>& log,
                   const std::vector<const Unit*>& units) {
  AnswerChecker(check, log, units).run();
}

}  // namespace interlock::testing
