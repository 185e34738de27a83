// SPDX-License-Identifier: Apache-2.0
#include "http/throttle.h"

#include <gtest/gtest.h>

#include "base/refusal.h"
#include "testing/manual_clock.h"

namespace interlock::http {
namespace {

class ThrottleTest : public ::testing::Test {
 protected:
  bool is_blocked(const std::string& name) {
    try {
      throttle.check(name);
      return false;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code, ErrorCode::too_many);
      EXPECT_EQ(refusal.limit, 3);
      return true;
    }
  }
  void count(const std::string& name, int times) {
    for (int i = 0; i < times; ++i) throttle.count(name);
  }

  testing::ManualClock clock;
  Throttle throttle{3, minutes(15), clock, 100};
};

TEST_F(ThrottleTest, ANameIsBlockedByItsCountUntilTheWindowHasPassed) {
  count("ana", 2);
  EXPECT_FALSE(is_blocked("ana"));
  count("ana", 1);
  EXPECT_TRUE(is_blocked("ana"));
  EXPECT_FALSE(is_blocked("bob"));
  clock.advance(minutes(15) - microseconds(1));
  EXPECT_TRUE(is_blocked("ana"));
  clock.advance(microseconds(1));
  EXPECT_FALSE(is_blocked("ana"));
  EXPECT_EQ(throttle.size(), 0U);
}

TEST_F(ThrottleTest, FillingTheTableResetsNobodyElse) {
  count("old", 3);
  count("victim", 3);
  for (int i = 0; i < 99; ++i) count("filler" + std::to_string(i), 1);
  EXPECT_EQ(throttle.size(), 100U);
  EXPECT_TRUE(is_blocked("victim")) << "only the one counted longest ago had to go";
  EXPECT_FALSE(is_blocked("old"));
  EXPECT_EQ(throttle.size(), 100U);
}

TEST_F(ThrottleTest, ACountThatIsBeingRaisedOutlivesAFlood) {
  count("victim", 1);
  for (int i = 0; i < 1'000; ++i) {
    count("filler" + std::to_string(i), 1);
    if (i % 50 == 0) count("victim", 1);
  }
  EXPECT_TRUE(is_blocked("victim"));
  EXPECT_EQ(throttle.size(), 100U);
}

TEST_F(ThrottleTest, NamesWhoseWindowHasPassedGoByThemselves) {
  for (int i = 0; i < 50; ++i) count("past" + std::to_string(i), 1);
  clock.advance(minutes(15));
  for (int i = 0; i < 20; ++i) count("new" + std::to_string(i), 1);
  EXPECT_EQ(throttle.size(), 20U);
}

}  // namespace
}  // namespace interlock::http
