// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>

namespace interlock {
namespace {

TEST(SeededRandom, RepeatsItsSeed) {
  SeededRandom random(1234567);
  // The reference values of splitmix64 for this seed (Vigna).
  EXPECT_EQ(random.next(), 6'457'827'717'110'365'317U);
  EXPECT_EQ(random.next(), 3'203'168'211'198'807'973U);
  EXPECT_EQ(random.next(), 9'817'491'932'198'370'423U);
}

TEST(KeyedRandom, IsChaCha20) {
  // Key and nonce of zeros: the first block of draft-agl-tls-chacha20poly1305, test vector 1.
  KeyedRandom random(RandomKey{}, 0);
  EXPECT_EQ(random.next(), 0x903df1a0ade0b876U);
  EXPECT_EQ(random.next(), 0x28bd8653e56a5d40U);
}

TEST(KeyedRandom, RepeatsItsKeyAndStreamAndNoOther) {
  RandomKey key;
  key.bytes[3] = 7;
  const auto first_of = [](const RandomKey& k, std::uint64_t stream) {
    KeyedRandom random(k, stream);
    for (int i = 0; i < 20; ++i) random.next();  // beyond one block
    return random.next();
  };
  EXPECT_EQ(first_of(key, 5), first_of(key, 5));
  EXPECT_NE(first_of(key, 5), first_of(key, 6));
  EXPECT_NE(first_of(key, 5), first_of(RandomKey{}, 5));
}

TEST(Random, BelowStaysBelowAndReachesEverything) {
  SeededRandom random(1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(random.below(7));
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_EQ(*seen.rbegin(), 6U);
  EXPECT_EQ(random.below(1), 0U);
  EXPECT_LT(random.below(UINT64_MAX), UINT64_MAX);
}

TEST(Random, FillsEveryByteOfOddLengths) {
  for (std::size_t size = 0; size < 20; ++size) {
    std::array<std::uint8_t, 21> bytes{};
    std::array<bool, 21> changed{};
    for (int i = 0; i < 64; ++i) {
      system_random().fill(std::span(bytes).first(size));
      for (std::size_t at = 0; at < bytes.size(); ++at) changed[at] = changed[at] || bytes[at] != 0;
    }
    for (std::size_t at = 0; at < bytes.size(); ++at) EXPECT_EQ(changed[at], at < size) << size << ' ' << at;
  }
}

TEST(Random, AForkedChildGivesOtherBytes) {
  system_random().next();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::uint64_t bits = system_random().next();
    _exit(write(ends[1], &bits, sizeof bits) == sizeof bits ? 0 : 1);
  }
  std::uint64_t of_child = 0;
  ASSERT_EQ(read(ends[0], &of_child, sizeof of_child), static_cast<ssize_t>(sizeof of_child));
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(system_random().next(), of_child);
  close(ends[0]);
  close(ends[1]);
}

TEST(Random, SeededFillRepeatsAndIsOfTheWholeLength) {
  std::array<std::uint8_t, 13> a{};
  std::array<std::uint8_t, 13> b{};
  SeededRandom(5).fill(a);
  SeededRandom(5).fill(b);
  EXPECT_EQ(a, b);
  SeededRandom(6).fill(b);
  EXPECT_NE(a, b);
}

TEST(Random, HexTokensHaveTheirLengthAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string token = random_hex(system_random(), 32);
    EXPECT_EQ(token.size(), 64U);
    EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(seen.insert(token).second);
  }
}

}  // namespace
}  // namespace interlock
