// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "http/openapi_parts.h"

namespace interlock::http {

Json object(JsonObject members) { return Json(std::move(members)); }

Json openapi_call(std::string_view tag, std::string id, std::string_view summary, JsonArray parameters,
                  std::optional<Json> body, Json answers) {
  for (auto& c : id) {
    if (c == '/' || c == '-' || c == '.') c = '_';
  }
  JsonObject out{{"tags", JsonArray{Json(tag)}}, {"operationId", id}, {"summary", summary}};
  if (!parameters.empty()) out.emplace_back("parameters", std::move(parameters));
  if (body) out.emplace_back("requestBody", std::move(*body));
  out.emplace_back("responses", std::move(answers));
  return Json(std::move(out));
}

Json content(Json schema, std::string_view type) {
  return object({{std::string(type), object({{"schema", std::move(schema)}})}});
}

Json request_body(Json schema, bool required) {
  return object({{"required", required}, {"content", content(std::move(schema))}});
}

Json responses(int status, Json schema, bool is_change) {
  JsonObject answers{
      {std::to_string(status), object({{"description", "Success"}, {"content", content(std::move(schema))}})}};
  if (is_change) {
    answers.emplace_back("409", object({{"$ref", "#/components/responses/stale"}}));
    answers.emplace_back("423", object({{"$ref", "#/components/responses/leased"}}));
  }
  answers.emplace_back("default", object({{"$ref", "#/components/responses/problem"}}));
  return Json(std::move(answers));
}

Json parameter(std::string_view name, std::string_view in, std::string_view description, bool required) {
  return object({{"name", name},
                 {"in", in},
                 {"required", required},
                 {"description", description},
                 {"schema", object({{"type", "string"}})}});
}

Json parameter(std::string_view name, std::string_view in, std::string_view description, Json schema) {
  return object(
      {{"name", name}, {"in", in}, {"required", false}, {"description", description}, {"schema", std::move(schema)}});
}

Json key_parameter(bool required) {
  return parameter("Idempotency-Key", "header", "1 to 255 visible ASCII characters; the same key has one effect",
                   required);
}

Json list_schema(Json item) {
  return object({{"type", "object"},
                 {"properties", object({{"items", object({{"type", "array"}, {"items", std::move(item)}})},
                                        {"next_cursor", object({{"type", JsonArray{Json("string"), Json("null")}}})},
                                        {"seq", object({{"type", "integer"}})}})},
                 {"required", JsonArray{Json("items"), Json("next_cursor"), Json("seq")}}});
}

Json list_parameter_limit() {
  return parameter("limit", "query", "How many at most",
                   object({{"type", "integer"},
                           {"minimum", 1},
                           {"maximum", limits::list_items_max},
                           {"default", limits::list_items_default}}));
}

}  // namespace interlock::http
