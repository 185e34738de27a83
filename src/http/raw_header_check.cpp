// SPDX-License-Identifier: Apache-2.0
#include "http/raw_header_check.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "http/text.h"

namespace interlock::http {
namespace {

constexpr std::size_t npos = std::string_view::npos;

enum : unsigned char { token_char = 1, value_char = 2, target_char = 4, host_char = 8 };

constexpr std::array<unsigned char, 256> make_table() {
  std::array<unsigned char, 256> table{};
  for (unsigned c = 0x21; c < 0x7f; ++c) table[c] |= value_char | target_char;
  for (unsigned c = 0x80; c < 0x100; ++c) table[c] |= value_char;
  table[' '] |= value_char;
  table['\t'] |= value_char;
  for (unsigned char c :
       std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[c] |= token_char;
  }
  for (unsigned char c :
       std::string_view("-._~%!$&'()*+;=:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[c] |= host_char;
  }
  return table;
}

constexpr auto char_table = make_table();

bool all(std::string_view text, unsigned char kind) {
  for (unsigned char c : text) {
    if (!(char_table[c] & kind)) return false;
  }
  return true;
}

/// As all(text, value_char). Nearly all values are printable ASCII: eight bytes at a time are seen to be that (Sean
/// Anderson, "Bit Twiddling Hacks": hasless and haszero), the table decides about the others.
bool all_value_chars(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high_bits = ones * 0x80;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t deletes = word ^ (ones * 0x7f);
    const std::uint64_t odd = ((word - ones * 0x20) | (deletes - ones)) & ~word & high_bits;
    if (((odd | word) & high_bits) != 0) break;
  }
  return all(text.substr(at), value_char);
}

std::optional<std::string_view> request_line_fault(std::string_view line, bool& http_1_0) {
  auto first = line.find(' ');
  if (first == npos || first == 0 || !all(line.substr(0, first), token_char)) return "The request line is malformed";
  auto second = line.find(' ', first + 1);
  if (second == npos || second == first + 1) return "The request line is malformed";
  if (!all(line.substr(first + 1, second - first - 1), target_char)) return "The request target has invalid characters";
  auto version = line.substr(second + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return "Only HTTP/1.1 and HTTP/1.0 are spoken here";
  http_1_0 = version.back() == '0';
  return std::nullopt;
}

/// What of the fields decides about framing, routing and who calls: each stands there once.
struct Seen {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  int authorizations = 0;
};

std::optional<std::string_view> field_value_fault(std::string_view name, std::string_view value, bool http_1_0,
                                                  Seen& seen) {
  if (equal_ignoring_case(name, "host")) {
    if (++seen.hosts > 1) return "There are two Host headers";
    if (value.empty() || !all(value, host_char)) return "The Host header is invalid";
  } else if (equal_ignoring_case(name, "content-length")) {
    if (++seen.lengths > 1) return "There are two Content-Length headers";
    if (!parse_digits(value)) return "Content-Length is not one plain number";
  } else if (equal_ignoring_case(name, "authorization")) {
    if (++seen.authorizations > 1) return "There are two Authorization headers";
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    if (++seen.encodings > 1) return "There are two Transfer-Encoding headers";
    if (http_1_0) return "HTTP/1.0 has no Transfer-Encoding";
    if (!equal_ignoring_case(value, "chunked")) return "The only Transfer-Encoding accepted is chunked";
  }
  return std::nullopt;
}

std::optional<std::string_view> field_fault(std::string_view line, bool http_1_0, Seen& seen) {
  if (line.front() == ' ' || line.front() == '\t') return "Folded header lines are not accepted";
  auto colon = line.find(':');
  if (colon == npos || colon == 0) return "A header line has no name or no colon";
  auto name = line.substr(0, colon);
  if (!all(name, token_char)) return "A header name has invalid characters";
  auto value = trim(line.substr(colon + 1));
  if (!all_value_chars(value)) return "A header value has invalid characters";
  auto first = ascii_lower(name.front());
  if (first != 'h' && first != 'c' && first != 't' && first != 'a') return std::nullopt;
  return field_value_fault(name, value, http_1_0, seen);
}

}  // namespace

std::optional<std::string_view> raw_header_fault(std::string_view head, std::size_t* lines) {
  bool http_1_0 = false;
  bool first_line = true;
  Seen seen;
  std::size_t fields = 0;
  for (;;) {
    auto end = head.find('\n');
    if (end == npos) return "The header does not end with an empty line";
    if (end == 0 || head[end - 1] != '\r') return "A line ends in a bare LF";
    auto line = head.substr(0, end - 1);
    head.remove_prefix(end + 1);
    if (first_line) {
      if (auto fault = request_line_fault(line, http_1_0)) return fault;
      first_line = false;
      continue;
    }
    if (line.empty()) break;
    ++fields;
    if (auto fault = field_fault(line, http_1_0, seen)) return fault;
  }
  if (lines) *lines = fields;
  if (!head.empty()) return "The header goes on after its empty line";
  if (seen.hosts == 0 && !http_1_0) return "There is no Host header";
  if (seen.lengths && seen.encodings) return "Content-Length stands beside Transfer-Encoding";
  return std::nullopt;
}

std::size_t header_end(std::string_view bytes, std::size_t from) {
  while (from < bytes.size()) {
    const auto* hit = static_cast<const char*>(std::memchr(bytes.data() + from, '\n', bytes.size() - from));
    if (!hit) return 0;
    auto at = static_cast<std::size_t>(hit - bytes.data());
    if (at == 0 || bytes[at - 1] != '\r') return npos;
    if (at >= 3 && bytes[at - 2] == '\n') return at + 1;
    from = at + 1;
  }
  return 0;
}

}  // namespace interlock::http
