// SPDX-License-Identifier: Apache-2.0
// Digests (libsodium's BLAKE2b, RFC 7693) and comparisons that leak no time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace interlock {

using Digest16 = std::array<std::uint8_t, 16>;
using Digest32 = std::array<std::uint8_t, 32>;

Digest16 digest16(std::string_view data);
Digest32 digest32(std::string_view data);

/// Compares in time that depends on the length only.
bool equal_constant_time(std::string_view a, std::string_view b);

std::string hex(std::string_view bytes);

template <class Array>
std::string_view bytes_of(const Array& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace interlock
