// SPDX-License-Identifier: Apache-2.0
// One file of SQLite as both limits write it: what the operation of P1 writes and nothing else, a savepoint each, one
// synced commit per group.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace raw_sqlite {

using Key = std::array<unsigned char, 16>;

inline Key id_of(std::uint64_t record) {
  Key key{};
  const auto big = __builtin_bswap64(record);
  std::memcpy(key.data() + 8, &big, 8);
  return key;
}

class File {
 public:
  /// Made anew in the current directory.
  explicit File(const std::string& name) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::remove((name + suffix).c_str());
    check(sqlite3_open(name.c_str(), &db_));
    execute(
        "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-200000; "
        "pragma wal_autocheckpoint=20000");
    execute(
        "create table customers (n integer primary key, id blob unique, version int, updated_at int, status text, "
        "phone text, address text, notes text) strict;"
        "create index customers_by_update on customers (updated_at);"
        "create table changes (seq integer primary key, collection int, id blob, version int, operation int, actor int, "
        "at int, state text) strict;"
        "create table keys (key blob primary key, seq int, fingerprint blob, status int, answer text) strict, without "
        "rowid");
  }
  ~File() {
    for (auto* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void fill(std::uint64_t records) {
    records_ = records;
    execute("begin");
    auto* insert = prepare(
        "insert into customers values (?1, ?2, 1, ?1, 'new', '555', '1 Long Street', "
        "'a note of ordinary length about a customer')");
    for (std::uint64_t record = 0; record < records; ++record) {
      const auto id = id_of(record);
      sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(record));
      sqlite3_bind_blob(insert, 2, id.data(), 16, SQLITE_TRANSIENT);
      run(insert);
    }
    execute("commit; pragma wal_checkpoint(truncate)");
  }

  void prepare_operation() {
    seen_ = prepare("select status, answer from keys where key = ?");
    read_ = prepare("select version, phone, notes from customers where id = ?");
    update_ = prepare("update customers set version = ?2, updated_at = ?3, address = ?4 where id = ?1");
    change_ = prepare("insert into changes values (?1, 1, ?2, ?3, 1, 1, ?1, ?4)");
    store_ = prepare("insert into keys values (?1, ?2, ?1, 200, ?3)");
    begin_ = prepare("begin immediate");
    commit_ = prepare("commit");
    savepoint_ = prepare("savepoint operation");
    release_ = prepare("release operation");
  }

  /// One group: `group` operations and one synced commit.
  void write_group(int group, bool ordered, std::mt19937_64& random) {
    run(begin_);
    for (int i = 0; i < group; ++i) write_one(ordered, random);
    run(commit_);
  }

 private:
  void write_one(bool ordered, std::mt19937_64& random) {
    run(savepoint_);
    const auto id = id_of(random() % records_);
    ++seq_;
    Key key{};
    const std::uint64_t high = ordered ? __builtin_bswap64(static_cast<std::uint64_t>(seq_)) : random();
    const std::uint64_t low = random();
    std::memcpy(key.data(), &high, 8);
    std::memcpy(key.data() + 8, &low, 8);
    sqlite3_bind_blob(seen_, 1, key.data(), 16, SQLITE_STATIC);
    run(seen_);
    sqlite3_bind_blob(read_, 1, id.data(), 16, SQLITE_STATIC);
    check(sqlite3_step(read_));
    const int version = sqlite3_column_int(read_, 0) + 1;
    char state[256];
    std::snprintf(state, sizeof state,
                  R"({"id":"customer_%016llx","version":%d,"status":"new","phone":"%s","address":"%lld Long Street",)"
                  R"("notes":"%s"})",
                  static_cast<unsigned long long>(high), version,
                  reinterpret_cast<const char*>(sqlite3_column_text(read_, 1)), static_cast<long long>(seq_),
                  reinterpret_cast<const char*>(sqlite3_column_text(read_, 2)));
    char address[40];
    std::snprintf(address, sizeof address, "%lld Long Street", static_cast<long long>(seq_));
    check(sqlite3_reset(read_));
    sqlite3_bind_blob(update_, 1, id.data(), 16, SQLITE_STATIC);
    sqlite3_bind_int(update_, 2, version);
    sqlite3_bind_int64(update_, 3, static_cast<sqlite3_int64>(records_) + seq_);
    sqlite3_bind_text(update_, 4, address, -1, SQLITE_STATIC);
    run(update_);
    sqlite3_bind_int64(change_, 1, seq_);
    sqlite3_bind_blob(change_, 2, id.data(), 16, SQLITE_STATIC);
    sqlite3_bind_int(change_, 3, version);
    sqlite3_bind_text(change_, 4, state, -1, SQLITE_STATIC);
    run(change_);
    sqlite3_bind_blob(store_, 1, key.data(), 16, SQLITE_STATIC);
    sqlite3_bind_int64(store_, 2, seq_);
    sqlite3_bind_text(store_, 3, state, -1, SQLITE_STATIC);
    run(store_);
    run(release_);
  }

  void check(int result) {
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
    std::fprintf(stderr, "sqlite %d: %s\n", result, sqlite3_errmsg(db_));
    std::exit(1);
  }
  void execute(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    statements_.push_back(statement);
    return statement;
  }
  void run(sqlite3_stmt* statement) {
    check(sqlite3_step(statement));
    check(sqlite3_reset(statement));
  }

  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
  sqlite3_stmt *seen_ = nullptr, *read_ = nullptr, *update_ = nullptr, *change_ = nullptr, *store_ = nullptr;
  sqlite3_stmt *begin_ = nullptr, *commit_ = nullptr, *savepoint_ = nullptr, *release_ = nullptr;
  std::uint64_t records_ = 1;
  std::int64_t seq_ = 0;
};

}  // namespace raw_sqlite
