// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/table.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>

#include "base/check.h"
#include "base/utf8.h"
#include "store/columns.h"

namespace interlock::store::sqlite {
namespace {

constexpr std::string_view nil_literal = "x'00000000000000000000000000000000'";

std::string_view column_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
    case FieldKind::text_list:
    case FieldKind::json:
      return "text";
    case FieldKind::integer:
    case FieldKind::boolean:
    case FieldKind::time:
      return "integer";
    case FieldKind::reference:
    case FieldKind::subject:
      return "blob";
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
    case FieldKind::boolean:
    case FieldKind::time:
      return "0";
    case FieldKind::reference:
      return nil_literal;
    case FieldKind::subject:
      return "x'000000000000000000000000000000000000'";
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"a record has no objects");
  return {};
}

std::string column_definition(const FieldInfo& field) {
  std::string out = quoted(field.name) + " ";
  out += column_type(field.kind);
  if (!field.nullable) out.append(" not null default ").append(empty_literal(field.kind));
  return out;
}

IndexLayout index_of(const TableLayout& layout, const FieldInfo& field) {
  IndexLayout index;
  index.name = layout.table + "_by_" + std::string(field.name);
  index.sql = std::string("create ") + (field.unique ? "unique " : "") + "index if not exists " + index.name + " on " +
              layout.table + " (" + quoted(field.name) + ")";
  if (field.unique) {
    index.sql += " where deleted_at is null and " + quoted(field.name) + " <> ";
    index.sql += empty_literal(field.kind);
  }
  return index;
}

std::unique_ptr<TableLayout> make_layout(const RecordType& type) {
  auto layout = std::make_unique<TableLayout>();
  layout->type = &type;
  layout->table = table_name("records_", type);
  layout->columns = "n, id, version, created_at, updated_at, created_by, deleted_at, last_seq";
  layout->create =
      "create table if not exists " + layout->table +
      " (n integer primary key, id blob not null, version integer not null, created_at integer not null, "
      "updated_at integer not null, created_by blob not null, deleted_at integer, last_seq integer not null";
  for (const auto& field : type.fields()) {
    layout->column_definitions.push_back(column_definition(field));
    layout->create += ", " + layout->column_definitions.back();
    layout->columns += ", " + quoted(field.name);
  }
  layout->create += ") strict";
  layout->indexes.push_back({layout->table + "_id", "create unique index if not exists " + layout->table + "_id on " +
                                                        layout->table + " (id)"});
  for (const auto* field : indexed_fields(type)) layout->indexes.push_back(index_of(*layout, *field));
  if (is_searchable(type)) layout->search = table_name("search_", type);
  return layout;
}

Uuid uuid_at(std::string_view bytes) {
  Uuid id;
  if (bytes.size() == id.bytes.size()) std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
  return id;
}

void read_field(const Column& column, const FieldInfo& field, void* record) {
  if (field.nullable && column.is_null()) return interlock::clear_field(field, record);
  switch (field.kind) {
    case FieldKind::text:
      assigned<std::string>(field, record) = column.bytes();
      return;
    case FieldKind::integer:
    case FieldKind::time:
      assigned<std::int64_t>(field, record) = column.integer();
      return;
    case FieldKind::boolean:
      assigned<bool>(field, record) = column.integer() != 0;
      return;
    case FieldKind::reference:
      assigned<Uuid>(field, record) = uuid_at(column.bytes());
      return;
    case FieldKind::subject:
      assigned<Subject>(field, record) = subject_from_bytes(column.bytes());
      return;
    case FieldKind::text_list:
      return read_list(column.bytes(), assigned<std::vector<std::string>>(field, record));
    case FieldKind::json:
      assigned<JsonText>(field, record).text = column.bytes();
      return;
    case FieldKind::object:
    case FieldKind::object_list:
      INVARIANT(!"a record has no objects");
  }
}

std::string_view checked_text(const FieldInfo& field, std::string_view text) {
  if (!is_valid_utf8(text)) throw ConstraintViolation(std::string(field.name) + " is not valid UTF-8");
  return text;
}

