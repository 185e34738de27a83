// SPDX-License-Identifier: Apache-2.0
// What happens to one operation in its lane: rights → key seen? → scope → precondition → verdict → lease → body →
// changes → key with its answer.
#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "engine/lane_group.h"
#include "engine/outbox_facts.h"
#include "engine/store_reader.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

std::string merged_text(std::string_view state) { return "{\"merged\":true," + std::string(state.substr(1)); }

void append_result(JsonWriter& json, const Answer& answer) {
  json.begin_object().member("status", answer.status);
  if (answer.replayed) json.member("replayed", true);
  json.key("body").raw(answer.body).end_object();
}

/// Which operation of an atomic batch was refused, as it is added to the problem.
std::string index_member(const Refusal& refusal, std::size_t index) {
  return (refusal.extra.empty() ? "\"index\":" : ",\"index\":") + std::to_string(index);
}

/// The body of an answer, now that the changes have their final states.
std::string answer_body(const StepAnswer& answer, const std::vector<RecordChange>& changes, store::Writer& writer) {
  if (!answer.record) return answer.body;
  std::string state;
  for (const auto& change : changes)
    if (change.change.type == answer.record->type && change.change.id == answer.record->id) state = change.change.state;
  if (state.empty()) {
    const auto change = writer.change(answer.record_seq);
    if (!change) throw std::runtime_error("the record's newest change is missing");
    state = change->state;
  }
  return answer.merged ? merged_text(state) : state;
}

std::int64_t answer_seq(const StepAnswer& answer, const std::vector<RecordChange>& changes) {
  if (!answer.record) return 0;
  for (const auto& change : changes)
    if (change.change.type == answer.record->type && change.change.id == answer.record->id) return change.change.seq;
  return answer.record_seq;
}

}  // namespace

bool is_final(int status) {
  return status < 400 || status == 404 || status == 409 || status == 410 || status == 422 || status == 423;
}

Answer problem_answer(const Refusal& refusal, std::int64_t seq) {
  Answer answer;
  answer.status = error_info(refusal.code).http_status;
  answer.body = problem_json(refusal);
  answer.seq = seq;
  if (answer.status == 503) answer.retry_after_s = 1;
  return answer;
}

namespace {

/// Nothing where the lane must prepare it: it refers to earlier answers, or its failure is its own in a batch of mode
/// each.
std::optional<PreparedStep> prepare_early(const Schema& schema, Mode mode, const Step& step,
                                          const std::vector<std::string>& names) {
  if (!names.empty() && has_references(step.request, names)) return std::nullopt;
  try {
    return prepare_step(schema, step);
  } catch (const Refusal&) {
    if (mode == Mode::each) return std::nullopt;
    throw;
  }
}

const StepAnswer* secret_among(const std::vector<StepAnswer>& answers) {
  const auto at = std::find_if(answers.begin(), answers.end(), [](const auto& answer) { return answer.secret; });
  return at == answers.end() ? nullptr : &*at;
}

/// The step's operation, for what does not depend on its request.
PreparedStep without_request(const Schema& schema, const Step& step) {
  return prepare_step(schema, {step.operation, JsonObject{}, {}, {}});
}

/// The names that steps before this one gave to their answers.
std::vector<std::string> names_before(const std::vector<Step>& steps, std::size_t index) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < index; ++i)
    if (!steps[i].as.empty()) names.push_back(steps[i].as);
  return names;
}

/// What later steps of a batch may refer to: of an answer with a secret only whose it is, lest it be stored.
Json named_answer(UnitOfWork& work, const StepAnswer& answer) {
  if (answer.secret) {
    auto shown = parse_json(answer.body);
    if (auto* members = shown.if_object())
      std::erase_if(*members, [](const auto& member) { return member.first != "id" && member.first != "version"; });
    return shown;
  }
  if (!answer.record) return parse_json(answer.body);
  const auto& type = *record_type_by_number(answer.record->type);
  RecordBox record(type);
  work.load(type, answer.record->id, record.get());
  std::string text;
  append_record_json(text, type, record.get());
  return parse_json(text);
}

}  // namespace

