// SPDX-License-Identifier: Apache-2.0
// Queries mean what the model says, page by page, and searches what people type.
#include "store/store_fixture_for_test.h"

namespace interlock::store {
namespace {

using QueryTest = StoreTest;

TEST_F(QueryTest, SearchFindsWhatPeopleType) {
  add({"Ana García", "Anaïs Garrido", "Bob Ana-Maria", "Ñuñez, José"});
  auto& writer = lane_->writer();
  const auto before = added_[0];
  added_[0].phone = "+34 600-123-456";
  added_[0].email = "ana.garcia@example.com";
  writer.begin();
  update(writer, added_[0], before);
  writer.commit();

  EXPECT_EQ(search("ana gar"), (Names{"Ana García", "Anaïs Garrido"}));
  EXPECT_EQ(search("GARCIA"), Names{"Ana García"});
  EXPECT_EQ(search("nunez"), (Names{"Ñuñez, José"}));
  EXPECT_EQ(search("maria"), Names{"Bob Ana-Maria"});
  EXPECT_EQ(search("arcia"), Names{});
  for (const auto* part : {"600", "600123", "600-123", "+34 600 123 456", "34600123456", "123456", "3456"}) {
    EXPECT_EQ(search(part), Names{"Ana García"}) << part;
  }
  for (const auto* part : {"ana.garcia@example.com", "garcia@exa", "example.com", "ana.g"}) {
    EXPECT_EQ(search(part), Names{"Ana García"}) << part;
  }
}

TEST_F(QueryTest, ASearchThatFindsManyPagesLikeAnyList) {
  auto& writer = lane_->writer();
  writer.begin();
  for (int i = 0; i < 1'500; ++i) {
    auto one = person("Many " + std::to_string(10'000 + i));
    one.status = i % 2 == 0 ? "new" : "lost";
    put_new(writer, one);
  }
  writer.commit();
  auto query = by_name();
  query.search = "man";
  query.conditions.push_back({&field_of(&Person::status), Comparison::equal, {std::string("lost")}});
  query.limit = 3;
  EXPECT_EQ(select(query), (Names{"Many 10001", "Many 10003", "Many 10005"}));
  query.descending = true;
  EXPECT_EQ(select(query), (Names{"Many 11499", "Many 11497", "Many 11495"}));
  query.sort = nullptr;
  EXPECT_EQ(select(query), (Names{"Many 11499", "Many 11497", "Many 11495"}));
  EXPECT_EQ(writer.count(type_of<Person>(), query), 750);
}

TEST_F(QueryTest, NothingThatIsTypedBreaksTheSearch) {
  add({"Ana"});
  for (const auto* odd :
       {"\"", "ana\" OR \"x", "*", "ana*", "NEAR(", "words:ana", "-ana", "'", "^ana", "(((", "ana AND", ";--"}) {
    EXPECT_NO_THROW(search(odd)) << odd;
  }
  EXPECT_EQ(search("- ana"), Names{"Ana"});
  EXPECT_EQ(search("  "), Names{});
}

TEST_F(QueryTest, SearchFollowsChangesOfSearchedFieldsOnlyAndErasure) {
  add({"Ana"});
  auto& writer = lane_->writer();
  auto ana = added_[0];
  auto before = ana;
  writer.begin();
  ana.address = "Main Street";
  update(writer, ana, before);
  before = ana;
  ana.name = "Berta";
  update(writer, ana, before);
  writer.commit();
  EXPECT_EQ(search("ana"), Names{});
  EXPECT_EQ(search("ber"), Names{"Berta"});
  EXPECT_EQ(search("main"), Names{});
  writer.begin();
  writer.erase(type_of<Person>(), ana.id);
  writer.commit();
  EXPECT_EQ(search("ber"), Names{});
}

TEST_F(QueryTest, TheFirstRecordsOfATypeAreFoundThoughALaterOperationOfTheirGroupWasRefused) {
  auto& writer = lane_->writer();
  auto ana = person("Ana"), bob = person("Bob"), eve = person("Eve");
  writer.begin();
  writer.savepoint();
  put_new(writer, ana);
  writer.release_savepoint();
  writer.savepoint();
  put_new(writer, bob);
  writer.rollback_to_savepoint();
  writer.commit();
  EXPECT_EQ(search("ana"), Names{"Ana"});
  commit_new(writer, eve);
  EXPECT_EQ(search("eve"), Names{"Eve"});
  EXPECT_EQ(search("bob"), Names{});
}

TEST_F(QueryTest, PagesByKeysetShowEveryRecordOnceInOrder) {
  auto& writer = lane_->writer();
  writer.begin();
  std::vector<Person> all;
  for (int i = 0; i < 60; ++i) {
    auto one = person("p" + std::to_string(i % 7));
    if (i % 3 != 0) one.credit = i % 4;
    one.updated_at.us = i / 5;
    put_new(writer, one);
    all.push_back(one);
  }
  writer.commit();
  const FieldInfo* sorts[] = {nullptr, &header_field::id(), &header_field::updated_at(), &field_of(&Person::name),
                              &field_of(&Person::credit)};
  for (const auto* sort : sorts) {
    for (const bool down : {false, true}) {
      auto expected = all;
      const auto key = [&](const Person& p) { return value_of(sort == nullptr ? header_field::id() : *sort, &p); };
      // Equals in the order of creation, and the other way round in the other direction.
      if (down) std::reverse(expected.begin(), expected.end());
      std::stable_sort(expected.begin(), expected.end(),
                       [&](const Person& a, const Person& b) { return down ? key(b) < key(a) : key(a) < key(b); });
      Query query;
      query.sort = sort;
      query.descending = down;
      query.limit = 7;
      std::vector<Uuid> seen;
      for (;;) {
        const auto page = writer.select(type_of<Person>(), query);
        for (const auto& record : page) seen.push_back(record.header().id);
        if (page.size() < 7) break;
        query.after =
            PageStart{sort == nullptr ? Value{} : value_of(*sort, page.back().get()), page.back().header().id};
      }
      std::vector<Uuid> wanted;
      for (const auto& p : expected) wanted.push_back(p.id);
      EXPECT_EQ(seen, wanted) << (sort == nullptr ? "id" : sort->name) << (down ? " down" : " up");
    }
  }
}

TEST_F(QueryTest, PagesThroughEqualsStayWholeWhileRowsMoveAndGo) {
  auto& writer = lane_->writer();
  writer.begin();
  std::vector<Person> all;
  for (int i = 0; i < 500; ++i) {
    auto one = person("p" + std::to_string(i));
    one.updated_at.us = 1'000;
    put_new(writer, one);
    all.push_back(one);
  }
  writer.commit();
  Query query;
  query.sort = &header_field::updated_at();
  query.descending = true;
  query.limit = 9;
  std::vector<Uuid> seen, wanted;
  for (auto at = all.rbegin(); at != all.rend(); ++at) wanted.push_back(at->id);
  for (bool more = true; more;) {
    const auto page = writer.select(type_of<Person>(), query);
    more = page.size() == 9;
    for (const auto& record : page) seen.push_back(record.header().id);
    if (!more) break;
    query.after = PageStart{value_of(header_field::updated_at(), page.back().get()), page.back().header().id};
    // The page's last row gets to the top, as any change does: the place behind it stays.
    auto moved = page.back();
    moved.header().updated_at.us = 2'000;
    writer.begin();
    writer.put(type_of<Person>(), moved.get(), page.back().get());
    writer.commit();
  }
  EXPECT_EQ(seen, wanted);
  query.after = PageStart{Value{std::int64_t{1'000}}, seen[10]};
  writer.begin();
  writer.erase(type_of<Person>(), seen[10]);
  writer.commit();
  EXPECT_EQ(writer.select(type_of<Person>(), query).size(), 9u) << "the row that a cursor names may be gone";
}

TEST_F(QueryTest, ConditionsMeanWhatTheModelSays) {
  auto& writer = lane_->writer();
  writer.begin();
  std::vector<Person> all;
  for (int i = 0; i < 24; ++i) {
    auto one = person("p" + std::to_string(i));
    one.status = i % 2 == 0 ? "new" : "lost";
    if (i % 3 != 0) one.credit = i;
    if (i % 4 == 0) one.assigned_to = Id<Person>{make_uuid(Time{i}, random_)};
    one.tags = i % 5 == 0 ? Names{"vip", "a\"b"} : Names{"vi"};
    one.vip = i % 2 == 0;
    if (i % 6 == 0) one.deleted_at = Time{i};
    put_new(writer, one);
    all.push_back(one);
  }
  writer.commit();
  std::vector<Query> queries;
  const auto ask = [&](auto member, Comparison comparison, std::vector<Value> values) {
    Query query;
    query.conditions.push_back({&field_of(member), comparison, std::move(values)});
    queries.push_back(query);
  };
  for (const auto comparison : {Comparison::equal, Comparison::not_equal, Comparison::less, Comparison::less_or_equal,
                                Comparison::greater, Comparison::greater_or_equal}) {
    ask(&Person::credit, comparison, {std::int64_t{10}});
    ask(&Person::status, comparison, {std::string("new")});
  }
  ask(&Person::credit, Comparison::is_null, {});
  ask(&Person::credit, Comparison::one_of, {std::int64_t{1}, std::int64_t{4}, std::int64_t{99}});
  ask(&Person::credit, Comparison::one_of, {});
  ask(&Person::tags, Comparison::contains, {std::string("vip")});
  ask(&Person::tags, Comparison::contains, {std::string("a\"b")});
  ask(&Person::vip, Comparison::equal, {true});
  ask(&Person::assigned_to, Comparison::equal, {all[4].assigned_to->uuid});
  ask(&Person::assigned_to, Comparison::not_equal, {all[4].assigned_to->uuid});
  Query scoped;
  scoped.scope = ScopeFilter{{{&field_of(&Person::assigned_to), Comparison::equal, {all[8].assigned_to->uuid}},
                              {&header_field::id(), Comparison::equal, {all[3].id}}}};
  queries.push_back(scoped);
  queries.push_back(Query{});
  queries.emplace_back().only_deleted = true;
  queries.emplace_back().include_deleted = true;
  queries.emplace_back().scope = ScopeFilter{};
  for (std::size_t i = 0; i < queries.size(); ++i) {
    std::vector<Uuid> expected;
    for (const auto& one : all) {
      if (matches(queries[i], &one)) expected.push_back(one.id);
    }
    std::vector<Uuid> found;
    for (const auto& record : writer.select(type_of<Person>(), queries[i])) found.push_back(record.header().id);
    EXPECT_EQ(found, expected) << "query " << i;
    EXPECT_EQ(writer.count(type_of<Person>(), queries[i]), static_cast<std::int64_t>(expected.size())) << "query " << i;
  }
}

}  // namespace
}  // namespace interlock::store
