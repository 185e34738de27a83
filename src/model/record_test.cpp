// SPDX-License-Identifier: Apache-2.0
#include "model/record.h"

#include "model/query.h"
#include "model/test_records.h"

namespace interlock {
namespace {

Thing full_thing() {
  Thing thing;
  thing.id = test_id(1);
  thing.version = 3;
  thing.name = "Anvil";
  thing.nickname = "An";
  thing.note = std::string("a note that does not fit into the object itself");
  thing.kind = "large";
  thing.colour = "small";
  thing.size = 7;
  thing.price_minor = -1'999;
  thing.active = false;
  thing.approved = true;
  thing.at = Time{1'000'001};
  thing.seen_at = Time{-5};
  thing.owner = {test_id(2)};
  thing.helper = Id<Member>{test_id(3)};
  thing.about = {type_of<Member>().number, test_id(4)};
  thing.origin = Subject{type_of<Thing>().number, test_id(5)};
  thing.tags = {"a", "b"};
  thing.extra.text = R"({"x":1})";
  thing.code = "C1";
  thing.token_digest = "hush";
  thing.rank = 9;
  thing.serial = "S1";
  return thing;
}

TEST(Record, ABoxIsACopyOfItsOwn) {
  test_schema();
  auto thing = full_thing();
  RecordBox box(type_of<Thing>(), &thing);
  RecordBox copy(box);
  copy.as<Thing>().tags.push_back("c");
  copy.as<Thing>().note += "!";
  EXPECT_EQ(record_json(box.as<Thing>()), record_json(thing));
  EXPECT_NE(record_json(copy.as<Thing>()), record_json(thing));
  RecordBox moved(std::move(copy));
  EXPECT_EQ(moved.as<Thing>().tags.size(), 3U);
  moved = box;
  EXPECT_EQ(record_json(moved.as<Thing>()), record_json(thing));
  RecordBox other(type_of<Member>());
  other = moved;
  EXPECT_EQ(&other.type(), &type_of<Thing>());
  EXPECT_EQ(other.header().version, 3);
}

TEST(Record, EveryFieldIsCopiedComparedAndCleared) {
  const auto full = full_thing();
  for (const auto& f : type_of<Thing>().fields()) {
    Thing thing;
    EXPECT_FALSE(fields_equal(f, &thing, &full)) << f.name;
    copy_field(f, &thing, &full);
    EXPECT_TRUE(fields_equal(f, &thing, &full)) << f.name;
    EXPECT_EQ(value_of(f, &thing), value_of(f, &full)) << f.name;
    EXPECT_FALSE(is_empty(f, &thing)) << f.name;
    for (const auto& other : type_of<Thing>().fields())
      EXPECT_EQ(fields_equal(other, &thing, &full), &other == &f) << f.name << " took " << other.name << " along";
    clear_field(f, &thing);
    EXPECT_EQ(fields_equal(f, &thing, &full), f.name == "active") << f.name << ": false is what it is cleared to";
    const bool has_empty = f.kind != FieldKind::integer && f.kind != FieldKind::boolean && f.kind != FieldKind::time;
    EXPECT_EQ(is_empty(f, &thing), f.nullable || has_empty) << f.name;
  }
}

TEST(Record, AbsentAndEmptyDiffer) {
  Thing absent, empty;
  empty.nickname = "";
  empty.price_minor = 0;
  empty.approved = false;
  empty.seen_at = Time{};
  for (const auto* name : {"nickname", "price_minor", "approved", "seen_at"}) {
    const auto& f = *type_of<Thing>().find_field(name);
    EXPECT_FALSE(fields_equal(f, &absent, &empty)) << name;
    EXPECT_EQ(value_of(f, &absent), Value{}) << name;
    EXPECT_NE(value_of(f, &empty), Value{}) << name;
    copy_field(f, &empty, &absent);
    EXPECT_TRUE(fields_equal(f, &absent, &empty)) << name;
  }
}

TEST(Record, ANilReferenceHasNoValue) {
  EXPECT_EQ(value_of(field_of(&Thing::owner), std::make_unique<Thing>().get()), Value{});
  const auto full = full_thing();
  EXPECT_EQ(value_of(field_of(&Thing::owner), &full), Value{test_id(2)});
  EXPECT_EQ(value_of(field_of(&Thing::at), &full), Value{std::int64_t{1'000'001}});
}

TEST(Record, ASubjectIsWrittenAsTheIdOfWhateverItIs) {
  test_schema();
  const Subject subject{type_of<Member>().number, test_id(9)};
  const auto text = subject_text(subject);
  EXPECT_TRUE(text.starts_with("member_")) << text;
  EXPECT_EQ(parse_subject(text), subject);
  EXPECT_EQ(subject_from_bytes(subject_bytes(subject)), subject);
  EXPECT_EQ(subject_bytes(subject).size(), 18U);
  for (const std::string_view bad : {"", "member", "member_", "nobody_00000000000000000000000001"})
    EXPECT_FALSE(parse_subject(bad)) << bad;
  EXPECT_FALSE(parse_subject("MEMBER_" + text.substr(7)));
  EXPECT_FALSE(parse_subject(text + "0"));
  EXPECT_FALSE(parse_subject(text.substr(0, text.size() - 1)));
}

TEST(Record, SubjectsSortByTypeAndThenById) {
  const Subject low{255, test_id(200)}, high{256, test_id(1)};
  EXPECT_LT(subject_bytes(low), subject_bytes(high));
  EXPECT_LT(subject_bytes({256, test_id(1)}), subject_bytes({256, test_id(2)}));
}

TEST(RecordDeath, TwoTypesCannotHaveOneNumber) {
  test_schema();
  static RecordType thief = type_of<Thing>();
  EXPECT_DEATH(register_record_type(thief), "fresh");
}

}  // namespace
}  // namespace interlock
