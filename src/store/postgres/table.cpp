// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/table.h"

#include <map>
#include <memory>
#include <mutex>

#include "base/check.h"
#include "base/utf8.h"
#include "store/columns.h"

namespace interlock::store::postgres {
namespace {

std::string_view column_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return "text collate \"C\"";
    case FieldKind::text_list:
      return "jsonb";
    case FieldKind::json:
      return "json";
    case FieldKind::integer:
      return "bigint";
    case FieldKind::boolean:
      return "boolean";
    case FieldKind::time:
      return "timestamptz";
    case FieldKind::reference:
      return "uuid";
    case FieldKind::subject:
      return "bytea";
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"a record has no objects");
  return {};
}

std::string_view empty_literal(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return "''";
    case FieldKind::text_list:
      return "'[]'";
    case FieldKind::json:
      return "'null'";
    case FieldKind::integer:
      return "0";
    case FieldKind::boolean:
      return "false";
    case FieldKind::time:
      return "'1970-01-01 00:00:00+00'";
    case FieldKind::reference:
      return "'00000000-0000-0000-0000-000000000000'";
    case FieldKind::subject:
      return "'\\x000000000000000000000000000000000000'";
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"a record has no objects");
  return {};
}

Type parameter_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return Type::text;
    case FieldKind::text_list:
      return Type::jsonb;
    case FieldKind::json:
      return Type::json;
    case FieldKind::integer:
      return Type::bigint;
    case FieldKind::boolean:
      return Type::boolean;
    case FieldKind::time:
      return Type::timestamptz;
    case FieldKind::reference:
      return Type::uuid;
    case FieldKind::subject:
      return Type::bytea;
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"a record has no objects");
  return Type::text;
}

std::string column_definition(const FieldInfo& field) {
  std::string out = quoted(field.name) + " ";
  out += column_type(field.kind);
  if (!field.nullable) out.append(" not null default ").append(empty_literal(field.kind));
  return out;
}

IndexLayout index_of(const TableLayout& layout, const FieldInfo& field) {
  IndexLayout index;
  index.unique = field.unique;
  index.name = layout.table + "_by_" + std::string(field.name);
  index.definition = "on " + layout.table + " (lane, " + quoted(field.name);
  if (field.unique) {
    index.definition += ") where deleted_at is null and " + quoted(field.name) + " <> ";
    index.definition += empty_literal(field.kind);
  } else {
    index.definition.append(direction(field, false)).append(", n)");
  }
  return index;
}

std::string parameters(int first, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "$" : ", $") + std::to_string(first + static_cast<int>(i));
  return out;
}

constexpr std::size_t header_parameters = 6;

std::unique_ptr<TableLayout> make_layout(const RecordType& type) {
  auto layout = std::make_unique<TableLayout>();
  layout->type = &type;
  layout->table = table_name("records_", type);
  layout->columns = "id, version, created_at, updated_at, created_by, deleted_at, last_seq";
  layout->create = "create table if not exists " + layout->table +
                   " (lane uuid not null, id uuid not null, n bigint not null, version bigint not null, "
                   "created_at timestamptz not null, updated_at timestamptz not null, created_by uuid not null, "
                   "deleted_at timestamptz, last_seq bigint not null";
  for (const auto& field : type.fields()) {
    layout->column_definitions.push_back(column_definition(field));
    layout->create += ", " + layout->column_definitions.back();
    layout->columns += ", " + quoted(field.name);
    layout->has_unique |= field.unique;
  }
  layout->create += ", primary key (lane, id))";
  layout->insert = "insert into " + layout->table + " (lane, n, " + layout->columns + ") values (" +
                   parameters(1, 3 + header_parameters + type.fields().size()) + ")";
  if (is_searchable(type)) {
    layout->search = table_name("search_", type);
    layout->create_search = "create table if not exists " + layout->search +
                            " (lane uuid not null, id uuid not null, words tsvector not null, "
                            "primary key (lane, id));create index if not exists " +
                            layout->search + "_words on " + layout->search + " using gin (words)";
  }
  for (const auto* field : indexed_fields(type)) layout->indexes.push_back(index_of(*layout, *field));
  return layout;
}

void add_list(Parameters& parameters, const std::vector<std::string>& items) {
  std::string text;
  write_list(items, text);
  parameters.jsonb(text);
}

