// SPDX-License-Identifier: Apache-2.0
// What a lane may rely on, in everyday use, on either store.
#include "store/store_fixture_for_test.h"

namespace interlock::store {
namespace {

TEST_F(StoreTest, EveryKindOfFieldComesBackAsItWas) {
  auto ana = person("Ana \"García\"\n\t\\ \xF0\x9F\x8E\xB8");
  ana.tags = {"a,b", "with \"quotes\"", "\\", "ñ", ""};
  ana.assigned_to = Id<Person>{make_uuid(Time{5}, random_)};
  ana.credit = -9'007'199'254'740'993;
  ana.vip = true;
  ana.code = "code";
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

TEST_F(StoreTest, AbsentValuesStayAbsentAndCanComeAndGo) {
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

TEST_F(StoreTest, TextThatIsNotUtf8IsRefused) {
  auto bad = person("\xC3(");
  auto& writer = lane_->writer();
  writer.begin();
  EXPECT_THROW(writer.put(type_of<Person>(), &bad, nullptr), ConstraintViolation);
  EXPECT_TRUE(writer.in_group());
  writer.rollback();
}

TEST_F(StoreTest, ATypeWithoutATableHasNoRecords) {
  EXPECT_TRUE(select({}).empty());
  EXPECT_EQ(lane_->writer().count(type_of<Person>(), {}), 0);
  EXPECT_EQ(lane_->snapshot()->count(type_of<Person>(), {}), 0);
  Person none;
  EXPECT_FALSE(lane_->snapshot()->load(type_of<Person>(), make_uuid(Time{1}, random_), &none));
}

TEST_F(StoreTest, ASnapshotShowsWholeGroupsOnlyAndStaysAsItWas) {
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

TEST_F(StoreTest, ARefusedOperationLeavesNoTrace) {
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

TEST_F(StoreTest, TablesAndNamesOfAGroupThatIsGivenUpAreMadeAgain) {
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

TEST_F(StoreTest, APlaceThatWasGivenUpIsNotWrittenThroughTheCache) {
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

TEST_F(StoreTest, ChangesComeInOrderWithEverythingTheyHold) {
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

TEST_F(StoreTest, KeysAreFoundByKeyAndOwnerAndForgottenFromTheOldest) {
  auto& writer = lane_->writer();
  const Digest16 owner{1};
  writer.begin();
  for (int i = 0; i < 10; ++i) {
    StoredKey key;
    key.digest = key_digest("key-" + std::to_string(i), owner);
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
  EXPECT_FALSE(writer.find_key(key_digest("key-3", {})));
  const auto found = lane_->snapshot()->find_key(key_digest("key-3", owner));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fingerprint[15], 7);
  EXPECT_EQ(found->status, 201);
  EXPECT_EQ(found->form, AnswerForm::record);
  EXPECT_EQ(found->op_seq, 4);
  EXPECT_EQ(found->answer, "{}");
  EXPECT_EQ(found->digest, key_digest("key-3", owner));
  writer.begin();
  EXPECT_EQ(writer.purge_keys(Time{5}, 3), 3);
  EXPECT_EQ(writer.purge_keys(Time{5}, 30), 2);
  EXPECT_EQ(writer.purge_keys(Time{5}, 30), 0);
  writer.commit();
  EXPECT_FALSE(writer.find_key(key_digest("key-4", owner)));
  EXPECT_TRUE(writer.find_key(key_digest("key-5", owner)));
}

TEST_F(StoreTest, HistoryAndAnswersOfOneRecordCanBeRewritten) {
  add({"Ana", "Bob"});
  auto& writer = lane_->writer();
  const auto before = added_[0];
  writer.begin();
  update(writer, added_[0], before);
  StoredKey key;
  key.digest = key_digest("k", {});
  key.answer = R"({"id":")" + subject_text({7001, added_[0].id}) + R"("})";
  writer.put_key(key);
  key.digest = key_digest("other", {});
  key.answer = "other";
  writer.put_key(key);
  writer.commit();
  writer.begin();
  const auto rewritten =
      writer.rewrite_history({7001, added_[0].id}, [](std::string_view) { return std::string(R"("gone")"); });
  writer.commit();
  EXPECT_EQ(rewritten, 2);
  EXPECT_EQ(writer.change(1)->state, R"("gone")");
  EXPECT_EQ(writer.change(2)->state, "{}");
  EXPECT_EQ(writer.change(3)->state, R"("gone")");
  EXPECT_EQ(writer.find_key(key_digest("k", {}))->answer, R"("gone")");
  EXPECT_EQ(writer.find_key(key_digest("other", {}))->answer, "other");
}

TEST_F(StoreTest, EverythingIsThereAfterClosingAndOpening) {
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

TEST_F(StoreTest, TenantsAreListedRemovedAndIndependent) {
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

TEST_F(StoreTest, WakesSurviveARestart) {
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

TEST_F(StoreTest, ReadsEndAtTheirDeadlineAndWritesDoNot) {
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

}  // namespace
}  // namespace interlock::store
