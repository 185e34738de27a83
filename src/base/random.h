// SPDX-License-Identifier: Apache-2.0
// Randomness is passed in: the simulator repeats a seed, the server asks the operating system.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace interlock {

/// A source of random bits. Implementations say whether they are thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  virtual void fill(std::span<std::uint8_t> bytes);
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
};

/// Unpredictable bits for keys, tokens and ids (libsodium). Thread-safe.
Random& system_random();

/// Repeatable bits: splitmix64 (Steele, Lea, Flood 2014). Not for secrets. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

/// What a KeyedRandom's bits depend on; as secret as they are.
struct RandomKey {
  std::array<std::uint8_t, 32> bytes{};
};

/// Repeatable bits that nobody foretells without the key, whatever else of the stream is known: ChaCha20 (Bernstein
/// 2008) with the stream's number as nonce. Fit for secrets that are made beside ids which everyone sees. Not
/// thread-safe.
class KeyedRandom final : public Random {
 public:
  KeyedRandom(const RandomKey& key, std::uint64_t stream) : key_(key), stream_(stream) {}
  std::uint64_t next() override;

 private:
  static constexpr std::size_t block_bytes = 64;
  RandomKey key_;
  std::uint64_t stream_;
  std::uint64_t blocks_made_ = 0;
  std::array<std::uint8_t, block_bytes> block_;
  std::size_t left_ = 0;
};

/// `byte_count` random bytes as lower-case hexadecimal text (a token, a one-time link's secret).
std::string random_hex(Random& random, std::size_t byte_count);

}  // namespace interlock
