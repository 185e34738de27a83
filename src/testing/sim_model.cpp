// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_model.h"

#include <algorithm>

#include "base/check.h"
#include "model/record_json.h"

namespace interlock::testing {

namespace {

Uuid id_of_request(const RecordType& type, const Json& request) {
  const auto* id = request.find("id");
  const auto* text = id == nullptr ? nullptr : id->if_text();
  return text == nullptr ? Uuid{} : parse_type_id(type.name, *text).value_or(Uuid{});
}

bool is_field(std::string_view member) {
  return member != "id" && member != "version" && member != "updated_at" && member != "merge";
}

/// Undoes an attempt whose outcome was only asked for.
struct Unkept {
  SimModel::Outcome outcome;
};

}  // namespace

void SimModel::adopt(const store::Change& change) {
  const auto* type = schema_.by_number(change.type);
  INVARIANT(type != nullptr);
  RecordBox record(*type);
  read_record_json(*type, parse_json(change.state), record.get());
  tx_.adopt(*type, record.get());
  history_[{type->number, change.id}].insert_or_assign(change.version, record);
}

std::string SimModel::state_of(const Subject& subject) const {
  const auto& record = tx_.records().at({subject.type, subject.id});
  std::string text;
  append_record_json(text, record.type(), record.get());
  return text;
}

std::string SimModel::body_of(const StepOutcome& step) const {
  if (!step.record) return step.body;
  const auto state = state_of(*step.record);
  return step.merged ? "{\"merged\":true," + state.substr(1) : state;
}

SimModel::Outcome SimModel::run(const engine::Submission& submission, Time now, const std::vector<Uuid>& made,
                                bool keep) {
  Outcome outcome;
  const bool atomic = submission.mode == engine::Mode::atomic;
  tx_.set_now(now);
  tx_.give_ids(made);
  try {
    tx_.as(submission.caller);
    tx_.attempt([&] {
      std::vector<StepOutcome> steps;
      for (const auto& step : submission.steps) check_permission(step);
      for (const auto& step : submission.steps) steps.push_back(run_step(step));
      outcome.status = atomic ? 200 : steps.front().status;
      outcome.body = atomic ? std::string() : body_of(steps.front());
      if (atomic) {
        JsonWriter json(outcome.body);
        json.begin_object().key("results").begin_array();
        for (const auto& step : steps)
          json.begin_object().member("status", step.status).key("body").raw(body_of(step)).end_object();
        json.end_array().end_object();
      }
      if (!keep) throw Unkept{outcome};
    });
  } catch (const Unkept& unkept) {
    return unkept.outcome;
  } catch (const Refusal& refusal) {
    const auto& info = error_info(refusal.code);
    return {info.http_status, {}, std::string(info.name), {}};
  }
  for (const auto& key : tx_.written()) outcome.states[key] = state_of({key.first, key.second});
  keep_history();
  return outcome;
}

void SimModel::touch(const MemoryTx::Key& key) {
  RecordBox record(tx_.records().at(key));
  tx_.as_system();
  tx_.attempt([&] { tx_.save(record.type(), record.get()); });
  keep_history();
}

void SimModel::keep_history() {
  for (const auto& key : tx_.written()) {
    const auto& record = tx_.records().at(key);
    history_[key].insert_or_assign(record.header().version, record);
  }
}

void SimModel::check_permission(const engine::Step& step) {
  if (const auto* operation = schema_.operation(step.operation)) {
    if (!tx_.actor().allows(operation->permission)) throw Refusal(ErrorCode::forbidden);
    return;
  }
  const auto slash = step.operation.find('/');
  const auto* type = schema_.by_collection(std::string_view(step.operation).substr(0, slash));
  const auto verb = step.operation.substr(slash + 1);
  const bool deletes = verb == "delete" || verb == "restore";
  if (!tx_.actor().allows(std::string(type->permission()) + (deletes ? ".delete" : ".write")))
    throw Refusal(ErrorCode::forbidden);
}

SimModel::StepOutcome SimModel::run_step(const engine::Step& step) {
  if (const auto* operation = schema_.operation(step.operation)) return run_named(*operation, step.request);
  const auto slash = step.operation.find('/');
  const auto& type = *schema_.by_collection(std::string_view(step.operation).substr(0, slash));
  const auto verb = step.operation.substr(slash + 1);
  if (verb == "create") return create(type, step.request);
  if (verb == "update") return update(type, step.request);
  if (verb == "delete") return remove(type, step.request);
  return restore(type, step.request);
}

SimModel::StepOutcome SimModel::create(const RecordType& type, const Json& request) {
  RecordBox record(type);
  for (const auto& [name, value] : *request.if_object())
    if (is_field(name)) read_field_json(*type.find_field(name), value, record.get());
  record.header().id = id_of_request(type, request);
  tx_.save(type, record.get());
  return {201, {}, Subject{type.number, record.header().id}, false};
}

void SimModel::refuse_if_stale(const Json& request, const RecordBox& current) const {
  const auto* version = request.find("version");
  if (version == nullptr || version->if_integer() == nullptr) return;
  if (*version->if_integer() != current.header().version) throw Refusal(ErrorCode::stale_version);
}

/// Three ways: what the request changes against its base is put on top of what is there now, unless it clashes.
void SimModel::merge(const RecordType& type, const Json& request, RecordBox& record, StepOutcome& outcome) {
  const auto& versions = history_.at({type.number, record.header().id});
  const auto base = versions.find(*request.find("version")->if_integer());
  const auto* wants = request.find("merge");
  if (base == versions.end() || (wants != nullptr && !*wants->if_bool())) throw Refusal(ErrorCode::stale_version);
  const RecordBox now(record);
  RecordBox yours(type);
  for (const auto& [name, value] : *request.if_object()) {
    if (!is_field(name)) continue;
    const auto& field = *type.find_field(name);
    read_field_json(field, value, yours.get());
    if (fields_equal(field, yours.get(), base->second.get())) continue;
    const bool theirs = !fields_equal(field, now.get(), base->second.get());
    const bool differs = !fields_equal(field, now.get(), yours.get());
    if (!field.mergeable || (theirs && differs)) throw Refusal(ErrorCode::stale_version);
    copy_field(field, record.get(), yours.get());
  }
  outcome.merged = true;
}

SimModel::StepOutcome SimModel::update(const RecordType& type, const Json& request) {
  RecordBox record(type);
  tx_.require_visible(type, id_of_request(type, request), record.get());
  const RecordBox before(record);
  StepOutcome outcome;
  outcome.record = Subject{type.number, record.header().id};
  const auto* version = request.find("version")->if_integer();
  if (version != nullptr && *version != record.header().version) {
    merge(type, request, record, outcome);
  } else {
    for (const auto& [name, value] : *request.if_object())
      if (is_field(name)) read_field_json(*type.find_field(name), value, record.get());
  }
  const auto fields = type.fields();
  const bool changed = std::any_of(fields.begin(), fields.end(),
                                   [&](const auto& f) { return !fields_equal(f, before.get(), record.get()); });
  if (changed) tx_.save(type, record.get());
  return outcome;
}

SimModel::StepOutcome SimModel::remove(const RecordType& type, const Json& request) {
  RecordBox record(type);
  tx_.require_visible(type, id_of_request(type, request), record.get());
  refuse_if_stale(request, record);
  tx_.remove(type, record.get());
  StepOutcome outcome;
  JsonWriter(outcome.body)
      .begin_object()
      .member("id", type_id_text(type.name, record.header().id))
      .member("version", record.header().version)
      .end_object();
  return outcome;
}

SimModel::StepOutcome SimModel::restore(const RecordType& type, const Json& request) {
  RecordBox record(type);
  const bool exists =
      tx_.load(type, id_of_request(type, request), record.get()) && is_visible(tx_, tx_.actor(), type, record.get());
  if (!exists) throw Refusal(ErrorCode::not_found);
  refuse_if_stale(request, record);
  if (record.header().deleted_at) tx_.restore(type, record.get());
  return {200, {}, Subject{type.number, record.header().id}, false};
}

SimModel::StepOutcome SimModel::run_named(const Operation& operation, const Json& request) {
  StructBox fields(*operation.request);
  read_struct_json(*operation.request, request, fields.get());
  if (operation.target_type != nullptr) {
    RecordBox target(*operation.target_type);
    const auto* id = request.find(operation.target_field->name);
    const auto wanted = id == nullptr ? std::nullopt : parse_type_id(operation.target_type->name, *id->if_text());
    tx_.require_visible(*operation.target_type, wanted.value_or(Uuid{}), target.get());
  }
  StructBox answer(*operation.answer);
  operation.run(tx_, fields.get(), answer.get());
  StepOutcome outcome;
  outcome.status = operation.status;
  if (operation.answer_record != nullptr)
    outcome.record = Subject{operation.answer_record->number, header(answer.get()).id};
  else
    append_struct_json(outcome.body, *operation.answer, answer.get());
  return outcome;
}

}  // namespace interlock::testing
