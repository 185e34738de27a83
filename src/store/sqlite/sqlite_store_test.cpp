// SPDX-License-Identifier: Apache-2.0
// What a lane may rely on, in everyday use.
#include "store/sqlite/people_for_test.h"

namespace interlock::store::sqlite {
namespace {

using SqliteStoreTest = PeopleTest;

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
  for (int round = 0; round < 24; ++round) {
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
