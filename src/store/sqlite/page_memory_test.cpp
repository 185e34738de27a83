// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/page_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <thread>

namespace interlock::store::sqlite {
namespace {

constexpr std::size_t slot = 2432;
constexpr std::size_t slots_per_piece = PageMemory::piece_bytes / slot;

std::vector<void*> take(PageMemory& memory, std::size_t count) {
  std::vector<void*> slots;
  for (std::size_t i = 0; i < count; ++i) slots.push_back(memory.take());
  return slots;
}

TEST(PageMemory, SlotsLieApartAndKeepWhatIsWritten) {
  PageMemory memory(slot, 4 * PageMemory::piece_bytes);
  auto slots = take(memory, 2 * slots_per_piece + 1);
  EXPECT_EQ(memory.pieces(), 3U);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    ASSERT_NE(slots[i], nullptr);
    ASSERT_TRUE(memory.owns(slots[i]));
    std::memset(slots[i], static_cast<int>(i % 251), slot);
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto* bytes = static_cast<const unsigned char*>(slots[i]);
    ASSERT_TRUE(std::all_of(bytes, bytes + slot, [&](unsigned char byte) { return byte == i % 251; })) << i;
  }
}

TEST(PageMemory, IsFullAtItsBoundAndTakesAgainWhatCameBack) {
  PageMemory memory(slot, PageMemory::piece_bytes);
  auto slots = take(memory, slots_per_piece);
  EXPECT_EQ(memory.take(), nullptr);
  memory.give_back(slots[7]);
  EXPECT_EQ(memory.take(), slots[7]);
  EXPECT_EQ(memory.take(), nullptr);
}

TEST(PageMemory, GivesEmptyPiecesBackButOne) {
  PageMemory memory(slot, 8 * PageMemory::piece_bytes);
  auto slots = take(memory, 5 * slots_per_piece);
  EXPECT_EQ(memory.pieces(), 5U);
  for (void* each : slots) memory.give_back(each);
  EXPECT_EQ(memory.pieces(), 1U);
  slots = take(memory, 5 * slots_per_piece);
  EXPECT_EQ(memory.pieces(), 5U);
  EXPECT_EQ(std::count(slots.begin(), slots.end(), nullptr), 0);
}

TEST(PageMemory, WithoutAddressSpaceItIsFull) {
  PageMemory memory(slot, std::size_t{1} << 62);
  EXPECT_EQ(memory.take(), nullptr);
  int other = 0;
  EXPECT_FALSE(memory.owns(&other));
}

TEST(PageMemory, ThreadsNeverShareASlot) {
  PageMemory memory(slot, 8 * PageMemory::piece_bytes);
  std::vector<std::thread> threads;
  for (unsigned char mark = 1; mark <= 4; ++mark) {
    threads.emplace_back([&memory, mark] {
      for (int round = 0; round < 20; ++round) {
        auto slots = take(memory, 500);
        for (void* each : slots) std::memset(each, mark, slot);
        for (void* each : slots) {
          const auto* bytes = static_cast<const unsigned char*>(each);
          ASSERT_TRUE(std::all_of(bytes, bytes + slot, [&](unsigned char byte) { return byte == mark; }));
          memory.give_back(each);
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(memory.pieces(), 1U);
}

}  // namespace
}  // namespace interlock::store::sqlite