void read_field(const Result& rows, int row, int column, const FieldInfo& field, void* record) {
  if (field.nullable && rows.is_null(row, column)) return interlock::clear_field(field, record);
  switch (field.kind) {
    case FieldKind::text:
      assigned<std::string>(field, record) = rows.text(row, column);
      return;
    case FieldKind::integer:
      assigned<std::int64_t>(field, record) = rows.integer(row, column);
      return;
    case FieldKind::time:
      assigned<std::int64_t>(field, record) = rows.time(row, column).us;
      return;
    case FieldKind::boolean:
      assigned<bool>(field, record) = rows.boolean(row, column);
      return;
    case FieldKind::reference:
      assigned<Uuid>(field, record) = rows.id(row, column);
      return;
    case FieldKind::subject:
      assigned<Subject>(field, record) = subject_from_bytes(rows.bytes(row, column));
      return;
    case FieldKind::text_list:
      return read_list(rows.text(row, column), assigned<std::vector<std::string>>(field, record));
    case FieldKind::json:
      assigned<JsonText>(field, record).text = rows.text(row, column);
      return;
    case FieldKind::object:
    case FieldKind::object_list:
      INVARIANT(!"a record has no objects");
  }
}

}  // namespace

const TableLayout& layout_of(const RecordType& type) {
  static std::mutex mutex;
  static auto& layouts = *new std::map<const RecordType*, std::unique_ptr<TableLayout>>();
  const std::lock_guard lock(mutex);
  auto& layout = layouts[&type];
  if (!layout) layout = make_layout(type);
  return *layout;
}

std::string_view direction(const FieldInfo& field, bool descending) {
  if (!field.nullable) return descending ? " desc" : "";
  return descending ? " desc nulls last" : " nulls first";
}

void read_row(const Result& rows, int row, const TableLayout& layout, void* record, int first) {
  auto& header = interlock::header(record);
  int column = first;
  header.id = rows.id(row, column++);
  header.version = rows.integer(row, column++);
  header.created_at = rows.time(row, column++);
  header.updated_at = rows.time(row, column++);
  header.created_by = rows.id(row, column++);
  header.deleted_at = rows.is_null(row, column) ? std::nullopt : std::optional(rows.time(row, column));
  ++column;
  header.last_seq = rows.integer(row, column++);
  for (const auto& field : layout.type->fields()) read_field(rows, row, column++, field, record);
}

void add_header(Parameters& parameters, const RecordHeader& header) {
  parameters.integer(header.version).time(header.created_at).time(header.updated_at).id(header.created_by);
  if (header.deleted_at) {
    parameters.time(*header.deleted_at);
  } else {
    parameters.null(Type::timestamptz);
  }
  parameters.integer(header.last_seq);
}

std::string_view checked_text(std::string_view name, std::string_view text) {
  if (!is_valid_utf8(text)) throw ConstraintViolation(std::string(name) + " is not valid UTF-8");
  if (text.find('\0') != std::string_view::npos) throw ConstraintViolation(std::string(name) + " holds a NUL");
  return text;
}

void add_field(Parameters& parameters, const FieldInfo& field, const void* record) {
  if (value_address(field, record) == nullptr) return void(parameters.null(parameter_type(field.kind)));
  switch (field.kind) {
    case FieldKind::text:
      return void(parameters.text(checked_text(field.name, *content<std::string>(field, record))));
    case FieldKind::integer:
      return void(parameters.integer(*content<std::int64_t>(field, record)));
    case FieldKind::time:
      return void(parameters.time(Time{*content<std::int64_t>(field, record)}));
    case FieldKind::boolean:
      return void(parameters.boolean(*content<bool>(field, record)));
    case FieldKind::reference:
      return void(parameters.id(*content<Uuid>(field, record)));
    case FieldKind::subject:
      return void(parameters.bytes(subject_bytes(*content<Subject>(field, record))));
    case FieldKind::text_list: {
      const auto& items = *content<std::vector<std::string>>(field, record);
      for (const auto& item : items) checked_text(field.name, item);
      return add_list(parameters, items);
    }
    case FieldKind::json:
      return void(parameters.text(checked_text(field.name, content<JsonText>(field, record)->text), Type::json));
    case FieldKind::object:
    case FieldKind::object_list:
      INVARIANT(!"a record has no objects");
  }
}

void add_value(Parameters& parameters, const FieldInfo& field, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    parameters.boolean(*flag);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (field.kind == FieldKind::time) {
      parameters.time(Time{*number});
    } else if (field.kind == FieldKind::boolean) {
      parameters.boolean(*number != 0);
    } else {
      parameters.integer(*number);
    }
  } else if (const auto* id = std::get_if<Uuid>(&value)) {
    parameters.id(*id);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    if (field.kind == FieldKind::subject) {
      parameters.bytes(*text);
    } else {
      parameters.text(*text, field.kind == FieldKind::json ? Type::json : Type::text);
    }
  } else if (const auto* items = std::get_if<std::vector<std::string>>(&value)) {
    add_list(parameters, *items);
  } else {
    parameters.null(parameter_type(field.kind));
  }
}

}  // namespace interlock::store::postgres
