// SPDX-License-Identifier: Apache-2.0
// Requests and answers of the server's own calls, which have no field table.
#include <algorithm>

#include "base/errors.h"
#include "base/limits.h"
#include "http/openapi_parts.h"

namespace interlock::http {
namespace {

Json text() { return object({{"type", "string"}}); }
Json text_or_null() { return object({{"type", JsonArray{Json("string"), Json("null")}}}); }
Json time() { return object({{"type", "string"}, {"format", "date-time"}}); }
Json integer() { return object({{"type", "integer"}}); }
Json boolean() { return object({{"type", "boolean"}}); }
Json list_of(Json item) { return object({{"type", "array"}, {"items", std::move(item)}}); }
Json any_object() { return object({{"type", "object"}}); }

/// Of an answer: all members are there but the named ones.
Json all_of(JsonObject properties, std::initializer_list<std::string_view> but = {}) {
  JsonArray required;
  for (const auto& [name, schema] : properties)
    if (std::find(but.begin(), but.end(), name) == but.end()) required.emplace_back(name);
  return object(
      {{"type", "object"}, {"properties", Json(std::move(properties))}, {"required", Json(std::move(required))}});
}

Json user() {
  return all_of(
      {{"id", text()}, {"name", text()}, {"email", text()}, {"role", text()}, {"permissions", list_of(text())}},
      {"email"});
}

Json tenant() { return all_of({{"id", text()}, {"slug", text()}, {"name", text()}}); }

Json keys_kept() {
  auto kept = integer();
  kept.if_object()->emplace_back("description", "How long idempotency keys and their answers are kept");
  return kept;
}

Json file_bytes() {
  auto bytes = integer();
  bytes.if_object()->emplace_back("description", "The longest file that can be uploaded");
  return bytes;
}

Json current_session() {
  return all_of({{"user", reference_to("session_user")},
                 {"tenant", reference_to("session_tenant")},
                 {"tenants", list_of(reference_to("session_tenant"))},
                 {"expires_at", time()},
                 {"keys_kept_seconds", keys_kept()},
                 {"file_bytes_max", file_bytes()}},
                {"expires_at"});
}

Json session() {
  return all_of({{"token", text()},
                 {"expires_at", time()},
                 {"user", reference_to("session_user")},
                 {"tenant", reference_to("session_tenant")},
                 {"keys_kept_seconds", keys_kept()},
                 {"file_bytes_max", file_bytes()}});
}

Json invitation() {
  return all_of({{"tenant_name", text()},
                 {"invited_by", text()},
                 {"name", text()},
                 {"email", text()},
                 {"has_password", boolean()}});
}

Json history_item() {
  auto change = all_of({{"from", Json(JsonObject{})}, {"to", Json(JsonObject{})}});
  auto changes = object({{"type", "object"}, {"additionalProperties", std::move(change)}});
  auto actor = all_of({{"id", text_or_null()}, {"name", text()}});
  return all_of({{"seq", integer()},
                 {"version", integer()},
                 {"at", time()},
                 {"actor", std::move(actor)},
                 {"operation", text()},
                 {"changes", std::move(changes)}});
}

Json audit_item() {
  return object({{"allOf", JsonArray{reference_to("history_item"), all_of({{"collection", text()}, {"id", text()}})}}});
}

Json batch_request() {
  auto item = object(
      {{"type", "object"},
       {"properties", object({{"operation", text()}, {"request", any_object()}, {"key", text()}, {"as", text()}})},
       {"required", JsonArray{Json("operation")}},
       {"additionalProperties", false}});
  auto items = list_of(std::move(item));
  items.if_object()->emplace_back("minItems", 1);
  items.if_object()->emplace_back("maxItems", static_cast<std::int64_t>(limits::batch_operations_max));
  return object(
      {{"type", "object"},
       {"properties", object({{"mode", object({{"type", "string"}, {"enum", JsonArray{Json("atomic"), Json("each")}}})},
                              {"operations", std::move(items)}})},
       {"required", JsonArray{Json("mode"), Json("operations")}},
       {"additionalProperties", false}});
}

Json batch_answer() { return all_of({{"results", list_of(all_of({{"status", integer()}, {"body", any_object()}}))}}); }

Json problem() {
  JsonArray codes;
  for (const auto& info : all_errors()) codes.emplace_back(info.name);
  return all_of({{"type", text()},
                 {"title", text()},
                 {"status", integer()},
                 {"code", object({{"type", "string"}, {"enum", std::move(codes)}})},
                 {"detail", text()},
                 {"field", text()},
                 {"limit", integer()}},
                {"detail", "field", "limit"});
}

/// A 409; those of a stale version have all of it, others (a status, a name that is taken) what they know.
Json stale_problem() {
  auto record_or_null = object({{"type", JsonArray{Json("object"), Json("null")}}});
  auto more = object({{"type", "object"},
                      {"properties", object({{"base", std::move(record_or_null)},
                                             {"current", any_object()},
                                             {"yours", any_object()},
                                             {"clashing_fields", list_of(text())},
                                             {"referenced_by", text()}})}});
  return object({{"allOf", JsonArray{reference_to("problem"), std::move(more)}}});
}

Json leased_problem() {
  auto holder = all_of({{"id", text()}, {"name", text()}, {"expires_at", time()}});
  return object({{"allOf", JsonArray{reference_to("problem"), all_of({{"holder", std::move(holder)}})}}});
}

Json script_error() {
  return object({{"type", "object"},
                 {"properties", object({{"message", text()},
                                        {"source", text()},
                                        {"line", integer()},
                                        {"column", integer()},
                                        {"stack", text()},
                                        {"page", text()}})},
                 {"required", JsonArray{Json("message")}},
                 {"additionalProperties", false}});
}

struct FixedAnswer {
  std::string_view method, path, schema;
};
/// By their names in common_schemas().
constexpr FixedAnswer fixed_answers[] = {
    {"post", "/api/sessions", "session_or_choice"},
    {"post", "/api/sessions/switch", "session"},
    {"get", "/api/sessions/current", "current_session"},
    {"post", "/api/invitations/show", "invitation"},
    {"post", "/api/invitations/accept", "session"},
    {"post", "/api/batch", "batch_answer"},
    {"get", "/api/audit", "audit"},
    {"delete", "/api/sessions", "done"},
    {"delete", "/api/sessions/current", "done"},
    {"post", "/api/passwords/request-reset", "done"},
    {"post", "/api/passwords/reset", "done"},
    {"post", "/api/passwords/change", "done"},
    {"post", "/api/script-errors", "done"},
};

}  // namespace

JsonObject common_schemas() {
  auto choice = all_of({{"tenants", list_of(reference_to("session_tenant"))}});
  return {
      {"problem", problem()},
      {"stale_problem", stale_problem()},
      {"leased_problem", leased_problem()},
      {"deleted", all_of({{"id", text()}, {"version", integer()}})},
      {"merged", object({{"type", "object"}, {"properties", object({{"merged", boolean()}})}})},
      {"history_item", history_item()},
      {"audit_item", audit_item()},
      {"audit", list_schema(reference_to("audit_item"))},
      {"batch", batch_request()},
      {"batch_answer", batch_answer()},
      {"session_user", user()},
      {"session_tenant", tenant()},
      {"session", session()},
      {"session_choice", std::move(choice)},
      {"session_or_choice", object({{"anyOf", JsonArray{reference_to("session"), reference_to("session_choice")}}})},
      {"current_session", current_session()},
      {"invitation", invitation()},
      {"script_error", script_error()},
      {"done", all_of({{"ok", boolean()}})}};
}

Json form_schema(std::span<const FormField> form) {
  const auto text =
      object({{"type", "string"}, {"maxLength", Json(static_cast<std::int64_t>(limits::form_text_bytes_max))}});
  const auto text_list = object(
      {{"type", "array"}, {"items", text}, {"maxItems", Json(static_cast<std::int64_t>(limits::form_list_items_max))}});
  JsonObject properties;
  JsonArray required;
  for (const auto& field : form) {
    properties.emplace_back(std::string(field.name), field.kind == FormField::Kind::text ? text : text_list);
    if (field.required) required.emplace_back(std::string(field.name));
  }
  return object({{"type", "object"},
                 {"properties", Json(std::move(properties))},
                 {"required", Json(std::move(required))},
                 {"additionalProperties", false}});
}

std::optional<Json> fixed_request(std::string_view path) {
  if (path == "/api/batch") return request_body(reference_to("batch"));
  if (path == "/api/script-errors") return request_body(reference_to("script_error"));
  return std::nullopt;
}

int fixed_status(std::string_view method, std::string_view path) {
  const bool makes = path == "/api/set-up" || path == "/api/sessions" || path == "/api/sessions/switch" ||
                     path == "/api/invitations/accept";
  return method == "post" && makes ? 201 : 200;
}

Json fixed_answer(std::string_view method, std::string_view path) {
  for (const auto& answer : fixed_answers)
    if (answer.method == method && answer.path == path) return reference_to(std::string(answer.schema));
  return Json(JsonObject{});
}

}  // namespace interlock::http
