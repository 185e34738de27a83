// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/writer.h"

#include <sqlite3.h>

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/columns.h"
#include "store/sqlite/format.h"
#include "store/sqlite/search.h"

namespace interlock::store::sqlite {
namespace {

constexpr std::size_t masked_fields_max = 62;
constexpr std::uint64_t header_changed = std::uint64_t{1} << 63;  // more of it than version, updated_at and last_seq

std::string parameters(int first, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += (i == 0 ? "?" : ", ?") + std::to_string(first + i);
  return out;
}

/// One bit a field, and header_changed; all of them for a type with too many fields.
std::uint64_t changed_fields(const RecordType& type, const void* record, const void* before) {
  const auto fields = type.fields();
  if (fields.size() > masked_fields_max) return ~std::uint64_t{0};
  const auto& now = header(record);
  const auto& then = header(before);
  const bool same_header =
      now.created_at == then.created_at && now.created_by == then.created_by && now.deleted_at == then.deleted_at;
  std::uint64_t changed = same_header ? 0 : header_changed;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!same_field(fields[i], record, before)) changed |= std::uint64_t{1} << i;
  }
  return changed;
}

bool is_changed(std::uint64_t changed, std::size_t field) {
  return field >= masked_fields_max || (changed >> field & 1) != 0;
}

}  // namespace

