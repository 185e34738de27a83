// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "http/openapi_parts.h"

namespace interlock::http {

Json reference_to(const std::string& schema) { return object({{"$ref", "#/components/schemas/" + schema}}); }

namespace {

std::string id_pattern(std::string_view prefix) { return "^" + std::string(prefix) + "_[0-7][0-9a-hjkmnp-tv-z]{25}$"; }

Json type_name(std::string_view name, bool nullable) {
  if (!nullable) return Json(name);
  return JsonArray{Json(name), Json("null")};
}

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

/// The members of a request, of which the required ones must be there where `requires_fields` says so, or of an answer,
/// which has all of its; secret ones only where they are shown.
Json members_schema(std::span<const FieldInfo> fields, JsonObject first, bool is_request, bool requires_fields,
                    bool shows_secrets = false) {
  JsonObject properties = std::move(first);
  JsonArray required_names;
  if (!is_request) {
    for (const auto& [name, schema] : properties)
      if (name != header_field::deleted_at().name) required_names.emplace_back(name);
  }
  for (const auto& f : fields) {
    if (f.secret && !is_request && !shows_secrets) continue;
    properties.emplace_back(std::string(f.name), field_schema(f, is_request));
    if (!is_request || (requires_fields && f.required)) required_names.emplace_back(f.name);
  }
  JsonObject out{{"type", "object"}, {"properties", Json(std::move(properties))}};
  if (!required_names.empty()) out.emplace_back("required", std::move(required_names));
  if (is_request) out.emplace_back("additionalProperties", false);
  return Json(std::move(out));
}

}  // namespace

Json struct_schema(const StructInfo& info, bool is_request) {
  return members_schema(info.fields, {}, is_request, is_request);
}

Json answer_schema(const Operation& op) {
  return members_schema(op.answer->fields, {}, false, false, op.answer_has_secret);
}

Json id_schema(const RecordType& type) { return object({{"type", "string"}, {"pattern", id_pattern(type.name)}}); }

Json record_schema(const RecordType& type) {
  JsonObject head{{"id", id_schema(type)}};
  for (const auto& f : header_fields().subspan(1)) head.emplace_back(std::string(f.name), field_schema(f, false));
  auto schema = members_schema(type.fields(), std::move(head), false, false);
  // Who hangs on what decides what a client drops when the feed says that a record's dependants are gone.
  if (!type.options.visible_through.empty())
    schema.if_object()->emplace_back("x-visible-through", Json(type.options.visible_through));
  if (!type.options.logged) schema.if_object()->emplace_back("x-in-feed", Json(false));
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

}  // namespace interlock::http
