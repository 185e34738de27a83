// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/format.h"

#include <set>
#include <string>

#include "store/sqlite/search.h"

namespace interlock::store::sqlite {
namespace {

// changes    the log; operation and actor by number, 0 where there is none
// keys       in order of arrival, so that stored answers append and old ones go from the front; only the index is
// random facts      small facts by name
constexpr const char* lane_tables =
    "create table changes (seq integer primary key, op_seq integer not null, prev_seq integer not null, "
    "type integer not null, id blob not null, version integer not null, operation integer not null, "
    "actor integer not null, at integer not null, key text not null, state text not null) strict;"
    "create table operations (n integer primary key, name text not null unique) strict;"
    "create table actors (n integer primary key, id blob not null unique) strict;"
    "create table keys (n integer primary key, hash integer not null, digest blob not null, fingerprint blob not null, "
    "at integer not null, seq integer not null, op_seq integer not null, status integer not null, "
    "form integer not null, answer text not null) strict;"
    "create index keys_by_hash on keys (hash);"
    "create table facts (name text primary key, value text not null) strict, without rowid;";

void set_format(Connection& connection, Format format) {
  connection.execute("pragma user_version=" + std::to_string(format.stored()));
}

/// Runs `work` in a transaction of its own.
template <class Work>
void in_transaction(Connection& connection, Work work) {
  connection.execute("begin immediate");
  try {
    work();
    connection.execute("commit");
  } catch (...) {
    if (!connection.is_autocommit()) connection.execute("rollback");
    throw;
  }
}

std::set<std::string, std::less<>> names(Connection& connection, const std::string& sql) {
  std::set<std::string, std::less<>> found;
  auto rows = connection.prepare(sql);
  while (rows.step()) found.emplace(rows.text(0));
  return found;
}

void add_what_is_missing(Connection& connection, const TableLayout& layout) {
  const auto columns = names(connection, "select name from pragma_table_info('" + layout.table + "')");
  const auto& fields = layout.type->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (columns.contains(fields[i].name)) continue;
    connection.execute("alter table " + layout.table + " add column " + layout.column_definitions[i]);
  }
  const auto indexes =
      names(connection, "select name from sqlite_schema where type = 'index' and tbl_name = '" + layout.table + "'");
  for (const auto& index : layout.indexes) {
    if (!indexes.contains(index.name)) connection.execute(index.sql);
  }
  bring_search_up_to_date(connection, layout);
}

/// Which fields the search of a type was made from, as it is remembered in the facts.
std::string searched_fields(const TableLayout& layout) {
  std::string names;
  for (const auto& field : layout.type->fields()) {
    if (field.searchable) names.append(names.empty() ? "" : ",").append(field.name);
  }
  return names;
}

bool search_is_up_to_date(Connection& connection, const TableLayout& layout) {
  if (layout.search.empty()) return true;
  Use known(connection.statement("select value from facts where name = ?1"));
  const std::string name = "searched:" + layout.table;
  return known->bind_text(1, name).step() && known->text(0) == searched_fields(layout);
}

void fill_search(Connection& connection, const TableLayout& layout) {
  auto rows = connection.prepare("select " + layout.columns + " from " + layout.table);
  auto insert = connection.prepare("insert into " + layout.search + " (rowid, words) values (?1, ?2)");
  while (rows.step()) {
    RecordBox record(*layout.type);
    const auto row = read_row(rows, layout, record.get());
    const std::string words = search_text(*layout.type, record.get());
    insert.bind(1, row).bind_text(2, words).run();
  }
}

bool lacks_something(Connection& connection, const TableLayout& layout) {
  if (!search_is_up_to_date(connection, layout)) return true;
  const auto columns = names(connection, "select name from pragma_table_info('" + layout.table + "')");
  for (const auto& field : layout.type->fields()) {
    if (!columns.contains(field.name)) return true;
  }
  for (const auto& index : layout.indexes) {
    if (connection.prepare("select 1 from sqlite_schema where name = '" + index.name + "'").step()) continue;
    return true;
  }
  return false;
}

}  // namespace

void create_format(Connection& connection, const FormatOptions& options) {
  in_transaction(connection, [&] {
    connection.execute("pragma application_id=" + std::to_string(application_id));
    connection.execute(lane_tables);
    set_format(connection, options.program);
  });
}

void upgrade_format(Connection& connection, const FormatOptions& options, std::span<const RecordType* const> types) {
  if (connection.integer("pragma application_id") != application_id) throw Corrupt("this is no file of Interlock's");
  auto found = Format::of(connection.integer("pragma user_version"));
  if (found.major > options.program.major) {
    throw FormatTooNew("the data has format " + std::to_string(found.major) + "." + std::to_string(found.minor) +
                       ", this program knows " + std::to_string(options.program.major) + "." +
                       std::to_string(options.program.minor));
  }
  bool saved = false;
  for (const auto& migration : options.migrations) {
    if (migration.to.stored() <= found.stored()) continue;
    if (!saved && options.backup) options.backup();
    saved = true;
    in_transaction(connection, [&] {
      connection.execute(std::string(migration.sql));
      set_format(connection, migration.to);
    });
  }
  std::vector<const TableLayout*> behind;
  for (const auto* type : types) {
    const auto& layout = layout_of(*type);
    if (connection.has_table(layout.table) && lacks_something(connection, layout)) behind.push_back(&layout);
  }
  found = Format::of(connection.integer("pragma user_version"));
  if (behind.empty() && found.stored() >= options.program.stored()) return;
  in_transaction(connection, [&] {
    for (const auto* layout : behind) add_what_is_missing(connection, *layout);
    if (found.stored() < options.program.stored()) set_format(connection, options.program);
  });
}

void create_record_table(Connection& connection, const TableLayout& layout) {
  connection.execute(layout.create);
  for (const auto& index : layout.indexes) connection.execute(index.sql);
}

void bring_search_up_to_date(Connection& connection, const TableLayout& layout) {
  if (search_is_up_to_date(connection, layout)) return;
  if (connection.has_table(layout.search)) connection.execute("drop table " + layout.search);
  connection.execute("create virtual table " + layout.search +
                     " using fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')");
  // A leaf of the search fits a page: the default (4,050) would spill into overflow pages.
  connection.execute("insert into " + layout.search + " (" + layout.search + ", rank) values ('pgsz', 1900)");
  fill_search(connection, layout);
  const std::string name = "searched:" + layout.table;
  const std::string fields = searched_fields(layout);
  connection.prepare("insert or replace into facts values (?1, ?2)").bind_text(1, name).bind_text(2, fields).run();
}

}  // namespace interlock::store::sqlite
