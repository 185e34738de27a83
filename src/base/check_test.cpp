// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <gtest/gtest.h>

namespace interlock {
namespace {

TEST(Invariant, HoldsQuietly) {
  int evaluated = 0;
  INVARIANT(++evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

TEST(InvariantDeathTest, StopsTheProcessAndSaysWhere) {
  const int lanes = 0;
  EXPECT_DEATH(INVARIANT(lanes > 0), R"("event":"invariant_failed","condition":"lanes > 0","file":".*check_test.cpp")");
}

}  // namespace
}  // namespace interlock
