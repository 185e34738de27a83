// SPDX-License-Identifier: Apache-2.0
// create, update, delete and restore of every record type, by its field table.
#include "engine/merge.h"
#include "engine/step.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

std::optional<Uuid> id_member(const RecordType& type, const Json& request) {
  const Json* id = request.find("id");
  const std::string* text = id == nullptr ? nullptr : id->if_text();
  return text == nullptr ? std::nullopt : parse_type_id(type.name, *text);
}

const JsonObject& members_of(const Json& request) {
  if (request.if_object() == nullptr) throw Refusal(ErrorCode::wrong_type, "the request must be a JSON object");
  return *request.if_object();
}

Refusal unknown_field(const std::string& name) {
  return Refusal(ErrorCode::unknown_field, "there is no field " + name).at_field(name);
}

Refusal set_by_server(const std::string& name) {
  return Refusal(ErrorCode::invalid_value, name + " is set by the server").at_field(name);
}

/// Runs `read`; what it complains about becomes the verdict.
template <class Read>
void with_verdict(PreparedStep& step, Read read) {
  try {
    read();
  } catch (const Refusal& refusal) {
    step.verdict = refusal;
  }
}

void read_new_record(const RecordType& type, const Json& request, RecordBox& record) {
  for (const auto& [name, value] : members_of(request)) {
    if (name == "id") {
      const auto id = id_member(type, request);
      if (!id)
        throw Refusal(ErrorCode::invalid_value,
                      "an id made by the client is a TypeID: " + std::string(type.name) + "_…")
            .at_field("id");
      record.header().id = *id;
      continue;
    }
    const auto* f = type.find_field(name);
    if (f == nullptr || f->secret) throw unknown_field(name);
    if (f->read_only) throw set_by_server(name);
    read_field_json(*f, value, record.get());
  }
  for (const auto& f : type.fields())
    if (f.required && is_empty(f, record.get()))
      throw Refusal(ErrorCode::required, std::string(f.name) + " is required").at_field(std::string(f.name));
}

PreparedStep generic_step(const RecordType& type, std::string_view verb, std::string_view permission_verb) {
  PreparedStep step;
  step.name = std::string(type.collection) + "/" + std::string(verb);
  step.permission = std::string(type.permission()) + "." + std::string(permission_verb);
  step.key_rule = KeyRule::required;
  return step;
}

/// What an update or a delete was based on; `any` is "*". Throws Refusal precondition_invalid.
Base read_base(const Json& request) {
  Base base;
  if (const Json* version = request.find("version"); version != nullptr && !version->is_null()) {
    const auto* text = version->if_text();
    if (text != nullptr && *text == "*")
      base.any = true;
    else if (version->if_integer() != nullptr && *version->if_integer() > 0)
      base.version = *version->if_integer();
    else
      throw Refusal(ErrorCode::precondition_invalid, "version must be a positive integer or \"*\"").at_field("version");
  }
  if (const Json* updated_at = request.find("updated_at"); updated_at != nullptr && !updated_at->is_null()) {
    const auto* text = updated_at->if_text();
    const auto time = text == nullptr ? std::nullopt : parse_rfc3339(*text);
    if (!time) throw Refusal(ErrorCode::precondition_invalid, "updated_at must be a time").at_field("updated_at");
    base.updated_at = time;
  }
  return base;
}

bool is_base_member(std::string_view name) { return name == "version" || name == "updated_at"; }

void read_patch(const RecordType& type, const Json& request, Patch& patch) {
  for (const auto& [name, value] : members_of(request)) {
    if (name == "id" || is_base_member(name)) continue;
    if (name == "merge") {
      if (value.if_bool() == nullptr)
        throw Refusal(ErrorCode::wrong_type, "merge must be true or false").at_field("merge");
      patch.merge = *value.if_bool();
      continue;
    }
    const auto* f = type.find_field(name);
    if (f == nullptr || f->secret) throw unknown_field(name);
    if (f->read_only || f->fixed) {
      patch.unchangeable.emplace_back(f,
                                      json_text(value));  // a PUT of a whole record carries them: equal ones are fine
      continue;
    }
    read_field_json(*f, value, patch.values.get());
    if (f->required && is_empty(*f, patch.values.get()))
      throw Refusal(ErrorCode::required, name + " may not be empty").at_field(name);
    patch.given.push_back(f);
  }
}

void check_unchangeable(const Patch& patch, const RecordBox& current) {
  for (const auto& [f, sent] : patch.unchangeable) {
    std::string held;
    append_field_json(held, *f, current.get());
    if (held != sent) throw set_by_server(std::string(f->name));
  }
}

