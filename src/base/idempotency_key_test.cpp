// SPDX-License-Identifier: Apache-2.0
#include "base/idempotency_key.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock {
namespace {

void expect_refused(std::string_view value) {
  try {
    parse_idempotency_key(value);
    ADD_FAILURE() << "taken: " << value;
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::key_invalid);
    EXPECT_EQ(refusal.field, "Idempotency-Key");
    EXPECT_EQ(refusal.limit, static_cast<std::int64_t>(limits::key_characters_max));
    EXPECT_NE(refusal.detail, "");
  }
}

std::string quoted(const std::string& key) {
  std::string value = "\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') value += '\\';
    value += c;
  }
  return value + '"';
}

TEST(IdempotencyKey, IsBareOrQuoted) {
  EXPECT_EQ(parse_idempotency_key("8e03978e-40d5-43dd-bc93-6894a57f9324"), "8e03978e-40d5-43dd-bc93-6894a57f9324");
  EXPECT_EQ(parse_idempotency_key("\"8e03978e\""), "8e03978e");
  EXPECT_EQ(parse_idempotency_key("x"), "x");
  EXPECT_EQ(parse_idempotency_key(R"("a\"b\\c")"), R"(a"b\c)");
  EXPECT_EQ(parse_idempotency_key(R"(a"b\c)"), R"(a"b\c)");
}

TEST(IdempotencyKey, RefusesEverythingElse) {
  for (const std::string_view value :
       {"", "\"\"", "\"", "\"abc", "\"a\"b\"", "\"abc\";q=1", "\"a\\\"", "\"a\\n\"", "a b", "\"a b\"", "a\tb", "a\x7f",
        "é", "\"é\"", " a", "a ", "a,b c", "a\r\nb"}) {
    expect_refused(value);
  }
  expect_refused(std::string_view("a\0b", 3));
}

TEST(IdempotencyKey, HasABound) {
  const std::string longest(limits::key_characters_max, '"');
  EXPECT_EQ(parse_idempotency_key(quoted(longest)), longest);
  EXPECT_EQ(parse_idempotency_key(std::string(limits::key_characters_max, 'k')).size(), limits::key_characters_max);
  expect_refused(std::string(limits::key_characters_max + 1, 'k'));
  expect_refused(quoted(longest + '"'));
  expect_refused(std::string(100'000, 'k'));
}

TEST(IdempotencyKey, ComesFromEitherHeader) {
  EXPECT_EQ(idempotency_key_of(std::nullopt, std::nullopt), std::nullopt);
  EXPECT_EQ(idempotency_key_of("a", std::nullopt), "a");
  EXPECT_EQ(idempotency_key_of(std::nullopt, "a"), "a");
  EXPECT_EQ(idempotency_key_of("a", "\"a\""), "a");
}

TEST(IdempotencyKey, TwoThatDifferAreRefused) {
  EXPECT_THROW(idempotency_key_of("a", "b"), Refusal);
  EXPECT_THROW(idempotency_key_of("a", ""), Refusal);
  EXPECT_THROW(idempotency_key_of("", "a"), Refusal);
}

TEST(IdempotencyKeyProperty, EveryVisibleKeyComesBackInBothSpellings) {
  EXPECT_TRUE(rc::check("parse(quoted(key)) == key", [] {
    const auto key = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(0x21, 0x7f)));
    RC_PRE(key.size() <= limits::key_characters_max);
    RC_ASSERT(parse_idempotency_key(quoted(key)) == key);
    if (key.front() != '"') RC_ASSERT(parse_idempotency_key(key) == key);
  }));
}

}  // namespace
}  // namespace interlock
