// SPDX-License-Identifier: Apache-2.0
// One connection to PostgreSQL, always in libpq's pipeline mode: statements are queued with send(), and finish() waits
// for all their answers, so that a group of statements costs one round trip. Statements are prepared once and kept.
// Used by one thread at a time.
//
// Failures. A statement that the server refuses throws what it means (store.h) from finish(); the transaction that it
// was in is then good for a rollback only. A connection that breaks or does not answer in time throws ConnectionLost,
// and is of no use any more. What a failure says names no parameter.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/postgres/parameters.h"
#include "store/store.h"

struct pg_conn;
struct pg_result;

namespace interlock::store::postgres {

/// The server did not answer, or went away.
class ConnectionLost : public StoreError {
 public:
  using StoreError::StoreError;
};

/// A refused statement, with its SQLSTATE, where no type of store.h fits better.
class StatementFailed : public StoreError {
 public:
  StatementFailed(std::string state, const std::string& message) : StoreError(message), state_(std::move(state)) {}
  const std::string& state() const { return state_; }

 private:
  std::string state_;
};

/// The rows that one statement answered, in binary form. Valid as long as it lives.
class Result {
 public:
  Result() = default;
  explicit Result(pg_result* result) : result_(result) {}

  int rows() const;
  /// What the statement inserted, updated or deleted.
  std::int64_t affected() const;
  /// `INSERT 0 1`, `COMMIT`, …
  std::string_view command() const;

  bool is_null(int row, int column) const;
  std::string_view bytes(int row, int column) const;
  std::int64_t integer(int row, int column) const { return integer_of(bytes(row, column)); }
  bool boolean(int row, int column) const { return integer(row, column) != 0; }
  Time time(int row, int column) const { return {integer(row, column) + postgres_epoch_us}; }
  Uuid id(int row, int column) const { return uuid_from_bytes(bytes(row, column)); }
  /// Of a text, json or jsonb.
  std::string_view text(int row, int column) const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

struct ConnectionOptions {
  std::string url;     ///< postgresql://…, as libpq takes it; may hold a password
  std::string schema;  ///< where our tables lie
};

class Connection {
 public:
  /// Throws ConnectionLost.
  explicit Connection(const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Queues a statement; it is kept prepared for the next time.
  void send(std::string_view sql, const Parameters& parameters = {});
  /// Queues a statement that is planned for just these values, and not kept.
  void send_once(std::string_view sql, const Parameters& parameters = {});
  /// Waits for everything that was queued; answers its results in order, or throws the first failure.
  std::vector<Result> finish();
  /// Queues one and finishes; its own result.
  Result ask(std::string_view sql, const Parameters& parameters = {});
  Result ask_once(std::string_view sql, const Parameters& parameters = {});
  /// Several statements without parameters and results, as one; outside of a pipeline.
  void run_script(const std::string& sql);

  /// Waits until a notification may have come or `wake_fd` is readable, at most `time`.
  void wait_for_notices(int wake_fd, Duration time);
  /// The texts of the notifications that have come.
  std::vector<std::string> take_notices();

  /// False once it was lost.
  bool is_usable() const { return usable_; }
  /// Looks without waiting whether the server has closed it.
  bool is_alive();
  /// Within a transaction, broken or not.
  bool in_transaction() const;
  /// Gives up the transaction, if there is one, and what was queued. Never throws: a lost connection has none.
  void reset() noexcept;
  /// Warnings of the server since the last call.
  int take_warnings() { return std::exchange(warnings_, 0); }
  /// finish() waits at most this long from now on.
  void set_answer_time(Duration time) { answer_time_ = time; }
  /// Round trips since it was opened.
  std::int64_t round_trips() const { return round_trips_; }

 private:
  struct Queued {
    bool is_preparation;
    std::string sql;  ///< of a preparation
  };
  struct Failure {
    std::string state, message;
  };

  const std::string& prepared(std::string_view sql, const Parameters& parameters);
  void require(bool sent);
  [[noreturn]] void lose(const std::string& why);
  pg_result* next_result(Duration until);
  void wait_for_server(bool to_write, Duration until);
  void collect(const Queued& queued, Duration until, std::vector<Result>& results, std::optional<Failure>& failure);
  static void count_warning(void* connection, const pg_result* notice);

  struct Close {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Close> connection_;
  std::unordered_map<std::string, std::string> prepared_;  ///< names by statement
  std::vector<Queued> queued_;
  std::int64_t named_ = 0;
  std::int64_t round_trips_ = 0;
  int warnings_ = 0;
  bool usable_ = true;
  Duration answer_time_;
};

/// The failure behind an SQLSTATE as what it means for a store.
[[noreturn]] void throw_failure(const std::string& state, const std::string& message);
/// The group met another transaction (deadlock, serialization, lock time-out): it may be run again as it is.
bool is_collision(const std::string& state);

}  // namespace interlock::store::postgres
