// SPDX-License-Identifier: Apache-2.0
// What a lane may rely on beyond store_test.cpp.
#include "store/sqlite/people_for_test.h"

namespace interlock::store::sqlite {
namespace {

using SqliteStoreTest = PeopleTest;

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
