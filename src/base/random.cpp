// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <pthread.h>
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

/// A thread's share of random bytes, so that an id does not cost a system call. What was given is wiped here.
class RandomPool {
 public:
  void take(std::uint8_t* to, std::size_t count) {
    if (count > left_) refill();
    std::uint8_t* const from = bytes_.data() + (bytes_.size() - left_);
    std::memcpy(to, from, count);
    sodium_memzero(from, count);
    left_ -= count;
  }

  void forget() { left_ = 0; }

 private:
  void refill() {
    randombytes_buf(bytes_.data(), bytes_.size());
    left_ = bytes_.size();
  }

  std::array<std::uint8_t, 512> bytes_;
  std::size_t left_ = 0;
};

constexpr std::size_t pooled_bytes_max = 16;
thread_local RandomPool pool;

class SystemRandom final : public Random {
 public:
  SystemRandom() {
    INVARIANT(sodium_init() >= 0);
    // Parent and child would give the same bytes; of a child's threads only the forking one exists.
    INVARIANT(pthread_atfork(nullptr, nullptr, [] { pool.forget(); }) == 0);
  }

  std::uint64_t next() override {
    std::uint64_t bits = 0;
    fill({reinterpret_cast<std::uint8_t*>(&bits), sizeof bits});
    return bits;
  }
  // What is longer than an id is a secret and comes straight from the system.
  void fill(std::span<std::uint8_t> bytes) override {
    if (bytes.size() <= pooled_bytes_max) {
      pool.take(bytes.data(), bytes.size());
    } else {
      randombytes_buf(bytes.data(), bytes.size());
    }
  }
};

}  // namespace

Random& system_random() {
  static SystemRandom random;
  return random;
}

std::uint64_t KeyedRandom::next() {
  static_assert(crypto_stream_chacha20_KEYBYTES == sizeof(RandomKey) &&
                crypto_stream_chacha20_NONCEBYTES == sizeof(std::uint64_t));
  std::uint64_t bits = 0;
  if (left_ < sizeof bits) {
    block_.fill(0);
    std::array<std::uint8_t, sizeof stream_> nonce;
    for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<std::uint8_t>(stream_ >> (8 * i));
    crypto_stream_chacha20_xor_ic(block_.data(), block_.data(), block_.size(), nonce.data(), blocks_made_++,
                                  key_.bytes.data());
    left_ = block_.size();
  }
  std::memcpy(&bits, block_.data() + (block_.size() - left_), sizeof bits);
  left_ -= sizeof bits;
  return bits;
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
