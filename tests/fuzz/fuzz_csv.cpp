// SPDX-License-Identifier: Apache-2.0
// Any bytes are refused line by line or become rows that, written and read again, stay the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/csv.h"
#include "base/refusal.h"
#include "base/utf8.h"

namespace {

constexpr std::size_t field_bytes_max = 4'096;

void check_row(const interlock::CsvRow& row) {
  INVARIANT(!row.empty());
  for (const std::string& cell : row) {
    INVARIANT(cell.size() <= field_bytes_max && interlock::is_valid_utf8(cell));
  }
  std::string text;
  interlock::append_csv_row(text, row);
  // Room for the apostrophe before a formula.
  interlock::CsvReader reader(text, ',', field_bytes_max + 1);
  const auto again = reader.next();
  INVARIANT(again && again->size() == row.size() && !reader.next());
  for (std::size_t i = 0; i < row.size(); ++i) {
    INVARIANT((*again)[i] == row[i] || (*again)[i] == "'" + row[i]);
  }
}

void check(std::string_view input) {
  interlock::CsvReader reader(input, interlock::guess_csv_separator(input), field_bytes_max);
  std::size_t line = 0;
  for (bool more = true; more;) {
    try {
      const auto row = reader.next();
      more = row.has_value();
      if (row) check_row(*row);
    } catch (const interlock::Refusal& refusal) {
      INVARIANT(refusal.code == interlock::ErrorCode::invalid_value);
    }
    INVARIANT(!more || reader.line() > line);
    line = reader.line();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({reinterpret_cast<const char*>(data), size});
  return 0;
}
