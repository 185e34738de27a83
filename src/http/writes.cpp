// SPDX-License-Identifier: Apache-2.0
// Everything that changes records: turned into a submission to the tenant's lane. Preconditions become members of the
// request, so that the same change has the same fingerprint over every way in.
#include <algorithm>
#include <set>

#include "base/idempotency_key.h"
#include "base/limits.h"
#include "http/call.h"
#include "http/endpoints.h"
#include "http/text.h"

namespace interlock::http {
namespace {

/// The version that If-Match names: an integer, or "*"; nothing without the header.
std::optional<Json> if_match(const Request& request) {
  auto value = request.header("if-match");
  if (!value) return std::nullopt;
  auto malformed = [] {
    return Refusal(ErrorCode::precondition_invalid, "If-Match is one version, \"3\" or 3, or *").at_field("If-Match");
  };
  if (request.header_count("if-match") > 1) throw malformed();
  if (*value == "*") return Json("*");
  auto digits = *value;
  if (digits.size() >= 2 && digits.front() == '"' && digits.back() == '"') digits = digits.substr(1, digits.size() - 2);
  auto version = parse_digits(digits);
  if (!version || *version < 1) throw malformed();
  return Json(*version);
}

/// Sets a member that may be there already with the same value; else throws what `differs` makes.
template <class Differs>
void set_member(Json& request, std::string_view name, Json value, Differs differs) {
  auto* object = request.if_object();
  if (!object) throw Refusal(ErrorCode::malformed_json, "The body must be a JSON object");
  if (auto* present = request.find(name); present && !present->is_null()) {
    if (*present != value) throw differs();
    return;
  }
  std::erase_if(*object, [&](const auto& member) { return member.first == name; });
  object->emplace_back(std::string(name), std::move(value));
}

void set_version(Json& request, const Request& http) {
  auto version = if_match(http);
  if (!version) return;
  set_member(request, "version", std::move(*version), [] {
    return Refusal(ErrorCode::precondition_invalid, "If-Match and version disagree").at_field("If-Match");
  });
}

void submit(const CallPtr& call, engine::Mode mode, std::vector<engine::Step> steps, std::string key) {
  engine::Submission submission;
  submission.tenant = call->who().tenant;
  submission.caller = call->who().caller;
  submission.mode = mode;
  submission.steps = std::move(steps);
  submission.key = std::move(key);
  submission.request_id = call->request.id;
  call->api.engine.submit(std::move(submission), [call](engine::Answer answer) { call->answer(std::move(answer)); });
}

void submit_one(const CallPtr& call, std::string operation, Json request) {
  auto key = call->key();
  call->operation = operation;
  std::vector<engine::Step> steps;
  steps.push_back({std::move(operation), std::move(request), {}, {}});
  submit(call, engine::Mode::single, std::move(steps), std::move(key));
}

std::string operation_name(const Call& call, std::string_view verb) {
  return std::string(call.param(0)) + "/" + std::string(verb);
}

/// Update or delete: the id from the path, the base from header or body.
void change_record(const CallPtr& call, std::string_view verb) {
  auto request = call->body();
  set_member(request, "id", Json(call->param(1)), [] {
    return Refusal(ErrorCode::malformed_request, "The body names another record than the path").at_field("id");
  });
  set_version(request, call->request);
  submit_one(call, operation_name(*call, verb), std::move(request));
}

bool takes_version(const Schema& schema, std::string_view name) {
  const auto* operation = schema.operation(name);
  if (!operation) return name.ends_with("/update") || name.ends_with("/delete") || name.ends_with("/restore");
  for (const auto& field : operation->request->fields) {
    if (field.name == "version") return true;
  }
  return false;
}

Refusal batch_refusal(const std::string& why, std::string_view field) {
  return Refusal(ErrorCode::batch_mode, why).at_field(std::string(field));
}

const std::string* text_member(const Json& item, std::string_view name) {
  const auto* member = item.find(name);
  if (!member) return nullptr;
  if (!member->if_text()) throw batch_refusal(std::string(name) + " must be a text", name);
  return member->if_text();
}

void check_members(const Json& object, std::initializer_list<std::string_view> known) {
  if (!object.if_object()) throw batch_refusal("The batch and its operations are JSON objects", "operations");
  for (const auto& [name, value] : *object.if_object()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Refusal(ErrorCode::unknown_field, "There is no field " + name).at_field(name);
    }
  }
}

engine::Step read_step(Json& item, engine::Mode mode) {
  check_members(item, {"operation", "request", "key", "as"});
  engine::Step step;
  const auto* operation = text_member(item, "operation");
  if (!operation) throw batch_refusal("Each item names its operation", "operation");
  step.operation = *operation;
  if (const auto* as = text_member(item, "as")) step.as = *as;
  if (const auto* key = text_member(item, "key")) {
    if (mode == engine::Mode::atomic) throw batch_refusal("An atomic batch has one key, in the header", "key");
    step.key = parse_idempotency_key(*key);
  }
  auto* request = item.find("request");
  step.request = request ? std::move(*request) : Json(JsonObject{});
  return step;
}

/// A reference means one answer: a second step of the same name would be taken for the first, unseen.
void check_names(const std::vector<engine::Step>& steps) {
  std::set<std::string_view> names;
  for (const auto& step : steps) {
    if (!step.as.empty() && !names.insert(step.as).second)
      throw batch_refusal("Two operations have the same name \"as\"", "as");
  }
}

engine::Mode read_mode(const Json& body) {
  const auto* mode = text_member(body, "mode");
  if (mode && *mode == "atomic") return engine::Mode::atomic;
  if (mode && *mode == "each") return engine::Mode::each;
  throw batch_refusal("mode is atomic or each", "mode");
}

}  // namespace

void create_record(const CallPtr& call) {
  if (call->request.header("if-match")) {
    throw Refusal(ErrorCode::precondition_invalid, "A new record has no version to match").at_field("If-Match");
  }
  submit_one(call, operation_name(*call, "create"), call->body());
}

void update_record(const CallPtr& call) { change_record(call, "update"); }

void delete_record(const CallPtr& call) { change_record(call, "delete"); }

void run_operation(const CallPtr& call) {
  auto name = operation_name(*call, call->param(1));
  auto request = call->body();
  if (call->request.header("if-match")) {
    if (takes_version(call->api.schema, name)) {
      set_version(request, call->request);
    } else if (call->request.header("if-match") != "*") {
      throw Refusal(ErrorCode::precondition_invalid, "This operation takes no version").at_field("If-Match");
    }
  }
  submit_one(call, std::move(name), std::move(request));
}

void batch(const CallPtr& call) {
  auto body = call->body();
  auto key = call->key();
  check_members(body, {"mode", "operations"});
  auto mode = read_mode(body);
  auto* member = body.find("operations");
  auto* items = member ? member->if_array() : nullptr;
  if (!items || items->empty()) throw batch_refusal("operations is a list of at least one", "operations");
  if (items->size() > limits::batch_operations_max) {
    throw batch_refusal("There are too many operations", "operations")
        .with_limit(static_cast<std::int64_t>(limits::batch_operations_max));
  }
  if (mode == engine::Mode::each && !key.empty()) {
    throw Refusal(ErrorCode::key_invalid, "A batch of mode each has a key per item, none in the header")
        .at_field("Idempotency-Key");
  }
  std::vector<engine::Step> steps;
  steps.reserve(items->size());
  for (auto& item : *items) steps.push_back(read_step(item, mode));
  check_names(steps);
  call->operation = "batch";
  submit(call, mode, std::move(steps), std::move(key));
}

}  // namespace interlock::http
