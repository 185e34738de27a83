// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

#include "base/limits.h"
#include "base/refusal.h"
#include "base/test_texts.h"
#include "base/utf8.h"

namespace interlock {
namespace {

/// The detail of the refusal, empty if the text was taken.
std::string refusal_of(std::string_view text) {
  try {
    parse_json(text);
    return {};
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::malformed_json);
    EXPECT_TRUE(is_valid_utf8(refusal.detail));
    return refusal.detail;
  }
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ReadsWhatItWrites) {
  const std::string text = R"({"a":null,"b":[true,false,[],{}],"c":{"d":-5,"e":"x\ny"},"":"","f":1.50,"g":1e400})";
  EXPECT_EQ(json_text(parse_json(text)), text);
}

TEST(Json, FindsMembersByName) {
  Json json = parse_json(R"({"name":"Ada","tags":["x"]})");
  ASSERT_NE(json.find("name"), nullptr);
  EXPECT_EQ(*json.find("name")->if_text(), "Ada");
  EXPECT_EQ(json.find("absent"), nullptr);
  EXPECT_EQ(Json(5).find("name"), nullptr);
  *json.find("name") = Json("Grace");
  EXPECT_EQ(json_text(json), R"({"name":"Grace","tags":["x"]})");
}

TEST(Json, IntegersOf64BitsAreExact) {
  const std::int64_t values[] = {0,
                                 -1,
                                 9'007'199'254'740'993,
                                 -9'007'199'254'740'993,
                                 std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min()};
  for (const std::int64_t value : values) {
    const Json json = parse_json(std::to_string(value));
    ASSERT_NE(json.if_integer(), nullptr) << value;
    EXPECT_EQ(*json.if_integer(), value);
    EXPECT_EQ(json_text(json), std::to_string(value));
  }
}

TEST(Json, OtherNumbersKeepTheirText) {
  for (const std::string text : {"9223372036854775808", "-9223372036854775809", "18446744073709551616", "0.1", "1.0",
                                 "1e2", "-2.50E+3", "1e400", "-1e-400", "123456789012345678901234567890.5"}) {
    const Json json = parse_json(text);
    const auto* number = std::get_if<JsonNumber>(&json.value());
    ASSERT_NE(number, nullptr) << text;
    EXPECT_EQ(number->text, text);
    EXPECT_EQ(json_text(json), text);
  }
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const std::string_view text :
       {"",         " ",       "{",         "[1,]",   "{\"a\":1,}", "{'a':1}",   "nul",   "NaN",
        "Infinity", "01",      "+1",        ".5",     "1.",         "-",         "1e",    "\"a\nb\"",
        "\"open",   "\"\\x\"", "\"\\u12\"", "/*x*/1", "[1 2]",      "{\"a\" 1}", "{1:2}", "\xef\xbb\xbf{}"}) {
    EXPECT_NE(refusal_of(text), "") << text;
  }
}

TEST(Json, RefusalSaysWhereItHappened) {
  EXPECT_NE(refusal_of("[1, 2, x]").find("at byte 7"), std::string::npos) << refusal_of("[1, 2, x]");
  EXPECT_EQ(refusal_of("{} {}"), "text after the value at byte 3");
  EXPECT_EQ(refusal_of(" {} \n"), "");
}

TEST(Json, RefusesDuplicateNamesHoweverSpelled) {
  EXPECT_EQ(refusal_of(R"({"a":1,"a":2})"), R"(the member "a" occurs twice in the object that ends at byte 12)");
  EXPECT_NE(refusal_of(R"({"a":1,"\u0061":2})"), "");
  EXPECT_NE(refusal_of(R"({"é":1,"\u00e9":2})"), "");
  EXPECT_NE(refusal_of(R"({"\ud83d\ude00":1,"😀":2})"), "");
  EXPECT_NE(refusal_of(R"({"x":[{"":1,"":2}]})"), "");
  EXPECT_NE(refusal_of(R"({"\n\"":1,"\u000a\u0022":2})"), "");
  EXPECT_EQ(refusal_of(R"({"a":{"a":{"a":1}},"A":2,"b":[{"a":1},{"a":1}]})"), "");
}

