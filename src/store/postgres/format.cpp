// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/format.h"

#include <set>
#include <vector>

#include "base/limits.h"
#include "base/time.h"
#include "store/columns.h"
#include "store/postgres/table.h"

namespace interlock::store::postgres {
namespace {

// tenants   one row a lane: locked for each group; its counters tell every node whether somebody else was here
// changes   the log
// keys      by digest of key and owner; forgotten by age
// facts     small facts by name
// blobs, blob_pieces   contents of files: postgres_blobs.h
// wakes     when closed lanes must come back; apart from tenants, whose rows are locked
constexpr const char* common_tables =
    "create table if not exists tenants (id uuid primary key, last_seq bigint not null default 0, "
    "last_row bigint not null default 0, commits bigint not null default 0, restores bigint not null default 0) with "
    "(fillfactor = 50);"
    "create table if not exists changes (lane uuid not null, seq bigint not null, op_seq bigint not null, "
    "prev_seq bigint not null, type bigint not null, id uuid not null, version bigint not null, "
    "operation text not null, actor uuid not null, at timestamptz not null, key text not null, state json not null, "
    "primary key (lane, seq));"
    "create table if not exists keys (lane uuid not null, digest uuid not null, fingerprint uuid not null, "
    "at timestamptz not null, seq bigint not null, op_seq bigint not null, status bigint not null, "
    "form bigint not null, answer text not null, primary key (lane, digest));"
    "create index if not exists keys_by_at on keys using brin (at);"
    "create table if not exists facts (lane uuid not null, name text collate \"C\" not null, value text not null, "
    "primary key (lane, name));"
    "create table if not exists wakes (lane uuid primary key, at timestamptz not null);"
    "create index if not exists wakes_by_at on wakes (at);"
    "create table if not exists format (major bigint not null, minor bigint not null)";

// Contents are compressed or noise already, and are read whole. In a script of its own: changing how a column is stored
// takes a lock on the table that a start must not wait for.
constexpr const char* blob_tables =
    "create table blobs (lane uuid not null, name text collate \"C\" not null, size bigint not null, "
    "kept_at timestamptz not null, primary key (lane, name));"
    "create table blob_pieces (lane uuid not null, name text collate \"C\" not null, piece bigint not null, "
    "content bytea not null, primary key (lane, name, piece));"
    "alter table blob_pieces alter column content set storage external";

constexpr std::int64_t preparation_lock = 0x496c636b;  // "Ilck"

using Names = std::set<std::string, std::less<>>;

Names names(Connection& connection, std::string_view sql, const std::string& schema_name) {
  const auto rows = connection.ask_once(sql, Parameters().text(schema_name));
  Names found;
  for (int row = 0; row < rows.rows(); ++row) found.emplace(rows.text(row, 0));
  return found;
}

Names columns_of(Connection& connection, const std::string& schema_name) {
  return names(connection,
               "select (c.relname || '.' || a.attname)::text from pg_attribute a join pg_class c on c.oid = a.attrelid "
               "where c.relnamespace = (select oid from pg_namespace where nspname = $1) and c.relkind in ('r', 'p') "
               "and a.attnum > 0 and not a.attisdropped",
               schema_name);
}

/// Those that were made whole: one whose making was interrupted is of no use and in the way.
Names indexes_of(Connection& connection, const std::string& schema_name, bool valid) {
  return names(connection,
               std::string("select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid where ") +
                   (valid ? "" : "not ") +
                   "i.indisvalid and c.relnamespace = (select oid from pg_namespace where nspname = $1)",
               schema_name);
}

/// Nodes that start together prepare one after the other. Asked again and again, since whoever waits within a statement
/// would be waited for by the one that makes an index concurrently.
void take_turn(Connection& connection) {
  const auto until = system_clock().monotonic() + limits::postgres_preparation_time_max;
  while (!connection.ask("select pg_try_advisory_lock($1)", Parameters().integer(preparation_lock)).boolean(0, 0)) {
    if (system_clock().monotonic() > until)
      throw StoreError("another node has been preparing the database for too long");
    connection.ask_once("select pg_sleep(0.1)");
  }
}

void require_usable(Connection& connection) {
  const auto encoding = connection.ask_once("select current_setting('server_encoding')");
  if (encoding.text(0, 0) != "UTF8")
    throw StoreError("the database must have the encoding UTF8, it has " + std::string(encoding.text(0, 0)));
  const auto version = connection.ask_once("select current_setting('server_version_num')::bigint").integer(0, 0);
  if (version < 150'000) throw StoreError("PostgreSQL 15 or newer is needed");
}

void require_format(Connection& connection) {
  const auto rows = connection.ask_once("select major, minor from format");
  if (rows.rows() == 0) {
    connection.ask_once("insert into format values ($1, $2)",
                        Parameters().integer(program_major).integer(program_minor));
    return;
  }
  if (rows.integer(0, 0) > program_major)
    throw FormatTooNew("the database has format " + std::to_string(rows.integer(0, 0)) + "." +
                       std::to_string(rows.integer(0, 1)) + ", this program knows " + std::to_string(program_major) +
                       "." + std::to_string(program_minor));
  connection.ask_once("update format set minor = greatest(minor, $1)", Parameters().integer(program_minor));
}

/// Table and columns of a type; answers whether the table is new.
bool add_table(Connection& connection, const TableLayout& layout, const Names& columns) {
  if (!columns.contains(layout.table + ".id")) {
    std::string script = layout.create;
    for (const auto& index : layout.indexes)
      script +=
          std::string(";create ") + (index.unique ? "unique " : "") + "index " + index.name + " " + index.definition;
    if (!layout.search.empty()) script += ";" + layout.create_search;
    connection.run_script(script);
    return true;
  }
  const auto fields = layout.type->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (columns.contains(layout.table + "." + std::string(fields[i].name))) continue;
    connection.run_script("alter table " + layout.table + " add column if not exists " + layout.column_definitions[i]);
  }
  if (!layout.search.empty() && !columns.contains(layout.search + ".id")) connection.run_script(layout.create_search);
  return false;
}

void add_indexes(Connection& connection, const TableLayout& layout, const Names& indexes, const Names& broken) {
  for (const auto& index : layout.indexes) {
    if (indexes.contains(index.name)) continue;
    if (broken.contains(index.name)) connection.run_script("drop index concurrently if exists " + index.name);
    connection.run_script(std::string("create ") + (index.unique ? "unique " : "") +
                          "index concurrently if not exists " + index.name + " " + index.definition);
  }
}

}  // namespace

std::optional<DatabaseFormat> format_of(const std::string& url, const std::string& schema_name) {
  Connection connection({url, schema_name});
  const auto table = connection.ask_once("select to_regclass($1)::text", Parameters().text(schema_name + ".format"));
  if (table.is_null(0, 0)) return std::nullopt;
  const auto rows = connection.ask_once("select major, minor from format");
  if (rows.rows() == 0) return std::nullopt;
  return DatabaseFormat{static_cast<int>(rows.integer(0, 0)), static_cast<int>(rows.integer(0, 1))};
}

void prepare_database(Connection& connection, const std::string& schema_name, const Schema* schema) {
  require_usable(connection);
  connection.set_answer_time(limits::postgres_preparation_time_max);
  connection.ask_once("select set_config('lock_timeout', '0', false)");
  take_turn(connection);
  const auto known =
      connection.ask_once("select 1 from pg_namespace where nspname = $1", Parameters().text(schema_name));
  if (known.rows() == 0) connection.run_script("create schema if not exists " + store::quoted(schema_name));
  connection.run_script(common_tables);
  const auto blobs =
      connection.ask_once("select to_regclass($1)::text", Parameters().text(schema_name + ".blob_pieces"));
  if (blobs.is_null(0, 0)) connection.run_script(blob_tables);
  require_format(connection);
  if (schema != nullptr) {
    const auto columns = columns_of(connection, schema_name);
    std::vector<const TableLayout*> older;
    for (const auto* type : schema->types()) {
      const auto& layout = layout_of(*type);
      if (!add_table(connection, layout, columns)) older.push_back(&layout);
    }
    const auto indexes = indexes_of(connection, schema_name, true);
    const auto broken = indexes_of(connection, schema_name, false);
    for (const auto* layout : older) add_indexes(connection, *layout, indexes, broken);
  }
  connection.ask_once("select pg_advisory_unlock($1)", Parameters().integer(preparation_lock));
}

}  // namespace interlock::store::postgres
