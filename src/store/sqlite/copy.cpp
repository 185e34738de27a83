// SPDX-License-Identifier: Apache-2.0
// Backup and check of one database file.
#include <sqlite3.h>

#include "base/limits.h"
#include "store/sqlite/reopen.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::store::sqlite {
namespace {

class Backup {
 public:
  Backup(Connection& target, Connection& source)
      : target_(target), handle_(sqlite3_backup_init(target.handle(), "main", source.handle(), "main")) {
    if (handle_ == nullptr) fail(sqlite3_extended_errcode(target.handle()));
  }
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  ~Backup() { sqlite3_backup_finish(handle_); }

  /// False when all is copied.
  bool step() {
    const int result = sqlite3_backup_step(handle_, backup_pages_a_step);
    if (result == SQLITE_DONE) return false;
    if (result != SQLITE_OK) fail(result);
    return true;
  }

 private:
  [[noreturn]] void fail(int result) {
    throw_failure(result, std::string("backup: ") + sqlite3_errstr(result) + ": " + sqlite3_errmsg(target_.handle()));
  }
  Connection& target_;
  sqlite3_backup* handle_;
};

void check_structure(Connection& connection, CheckReport& report) {
  auto rows = connection.prepare("pragma integrity_check(" + std::to_string(limits::check_problems_max) + ")");
  while (rows.step()) {
    if (rows.text(0) != "ok") report.problems.emplace_back(rows.text(0));
  }
}

void check_sequences(Connection& connection, CheckReport& report) {
  report.changes = connection.integer("select count(*) from changes");
  const auto span = connection.integer("select coalesce(max(seq) - min(seq) + 1, 0) from changes");
  if (span != report.changes) {
    report.problems.push_back("the change log has " + std::to_string(span - report.changes) + " gaps");
  }
  const auto newest = connection.integer("select coalesce(max(seq), 0) from changes");
  auto tables =
      connection.prepare("select name from sqlite_schema where type = 'table' and name like 'records\\_%' escape '\\'");
  while (tables.step()) {
    const std::string table(tables.text(0));
    report.records += connection.integer("select count(*) from " + table);
    const auto ahead =
        connection.integer("select count(*) from " + table + " where last_seq > " + std::to_string(newest));
    if (ahead > 0)
      report.problems.push_back(std::to_string(ahead) + " rows of " + table + " are ahead of the change log");
  }
}

}  // namespace

CheckReport check_database(const std::string& path, const ConnectionOptions& options) {
  CheckReport report;
  try {
    Connection connection(path, options);
    if (connection.integer("pragma application_id") != application_id) {
      report.problems.emplace_back("this is no file of Interlock's");
    } else {
      check_structure(connection, report);
      check_sequences(connection, report);
    }
  } catch (const Corrupt& error) {
    report.problems.emplace_back(error.what());
  }
  report.ok = report.problems.empty();
  return report;
}

void copy_database(Connection& source, const std::string& path, Disk& disk, const ConnectionOptions& options,
                   const std::function<void()>& step) {
  const std::string part = copy_of(path);
  for (const auto& old : {part, log_of(part)}) {
    if (disk.exists(old)) disk.remove(old);
  }
  try {
    ConnectionOptions unsynced = options;
    unsynced.synced = false;
    Connection target(part, unsynced);
    Backup backup(target, source);
    while (backup.step()) {
      if (step) step();
    }
  } catch (...) {
    for (const auto& file : {part, log_of(part)}) disk.remove(file);
    throw;
  }
  disk.sync(part);
  disk.rename(part, path);
}

}  // namespace interlock::store::sqlite
