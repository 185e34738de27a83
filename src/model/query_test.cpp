// SPDX-License-Identifier: Apache-2.0
#include "model/query.h"

#include <rapidcheck/gtest.h>

#include "model/test_records.h"
#include "testing/memory_tx.h"

namespace interlock {
namespace {

Thing thing_of(std::int64_t size, std::optional<std::int64_t> price = std::nullopt) {
  Thing thing;
  thing.name = "x";
  thing.size = size;
  thing.price_minor = price;
  return thing;
}
bool holds(const Query& query, const Thing& thing) { return matches(query, &thing); }

TEST(Query, WhereComparesOneField) {
  const auto thing = thing_of(5);
  EXPECT_TRUE(holds(where(&Thing::size) == std::int64_t{5}, thing));
  EXPECT_FALSE(holds(where(&Thing::size) != std::int64_t{5}, thing));
  EXPECT_TRUE(holds(where(&Thing::size) != std::int64_t{6}, thing));
  EXPECT_FALSE(holds(where(&Thing::size) < std::int64_t{5}, thing));
  EXPECT_TRUE(holds(where(&Thing::size) <= std::int64_t{5}, thing));
  EXPECT_FALSE(holds(where(&Thing::size) > std::int64_t{5}, thing));
  EXPECT_TRUE(holds(where(&Thing::size) >= std::int64_t{5}, thing));
  EXPECT_TRUE(holds(where(&Thing::name) == "x" && where(&Thing::active) == true, thing));
  EXPECT_FALSE(holds(where(&Thing::name) == "x" && where(&Thing::active) == false, thing)) << "all must hold";
}

TEST(Query, AnAbsentValueIsNeitherMoreNorLessNorEqual) {
  const auto absent = thing_of(5);
  EXPECT_FALSE(holds(where(&Thing::price_minor) == std::int64_t{0}, absent));
  EXPECT_FALSE(holds(where(&Thing::price_minor) < std::int64_t{0}, absent));
  EXPECT_FALSE(holds(where(&Thing::price_minor) >= INT64_MIN, absent));
  EXPECT_TRUE(holds(where(&Thing::price_minor) != std::int64_t{0}, absent)) << "but it is another one";
  const Condition is_null{&field_of(&Thing::price_minor), Comparison::is_null, {}};
  EXPECT_TRUE(matches(is_null, &absent));
  const auto zero = thing_of(5, 0);
  EXPECT_FALSE(matches(is_null, &zero));
}

TEST(Query, OneOfAndContains) {
  auto thing = thing_of(5);
  thing.tags = {"vip", "new"};
  const auto& size = field_of(&Thing::size);
  EXPECT_TRUE(matches({&size, Comparison::one_of, {std::int64_t{1}, std::int64_t{5}}}, &thing));
  EXPECT_FALSE(matches({&size, Comparison::one_of, {}}, &thing)) << "none of nothing";
  EXPECT_TRUE(matches({&field_of(&Thing::tags), Comparison::contains, {std::string("new")}}, &thing));
  EXPECT_FALSE(matches({&field_of(&Thing::tags), Comparison::contains, {std::string("ne")}}, &thing));
}

TEST(Query, IdsSubjectsAndTimesAreComparedByTheirValue) {
  auto thing = thing_of(5);
  thing.owner = {test_id(1)};
  thing.about = {type_of<Member>().number, test_id(2)};
  thing.at = Time{-5};
  EXPECT_TRUE(holds(where(&Thing::owner) == Id<Member>{test_id(1)}, thing));
  EXPECT_FALSE(holds(where(&Thing::helper) == Id<Member>{test_id(1)}, thing));
  EXPECT_TRUE(holds(where(&Thing::about) == Subject{type_of<Member>().number, test_id(2)}, thing));
  EXPECT_FALSE(holds(where(&Thing::about) == Subject{type_of<Thing>().number, test_id(2)}, thing));
  EXPECT_TRUE(holds(where(&Thing::at) < Time{0}, thing));
}

TEST(Query, DeletedOnesAreThereOnRequestOnly) {
  auto deleted = thing_of(5);
  deleted.deleted_at = Time{1};
  Query everything, trash;
  everything.include_deleted = true;
  trash.only_deleted = true;
  EXPECT_FALSE(holds({}, deleted));
  EXPECT_TRUE(holds(everything, deleted) && holds(everything, thing_of(5)));
  EXPECT_TRUE(holds(trash, deleted));
  EXPECT_FALSE(holds(trash, thing_of(5)));
}

TEST(Query, AScopeIsAnyOfItsConditionsAndWithoutOneNothing) {
  auto thing = thing_of(5);
  thing.owner = {test_id(1)};
  thing.helper = Id<Member>{test_id(2)};
  const auto in_scope_of = [&](std::uint8_t who) {
    Query query;
    query.scope = ScopeFilter{{{&field_of(&Thing::owner), Comparison::equal, {test_id(who)}},
                               {&field_of(&Thing::helper), Comparison::equal, {test_id(who)}}}};
    return holds(query, thing);
  };
  EXPECT_TRUE(in_scope_of(1) && in_scope_of(2));
  EXPECT_FALSE(in_scope_of(3));
  Query nothing;
  nothing.scope = ScopeFilter{};
  EXPECT_FALSE(holds(nothing, thing));
}

/// Page after page shows every record once, in the order of the one big page, wherever the pages end.
RC_GTEST_PROP(QueryProperty, PagesJoinToTheWhole, ()) {
  testing::MemoryTx tx(test_schema());
  Member owner;
  owner.name = "o";
  tx.save(owner);
  for (const auto size : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 5))) {
    auto thing = thing_of(size);
    if (size % 2 == 0) thing.price_minor = size;
    thing.owner = id_of(owner);
    tx.save(thing);
  }
  Query query;
  query.sort = *rc::gen::element<const FieldInfo*>(nullptr, &field_of(&Thing::size), &field_of(&Thing::price_minor),
                                                   &field_of(&Thing::name), &header_field::updated_at());
  query.descending = *rc::gen::arbitrary<bool>();
  const auto whole = tx.select(type_of<Thing>(), query);
  query.limit = *rc::gen::inRange<std::int64_t>(1, 5);
  std::vector<Uuid> joined, expected;
  for (const auto& box : whole) expected.push_back(box.header().id);
  while (true) {
    const auto page = tx.select(type_of<Thing>(), query);
    if (page.empty()) break;
    RC_ASSERT(page.size() <= static_cast<std::size_t>(query.limit));
    for (const auto& box : page) joined.push_back(box.header().id);
    query.after = PageStart{query.sort == nullptr ? Value{} : value_of(*query.sort, page.back().get()), joined.back()};
  }
  RC_ASSERT(joined == expected);
}

}  // namespace
}  // namespace interlock
