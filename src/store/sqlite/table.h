// SPDX-License-Identifier: Apache-2.0
// How a record type lies in SQLite, derived from its description:
//
//   records_customers (n integer primary key, id, version, created_at, updated_at, created_by, deleted_at, last_seq,
//                      one column a field), strict; n is a small number that indexes and the search refer to.
//   records_customers_id                unique index; records_customers_by_FIELD for each indexed field and for the
//                                       header's field that lists are sorted by; partial and unique where the field is.
//   search_customers                    FTS5 without content over the searchable fields, rowid = n (see search.h).
//
// Ids and subjects are bytes, times and money integers, lists and JSON their JSON text. Columns have defaults, so that
// a program of the previous minor format, which does not know them, can insert.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"
#include "store/sqlite/connection.h"

namespace interlock::store::sqlite {

struct IndexLayout {
  std::string name;
  std::string sql;
};

struct TableLayout {
  const RecordType* type = nullptr;
  std::string table;
  std::string search;  ///< the search table's name; empty if no field is searchable
  std::string create;
  std::vector<IndexLayout> indexes;
  std::vector<std::string> column_definitions;  ///< of the type's own fields, in order
  std::string columns;                          ///< `n, id, version, …`: what read_row expects
};

/// The first column of read_row's rows that belongs to a field of the type's own.
inline constexpr int header_columns = 8;

/// Built once per type and process. Thread-safe.
const TableLayout& layout_of(const RecordType& type);

/// Fills the record from a row of `columns`; answers n.
std::int64_t read_row(const Statement& row, const TableLayout& layout, void* record);
/// Binds the header's columns version … last_seq to the parameters from `first` on.
void bind_header(Statement& statement, int first, const RecordHeader& header);
/// Binds one field. `scratch` keeps what has no memory of its own until the statement is reset. Throws
/// ConstraintViolation for text that is not UTF-8.
void bind_field(Statement& statement, int parameter, const FieldInfo& field, const void* record, std::string& scratch);
/// Binds a value to be compared with the field.
void bind_value(Statement& statement, int parameter, const FieldInfo& field, const Value& value, std::string& scratch);
/// As fields_equal, without copies.
bool same_field(const FieldInfo& field, const void* a, const void* b);
/// The number of own and header columns between id and the fields, bound by bind_header.
inline constexpr int bound_header_columns = 6;

}  // namespace interlock::store::sqlite
