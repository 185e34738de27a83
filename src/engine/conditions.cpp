// SPDX-License-Identifier: Apache-2.0
#include "engine/conditions.h"

#include <algorithm>
#include <charconv>

#include "base/refusal.h"

namespace interlock::engine {

namespace {

Refusal bad_value(const FieldInfo& f, const char* expected) {
  return Refusal(ErrorCode::wrong_type, "a filter on " + std::string(f.name) + " needs " + expected)
      .at_field(std::string(f.name));
}

std::int64_t parse_integer(const FieldInfo& f, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) throw bad_value(f, "an integer");
  return value;
}

Value parse_reference(const FieldInfo& f, std::string_view text, const RecordType* self, const Uuid& me) {
  const bool to_user = f.refers_to == nullptr && &f != &header_field::id();
  if (text == "me" || text == "$me") return me;
  const auto prefix = f.refers_to != nullptr ? f.refers_to().name : to_user ? std::string_view("user") : self->name;
  const auto id = parse_type_id(prefix, text);
  if (!id) throw bad_value(f, "an id");
  return *id;
}

Value parse_value(const RecordType& type, const FieldInfo& f, std::string_view text, const Uuid& me) {
  switch (f.kind) {
    case FieldKind::text:
    case FieldKind::text_list:
      if (text.find('\0') != std::string_view::npos) throw bad_value(f, "a text without NUL");
      return std::string(text);
    case FieldKind::integer:
      return parse_integer(f, text);
    case FieldKind::boolean:
      if (text != "true" && text != "false") throw bad_value(f, "true or false");
      return text == "true";
    case FieldKind::time: {
      const auto time = parse_rfc3339(text);
      if (!time) throw bad_value(f, "a time (RFC 3339)");
      return time->us;
    }
    case FieldKind::reference:
      return parse_reference(f, text, &type, me);
    case FieldKind::subject: {
      const auto subject = parse_subject(text);
      // Malformed and absent are the same to the caller.
      if (!subject) throw Refusal(ErrorCode::not_found, "there is no such record").at_field(std::string(f.name));
      return subject_bytes(*subject);
    }
    case FieldKind::json:
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  throw Refusal(ErrorCode::unknown_field, "one cannot filter by " + std::string(f.name)).at_field(std::string(f.name));
}

struct FilterName {
  std::string_view field;
  Comparison comparison = Comparison::equal;
};

FilterName split(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return {name, Comparison::equal};
  const auto suffix = name.substr(dot + 1);
  if (suffix == "min") return {name.substr(0, dot), Comparison::greater_or_equal};
  if (suffix == "max") return {name.substr(0, dot), Comparison::less_or_equal};
  if (suffix == "ne") return {name.substr(0, dot), Comparison::not_equal};
  return {name, Comparison::equal};
}

/// A second value for the same field and comparison makes "either".
void add_condition(std::vector<Condition>& conditions, const FieldInfo& f, Comparison comparison, Value value) {
  const auto at = std::find_if(conditions.begin(), conditions.end(), [&](const Condition& c) {
    return c.field == &f &&
           (c.comparison == comparison || (c.comparison == Comparison::one_of && comparison == Comparison::equal));
  });
  if (at == conditions.end() || comparison != Comparison::equal) {
    conditions.push_back({&f, comparison, {std::move(value)}});
    return;
  }
  at->comparison = Comparison::one_of;
  at->values.push_back(std::move(value));
}

}  // namespace

std::vector<Condition> parse_conditions(const RecordType& type,
                                        const std::vector<std::pair<std::string, std::string>>& filters,
                                        const Uuid& me) {
  std::vector<Condition> conditions;
  for (const auto& [name, text] : filters) {
    const auto [field_name, comparison] = split(name);
    const auto* f = type.find_field(field_name);
    if (f == nullptr || f->secret) throw Refusal(ErrorCode::unknown_field, "there is no field " + name).at_field(name);
    if (text == "null" && comparison == Comparison::equal && (f->nullable || f->kind == FieldKind::reference))
      conditions.push_back({f, Comparison::is_null, {}});
    else if (f->kind == FieldKind::text_list)
      conditions.push_back({f, Comparison::contains, {text}});
    else
      add_condition(conditions, *f, comparison, parse_value(type, *f, text, me));
  }
  return conditions;
}

std::vector<Condition> parse_conditions(const RecordType& type, const Json& filter, const Uuid& me) {
  std::vector<std::pair<std::string, std::string>> filters;
  if (filter.is_null()) return {};
  if (filter.if_object() == nullptr)
    throw Refusal(ErrorCode::wrong_type, "filter must be an object").at_field("filter");
  const auto add = [&filters](const std::string& name, const Json& value) {
    if (const auto* text = value.if_text())
      filters.emplace_back(name, *text);
    else if (value.if_array() != nullptr || value.if_object() != nullptr)
      throw Refusal(ErrorCode::wrong_type, "a filter's value must be a text, a number, true, false or null")
          .at_field(name);
    else
      filters.emplace_back(name, json_text(value));
  };
  for (const auto& [name, value] : *filter.if_object()) {
    if (const auto* values = value.if_array())
      for (const auto& one : *values) add(name, one);
    else
      add(name, value);
  }
  return parse_conditions(type, filters, me);
}

std::optional<ScopeFilter> scope_filter(const RecordType& type, const Actor& actor) {
  const auto scope = actor.scope(type.collection);
  if (scope == Scope::all) return std::nullopt;
  ScopeFilter filter;
  if (scope == Scope::none || actor.id.is_nil()) return filter;
  const auto equals_actor = [&actor](const FieldInfo& f) {
    return Condition{&f, Comparison::equal, {Value{actor.id}}};
  };
  const auto& options = type.options;
  filter.any_of.push_back(
      equals_actor(options.own_field.empty() ? header_field::created_by() : *type.find_field(options.own_field)));
  if (scope == Scope::assigned && !options.assigned_field.empty())
    filter.any_of.push_back(equals_actor(*type.find_field(options.assigned_field)));
  return filter;
}

}  // namespace interlock::engine
