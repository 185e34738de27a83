// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"
#include "testing/manual_clock.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <stdexcept>

namespace interlock {
namespace {

constexpr std::int64_t first_us = -62'135'596'800'000'000;  // 0001-01-01
constexpr std::int64_t last_us = 253'402'300'799'999'999;   // 9999-12-31

std::int64_t us_of(std::string_view text) {
  const auto time = parse_rfc3339(text);
  EXPECT_TRUE(time) << text;
  return time ? time->us : -1;
}

TEST(Time, WritesRfc3339) {
  EXPECT_EQ(rfc3339(Time{0}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(Time{-1}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(rfc3339(Time{1'795'323'600'123'456}), "2026-11-22T05:00:00.123456Z");
  EXPECT_EQ(rfc3339(Time{951'782'400'000'000}), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(Time{first_us}), "0001-01-01T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(Time{last_us}), "9999-12-31T23:59:59.999999Z");
  std::string out = "at ";
  append_rfc3339(out, Time{0});
  EXPECT_EQ(out, "at 1970-01-01T00:00:00.000000Z");
}

TEST(Time, WhatHasNoTextIsRefused) {
  EXPECT_THROW(rfc3339(Time{first_us - 1}), std::range_error);
  EXPECT_THROW(rfc3339(Time{last_us + 1}), std::range_error);
  EXPECT_THROW(rfc3339(Time{INT64_MIN}), std::range_error);
  EXPECT_THROW(rfc3339(Time{INT64_MAX}), std::range_error);
}

TEST(Time, ReadsOffsetsAndFractions) {
  EXPECT_EQ(us_of("2026-11-22T05:00:00Z"), 1'795'323'600'000'000);
  EXPECT_EQ(us_of("2026-11-22t05:00:00z"), 1'795'323'600'000'000);
  EXPECT_EQ(us_of("2026-11-22T06:30:00+01:30"), 1'795'323'600'000'000);
  EXPECT_EQ(us_of("2026-11-21T17:00:00-12:00"), 1'795'323'600'000'000);
  EXPECT_EQ(us_of("2026-11-22T05:00:00-00:00"), 1'795'323'600'000'000);
  EXPECT_EQ(us_of("2026-11-22T05:00:00.5Z"), 1'795'323'600'500'000);
  EXPECT_EQ(us_of("2026-11-22T05:00:00.123456Z"), 1'795'323'600'123'456);
  EXPECT_EQ(us_of("2026-11-22T05:00:00.123456999Z"), 1'795'323'600'123'456);
  EXPECT_EQ(us_of("1969-12-31T23:59:59.999999Z"), -1);
  EXPECT_EQ(us_of("2024-02-29T00:00:00Z"), 1'709'164'800'000'000);
}

TEST(Time, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "2026-11-22",
                                      "2026-11-22T05:00:00",
                                      "2026-11-22 05:00:00Z",
                                      "2026-11-22T05:00Z",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T23:60:00Z",
                                      "2026-11-22T23:59:60Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-11-31T00:00:00Z",
                                      "2026-11-00T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "0000-01-01T00:00:00Z",
                                      "10000-01-01T00:00:00Z",
                                      "2026-11-22T05:00:00.Z",
                                      "2026-11-22T05:00:00.1234567890Z",
                                      "2026-11-22T05:00:00,5Z",
                                      "2026-11-22T05:00:00+0130",
                                      "2026-11-22T05:00:00+24:00",
                                      "2026-11-22T05:00:00+01:60",
                                      "2026-11-22T05:00:00+1:30",
                                      "2026-11-22T05:00:00 Z",
                                      "2026-11-22T05:00:00Zx",
                                      " 2026-11-22T05:00:00Z",
                                      "2026-11-22T05:00:00",
                                      "-026-11-22T05:00:00Z",
                                      "0001-01-01T00:00:00+00:01",
                                      "9999-12-31T23:59:59-00:01",
                                      "2026-1١-22T05:00:00Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Time, DurationsAreMicroseconds) {
  EXPECT_EQ(days(1), hours(24));
  EXPECT_EQ(hours(1), minutes(60));
  EXPECT_EQ(minutes(1), seconds(60));
  EXPECT_EQ(seconds(1), milliseconds(1'000));
  EXPECT_EQ(milliseconds(1) * 3, microseconds(3'000));
  EXPECT_EQ(Time{5} + seconds(1) - Time{5}, seconds(1));
}

TEST(Clock, SystemClockGoesOn) {
  const Duration before = system_clock().monotonic();
  EXPECT_GE(system_clock().monotonic(), before);
  EXPECT_GT(system_clock().now(), *parse_rfc3339("2024-01-01T00:00:00Z"));
}

TEST(Clock, AnchoredClockIgnoresJumpsOfTheWallClock) {
  testing::ManualClock source;
  const auto wall = source.now();
  const auto steady = source.monotonic();
  const AnchoredClock clock(source);
  EXPECT_EQ(clock.now(), wall);
  source.jump(days(1));
  source.advance(seconds(2));
  EXPECT_EQ(clock.now(), wall + seconds(2));
  source.jump(Duration{} - days(3));
  EXPECT_EQ(clock.now(), wall + seconds(2));
  EXPECT_EQ(clock.monotonic(), steady + seconds(2));
}

TEST(TimeProperty, EveryTimeComesBack) {
  EXPECT_TRUE(rc::check("parse(text(time)) == time", [] {
    const Time time{*rc::gen::inRange<std::int64_t>(first_us, last_us + 1)};
    const std::string text = rfc3339(time);
    RC_ASSERT(text.size() == 27U);
    RC_ASSERT(parse_rfc3339(text) == time);
  }));
}

TEST(TimeProperty, TextSortsAsTimeDoes) {
  EXPECT_TRUE(rc::check("order of texts == order of times", [] {
    const Time a{*rc::gen::inRange<std::int64_t>(first_us, last_us + 1)};
    const Time b{*rc::gen::inRange<std::int64_t>(first_us, last_us + 1)};
    RC_ASSERT((a < b) == (rfc3339(a) < rfc3339(b)));
  }));
}

TEST(TimeProperty, EveryDayOfEveryYearComesBack) {
  for (std::int64_t us = first_us; us < last_us; us += days(1).us) {
    ASSERT_EQ(parse_rfc3339(rfc3339(Time{us}))->us, us) << rfc3339(Time{us});
  }
}

}  // namespace
}  // namespace interlock
