// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/read_core.h"

#include <algorithm>
#include <cstring>

#include "store/sqlite/question.h"

namespace interlock::store::sqlite {
namespace {

#define CHANGE_COLUMNS                                                                               \
  "select c.seq, c.op_seq, c.prev_seq, c.type, c.id, c.version, o.name, a.id, c.at, c.key, c.state " \
  "from changes as c left join operations as o on o.n = c.operation left join actors as a on a.n = c.actor "
constexpr std::string_view one_change = CHANGE_COLUMNS "where c.seq = ?1";
constexpr std::string_view changes_in_order = CHANGE_COLUMNS "where c.seq > ?1 order by c.seq limit ?2";

Uuid uuid_at(std::string_view bytes) { return bytes.size() == 16 ? uuid_from_bytes(bytes) : Uuid{}; }

Change change_at(const Statement& row) {
  Change change;
  change.seq = row.integer(0);
  change.op_seq = row.integer(1);
  change.prev_seq = row.integer(2);
  change.type = static_cast<std::uint16_t>(row.integer(3));
  change.id = uuid_at(row.blob(4));
  change.version = row.integer(5);
  change.operation = row.text(6);
  change.actor = uuid_at(row.blob(7));
  change.at.us = row.integer(8);
  change.key = row.text(9);
  change.state = row.text(10);
  return change;
}

#define KEY_COLUMNS "select fingerprint, at, seq, op_seq, status, form, answer, digest from keys "

Digest16 digest_at(std::string_view bytes) {
  Digest16 digest{};
  if (bytes.size() == digest.size()) std::memcpy(digest.data(), bytes.data(), bytes.size());
  return digest;
}

StoredKey key_at(const Statement& row) {
  StoredKey stored;
  stored.digest = digest_at(row.blob(7));
  stored.fingerprint = digest_at(row.blob(0));
  stored.at.us = row.integer(1);
  stored.seq = row.integer(2);
  stored.op_seq = row.integer(3);
  stored.status = static_cast<std::uint16_t>(row.integer(4));
  stored.form = static_cast<AnswerForm>(row.integer(5));
  stored.answer = row.text(6);
  return stored;
}

Statement& prepared(Statement& statement, Connection& connection, std::string_view sql) {
  if (!statement) statement = connection.prepare(sql);
  return statement;
}

}  // namespace

std::optional<std::int64_t> RowCache::find(const Uuid& id) const {
  if (buckets_.empty()) return std::nullopt;
  const std::uint64_t half = std::hash<Uuid>{}(id);
  for (const auto& entry : bucket_of(half).entries)
    if (entry.id == half && entry.row != 0) return entry.row;
  return std::nullopt;
}

void RowCache::put(const Uuid& id, std::int64_t row) {
  const std::uint64_t half = std::hash<Uuid>{}(id);
  if (buckets_.empty()) buckets_.resize(buckets_min);
  for (auto& entry : bucket_of(half).entries) {
    if (entry.id == half && entry.row != 0) {
      entry.row = row;
      return;
    }
  }
  if (displaced_ > buckets_.size() / 2 && buckets_.size() < buckets_max) grow();
  add({half, row});
}

void RowCache::add(const Entry& entry) {
  auto& entries = bucket_of(entry.id).entries;
  if (entries.back().row != 0) ++displaced_;
  std::shift_right(entries.begin(), entries.end(), 1);
  entries.front() = entry;
}

void RowCache::grow() {
  std::vector<Bucket> old(buckets_.size() * 2);
  old.swap(buckets_);
  for (const auto& bucket : old)
    for (auto entry = bucket.entries.rbegin(); entry != bucket.entries.rend(); ++entry)
      if (entry->row != 0) add(*entry);
  displaced_ = 0;
}

TypeState& ReadCore::state_of(const RecordType& type) {
  auto& state = types_[&type];
  if (state.layout == nullptr) state.layout = &layout_of(type);
  if (!state.has_table) state.has_table = connection_.has_table(state.layout->table);
  if (!state.has_search && state.has_table && !state.layout->search.empty()) {
    state.has_search = connection_.has_table(state.layout->search);
  }
  return state;
}

bool ReadCore::load_row(Statement& statement, TypeState& state, const Uuid& id, void* record) {
  const Use use(statement);
  if (!statement.step()) return false;
  state.rows.put(id, read_row(statement, *state.layout, record));
  return true;
}

bool ReadCore::load(const RecordType& type, const Uuid& id, void* record) {
  // One row by its key touches a few pages: looking before is enough.
  if (deadline_ && clock_.monotonic() >= *deadline_) throw DeadlineExceeded("the time for this read is over");
  auto& state = state_of(type);
  if (!state.has_table) return false;
  const auto& layout = *state.layout;
  if (!state.load_by_id) {
    const std::string select = "select " + layout.columns + " from " + layout.table;
    state.load_by_id = connection_.prepare(select + " where id = ?1");
    state.load_by_row = connection_.prepare(select + " where n = ?1 and +id = ?2");
  }
  if (const auto row = state.rows.find(id)) {
    state.load_by_row.bind(1, *row).bind_blob(2, id.view());
    if (load_row(state.load_by_row, state, id, record)) return true;
  }
  state.load_by_id.bind_blob(1, id.view());
  return load_row(state.load_by_id, state, id, record);
}

std::vector<RecordBox> ReadCore::select(const RecordType& type, const Query& query) {
  const Connection::Deadline limit(connection_, clock_, deadline_);
  std::vector<RecordBox> records;
  auto& state = state_of(type);
  if (!state.has_table || (!query.search.empty() && !state.has_search)) return records;
  Question question(connection_, *state.layout, query);
  if (question.is_empty()) return records;
  Use rows(question.rows());
  while (rows->step()) {
    auto& record = records.emplace_back(type);
    read_row(*rows, *state.layout, record.get());  // not for the row cache: paging through a list would fill it
  }
  return records;
}

std::int64_t ReadCore::count(const RecordType& type, const Query& query) {
  const Connection::Deadline limit(connection_, clock_, deadline_);
  auto& state = state_of(type);
  if (!state.has_table || (!query.search.empty() && !state.has_search)) return 0;
  Question question(connection_, *state.layout, query);
  if (question.is_empty()) return 0;
  Use counted(question.count());
  return counted->step() ? counted->integer(0) : 0;
}

std::int64_t ReadCore::newest_seq() {
  Use newest(prepared(newest_seq_, connection_, "select coalesce(max(seq), 0) from changes"));
  return newest->step() ? newest->integer(0) : 0;
}

std::optional<Change> ReadCore::change(std::int64_t seq) {
  const Connection::Deadline limit(connection_, clock_, deadline_);
  Use row(prepared(change_, connection_, one_change));
  row->bind(1, seq);
  if (!row->step()) return std::nullopt;
  return change_at(*row);
}

std::vector<Change> ReadCore::changes_after(std::int64_t after, std::int64_t limit) {
  const Connection::Deadline deadline(connection_, clock_, deadline_);
  Use rows(prepared(changes_after_, connection_, changes_in_order));
  rows->bind(1, after).bind(2, limit);
  std::vector<Change> changes;
  while (rows->step()) changes.push_back(change_at(*rows));
  return changes;
}

std::optional<StoredKey> ReadCore::find_key(const Digest16& digest) {
  const Connection::Deadline limit(connection_, clock_, deadline_);
  Use row(prepared(find_key_, connection_, KEY_COLUMNS "where hash = ?1 and digest = ?2"));
  row->bind(1, key_hash(digest)).bind_blob(2, bytes_of(digest));
  if (!row->step()) return std::nullopt;
  return key_at(*row);
}

void ReadCore::each_key(const std::function<void(const StoredKey&)>& take) {
  auto rows = connection_.prepare(KEY_COLUMNS "order by n");
  while (rows.step()) take(key_at(rows));
}

void ReadCore::each_record(const RecordType& type, const std::function<void(const void* record)>& take) {
  const auto& state = state_of(type);
  if (!state.has_table) return;
  auto rows = connection_.prepare("select " + state.layout->columns + " from " + state.layout->table + " order by n");
  RecordBox record(type);
  while (rows.step()) {
    read_row(rows, *state.layout, record.get());
    take(record.get());
  }
}

/// Without what this store remembers for itself.
void ReadCore::each_fact(const std::function<void(std::string_view name, std::string_view value)>& take) {
  auto rows = connection_.prepare("select name, value from facts where name not like 'searched:%' order by name");
  while (rows.step()) take(rows.text(0), rows.text(1));
}

std::string ReadCore::fact(std::string_view name) {
  Use row(prepared(fact_, connection_, "select value from facts where name = ?1"));
  row->bind_text(1, name);
  return row->step() ? std::string(row->text(0)) : std::string();
}

std::int64_t key_hash(const Digest16& digest) {
  std::int64_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

}  // namespace interlock::store::sqlite
