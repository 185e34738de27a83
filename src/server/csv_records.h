// SPDX-License-Identifier: Apache-2.0
// Rows of a CSV file and requests of COLLECTION/create, by the field table of the record type.
#pragma once

#include <string>
#include <vector>

#include "base/csv.h"
#include "base/json.h"
#include "model/record.h"

namespace interlock::server {

/// Columns that the report of refused rows adds; an import leaves them out, so that a mended report can be imported.
inline constexpr std::string_view line_column = "import_line";
inline constexpr std::string_view error_column = "import_error";
/// Between the items of a list in one cell.
inline constexpr char list_separator = ';';

/// Which field each column fills.
class ColumnMap {
 public:
  /// `heading` is the file's first row, `map` holds "Column=field" entries ("Column=" leaves one out). A column without
  /// an entry fills the field of its name, whatever its case, with blanks and hyphens for underscores. Throws
  /// CommandError that names the column: not in the file, no such field, two for one field, a required field without
  /// one.
  ColumnMap(const RecordType& type, const CsvRow& heading, const std::vector<std::string>& map);

  std::size_t columns() const { return fields_.size(); }
  /// The request of a row; empty cells are left out. Throws Refusal with the field's name for a cell that its field
  /// cannot take, required for a field that is missing, malformed_request for a row of another length.
  JsonObject request_of(const CsvRow& row) const;

 private:
  void check_required(const RecordType& type) const;

  const RecordType& type_;
  std::vector<const FieldInfo*> fields_;  ///< by column; nullptr: left out
};

/// Takes off the apostrophe that append_csv_row puts before what a spreadsheet would run.
std::string without_formula_guard(std::string cell);
/// A cell as the JSON that the field takes. Throws Refusal wrong_type.
Json cell_json(const FieldInfo& field, const std::string& cell);
/// The other way round, for exports: texts as they are, lists joined, null empty.
std::string cell_text(const Json& value);

}  // namespace interlock::server
