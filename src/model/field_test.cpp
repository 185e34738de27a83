// SPDX-License-Identifier: Apache-2.0
#include "model/field.h"

#include "model/query.h"
#include "model/test_records.h"

namespace interlock {
namespace {

const FieldInfo& thing_field(std::string_view name) {
  const auto* found = type_of<Thing>().find_field(name);
  EXPECT_NE(found, nullptr) << name;
  return *found;
}

TEST(Field, IsNamedLikeItsMemberAndStandsInTheStructsOrder) {
  std::vector<std::string_view> names;
  for (const auto& f : type_of<Thing>().fields()) names.push_back(f.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"name",         "nickname", "note",     "kind", "colour",  "size",
                                                  "price_minor",  "active",   "approved", "at",   "seen_at", "owner",
                                                  "helper",       "about",    "origin",   "tags", "extra",   "code",
                                                  "token_digest", "rank",     "serial"}));
}

TEST(Field, ItsKindFollowsFromTheMembersType) {
  const std::map<std::string_view, std::pair<FieldKind, bool>> expected{
      {"name", {FieldKind::text, false}},       {"nickname", {FieldKind::text, true}},
      {"size", {FieldKind::integer, false}},    {"price_minor", {FieldKind::integer, true}},
      {"active", {FieldKind::boolean, false}},  {"approved", {FieldKind::boolean, true}},
      {"at", {FieldKind::time, false}},         {"seen_at", {FieldKind::time, true}},
      {"owner", {FieldKind::reference, false}}, {"helper", {FieldKind::reference, true}},
      {"about", {FieldKind::subject, false}},   {"origin", {FieldKind::subject, true}},
      {"tags", {FieldKind::text_list, false}},  {"extra", {FieldKind::json, false}}};
  for (const auto& [name, kind] : expected)
    EXPECT_EQ(std::pair(thing_field(name).kind, thing_field(name).nullable), kind) << name;
}

TEST(Field, AttributesSayWhatTheyImply) {
  EXPECT_TRUE(thing_field("code").unique && thing_field("code").indexed) << "uniqueness needs an index";
  EXPECT_TRUE(thing_field("owner").indexed) << "deletion looks for references";
  EXPECT_TRUE(thing_field("token_digest").secret && thing_field("token_digest").read_only);
  EXPECT_TRUE(thing_field("rank").read_only && !thing_field("rank").secret);
  EXPECT_TRUE(thing_field("serial").fixed && !thing_field("serial").read_only);
  EXPECT_TRUE(thing_field("name").required && thing_field("name").mergeable && thing_field("name").searchable);
  EXPECT_FALSE(thing_field("note").required || thing_field("note").mergeable || thing_field("note").indexed);
  EXPECT_EQ(&thing_field("helper").refers_to(), &type_of<Member>());
  EXPECT_EQ(thing_field("helper").on_delete, OnDelete::clear);
}

TEST(Field, HasABoundWhetherOneIsGivenOrNot) {
  EXPECT_EQ(thing_field("name").bytes_max, 8U);
  EXPECT_EQ(thing_field("note").bytes_max, limits::text_bytes_max_default);
  EXPECT_EQ(thing_field("tags").bytes_max, limits::tag_bytes_max);
  EXPECT_EQ(thing_field("tags").items_max, limits::tags_max);
}

TEST(Field, TheHeadersFieldsAreFoundByNameAndSetByTheServerOnly) {
  for (const auto* name : {"id", "version", "created_at", "updated_at", "created_by", "deleted_at"}) {
    ASSERT_NE(type_of<Thing>().find_field(name), nullptr) << name;
    EXPECT_TRUE(thing_field(name).read_only) << name;
  }
  EXPECT_EQ(type_of<Thing>().find_field("last_seq"), nullptr);
  EXPECT_EQ(type_of<Thing>().find_field(""), nullptr);
}

TEST(Field, IsFoundByItsMember) {
  EXPECT_EQ(&field_of(&Thing::helper), &thing_field("helper"));
  EXPECT_EQ(&field_of(&Thing::serial), &thing_field("serial"));
}

}  // namespace
}  // namespace interlock
