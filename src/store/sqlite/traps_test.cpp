// SPDX-License-Identifier: Apache-2.0
// Each trap that SQLite sets for a lane, and that it does not spring.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "base/log.h"
#include "store/sqlite/fixture_for_test.h"
#include "store/sqlite/reopen.h"
#include "testing/manual_clock.h"

namespace interlock::store::sqlite {
namespace {

class TrapsTest : public StoreTest {
 protected:
  /// The same on a disk that fails on demand.
  void restart_on_faulty_disk() {
    store_.reset();
    options_.vfs = FaultyDisk::vfs();
    start();
  }
  /// Which file stands under this name: a copy that took its place is another one.
  static ino_t number_of(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
    return found.st_ino;
  }
  std::int64_t count() { return open()->writer().count(type_of<Person>(), {}); }
  Connection& connection_of(LaneStore& lane) { return dynamic_cast<SqliteLane&>(lane).sqlite_writer().connection(); }
};

TEST_F(TrapsTest, ASecondProcessIsRefusedAndToldWhoHoldsTheData) {
  int answer[2];
  ASSERT_EQ(::pipe(answer), 0);
  const auto child = ::fork();
  if (child == 0) {
    std::string said = "opened";
    try {
      const SqliteStore second(options_);
    } catch (const DataDirectoryHeld& held) {
      said = held.what();
    }
    [[maybe_unused]] const auto written = ::write(answer[1], said.data(), said.size());
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  char text[500] = {};
  ASSERT_GT(::read(answer[0], text, sizeof text - 1), 0);
  EXPECT_NE(std::string(text).find("held by process " + std::to_string(::getpid())), std::string::npos) << text;
  EXPECT_THROW(SqliteStore{options_}, DataDirectoryHeld);
  store_.reset();
  EXPECT_NO_THROW(SqliteStore{options_});
}

TEST_F(TrapsTest, AStatementThatEndsTheOuterTransactionIsNoticedBeforeTheNextCommitsAlone) {
  auto lane = open();
  auto& writer = lane->writer();
  auto ana = person("Ana"), bob = person("Bob");
  writer.begin();
  writer.savepoint();
  put_new(writer, ana);
  writer.release_savepoint();
  writer.savepoint();
  auto& connection = connection_of(*lane);
  connection.execute("create table once (n integer primary key)");
  connection.execute("insert into once values (1)");
  EXPECT_THROW(connection.execute("insert or rollback into once values (1)"), ConstraintViolation);
  EXPECT_FALSE(writer.in_group());
  EXPECT_THROW(writer.put(type_of<Person>(), &bob, nullptr), StoreError);
  EXPECT_THROW(writer.put_fact("f", "v"), StoreError);
  EXPECT_THROW(writer.commit(), StoreError);
  writer.rollback_to_savepoint();
  writer.rollback();
  EXPECT_EQ(writer.last_seq(), 0);
  EXPECT_EQ(writer.fact("f"), "");
  auto eve = person("Eve");
  commit_new(writer, eve);
  EXPECT_EQ(writer.count(type_of<Person>(), {}), 1);
}

TEST_F(TrapsTest, TheSchemaHasNoWordThatEndsTransactionsAndNoDeferredKey) {
  auto lane = open();
  auto ana = person("Ana");
  commit_new(lane->writer(), ana);
  auto rows = connection_of(*lane).prepare("select lower(coalesce(sql, '')) from sqlite_schema");
  while (rows.step()) {
    for (const auto* word : {"rollback", "references", "deferr", "trigger"}) {
      EXPECT_EQ(rows.text(0).find(word), std::string_view::npos) << rows.text(0);
    }
  }
  EXPECT_EQ(connection_of(*lane).integer("pragma foreign_keys"), 0);
}

TEST_F(TrapsTest, AFullDiskRefusesTheGroupAndGoesOnWhenThereIsSpace) {
  restart_on_faulty_disk();
  auto lane = open();
  auto& writer = lane->writer();
  auto ana = person("Ana"), bob = person("Bob");
  commit_new(writer, ana);
  FaultyDisk::is_full = true;
  writer.begin();
  put_new(writer, bob);
  EXPECT_THROW(writer.commit(), DiskFull);
  EXPECT_FALSE(writer.in_group());
  EXPECT_EQ(writer.last_seq(), 1);
  bob.last_seq = 0;
  EXPECT_EQ(writer.count(type_of<Person>(), {}), 1);
  FaultyDisk::is_full = false;
  commit_new(writer, bob);
  EXPECT_EQ(writer.count(type_of<Person>(), {}), 2);
  lane.reset();
  EXPECT_TRUE(store_->check(tenant_, nullptr).ok);
  EXPECT_EQ(count(), 2);
}

/// No file of this process may grow beyond so many bytes, as an operator can set it.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes_max) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes_max, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_before_);
  }

