// SPDX-License-Identifier: Apache-2.0
#include "http/script_errors.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/test_refusal.h"
#include "base/utf8.h"

namespace interlock::http {
namespace {

TEST(ScriptErrorsTest, TokensAndQueriesOfAddressesAreNotLogged) {
  EXPECT_EQ(scrubbed("at f (https://desk.example/invite?token=abc#x:1:2)", 500), "at f (https://desk.example/invite)");
  EXPECT_EQ(scrubbed("/set-up#token=abc", 500), "/set-up");
  EXPECT_EQ(scrubbed("bad " + std::string(64, 'a') + ".", 500), "bad (token).");
  EXPECT_EQ(scrubbed("no customer_01jx0g1m2n3p4q5r6s7t8v9w0x here", 500),
            "no customer_01jx0g1m2n3p4q5r6s7t8v9w0x here");
  EXPECT_EQ(scrubbed("bad " + std::string(64, 'a'), 20), "bad (token)");
  EXPECT_EQ(scrubbed("/set-up?" + std::string(64, 'a'), 12), "/set-up");
  EXPECT_EQ(scrubbed("Is it null ? yes # 1", 500), "Is it null ? yes # 1");
}

TEST(ScriptErrorsTest, ControlCharactersBecomeBlanksAndLongTextsAreCut) {
  EXPECT_EQ(scrubbed("a\tb\x1b[31mc\nd", 500), "a b [31mc\nd");
  for (std::size_t size = 0; size < 12; ++size) EXPECT_TRUE(is_valid_utf8(scrubbed("añ€😀 é", size))) << size;
  EXPECT_EQ(scrubbed("añ€😀", 3), "añ");
}

TEST(ScriptErrorsTest, OnlyTheMessageIsRequired) {
  const auto error = read_script_error(parse_json(R"({"message":"x is null","line":3,"stack":null})"));
  EXPECT_EQ(error.message, "x is null");
  EXPECT_EQ(error.line, 3);
  EXPECT_EQ(refused([] { read_script_error(parse_json(R"({"line":3})")); }).code, ErrorCode::required);
  EXPECT_EQ(refused([] { read_script_error(parse_json(R"({"message":3})")); }).code, ErrorCode::wrong_type);
  EXPECT_EQ(refused([] { read_script_error(parse_json(R"({"message":"x","cookie":"y"})")); }).code,
            ErrorCode::unknown_field);
  EXPECT_EQ(refused([] { read_script_error(parse_json("[]")); }).code, ErrorCode::wrong_type);
}

}  // namespace
}  // namespace interlock::http