std::unique_ptr<LaneItem> make_item(const Schema& schema, Submission submission, std::size_t bytes,
                                    AnswerCallback callback) {
  auto item = std::make_unique<LaneItem>();
  item->bytes = bytes;
  item->callback = std::move(callback);
  std::vector<std::string> names;
  std::string digests;
  try {
    for (const auto& step : submission.steps) {
      item->prepared.push_back(prepare_early(schema, submission.mode, step, names));
      const auto& early = item->prepared.back();
      digests += bytes_of(early ? early->fingerprint : fingerprint(step.operation, step.request));
      if (!step.as.empty()) names.push_back(step.as);
    }
  } catch (const Refusal& refusal) {
    item->refused = refusal;
  }
  item->fingerprint = submission.mode == Mode::single && item->prepared.size() == 1
                          ? item->prepared.front()->fingerprint
                          : digest16(digests);
  item->submission = std::move(submission);
  return item;
}

std::unique_ptr<LaneItem> make_internal(std::string name, InternalWork work, AnswerCallback callback) {
  auto item = std::make_unique<LaneItem>();
  item->internal = std::move(work);
  item->internal_name = std::move(name);
  item->callback = std::move(callback);
  return item;
}

void Lane::GroupState::set_aside_culprit(const std::string& why) {
  auto& item = *items[current];
  log(LogLevel::error, "operation_failed",
      {{"operation", item.internal ? item.internal_name : item.submission.steps.front().operation},
       {"request_id", item.submission.request_id},
       {"error", why}});
  item.set_aside.resize(std::max(item.set_aside.size(), current_unit + 1));
  item.set_aside[current_unit] = problem_answer(Refusal(ErrorCode::internal), counters.seq);
}

void Lane::execute_item(GroupState& group, LaneItem& item) {
  group.current_unit = 0;
  if (!item.now) {
    item.now = operation_time();
    item.seed = env_.random.next();
  }
  auto& answer = group.answers[group.current];
  if (item.refused) {
    answer = problem_answer(*item.refused, committed_seq_);
  } else if (item.internal) {
    execute_internal(group, item);
  } else if (item.submission.mode == Mode::each) {
    answer = batch_each(group, item);
  } else {
    std::vector<std::pair<std::string, Json>> named;
    Unit unit{item, 0, item.submission.steps.size(), item.submission.key, item.fingerprint, item.seed, &named, {}};
    answer = execute_unit(group, unit);
  }
}

Answer Lane::batch_each(GroupState& group, LaneItem& item) {
  Answer answer;
  answer.status = 200;
  std::vector<std::pair<std::string, Json>> named;
  JsonWriter json(answer.body);
  json.begin_object().key("results").begin_array();
  for (std::size_t i = 0; i < item.submission.steps.size(); ++i) {
    group.current_unit = i;
    const auto& step = item.submission.steps[i];
    const auto digest = fingerprint(step.operation, step.request);
    Unit unit{item, i, 1, step.key, digest, item.seed + i + 1, &named, {}};
    append_result(json, execute_unit(group, unit));
  }
  json.end_array().end_object();
  answer.seq = group.counters.seq;
  return answer;
}

void Lane::execute_internal(GroupState& group, LaneItem& item) {
  auto& answer = group.answers[group.current];
  if (!item.set_aside.empty() && item.set_aside.front()) {
    answer = *item.set_aside.front();
    return;
  }
  const auto& actor = actor_of(system_caller());
  UnitOfWork work(env_.schema, store_->writer(), env_.clock, group.counters,
                  {tenant_, *item.now, random_key_, item.seed, env_.clock.monotonic() + limits::operation_time_max},
                  actor);
  try {
    work.begin_step(item.internal_name);
    item.internal(work, store_->writer());
    work.finish({});
    absorb(group, work, "system");
    answer.status = 200;
    answer.body = "{}";
  } catch (const Refusal& refusal) {
    work.discard();
    answer = problem_answer(refusal, group.counters.seq);
  }
  answer.seq = group.counters.seq;
}

