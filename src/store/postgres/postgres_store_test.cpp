// SPDX-License-Identifier: Apache-2.0
// What only PostgreSQL can do to a lane: other nodes, lost connections, writes that are refused late. What holds on
// either store is in store_test.cpp and query_test.cpp.
#include <future>
#include <thread>

#include "store/postgres/writer.h"
#include "store/store_fixture_for_test.h"

namespace interlock::store::postgres {
namespace {

class PostgresTest : public StoreTest {
 protected:
  void SetUp() override { ASSERT_NE(test_postgres(), nullptr) << "INTERLOCK_TEST_POSTGRES names no server"; }

  /// Another node: a store of its own on the same tables.
  std::unique_ptr<Store> another_node() { return open_test_store(directory_.path(), person_schema()); }

  /// Beside the store, as a person at the database would.
  void run(const std::string& script) {
    const auto options = test_postgres_options(directory_.path(), person_schema());
    Connection connection({options.url, options.schema_name});
    connection.run_script(script);
  }
  /// Ends the server's side of all other connections that work in this test's schema.
  void end_connections() {
    const auto name = test_postgres_options(directory_.path(), person_schema()).schema_name;
    run("select pg_terminate_backend(pid) from pg_stat_activity a where pid <> pg_backend_pid() and backend_type = "
        "'client backend' and exists (select 1 from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace "
        "n "
        "on n.oid = c.relnamespace where l.pid = a.pid and n.nspname = '" +
        name + "')");
  }
  static Names all(LaneStore& lane) { return names(lane.snapshot()->select(type_of<Person>(), by_name())); }
};

TEST_F(PostgresTest, AWriteThatIsRefusedLateIsRefusedAtOnceWhenTheGroupRunsAgain) {
  auto& writer = lane_->writer();
  auto first = person("first"), second = person("second");
  first.code = second.code = "same";
  commit_new(writer, first);
  writer.begin();
  put_new(writer, second);
  EXPECT_THROW(writer.commit(), GroupLost);
  EXPECT_FALSE(writer.in_group());
  writer.rollback();
  second.last_seq = 0;
  writer.begin();
  EXPECT_THROW(writer.put(type_of<Person>(), &second, nullptr), ConstraintViolation);
  writer.rollback();
  second.code = "other";
  commit_new(writer, second);
  EXPECT_EQ(all(*lane_), (Names{"first", "second"}));
}

TEST_F(PostgresTest, RecordsOfOneGroupMayExchangeAUniqueValue) {
  auto& writer = lane_->writer();
  auto ana = person("Ana"), bob = person("Bob");
  ana.code = "a";
  bob.code = "b";
  writer.begin();
  put_new(writer, ana);
  put_new(writer, bob);
  writer.commit();
  writer.begin();
  for (const auto& [who, code] : std::vector<std::pair<Person*, std::string>>{{&ana, "x"}, {&bob, "a"}, {&ana, "b"}}) {
    const auto before = *who;
    who->code = code;
    update(writer, *who, before);
  }
  writer.commit();
  Person back;
  ASSERT_TRUE(lane_->snapshot()->load(type_of<Person>(), ana.id, &back));
  EXPECT_EQ(back.code, "b");
  EXPECT_EQ(back.version, 3);
}

TEST_F(PostgresTest, WhatPostgresCannotKeepIsRefusedWhereItIsWritten) {
  auto bad = person(std::string("nul\0inside", 10));
  auto& writer = lane_->writer();
  writer.begin();
  EXPECT_THROW(writer.put(type_of<Person>(), &bad, nullptr), ConstraintViolation);
  EXPECT_TRUE(writer.in_group());
  writer.rollback();
}

TEST_F(PostgresTest, AGroupCostsTwoRoundTripsWhereItsReadsWereForeseen) {
  add({"Ana", "Bob", "Eve"});
  auto& writer = lane_->writer();
  Ahead ahead;
  for (const auto& one : added_) ahead.records.emplace_back(&type_of<Person>(), one.id);
  ahead.keys.push_back(key_digest("key", {}));
  const auto before = writer.round_trips();
  writer.begin(ahead);
  EXPECT_FALSE(writer.find_key(ahead.keys[0]));
  for (auto& one : added_) {
    Person found;
    ASSERT_TRUE(writer.load(type_of<Person>(), one.id, &found));
    const auto was = found;
    found.name += "!";
    update(writer, found, was);
    ASSERT_TRUE(writer.load(type_of<Person>(), one.id, &found));
    EXPECT_EQ(found.name, was.name + "!");
  }
  StoredKey key;
  key.digest = ahead.keys[0];
  writer.put_key(key);
  EXPECT_TRUE(writer.find_key(key.digest));
  writer.commit();
  EXPECT_EQ(writer.round_trips() - before, 2);
  EXPECT_EQ(all(*lane_), (Names{"Ana!", "Bob!", "Eve!"}));
}

TEST_F(PostgresTest, NodesTakeTurnsAndSeeWhatTheOtherOneDid) {
  add({"Ana"});
  const auto node = another_node();
  const auto there = node->open(tenant_, false);
  EXPECT_EQ(there->writer().take_overtaken(), Overtaken::no);
  auto& here = lane_->writer();
  here.begin();
  auto bob = person("Bob");
  put_new(here, bob);
  auto turn = std::async(std::launch::async, [&] {
    there->writer().begin();
    return there->writer().last_seq();
  });
  here.commit();
  EXPECT_EQ(turn.get(), 2) << "the other node's turn came before the commit";
  EXPECT_EQ(there->writer().take_overtaken(), Overtaken::by_commits);
  EXPECT_EQ(there->writer().take_overtaken(), Overtaken::no);
  auto eve = person("Eve");
  put_new(there->writer(), eve);
  there->writer().commit();
  here.begin();
  EXPECT_EQ(here.take_overtaken(), Overtaken::by_commits);
  EXPECT_EQ(here.last_seq(), 3);
  here.rollback();
  EXPECT_EQ(all(*lane_), (Names{"Ana", "Bob", "Eve"}));
}

TEST_F(PostgresTest, AConnectionThatDiedBetweenGroupsIsReplaced) {
  add({"Ana"});
  run("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = "
      "current_setting('application_name') and state = 'idle'");
  add({"Bob"});
  EXPECT_EQ(all(*lane_), (Names{"Ana", "Bob"}));
}

TEST_F(PostgresTest, AConnectionThatIsLostInTheGroupLosesTheGroupOrLeavesItUnknown) {
  add({"Ana"});
  auto& writer = lane_->writer();
  writer.begin();
  auto bob = person("Bob");
  put_new(writer, bob);
  end_connections();
  EXPECT_THROW(writer.select(type_of<Person>(), {}), GroupLost);
  writer.rollback();
  bob.last_seq = 0;
  writer.begin();
  put_new(writer, bob);
  end_connections();
  EXPECT_THROW(writer.commit(), CommitUnknown);
  EXPECT_THROW(writer.begin(), CommitUnknown) << "nothing more until it was opened again";
  lane_ = store_->open(tenant_, true);
  EXPECT_EQ(lane_->writer().last_seq(), 1);
  EXPECT_EQ(all(*lane_), Names{"Ana"});
}

TEST_F(PostgresTest, ACommitWithAWarningIsUnknownAndFoundToBeThere) {
  run("create function warn() returns trigger language plpgsql as $$ begin raise warning 'no standby'; return null; "
      "end $$;"
      "create constraint trigger warn after insert on changes deferrable initially deferred for each row execute "
      "function "
      "warn()");
  auto& writer = lane_->writer();
  writer.begin();
  auto ana = person("Ana");
  put_new(writer, ana);
  EXPECT_THROW(writer.commit(), CommitUnknown);
  lane_ = store_->open(tenant_, true);
  EXPECT_EQ(lane_->writer().last_seq(), 1);
  EXPECT_EQ(all(*lane_), Names{"Ana"});
}

TEST_F(PostgresTest, TenantsShareTablesAndNothingElse) {
  add({"Ana"});
  TenantId other{make_uuid(Time{2}, random_)};
  store_->create(other);
  const auto lane = store_->open(other, false);
  auto twin = person("Ana");
  twin.id = added_[0].id;
  twin.code = "only here";
  commit_new(lane->writer(), twin);
  Query found = by_name();
  found.search = "ana";
  EXPECT_EQ(names(lane->snapshot()->select(type_of<Person>(), found)), Names{"Ana"});
  EXPECT_EQ(lane->snapshot()->count(type_of<Person>(), {}), 1);
  store_->remove(tenant_);
  EXPECT_EQ(names(lane->snapshot()->select(type_of<Person>(), found)), Names{"Ana"});
  EXPECT_TRUE(store_->check(other, nullptr).ok);
}

TEST_F(PostgresTest, ABackupOfOneStoreRestoresOnTheOther) {
  add({"Ana", "Bob"});
  auto& writer = lane_->writer();
  writer.begin();
  writer.put_fact("fact", "kept");
  StoredKey key;
  key.digest = key_digest("key", {});
  key.answer = "answer";
  writer.put_key(key);
  writer.commit();
  const auto path = directory_ / "backup.db";
  store_->backup(tenant_, lane_.get(), path, [] {});
  const auto files = open_test_files(directory_ / "files", person_schema());
  files->restore(tenant_, path);
  const auto lane = files->open(tenant_, false);
  EXPECT_EQ(all(*lane), (Names{"Ana", "Bob"}));
  EXPECT_EQ(lane->writer().last_seq(), 2);
  EXPECT_EQ(lane->writer().fact("fact"), "kept");
  EXPECT_EQ(lane->writer().find_key(key.digest)->answer, "answer");

  add({"Eve"});
  lane_.reset();
  store_->restore(tenant_, path);
  lane_ = open();
  EXPECT_EQ(all(*lane_), (Names{"Ana", "Bob"}));
  EXPECT_EQ(lane_->snapshot()->changes_after(0, 10).size(), 2U);
  EXPECT_TRUE(store_->check(tenant_, nullptr).ok);
}

TEST_F(PostgresTest, AColumnOrIndexThatIsMissingIsAddedAndANewerFormatRefused) {
  add({"Ana"});
  run("alter table records_test_people drop column address; drop index records_test_people_by_status");
  const auto node = another_node();
  auto bob = person("Bob");
  bob.address = "Main Street";
  const auto lane = node->open(tenant_, false);
  commit_new(lane->writer(), bob);
  Person back;
  ASSERT_TRUE(lane->snapshot()->load(type_of<Person>(), bob.id, &back));
  EXPECT_EQ(back.address, "Main Street");
  run("select 1 / count(*) from pg_class where relname = 'records_test_people_by_status' and relnamespace = "
      "current_schema()::regnamespace");
  run("update format set major = 99");
  EXPECT_THROW(another_node(), FormatTooNew);
}

TEST_F(PostgresTest, APasswordIsNotToldWhenTheDatabaseIsNotThere) {
  auto options = test_postgres_options(directory_.path(), person_schema());
  options.url = "postgresql://test:hush-hush@127.0.0.1:1/postgres";
  try {
    PostgresStore store(options);
    FAIL() << "there is no server on port 1";
  } catch (const StoreError& error) {
    EXPECT_EQ(std::string(error.what()).find("hush"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("127.0.0.1"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace interlock::store::postgres
