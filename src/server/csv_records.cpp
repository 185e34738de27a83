// SPDX-License-Identifier: Apache-2.0
#include "server/csv_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/refusal.h"
#include "model/record_json.h"
#include "server/errors.h"

namespace interlock::server {
namespace {

std::string plain_name(std::string_view column) {
  std::string name;
  for (char c : column) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    name += c == ' ' || c == '-' ? '_' : c;
  }
  return name;
}

/// "Column=field" entries by column.
std::map<std::string, std::string> entries_of(const std::vector<std::string>& map, const CsvRow& heading) {
  std::map<std::string, std::string> entries;
  for (const auto& entry : map) {
    const auto equals = entry.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw CommandError(fmt::format("--map takes \"Column=field\", not \"{}\"", entry), ExitCode::usage);
    const auto column = entry.substr(0, equals);
    if (std::ranges::find(heading, column) == heading.end())
      throw CommandError(fmt::format("the file has no column \"{}\"", column), ExitCode::usage);
    entries[column] = entry.substr(equals + 1);
  }
  return entries;
}

bool is_settable(const FieldInfo& field) { return !field.secret && !field.read_only; }

std::string settable_names(const RecordType& type) {
  std::string names;
  for (const auto& field : type.fields())
    if (is_settable(field)) names += (names.empty() ? "" : ", ") + std::string(field.name);
  return names;
}

const FieldInfo* settable_field(const RecordType& type, std::string_view name) {
  for (const auto& field : type.fields())
    if (field.name == name && is_settable(field)) return &field;
  return nullptr;
}

Refusal wrong_type(const FieldInfo& field, std::string_view wanted) {
  return Refusal(ErrorCode::wrong_type, fmt::format("{} must be {}", field.name, wanted))
      .at_field(std::string(field.name));
}

Json integer_json(const FieldInfo& field, const std::string& cell) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size()) throw wrong_type(field, "an integer");
  return Json(value);
}

Json list_json(const std::string& cell) {
  JsonArray items;
  std::size_t begin = 0;
  while (begin <= cell.size()) {
    const auto end = std::min(cell.find(list_separator, begin), cell.size());
    auto item = std::string_view(cell).substr(begin, end - begin);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    begin = end + 1;
  }
  return Json(std::move(items));
}

}  // namespace

ColumnMap::ColumnMap(const RecordType& type, const CsvRow& heading, const std::vector<std::string>& map) : type_(type) {
  const auto entries = entries_of(map, heading);
  for (const auto& column : heading) {
    const auto entry = entries.find(column);
    const auto name = entry != entries.end() ? entry->second : plain_name(column);
    if (name.empty() || (entry == entries.end() && (name == line_column || name == error_column))) {
      fields_.push_back(nullptr);
      continue;
    }
    const auto* field = settable_field(type, name);
    if (field == nullptr)
      throw CommandError(
          fmt::format("column \"{0}\" fits no field; say --map \"{0}=FIELD\" with one of {1}, or --map \"{0}=\"",
                      column, settable_names(type)),
          ExitCode::usage);
    if (std::ranges::find(fields_, field) != fields_.end())
      throw CommandError(fmt::format("two columns fill {}", field->name), ExitCode::usage);
    fields_.push_back(field);
  }
  check_required(type);
}

void ColumnMap::check_required(const RecordType& type) const {
  for (const auto& field : type.fields())
    if (field.required && std::ranges::find(fields_, &field) == fields_.end())
      throw CommandError(
          fmt::format("no column fills {}, which is required; say --map \"Column={}\"", field.name, field.name),
          ExitCode::usage);
}

JsonObject ColumnMap::request_of(const CsvRow& row) const {
  if (row.size() != fields_.size())
    throw Refusal(ErrorCode::malformed_request,
                  fmt::format("the row has {} cells, the heading {}", row.size(), fields_.size()));
  JsonObject request;
  RecordBox scratch(type_);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto* field = fields_[i];
    if (field == nullptr) continue;
    if (row[i].empty()) {
      if (field->required)
        throw Refusal(ErrorCode::required, fmt::format("{} is required", field->name))
            .at_field(std::string(field->name));
      continue;
    }
    auto value = cell_json(*field, without_formula_guard(row[i]));
    read_field_json(*field, value, scratch.get());
    request.emplace_back(std::string(field->name), std::move(value));
  }
  return request;
}

std::string without_formula_guard(std::string cell) {
  constexpr std::string_view guarded = "=+-@\t\r";
  if (cell.size() > 1 && cell[0] == '\'' && guarded.find(cell[1]) != std::string_view::npos) cell.erase(0, 1);
  return cell;
}

Json cell_json(const FieldInfo& field, const std::string& cell) {
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::time:
    case FieldKind::reference:
    case FieldKind::subject:
      return Json(cell);
    case FieldKind::integer:
      return integer_json(field, cell);
    case FieldKind::boolean:
      if (cell != "true" && cell != "false") throw wrong_type(field, "true or false");
      return Json(cell == "true");
    case FieldKind::text_list:
      return list_json(cell);
    case FieldKind::json:
    case FieldKind::object:
    case FieldKind::object_list:
      return parse_json(cell);
  }
  throw wrong_type(field, "of a kind that can be imported");
}

std::string cell_text(const Json& value) {
  if (value.is_null()) return {};
  if (const auto* text = value.if_text()) return *text;
  const auto* array = value.if_array();
  if (array == nullptr) return json_text(value);
  const bool texts = std::ranges::all_of(*array, [](const Json& item) { return item.if_text() != nullptr; });
  if (!texts) return json_text(value);
  std::string joined;
  for (const auto& item : *array) joined += (joined.empty() ? "" : std::string(1, list_separator)) + *item.if_text();
  return joined;
}

}  // namespace interlock::server