Answer Lane::execute_unit(GroupState& group, Unit& unit) {
  if (unit.item.set_aside.size() > group.current_unit && unit.item.set_aside[group.current_unit])
    return *unit.item.set_aside[group.current_unit];
  const auto start = env_.clock.monotonic();
  unit.owner = unit.item.submission.caller.key_owner();
  if (!unit.key.empty()) unit.key_digest = store::key_digest(unit.key, digest16(unit.owner));
  auto answer = execute_steps(group, unit);
  if (!store_->writer().in_group()) throw store::StoreError("a statement ended the group's transaction");
  env_.metrics.operations.fetch_add(1);
  if (answer.status >= 400) env_.metrics.refusals.fetch_add(1);
  const auto took = env_.clock.monotonic() - start;
  env_.metrics.operation_us_sum.fetch_add(took.us);
  if (took > env_.slow_operation)
    log(LogLevel::warning, "operation_slow",
        {{"operation", unit.item.submission.steps[unit.first].operation},
         {"request_id", unit.item.submission.request_id},
         {"tenant", uuid_text(tenant_.uuid)},
         {"duration_us", took.us}});
  return answer;
}

Answer Lane::execute_steps(GroupState& group, Unit& unit) {
  bool key_known = false;
  const std::size_t end = unit.first + unit.count;
  std::size_t checked = unit.first;
  try {
    const auto& actor = actor_of(unit.item.submission.caller);
    StoreReader reader(store_->writer());
    // Also those of a step that is prepared late: a replay must not pass by the rights.
    for (; checked < end; ++checked) {
      const auto& early = unit.item.prepared[checked];
      check_step(reader, actor, early ? *early : without_request(env_.schema, unit.item.submission.steps[checked]),
                 unit);
    }
    if (is_repeated_message(unit.item.submission)) return {200, "{}", group.counters.seq, true, {}};
    if (!unit.key.empty()) {
      if (auto stored = replay(unit)) return *stored;
      key_known = true;
    }
    auto answer = run_steps(group, unit, actor);
    if (answer.status < 500) keep_high_water(unit.item.submission);
    return answer;
  } catch (Refusal& refusal) {
    if (checked < end && unit.item.submission.mode == Mode::atomic) refusal.extra += index_member(refusal, checked);
    auto answer = problem_answer(refusal, group.counters.seq);
    if (is_final(answer.status)) keep_high_water(unit.item.submission);
    // A verdict is no decision of the lane: the key stays unused, so that a corrected request may use it.
    if (key_known && is_final(answer.status) && !refusal.from_validation) keep_answer(unit, answer, nullptr);
    return answer;
  }
}

void Lane::check_step(Reader& reader, const Actor& actor, const PreparedStep& step, const Unit& unit) {
  const bool anonymous = actor.caller.kind == Caller::Kind::anonymous;
  if (anonymous && step.access != Access::anonymous) throw Refusal(ErrorCode::unauthenticated);
  if (unit.key.empty() && step.key_rule == KeyRule::required && !actor.system)
    throw Refusal(ErrorCode::key_missing).at_field("Idempotency-Key");
  if (step.access == Access::system && !actor.system) throw Refusal(ErrorCode::forbidden);
  if (step.access == Access::vouched && !actor.system && !unit.item.submission.vouched)
    throw Refusal(ErrorCode::forbidden);
  if (step.lane != LaneKind::both && step.lane != kind_)
    throw Refusal(ErrorCode::not_found, "there is no such operation");
  if (!actor.allows(step.permission))
    throw Refusal(ErrorCode::forbidden, "this needs the permission " + std::string(step.permission));
  if (!module_on(reader, step.module))
    throw Refusal(ErrorCode::module_off, "the module " + std::string(step.module) + " is off");
}

