// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/connection.h"

#include <sqlite3.h>

#include <string>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "store/sqlite/checksum_vfs.h"

namespace interlock::store::sqlite {
namespace {

[[noreturn]] void fail(sqlite3* db, const char* doing) {
  const int code = sqlite3_extended_errcode(db);
  throw_failure(code, std::string(doing) + ": " + sqlite3_errmsg(db) + " (SQLite " + std::to_string(code) + ")");
}

int length(std::string_view value) {
  INVARIANT(value.size() < 1'000'000'000);
  return static_cast<int>(value.size());
}

/// SQLite takes a null pointer for null, which an empty view may hold.
const char* pointer(std::string_view value) { return value.data() == nullptr ? "" : value.data(); }

}  // namespace

void throw_failure(int extended_code, const std::string& message) {
  switch (extended_code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Corrupt(message);
    case SQLITE_FULL:
      throw DiskFull(message);
    case SQLITE_CONSTRAINT:
      throw ConstraintViolation(message);
    case SQLITE_INTERRUPT:
      throw DeadlineExceeded(message);
    case SQLITE_IOERR:
      if (extended_code == SQLITE_IOERR_DATA || extended_code == SQLITE_IOERR_CORRUPTFS) throw Corrupt(message);
      throw SqliteError(extended_code, message);
    default:
      throw SqliteError(extended_code, message);
  }
}

bool leaves_unknown(int extended_code) {
  if ((extended_code & 0xff) != SQLITE_IOERR) return false;
  switch (extended_code) {
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_SHORT_READ:
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_NOMEM:
    case SQLITE_IOERR_FSTAT:
    case SQLITE_IOERR_ACCESS:
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_RDLOCK:
    case SQLITE_IOERR_UNLOCK:
    case SQLITE_IOERR_CHECKRESERVEDLOCK:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMLOCK:
    case SQLITE_IOERR_SHMMAP:
      return false;
    default:
      return true;
  }
}

Statement::Statement(sqlite3* db, std::string_view sql) {
  const int result = sqlite3_prepare_v3(db, sql.data(), length(sql), SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (result != SQLITE_OK) fail(db, std::string("prepare ").append(sql).c_str());
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  INVARIANT(sqlite3_bind_int64(handle_, parameter, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view value) {
  const int result = sqlite3_bind_text(handle_, parameter, pointer(value), length(value), SQLITE_STATIC);
  if (result != SQLITE_OK) fail(sqlite3_db_handle(handle_), "bind a text");
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view value) {
  const int result = sqlite3_bind_blob(handle_, parameter, pointer(value), length(value), SQLITE_STATIC);
  if (result != SQLITE_OK) fail(sqlite3_db_handle(handle_), "bind bytes");
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  INVARIANT(sqlite3_bind_null(handle_, parameter) == SQLITE_OK);
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(handle_), sqlite3_sql(handle_));
}

int Statement::run_result() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW || result == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return SQLITE_OK;
  }
  const int extended = sqlite3_extended_errcode(sqlite3_db_handle(handle_));
  sqlite3_reset(handle_);
  return extended;
}

void Statement::run() {
  const Use use(*this);
  while (step()) {
  }
}

void Statement::reset() { sqlite3_reset(handle_); }

// A value that belongs to a statement may be asked directly, since its connection is used by one thread at a time.
Column Statement::column(int column) const { return Column(sqlite3_column_value(handle_, column)); }
std::int64_t Statement::integer(int column) const { return this->column(column).integer(); }
std::string_view Statement::text(int column) const { return blob(column); }
std::string_view Statement::blob(int column) const { return this->column(column).bytes(); }
bool Statement::is_null(int column) const { return this->column(column).is_null(); }

std::int64_t Column::integer() const { return sqlite3_value_int64(value_); }
bool Column::is_null() const { return sqlite3_value_type(value_) == SQLITE_NULL; }

// sqlite3_value_text would copy a text to end it with a NUL that nobody needs here.
std::string_view Column::bytes() const {
  const auto* data = static_cast<const char*>(sqlite3_value_blob(value_));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_value_bytes(value_))};
}
int Statement::columns() const { return sqlite3_column_count(handle_); }

Connection::Connection(const std::string& path, const ConnectionOptions& options) : page_bytes_(options.page_bytes) {
  register_checksum_vfs();
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (options.mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
  const int result = sqlite3_open_v2(path.c_str(), &db_, flags, options.vfs);
  try {
    if (result != SQLITE_OK) {
      throw_failure(result, "open " + path + ": " + (db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_)) +
                                " (SQLite " + std::to_string(result) + ")");
    }
    set_up(options);
  } catch (...) {
    kept_.clear();
    sqlite3_close(db_);
    throw;
  }
}