SqliteWriter::SqliteWriter(ReadCore& core, const CacheBudget& cache) : Reading(core), cache_(cache) {
  auto& connection = core.connection();
  begin_ = connection.prepare("begin immediate");
  commit_ = connection.prepare("commit");
  rollback_ = connection.prepare("rollback");
  savepoint_ = connection.prepare("savepoint operation");
  release_ = connection.prepare("release operation");
  rollback_to_ = connection.prepare("rollback to operation");
  append_ = connection.prepare("insert into changes values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
  put_key_ = connection.prepare("insert into keys values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  put_fact_ = connection.prepare("insert or replace into facts values (?1, ?2)");
  purge_keys_ = connection.prepare(
      "delete from keys where n in (select n from (select n, at from keys order by n limit ?2) where at < ?1)");
  find_operation_ = connection.prepare("select n from operations where name = ?1");
  add_operation_ = connection.prepare("insert into operations (name) values (?1)");
  find_actor_ = connection.prepare("select n from actors where id = ?1");
  add_actor_ = connection.prepare("insert into actors (id) values (?1)");
  last_seq_ = committed_seq_ = core_.newest_seq();
}

void SqliteWriter::begin(const Ahead& /*ahead*/) {
  if (unknown_) throw CommitUnknown("an earlier sync failed; the tenant must be reopened");
  INVARIANT(!group_open_);
  begin_.run();
  group_open_ = true;
}

void SqliteWriter::commit() {
  require_group();
  make_searches();
  const int result = commit_.run_result();
  if (result == SQLITE_OK) {
    group_open_ = false;
    committed_seq_ = last_seq_;
    generation_.fetch_add(1);
    made_in_group_.clear();
    named_in_group_ = false;
    return;
  }
  const std::string message =
      std::string("commit: ") + sqlite3_errmsg(connection().handle()) + " (SQLite " + std::to_string(result) + ")";
  const bool outside = leaves_unknown(result);
  if (outside) {
    unknown_ = true;
    connection().keep_log_at_close();
  }
  rollback();
  if (outside) throw CommitUnknown(message);
  throw_failure(result, message);
}

/// Searches of types whose first records are in this group; outside of savepoints, see bring_search_up_to_date.
void SqliteWriter::make_searches() {
  try {
    for (auto* state : made_in_group_) bring_search_up_to_date(connection(), *state->layout);
  } catch (...) {
    rollback();
    throw;
  }
}

void SqliteWriter::rollback() {
  if (!connection().is_autocommit()) {
    const int result = rollback_.run_result();
    if (result != SQLITE_OK && !connection().is_autocommit()) throw_failure(result, "the group cannot be given up");
  }
  group_open_ = false;
  last_seq_ = committed_seq_;
  for (auto* state : made_in_group_) state->has_table = false;
  made_in_group_.clear();
  forget_names();
  named_in_group_ = false;
}

/// Names and numbers made since begin() may be gone. Rows' places are checked where they are used.
void SqliteWriter::forget_names() {
  if (!named_in_group_) return;
  operations_.clear();
  actors_.clear();
}

bool SqliteWriter::in_group() { return group_open_ && !connection().is_autocommit(); }

void SqliteWriter::require_group() {
  if (unknown_) throw CommitUnknown("an earlier sync failed; the tenant must be reopened");
  INVARIANT(group_open_);
  if (connection().is_autocommit()) throw StoreError("the group ended by itself; nothing more may be written to it");
}

void SqliteWriter::run(Statement& statement) {
  require_group();
  statement.run();
}

void SqliteWriter::savepoint() {
  run(savepoint_);
  seq_at_savepoint_ = last_seq_;
}

void SqliteWriter::release_savepoint() { run(release_); }

void SqliteWriter::rollback_to_savepoint() {
  if (!in_group()) return;
  run(rollback_to_);
  run(release_);
  last_seq_ = seq_at_savepoint_;
  std::erase_if(made_in_group_, [this](TypeState* state) {
    state->has_table = connection().has_table(state->layout->table);
    return !state->has_table;
  });
  forget_names();
}

TypeState& SqliteWriter::state_for_write(const RecordType& type) {
  auto& state = core_.state_of(type);
  const bool complete = state.has_table && (state.has_search || state.layout->search.empty());
  if (complete) return state;
  if (!state.has_table) create_record_table(connection(), *state.layout);
  state.has_table = true;
  if (std::find(made_in_group_.begin(), made_in_group_.end(), &state) == made_in_group_.end()) {
    made_in_group_.push_back(&state);
  }
  return state;
}

SqliteWriter::TypeWrites& SqliteWriter::writes_of(const RecordType& type) {
  auto& writes = types_[&type];
  if (writes.insert) return writes;
  const auto& layout = layout_of(type);
  auto& db = connection();
  const int fields = static_cast<int>(type.fields().size());
  writes.insert = db.prepare("insert into " + layout.table + " (" + layout.columns + ") values (null, " +
                             parameters(1, 1 + bound_header_columns + fields) + ")");
  writes.erase = db.prepare("delete from " + layout.table + " where n = ?1");
  writes.find_row = db.prepare("select n from " + layout.table + " where id = ?1");
  writes.scratch.resize(type.fields().size());
  return writes;
}

void SqliteWriter::prepare_search(const TableLayout& layout, TypeWrites& writes) {
  if (writes.search_insert) return;
  auto& db = connection();
  writes.search_insert = db.prepare("insert into " + layout.search + " (rowid, words) values (?1, ?2)");
  writes.search_delete = db.prepare("delete from " + layout.search + " where rowid = ?1");
}

void SqliteWriter::put(const RecordType& type, const void* record, const void* before) {
  require_group();
  auto& state = state_for_write(type);
  auto& writes = writes_of(type);
  if (before == nullptr) {
    insert(state, writes, record);
    const auto row = connection().last_insert_row();
    state.rows.put(header(record).id, row);
    put_search(state, writes, row, record, nullptr);
  } else {
    update(state, writes, record, before);
  }
}

void SqliteWriter::insert(const TypeState& state, TypeWrites& writes, const void* record) {
  const auto& head = header(record);
  auto& statement = writes.insert;
  statement.bind_blob(1, head.id.view());
  bind_header(statement, 2, head);
  int parameter = 2 + bound_header_columns;
  const auto fields = state.layout->type->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    bind_field(statement, parameter++, fields[i], record, writes.scratch[i]);
  }
  statement.run();
}

/// Columns that are not named in an UPDATE leave their indexes untouched: there is a statement for each set of columns
/// that changes together. Parameters: n, id, version, updated_at, last_seq, then the rest as bind_update binds it.
Statement& SqliteWriter::update_statement(const TableLayout& layout, TypeWrites& writes, std::uint64_t changed) {
  if (const auto known = writes.updates.find(changed); known != writes.updates.end()) return known->second;
  if (writes.updates.size() >= limits::update_statements_max) writes.updates.clear();
  std::string sql = "update " + layout.table + " set version = ?3, updated_at = ?4, last_seq = ?5";
  int parameter = 6;
  const auto set = [&](std::string_view column) {
    sql.append(", ").append(quoted(column)).append(" = ?").append(std::to_string(parameter++));
  };
  if ((changed & header_changed) != 0) {
    for (const auto column : {"created_at", "created_by", "deleted_at"}) set(column);
  }
  const auto fields = layout.type->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (is_changed(changed, i)) set(fields[i].name);
  }
  sql += " where n = ?1 and +id = ?2";
  return writes.updates.emplace(changed, connection().prepare(sql)).first->second;
}