bool Lane::is_repeated_message(const Submission& submission) {
  if (!submission.source) return false;
  const auto mark = store_->writer().fact(high_water_fact(submission.source->first));
  return !mark.empty() && std::stoll(mark) >= submission.source->second;
}

void Lane::keep_high_water(const Submission& submission) {
  if (!submission.source) return;
  store_->writer().put_fact(high_water_fact(submission.source->first), std::to_string(submission.source->second));
}

std::optional<Answer> Lane::replay(const Unit& unit) {
  auto& writer = store_->writer();
  const auto stored = writer.find_key(unit.key_digest);
  if (!stored) return std::nullopt;
  if (stored->fingerprint != unit.fingerprint) {
    auto refusal = Refusal(ErrorCode::key_reused).at_field("Idempotency-Key");
    refusal.from_validation = true;
    throw refusal;
  }
  env_.metrics.replays.fetch_add(1);
  Answer answer{stored->status, {}, stored->op_seq, true, {}};
  switch (stored->form) {
    case store::AnswerForm::text:
      answer.body = stored->answer;
      return answer;
    case store::AnswerForm::secret:
      answer = problem_answer(Refusal(ErrorCode::secret_shown_once), stored->op_seq);
      answer.replayed = true;
      return answer;
    case store::AnswerForm::record:
    case store::AnswerForm::merged_record:
      break;
  }
  const auto change = writer.change(stored->seq);
  if (!change) throw Refusal(ErrorCode::too_old, "the answer is past retention");
  answer.body = stored->form == store::AnswerForm::merged_record ? merged_text(change->state) : change->state;
  return answer;
}

void Lane::check_record(UnitOfWork& work, const PreparedStep& step) {
  if (step.target_type != nullptr) {
    RecordBox target(*step.target_type);
    if (!step.target) throw Refusal(ErrorCode::not_found, "there is no such " + std::string(step.target_type->name));
    work.require_visible(*step.target_type, *step.target, target.get());
  }
  const auto validation = [](Refusal refusal) {
    refusal.from_validation = true;
    return refusal;
  };
  if (step.base_missing) throw validation(Refusal(ErrorCode::precondition_required).at_field("version"));
  if (step.verdict) throw validation(*step.verdict);
  if (step.target_type == nullptr || !lease_binds(work, *step.target_type)) return;
  const auto lease = env_.schema.hooks.lease_of(work, {step.target_type->number, *step.target}, work.now());
  if (!lease || lease->user == work.actor().id) return;
  std::string extra = "\"holder\":";
  JsonWriter(extra)
      .begin_object()
      .member("id", type_id_text("user", lease->user))
      .member("name", lease->name)
      .member("expires_at", rfc3339(lease->expires_at))
      .end_object();
  throw Refusal(ErrorCode::leased, lease->name + " is editing this").with_extra(extra);
}

void Lane::run_step(UnitOfWork& work, Unit& unit, std::size_t index, std::vector<StepAnswer>& answers) {
  const auto& raw = unit.item.submission.steps[index];
  std::optional<PreparedStep> late;
  if (!unit.item.prepared[index]) {
    Step resolved = raw;
    const auto names = names_before(unit.item.submission.steps, index);
    resolved.request = resolve_references(raw.request, *unit.named_answers, names);
    late = prepare_step(env_.schema, resolved);
    check_step(work, work.actor(), *late, unit);
  }
  const auto& step = late ? *late : *unit.item.prepared[index];
  check_record(work, step);
  work.begin_step(step.name);
  answers.push_back(step.run(work));
  if (!raw.as.empty()) unit.named_answers->emplace_back(raw.as, named_answer(work, answers.back()));
}

