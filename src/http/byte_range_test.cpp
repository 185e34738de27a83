// SPDX-License-Identifier: Apache-2.0
#include "http/byte_range.h"

#include <gtest/gtest.h>

#include <string>

namespace interlock::http {
namespace {

std::string told(std::string_view header) {
  const auto answer = parse_byte_range(header, 10);
  if (answer.unsatisfiable) return "416";
  if (!answer.range) return "all";
  return std::to_string(answer.range->first) + "-" + std::to_string(answer.range->last);
}

TEST(ByteRangeTest, OneRangeIsAnswered) {
  EXPECT_EQ(told("bytes=0-3"), "0-3");
  EXPECT_EQ(told("bytes=4-"), "4-9");
  EXPECT_EQ(told("bytes=-4"), "6-9");
  EXPECT_EQ(told("bytes=-40"), "0-9");
  EXPECT_EQ(told("bytes=9-900"), "9-9");
  EXPECT_EQ(told(" bytes= 2 - 2 "), "2-2");
}

TEST(ByteRangeTest, WhatLiesBehindTheEndCannotBe) {
  EXPECT_EQ(told("bytes=10-"), "416");
  EXPECT_EQ(told("bytes=999999-1000000"), "416");
  EXPECT_EQ(told("bytes=-0"), "416");
}

TEST(ByteRangeTest, WhatIsNotUnderstoodIsIgnored) {
  for (const auto* header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=3-2", "bytes=0-1,3-4", "lines=1-2",
                             "bytes=1-99999999999999999999", "bytes=--1"})
    EXPECT_EQ(told(header), "all") << header;
}

}  // namespace
}  // namespace interlock::http
