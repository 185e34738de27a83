// SPDX-License-Identifier: Apache-2.0
// What a lane may rely on, in everyday use.
#include "store/sqlite/fixture_for_test.h"

namespace interlock::store::sqlite {
namespace {

std::vector<std::string> names(const std::vector<RecordBox>& records) {
  std::vector<std::string> out;
  for (const auto& record : records) out.push_back(static_cast<const Person*>(record.get())->name);
  return out;
}

Query by_name() { return Query{}.order_by(field_of(&Person::name)); }

class SqliteStoreTest : public StoreTest {
 protected:
  void add(std::initializer_list<std::string> people) {
    auto& writer = lane_->writer();
    writer.begin();
    for (const auto& name : people) {
      auto one = person(name);
      put_new(writer, one);
      added_.push_back(one);
    }
    writer.commit();
  }
  std::vector<std::string> select(const Query& query) {
    return names(lane_->writer().select(type_of<Person>(), query));
  }
  std::vector<std::string> search(const std::string& words) {
    auto query = by_name();
    query.search = words;
    return select(query);
  }

  std::unique_ptr<LaneStore> lane_ = open();
  std::vector<Person> added_;
};

using Names = std::vector<std::string>;

TEST_F(SqliteStoreTest, EveryKindOfFieldComesBackAsItWas) {
  auto ana = person("Ana \"García\"\n\t\\ \xF0\x9F\x8E\xB8");
  ana.tags = {"a,b", "with \"quotes\"", "\\", "ñ", ""};
  ana.assigned_to = Id<Person>{make_uuid(Time{5}, random_)};
  ana.credit = -9'007'199'254'740'993;
  ana.vip = true;
  ana.code = std::string("nul\0inside", 10);
  ana.seen_at = Time{-1};
  ana.about = {7001, ana.id};
  ana.extra.text = R"({"a":[1,2]})";
  ana.deleted_at = Time{7};
  ana.created_by = make_uuid(Time{6}, random_);
  commit_new(lane_->writer(), ana);

  Person back;
  ASSERT_TRUE(lane_->writer().load(type_of<Person>(), ana.id, &back));
  for (const auto& field : type_of<Person>().fields()) EXPECT_TRUE(fields_equal(field, &ana, &back)) << field.name;
  for (const auto& field : header_fields()) EXPECT_TRUE(fields_equal(field, &ana, &back)) << field.name;
  EXPECT_EQ(back.last_seq, 1);
}

TEST_F(SqliteStoreTest, AbsentValuesStayAbsentAndCanComeAndGo) {
  auto ana = person("Ana");
  commit_new(lane_->writer(), ana);
  auto& writer = lane_->writer();
  const auto before = ana;
  ana.credit = 5;
  ana.tags = {"one"};
  writer.begin();
  update(writer, ana, before);
  writer.commit();
  const auto between = ana;
  ana.credit.reset();
  ana.tags.clear();
  writer.begin();
  update(writer, ana, between);
  writer.commit();
  Person back;
  ASSERT_TRUE(writer.load(type_of<Person>(), ana.id, &back));
  EXPECT_FALSE(back.credit);
  EXPECT_FALSE(back.assigned_to);
  EXPECT_TRUE(back.tags.empty());
  EXPECT_EQ(back.version, 3);
}

TEST_F(SqliteStoreTest, TextThatIsNotUtf8IsRefused) {
  auto bad = person("\xC3(");
  auto& writer = lane_->writer();
  writer.begin();
  EXPECT_THROW(writer.put(type_of<Person>(), &bad, nullptr), ConstraintViolation);
  EXPECT_TRUE(writer.in_group());
  writer.rollback();
}

TEST_F(SqliteStoreTest, ATypeWithoutATableHasNoRecords) {
  EXPECT_TRUE(select({}).empty());
  EXPECT_EQ(lane_->writer().count(type_of<Person>(), {}), 0);
  EXPECT_EQ(lane_->snapshot()->count(type_of<Person>(), {}), 0);
  Person none;
  EXPECT_FALSE(lane_->snapshot()->load(type_of<Person>(), make_uuid(Time{1}, random_), &none));
}

TEST_F(SqliteStoreTest, SearchFindsWhatPeopleType) {
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

TEST_F(SqliteStoreTest, ASearchThatFindsManyPagesLikeAnyList) {
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

TEST_F(SqliteStoreTest, NothingThatIsTypedBreaksTheSearch) {
  add({"Ana"});
  for (const auto* odd :
       {"\"", "ana\" OR \"x", "*", "ana*", "NEAR(", "words:ana", "-ana", "'", "^ana", "(((", "ana AND", ";--"}) {
    EXPECT_NO_THROW(search(odd)) << odd;
  }
  EXPECT_EQ(search("- ana"), Names{"Ana"});
  EXPECT_EQ(search("  "), Names{});
}

TEST_F(SqliteStoreTest, SearchFollowsChangesOfSearchedFieldsOnlyAndErasure) {
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

TEST_F(SqliteStoreTest, PagesByKeysetShowEveryRecordOnceInOrder) {
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
      const auto key = [&](const Person& p) { return sort == nullptr ? Value{} : value_of(*sort, &p); };
      std::sort(expected.begin(), expected.end(), [&](const Person& a, const Person& b) {
        return down ? std::pair(key(b), b.id) < std::pair(key(a), a.id)
                    : std::pair(key(a), a.id) < std::pair(key(b), b.id);
      });
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

TEST_F(SqliteStoreTest, ConditionsMeanWhatTheModelSays) {
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

TEST_F(SqliteStoreTest, UniqueHoldsAmongLiveRecordsWithAValue) {
  auto& writer = lane_->writer();
  auto first = person("first"), second = person("second"), third = person("third"), fourth = person("fourth");
  first.code = second.code = "same";
  writer.begin();
  put_new(writer, first);
  put_new(writer, third);
  put_new(writer, fourth);
  EXPECT_THROW(writer.put(type_of<Person>(), &second, nullptr), ConstraintViolation);
  EXPECT_TRUE(writer.in_group());
  const auto before = first;
  first.deleted_at = Time{1};
  update(writer, first, before);
  put_new(writer, second);
  writer.commit();
  auto again = first;
  again.deleted_at.reset();
  writer.begin();
  EXPECT_THROW(writer.put(type_of<Person>(), &again, &first), ConstraintViolation);
  writer.rollback();
}

TEST_F(SqliteStoreTest, AnIdCannotBeTakenTwice) {
  add({"Ana"});
  auto& writer = lane_->writer();
  auto twin = added_[0];
  writer.begin();
  EXPECT_THROW(writer.put(type_of<Person>(), &twin, nullptr), ConstraintViolation);
  writer.rollback();
}

TEST_F(SqliteStoreTest, ASnapshotShowsWholeGroupsOnlyAndStaysAsItWas) {
  add({"Ana"});
  auto old = lane_->snapshot();
  auto& writer = lane_->writer();
  writer.begin();
  auto bob = person("Bob");
  put_new(writer, bob);
  EXPECT_EQ(lane_->snapshot()->last_seq(), 1);
  Person found;
  EXPECT_FALSE(lane_->snapshot()->load(type_of<Person>(), bob.id, &found));
  EXPECT_TRUE(writer.load(type_of<Person>(), bob.id, &found));
  writer.commit();
  EXPECT_EQ(lane_->snapshot()->last_seq(), 2);
  EXPECT_TRUE(lane_->snapshot()->load(type_of<Person>(), bob.id, &found));
  EXPECT_EQ(old->last_seq(), 1);
  EXPECT_FALSE(old->load(type_of<Person>(), bob.id, &found));
}

TEST_F(SqliteStoreTest, ARefusedOperationLeavesNoTrace) {
  auto& writer = lane_->writer();
  add({"Ana"});
  writer.begin();
  writer.savepoint();
  auto bob = person("Bob");
  put_new(writer, bob);
  writer.put_fact("f", "bad");
  writer.rollback_to_savepoint();
  EXPECT_EQ(writer.last_seq(), 1);
  writer.savepoint();
  auto eve = person("Eve");
  put_new(writer, eve);
  writer.release_savepoint();
  writer.commit();
  EXPECT_EQ(select(by_name()), (Names{"Ana", "Eve"}));
  EXPECT_EQ(writer.fact("f"), "");
  EXPECT_EQ(writer.last_seq(), 2);
  EXPECT_EQ(search("bob"), Names{});
}

TEST_F(SqliteStoreTest, TablesAndNamesOfAGroupThatIsGivenUpAreMadeAgain) {
  auto& writer = lane_->writer();
  auto ana = person("Ana");
  for (const bool whole : {true, false}) {
    writer.begin();
    if (!whole) writer.savepoint();
    put_new(writer, ana);
    ana.last_seq = 0;
    if (whole) {
      writer.rollback();
    } else {
      writer.rollback_to_savepoint();
      writer.commit();
    }
    EXPECT_EQ(select({}), Names{});
  }
  commit_new(writer, ana);
  EXPECT_EQ(lane_->snapshot()->change(1)->operation, "people/create");
  EXPECT_EQ(select({}), Names{"Ana"});
}

TEST_F(SqliteStoreTest, TheFirstRecordsOfATypeAreFoundThoughALaterOperationOfTheirGroupWasRefused) {
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

TEST_F(SqliteStoreTest, APlaceThatWasGivenUpIsNotWrittenThroughTheCache) {
  add({"Ana"});
  auto& writer = lane_->writer();
  auto bob = person("Bob"), eve = person("Eve");
  writer.begin();
  put_new(writer, bob);
  writer.rollback();
  bob.last_seq = 0;
  writer.begin();
  put_new(writer, eve);
  put_new(writer, bob);
  const auto before = bob;
  bob.name = "Robert";
  update(writer, bob, before);
  writer.commit();
  EXPECT_EQ(select(by_name()), (Names{"Ana", "Eve", "Robert"}));
}

TEST_F(SqliteStoreTest, ChangesComeInOrderWithEverythingTheyHold) {
  auto& writer = lane_->writer();
  auto ana = person("Ana");
  auto change = change_of(writer, ana, R"({"name":"Ana"})");
  change.actor = make_uuid(Time{3}, random_);
  change.key = "key-1";
  writer.begin();
  writer.put(type_of<Person>(), &ana, nullptr);
  writer.append(change);
  auto second = change;
  second.seq = 2;
  second.op_seq = 1;
  second.prev_seq = 1;
  second.actor = {};
  second.key.clear();
  second.operation = "people/update";
  writer.append(second);
  writer.commit();
  const auto changes = lane_->snapshot()->changes_after(0, 10);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].actor, change.actor);
  EXPECT_EQ(changes[0].key, "key-1");
  EXPECT_EQ(changes[0].state, R"({"name":"Ana"})");
  EXPECT_EQ(changes[0].operation, "people/create");
  EXPECT_EQ(changes[0].at, change.at);
  EXPECT_EQ(changes[1].operation, "people/update");
  EXPECT_EQ(changes[1].prev_seq, 1);
  EXPECT_TRUE(changes[1].actor.is_nil());
  EXPECT_EQ(lane_->snapshot()->changes_after(1, 10).size(), 1U);
  EXPECT_EQ(lane_->snapshot()->changes_after(0, 1).size(), 1U);
  EXPECT_FALSE(lane_->snapshot()->change(3));
}

TEST_F(SqliteStoreTest, KeysAreFoundByKeyAndOwnerAndForgottenFromTheOldest) {
  auto& writer = lane_->writer();
  writer.begin();
  for (int i = 0; i < 10; ++i) {
    StoredKey key;
    key.key = "key-" + std::to_string(i);
    key.owner[0] = 1;
    key.fingerprint[15] = 7;
    key.at = Time{i};
    key.seq = i;
    key.op_seq = i + 1;
    key.status = 201;
    key.form = AnswerForm::record;
    key.answer = i == 3 ? "{}" : "";
    writer.put_key(key);
  }
  writer.commit();
  Digest16 owner{};
  EXPECT_FALSE(writer.find_key("key-3", owner));
  owner[0] = 1;
  const auto found = lane_->snapshot()->find_key("key-3", owner);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fingerprint[15], 7);
  EXPECT_EQ(found->status, 201);
  EXPECT_EQ(found->form, AnswerForm::record);
  EXPECT_EQ(found->op_seq, 4);
  EXPECT_EQ(found->answer, "{}");
  EXPECT_EQ(found->key, "key-3");
  writer.begin();
  EXPECT_EQ(writer.purge_keys(Time{5}, 3), 3);
  EXPECT_EQ(writer.purge_keys(Time{5}, 30), 2);
  EXPECT_EQ(writer.purge_keys(Time{5}, 30), 0);
  writer.commit();
  EXPECT_FALSE(writer.find_key("key-4", owner));
  EXPECT_TRUE(writer.find_key("key-5", owner));
}

TEST_F(SqliteStoreTest, HistoryAndAnswersOfOneRecordCanBeRewritten) {
  add({"Ana", "Bob"});
  auto& writer = lane_->writer();
  const auto before = added_[0];
  writer.begin();
  update(writer, added_[0], before);
  StoredKey key;
  key.key = "k";
  key.answer = R"({"id":")" + subject_text({7001, added_[0].id}) + R"("})";
  writer.put_key(key);
  key.key = "other";
  key.answer = "other";
  writer.put_key(key);
  writer.commit();
  writer.begin();
  const auto rewritten =
      writer.rewrite_history({7001, added_[0].id}, [](std::string_view) { return std::string("gone"); });
  writer.commit();
  EXPECT_EQ(rewritten, 2);
  EXPECT_EQ(writer.change(1)->state, "gone");
  EXPECT_EQ(writer.change(2)->state, "{}");
  EXPECT_EQ(writer.change(3)->state, "gone");
  EXPECT_EQ(writer.find_key("k", {})->answer, "gone");
  EXPECT_EQ(writer.find_key("other", {})->answer, "other");
}

TEST_F(SqliteStoreTest, EverythingIsThereAfterClosingAndOpening) {
  add({"Ana", "Bob"});
  lane_->writer().begin();
  lane_->writer().put_fact("feed_from_seq", "17");
  lane_->writer().commit();
  lane_.reset();
  store_.reset();
  start();
  lane_ = open();
  EXPECT_EQ(select(by_name()), (Names{"Ana", "Bob"}));
  EXPECT_EQ(lane_->writer().last_seq(), 2);
  EXPECT_EQ(lane_->writer().fact("feed_from_seq"), "17");
}

TEST_F(SqliteStoreTest, TenantsAreListedRemovedAndIndependent) {
  add({"Ana"});
  TenantId other{make_uuid(Time{2}, random_)};
  EXPECT_FALSE(store_->exists(other));
  store_->create(other);
  store_->create(other);
  store_->create(platform_tenant());
  EXPECT_EQ(store_->tenants().size(), 3U);
  EXPECT_EQ(store_->open(other, false)->writer().last_seq(), 0);
  store_->remove(other);
  EXPECT_FALSE(store_->exists(other));
  EXPECT_EQ(store_->tenants().size(), 2U);
  EXPECT_THROW(store_->open(other, false), StoreError);
}

TEST_F(SqliteStoreTest, WakesSurviveARestart) {
  store_->put_wake(tenant_, Time{5});
  store_->put_wake(platform_tenant(), Time{6});
  store_->put_wake(platform_tenant(), std::nullopt);
  lane_.reset();
  store_.reset();
  start();
  const auto wakes = store_->wakes();
  ASSERT_EQ(wakes.size(), 1U);
  EXPECT_EQ(wakes[0].first, tenant_);
  EXPECT_EQ(wakes[0].second, Time{5});
}

TEST_F(SqliteStoreTest, ABackupUnderWritesIsAConsistentPrefixAndRestores) {
  auto& writer = lane_->writer();
  writer.begin();
  for (int i = 0; i < 8'000; ++i) {
    auto one = person("person " + std::to_string(i));
    one.address = std::string(300, 'x');
    put_new(writer, one);
  }
  writer.commit();
  int steps = 0;
  const auto path = directory_ / "backup.db";
  store_->backup(tenant_, lane_.get(), path, [&] {
    ++steps;
    auto one = person("while it ran");
    commit_new(writer, one);
  });
  EXPECT_GT(steps, 1);
  auto later = person("later");
  commit_new(writer, later);
  lane_.reset();
  store_->restore(tenant_, path);
  EXPECT_TRUE(store_->check(tenant_, nullptr).ok);
  lane_ = open();
  EXPECT_EQ(lane_->writer().count(type_of<Person>(), {}), 8'000 + steps);
  EXPECT_EQ(lane_->writer().last_seq(), 8'000 + steps);
  const auto other = directory_ / "closed.db";
  lane_.reset();
  store_->backup(tenant_, nullptr, other, {});
  EXPECT_TRUE(std::filesystem::exists(other));
}

TEST_F(SqliteStoreTest, AnAbortedBackupLeavesNothing) {
  add({"Ana"});
  auto& writer = lane_->writer();
  writer.begin();
  for (int i = 0; i < 8'000; ++i) {
    auto one = person(std::string(200, 'x'));
    put_new(writer, one);
  }
  writer.commit();
  const auto path = directory_ / "backup.db";
  EXPECT_THROW(store_->backup(tenant_, lane_.get(), path, [] { throw std::runtime_error("stop"); }),
               std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".copy"));
}

TEST_F(SqliteStoreTest, ADamagedBackupIsNotRestored) {
  add({"Ana"});
  const auto path = directory_ / "backup.db";
  store_->backup(tenant_, lane_.get(), path, {});
  flip(path, 3 * 2048 + 1000, 3);
  lane_.reset();
  EXPECT_THROW(store_->restore(tenant_, path), Corrupt);
  EXPECT_EQ(open()->writer().last_seq(), 1);
}

TEST_F(SqliteStoreTest, ReadsEndAtTheirDeadlineAndWritesDoNot) {
  add({"Ana"});
  auto& writer = lane_->writer();
  writer.set_deadline(Duration{1});
  EXPECT_THROW(select({}), DeadlineExceeded);
  writer.begin();
  auto bob = person("Bob");
  put_new(writer, bob);
  writer.commit();
  writer.set_deadline(std::nullopt);
  EXPECT_EQ(select(by_name()), (Names{"Ana", "Bob"}));
  auto snapshot = lane_->snapshot();
  snapshot->set_deadline(Duration{1});
  EXPECT_THROW(snapshot->select(type_of<Person>(), {}), DeadlineExceeded);
}

TEST_F(SqliteStoreTest, ALongLogMovesIntoTheDatabaseAndBeginsAnew) {
  auto& writer = lane_->writer();
  for (int round = 0; round < 6; ++round) {
    writer.begin();
    for (int i = 0; i < 3'000; ++i) {
      auto one = person(std::string(1'000, 'x'));
      put_new(writer, one);
    }
    writer.commit();
    writer.maintain(false);
  }
  EXPECT_GT(writer.log_bytes_written(), 2 * 2048 * static_cast<std::int64_t>(limits::wal_pages_max));
  EXPECT_LT(std::filesystem::file_size(file() + "-wal"), 2 * 2048 * limits::wal_pages_max);
}

}  // namespace
}  // namespace interlock::store::sqlite
