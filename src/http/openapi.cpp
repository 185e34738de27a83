// SPDX-License-Identifier: Apache-2.0
#include "http/openapi.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "http/openapi_parts.h"
#include "http/routes.h"
#include "http/text.h"

namespace interlock::http {
namespace {

/// The operations that the engine makes from a type's description, besides create.
bool is_updatable(const RecordType& type) { return type.options.logged && !type.options.append_only; }
bool is_deletable(const RecordType& type) { return type.options.logged && type.options.deletable; }

Json list_call(const RecordType& type) {
  auto sort = object({{"type", "string"}, {"default", type.options.default_sort}});
  auto deleted = object({{"type", "boolean"}, {"default", false}});
  JsonArray parameters{
      parameter("sort", "query", "A field, or -field for descending", std::move(sort)), list_parameter_limit(),
      parameter("cursor", "query", "next_cursor of the page before"),
      parameter("deleted", "query", "true: the deleted records that can still be restored", std::move(deleted)),
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
  return openapi_call(type.collection, std::string(type.collection) + "_list", "List", std::move(parameters),
                      std::nullopt, responses(200, list_schema(reference_to(std::string(type.name)))));
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
    whole.emplace_back("post", openapi_call(name, name + "_create", "Create", {key_parameter(true)},
                                            request_body(writable_schema(type, true), true), responses(201, record)));
  } else if (own_create && own_create->access == Access::member) {
    whole.emplace_back("post", openapi_call(name, name + "_create", "Create", {key_parameter(true)},
                                            request_body(struct_schema(*own_create->request, true), true),
                                            responses(own_create->status, answer_schema(*own_create))));
  }
  add_path(paths, path, Json(std::move(whole)));

  auto id = parameter("id", "path", "The record's id", true);
  auto match = parameter("If-Match", "header", "The version that this is based on, or *");
  JsonObject one{{"get", openapi_call(name, name + "_get", "Get", {id}, std::nullopt, responses(200, record))}};
  if (is_updatable(type)) {
    const auto changed = object({{"allOf", JsonArray{record, reference_to("merged")}}});
    for (std::string_view method : {"patch", "put"}) {
      one.emplace_back(
          std::string(method),
          openapi_call(name, name + "_" + std::string(method), "Change fields", {id, match, key_parameter(false)},
                       request_body(writable_schema(type, false), true), responses(200, changed, true)));
    }
  }
  if (is_deletable(type)) {
    one.emplace_back("delete", openapi_call(name, name + "_delete", "Delete", {id, match, key_parameter(false)},
                                            std::nullopt, responses(200, reference_to("deleted"), true)));
  }
  add_path(paths, path + "/{id}", Json(std::move(one)));
  if (is_deletable(type) && !schema.operation(name + "/restore")) {
    JsonObject members{{"id", id_schema(type)}, {"version", object({{"type", "integer"}})}};
    auto request =
        object({{"type", "object"}, {"properties", Json(std::move(members))}, {"required", JsonArray{"id"}}});
    auto restore = openapi_call(name, name + "_restore", "Restore a deleted record", {key_parameter(true)},
                                request_body(std::move(request), true), responses(200, record));
    paths.emplace_back(path + "/restore", object({{"post", std::move(restore)}}));
  }
  if (!type.options.logged) return;
  paths.emplace_back(
      path + "/{id}/history",
      object({{"get", openapi_call(
                          name, name + "_history", "History, newest first",
                          {id, list_parameter_limit(), parameter("cursor", "query", "next_cursor of the page before")},
                          std::nullopt, responses(200, list_schema(reference_to("history_item"))))}}));
}

void add_operation(JsonObject& paths, const Operation& op) {
  std::string name(op.name);
  auto tag = name.substr(0, name.find('/'));
  JsonArray parameters;
  if (op.key != KeyRule::none) parameters.push_back(key_parameter(op.key == KeyRule::required));
  auto answer = op.answer_record && op.answer_record->options.readable
                    ? reference_to(std::string(op.answer_record->name))
                    : answer_schema(op);
  auto summary = op.permission.empty() ? std::string("Every member") : "Needs " + std::string(op.permission);
  paths.emplace_back(
      "/api/" + name,
      object({{"post", openapi_call(tag, "run_" + name, summary, std::move(parameters),
                                    request_body(struct_schema(*op.request, true), true),
                                    responses(op.status, std::move(answer), op.target_type != nullptr))}}));
}

std::string lower_method(Method method) {
  std::string name(method_name(method));
  for (auto& c : name) c = ascii_lower(c);
  return name;
}

/// The routes that belong to no collection.
void add_fixed_routes(JsonObject& paths) {
  for (const auto& route : routes()) {
    if (route.path.find("{collection}") != std::string_view::npos || route.path.starts_with("/api/files")) continue;
    const auto method = lower_method(route.method);
    auto body = route.form.empty() ? fixed_request(route.path) : request_body(form_schema(route.form));
    auto one = openapi_call("server", method + std::string(route.path), route.summary, {}, std::move(body),
                            responses(fixed_status(method, route.path), fixed_answer(method, route.path)));
    if (route.guard != Guard::member) one.if_object()->emplace_back("security", JsonArray{});
    add_path(paths, std::string(route.path), object({{method, std::move(one)}}));
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
  auto upload =
      openapi_call("files", "files_upload", "Upload a file, whose bytes are the body", std::move(of_upload),
                   object({{"required", true}, {"content", bytes_content()}}), responses(201, reference_to("file")));
  JsonArray of_content{parameter("id", "path", "The record's id", true),
                       parameter("download", "query", "1: to be saved, never shown"),
                       parameter("Range", "header", "One range of bytes")};
  add_path(paths, "/api/files", object({{"post", std::move(upload)}}));
  add_path(paths, "/api/files/{id}/content",
           object({{"get", openapi_call("files", "files_content", "A file's bytes", std::move(of_content), std::nullopt,
                                        std::move(answers))}}));
}

bool is_shown(const Schema& schema, const RecordType& type) {
  return type.options.readable && schema.lane_of(type) != LaneKind::platform;
}

Json components(const Schema& schema) {
  auto schemas = common_schemas();
  for (const auto* type : schema.types()) {
    if (is_shown(schema, *type)) schemas.emplace_back(std::string(type->name), record_schema(*type));
  }
  const auto problem = [](std::string_view description, const std::string& name) {
    return object({{"description", description}, {"content", content(reference_to(name), "application/problem+json")}});
  };
  auto bearer = object({{"type", "http"}, {"scheme", "bearer"}});
  auto cookie = object({{"type", "apiKey"}, {"in", "cookie"}, {"name", "interlock_session"}});
  return object({{"schemas", Json(std::move(schemas))},
                 {"responses", object({{"problem", problem("A problem document (RFC 9457)", "problem")},
                                       {"stale", problem("The record is not as the caller saw it", "stale_problem")},
                                       {"leased", problem("Somebody else holds the lease", "leased_problem")}})},
                 {"securitySchemes", object({{"bearer", std::move(bearer)}, {"cookie", std::move(cookie)}})}});
}

}  // namespace

std::string openapi_json(const Schema& schema, const std::string& version, Duration key_retention) {
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
                          {"info", object({{"title", "Interlock"},
                                           {"version", version.empty() ? "0" : version},
                                           {"x-keys-kept-seconds", key_retention.us / 1'000'000}})},
                          {"security", JsonArray{object({{"bearer", JsonArray{}}}), object({{"cookie", JsonArray{}}})}},
                          {"paths", Json(std::move(paths))},
                          {"components", components(schema)}});
  return json_text(document);
}

}  // namespace interlock::http
