// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/read_core.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace interlock::store::sqlite {
namespace {

Uuid random_id(SeededRandom& random) {
  Uuid id;
  random.fill(id.bytes);
  return id;
}

TEST(RowCache, FindsTheNewestRowOfAnIdAndNothingElse) {
  SeededRandom random(1);
  RowCache cache;
  const auto id = random_id(random);
  EXPECT_FALSE(cache.find(id));
  cache.put(id, 7);
  cache.put(id, 8);
  EXPECT_EQ(cache.find(id), 8);
  EXPECT_FALSE(cache.find(random_id(random)));
}

TEST(RowCache, GrowsUntilTheRecordsInUseFindTheirPlace) {
  SeededRandom random(2);
  RowCache cache;
  std::vector<Uuid> ids;
  for (int i = 0; i < 10'000; ++i) ids.push_back(random_id(random));
  for (int round = 0; round < 3; ++round)
    for (std::size_t i = 0; i < ids.size(); ++i) cache.put(ids[i], static_cast<std::int64_t>(i + 1));
  int found = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto row = cache.find(ids[i]);
    if (!row) continue;
    EXPECT_EQ(*row, static_cast<std::int64_t>(i + 1));
    ++found;
  }
  EXPECT_GE(found, 9'800);
}

}  // namespace
}  // namespace interlock::store::sqlite