 private:
  rlimit before_{};
  void (*signal_before_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST_F(TrapsTest, AFileThatMayNotGrowRefusesTheGroupAsAFullDiskDoes) {
  auto lane = open();
  auto& writer = lane->writer();
  auto ana = person("Ana"), bob = person("Bob");
  commit_new(writer, ana);
  {
    const FileSizeLimit limit(std::filesystem::file_size(file() + "-wal"));
    writer.begin();
    put_new(writer, bob);
    EXPECT_THROW(writer.commit(), DiskFull);
  }
  EXPECT_FALSE(writer.in_group());
  bob.last_seq = 0;
  EXPECT_EQ(writer.count(type_of<Person>(), {}), 1);
  commit_new(writer, bob);
  lane.reset();
  EXPECT_TRUE(store_->check(tenant_, nullptr).ok);
  EXPECT_EQ(count(), 2);
}

TEST_F(TrapsTest, AFullDiskWithinALargeGroupEndsItAndIsNoticed) {
  options_.writer_cache_bytes_max = 64 * 1024;  // so that pages reach the log before the commit
  restart_on_faulty_disk();
  auto lane = open();
  auto& writer = lane->writer();
  writer.begin();
  FaultyDisk::is_full = true;
  EXPECT_THROW(
      for (int i = 0; i < 20'000; ++i) {
        writer.savepoint();
        auto one = person(std::string(500, 'x'));
        put_new(writer, one);
        writer.release_savepoint();
      },
      StoreError);
  writer.rollback();
  FaultyDisk::is_full = false;
  auto ana = person("Ana");
  commit_new(writer, ana);
  lane.reset();
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(store_->check(tenant_, nullptr).ok);
}

TEST_F(TrapsTest, AFailedSyncAtCommitIsUnknownAndTheLaneStopsUntilItIsReopenedSafely) {
  restart_on_faulty_disk();
  auto lane = open();
  auto& writer = lane->writer();
  auto ana = person("Ana"), bob = person("Bob"), eve = person("Eve");
  commit_new(writer, ana);
  writer.begin();
  put_new(writer, bob);
  FaultyDisk::sync_fails = true;
  EXPECT_THROW(writer.commit(), CommitUnknown);
  FaultyDisk::sync_fails = false;
  EXPECT_THROW(writer.begin(), CommitUnknown);
  EXPECT_NO_THROW(writer.maintain(true));
  lane.reset();
  EXPECT_TRUE(std::filesystem::exists(log_of(file())));  // not moved into the database by closing
  lane = open(true);
  const auto seq = lane->writer().last_seq();
  EXPECT_TRUE(seq == 1 || seq == 2) << seq;
  EXPECT_EQ(lane->writer().count(type_of<Person>(), {}), seq);
  commit_new(lane->writer(), eve);
  EXPECT_FALSE(std::filesystem::exists(file() + ".copy"));
  EXPECT_FALSE(std::filesystem::exists(file() + ".replacement"));
}

TEST_F(TrapsTest, WhoeverOpensATenantAfterAFailedSyncReadsASafeCopy) {
  restart_on_faulty_disk();
  const auto fail_a_sync = [&] {
    auto lane = open();
    auto known = person("one whose commit is known");
    commit_new(lane->writer(), known);
    lane->writer().begin();
    auto one = person("one whose commit is unknown");
    put_new(lane->writer(), one);
    FaultyDisk::sync_fails = true;
    EXPECT_THROW(lane->writer().commit(), CommitUnknown);
  };
  fail_a_sync();
  auto before = number_of(file());
  EXPECT_FALSE(store_->check(tenant_, nullptr).ok);  // the copy cannot be synced either
  FaultyDisk::sync_fails = false;
  EXPECT_EQ(number_of(file()), before);
  EXPECT_TRUE(store_->check(tenant_, nullptr).ok);
  EXPECT_NE(number_of(file()), before);  // another file
  before = number_of(file());
  EXPECT_TRUE(store_->check(tenant_, nullptr).ok);
  EXPECT_EQ(number_of(file()), before);

  fail_a_sync();
  FaultyDisk::sync_fails = false;
  store_->backup(tenant_, nullptr, directory_ / "kept.db", {});
  EXPECT_NE(number_of(file()), before);

  fail_a_sync();
  FaultyDisk::sync_fails = false;
  before = number_of(file());
  auto lane = open();
  EXPECT_NE(number_of(file()), before);
  auto ana = person("Ana");
  commit_new(lane->writer(), ana);
  EXPECT_EQ(lane->writer().count(type_of<Person>(), {}), lane->writer().last_seq());
}

TEST_F(TrapsTest, AFailedSyncWhileATenantIsOpenedIsNotForgotten) {
  restart_on_faulty_disk();
  {
    auto lane = open();
    auto ana = person("Ana");
    commit_new(lane->writer(), ana);
    connection_of(*lane).keep_log_at_close();  // as a killed process leaves it
  }
  const auto before = number_of(file());
  FaultyDisk::sync_fails = true;
  EXPECT_THROW(open(), StoreError);
  FaultyDisk::sync_fails = false;
  EXPECT_EQ(count(), 1);
  EXPECT_NE(number_of(file()), before);
}

TEST_F(TrapsTest, AFullDiskRefusesAWakeAndKeepsTheOthers) {
  restart_on_faulty_disk();
  store_->put_wake(tenant_, Time{5});
  FaultyDisk::is_full = true;
  EXPECT_THROW(store_->put_wake(tenant_, Time{6}), DiskFull);
  ASSERT_EQ(store_->wakes().size(), 1U);
  EXPECT_EQ(store_->wakes()[0].second, Time{5});
  FaultyDisk::is_full = false;
  store_->put_wake(tenant_, Time{6});
  EXPECT_EQ(store_->wakes()[0].second, Time{6});
}

TEST_F(TrapsTest, AfterAFailedSyncWakesAreReadFromASafeCopyOnly) {
  restart_on_faulty_disk();
  store_->put_wake(tenant_, Time{5});
  FaultyDisk::sync_fails = true;
  EXPECT_THROW(store_->put_wake(tenant_, Time{6}), StoreError);
  EXPECT_THROW(store_->wakes(), StoreError);  // the copy cannot be synced either
  EXPECT_THROW(store_->wakes(), StoreError);
  FaultyDisk::sync_fails = false;
  ASSERT_EQ(store_->wakes().size(), 1U);
  store_->put_wake(tenant_, Time{7});
  EXPECT_EQ(store_->wakes()[0].second, Time{7});
}

TEST_F(TrapsTest, AFailedReadRefusesAWakeAndIsTakenForNoFailedSync) {
  restart_on_faulty_disk();
  store_->put_wake(tenant_, Time{5});
  store_.reset();
  const auto wakes_file = options_.directory + "/wakes.db";
  {  // more tenants than the connection keeps in memory
    Connection many(wakes_file, {});
    many.execute(
        "insert into wakes with recursive n(i) as (select 1 union all select i + 1 from n where i < 50000) "
        "select randomblob(16), i from n");
  }
  start();
  FaultyDisk::read_fails = true;
  EXPECT_THROW(store_->wakes(), StoreError);
  FaultyDisk::read_fails = false;
  ASSERT_EQ(store_->wakes().size(), 50'001U);
  const auto number = number_of(wakes_file);
  FaultyDisk::read_fails = true;
  EXPECT_THROW(store_->put_wake(tenant_, Time{6}), SqliteError);
  FaultyDisk::read_fails = false;
  EXPECT_EQ(store_->wakes().size(), 50'001U);
  EXPECT_EQ(number_of(wakes_file), number);  // no copy was needed
  EXPECT_NO_THROW(store_->put_wake(tenant_, Time{6}));
}

TEST_F(TrapsTest, AFailedSyncOfACheckpointIsNotForgotten) {
  restart_on_faulty_disk();
  auto lane = open();
  auto& writer = lane->writer();
  std::int64_t written = 0;
  while (writer.log_bytes_written() < 2048 * 2'000) {
    writer.begin();
    for (int i = 0; i < 500; ++i, ++written) {
      auto one = person(std::string(900, 'x'));
      put_new(writer, one);
    }
    writer.commit();
  }
  FaultyDisk::sync_fails = true;
  EXPECT_THROW(writer.maintain(true), CommitUnknown);
  FaultyDisk::sync_fails = false;
  EXPECT_THROW(writer.begin(), CommitUnknown);
  lane.reset();
  lane = open(true);
  EXPECT_EQ(lane->writer().count(type_of<Person>(), {}), written);
}

TEST_F(TrapsTest, AReplacementThatWasInterruptedIsFinished) {
  {
    auto lane = open();
    auto ana = person("Ana");
    commit_new(lane->writer(), ana);
  }
  const auto good = content_of(file());
  // As after a crash between the renaming of the copy and the removal of the old log.
  set_content(replacement_of(file()), good);
  set_content(file(), "old database");
  set_content(log_of(file()), "old log");
  EXPECT_TRUE(store_->exists(tenant_));
  EXPECT_EQ(count(), 1);
  // As after a crash before the copy counted.
  set_content(copy_of(file()), "half a copy");
  set_content(log_of(copy_of(file())), "its log");
  EXPECT_EQ(count(), 1);
  EXPECT_FALSE(std::filesystem::exists(copy_of(file())));
}

TEST_F(TrapsTest, OnlyTheWriterMovesTheLogAndAReaderDoesNotStopIt) {
  auto lane = open();
  auto& writer = lane->writer();
  auto ana = person("Ana");
  commit_new(writer, ana);
  auto snapshot = lane->snapshot();
  for (int i = 0; i < 50; ++i) {
    auto one = person("p" + std::to_string(i));
    commit_new(writer, one);
  }
  EXPECT_EQ(connection_of(*lane).integer("pragma wal_autocheckpoint"), 0);
  EXPECT_NO_THROW(connection_of(*lane).checkpoint(false));
  EXPECT_EQ(snapshot->count(type_of<Person>(), {}), 1);
  EXPECT_EQ(lane->snapshot()->count(type_of<Person>(), {}), 51);
}

TEST_F(TrapsTest, TheNumberOfReadersIsBoundedAndAFreedOneIsUsedAgain) {
  auto lane = open();
  auto ana = person("Ana");
  commit_new(lane->writer(), ana);
  std::vector<std::unique_ptr<Snapshot>> out;
  for (std::size_t i = 0; i < limits::lane_readers_max; ++i) out.push_back(lane->snapshot());
  std::atomic<bool> got = false;
  std::thread waiting([&] {
    const auto one_more = lane->snapshot();
    got = true;
    EXPECT_EQ(one_more->last_seq(), 1);
  });
  EXPECT_FALSE(got);
  out.pop_back();
  waiting.join();
  EXPECT_TRUE(got);
}

TEST_F(TrapsTest, AReaderThatStaysTooLongReadsNoMore) {
  testing::ManualClock clock;
  store_.reset();
  options_.clock = &clock;
  start();
  auto lane = open();
  auto ana = person("Ana");
  commit_new(lane->writer(), ana);
  auto snapshot = lane->snapshot();
  EXPECT_EQ(snapshot->count(type_of<Person>(), {}), 1);
  clock.advance(limits::reader_age_max);
  EXPECT_THROW(snapshot->count(type_of<Person>(), {}), DeadlineExceeded);
  snapshot->set_deadline(std::nullopt);
  EXPECT_THROW(snapshot->count(type_of<Person>(), {}), DeadlineExceeded);
  EXPECT_EQ(lane->snapshot()->count(type_of<Person>(), {}), 1);
}

TEST_F(TrapsTest, DamageTakesTheTenantOutOfServiceAndIsNamed) {
  {
    auto lane = open();
    auto ana = person("Ana the one whose name is damaged");
    commit_new(lane->writer(), ana);
  }
  const auto at = content_of(file()).find("whose name is damaged");
  ASSERT_NE(at, std::string::npos);
  flip(file(), at, 1);
  const auto report = store_->check(tenant_, nullptr);
  EXPECT_FALSE(report.ok);
  ASSERT_FALSE(report.problems.empty());
  EXPECT_THROW(
      {
        auto lane = open();
        lane->writer().select(type_of<Person>(), {});
      },
      Corrupt);
  TenantId other{make_uuid(Time{2}, random_)};
  store_->create(other);
  EXPECT_TRUE(store_->check(other, nullptr).ok);
}

TEST_F(TrapsTest, CheckSeesAGapInTheChangeLog) {
  auto lane = open();
  for (int i = 0; i < 3; ++i) {
    auto one = person("p");
    commit_new(lane->writer(), one);
  }
  EXPECT_TRUE(store_->check(tenant_, lane.get()).ok);
  connection_of(*lane).execute("delete from changes where seq = 2");
  const auto report = store_->check(tenant_, lane.get());
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.records, 3);
}

}  // namespace
}  // namespace interlock::store::sqlite
