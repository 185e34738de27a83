// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <cstring>

#include "base/check.h"
#include "base/limits.h"
#include "base/time.h"

namespace interlock::store::postgres {
namespace {

std::string trimmed(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

std::string seconds_of(Duration time) { return std::to_string(time.us / 1'000'000); }
std::string milliseconds_of(Duration time) { return std::to_string(time.us / 1'000); }

Duration monotonic() { return system_clock().monotonic(); }

}  // namespace

bool is_collision(const std::string& state) {
  // serialization_failure, deadlock_detected, lock_not_available
  return state == "40001" || state == "40P01" || state == "55P03";
}

void throw_failure(const std::string& state, const std::string& message) {
  const std::string text = message + " (SQLSTATE " + state + ")";
  if (state.starts_with("23")) throw ConstraintViolation(text);
  if (state == "53100") throw DiskFull(text);
  if (state == "57014") throw DeadlineExceeded(text);
  if (state == "XX001" || state == "XX002") throw Corrupt(text);
  if (state.starts_with("08") || state == "57P01" || state == "57P02" || state == "57P03" || state == "25P03")
    throw ConnectionLost(text);
  throw StatementFailed(state, text);
}

void Result::Clear::operator()(pg_result* result) const { PQclear(result); }
int Result::rows() const { return PQntuples(result_.get()); }
std::int64_t Result::affected() const {
  const char* count = PQcmdTuples(result_.get());
  return *count == '\0' ? 0 : std::stoll(count);
}
std::string_view Result::command() const { return PQcmdStatus(result_.get()); }
bool Result::is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }
std::string_view Result::bytes(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}
std::string_view Result::text(int row, int column) const {
  auto text = bytes(row, column);
  if (PQftype(result_.get(), column) == static_cast<Oid>(Type::jsonb)) text.remove_prefix(1);
  return text;
}

void Connection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

Connection::Connection(const ConnectionOptions& options) : answer_time_(limits::postgres_answer_time_max) {
  const auto connect_s = seconds_of(limits::postgres_connect_time_max);
  const auto unheard_ms = milliseconds_of(limits::postgres_answer_time_max);
  const auto quiet_s = seconds_of(limits::postgres_answer_time_max);
  const auto name = "interlock " + options.schema;  // for whoever looks at the server's list of connections
  const char* names[] = {
      "dbname", "application_name", "client_encoding", "connect_timeout", "tcp_user_timeout", "keepalives_idle",
      nullptr};
  const char* values[] = {options.url.c_str(), name.c_str(),    "UTF8", connect_s.c_str(),
                          unheard_ms.c_str(),  quiet_s.c_str(), nullptr};
  connection_.reset(PQconnectdbParams(names, values, 1));
  if (!connection_ || PQstatus(connection_.get()) != CONNECTION_OK)
    throw ConnectionLost("PostgreSQL cannot be reached: " + trimmed(PQerrorMessage(connection_.get())));
  PQsetNoticeReceiver(connection_.get(), &Connection::count_warning, this);
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1)
    throw ConnectionLost("the connection cannot be made ready");
  // Nothing that was committed may be lost, whatever the server's default; idle transactions hold a tenant's lock.
  send_once(
      "select set_config('search_path', $1, false), set_config('timezone', 'UTC', false), "
      "set_config('lock_timeout', $2, false), set_config('idle_in_transaction_session_timeout', $3, false), "
      "set_config('synchronous_commit', case when current_setting('synchronous_commit') in ('off', 'local') then 'on' "
      "else current_setting('synchronous_commit') end, false)",
      Parameters()
          .text(options.schema)
          .text(milliseconds_of(limits::postgres_lock_time_max))
          .text(milliseconds_of(limits::postgres_idle_transaction_max)));
  finish();
}

Connection::~Connection() = default;

void Connection::count_warning(void* connection, const pg_result* notice) {
  if (field_of(notice, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING") ++static_cast<Connection*>(connection)->warnings_;
}

void Connection::lose(const std::string& why) {
  usable_ = false;
  throw ConnectionLost("PostgreSQL: " + why);
}

void Connection::require(bool sent) {
  if (!sent) lose(trimmed(PQerrorMessage(connection_.get())));
}

const std::string& Connection::prepared(std::string_view sql, const Parameters& parameters) {
  std::string key(sql);
  if (const auto known = prepared_.find(key); known != prepared_.end()) return known->second;
  if (prepared_.size() >= limits::postgres_statements_kept_max) {
    prepared_.clear();
    send_once("deallocate all");
  }
  std::string name = "s" + std::to_string(++named_);
  require(PQsendPrepare(connection_.get(), name.c_str(), key.c_str(), static_cast<int>(parameters.size()),
                        parameters.types().data()) == 1);
  queued_.push_back({true, key});
  return prepared_.emplace(std::move(key), std::move(name)).first->second;
}

void Connection::send(std::string_view sql, const Parameters& parameters) {
  if (!usable_) throw ConnectionLost("the connection to PostgreSQL was lost");
  const auto& name = prepared(sql, parameters);
  const auto values = parameters.values();
  const std::vector<int> binary(values.size(), 1);
  require(PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()), values.data(),
                              parameters.lengths().data(), binary.data(), 1) == 1);
  queued_.push_back({false, {}});
}

void Connection::send_once(std::string_view sql, const Parameters& parameters) {
  if (!usable_) throw ConnectionLost("the connection to PostgreSQL was lost");
  const auto values = parameters.values();
  const std::vector<int> binary(values.size(), 1);
  require(PQsendQueryParams(connection_.get(), std::string(sql).c_str(), static_cast<int>(values.size()),
                            parameters.types().data(), values.data(), parameters.lengths().data(), binary.data(),
                            1) == 1);
  queued_.push_back({false, {}});
}

void Connection::wait_for_server(bool to_write, Duration until) {
  pollfd wait{PQsocket(connection_.get()), static_cast<short>(POLLIN | (to_write ? POLLOUT : 0)), 0};
  const auto left = until - monotonic();
  const int ready = left.us <= 0 ? 0 : poll(&wait, 1, static_cast<int>(left.us / 1'000 + 1));
  if (ready == 0) lose("no answer within " + milliseconds_of(answer_time_) + " ms");
  if (ready < 0 && errno != EINTR) lose(std::strerror(errno));
  if (ready > 0 && (wait.revents & ~POLLOUT) != 0) require(PQconsumeInput(connection_.get()) == 1);
}

pg_result* Connection::next_result(Duration until) {
  while (true) {
    const int flushed = PQflush(connection_.get());
    if (flushed < 0) lose(trimmed(PQerrorMessage(connection_.get())));
    if (PQisBusy(connection_.get()) == 0) return PQgetResult(connection_.get());
    wait_for_server(flushed == 1, until);
  }
}

void Connection::collect(const Queued& queued, Duration until, std::vector<Result>& results,
                         std::optional<Failure>& failure) {
  auto* raw = next_result(until);
  if (raw == nullptr) lose("an answer is missing");
  Result result(raw);
  while (auto* more = next_result(until)) PQclear(more);
  const auto status = PQresultStatus(raw);
  const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (queued.is_preparation && !done) prepared_.erase(queued.sql);
  if (!done && status != PGRES_PIPELINE_ABORTED && !failure)
    failure = {field_of(raw, PG_DIAG_SQLSTATE), field_of(raw, PG_DIAG_MESSAGE_PRIMARY)};
  if (!done && PQstatus(connection_.get()) != CONNECTION_OK) lose(trimmed(PQerrorMessage(connection_.get())));
  if (!queued.is_preparation) results.push_back(std::move(result));
}

std::vector<Result> Connection::finish() {
  if (!usable_) throw ConnectionLost("the connection to PostgreSQL was lost");
  const auto until = monotonic() + answer_time_;
  require(PQpipelineSync(connection_.get()) == 1);
  ++round_trips_;
  std::vector<Result> results;
  results.reserve(queued_.size());
  std::optional<Failure> failure;
  const auto all = std::exchange(queued_, {});
  for (const auto& queued : all) collect(queued, until, results, failure);
  const Result synced(next_result(until));
  if (failure) {
    // What the server says as it ends the connection comes as an answer.
    if (failure->state.starts_with("57P") || failure->state.starts_with("08") || failure->state == "25P03")
      usable_ = false;
    throw_failure(failure->state, failure->message);
  }
  return results;
}

Result Connection::ask(std::string_view sql, const Parameters& parameters) {
  send(sql, parameters);
  return std::move(finish().back());
}

Result Connection::ask_once(std::string_view sql, const Parameters& parameters) {
  send_once(sql, parameters);
  return std::move(finish().back());
}

void Connection::run_script(const std::string& sql) {
  INVARIANT(queued_.empty());
  const auto close = [this] { PQsetnonblocking(connection_.get(), 1), PQenterPipelineMode(connection_.get()); };
  PQexitPipelineMode(connection_.get());
  PQsetnonblocking(connection_.get(), 0);
  auto* raw = PQexec(connection_.get(), sql.c_str());
  const Result result(raw);
  const auto status = PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return close();
  const auto state = field_of(raw, PG_DIAG_SQLSTATE);
  const auto message = field_of(raw, PG_DIAG_MESSAGE_PRIMARY);
  if (PQstatus(connection_.get()) != CONNECTION_OK) lose(trimmed(PQerrorMessage(connection_.get())));
  close();
  throw_failure(state, message);
}

void Connection::wait_for_notices(int wake_fd, Duration time) {
  pollfd wait[] = {{PQsocket(connection_.get()), POLLIN, 0}, {wake_fd, POLLIN, 0}};
  const int ready = poll(wait, 2, static_cast<int>(time.us / 1'000));
  if (ready < 0 && errno != EINTR) lose(std::strerror(errno));
  if (ready > 0 && wait[0].revents != 0) require(PQconsumeInput(connection_.get()) == 1);
}

std::vector<std::string> Connection::take_notices() {
  std::vector<std::string> texts;
  require(PQconsumeInput(connection_.get()) == 1);
  while (auto* notice = PQnotifies(connection_.get())) {
    texts.emplace_back(notice->extra);
    PQfreemem(notice);
  }
  return texts;
}

bool Connection::is_alive() {
  if (!usable_ || PQstatus(connection_.get()) != CONNECTION_OK) return false;
  pollfd look{PQsocket(connection_.get()), POLLIN, 0};
  // Something to read while nothing was asked: the end, or the server's word that it ends.
  return poll(&look, 1, 0) == 0;
}

bool Connection::in_transaction() const { return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE; }

void Connection::reset() noexcept {
  if (!usable_) return;
  try {
    // Whatever was queued and not sent runs before the rollback, which undoes it.
    if (!queued_.empty() || in_transaction()) {
      try {
        finish();
      } catch (const StoreError&) {
        if (!usable_) return;
      }
    }
    if (in_transaction()) {
      send_once("rollback");
      finish();
    }
  } catch (const std::exception&) {
    usable_ = false;
  }
}

}  // namespace interlock::store::postgres