template <class T>
bool same(const FieldInfo& field, const void* a, const void* b) {
  const T* left = content<T>(field, a);
  const T* right = content<T>(field, b);
  return left == nullptr || right == nullptr ? left == right : *left == *right;
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

std::int64_t read_row(const Statement& row, const TableLayout& layout, void* record) {
  auto& header = interlock::header(record);
  header.id = uuid_at(row.blob(1));
  header.version = row.integer(2);
  header.created_at.us = row.integer(3);
  header.updated_at.us = row.integer(4);
  header.created_by = uuid_at(row.blob(5));
  const auto deleted_at = row.column(6);
  header.deleted_at = deleted_at.is_null() ? std::nullopt : std::optional<Time>(Time{deleted_at.integer()});
  header.last_seq = row.integer(7);
  int column = header_columns;
  for (const auto& field : layout.type->fields()) read_field(row.column(column++), field, record);
  return row.integer(0);
}

void bind_header(Statement& statement, int first, const RecordHeader& header) {
  statement.bind(first, header.version).bind(first + 1, header.created_at.us).bind(first + 2, header.updated_at.us);
  statement.bind_blob(first + 3, header.created_by.view());
  if (header.deleted_at) {
    statement.bind(first + 4, header.deleted_at->us);
  } else {
    statement.bind_null(first + 4);
  }
  statement.bind(first + 5, header.last_seq);
}

void bind_field(Statement& statement, int parameter, const FieldInfo& field, const void* record, std::string& scratch) {
  const auto absent = [&] { statement.bind_null(parameter); };
  switch (field.kind) {
    case FieldKind::text: {
      const auto* text = content<std::string>(field, record);
      return text == nullptr ? absent() : void(statement.bind_text(parameter, checked_text(field, *text)));
    }
    case FieldKind::integer:
    case FieldKind::time: {
      const auto* number = content<std::int64_t>(field, record);
      return number == nullptr ? absent() : void(statement.bind(parameter, *number));
    }
    case FieldKind::boolean: {
      const auto* flag = content<bool>(field, record);
      return flag == nullptr ? absent() : void(statement.bind(parameter, std::int64_t{*flag}));
    }
    case FieldKind::reference: {
      const auto* id = content<Uuid>(field, record);
      return id == nullptr ? absent() : void(statement.bind_blob(parameter, id->view()));
    }
    case FieldKind::subject: {
      const auto* subject = content<Subject>(field, record);
      if (subject == nullptr) return absent();
      scratch = subject_bytes(*subject);
      return void(statement.bind_blob(parameter, scratch));
    }
    case FieldKind::text_list: {
      const auto* items = content<std::vector<std::string>>(field, record);
      if (items == nullptr) return absent();
      write_list(*items, scratch);
      return void(statement.bind_text(parameter, checked_text(field, scratch)));
    }
    case FieldKind::json: {
      const auto* json = content<JsonText>(field, record);
      return json == nullptr ? absent() : void(statement.bind_text(parameter, checked_text(field, json->text)));
    }
    case FieldKind::object:
    case FieldKind::object_list:
      INVARIANT(!"a record has no objects");
  }
}

void bind_value(Statement& statement, int parameter, const FieldInfo& field, const Value& value, std::string& scratch) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    statement.bind(parameter, std::int64_t{*flag});
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    statement.bind(parameter, *number);
  } else if (const auto* id = std::get_if<Uuid>(&value)) {
    statement.bind_blob(parameter, id->view());
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    if (field.kind == FieldKind::subject) {
      statement.bind_blob(parameter, *text);
    } else {
      statement.bind_text(parameter, *text);
    }
  } else if (const auto* items = std::get_if<std::vector<std::string>>(&value)) {
    write_list(*items, scratch);
    statement.bind_text(parameter, scratch);
  } else {
    statement.bind_null(parameter);
  }
}

bool same_field(const FieldInfo& field, const void* a, const void* b) {
  switch (field.kind) {
    case FieldKind::text:
      return same<std::string>(field, a, b);
    case FieldKind::integer:
    case FieldKind::time:
      return same<std::int64_t>(field, a, b);
    case FieldKind::boolean:
      return same<bool>(field, a, b);
    case FieldKind::reference:
      return same<Uuid>(field, a, b);
    case FieldKind::subject:
      return same<Subject>(field, a, b);
    case FieldKind::text_list:
      return same<std::vector<std::string>>(field, a, b);
    case FieldKind::json:
      return same<JsonText>(field, a, b);
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"a record has no objects");
  return false;
}

}  // namespace interlock::store::sqlite
