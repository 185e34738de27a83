// SPDX-License-Identifier: Apache-2.0
#include "base/errors.h"

#include <array>

#include "base/check.h"

namespace interlock {

namespace {

constexpr ErrorInfo table[] = {
#define ERROR(number, code, status, title) {ErrorCode::code, #code, status, title},
#include "base/errors.def"
#undef ERROR
};

constexpr std::size_t number_of(ErrorCode code) { return static_cast<std::size_t>(code); }

constexpr std::size_t numbers_end() {
  std::size_t end = 0;
  for (const ErrorInfo& info : table) end = number_of(info.code) >= end ? number_of(info.code) + 1 : end;
  return end;
}

constexpr bool numbers_rise() {
  for (std::size_t i = 1; i < std::size(table); ++i) {
    if (number_of(table[i - 1].code) >= number_of(table[i].code)) return false;
  }
  return number_of(table[0].code) > 0;
}
static_assert(numbers_rise(), "errors.def: numbers rise from 1 and are never used twice");

// Position in the table plus one for each number, 0 for a number that no code has.
constexpr auto positions = [] {
  std::array<std::uint16_t, numbers_end()> result{};
  for (std::size_t i = 0; i < std::size(table); ++i)
    result[number_of(table[i].code)] = static_cast<std::uint16_t>(i + 1);
  return result;
}();

}  // namespace

const ErrorInfo& error_info(ErrorCode code) {
  const std::size_t number = number_of(code);
  INVARIANT(number < positions.size() && positions[number] != 0);
  return table[positions[number] - 1];
}

std::optional<ErrorCode> error_code_of(std::uint16_t number) {
  if (number >= positions.size() || positions[number] == 0) return std::nullopt;
  return table[positions[number] - 1].code;
}

std::span<const ErrorInfo> all_errors() { return table; }

std::string errors_markdown() {
  std::string out =
      "# Error codes\n\n"
      "Generated from `src/base/errors.def`. Every problem document (RFC 9457) carries one of these in `code`. A code "
      "is\n"
      "never reused, and its meaning never changes.\n\n"
      "| code | HTTP status | number | meaning |\n|---|---|---|---|\n";
  for (const ErrorInfo& info : table) {
    out += "| <a id=\"";
    out += info.name;
    out += "\"></a>`";
    out += info.name;
    out += "` | " + std::to_string(info.http_status) + " | " + std::to_string(number_of(info.code)) + " | ";
    out += info.title;
    out += " |\n";
  }
  return out;
}

}  // namespace interlock