Answer Lane::run_steps(GroupState& group, Unit& unit, const Actor& actor) {
  UnitOfWork work(
      env_.schema, store_->writer(), env_.clock, group.counters,
      {tenant_, *unit.item.now, random_key_, unit.seed, env_.clock.monotonic() + limits::operation_time_max}, actor);
  std::vector<StepAnswer> answers;
  const bool atomic = unit.item.submission.mode == Mode::atomic;
  try {
    for (std::size_t i = unit.first; i < unit.first + unit.count; ++i) run_step(work, unit, i, answers);
    work.finish(unit.key);
  } catch (Refusal& refusal) {
    forget_rights(work);
    work.discard();
    if (atomic) refusal.extra += index_member(refusal, answers.size());
    throw;
  } catch (const store::StoreError&) {
    throw;  // the group decides
  } catch (const std::exception& error) {
    if (work.is_finishing()) throw;
    work.discard();
    return failed_answer(unit, error.what());
  }
  group.counters = work.counters();
  auto answer = compose_answer(unit, answers, work.changes());
  answer.seq = group.counters.seq;
  if (!unit.key.empty()) {
    auto& stored = answers.front();
    stored.record_seq = answer_seq(stored, work.changes());
    const auto* secret = secret_among(answers);
    keep_answer(unit, answer, secret != nullptr ? secret : atomic ? nullptr : &stored);
  }
  absorb(group, work, unit.owner);
  return answer;
}

Answer Lane::failed_answer(const Unit& unit, const char* error) {
  env_.metrics.failures.fetch_add(1);
  log(LogLevel::error, "operation_failed",
      {{"operation", unit.item.submission.steps[unit.first].operation},
       {"request_id", unit.item.submission.request_id},
       {"error", error}});
  return problem_answer(Refusal(ErrorCode::internal), committed_seq_);
}

Answer Lane::compose_answer(const Unit& unit, const std::vector<StepAnswer>& steps,
                            const std::vector<RecordChange>& changes) {
  auto& writer = store_->writer();
  Answer answer;
  if (unit.item.submission.mode != Mode::atomic) {
    answer.status = steps.front().status;
    answer.body = answer_body(steps.front(), changes, writer);
    return answer;
  }
  answer.status = 200;
  JsonWriter json(answer.body);
  json.begin_object().key("results").begin_array();
  for (const auto& step : steps) append_result(json, {step.status, answer_body(step, changes, writer), 0, false, {}});
  json.end_array().end_object();
  return answer;
}

/// `step`: the answer as the body gave it, where it may be kept as a reference to the change log.
void Lane::keep_answer(const Unit& unit, const Answer& answer, const StepAnswer* step) {
  store::StoredKey key;
  key.digest = unit.key_digest;
  key.fingerprint = unit.fingerprint;
  key.at = *unit.item.now;
  key.op_seq = answer.seq;
  key.status = static_cast<std::uint16_t>(answer.status);
  if (step != nullptr && step->secret) {
    key.form = store::AnswerForm::secret;
  } else if (step != nullptr && step->record) {
    key.form = step->merged ? store::AnswerForm::merged_record : store::AnswerForm::record;
    key.seq = step->record_seq;
  } else {
    key.answer = answer.body;
  }
  store_->writer().put_key(key);
}

/// What the operation did becomes part of the group.
void Lane::absorb(GroupState& group, UnitOfWork& work, const std::string& owner) {
  group.counters = work.counters();
  auto& published = group.published;
  for (auto& change : work.changes()) {
    published.changes.push_back(std::move(change));
    published.change_owners.push_back(owner);
  }
  published.sent |= work.sent();
  published.redacted |= work.redacted();
  for (const auto& subject : work.leased_subjects()) published.leased.push_back(subject);
  group.replaces_wake |= work.replaces_wake();
  if (work.wake()) group.wake = group.wake ? std::min(*group.wake, *work.wake()) : *work.wake();
  published.rights_changed |= forget_rights(work);
}

/// Answers whether the operation wrote what rights are made of; then nothing that was known of them counts.
bool Lane::forget_rights(const UnitOfWork& work) {
  const auto& types = env_.schema.hooks.rights_types;
  const auto touched = [&work](const auto* type) { return work.touched(*type); };
  if (std::none_of(types.begin(), types.end(), touched)) return false;
  rights_.clear();
  return true;
}

}  // namespace interlock::engine
