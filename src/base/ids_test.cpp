// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <unordered_set>

#include "base/random.h"

namespace interlock {
namespace {

Uuid arbitrary_uuid() {
  Uuid id;
  for (auto& byte : id.bytes) byte = *rc::gen::arbitrary<std::uint8_t>();
  return id;
}

TEST(Uuid, IsVersion7OfItsMillisecond) {
  SeededRandom random(1);
  const Uuid id = make_uuid(*parse_rfc3339("2022-02-22T19:22:22.000999Z"), random);
  EXPECT_EQ(uuid_text(id).substr(0, 15), "017f22e2-79b0-7");  // RFC 9562, appendix A.6
  EXPECT_EQ(id.bytes[8] & 0xc0, 0x80);
}

TEST(Uuid, SortsByTime) {
  SeededRandom random(2);
  Uuid before = make_uuid(Time{0}, random);
  EXPECT_FALSE(before.is_nil());
  for (int us = 1; us < 20'000; ++us) {
    const Uuid after = make_uuid(Time{us}, random);
    EXPECT_LT(before, after);
    EXPECT_LT(type_id_text("customer", before), type_id_text("customer", after));
    before = after;
  }
}

TEST(Uuid, IsUniqueWithinAMillisecond) {
  std::unordered_set<Uuid> seen;
  for (int i = 0; i < 100'000; ++i) EXPECT_TRUE(seen.insert(make_uuid(Time{5}, system_random())).second);
}

TEST(Uuid, TextHasOneSpelling) {
  const Uuid id = *parse_uuid("01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_EQ(uuid_text(id), "01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_EQ(uuid_from_bytes(id.view()), id);
  for (const std::string_view text :
       {"", "01890A5D-ac96-774b-bcce-b302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}",
        "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a805g",
        "01890a5d-ac96-774b-bcceb-302099a8057", "01890a5d-ac96-774b-bcce-b302099a8057 "}) {
    EXPECT_EQ(parse_uuid(text), std::nullopt) << text;
  }
}

TEST(TypeId, AgreesWithTheSpecification) {
  // Examples of the TypeID specification 0.3 (valid.yml).
  const std::pair<const char*, const char*> examples[] = {
      {"00000000000000000000000001", "00000000-0000-0000-0000-000000000001"},
      {"0000000000000000000000000a", "00000000-0000-0000-0000-00000000000a"},
      {"0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"},
      {"00000000000000000000000010", "00000000-0000-0000-0000-000000000020"},
      {"7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
      {"0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"},
      {"01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"}};
  for (const auto& [suffix, uuid] : examples) {
    const std::string text = std::string("prefix_") + suffix;
    EXPECT_EQ(type_id_text("prefix", *parse_uuid(uuid)), text);
    EXPECT_EQ(parse_type_id("prefix", text), parse_uuid(uuid));
  }
}

TEST(TypeId, RefusesEveryOtherSpelling) {
  const std::string good = "customer_01h455vb4pex5vsknk084sn02q";
  ASSERT_TRUE(parse_type_id("customer", good));
  for (const std::string_view text : {"",
                                      "customer",
                                      "customer_",
                                      "01h455vb4pex5vsknk084sn02q",
                                      "_01h455vb4pex5vsknk084sn02q",
                                      "Customer_01h455vb4pex5vsknk084sn02q",
                                      "customer_01H455VB4PEX5VSKNK084SN02Q",
                                      "customer-01h455vb4pex5vsknk084sn02q",
                                      "customer_81h455vb4pex5vsknk084sn02q",
                                      "customer_zzzzzzzzzzzzzzzzzzzzzzzzzz",
                                      "customer_01h455vb4pex5vsknk084sn02",
                                      "customer_01h455vb4pex5vsknk084sn02qq",
                                      "customer_01h455vb4pex5vsknk084sn02i",
                                      "customer_01h455vb4pex5vsknk084sn02l",
                                      "customer_01h455vb4pex5vsknk084sn02o",
                                      "customer_01h455vb4pex5vsknk084sn02u",
                                      "customer_01h455vb4pex5vsknk084sn0 q",
                                      "customer_00000000000000000000000000",
                                      "booking_01h455vb4pex5vsknk084sn02q",
                                      "customer_\xff"
                                      "1h455vb4pex5vsknk084sn02q"}) {
    EXPECT_EQ(parse_type_id("customer", text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_type_id("customer", good + '\0'), std::nullopt);
  EXPECT_EQ(parse_type_id("", "_01h455vb4pex5vsknk084sn02q"), std::nullopt);
}

TEST(TypeId, PrefixIsWhatStandsBeforeTheLastUnderscore) {
  EXPECT_EQ(type_id_prefix("customer_01h4"), "customer");
  EXPECT_EQ(type_id_prefix("api_token_01h4"), "api_token");
  EXPECT_EQ(type_id_prefix("customer"), "");
  EXPECT_EQ(type_id_prefix(""), "");
}

TEST(TypeId, AppendsToWhatIsThere) {
  std::string out = "x";
  append_type_id(out, "api_token", *parse_uuid("01890a5d-ac96-774b-bcce-b302099a8057"));
  EXPECT_EQ(out, "xapi_token_01h455vb4pex5vsknk084sn02q");
}

TEST(Id, BelongsToItsType) {
  struct Customer;
  struct Booking;
  static_assert(!std::is_convertible_v<Id<Customer>, Id<Booking>>);
  static_assert(!std::is_convertible_v<Uuid, Id<Customer>>);
  EXPECT_TRUE(Id<Customer>{}.is_nil());
}

TEST(IdProperty, EveryIdComesBack) {
  EXPECT_TRUE(rc::check("parse(text(id)) == id", [] {
    const Uuid id = arbitrary_uuid();
    RC_PRE(!id.is_nil());
    RC_ASSERT(parse_type_id("customer", type_id_text("customer", id)) == id);
    RC_ASSERT(parse_uuid(uuid_text(id)) == id);
  }));
}

TEST(IdProperty, TextSortsAsTheBytesDo) {
  EXPECT_TRUE(rc::check("order of texts == order of ids", [] {
    const Uuid a = arbitrary_uuid();
    const Uuid b = arbitrary_uuid();
    RC_ASSERT((a < b) == (type_id_text("x", a) < type_id_text("x", b)));
    RC_ASSERT((a < b) == (uuid_text(a) < uuid_text(b)));
  }));
}

TEST(IdProperty, WhatParsesIsSpelledTheSame) {
  EXPECT_TRUE(rc::check("text(parse(text)) == text", [] {
    const auto suffix = *rc::gen::container<std::string>(26, rc::gen::elementOf(std::string("0123457ghjkz_A ilou")));
    const std::string text = "x_" + suffix;
    if (const auto id = parse_type_id("x", text)) RC_ASSERT(type_id_text("x", *id) == text);
  }));
}

}  // namespace
}  // namespace interlock