void Connection::set_up(const ConnectionOptions& options) {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  execute(options.synced ? "pragma synchronous=full" : "pragma synchronous=off");
  if (options.mode == Mode::create) {
    int reserved = page_reserved_bytes;
    sqlite3_file_control(db_, nullptr, SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    execute("pragma page_size=" + std::to_string(options.page_bytes));
    execute("pragma journal_mode=wal");
  }
  execute(
      "pragma foreign_keys=off; pragma temp_store=memory; pragma trusted_schema=off;"
      "pragma mmap_size=0");
  set_cache_bytes(options.cache_bytes_max);
  if (options.mode == Mode::read) execute("pragma query_only=on");
  page_bytes_ = static_cast<int>(integer("pragma page_size"));
  sqlite3_busy_timeout(db_, limits::busy_wait_ms_max);
  sqlite3_wal_autocheckpoint(db_, 0);
  sqlite3_wal_hook(db_, &Connection::on_commit, this);
}

Connection::~Connection() {
  by_sql_.clear();
  kept_.clear();
  // A statement that is still alive outside would leave a zombie that keeps the file open.
  INVARIANT(sqlite3_close(db_) == SQLITE_OK);
}

Statement& Connection::statement(std::string_view sql) {
  if (const auto known = by_sql_.find(sql); known != by_sql_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return kept_.front().statement;
  }
  kept_.push_front({std::string(sql), Statement(db_, sql)});
  by_sql_.emplace(kept_.front().sql, kept_.begin());
  if (kept_.size() > limits::kept_statements_max) {
    by_sql_.erase(kept_.back().sql);
    kept_.pop_back();
  }
  return kept_.front().statement;
}

void Connection::execute(const std::string& sql) {
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(db_, sql.c_str());
}

std::int64_t Connection::integer(std::string_view sql) {
  auto one = prepare(sql);
  return one.step() ? one.integer(0) : 0;
}

std::string Connection::text(std::string_view sql) {
  auto one = prepare(sql);
  return one.step() ? std::string(one.text(0)) : std::string();
}

void Connection::set_cache_bytes(std::int64_t bytes) {
  if (bytes == cache_bytes_) return;
  execute("pragma cache_size=-" + std::to_string(bytes / 1024));
  cache_bytes_ = bytes;
}

bool Connection::is_autocommit() const { return sqlite3_get_autocommit(db_) != 0; }
std::int64_t Connection::last_insert_row() const { return sqlite3_last_insert_rowid(db_); }
std::int64_t Connection::changed_rows() const { return sqlite3_changes64(db_); }

bool Connection::has_table(std::string_view name) {
  Use find(statement("select 1 from sqlite_schema where type = 'table' and name = ?1"));
  return find->bind_text(1, name).step();
}

Connection::CheckpointResult Connection::checkpoint(bool truncate) {
  CheckpointResult done;
  const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int result = sqlite3_wal_checkpoint_v2(db_, nullptr, mode, &done.log_pages, &done.moved_pages);
  if (result != SQLITE_OK && (result & 0xff) != SQLITE_BUSY) fail(db_, "checkpoint");
  done.complete = result == SQLITE_OK && done.moved_pages == done.log_pages;
  if (truncate && done.complete) log_pages_ = 0;
  return done;
}

int Connection::on_commit(void* self, sqlite3*, const char*, int log_pages) {
  auto& connection = *static_cast<Connection*>(self);
  const int before = connection.log_pages_ <= log_pages ? connection.log_pages_ : 0;  // the log began anew
  connection.log_pages_ = log_pages;
  connection.log_bytes_written_ += std::int64_t{log_pages - before} * (connection.page_bytes_ + 24);
  return SQLITE_OK;
}

void Connection::keep_log_at_close() { sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

Connection::Deadline::Deadline(Connection& connection, const Clock& clock, std::optional<Duration> monotonic)
    : connection_(connection), clock_(clock), monotonic_(monotonic) {
  if (!monotonic_) return;
  if (passed(this) != 0) throw DeadlineExceeded("the time for this read is over");
  sqlite3_progress_handler(connection_.db_, deadline_check_instructions, &Deadline::passed, this);
}

Connection::Deadline::~Deadline() {
  if (monotonic_) sqlite3_progress_handler(connection_.db_, 0, nullptr, nullptr);
}

int Connection::Deadline::passed(void* self) {
  const auto& deadline = *static_cast<Deadline*>(self);
  return deadline.clock_.monotonic() >= *deadline.monotonic_ ? 1 : 0;
}

}  // namespace interlock::store::sqlite
