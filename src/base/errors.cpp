// SPDX-License-Identifier: Apache-2.0
#include "base/errors.h"

#include <array>

#include "base/check.h"

namespace interlock {

namespace {

constexpr ErrorInfo table[] = {
#define ERROR(number, code, status, title, remedy) {ErrorCode::code, #code, status, title, remedy},
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

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
}

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
      "| code | HTTP status | number | meaning | what to do |\n|---|---|---|---|---|\n";
  for (const ErrorInfo& info : table) {
    out += "| <a id=\"";
    out += info.name;
    out += "\"></a>`";
    out += info.name;
    out += "` | " + std::to_string(info.http_status) + " | " + std::to_string(number_of(info.code)) + " | ";
    out += info.title;
    out += " | ";
    out += info.remedy;
    out += " |\n";
  }
  return out;
}

std::string errors_html() {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Error codes</title>\n</head>\n<body>\n<main>\n"
      "<h1>Error codes</h1>\n<p>Every problem document (RFC 9457) carries one of these in <code>code</code>. A code is "
      "never reused, and its meaning never changes.</p>\n";
  for (const ErrorInfo& info : table) {
    out += "<section id=\"" + std::string(info.name) + "\">\n<h2><a href=\"#" + std::string(info.name) + "\"><code>" +
           std::string(info.name) + "</code></a></h2>\n<p>HTTP status " + std::to_string(info.http_status) + ". ";
    append_html(out, info.title);
    out += ".</p>\n<p>What to do: ";
    append_html(out, info.remedy);
    out += ".</p>\n</section>\n";
  }
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace interlock
