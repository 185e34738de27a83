// SPDX-License-Identifier: Apache-2.0
// RAII over SQLite's connection and prepared statement. A connection and its statements belong to one thread at a time.
// Failures become the exceptions of store.h: damage Corrupt, no space DiskFull, a constraint ConstraintViolation, a
// passed deadline DeadlineExceeded, anything else SqliteError; the text ends with SQLite's extended code.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"
#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;

namespace interlock::store::sqlite {

/// Any failure of SQLite that has no exception of its own in store.h.
class SqliteError : public StoreError {
 public:
  SqliteError(int extended_code, const std::string& message) : StoreError(message), code_(extended_code) {}
  int extended_code() const { return code_; }

 private:
  int code_;
};

/// Throws the exception that fits an extended result code.
[[noreturn]] void throw_failure(int extended_code, const std::string& message);
/// Whether a failed write or sync may have left data in the operating system's cache that is not on the disk: what was
/// being written is neither there nor not there. False for reads, locks and a full disk, which leave nothing behind.
bool leaves_unknown(int extended_code);

/// One column of the row that a statement stands at; valid until its next step or reset.
class Column {
 public:
  explicit Column(sqlite3_value* value) : value_(value) {}
  bool is_null() const;
  std::int64_t integer() const;
  /// Text or bytes; empty for null.
  std::string_view bytes() const;

 private:
  sqlite3_value* value_;
};

/// A prepared statement. Parameters and columns count from 1 and from 0, as in SQLite. Bound text and bytes are not
/// copied: they must live until reset(). An empty view is bound as empty text or bytes, never as null.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, std::string_view sql);
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Statement();
  explicit operator bool() const { return handle_ != nullptr; }

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind_text(int parameter, std::string_view value);
  Statement& bind_blob(int parameter, std::string_view value);
  Statement& bind_null(int parameter);

  /// True: there is a row. False: done. Throws.
  bool step();
  /// Steps once, resets, answers SQLite's extended result instead of throwing.
  int run_result();
  /// Steps to the end of a statement that answers no rows, and resets. Throws.
  void run();
  void reset();

  Column column(int column) const;
  std::int64_t integer(int column) const;
  /// Valid until the next step or reset.
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const;
  int columns() const;

 private:
  sqlite3_stmt* handle_ = nullptr;
};

/// Resets a statement at the end of a scope, so that no read stays open when something throws.
class Use {
 public:
  explicit Use(Statement& statement) : statement_(statement) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { statement_.reset(); }
  Statement* operator->() { return &statement_; }
  Statement& operator*() { return statement_; }

 private:
  Statement& statement_;
};

enum class Mode { create, write, read };

struct ConnectionOptions {
  const char* vfs = "interlock";
  Mode mode = Mode::write;
  int page_bytes =
      2048;  ///< measured: never worse than 4096 by 6 %, up to 1.6 times better; rows over 486 B suffer at 1024
  std::int64_t cache_bytes_max = 64 * 1024 * 1024;
  bool synced = true;  ///< false for a file that is synced as a whole before it counts
};

class Connection {
 public:
  /// Opens (Mode::create: makes) the database and sets it up: log mode WAL, a sync per commit, no automatic checkpoint,
  /// no memory mapping, nothing temporary on disk, an untrusted schema. Throws.
  Connection(const std::string& path, const ConnectionOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  sqlite3* handle() { return db_; }
  int page_bytes() const { return page_bytes_; }
  /// A statement kept by its text; at most limits::kept_statements_max of them, the least recently used goes. The
  /// reference is valid until the next call.
  Statement& statement(std::string_view sql);
  Statement prepare(std::string_view sql) { return Statement(db_, sql); }
  /// Runs one or more statements without parameters or rows. Throws.
  void execute(const std::string& sql);
  /// The first column of the first row as an integer or text; 0 or empty if there is no row.
  std::int64_t integer(std::string_view sql);
  std::string text(std::string_view sql);

  /// Bounds the page cache; does nothing if the bound is this already.
  void set_cache_bytes(std::int64_t bytes);
  /// Whether no transaction is open: inside a group, a statement has ended the outer transaction by itself.
  bool is_autocommit() const;
  std::int64_t last_insert_row() const;
  std::int64_t changed_rows() const;
  bool has_table(std::string_view name);

  struct CheckpointResult {
    bool complete = false;  ///< false: readers hold part of the log back
    int log_pages = 0;
    int moved_pages = 0;
  };
  /// Moves the log into the database, as far as no reader is in the way. Throws.
  CheckpointResult checkpoint(bool truncate);
  /// The log's pages after the newest commit, and the bytes of all commits.
  int log_pages() const { return log_pages_; }
  std::int64_t log_bytes_written() const { return log_bytes_written_; }

  /// After a failed sync: closing must not move the log into the database, the files are copied as they are.
  void keep_log_at_close();

  /// While one exists, statements fail with DeadlineExceeded past `deadline` on `clock`. Never around a write: an
  /// interrupted write ends the outer transaction.
  class Deadline {
   public:
    Deadline(Connection& connection, const Clock& clock, std::optional<Duration> monotonic);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline();

   private:
    static int passed(void* self);
    Connection& connection_;
    const Clock& clock_;
    std::optional<Duration> monotonic_;
  };

 private:
  void set_up(const ConnectionOptions& options);
  static int on_commit(void* self, sqlite3* db, const char* name, int log_pages);

  struct Kept {
    std::string sql;
    Statement statement;
  };
  sqlite3* db_ = nullptr;
  int page_bytes_ = 0;
  std::int64_t cache_bytes_ = 0;
  int log_pages_ = 0;
  std::int64_t log_bytes_written_ = 0;
  std::list<Kept> kept_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Kept>::iterator> by_sql_;
};

inline constexpr int deadline_check_instructions = 2'000;

}  // namespace interlock::store::sqlite
