// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "base/digest.h"

namespace interlock {

void Random::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::uint64_t bits = next();
    const std::size_t count = std::min(bytes.size(), sizeof bits);
    std::memcpy(bytes.data(), &bits, count);
    bytes = bytes.subspan(count);
  }
}

std::uint64_t Random::below(std::uint64_t bound) {
  INVARIANT(bound > 0);
  // Values under 2^64 mod bound would make the low residues more likely than the others.
  const std::uint64_t skipped = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t bits = next();
    if (bits >= skipped) return bits % bound;
  }
}

namespace {

class SystemRandom final : public Random {
 public:
  SystemRandom() { INVARIANT(sodium_init() >= 0); }

  std::uint64_t next() override {
    std::uint64_t bits = 0;
    randombytes_buf(&bits, sizeof bits);
    return bits;
  }
  void fill(std::span<std::uint8_t> bytes) override { randombytes_buf(bytes.data(), bytes.size()); }
};

}  // namespace

Random& system_random() {
  static SystemRandom random;
  return random;
}

std::uint64_t SeededRandom::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

std::string random_hex(Random& random, std::size_t byte_count) {
  std::string bytes(byte_count, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return hex(bytes);
}

}  // namespace interlock