TEST(Json, RefusesDuplicateNamesInLargeObjects) {
  std::string text = "{";
  for (int i = 0; i < 1'000; ++i) text += "\"m" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  EXPECT_EQ(refusal_of(text + "\"last\":0}"), "");
  EXPECT_NE(refusal_of(text + "\"m500\":0}").find("\"m500\""), std::string::npos);
}

TEST(Json, DepthIsBounded) {
  EXPECT_EQ(refusal_of(nested(limits::json_depth_max)), "");
  try {
    parse_json(nested(limits::json_depth_max + 1));
    FAIL() << "taken";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::malformed_json);
    EXPECT_EQ(refusal.limit, static_cast<std::int64_t>(limits::json_depth_max));
  }
}

TEST(Json, DepthOf100000DoesNotCrash) {
  EXPECT_NE(refusal_of(nested(100'000)), "");
  EXPECT_NE(refusal_of(std::string(100'000, '[')), "");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_NE(refusal_of(objects), "");
}

TEST(Json, RefusesInvalidUtf8AndLoneSurrogates) {
  for (const std::string_view text : {"\"\x80\"", "\"\xc0\xaf\"", "\"\xe0\x80\xaf\"", "\"\xed\xa0\x80\"",
                                      "\"\xf4\x90\x80\x80\"", "\"\xff\"", "\"\xe2\x82\"", "{\"\xff\":1}"}) {
    EXPECT_NE(refusal_of(text), "") << text;
  }
  for (const std::string_view text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\n")",
                                      R"("\ud800\ud800")", R"("\udc00\ud800")", R"({"\ud800":1})"}) {
    EXPECT_NE(refusal_of(text), "") << text;
  }
}

TEST(Json, DecodesEscapes) {
  EXPECT_EQ(*parse_json(R"("\ud83d\ude00\u0041\/\b\f\n\r\t\"\\")").if_text(), "😀A/\b\f\n\r\t\"\\");
  EXPECT_EQ(*parse_json(R"("a\u0000b")").if_text(), std::string("a\0b", 3));
}

TEST(Json, LongTextsWithEscapesStayWhole) {
  std::string expected;
  std::string text = "\"";
  for (int i = 0; i < 20'000; ++i) {
    expected += "ab\né";
    text += "ab\\n\\u00e9";
  }
  EXPECT_EQ(*parse_json(text + "\"").if_text(), expected);
}

TEST(Json, ARefusalLeavesNothingBehindForTheNextText) {
  EXPECT_NE(refusal_of(R"({"a":[1,2,{"b":"x\n)"), "");
  EXPECT_EQ(json_text(parse_json("[3]")), "[3]");
}

TEST(Json, WritesControlCharactersEscapedAndTheRestAsIs) {
  std::string out;
  append_json_string(out, std::string_view("\0\x01\x1f\x7f\"\\/\b\f\n\r\té😀\u2028", 21));
  EXPECT_EQ(out, "\"\\u0000\\u0001\\u001f\x7f\\\"\\\\/\\b\\f\\n\\r\\té😀\u2028\"");
}

TEST(Json, EveryByteIsEscapedAtEveryPosition) {
  for (std::size_t at = 0; at < 20; ++at) {
    for (char32_t c = 0; c < 0x80; ++c) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(c);
      std::string out;
      append_json_string(out, text);
      EXPECT_EQ(*parse_json(out).if_text(), text) << at << ' ' << static_cast<unsigned>(c);
    }
  }
}

TEST(Json, CanonicalTextDoesNotDependOnTheOrderOfMembers) {
  const Json one = parse_json(R"({"b":1,"a":{"z":[{"y":1,"x":2}],"k":null}})");
  const Json two = parse_json(R"({ "a" : { "k":null, "z":[{"x":2,"y":1}] }, "b":1 })");
  EXPECT_EQ(canonical_json(one), R"({"a":{"k":null,"z":[{"x":2,"y":1}]},"b":1})");
  EXPECT_EQ(canonical_json(one), canonical_json(two));
  EXPECT_NE(canonical_json(parse_json("[1,2]")), canonical_json(parse_json("[2,1]")));
}

TEST(JsonWriter, PutsCommas) {
  std::string out;
  {
    JsonWriter json(out);
    json.begin_object().member("a", 1).member("b", "x").member("c", true).key("d").begin_array();
    json.integer(1).null().boolean(false).text("\"").begin_object().end_object().raw("{\"r\":1}").end_array();
    json.key("e").begin_object().end_object().member("f", std::int64_t{-2}).end_object();
  }
  EXPECT_EQ(out, R"({"a":1,"b":"x","c":true,"d":[1,null,false,"\"",{},{"r":1}],"e":{},"f":-2})");
}

TEST(JsonWriterDeathTest, UnbalancedTextStopsTheProcess) {
  EXPECT_DEATH(
      {
        std::string out;
        JsonWriter json(out);
        json.begin_object();
      },
      "invariant_failed");
}

TEST(JsonWriter, ARefusalInTheMiddleOfATextPassesThrough) {
  std::string out;
  const auto refuse = [&] {
    JsonWriter json(out);
    json.begin_object();
    throw Refusal(ErrorCode::not_found);
  };
  EXPECT_THROW(refuse(), Refusal);
}

TEST(JsonNaughtyStrings, ComeBackUnchanged) {
  for (const std::string& text : naughty_strings()) {
    EXPECT_EQ(*parse_json(json_text(Json(text))).if_text(), text);
    const Json object(JsonObject{{text, Json(text)}});
    EXPECT_EQ(parse_json(json_text(object)), object);
    EXPECT_EQ(parse_json(canonical_json(object)), object);
  }
}

rc::Gen<Json> trees(int depth) {
  const auto scalar = rc::gen::oneOf(
      rc::gen::just(Json()), rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return Json(b); }),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t i) { return Json(i); }),
      rc::gen::map(utf8_texts(), [](std::string text) { return Json(std::move(text)); }),
      rc::gen::element(Json(JsonNumber{"0.5"}), Json(JsonNumber{"-1e99"}), Json(JsonNumber{"18446744073709551615"})));
  if (depth == 0) return scalar;
  const auto child = trees(depth - 1);
  const auto array = rc::gen::map(rc::gen::resize(6, rc::gen::container<std::vector<Json>>(child)),
                                  [](std::vector<Json> items) { return Json(std::move(items)); });
  const auto members = rc::gen::resize(6, rc::gen::container<std::map<std::string, Json>>(utf8_texts(), child));
  const auto object = rc::gen::map(members, [](const std::map<std::string, Json>& sorted) {
    return Json(JsonObject(sorted.rbegin(), sorted.rend()));
  });
  return rc::gen::oneOf(scalar, array, object);
}

TEST(JsonProperty, EveryTreeComesBack) {
  EXPECT_TRUE(rc::check("parse(text(tree)) == tree", [] {
    const Json tree = *trees(3);
    RC_ASSERT(parse_json(json_text(tree)) == tree);
    const Json canonical = parse_json(canonical_json(tree));
    RC_ASSERT(canonical_json(canonical) == canonical_json(tree));
    RC_ASSERT(json_text(canonical) == canonical_json(tree));
  }));
}

TEST(JsonProperty, DamagedTextsAreRefusedOrTakenButNeverCrash) {
  EXPECT_TRUE(rc::check("a changed byte", [] {
    std::string text = json_text(*trees(2));
    RC_PRE(!text.empty());
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = *rc::gen::arbitrary<char>();
    const bool refused = !refusal_of(text).empty();
    if (!refused) RC_ASSERT(is_valid_utf8(json_text(parse_json(text))));
  }));
}

}  // namespace
}  // namespace interlock
