// SPDX-License-Identifier: Apache-2.0
// How a record type lies in PostgreSQL, derived from its description. All tenants share a table; every key begins with
// the lane, which is the tenant's id, so that the tables can be distributed by it:
//
//   records_customers (lane uuid, id uuid, n bigint, version, created_at, …, last_seq, one column a field),
//                     primary key (lane, id); n counts the tenant's records in the order in which they were created.
//   records_customers_by_FIELD          (lane, field, n) for each indexed field and for the header's field that lists
//                                       are sorted by; partial, unique and without n where the field is unique
//   search_customers (lane, id, words tsvector)    over the searchable fields (see search_words.h)
//
// Times are timestamptz, ids uuid, subjects bytea, lists jsonb; JSON is json, which keeps its text. Text is compared by
// its bytes. Columns have defaults, so that a program of the previous minor format, which does not know them, can
// insert.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/query.h"
#include "model/record.h"
#include "store/postgres/connection.h"

namespace interlock::store::postgres {

struct IndexLayout {
  std::string name;
  std::string definition;  ///< what follows `create [unique] index [concurrently] NAME `
  bool unique = false;
};

struct TableLayout {
  const RecordType* type = nullptr;
  std::string table;
  std::string search;  ///< the search table's name; empty if no field is searchable
  std::string create;
  std::string create_search;
  std::vector<std::string> column_definitions;  ///< of the type's own fields, in order
  std::vector<IndexLayout> indexes;
  std::string columns;  ///< `id, version, …`: what read_row expects
  std::string insert;   ///< the statement; parameters: tenant, n, id, the header, the fields
  bool has_unique = false;
};

/// Built once per type and process. Thread-safe.
const TableLayout& layout_of(const RecordType& type);

/// ` nulls first`, ` desc nulls last`, …: null sorts before everything.
std::string_view direction(const FieldInfo& field, bool descending);

/// Fills the record from a row of `columns`, which begin at column `first`.
void read_row(const Result& rows, int row, const TableLayout& layout, void* record, int first = 0);
/// version, created_at, updated_at, created_by, deleted_at, last_seq.
void add_header(Parameters& parameters, const RecordHeader& header);
/// Throws ConstraintViolation for text that PostgreSQL cannot keep: not UTF-8, or with a NUL.
void add_field(Parameters& parameters, const FieldInfo& field, const void* record);
/// A value to be compared with the field.
void add_value(Parameters& parameters, const FieldInfo& field, const Value& value);
/// Throws ConstraintViolation, as add_field.
std::string_view checked_text(std::string_view name, std::string_view text);

}  // namespace interlock::store::postgres
