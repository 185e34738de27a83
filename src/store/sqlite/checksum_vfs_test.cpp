// SPDX-License-Identifier: Apache-2.0
// Damage is detected wherever it is; a torn end of the log is cut to the last commit.
#include "store/sqlite/checksum_vfs.h"

#include "store/sqlite/fixture_for_test.h"
#include "store/sqlite/log_check.h"
#include "store/sqlite/reopen.h"

namespace interlock::store::sqlite {
namespace {

class ChecksumVfsTest : public ::testing::TestWithParam<int> {
 protected:
  ConnectionOptions options(Mode mode) const {
    ConnectionOptions options;
    options.mode = mode;
    options.page_bytes = GetParam();
    return options;
  }
  /// A table of some pages with long and short texts, and an index; no free page, which nobody would read.
  void fill(Connection& connection) {
    connection.execute("create table t (n integer primary key, text text)");
    connection.execute("create index t_by_text on t (text)");
    connection.execute(
        "with recursive c(n) as (select 1 union all select n + 1 from c where n < 60) "
        "insert into t select n, printf('%.*c', case when n % 10 = 0 then 9000 else n * 7 end, 'x') || n from c");
  }
  std::string make() {
    const auto path = directory_ / "made.db";
    Connection connection(path, options(Mode::create));
    fill(connection);
    return path;
  }
  bool is_noticed(const std::string& path) const {
    try {
      return Connection(path, options(Mode::write)).text("pragma integrity_check") != "ok";
    } catch (const StoreError&) {
      return true;
    }
  }
  static std::int64_t read_all(const std::string& path, const ConnectionOptions& options) {
    Connection connection(path, options);
    return connection.integer("select sum(length(text)) from t not indexed") +
           connection.integer("select count(*) from t indexed by t_by_text where text >= ''");
  }

