// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <sodium.h>

#include "base/check.h"

namespace interlock {

namespace {

// Picks the fastest implementation that the processor offers; repeated calls are cheap.
void ensure_sodium() {
  static const bool ready = sodium_init() >= 0;
  INVARIANT(ready);
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

template <class Digest>
Digest blake2b(std::string_view data) {
  ensure_sodium();
  Digest digest;
  const int failed = crypto_generichash(digest.data(), digest.size(), bytes(data), data.size(), nullptr, 0);
  INVARIANT(failed == 0);
  return digest;
}

}  // namespace

Digest16 digest16(std::string_view data) { return blake2b<Digest16>(data); }

Digest32 digest32(std::string_view data) { return blake2b<Digest32>(data); }

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text[2 * i] = digits[byte >> 4];
    text[2 * i + 1] = digits[byte & 15];
  }
  return text;
}

}  // namespace interlock
