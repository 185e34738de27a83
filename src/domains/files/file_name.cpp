// SPDX-License-Identifier: Apache-2.0
#include "domains/files/file_name.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace interlock::domains {

namespace {

constexpr std::size_t extension_bytes = 16;  // what is longer is none

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// The bytes of a character that shows nothing and changes what stands beside it, in UTF-8: C1 controls, marks of
/// direction, zero-width characters, line and paragraph separators, the byte order mark.
std::size_t invisible_bytes(std::string_view rest) {
  const auto byte = [&](std::size_t at) { return at < rest.size() ? static_cast<unsigned char>(rest[at]) : 0u; };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) return 2;
  if (byte(0) == 0xe2 && byte(1) == 0x80 &&
      ((byte(2) >= 0x8b && byte(2) <= 0x8f) || (byte(2) >= 0xa8 && byte(2) <= 0xae)))
    return 3;
  if (byte(0) == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9) return 3;
  if (byte(0) == 0xef && byte(1) == 0xbb && byte(2) == 0xbf) return 3;
  return 0;
}

std::string visible(std::string_view name) {
  constexpr std::string_view taken = "\"*:<>?|";
  std::string out;
  while (!name.empty()) {
    if (const auto skipped = invisible_bytes(name)) {
      name.remove_prefix(skipped);
      continue;
    }
    out += taken.find(name.front()) == std::string_view::npos ? name.front() : '_';
    name.remove_prefix(1);
  }
  return out;
}

std::string_view without_ends(std::string_view name) {
  constexpr std::string_view ends = ". ";
  const auto first = name.find_first_not_of(ends);
  if (first == std::string_view::npos) return {};
  return name.substr(first, name.find_last_not_of(ends) - first + 1);
}

bool is_reserved(std::string_view name) {
  std::string stem(without_ends(name.substr(0, name.find('.'))));
  std::ranges::transform(stem, stem.begin(), lower);
  constexpr std::array<std::string_view, 6> devices = {"con", "prn", "aux", "nul", "conin$", "conout$"};
  if (std::ranges::find(devices, stem) != devices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

/// Between two characters, in front of the extension if that is a short one.
std::string cut(const std::string& name) {
  if (name.size() <= limits::file_name_bytes_max) return name;
  const auto dot = name.rfind('.');
  const bool has_extension = dot != std::string::npos && name.size() - dot <= extension_bytes;
  const auto extension = has_extension ? name.substr(dot) : std::string();
  auto end = limits::file_name_bytes_max - extension.size();
  while (is_continuation(name[end])) --end;
  return name.substr(0, end) + extension;
}

}  // namespace

std::string clean_file_name(std::string_view name) {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const auto shown = visible(name);
  std::string clean(without_ends(shown));
  if (clean.empty()) return "file";
  if (is_reserved(clean)) clean.insert(0, 1, '_');
  return cut(clean);
}

}  // namespace interlock::domains