  TestDirectory directory_;
};

TEST_P(ChecksumVfsTest, PagesCarryTheirChecksumAndReadBack) {
  const auto path = make();
  const auto content = content_of(path);
  ASSERT_EQ(content.size() % static_cast<std::size_t>(GetParam()), 0U);
  EXPECT_EQ(content[20], page_reserved_bytes);
  EXPECT_EQ(Connection(path, options(Mode::write)).integer("pragma page_size"), GetParam());
  EXPECT_EQ(Connection(path, options(Mode::read)).text("pragma integrity_check"), "ok");
}

TEST_P(ChecksumVfsTest, AFlippedBitAnywhereInAPageIsDetected) {
  const auto path = make();
  const auto size = std::filesystem::file_size(path);
  const auto page_bytes = static_cast<std::size_t>(GetParam());
  SeededRandom random(7);
  for (std::size_t page = 0; page * page_bytes < size; ++page) {
    // The first 100 bytes of the first page are read on their own before any page is.
    for (int i = 0; i < 3; ++i) {
      const auto byte = page * page_bytes + random.below(page_bytes);
      const auto bit = static_cast<int>(random.below(8));
      flip(path, byte, bit);
      const auto before = checksum_failures();
      EXPECT_TRUE(is_noticed(path)) << "byte " << byte << " bit " << bit;
      EXPECT_TRUE(byte < 100 || checksum_failures() > before) << "byte " << byte << " bit " << bit;
      flip(path, byte, bit);
    }
  }
  EXPECT_NO_THROW(read_all(path, options(Mode::write)));
}

TEST_P(ChecksumVfsTest, APageAtThePlaceOfAnotherIsDetected) {
  const auto path = make();
  auto content = content_of(path);
  const auto page_bytes = static_cast<std::size_t>(GetParam());
  content.replace(page_bytes * 2, page_bytes, content.substr(page_bytes * 3, page_bytes));
  set_content(path, content);
  EXPECT_THROW(read_all(path, options(Mode::write)), Corrupt);
}

TEST_P(ChecksumVfsTest, AFlippedBitInTheLogOfALivingDatabaseIsDetectedAndNotLaundered) {
  const auto path = directory_ / "live.db";
  Connection writer(path, options(Mode::create));
  fill(writer);
  EXPECT_NO_THROW(Connection(path, options(Mode::read)).integer("select sum(length(text)) from t"));
  // The bytes of a long text stand somewhere in the log.
  const auto log = content_of(log_of(path));
  const auto at = log.rfind("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx9");
  ASSERT_NE(at, std::string::npos);
  flip(log_of(path), at, 2);
  EXPECT_THROW(read_all(path, options(Mode::read)), Corrupt);
  EXPECT_THROW(writer.checkpoint(true), Corrupt);
  writer.keep_log_at_close();
}

TEST_P(ChecksumVfsTest, ATornEndOfTheLogIsCutToTheLastCommit) {
  const auto path = directory_ / "torn.db";
  std::uintmax_t committed = 0, all = 0;
  {
    Connection writer(path, options(Mode::create));
    fill(writer);
    writer.checkpoint(true);
    writer.execute("insert into t values (1000, 'kept')");
    committed = std::filesystem::file_size(log_of(path));
    writer.execute("insert into t select 2000 + n, printf('%.*c', 2000, 'y') from t");
    all = std::filesystem::file_size(log_of(path));
    writer.keep_log_at_close();
  }
  ASSERT_GT(all, committed);
  const auto database = content_of(path), log = content_of(log_of(path));
  const auto cuts = {committed, committed + 1, committed + 24, (committed + all) / 2, all - 1};
  for (const auto cut : cuts) {
    set_content(path, database);
    set_content(log_of(path), log.substr(0, cut));
    EXPECT_FALSE(check_log(system_disk(), log_of(path)).damaged);
    Connection again(path, options(Mode::write));
    EXPECT_EQ(again.integer("select count(*) from t where n >= 1000"), 1) << "cut at " << cut;
    EXPECT_EQ(again.text("pragma integrity_check"), "ok");
  }
  // The end may also be whole in length and wrong in content.
  set_content(path, database);
  set_content(log_of(path), log);
  flip(log_of(path), all - 100, 0);
  EXPECT_FALSE(check_log(system_disk(), log_of(path)).damaged);
  EXPECT_EQ(Connection(path, options(Mode::write)).integer("select count(*) from t where n >= 1000"), 1);
}

TEST_P(ChecksumVfsTest, DamageBeforeAcknowledgedGroupsIsNoTornEnd) {
  const auto path = directory_ / "flipped.db";
  {
    Connection writer(path, options(Mode::create));
    fill(writer);
    writer.checkpoint(true);
    for (int i = 0; i < 5; ++i) writer.execute("insert into t values (" + std::to_string(1000 + i) + ", 'kept')");
    writer.keep_log_at_close();
  }
  const auto log = log_of(path);
  EXPECT_EQ(check_log(system_disk(), log).commits_lost, 0);
  const auto good = check_log(system_disk(), log).good_frames;
  EXPECT_GE(good, 5);
  for (const std::size_t byte : {13U, 18U, 25U, 32U + 1U, 32U + 9U, 32U + 17U, 32U + 24U + 200U}) {
    flip(log, byte, 5);
    EXPECT_TRUE(check_log(system_disk(), log).damaged) << byte;
    flip(log, byte, 5);
  }
  EXPECT_EQ(check_log(system_disk(), log).good_frames, good);
}

TEST_P(ChecksumVfsTest, FilesOfOtherProgramsAreRefused) {
  const auto path = directory_ / "plain.db";
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  sqlite3_exec(db, "create table t (n)", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  EXPECT_THROW(Connection(path, options(Mode::write)).execute("insert into t values (1)"), StoreError);
}

INSTANTIATE_TEST_SUITE_P(PageSizes, ChecksumVfsTest,
                         ::testing::Values(512, 1024, 2048, 4096, 8192, 16384, 32768, 65536));

TEST(PageChecksumTest, EverySingleBitAndTheSeedMatter) {
  SeededRandom random(3);
  std::vector<std::byte> page(2040);
  for (auto& byte : page) byte = static_cast<std::byte>(random.next());
  const auto sum = page_checksum(page, 5);
  EXPECT_NE(sum, page_checksum(page, 6));
  for (std::size_t bit = 0; bit < page.size() * 8; ++bit) {
    page[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_NE(page_checksum(page, 5), sum) << bit;
    page[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  }
}

TEST(PageChecksumTest, IsTheSameOnEveryMachine) {
  std::vector<std::byte> page(504);
  for (std::size_t i = 0; i < page.size(); ++i) page[i] = static_cast<std::byte>(i);
  EXPECT_EQ(page_checksum(page, 1), 10746510347616530299U);
}

}  // namespace
}  // namespace interlock::store::sqlite
