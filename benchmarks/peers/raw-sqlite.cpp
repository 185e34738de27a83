// SPDX-License-Identifier: Apache-2.0
// The limit: what one thread can commit durably on SQLite when it does nothing but the writes of one operation.
// usage: raw-sqlite GROUP OPERATIONS RECORDS random|ordered
#include <sqlite3.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

namespace {
sqlite3* db = nullptr;

void check(int result) {
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
  std::fprintf(stderr, "sqlite %d: %s\n", result, sqlite3_errmsg(db));
  std::exit(1);
}
void execute(const char* sql) { check(sqlite3_exec(db, sql, nullptr, nullptr, nullptr)); }
sqlite3_stmt* prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return statement;
}
void run(sqlite3_stmt* statement) {
  check(sqlite3_step(statement));
  check(sqlite3_reset(statement));
}
using Key = std::array<unsigned char, 16>;
Key id_of(std::uint64_t record) {
  Key key{};
  const auto big = __builtin_bswap64(record);
  std::memcpy(key.data() + 8, &big, 8);
  return key;
}
}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return std::fprintf(stderr, "usage: raw-sqlite GROUP OPERATIONS RECORDS random|ordered\n"), 2;
  const int group = std::atoi(argv[1]);
  const int operations = std::atoi(argv[2]);
  const auto records = static_cast<std::uint64_t>(std::atoll(argv[3]));
  const bool ordered = std::string(argv[4]) == "ordered";

  for (const char* file : {"raw.db", "raw.db-wal", "raw.db-shm"}) std::remove(file);
  check(sqlite3_open("raw.db", &db));
  execute("pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-200000; pragma wal_autocheckpoint=20000");
  execute("create table customers (n integer primary key, id blob unique, version int, updated_at int, status text, phone text, address text, notes text) strict;"
          "create index customers_by_update on customers (updated_at);"
          "create table changes (seq integer primary key, collection int, id blob, version int, operation int, actor int, at int, state text) strict;"
          "create table keys (key blob primary key, seq int, fingerprint blob, status int, answer text) strict, without rowid");

  execute("begin");
  auto* insert = prepare("insert into customers values (?1, ?2, 1, ?1, 'new', '555', '1 Long Street', 'a note of ordinary length about a customer')");
  for (std::uint64_t record = 0; record < records; ++record) {
    const auto id = id_of(record);
    sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(record));
    sqlite3_bind_blob(insert, 2, id.data(), 16, SQLITE_TRANSIENT);
    run(insert);
  }
  execute("commit; pragma wal_checkpoint(truncate)");

  auto* seen = prepare("select status, answer from keys where key = ?");
  auto* read = prepare("select version, phone, notes from customers where id = ?");
  auto* update = prepare("update customers set version = ?2, updated_at = ?3, address = ?4 where id = ?1");
  auto* change = prepare("insert into changes values (?1, 1, ?2, ?3, 1, 1, ?1, ?4)");
  auto* store = prepare("insert into keys values (?1, ?2, ?1, 200, ?3)");
  auto* begin = prepare("begin immediate");
  auto* commit = prepare("commit");
  auto* savepoint = prepare("savepoint operation");
  auto* release = prepare("release operation");

  std::mt19937_64 random(1);
  std::int64_t seq = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int done = 0; done < operations;) {
    run(begin);
    for (int i = 0; i < group && done < operations; ++i, ++done) {
      run(savepoint);
      const auto id = id_of(random() % records);
      Key key{};
      const std::uint64_t high = ordered ? __builtin_bswap64(static_cast<std::uint64_t>(done)) : random();
      const std::uint64_t low = random();
      std::memcpy(key.data(), &high, 8);
      std::memcpy(key.data() + 8, &low, 8);
      sqlite3_bind_blob(seen, 1, key.data(), 16, SQLITE_STATIC);
      run(seen);
      sqlite3_bind_blob(read, 1, id.data(), 16, SQLITE_STATIC);
      check(sqlite3_step(read));
      const int version = sqlite3_column_int(read, 0) + 1;
      char state[256];
      std::snprintf(state, sizeof state, R"({"id":"customer_%016llx","version":%d,"status":"new","phone":"%s","address":"%d Long Street","notes":"%s"})",
                    static_cast<unsigned long long>(high), version, sqlite3_column_text(read, 1), done, sqlite3_column_text(read, 2));
      char address[32];
      std::snprintf(address, sizeof address, "%d Long Street", done);
      check(sqlite3_reset(read));
      ++seq;
      sqlite3_bind_blob(update, 1, id.data(), 16, SQLITE_STATIC);
      sqlite3_bind_int(update, 2, version);
      sqlite3_bind_int64(update, 3, static_cast<sqlite3_int64>(records) + seq);
      sqlite3_bind_text(update, 4, address, -1, SQLITE_STATIC);
      run(update);
      sqlite3_bind_int64(change, 1, seq);
      sqlite3_bind_blob(change, 2, id.data(), 16, SQLITE_STATIC);
      sqlite3_bind_int(change, 3, version);
      sqlite3_bind_text(change, 4, state, -1, SQLITE_STATIC);
      run(change);
      sqlite3_bind_blob(store, 1, key.data(), 16, SQLITE_STATIC);
      sqlite3_bind_int64(store, 2, seq);
      sqlite3_bind_text(store, 3, state, -1, SQLITE_STATIC);
      run(store);
      run(release);
    }
    run(commit);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("group %d records %llu %s keys: %.0f operations/s, %.1f us each\n", group,
              static_cast<unsigned long long>(records), argv[4], operations / seconds, 1e6 * seconds / operations);
}
