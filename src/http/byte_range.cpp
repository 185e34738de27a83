// SPDX-License-Identifier: Apache-2.0
#include "http/byte_range.h"

#include <algorithm>

#include "http/text.h"

namespace interlock::http {

RangeAnswer parse_byte_range(std::string_view header, std::int64_t size) {
  constexpr std::string_view unit = "bytes=";
  header = trim(header);
  if (!header.starts_with(unit)) return {};
  const auto spec = trim(header.substr(unit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return {};
  const auto from = trim(spec.substr(0, dash)), to = trim(spec.substr(dash + 1));
  const auto first = parse_digits(from), last = parse_digits(to);
  if (from.empty() && last) {
    if (*last == 0) return {std::nullopt, true};
    return {ByteRange{size - std::min(*last, size), size - 1}, false};
  }
  if (!first || (!to.empty() && (!last || *last < *first))) return {};
  if (*first >= size) return {std::nullopt, true};
  return {ByteRange{*first, last ? std::min(*last, size - 1) : size - 1}, false};
}

}  // namespace interlock::http
