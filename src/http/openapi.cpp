// SPDX-License-Identifier: Apache-2.0
#include "http/openapi.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "base/json.h"
#include "base/limits.h"
#include "http/routes.h"
#include "http/text.h"

namespace interlock::http {
namespace {

constexpr std::string_view json_type = "application/json";

/// A Json object being built; keeps the order of its members.
Json object(JsonObject members) { return Json(std::move(members)); }
Json reference_to(const std::string& schema) { return object({{"$ref", "#/components/schemas/" + schema}}); }

std::string id_pattern(std::string_view prefix) { return "^" + std::string(prefix) + "_[0-7][0-9a-hjkmnp-tv-z]{25}$"; }

Json type_name(std::string_view name, bool nullable) {
  if (!nullable) return Json(name);
  return JsonArray{Json(name), Json("null")};
}

Json struct_schema(const StructInfo& info, bool is_request);
Json record_schema(const RecordType& type);

/// The members that depend on the field's kind.
void add_kind(JsonObject& out, const FieldInfo& f, bool is_request) {
  switch (f.kind) {
    case FieldKind::text:
      out.emplace_back("type", type_name("string", f.nullable));
      out.emplace_back("maxLength", static_cast<std::int64_t>(f.bytes_max));
      break;
    case FieldKind::integer:
      out.emplace_back("type", type_name("integer", f.nullable));
      out.emplace_back("format", "int64");
      if (f.min != INT64_MIN) out.emplace_back("minimum", f.min);
      if (f.max != INT64_MAX) out.emplace_back("maximum", f.max);
      break;
    case FieldKind::boolean:
      out.emplace_back("type", type_name("boolean", f.nullable));
      break;
    case FieldKind::time:
      out.emplace_back("type", type_name("string", f.nullable));
      out.emplace_back("format", "date-time");
      break;
    case FieldKind::reference:
      // Nobody (the system as creator) is null as well as nothing is.
      out.emplace_back("type", type_name("string", f.nullable || !f.required));
      if (f.refers_to) out.emplace_back("pattern", id_pattern(f.refers_to().name));
      break;
    case FieldKind::subject:
      out.emplace_back("type", type_name("string", f.nullable || !is_request));
      out.emplace_back("description", "The id of a record of any type");
      break;
    case FieldKind::text_list:
      out.emplace_back("type", "array");
      out.emplace_back("maxItems", static_cast<std::int64_t>(f.items_max));
      out.emplace_back("items", object({{"type", "string"}, {"maxLength", static_cast<std::int64_t>(f.bytes_max)}}));
      break;
    case FieldKind::json:
      out.emplace_back("description", "JSON of any shape");
      break;
    case FieldKind::object:
      out.emplace_back("allOf", JsonArray{f.record && f.record() ? reference_to(std::string(f.record()->name))
                                                                 : struct_schema(f.object(), is_request)});
      break;
    case FieldKind::object_list:
      out.emplace_back("type", "array");
      out.emplace_back("items", f.record && f.record() ? reference_to(std::string(f.record()->name))
                                                       : struct_schema(f.object(), is_request));
      break;
  }
}

Json field_schema(const FieldInfo& f, bool is_request) {
  JsonObject out;
  add_kind(out, f, is_request);
  if (!f.one_of.empty() && f.kind == FieldKind::text) {
    JsonArray values;
    for (auto value : f.one_of) values.emplace_back(value);
    if (f.nullable) values.emplace_back(nullptr);
    out.emplace_back("enum", std::move(values));
  }
  if (f.read_only && !is_request) out.emplace_back("readOnly", true);
  return Json(std::move(out));
}

/// The members of a request or of a record's changeable part.
Json members_schema(std::span<const FieldInfo> fields, JsonObject first, bool is_request, bool requires_fields) {
  JsonObject properties = std::move(first);
  JsonArray required_names;
  for (const auto& f : fields) {
    if (f.secret && !is_request) continue;
    properties.emplace_back(std::string(f.name), field_schema(f, is_request));
    if (requires_fields && f.required) required_names.emplace_back(f.name);
  }
  JsonObject out{{"type", "object"}, {"properties", Json(std::move(properties))}};
  if (!required_names.empty()) out.emplace_back("required", std::move(required_names));
  if (is_request) out.emplace_back("additionalProperties", false);
  return Json(std::move(out));
}

Json struct_schema(const StructInfo& info, bool is_request) {
  return members_schema(info.fields, {}, is_request, is_request);
}

/// The operations that the engine makes from a type's description, besides create.
bool is_updatable(const RecordType& type) { return type.options.logged && !type.options.append_only; }
bool is_deletable(const RecordType& type) { return type.options.logged && type.options.deletable; }

Json id_schema(const RecordType& type) { return object({{"type", "string"}, {"pattern", id_pattern(type.name)}}); }

Json record_schema(const RecordType& type) {
  JsonObject head{{"id", id_schema(type)}};
  for (const auto& f : header_fields().subspan(1)) head.emplace_back(std::string(f.name), field_schema(f, false));
  auto schema = members_schema(type.fields(), std::move(head), false, false);
  // Who hangs on what decides what a client drops when the feed says that a record's dependants are gone.
  if (!type.options.visible_through.empty())
    schema.if_object()->emplace_back("x-visible-through", Json(type.options.visible_through));
  return schema;
}

Json writable_schema(const RecordType& type, bool creating) {
  std::vector<FieldInfo> writable;
  for (const auto& f : type.fields()) {
    if (!f.read_only && !f.secret && (creating || !f.fixed)) writable.push_back(f);
  }
  JsonObject head;
  if (creating) {
    head.emplace_back("id", id_schema(type));
  } else {
    head.emplace_back("version", object({{"description", "The version that the change is based on, or \"*\""}}));
    head.emplace_back("updated_at", object({{"type", "string"}, {"format", "date-time"}}));
    head.emplace_back("merge", object({{"type", "boolean"}}));
  }
  return members_schema(writable, std::move(head), true, creating);
}

Json content(Json schema, std::string_view type = json_type) {
  return object({{std::string(type), object({{"schema", std::move(schema)}})}});
}

Json request_body(Json schema, bool required) {
  return object({{"required", required}, {"content", content(std::move(schema))}});
}

/// The answers of a call: its success and the problem document of everything else.
Json responses(int status, Json schema) {
  return object(
      {{std::to_string(status), object({{"description", "Success"}, {"content", content(std::move(schema))}})},
       {"default", object({{"$ref", "#/components/responses/problem"}})}});
}

Json parameter(std::string_view name, std::string_view in, std::string_view description, bool required = false) {
  return object({{"name", name},
                 {"in", in},
                 {"required", required},
                 {"description", description},
                 {"schema", object({{"type", "string"}})}});
}

Json key_parameter(bool required) {
  return parameter("Idempotency-Key", "header", "1 to 255 visible ASCII characters; the same key has one effect",
                   required);
}

Json call(std::string_view tag, std::string id, std::string_view summary, JsonArray parameters,
          std::optional<Json> body, Json answers) {
  for (auto& c : id) {
    if (c == '/' || c == '-') c = '_';
  }
  JsonObject out{{"tags", JsonArray{Json(tag)}}, {"operationId", id}, {"summary", summary}};
  if (!parameters.empty()) out.emplace_back("parameters", std::move(parameters));
  if (body) out.emplace_back("requestBody", std::move(*body));
  out.emplace_back("responses", std::move(answers));
  return Json(std::move(out));
}

Json list_schema(Json item) {
  return object({{"type", "object"},
                 {"properties", object({{"items", object({{"type", "array"}, {"items", std::move(item)}})},
                                        {"next_cursor", object({{"type", JsonArray{Json("string"), Json("null")}}})},
                                        {"seq", object({{"type", "integer"}})}})}});
}

Json list_call(const RecordType& type) {
  JsonArray parameters{parameter("sort", "query", "A field, or -field for descending"),
                       parameter("limit", "query", "50 unless given, at most 1000"),
                       parameter("cursor", "query", "next_cursor of the page before"),
                       parameter("deleted", "query", "true: the deleted records that can still be restored"),
                       parameter("Interlock-Min-Seq", "header", "Waits until this sequence can be shown")};
  bool searchable = false;
  for (const auto& f : type.fields()) {
    searchable |= f.searchable;
    if (!f.secret && f.kind != FieldKind::json && f.kind != FieldKind::object && f.kind != FieldKind::object_list) {
      parameters.push_back(parameter(f.name, "query", "Filter: equal; also with .ne, .min, .max behind the name"));
    }
  }
  if (searchable)
    parameters.push_back(parameter("q", "query", "Full-text search: every word begins a word of the record"));
  return call(type.collection, std::string(type.collection) + "_list", "List", std::move(parameters), std::nullopt,
              responses(200, list_schema(reference_to(std::string(type.name)))));
}

/// One path may have calls from several places.
void add_path(JsonObject& paths, const std::string& path, Json calls) {
  auto found = std::find_if(paths.begin(), paths.end(), [&](const auto& member) { return member.first == path; });
  if (found == paths.end()) found = paths.insert(paths.end(), {path, Json(JsonObject{})});
  for (auto& [method, one] : *calls.if_object()) found->second.if_object()->emplace_back(method, std::move(one));
}

void add_collection(JsonObject& paths, const Schema& schema, const RecordType& type) {
  std::string name(type.collection);
  auto path = "/api/" + name;
  auto record = reference_to(std::string(type.name));
  JsonObject whole{{"get", list_call(type)}};
  auto own_create = schema.operation(name + "/create");
  if (type.options.creatable) {
    whole.emplace_back("post", call(name, name + "_create", "Create", {key_parameter(true)},
                                    request_body(writable_schema(type, true), true), responses(201, record)));
  } else if (own_create && own_create->access == Access::member) {
    whole.emplace_back("post", call(name, name + "_create", "Create", {key_parameter(true)},
                                    request_body(struct_schema(*own_create->request, true), true),
                                    responses(own_create->status, struct_schema(*own_create->answer, false))));
  }
  add_path(paths, path, Json(std::move(whole)));

  auto id = parameter("id", "path", "The record's id", true);
  auto match = parameter("If-Match", "header", "The version that this is based on, or *");
  JsonObject one{{"get", call(name, name + "_get", "Get", {id}, std::nullopt, responses(200, record))}};
  if (is_updatable(type)) {
    for (std::string_view method : {"patch", "put"}) {
      one.emplace_back(std::string(method),
                       call(name, name + "_" + std::string(method), "Change fields", {id, match, key_parameter(false)},
                            request_body(writable_schema(type, false), true), responses(200, record)));
    }
  }
  if (is_deletable(type)) {
    one.emplace_back("delete", call(name, name + "_delete", "Delete", {id, match, key_parameter(false)}, std::nullopt,
                                    responses(200, object({{"type", "object"}}))));
  }
  add_path(paths, path + "/{id}", Json(std::move(one)));
  if (is_deletable(type) && !schema.operation(name + "/restore")) {
    JsonObject members{{"id", id_schema(type)}, {"version", object({{"type", "integer"}})}};
    auto request =
        object({{"type", "object"}, {"properties", Json(std::move(members))}, {"required", JsonArray{"id"}}});
    auto restore = call(name, name + "_restore", "Restore a deleted record", {key_parameter(true)},
                        request_body(std::move(request), true), responses(200, record));
    paths.emplace_back(path + "/restore", object({{"post", std::move(restore)}}));
  }
  if (!type.options.logged) return;
  paths.emplace_back(path + "/{id}/history",
                     object({{"get", call(name, name + "_history", "History, newest first",
                                          {id, parameter("limit", "query", "At most 1000"),
                                           parameter("cursor", "query", "next_cursor of the page before")},
                                          std::nullopt, responses(200, list_schema(object({{"type", "object"}}))))}}));
}

void add_operation(JsonObject& paths, const Operation& op) {
  std::string name(op.name);
  auto tag = name.substr(0, name.find('/'));
  JsonArray parameters;
  if (op.key != KeyRule::none) parameters.push_back(key_parameter(op.key == KeyRule::required));
  auto answer = op.answer_record && op.answer_record->options.readable
                    ? reference_to(std::string(op.answer_record->name))
                    : struct_schema(*op.answer, false);
  auto summary = op.permission.empty() ? std::string("Every member") : "Needs " + std::string(op.permission);
  paths.emplace_back("/api/" + name, object({{"post", call(tag, "run_" + name, summary, std::move(parameters),
                                                           request_body(struct_schema(*op.request, true), true),
                                                           responses(op.status, std::move(answer)))}}));
}

std::string lower_method(Method method) {
  std::string name(method_name(method));
  for (auto& c : name) c = ascii_lower(c);
  return name;
}

Json form_schema(std::span<const FormField> form) {
  JsonObject properties;
  JsonArray required;
  for (const auto& field : form) {
    properties.emplace_back(
        std::string(field.name),
        object({{"type", "string"}, {"maxLength", Json(static_cast<std::int64_t>(limits::form_text_bytes_max))}}));
    if (field.required) required.emplace_back(std::string(field.name));
  }
  return object({{"type", "object"},
                 {"properties", Json(std::move(properties))},
                 {"required", Json(std::move(required))},
                 {"additionalProperties", false}});
}

/// The routes that belong to no collection.
void add_fixed_routes(JsonObject& paths) {
  for (const auto& route : routes()) {
    if (route.path.find("{collection}") != std::string_view::npos || route.path.starts_with("/api/files")) continue;
    auto id = lower_method(route.method) + std::string(route.path);
    for (auto& c : id) {
      if (c == '.') c = '_';
    }
    std::optional<Json> body;
    if (!route.form.empty()) body = request_body(form_schema(route.form), true);
    if (route.path == "/api/batch") body = request_body(object({{"type", "object"}}), true);
    int status = route.path == "/api/sessions" && route.method == Method::post ? 201 : 200;
    auto one = call("server", id, route.summary, {}, std::move(body), responses(status, Json(JsonObject{})));
    if (route.guard != Guard::member) one.if_object()->emplace_back("security", JsonArray{});
    add_path(paths, std::string(route.path), object({{lower_method(route.method), std::move(one)}}));
  }
}

Json bytes_content() { return content(object({{"type", "string"}, {"format", "binary"}}), "application/octet-stream"); }

/// The two calls whose body is no JSON.
void add_files(JsonObject& paths) {
  auto whole = object({{"description", "The bytes, as the file's own type"}, {"content", bytes_content()}});
  auto part = object({{"description", "The bytes of the Range"}, {"content", bytes_content()}});
  auto answers = object({{"200", std::move(whole)},
                         {"206", std::move(part)},
                         {"304", object({{"description", "They are as the If-None-Match says"}})},
                         {"default", object({{"$ref", "#/components/responses/problem"}})}});
  JsonArray of_upload{key_parameter(true), parameter("name", "query", "What the file is called", true),
                      parameter("subject", "query", "The id of the record that it belongs to")};
  auto upload = call("files", "files_upload", "Upload a file, whose bytes are the body", std::move(of_upload),
                     object({{"required", true}, {"content", bytes_content()}}), responses(201, reference_to("file")));
  JsonArray of_content{parameter("id", "path", "The record's id", true),
                       parameter("download", "query", "1: to be saved, never shown"),
                       parameter("Range", "header", "One range of bytes")};
  add_path(paths, "/api/files", object({{"post", std::move(upload)}}));
  add_path(paths, "/api/files/{id}/content",
           object({{"get", call("files", "files_content", "A file's bytes", std::move(of_content), std::nullopt,
                                std::move(answers))}}));
}

Json problem_schema() {
  JsonArray codes;
  for (const auto& info : all_errors()) codes.emplace_back(info.name);
  auto text = object({{"type", "string"}});
  return object({{"type", "object"},
                 {"required", JsonArray{Json("type"), Json("title"), Json("status"), Json("code")}},
                 {"properties", object({{"type", text},
                                        {"title", text},
                                        {"status", object({{"type", "integer"}})},
                                        {"code", object({{"type", "string"}, {"enum", std::move(codes)}})},
                                        {"detail", text},
                                        {"field", text},
                                        {"limit", object({{"type", "integer"}})}})}});
}

bool is_shown(const Schema& schema, const RecordType& type) {
  return type.options.readable && schema.lane_of(type) != LaneKind::platform;
}

Json components(const Schema& schema) {
  JsonObject schemas{{"problem", problem_schema()}};
  for (const auto* type : schema.types()) {
    if (is_shown(schema, *type)) schemas.emplace_back(std::string(type->name), record_schema(*type));
  }
  auto problem = object({{"description", "A problem document (RFC 9457)"},
                         {"content", content(reference_to("problem"), "application/problem+json")}});
  auto bearer = object({{"type", "http"}, {"scheme", "bearer"}});
  auto cookie = object({{"type", "apiKey"}, {"in", "cookie"}, {"name", "interlock_session"}});
  return object({{"schemas", Json(std::move(schemas))},
                 {"responses", object({{"problem", std::move(problem)}})},
                 {"securitySchemes", object({{"bearer", std::move(bearer)}, {"cookie", std::move(cookie)}})}});
}

}  // namespace

std::string openapi_json(const Schema& schema, const std::string& version) {
  JsonObject paths;
  add_fixed_routes(paths);
  std::set<std::string> taken;
  for (const auto* type : schema.types()) {
    if (!is_shown(schema, *type)) continue;
    add_collection(paths, schema, *type);
    taken.insert(std::string(type->collection) + "/create");
  }
  if (schema.by_collection("files")) add_files(paths);
  for (const auto& [name, op] : schema.operations()) {
    if (op.access < Access::vouched && op.lane != LaneKind::platform && !taken.contains(std::string(name))) {
      add_operation(paths, op);
    }
  }
  auto document = object({{"openapi", "3.1.0"},
                          {"info", object({{"title", "Interlock"}, {"version", version.empty() ? "0" : version}})},
                          {"security", JsonArray{object({{"bearer", JsonArray{}}}), object({{"cookie", JsonArray{}}})}},
                          {"paths", Json(std::move(paths))},
                          {"components", components(schema)}});
  return json_text(document);
}

}  // namespace interlock::http