void SqliteWriter::bind_update(Statement& statement, const TableLayout& layout, TypeWrites& writes,
                               std::uint64_t changed, const void* record) {
  const auto& head = header(record);
  statement.bind_blob(2, head.id.view()).bind(3, head.version).bind(4, head.updated_at.us).bind(5, head.last_seq);
  int parameter = 6;
  if ((changed & header_changed) != 0) {
    statement.bind(6, head.created_at.us).bind_blob(7, head.created_by.view());
    if (head.deleted_at) {
      statement.bind(8, head.deleted_at->us);
    } else {
      statement.bind_null(8);
    }
    parameter = 9;
  }
  const auto fields = layout.type->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (is_changed(changed, i)) bind_field(statement, parameter++, fields[i], record, writes.scratch[i]);
  }
}

void SqliteWriter::update(TypeState& state, TypeWrites& writes, const void* record, const void* before) {
  const auto& layout = *state.layout;
  const auto& head = header(record);
  const std::uint64_t changed = changed_fields(*layout.type, record, before);
  auto& statement = update_statement(layout, writes, changed);
  bind_update(statement, layout, writes, changed, record);
  auto row = state.rows.find(head.id);
  for (const bool remembered : {true, false}) {
    if (!row || !remembered) row = row_of(state, writes, head.id);
    statement.bind(1, *row);
    statement.run();
    if (connection().changed_rows() == 1) break;
    if (!remembered) throw StoreError("the record to be updated is not there");
  }
  state.rows.put(head.id, *row);
  put_search(state, writes, *row, record, before);
}

std::int64_t SqliteWriter::row_of(const TypeState& state, TypeWrites& writes, const Uuid& id) {
  Use find(writes.find_row);
  find->bind_blob(1, id.view());
  if (!find->step()) throw StoreError("there is no such record in " + state.layout->table);
  return find->integer(0);
}

void SqliteWriter::put_search(const TypeState& state, TypeWrites& writes, std::int64_t row, const void* record,
                              const void* before) {
  if (!state.has_search) return;  // none, or made at the commit of this group
  const auto& layout = *state.layout;
  bool changed = before == nullptr;
  for (const auto& field : layout.type->fields()) {
    if (field.searchable && !changed) changed = !same_field(field, record, before);
  }
  if (!changed) return;
  prepare_search(layout, writes);
  if (before != nullptr) {
    writes.search_delete.bind(1, row);
    writes.search_delete.run();
  }
  const std::string words = search_text(*layout.type, record);
  writes.search_insert.bind(1, row).bind_text(2, words);
  writes.search_insert.run();
}

void SqliteWriter::erase(const RecordType& type, const Uuid& id) {
  require_group();
  auto& state = core_.state_of(type);
  if (!state.has_table) return;
  auto& writes = writes_of(type);
  Use find(writes.find_row);
  find->bind_blob(1, id.view());
  if (!find->step()) return;
  const auto row = find->integer(0);
  find->reset();
  writes.erase.bind(1, row);
  writes.erase.run();
  if (!state.has_search) return;
  prepare_search(*state.layout, writes);
  writes.search_delete.bind(1, row);
  writes.search_delete.run();
}

std::int64_t SqliteWriter::operation_number(const std::string& name) {
  if (const auto known = operations_.find(name); known != operations_.end()) return known->second;
  Use find(find_operation_);
  find->bind_text(1, name);
  std::int64_t number = 0;
  if (find->step()) {
    number = find->integer(0);
  } else {
    add_operation_.bind_text(1, name).run();
    number = connection().last_insert_row();
    named_in_group_ = true;
  }
  return operations_[name] = number;
}

std::int64_t SqliteWriter::actor_number(const Uuid& actor) {
  if (actor.is_nil()) return 0;
  if (const auto known = actors_.find(actor); known != actors_.end()) return known->second;
  if (actors_.size() >= limits::actor_numbers_cached_max) actors_.clear();
  Use find(find_actor_);
  find->bind_blob(1, actor.view());
  std::int64_t number = 0;
  if (find->step()) {
    number = find->integer(0);
  } else {
    add_actor_.bind_blob(1, actor.view()).run();
    number = connection().last_insert_row();
    named_in_group_ = true;
  }
  return actors_[actor] = number;
}

