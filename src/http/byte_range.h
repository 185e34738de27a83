// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace interlock::http {

/// From the first to the last byte, both included.
struct ByteRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t size() const { return last - first + 1; }
};

struct RangeAnswer {
  std::optional<ByteRange> range;  ///< nothing: all of it is sent
  bool unsatisfiable = false;      ///< 416
};

/// One range of a Range header (RFC 9110, 14.1.2) of content of `size` bytes, at least 1. Several ranges, other units
/// and what is malformed are ignored, as the RFC allows: all of it is sent.
RangeAnswer parse_byte_range(std::string_view header, std::int64_t size);

}  // namespace interlock::http