StepAnswer update(UnitOfWork& work, const Uuid& id, const Patch& patch) {
  const auto& type = patch.values.type();
  RecordBox current(type);
  work.require_visible(type, id, current.get());
  check_unchangeable(patch, current);
  auto next = apply_patch(work, current, patch);
  StepAnswer answer;
  answer.record = Subject{type.number, id};
  answer.merged = next.merged;
  if (next.changed)
    work.save(type, next.record.get());
  else
    answer.record_seq = current.header().last_seq;
  return answer;
}

StepAnswer remove(UnitOfWork& work, const RecordType& type, const Uuid& id, const Base& base) {
  RecordBox current(type);
  work.require_visible(type, id, current.get());
  refuse_if_stale(work, current, base);
  work.remove(type, current.get());
  StepAnswer answer;
  JsonWriter(answer.body)
      .begin_object()
      .member("id", type_id_text(type.name, id))
      .member("version", current.header().version)
      .end_object();
  return answer;
}

StepAnswer restore(UnitOfWork& work, const RecordType& type, const Uuid& id, const Base& base) {
  RecordBox current(type);
  const bool exists = work.load(type, id, current.get()) && is_visible(work, work.actor(), type, current.get());
  if (!exists) throw Refusal(ErrorCode::not_found, "there is no such " + std::string(type.name));
  refuse_if_stale(work, current, base);
  StepAnswer answer;
  answer.record = Subject{type.number, id};
  const auto deleted_at = current.header().deleted_at;
  if (!deleted_at) {
    answer.record_seq = current.header().last_seq;
    return answer;
  }
  if (*deleted_at + limits::deleted_retention < work.now())
    throw Refusal(ErrorCode::too_old, "deleted records can be restored for 30 days").with_limit(30);
  work.restore(type, current.get());
  return answer;
}

void check_members(const Json& request) {
  for (const auto& [name, value] : members_of(request))
    if (name != "id" && !is_base_member(name)) throw unknown_field(name);
}

}  // namespace

PreparedStep prepare_create(const RecordType& type, const Json& request) {
  auto step = generic_step(type, "create", "write");
  auto record = std::make_shared<RecordBox>(type);
  with_verdict(step, [&] { read_new_record(type, request, *record); });
  step.run = [record](UnitOfWork& work) {
    RecordBox fresh(*record);  // the body may run again
    work.save(fresh.type(), fresh.get());
    StepAnswer answer;
    answer.status = 201;
    answer.record = Subject{fresh.type().number, fresh.header().id};
    return answer;
  };
  return step;
}

PreparedStep prepare_update(const RecordType& type, const Json& request) {
  auto step = generic_step(type, "update", "write");
  step.key_rule = KeyRule::optional;
  step.target_type = &type;
  step.target = id_member(type, request);
  auto patch = std::make_shared<Patch>(type);
  with_verdict(step, [&] {
    patch->base = read_base(request);
    read_patch(type, request, *patch);
  });
  step.base_missing = !patch->base.given() && !(step.verdict && step.verdict->code == ErrorCode::precondition_invalid);
  // Whoever overwrites any version on purpose is recorded as having done so.
  if (patch->base.any) step.name += "-any-version";
  step.run = [patch, id = step.target.value_or(Uuid{})](UnitOfWork& work) { return update(work, id, *patch); };
  return step;
}

PreparedStep prepare_delete(const RecordType& type, const Json& request) {
  auto step = generic_step(type, "delete", "delete");
  step.key_rule = KeyRule::optional;
  step.target_type = &type;
  step.target = id_member(type, request);
  auto base = std::make_shared<Base>();
  with_verdict(step, [&] {
    *base = read_base(request);
    check_members(request);
  });
  step.base_missing = !base->given() && !(step.verdict && step.verdict->code == ErrorCode::precondition_invalid);
  if (base->any) step.name += "-any-version";
  step.run = [&type, base, id = step.target.value_or(Uuid{})](UnitOfWork& work) {
    return remove(work, type, id, *base);
  };
  return step;
}

PreparedStep prepare_restore(const RecordType& type, const Json& request) {
  auto step = generic_step(type, "restore", "delete");
  auto base = std::make_shared<Base>();
  const auto id = id_member(type, request);
  with_verdict(step, [&] {
    *base = read_base(request);
    check_members(request);
  });
  step.run = [&type, base, id](UnitOfWork& work) { return restore(work, type, id.value_or(Uuid{}), *base); };
  return step;
}

}  // namespace interlock::engine
