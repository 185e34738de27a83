// SPDX-License-Identifier: Apache-2.0
#include "store/columns.h"

#include <algorithm>

#include "base/json.h"

namespace interlock::store {
namespace {

bool can_be_indexed(const FieldInfo& field) {
  return field.kind != FieldKind::text_list && field.kind != FieldKind::json;
}

std::string_view sorted_by(const RecordType& type) {
  auto name = type.options.default_sort;
  if (name.starts_with('-')) name.remove_prefix(1);
  return name;
}

}  // namespace

std::string table_name(std::string_view prefix, const RecordType& type) {
  std::string out(prefix);
  out += type.collection;
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::vector<const FieldInfo*> indexed_fields(const RecordType& type) {
  std::vector<const FieldInfo*> fields;
  for (const auto& field : header_fields()) {
    if (field.name == sorted_by(type) && field.name != "id") fields.push_back(&field);
  }
  for (const auto& field : type.fields()) {
    const bool wanted = field.indexed || field.name == sorted_by(type);
    if (wanted && can_be_indexed(field)) fields.push_back(&field);
  }
  return fields;
}

bool has_index(const RecordType& type, const FieldInfo& field) {
  if (field.name == "id" || field.name == sorted_by(type)) return true;
  return field.indexed && can_be_indexed(field);
}

bool is_searchable(const RecordType& type) {
  return std::any_of(type.fields().begin(), type.fields().end(), [](const auto& field) { return field.searchable; });
}

void write_list(const std::vector<std::string>& items, std::string& out) {
  out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    append_json_string(out, item);
  }
  out += ']';
}

void read_list(std::string_view text, std::vector<std::string>& items) {
  items.clear();
  if (text.find('\\') != std::string_view::npos) {
    const Json list = parse_json(text);
    for (const auto& item : *list.if_array()) items.push_back(*item.if_text());
    return;
  }
  // Without escapes the quotes delimit the items: most lists are a few short words.
  items.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '"')) / 2);
  for (auto begin = text.find('"'); begin != std::string_view::npos;) {
    const auto end = text.find('"', begin + 1);
    items.emplace_back(text.substr(begin + 1, end - begin - 1));
    begin = text.find('"', end + 1);
  }
}

}  // namespace interlock::store