void SqliteWriter::append(const Change& change) {
  require_group();
  INVARIANT(change.seq == last_seq_ + 1);
  append_.bind(1, change.seq).bind(2, change.op_seq).bind(3, change.prev_seq).bind(4, change.type);
  append_.bind_blob(5, change.id.view()).bind(6, change.version).bind(7, operation_number(change.operation));
  append_.bind(8, actor_number(change.actor)).bind(9, change.at.us).bind_text(10, change.key);
  append_.bind_text(11, change.state).run();
  last_seq_ = change.seq;
}

void SqliteWriter::put_key(const StoredKey& key) {
  put_key_.bind(1, key_hash(key.digest)).bind_blob(2, bytes_of(key.digest)).bind_blob(3, bytes_of(key.fingerprint));
  put_key_.bind(4, key.at.us).bind(5, key.seq).bind(6, key.op_seq).bind(7, key.status);
  put_key_.bind(8, static_cast<std::int64_t>(key.form)).bind_text(9, key.answer);
  run(put_key_);
}

void SqliteWriter::put_fact(std::string_view name, std::string_view value) {
  put_fact_.bind_text(1, name).bind_text(2, value);
  run(put_fact_);
}

std::int64_t SqliteWriter::purge_keys(Time before, std::int64_t limit) {
  purge_keys_.bind(1, before.us).bind(2, limit);
  run(purge_keys_);
  return connection().changed_rows();
}

std::int64_t SqliteWriter::rewrite_history(const Subject& subject,
                                           const std::function<std::string(std::string_view)>& rewrite) {
  require_group();
  const auto* type = record_type_by_number(subject.type);
  if (type == nullptr || !core_.state_of(*type).has_table) return 0;
  const auto& layout = layout_of(*type);
  auto head = connection().prepare("select last_seq from " + layout.table + " where id = ?1");
  head.bind_blob(1, subject.id.view());
  if (!head.step()) return 0;
  const auto newest = head.integer(0);
  head.reset();
  const auto rewritten = rewrite_changes(subject, newest, rewrite);
  rewrite_answers(subject, rewrite);
  // Words of deleted entries stay in the search's segments until these are merged.
  if (core_.state_of(*type).has_search) {
    connection().execute("insert into " + layout.search + " (" + layout.search + ") values ('optimize')");
  }
  return rewritten;
}

std::int64_t SqliteWriter::rewrite_changes(const Subject& subject, std::int64_t newest,
                                           const std::function<std::string(std::string_view)>& rewrite) {
  auto read = connection().prepare("select prev_seq, state from changes where seq = ?1 and id = ?2");
  auto write = connection().prepare("update changes set state = ?2 where seq = ?1");
  std::int64_t rewritten = 0;
  for (auto seq = newest; seq > 0; ++rewritten) {
    read.bind(1, seq).bind_blob(2, subject.id.view());
    if (!read.step()) break;
    const std::int64_t previous = read.integer(0);
    const std::string text = rewrite(read.text(1));
    read.reset();
    write.bind(1, seq).bind_text(2, text);
    run(write);
    seq = previous;
  }
  return rewritten;
}

void SqliteWriter::rewrite_answers(const Subject& subject,
                                   const std::function<std::string(std::string_view)>& rewrite) {
  const std::string name = subject_text(subject);
  auto read =
      connection().prepare("select n, answer from keys where n > ?1 and instr(answer, ?2) > 0 order by n limit 1");
  auto write = connection().prepare("update keys set answer = ?2 where n = ?1");
  for (std::int64_t row = 0;;) {
    read.bind(1, row).bind_text(2, name);
    if (!read.step()) return;
    row = read.integer(0);
    const std::string text = rewrite(read.text(1));
    read.reset();
    write.bind(1, row).bind_text(2, text);
    run(write);
  }
}

void SqliteWriter::maintain(bool idle) {
  if (unknown_ || group_open_) return;
  auto& db = connection();
  db.set_cache_bytes(cache_.share());
  // By what was written since, not by the log's length: a reader may keep the log from beginning anew.
  const auto pages = (db.log_bytes_written() - log_bytes_at_checkpoint_) / db.page_bytes();
  if (pages <= static_cast<std::int64_t>(idle ? idle_checkpoint_pages : limits::wal_pages_max)) return;
  if (before_checkpoint_) before_checkpoint_();
  try {
    db.checkpoint(false);
    log_bytes_at_checkpoint_ = db.log_bytes_written();
  } catch (const SqliteError& error) {
    if (!leaves_unknown(error.extended_code())) throw;
    unknown_ = true;
    db.keep_log_at_close();
    throw CommitUnknown(error.what());
  }
}

}  // namespace interlock::store::sqlite
