// SPDX-License-Identifier: Apache-2.0
#include "model/record_json.h"

#include "base/test_texts.h"
#include "model/query.h"
#include "model/test_records.h"

namespace interlock {
namespace {

/// Reads one member of a Thing as an API user sends it.
Thing read(std::string_view name, const Json& value, Thing thing = {}) {
  test_schema();
  read_field_json(*type_of<Thing>().find_field(name), value, &thing);
  return thing;
}
Refusal refusal_of(std::string_view name, const Json& value) {
  const auto refusal = refused([&] { read(name, value); });
  EXPECT_EQ(refusal.field, name);
  return refusal;
}
std::string written(std::string_view name, const Thing& thing) {
  std::string text;
  append_field_json(text, *type_of<Thing>().find_field(name), &thing);
  return text;
}
std::string member_text(std::uint8_t number) { return type_id_text("member", test_id(number)); }

TEST(FieldJson, EveryKindReadsWhatItWrites) {
  const std::map<std::string, std::string> sent{{"name", R"("Anvil")"},
                                                {"nickname", R"("An")"},
                                                {"kind", R"("large")"},
                                                {"size", "10"},
                                                {"price_minor", "-9223372036854775808"},
                                                {"active", "false"},
                                                {"approved", "true"},
                                                {"at", R"("2026-02-28T23:59:59.999999Z")"},
                                                {"seen_at", R"("0001-01-01T00:00:00.000000Z")"},
                                                {"owner", '"' + member_text(2) + '"'},
                                                {"helper", '"' + member_text(3) + '"'},
                                                {"about", '"' + member_text(4) + '"'},
                                                {"origin", '"' + type_id_text("thing", test_id(5)) + '"'},
                                                {"tags", R"(["vip","b"])"},
                                                {"extra", R"({"b":[1,null,{"a":1.50}],"a":"x"})"}};
  for (const auto& [name, text] : sent) EXPECT_EQ(written(name, read(name, parse_json(text))), text) << name;
}

TEST(FieldJson, WrongTypesAreRefusedWithTheFieldsName) {
  const Json samples[] = {Json(true),
                          Json(7),
                          Json("text"),
                          Json(JsonArray{Json(1)}),
                          Json(JsonObject{}),
                          Json(JsonNumber{"1.5"}),
                          Json(JsonNumber{"9223372036854775808"})};
  // What a kind takes of the samples: the rest is of the wrong type.
  const std::map<std::string_view, int> taken{{"name", 2},     {"size", 1},   {"price_minor", 1}, {"active", 0},
                                              {"approved", 0}, {"at", 2},     {"owner", 2},       {"helper", 2},
                                              {"about", 2},    {"origin", 2}, {"tags", -1}};
  for (const auto& [name, index] : taken)
    for (int i = 0; i < 7; ++i) {
      if (i == index) continue;
      EXPECT_EQ(refusal_of(name, samples[i]).code, ErrorCode::wrong_type) << name << " " << i;
    }
}

TEST(FieldJson, ATextsBoundIsInBytesAndExact) {
  EXPECT_EQ(read("name", "12345678").name, "12345678");
  EXPECT_EQ(read("name", "äöüß").name.size(), 8U);
  for (const auto* text : {"123456789", "äöüß!", "😀😀a"}) {
    const auto refusal = refusal_of("name", text);
    EXPECT_EQ(refusal.code, ErrorCode::too_long);
    EXPECT_EQ(refusal.limit, 8);
    EXPECT_EQ(refusal.detail, "name may have at most 8 bytes");
  }
  EXPECT_EQ(read("note", std::string(limits::text_bytes_max_default, 'x')).note.size(), limits::text_bytes_max_default);
  EXPECT_EQ(refusal_of("note", std::string(limits::text_bytes_max_default + 1, 'x')).code, ErrorCode::too_long);
}

TEST(FieldJson, AnIntegersBoundsAreExact) {
  EXPECT_EQ(read("size", 1).size, 1);
  EXPECT_EQ(read("size", 10).size, 10);
  EXPECT_EQ(refusal_of("size", 0).code, ErrorCode::out_of_range);
  EXPECT_EQ(refusal_of("size", 0).limit, 1);
  EXPECT_EQ(refusal_of("size", 11).limit, 10);
  EXPECT_EQ(refusal_of("size", INT64_MAX).detail, "size must be from 1 to 10");
  EXPECT_EQ(read("price_minor", INT64_MAX).price_minor, INT64_MAX);
}

TEST(FieldJson, AListsBoundsHoldForTheItemsAndTheirNumber) {
  EXPECT_EQ(read("tags", JsonArray(limits::tags_max, Json("x"))).tags.size(), limits::tags_max);
  const auto many = refusal_of("tags", JsonArray(limits::tags_max + 1, Json("x")));
  EXPECT_EQ(many.code, ErrorCode::too_long);
  EXPECT_EQ(many.limit, static_cast<std::int64_t>(limits::tags_max));
  EXPECT_EQ(read("tags", JsonArray{Json(std::string(limits::tag_bytes_max, 'x'))}).tags.size(), 1U);
  EXPECT_EQ(refusal_of("tags", JsonArray{Json("a"), Json(std::string(limits::tag_bytes_max + 1, 'x'))}).limit,
            static_cast<std::int64_t>(limits::tag_bytes_max));
  EXPECT_EQ(refusal_of("tags", JsonArray{Json("a"), Json()}).code, ErrorCode::wrong_type);
  EXPECT_TRUE(read("tags", JsonArray{}).tags.empty());
}

TEST(FieldJson, JsonOfAnyShapeIsBoundedByItsCompactText) {
  EXPECT_EQ(read("extra", Json(std::string(62, 'x'))).extra.text.size(), 64U);
  const auto refusal = refusal_of("extra", Json(std::string(63, 'x')));
  EXPECT_EQ(refusal.code, ErrorCode::too_long);
  EXPECT_EQ(refusal.limit, 64);
  EXPECT_EQ(read("extra", parse_json("{ \"a\" : [ 1 , 2 ] }")).extra.text, R"({"a":[1,2]})");
  EXPECT_EQ(read("extra", Json()).extra.text, "null");
}

TEST(FieldJson, NullTakesTheValueAwayWhereThereCanBeNone) {
  Thing thing;
  thing.nickname = "An";
  thing.price_minor = 5;
  thing.approved = true;
  thing.seen_at = Time{5};
  thing.helper = Id<Member>{test_id(1)};
  thing.origin = Subject{type_of<Member>().number, test_id(1)};
  for (const auto* name : {"nickname", "price_minor", "approved", "seen_at", "helper", "origin"}) {
    EXPECT_NE(written(name, thing), "null") << name;
    EXPECT_EQ(written(name, read(name, Json(), thing)), "null") << name;
  }
  for (const auto* name : {"size", "active", "at"}) EXPECT_EQ(refusal_of(name, Json()).code, ErrorCode::wrong_type);
  thing.note = "x";
  thing.tags = {"x"};
  EXPECT_EQ(written("note", read("note", Json(), thing)), R"("")");
  EXPECT_EQ(written("tags", read("tags", Json(), thing)), "[]");
}

TEST(FieldJson, OnlyTheListedValuesOfATextAreTaken) {
  for (const Json& bad : {Json("medium"), Json("Small"), Json("small "), Json("")}) {
    const auto refusal = refusal_of("kind", bad);
    EXPECT_EQ(refusal.code, ErrorCode::invalid_value);
    EXPECT_EQ(refusal.detail, "kind must be one of: small, large");
  }
  EXPECT_EQ(refusal_of("kind", Json()).code, ErrorCode::invalid_value) << "no value is none of them";
  EXPECT_EQ(read("colour", Json()).colour, std::nullopt) << "this one may be absent";
  EXPECT_EQ(refusal_of("colour", "").code, ErrorCode::invalid_value);
}

TEST(FieldJson, IdsAreOfTheRightTypeAndSpelledInOneWay) {
  EXPECT_EQ(read("owner", member_text(2)).owner.uuid, test_id(2));
  auto upper = member_text(2);
  upper[8] = 'G';
  for (const std::string& bad : {type_id_text("thing", test_id(2)), member_text(2) + "0", std::string("member_"),
                                 std::string(), upper, uuid_text(test_id(2)), type_id_text("member", Uuid{})})
    EXPECT_EQ(refusal_of("owner", bad).code, ErrorCode::unknown_reference) << bad;
  EXPECT_EQ(read("about", type_id_text("thing", test_id(2))).about, (Subject{type_of<Thing>().number, test_id(2)}));
  for (const auto& bad : {std::string("user_00000000000000000000000001"), std::string("thing"), std::string()})
    EXPECT_EQ(refusal_of("about", bad).code, ErrorCode::not_found) << bad;
}

TEST(FieldJson, TimesAreRfc3339) {
  EXPECT_EQ(written("at", read("at", "2026-11-22T06:30:00+01:00")), R"("2026-11-22T05:30:00.000000Z")");
  for (const auto* bad :
       {"", "2026-11-22", "2026-11-22T05:30:00", "2026-02-29T00:00:00Z", "2026-11-22T23:59:60Z", "now"})
    EXPECT_EQ(refusal_of("at", bad).code, ErrorCode::invalid_value) << bad;
}

TEST(FieldJson, WhatPeopleTypeComesBackAsItWas) {
  for (const auto& text : naughty_strings()) {
    if (text.size() > limits::text_bytes_max_default) {
      EXPECT_EQ(refusal_of("note", text).code, ErrorCode::too_long);
      continue;
    }
    const auto thing = read("note", text);
    EXPECT_EQ(thing.note, text);
    EXPECT_EQ(*parse_json(written("note", thing)).if_text(), text);
  }
  const std::string controls = "ab\x01\x1f\x7f\r\n\t";
  EXPECT_EQ(*parse_json(written("note", read("note", controls))).if_text(), controls);
}

TEST(FieldJson, BytesThatAreNotUtf8AreRefused) {
  for (const std::string_view bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "abc\xe2\x82"}) {
    EXPECT_EQ(refusal_of("note", bad).code, ErrorCode::invalid_value);
    EXPECT_EQ(refusal_of("tags", JsonArray{Json(bad)}).code, ErrorCode::invalid_value);
  }
}

TEST(FieldJson, ATextHoldsNoNul) {
  const std::string bad("a\0b", 3);
  EXPECT_EQ(refusal_of("note", bad).code, ErrorCode::invalid_value);
  EXPECT_EQ(refusal_of("note", bad).field, "note");
  EXPECT_EQ(refusal_of("tags", JsonArray{Json(bad)}).code, ErrorCode::invalid_value);
}

TEST(RecordJson, ShowsHeaderAndFieldsInOrderAndNoSecret) {
  test_schema();
  Thing thing;
  thing.id = test_id(1);
  thing.version = 3;
  thing.created_at = thing.updated_at = Time{1'000};
  thing.created_by = test_id(2);
  thing.name = "Anvil";
  thing.token_digest = "hush";
  thing.about = {type_of<Member>().number, test_id(4)};
  const auto text = record_json(thing);
  EXPECT_TRUE(text.starts_with(R"({"id":")" + type_id_text("thing", test_id(1)) +
                               R"(","version":3,"created_at":"1970-01-01T00:00:00.001000Z",)" +
                               R"("updated_at":"1970-01-01T00:00:00.001000Z","created_by":")" +
                               type_id_text("user", test_id(2)) + R"(","name":"Anvil","nickname":null,)"))
      << text;
  for (const auto* hidden : {"hush", "token_digest", "deleted_at", "last_seq"})
    EXPECT_EQ(text.find(hidden), std::string::npos) << hidden;
  thing.deleted_at = Time{2'000};
  EXPECT_NE(record_json(thing).find(R"("deleted_at":"1970-01-01T00:00:00.002000Z")"), std::string::npos);
}

TEST(RecordJson, ARecordWithNothingInItReadsBack) {
  test_schema();
  const Thing empty;
  Thing again;
  read_record_json(type_of<Thing>(), parse_json(record_json(empty)), &again);
  EXPECT_EQ(record_json(again), record_json(empty));
}

TEST(RecordJson, WhatAnotherReleaseWroteIsRead) {
  test_schema();
  Thing thing;
  const auto long_name = std::string(100, 'n');
  read_record_json(type_of<Thing>(),
                   Json(JsonObject{{"id", type_id_text("thing", test_id(1))},
                                   {"version", 4},
                                   {"name", long_name},                  // its bound has become tighter
                                   {"kind", "gigantic"},                 // no longer offered
                                   {"size", 1'000},                      // out of today's range
                                   {"rank", Json()},                     // could be absent
                                   {"tags", JsonArray(100, "t")},        // more than today
                                   {"weight", JsonObject{{"kg", 3}}}}),  // a field that is gone, or not yet known
                   &thing);
  EXPECT_EQ(thing.id, test_id(1));
  EXPECT_EQ(thing.version, 4);
  EXPECT_EQ(thing.name, long_name);
  EXPECT_EQ(thing.kind, "gigantic");
  EXPECT_EQ(thing.size, 1'000);
  EXPECT_EQ(thing.rank, 0);
  EXPECT_EQ(thing.tags.size(), 100U);
  EXPECT_TRUE(thing.active) << "a missing member keeps its default";
}

// ---- requests and answers

struct Part {
  std::string name;
  std::optional<std::int64_t> amount;
};
constexpr auto part_fields = fields<Part>(field<&Part::name>(required, max_bytes(8)), field<&Part::amount>());
INTERLOCK_STRUCT(Part, part_fields)

struct Request {
  Id<Thing> id;
  std::string reason;
  Part part;
  bool quick = true;
};
constexpr auto request_fields =
    fields<Request>(field<&Request::id>(required, reference<Thing>(OnDelete::refuse)),
                    field<&Request::reason>(required), field<&Request::part>(), field<&Request::quick>());
INTERLOCK_STRUCT(Request, request_fields)

struct Answer {
  Part part;
  std::vector<Part> parts;
  Member member;
  std::vector<Member> members;
};
constexpr auto answer_fields = fields<Answer>(field<&Answer::part>(), field<&Answer::parts>(), field<&Answer::member>(),
                                              field<&Answer::members>());
INTERLOCK_STRUCT(Answer, answer_fields)

Request read_request(const std::string& text) {
  Request request;
  read_struct_json(detail::struct_info<Request>(), parse_json(text), &request);
  return request;
}
Refusal request_refusal(const std::string& members) {
  return refused([&] { read_request("{" + members + "}"); });
}
const std::string id_member = R"("id":")" + type_id_text("thing", test_id(1)) + '"';

TEST(StructJson, IsReadWithItsParts) {
  const auto request = read_request("{" + id_member + R"(,"reason":"r","part":{"name":"bolt","amount":2}})");
  EXPECT_EQ(request.id.uuid, test_id(1));
  EXPECT_EQ(request.part.name, "bolt");
  EXPECT_EQ(request.part.amount, 2);
  EXPECT_TRUE(request.quick);
}

TEST(StructJson, AnUnknownFieldIsRefusedByName) {
  const auto refusal = request_refusal(id_member + R"(,"reason":"r","reasons":"x")");
  EXPECT_EQ(refusal.code, ErrorCode::unknown_field);
  EXPECT_EQ(refusal.field, "reasons");
  EXPECT_EQ(request_refusal(id_member + R"(,"reason":"r","part":{"name":"b","colour":1})").field, "colour");
}

TEST(StructJson, WhatIsRequiredMustBeThereAndNotEmpty) {
  for (const auto& members : {id_member, id_member + R"(,"reason":"")", id_member + R"(,"reason":null)"}) {
    const auto refusal = request_refusal(members);
    EXPECT_EQ(refusal.code, ErrorCode::required);
    EXPECT_EQ(refusal.field, "reason");
  }
  EXPECT_EQ(request_refusal(R"("reason":"r","id":null)").field, "id");
  EXPECT_EQ(request_refusal(id_member + R"(,"reason":"r","part":{})").field, "name");
}

TEST(StructJson, OnlyAnObjectIsARequest) {
  for (const auto* text : {"null", "[]", "1", "\"x\"", "true"})
    EXPECT_EQ(refused([&] { read_request(text); }).code, ErrorCode::wrong_type) << text;
  for (const auto* part : {"null", "[]", "1", "\"x\""})
    EXPECT_EQ(request_refusal(id_member + R"(,"reason":"r","part":)" + part).code, ErrorCode::wrong_type) << part;
}

TEST(StructJson, ListsOfObjectsAreAnsweredAndNotTaken) {
  Answer answer;
  for (const auto* list : {"null", "[]", R"([{"name":"x"}])"})
    EXPECT_EQ(refused([&] {
                read_struct_json(detail::struct_info<Answer>(), parse_json(std::string(R"({"parts":)") + list + "}"),
                                 &answer);
              }).field,
              "parts")
        << list;
}

TEST(StructJson, AnAnswerShowsItsPartsAndRecordsWithTheirHeaders) {
  Answer answer;
  answer.part.name = "a";
  answer.parts = {{"b", 1}, {"c", std::nullopt}};
  answer.member.id = test_id(1);
  answer.members.resize(2);
  std::string text;
  append_struct_json(text, detail::struct_info<Answer>(), &answer);
  const auto json = parse_json(text);
  EXPECT_EQ(json_text(*json.find("part")), R"({"name":"a","amount":null})");
  EXPECT_EQ(json_text(*json.find("parts")), R"([{"name":"b","amount":1},{"name":"c","amount":null}])");
  EXPECT_EQ(*json.find("member")->find("id")->if_text(), type_id_text("member", test_id(1)));
  EXPECT_EQ(json.find("members")->if_array()->size(), 2U);
}

}  // namespace
}  // namespace interlock
