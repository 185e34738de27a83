// SPDX-License-Identifier: Apache-2.0
#include "base/csv.h"

#include <algorithm>
#include <array>

#include "base/refusal.h"
#include "base/utf8.h"

namespace interlock {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

/// Takes one line end (LF or CRLF) from the front.
bool take_line_end(std::string_view& rest) {
  const std::size_t size = rest.starts_with("\r\n") ? 2 : rest.starts_with('\n') ? 1 : 0;
  rest.remove_prefix(size);
  return size > 0;
}

void skip_line(std::string_view& rest) { rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1); }

Refusal refusal_at(std::size_t line, std::string_view what) {
  return Refusal(ErrorCode::invalid_value, "line " + std::to_string(line) + ": " + std::string(what));
}

}  // namespace

CsvReader::CsvReader(std::string_view text, char separator, std::size_t field_bytes_max)
    : rest_(without_mark(text)), separator_(separator), field_bytes_max_(field_bytes_max) {}

std::optional<CsvRow> CsvReader::next() {
  while (take_line_end(rest_)) ++line_;
  if (rest_.empty()) return std::nullopt;
  row_line_ = line_;
  CsvRow row;
  for (bool more = true; more;) {
    row.push_back(rest_.starts_with('"') ? quoted_field() : bare_field());
    check_field(row.back());
    more = rest_.starts_with(separator_);
    if (more) rest_.remove_prefix(1);
  }
  if (take_line_end(rest_)) ++line_;
  return row;
}

std::string CsvReader::bare_field() {
  std::size_t end = 0;
  while (end < rest_.size() && rest_[end] != separator_ && rest_[end] != '\n') ++end;
  if (end > 0 && end < rest_.size() && rest_[end] == '\n' && rest_[end - 1] == '\r') --end;
  std::string field(rest_.substr(0, end));
  rest_.remove_prefix(end);
  return field;
}

std::string CsvReader::quoted_field() {
  rest_.remove_prefix(1);
  std::string field;
  for (;;) {
    const std::size_t quote = rest_.find('"');
    if (quote == std::string_view::npos) {
      rest_ = {};
      throw refusal_at(row_line_, "a quote is never closed");
    }
    const std::string_view piece = rest_.substr(0, quote);
    line_ += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
    field += piece;
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;
    field += '"';
    rest_.remove_prefix(1);
  }
  if (!rest_.empty() && !rest_.starts_with(separator_) && !rest_.starts_with('\n') && !rest_.starts_with("\r\n")) {
    fail("text after a closing quote");
  }
  return field;
}

void CsvReader::check_field(const std::string& field) {
  if (field.size() > field_bytes_max_) {
    fail("a field is longer than " + std::to_string(field_bytes_max_) + " bytes");
  }
  if (field.find('\0') != std::string::npos) fail("a NUL character");
  if (!is_valid_utf8(field)) fail("the text is not UTF-8");
}

void CsvReader::fail(const std::string& what) {
  const Refusal refusal = refusal_at(row_line_, what);
  if (!rest_.empty()) {
    skip_line(rest_);
    ++line_;
  }
  throw refusal;
}

char guess_csv_separator(std::string_view text) {
  constexpr std::array<char, 3> candidates = {',', ';', '\t'};
  std::array<std::size_t, candidates.size()> counts{};
  bool quoted = false;
  for (const char c : without_mark(text)) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    for (std::size_t i = 0; i < candidates.size(); ++i) counts[i] += c == candidates[i] ? 1 : 0;
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return candidates[static_cast<std::size_t>(most - counts.begin())];
}

namespace {

void append_cell(std::string& out, std::string_view cell) {
  const bool formula = !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos;
  // A byte order mark at the front of a file would be taken for the file's own.
  const bool quoted = cell.find_first_of("\",;\t\r\n") != std::string_view::npos || cell.starts_with(byte_order_mark);
  if (quoted) out += '"';
  if (formula) out += '\'';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quoted) out += '"';
}

}  // namespace

void append_csv_row(std::string& out, const CsvRow& row) {
  // A lone empty cell would be an empty line, which readers skip.
  if (row.size() == 1 && row.front().empty()) out += "\"\"";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    append_cell(out, row[i]);
  }
  out += "\r\n";
}

}  // namespace interlock
