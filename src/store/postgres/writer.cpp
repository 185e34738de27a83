// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/writer.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/limits.h"
#include "store/columns.h"

namespace interlock::store::postgres {
namespace {

constexpr std::string_view lock_statement =
    "select last_seq, last_row, commits, restores from tenants where id = $1 for no key update";

/// What PostgreSQL would refuse later is refused where it is written.
void check_texts(const RecordType& type, const void* record) {
  Parameters probe;
  for (const auto& field : type.fields()) {
    if (field.kind == FieldKind::text || field.kind == FieldKind::text_list || field.kind == FieldKind::json)
      add_field(probe, field, record);
  }
}

}  // namespace

PostgresWriter::PostgresWriter(Pool& pool, const Uuid& tenant, const Clock& clock, std::function<void()> committed)
    : pool_(pool), tenant_(tenant), clock_(clock), committed_here_(std::move(committed)) {
  begin();
  rollback();
  overtaken_ = Overtaken::no;
}

void PostgresWriter::begin(const Ahead& ahead) {
  if (unknown_) throw CommitUnknown("an earlier commit's outcome is unknown; the tenant must be reopened");
  INVARIANT(!group_open_);
  for (int left = limits::postgres_begin_tries_max; !group_open_; --left) {
    try {
      try_begin(ahead);
    } catch (const ConnectionLost&) {
      end_group();
      if (left <= 1) throw;
    } catch (...) {
      end_group();
      throw;
    }
  }
}

void PostgresWriter::try_begin(const Ahead& ahead) {
  connection_ = pool_.borrow();
  round_trips_at_begin_ = connection_->round_trips();
  connection_->send("begin isolation level read committed");
  connection_->send(lock_statement, Parameters().id(tenant_));
  // A statement of its own sees what was committed while the lock was waited for.
  connection_->send("select at from wakes where lane = $1", Parameters().id(tenant_));
  send_ahead(ahead);
  const auto results = connection_->finish();
  if (results[1].rows() == 0) throw StoreError("there is no such tenant in the database");
  const Counters now{results[1].integer(0, 0), results[1].integer(0, 1), results[1].integer(0, 2),
                     results[1].integer(0, 3)};
  if (now.restores != committed_.restores)
    overtaken_ = Overtaken::by_restore;
  else if (now != committed_ && overtaken_ == Overtaken::no)
    overtaken_ = Overtaken::by_commits;
  committed_ = now;
  wake_ = results[2].rows() == 0 ? std::nullopt : std::optional(results[2].time(0, 0));
  last_seq_ = now.seq;
  last_row_ = now.row;
  take_ahead(ahead, results);
  group_open_ = true;
}

void PostgresWriter::send_ahead(const Ahead& ahead) {
  if (!ahead.keys.empty()) {
    std::vector<Uuid> digests;
    for (const auto& digest : ahead.keys) digests.push_back(name_of(digest));
    connection_->send(find_keys_statement, Parameters().id(tenant_).ids(digests));
  }
  std::map<const RecordType*, std::vector<Uuid>> by_type;
  for (const auto& [type, id] : ahead.records) by_type[type].push_back(id);
  for (const auto& [type, ids] : by_type)
    connection_->send(load_all_statement(layout_of(*type)), Parameters().id(tenant_).ids(ids));
}

/// In the order of send_ahead. What was asked for and is not among the rows is not there.
void PostgresWriter::take_ahead(const Ahead& ahead, const std::vector<Result>& results) {
  std::size_t next = 3;
  if (!ahead.keys.empty()) {
    for (const auto& digest : ahead.keys) keys_[name_of(digest)].reset();
    const auto& rows = results[next++];
    for (int row = 0; row < rows.rows(); ++row) keys_[rows.id(row, 0)] = key_at(rows, row);
  }
  std::map<const RecordType*, std::size_t> by_type;
  for (const auto& [type, id] : ahead.records) {
    records_[{type, id}].reset();
    by_type.emplace(type, 0);
  }
  for (auto& [type, index] : by_type) index = next++;
  for (const auto& [type, index] : by_type) {
    const auto& rows = results[index];
    for (int row = 0; row < rows.rows(); ++row) {
      RecordBox box(*type);
      read_row(rows, row, layout_of(*type), box.get());
      records_[{type, box.header().id}] = std::move(box);
    }
  }
}

void PostgresWriter::end_group() {
  if (connection_) round_trips_ += connection_->round_trips() - round_trips_at_begin_;
  connection_.give_back();
  group_open_ = broken_ = wrote_ = false;
  new_wake_.reset();
  buffer_.clear();
  records_.clear();
  keys_.clear();
  savepoint_.reset();
  savepoints_ = 0;
}

void PostgresWriter::rollback() {
  end_group();  // the pool gives up whatever is open
  last_seq_ = committed_.seq;
  last_row_ = committed_.row;
}

void PostgresWriter::require_group() {
  if (unknown_) throw CommitUnknown("an earlier commit's outcome is unknown; the tenant must be reopened");
  INVARIANT(group_open_);
  if (broken_) throw StoreError("the group was given up; nothing more may be written to it");
}

void PostgresWriter::lose_group(const std::string& why) {
  broken_ = careful_ = true;
  throw GroupLost(why);
}

Reads PostgresWriter::reads() {
  Reads reads(*connection_, tenant_, clock_);
  reads.set_deadline(deadline_);
  return reads;
}

template <class Ask>
auto PostgresWriter::asked(Ask ask) {
  if (!group_open_) {
    // Between groups: when the lane is opened, and for the feed after a commit.
    const auto lease = pool_.borrow();
    Reads reads(*lease, tenant_, clock_);
    reads.set_deadline(deadline_);
    return ask(reads);
  }
  require_group();
  try {
    return ask(reads());
  } catch (const DeadlineExceeded&) {
    broken_ = true;
    throw;
  } catch (const ConnectionLost& error) {
    lose_group(error.what());
  } catch (const StatementFailed& error) {
    broken_ = true;
    if (is_collision(error.state())) lose_group(error.what());
    throw;
  } catch (const StoreError&) {
    broken_ = true;
    throw;
  }
  std::abort();  // lose_group throws
}

bool PostgresWriter::load(const RecordType& type, const Uuid& id, void* record) {
  if (!group_open_) return asked([&](Reads reads) { return reads.load(type, id, record); });
  auto known = records_.find({&type, id});
  if (known == records_.end()) {
    RecordBox box(type);
    const bool found = asked([&](Reads reads) { return reads.load(type, id, box.get()); });
    known = records_.emplace(RecordName{&type, id}, found ? Known(std::move(box)) : Known()).first;
  }
  if (!known->second) return false;
  type.assign(record, known->second->get());
  return true;
}

std::vector<RecordBox> PostgresWriter::select(const RecordType& type, const Query& query) {
  if (buffer_.has_records_of(type)) flush();
  return asked([&](Reads reads) { return reads.select(type, query); });
}

std::int64_t PostgresWriter::count(const RecordType& type, const Query& query) {
  if (buffer_.has_records_of(type)) flush();
  return asked([&](Reads reads) { return reads.count(type, query); });
}

std::optional<Change> PostgresWriter::change(std::int64_t seq) {
  const auto& own = buffer_.changes();
  if (!own.empty() && seq >= own.front().seq && seq <= own.back().seq)
    return own[static_cast<std::size_t>(seq - own.front().seq)];
  return asked([&](Reads reads) { return reads.change(seq); });
}

std::vector<Change> PostgresWriter::changes_after(std::int64_t after, std::int64_t limit) {
  if (!buffer_.changes().empty()) flush();
  return asked([&](Reads reads) { return reads.changes_after(after, limit); });
}

std::optional<StoredKey> PostgresWriter::find_key(const Digest16& digest) {
  if (!group_open_) return asked([&](Reads reads) { return reads.find_key(digest); });
  const auto& own = buffer_.keys();
  const auto same = [&](const StoredKey& stored) { return stored.digest == digest; };
  if (const auto found = std::find_if(own.rbegin(), own.rend(), same); found != own.rend()) return *found;
  const auto name = name_of(digest);
  auto known = keys_.find(name);
  if (known == keys_.end())
    known = keys_.emplace(name, asked([&](Reads reads) { return reads.find_key(digest); })).first;
  return known->second;
}

std::string PostgresWriter::fact(std::string_view name) {
  const auto& own = buffer_.facts();
  const auto found = std::find_if(own.rbegin(), own.rend(), [&](const auto& fact) { return fact.first == name; });
  if (found != own.rend()) return found->second;
  return asked([&](Reads reads) { return reads.fact(name); });
}

void PostgresWriter::savepoint() {
  require_group();
  savepoint_ = Savepoint{buffer_.mark(), last_seq_, last_row_, false};
  buffer_.hold(savepoint_->mark);
}

void PostgresWriter::release_savepoint() {
  require_group();
  if (savepoint_ && savepoint_->is_real) connection_->send("release savepoint operation");
  savepoint_.reset();
}

void PostgresWriter::rollback_to_savepoint() {
  if (!in_group() || !savepoint_) return;
  last_seq_ = savepoint_->seq;
  last_row_ = savepoint_->row;
  if (savepoint_->is_real) {
    buffer_.clear();
    connection_->send("rollback to savepoint operation");
    connection_->send("release savepoint operation");
    asked([this](const Reads&) { return connection_->finish().size(); });
    records_.clear();
    keys_.clear();
  } else {
    const auto& written = buffer_.records();
    for (auto i = savepoint_->mark.records; i < written.size(); ++i) records_.erase({written[i].type, written[i].id});
    buffer_.go_back(savepoint_->mark);
    for (const auto& write : buffer_.records()) records_[{write.type, write.id}] = write.now;
  }
  savepoint_.reset();
}

void PostgresWriter::clear(const std::vector<const RecordType*>& types) {
  require_group();
  wrote_ = true;
  flush();
  records_.clear();
  keys_.clear();
  const auto which = Parameters().id(tenant_);
  for (const char* table : {"changes", "keys", "facts"})
    connection_->send(std::string("delete from ") + table + " where lane = $1", which);
  for (const auto* type : types) {
    const auto& layout = layout_of(*type);
    connection_->send("delete from " + layout.table + " where lane = $1", which);
    if (!layout.search.empty()) connection_->send("delete from " + layout.search + " where lane = $1", which);
  }
  asked([this](const Reads&) { return connection_->finish().size(); });
  connection_->send("update tenants set restores = restores + 1 where id = $1", which);
  last_seq_ = last_row_ = 0;
}

void PostgresWriter::wrote() {
  if (careful_ || buffer_.writes() >= limits::postgres_buffer_writes_max) flush();
}

void PostgresWriter::put(const RecordType& type, const void* record, const void* before) {
  require_group();
  check_texts(type, record);
  if (before == nullptr) ++last_row_;
  buffer_.put(type, record, before, last_row_);
  records_[{&type, header(record).id}].emplace(type, record);
  wrote();
}

void PostgresWriter::erase(const RecordType& type, const Uuid& id) {
  require_group();
  buffer_.erase(type, id);
  records_[{&type, id}].reset();
  wrote();
}

void PostgresWriter::append(const Change& change) {
  require_group();
  INVARIANT(change.seq == last_seq_ + 1);
  checked_text("the change", change.state);
  buffer_.append(change);
  last_seq_ = change.seq;
  wrote();
}

void PostgresWriter::put_key(const StoredKey& key) {
  require_group();
  checked_text("the answer", key.answer);
  buffer_.put_key(key);
  wrote();
}

void PostgresWriter::put_fact(std::string_view name, std::string_view value) {
  require_group();
  buffer_.put_fact(name, value);
  wrote();
}

/// Brings what is kept back to PostgreSQL, and waits until it has taken it.
void PostgresWriter::flush() {
  require_group();
  if (buffer_.is_empty()) return;
  const bool careful = careful_;
  try {
    send_buffer();
    connection_->finish();
  } catch (const StoreError& error) {
    // One write at a time: the operation that is being run is the one to blame, unless the connection is.
    if (careful && connection_->is_usable()) {
      broken_ = true;
      throw;
    }
    lose_group(error.what());
  }
}

void PostgresWriter::commit() {
  require_group();
  // A group that only looked ends without a trace: other nodes need not look again.
  const bool changed = wrote_ || !buffer_.is_empty();
  if (!changed && !new_wake_) return end_group();
  std::vector<Result> results;
  try {
    send_buffer();
    if (new_wake_) send_wake();
    // Outside of every savepoint: within one, the lock and this update would make a MultiXact each time.
    if (changed)
      connection_->send("update tenants set last_seq = $2, last_row = $3, commits = commits + 1 where id = $1",
                        Parameters().id(tenant_).integer(last_seq_).integer(last_row_));
    connection_->take_warnings();
    connection_->send("commit");
    results = connection_->finish();
  } catch (const ConnectionLost& error) {
    unknown_ = true;
    end_group();
    throw CommitUnknown(error.what());
  } catch (const DiskFull&) {
    broken_ = true;
    throw;
  } catch (const StoreError& error) {
    if (careful_) {
      broken_ = true;
      throw;
    }
    lose_group(error.what());
  }
  if (results.back().command() != "COMMIT") throw GroupLost("the server rolled the group back");
  if (connection_->take_warnings() != 0) {
    unknown_ = true;
    end_group();
    throw CommitUnknown("the server committed with a warning: a standby may not have it");
  }
  committed_ = {last_seq_, last_row_, committed_.commits + (changed ? 1 : 0), committed_.restores};
  if (new_wake_) wake_ = *new_wake_;
  careful_ = false;
  end_group();
  if (changed && committed_here_) committed_here_();
}

std::int64_t PostgresWriter::purge_keys(Time before, std::int64_t limit) {
  require_group();
  wrote_ = true;
  flush();
  keys_.clear();
  return asked([&](const Reads&) {
    return connection_
        ->ask(
            "delete from keys where lane = $1 and digest in (select digest from keys where lane = $1 and at < $2 "
            "order by at limit $3)",
            Parameters().id(tenant_).time(before).integer(limit))
        .affected();
  });
}

std::int64_t PostgresWriter::rewrite_history(const Subject& subject,
                                             const std::function<std::string(std::string_view)>& rewrite) {
  const auto* type = record_type_by_number(subject.type);
  if (type == nullptr) return 0;
  flush();
  wrote_ = true;
  rewrite_answers(subject, rewrite);
  // Along the record's chain: the log has no index by record.
  const auto rows = asked([&](const Reads&) {
    return connection_->ask(
        "with recursive chain (seq, prev_seq, state) as ("
        "select c.seq, c.prev_seq, c.state from changes c join " +
            layout_of(*type).table +
            " r on r.lane = $1 and r.id = $2 where c.lane = $1 and c.seq = r.last_seq "
            "union all select c.seq, c.prev_seq, c.state from changes c join chain on c.seq = chain.prev_seq "
            "where c.lane = $1 and c.id = $2) select seq, state from chain",
        Parameters().id(tenant_).id(subject.id));
  });
  for (int row = 0; row < rows.rows(); ++row) {
    const auto text = rewrite(rows.text(row, 1));
    connection_->send("update changes set state = $3::text::json where lane = $1 and seq = $2",
                      Parameters().id(tenant_).integer(rows.integer(row, 0)).text(checked_text("the state", text)));
  }
  asked([this](const Reads&) { return connection_->finish().size(); });
  return rows.rows();
}

void PostgresWriter::rewrite_answers(const Subject& subject,
                                     const std::function<std::string(std::string_view)>& rewrite) {
  keys_.clear();
  const auto rows = asked([&](const Reads&) {
    return connection_->ask("select digest, answer from keys where lane = $1 and position($2 in answer) > 0",
                            Parameters().id(tenant_).text(subject_text(subject)));
  });
  for (int row = 0; row < rows.rows(); ++row) {
    const auto text = rewrite(rows.text(row, 1));
    connection_->send("update keys set answer = $3 where lane = $1 and digest = $2",
                      Parameters().id(tenant_).id(rows.id(row, 0)).text(checked_text("the answer", text)));
  }
}

}  // namespace interlock::store::postgres
