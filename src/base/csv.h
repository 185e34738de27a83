// SPDX-License-Identifier: Apache-2.0
// Comma-separated values (RFC 4180) with the tolerance that spreadsheets need: LF or CRLF, a UTF-8 byte order mark.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interlock {

using CsvRow = std::vector<std::string>;

/// Reads rows one by one from a text that outlives it. Throws Refusal invalid_value with the line's number for an open
/// quote, text after a closing quote, a NUL, invalid UTF-8, or a field beyond `field_bytes_max`; it then goes on with
/// the line after the refused one, and line() is the refused row's. Not thread-safe.
class CsvReader {
 public:
  CsvReader(std::string_view text, char separator, std::size_t field_bytes_max);
  /// The next row, nothing at the end. Empty lines are skipped.
  std::optional<CsvRow> next();
  /// Line of the row that next() gave last, from 1.
  std::size_t line() const { return row_line_; }

 private:
  std::string bare_field();
  std::string quoted_field();
  void check_field(const std::string& field);
  [[noreturn]] void fail(const std::string& what);

  std::string_view rest_;
  char separator_;
  std::size_t field_bytes_max_;
  std::size_t line_ = 1;
  std::size_t row_line_ = 1;
};

/// The separator that the first line uses most: comma, semicolon or tab; comma when none occurs.
char guess_csv_separator(std::string_view text);

/// One row with a line end. Cells that begin with = + - @ tab or CR get a leading apostrophe, so that no spreadsheet
/// runs them as formulas (OWASP, CSV injection).
void append_csv_row(std::string& out, const CsvRow& row);

}  // namespace interlock
