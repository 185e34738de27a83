// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/move_log.h"

#include "base/limits.h"
#include "base/time.h"

namespace interlock::store::postgres {
namespace {

constexpr std::int64_t move_lock = 0x496c6d76;  // "Ilmv"

bool has_table(Connection& connection, const std::string& schema) {
  const auto found = connection.ask_once("select to_regclass($1)::text", Parameters().text(schema + ".moves"));
  return !found.is_null(0, 0);
}

/// Servers and commands of ours that are connected to the same database.
std::int64_t others(Connection& connection) {
  return connection
      .ask_once(
          "select count(*) from pg_stat_activity where datname = current_database() and application_name = "
          "current_setting('application_name') "
          "and pid <> pg_backend_pid()")
      .integer(0, 0);
}

}  // namespace

MoveLog::MoveLog(const ConnectionOptions& options) : schema_(options.schema), connection_(options) {
  // Connections of a program that was killed end a little later than itself.
  const auto until = system_clock().monotonic() + limits::postgres_lock_time_max;
  while (true) {
    const auto held = connection_.ask_once("select pg_try_advisory_lock($1)", Parameters().integer(move_lock));
    const bool locked = held.boolean(0, 0);
    if (locked && others(connection_) == 0) return;
    if (system_clock().monotonic() > until)
      throw StoreError(locked ? "a server or a command uses the database: stop it before a move"
                              : "another move into the database is under way");
    if (locked) connection_.ask_once("select pg_advisory_unlock($1)", Parameters().integer(move_lock));
    connection_.ask_once("select pg_sleep(0.1)");
  }
}

bool MoveLog::is_unfinished(const ConnectionOptions& options) {
  Connection connection(options);
  return has_table(connection, options.schema);
}

bool MoveLog::is_begun() { return has_table(connection_, schema_); }

void MoveLog::begin() {
  connection_.run_script("create table if not exists moves (lane uuid primary key, checksum text not null)");
}

std::optional<std::string> MoveLog::done(TenantId tenant) {
  const auto rows = connection_.ask("select checksum from moves where lane = $1", Parameters().id(tenant.uuid));
  if (rows.rows() == 0) return std::nullopt;
  return std::string(rows.text(0, 0));
}

void MoveLog::set_done(TenantId tenant, const std::string& checksum) {
  connection_.ask(
      "insert into moves (lane, checksum) values ($1, $2) on conflict (lane) do update set checksum = "
      "excluded.checksum",
      Parameters().id(tenant.uuid).text(checksum));
}

void MoveLog::end() { connection_.run_script("drop table moves"); }

}  // namespace interlock::store::postgres
