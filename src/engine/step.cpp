// SPDX-License-Identifier: Apache-2.0
#include "engine/step.h"

#include <algorithm>

#include "base/limits.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

/// "$name.member" split; nothing for any other text.
std::optional<std::pair<std::string_view, std::string_view>> reference_parts(std::string_view text) {
  if (!text.starts_with('$')) return std::nullopt;
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  return std::pair{text.substr(1, dot - 1), text.substr(dot + 1)};
}

std::optional<Uuid> target_of(const Operation& op, const Json& request) {
  const Json* id = request.find(op.target_field->name);
  const std::string* text = id == nullptr ? nullptr : id->if_text();
  return text == nullptr ? std::nullopt : parse_type_id(op.target_type->name, *text);
}

StepAnswer described_answer(const Operation& op, UnitOfWork& work, const void* answer) {
  StepAnswer result;
  result.status = op.status;
  result.secret = op.answer_has_secret;
  if (op.answer_record != nullptr && !op.answer_has_secret) {
    const auto& h = header(answer);
    if (const auto seq = work.change_seq(*op.answer_record, h.id); seq != 0) {
      result.record = Subject{op.answer_record->number, h.id};
      return result;
    }
  }
  if (op.answer_record != nullptr)
    append_record_json(result.body, *op.answer_record, answer);
  else
    append_struct_json(result.body, *op.answer, answer);
  return result;
}

PreparedStep prepare_described(const Operation& op, const Json& request) {
  PreparedStep step;
  step.name = op.name;
  step.permission = op.permission;
  step.key_rule = op.key;
  step.access = op.access;
  step.lane = op.lane;
  step.module = op.module;
  step.target_type = op.target_type;
  if (op.target_field != nullptr) step.target = target_of(op, request);
  auto parsed = std::make_shared<StructBox>(*op.request);
  try {
    read_struct_json(*op.request, request, parsed->get());
  } catch (const Refusal& refusal) {
    step.verdict = refusal;
  }
  step.run = [&op, parsed](UnitOfWork& work) {
    StructBox answer(*op.answer);
    op.run(work, parsed->get(), answer.get());
    return described_answer(op, work, answer.get());
  };
  return step;
}

std::optional<PreparedStep> prepare_generic(const Schema& schema, const Step& step) {
  const auto slash = step.operation.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto* type = schema.by_collection(std::string_view(step.operation).substr(0, slash));
  const auto verb = std::string_view(step.operation).substr(slash + 1);
  if (type == nullptr) return std::nullopt;
  const auto& options = type->options;
  std::optional<PreparedStep> prepared;
  if (verb == "create" && options.creatable) prepared = prepare_create(*type, step.request);
  if (verb == "update" && options.logged && options.readable && !options.append_only)
    prepared = prepare_update(*type, step.request);
  if (verb == "delete" && options.deletable && options.logged) prepared = prepare_delete(*type, step.request);
  if (verb == "restore" && options.deletable && options.logged) prepared = prepare_restore(*type, step.request);
  if (prepared) {
    prepared->lane = schema.lane_of(*type);
    prepared->module = options.module;
  }
  return prepared;
}

/// One request with its references replaced. A short reference may stand for a long text: what they all stand for is
/// bounded together.
struct Resolution {
  const NamedAnswers& answers;
  const std::vector<std::string>& names;
  std::size_t& bytes_left;

  Json of(const Json& request) {
    if (const auto* text = request.if_text()) return of_text(request, *text);
    if (const auto* array = request.if_array()) {
      JsonArray items;
      for (const auto& item : *array) items.push_back(of(item));
      return items;
    }
    if (const auto* object = request.if_object()) {
      JsonObject members;
      for (const auto& [name, value] : *object) members.emplace_back(name, of(value));
      return members;
    }
    return request;
  }

  Json of_text(const Json& request, const std::string& text) {
    const auto parts = reference_parts(text);
    if (!parts || std::find(names.begin(), names.end(), parts->first) == names.end()) return request;
    const auto at =
        std::find_if(answers.begin(), answers.end(), [&](const auto& a) { return a.first == parts->first; });
    const Json* member = at == answers.end() ? nullptr : at->second.find(parts->second);
    if (member == nullptr)
      throw unusable(Refusal(ErrorCode::unknown_reference, "there is nothing behind " + text.substr(0, 100)));
    const auto bytes = canonical_json(*member).size();
    if (bytes > bytes_left)
      throw unusable(Refusal(ErrorCode::too_long, "the request's references stand for too much")
                         .with_limit(static_cast<std::int64_t>(limits::references_bytes_max)));
    bytes_left -= bytes;
    return *member;
  }

  /// The request itself was never looked at: its key stays unused.
  static Refusal unusable(Refusal refusal) {
    refusal.from_validation = true;
    return refusal;
  }
};

}  // namespace

Digest16 fingerprint(std::string_view operation, const Json& request) {
  return digest16(std::string(operation) + '\n' + canonical_json(request));
}

PreparedStep prepare_step(const Schema& schema, const Step& step) {
  std::optional<PreparedStep> prepared;
  if (const auto* op = schema.operation(step.operation))
    prepared = prepare_described(*op, step.request);
  else
    prepared = prepare_generic(schema, step);
  if (!prepared) throw Refusal(ErrorCode::not_found, "there is no operation " + step.operation);
  prepared->fingerprint = fingerprint(step.operation, step.request);
  return std::move(*prepared);
}

bool has_references(const Json& request, const std::vector<std::string>& names) {
  if (const auto* text = request.if_text()) {
    const auto parts = reference_parts(*text);
    return parts && std::find(names.begin(), names.end(), parts->first) != names.end();
  }
  if (const auto* array = request.if_array())
    return std::any_of(array->begin(), array->end(), [&](const Json& item) { return has_references(item, names); });
  if (const auto* object = request.if_object())
    return std::any_of(object->begin(), object->end(), [&](const auto& m) { return has_references(m.second, names); });
  return false;
}

Json resolve_references(const Json& request, const NamedAnswers& answers, const std::vector<std::string>& names) {
  std::size_t bytes_left = limits::references_bytes_max;
  return Resolution{answers, names, bytes_left}.of(request);
}

}  // namespace interlock::engine
