// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/test_texts.h"

namespace interlock {
namespace {

constexpr std::string_view ill_formed[] = {"\x80",              // a tail without a lead
                                           "\xc3",              // cut
                                           "\xe2\x82",          // cut
                                           "\xf0\x9f\x98",      // cut
                                           "\xc0\xaf",          // overlong
                                           "\xc1\xbf",          // overlong
                                           "\xe0\x9f\xbf",      // overlong
                                           "\xf0\x8f\xbf\xbf",  // overlong
                                           "\xed\xa0\x80",      // surrogate
                                           "\xed\xbf\xbf",      // surrogate
                                           "\xf4\x90\x80\x80",  // beyond U+10FFFF
                                           "\xf5\x80\x80\x80",
                                           "\xff",
                                           "\xfe",
                                           "\xc3\x28",
                                           "\xe2\x28\xa1"};

TEST(Utf8, TakesEveryCodePoint) {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    std::string text;
    append_utf8(text, c);
    ASSERT_TRUE(is_valid_utf8(text)) << static_cast<unsigned>(c);
  }
}

TEST(Utf8, RefusesIllFormedBytesAtEveryPosition) {
  for (const std::string_view bytes : ill_formed) {
    for (std::size_t before = 0; before < 18; ++before) {
      for (const std::size_t after : {0, 1, 20}) {
        const std::string text = std::string(before, 'x') + std::string(bytes) + std::string(after, 'y');
        EXPECT_FALSE(is_valid_utf8(text)) << before;
        EXPECT_TRUE(is_valid_utf8(to_valid_utf8(text)));
      }
    }
  }
}

TEST(Utf8, ReplacesOnlyWhatIsIllFormed) {
  EXPECT_EQ(to_valid_utf8("aé\xff😀\xc3"), "aé\uFFFD😀\uFFFD");
  EXPECT_EQ(to_valid_utf8(""), "");
}

TEST(Utf8Property, WellFormedTextsStayAndAnyBytesBecomeOne) {
  EXPECT_TRUE(rc::check("valid texts are taken as they are", [] {
    const std::string text = *utf8_texts();
    RC_ASSERT(is_valid_utf8(text));
    RC_ASSERT(to_valid_utf8(text) == text);
  }));
  EXPECT_TRUE(rc::check("any bytes become a valid text", [](const std::string& bytes) {
    RC_ASSERT(is_valid_utf8(to_valid_utf8(bytes)));
    RC_ASSERT(is_valid_utf8(bytes) == (to_valid_utf8(bytes) == bytes));
  }));
}

}  // namespace
}  // namespace interlock
