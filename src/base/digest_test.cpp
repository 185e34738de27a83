// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <gtest/gtest.h>

namespace interlock {
namespace {

TEST(Digest, IsBlake2b) {
  EXPECT_EQ(hex(bytes_of(digest32("abc"))), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(hex(bytes_of(digest32(""))), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(hex(bytes_of(digest16(""))), "cae66941d9efbd404e4d88758ea67670");
}

TEST(Digest, ConstantTimeComparisonCompares) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "abcd"));
}

TEST(Digest, HexIsLowerCase) {
  EXPECT_EQ(hex(std::string_view("\x00\x7f\xff\x1a", 4)), "007fff1a");
  EXPECT_EQ(hex(""), "");
}

}  // namespace
}  // namespace interlock
