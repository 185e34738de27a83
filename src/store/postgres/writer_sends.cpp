// SPDX-License-Identifier: Apache-2.0
// How what a group has kept back leaves: as statements of one pipeline, in an order that a late refusal can be told
// from.
#include <algorithm>

#include "base/limits.h"
#include "store/columns.h"
#include "store/postgres/search.h"
#include "store/postgres/writer.h"

namespace interlock::store::postgres {
namespace {

bool search_differs(const RecordType& type, const void* before, const void* now) {
  return std::any_of(type.fields().begin(), type.fields().end(),
                     [&](const FieldInfo& field) { return field.searchable && !fields_equal(field, before, now); });
}

}  // namespace

void PostgresWriter::send_buffer() {
  wrote_ = true;
  const auto& at = savepoint_ ? savepoint_->mark : Buffer::Mark{};
  const auto end = buffer_.mark();
  send_records(0, at.records);
  send_changes(0, at.changes);
  send_keys(0, at.keys);
  send_facts(0, at.facts);
  if (savepoint_ && !savepoint_->is_real) {
    connection_->send("savepoint operation");
    savepoint_->is_real = true;
    ++savepoints_;
  }
  send_records(at.records, end.records);
  send_changes(at.changes, end.changes);
  send_keys(at.keys, end.keys);
  send_facts(at.facts, end.facts);
  for (const auto& key : buffer_.keys()) keys_.erase(name_of(key.digest));
  if (records_.size() > limits::postgres_records_kept_max) records_.clear();  // PostgreSQL has them all now
  buffer_.clear();
  if (savepoint_) savepoint_->mark = {};
}

void PostgresWriter::send_records(std::size_t from, std::size_t to) {
  for (auto i = from; i < to; ++i) send_record(buffer_.records()[i]);
}

void PostgresWriter::send_record(const RecordWrite& write) {
  const auto& layout = layout_of(*write.type);
  if (!write.now) {
    const auto which = Parameters().id(tenant_).id(write.id);
    connection_->send("delete from " + layout.table + " where lane = $1 and id = $2", which);
    if (!layout.search.empty())
      connection_->send("delete from " + layout.search + " where lane = $1 and id = $2", which);
    return;
  }
  if (write.before) {
    send_update(write);
  } else {
    send_insert(write);
  }
  send_search(write);
}

void PostgresWriter::send_insert(const RecordWrite& write) {
  const auto& layout = layout_of(*write.type);
  const auto* record = write.now->get();
  Parameters parameters;
  parameters.id(tenant_).integer(write.row).id(write.id);
  add_header(parameters, header(record));
  for (const auto& field : write.type->fields()) add_field(parameters, field, record);
  connection_->send(layout.insert, parameters);
}

/// Sets what has changed only: less to send, and PostgreSQL need not compare what is indexed.
void PostgresWriter::send_update(const RecordWrite& write) {
  const auto& layout = layout_of(*write.type);
  const auto* record = write.now->get();
  const auto* before = write.before->get();
  const auto& head = header(record);
  Parameters parameters;
  parameters.id(tenant_).id(write.id).integer(head.version).time(head.updated_at).integer(head.last_seq);
  std::string sql = "update " + layout.table + " set version = $3, updated_at = $4, last_seq = $5";
  const auto set = [&](std::string_view column) {
    sql.append(", ").append(quoted(column)).append(" = $").append(std::to_string(parameters.size()));
  };
  if (head.deleted_at != header(before).deleted_at) {
    if (head.deleted_at) {
      parameters.time(*head.deleted_at);
    } else {
      parameters.null(Type::timestamptz);
    }
    set("deleted_at");
  }
  for (const auto& field : write.type->fields()) {
    if (fields_equal(field, before, record)) continue;
    add_field(parameters, field, record);
    set(field.name);
  }
  connection_->send(sql + " where lane = $1 and id = $2", parameters);
}

void PostgresWriter::send_search(const RecordWrite& write) {
  const auto& layout = layout_of(*write.type);
  if (layout.search.empty()) return;
  if (write.before && !search_differs(*write.type, write.before->get(), write.now->get())) return;
  connection_->send("insert into " + layout.search + " (lane, id, words) values ($1, $2, $3::text::tsvector) " +
                        "on conflict (lane, id) do update set words = excluded.words",
                    Parameters().id(tenant_).id(write.id).text(search_vector(tenant_, *write.type, write.now->get())));
}

void PostgresWriter::send_changes(std::size_t from, std::size_t to) {
  if (from == to) return;
  std::vector<std::int64_t> seqs, op_seqs, prev_seqs, types, versions, times;
  std::vector<Uuid> ids, actors;
  std::vector<std::string_view> operations, keys, states;
  for (auto i = from; i < to; ++i) {
    const auto& change = buffer_.changes()[i];
    seqs.push_back(change.seq);
    op_seqs.push_back(change.op_seq);
    prev_seqs.push_back(change.prev_seq);
    types.push_back(change.type);
    ids.push_back(change.id);
    versions.push_back(change.version);
    operations.push_back(change.operation);
    actors.push_back(change.actor);
    times.push_back(change.at.us);
    keys.push_back(change.key);
    states.push_back(change.state);
  }
  connection_->send(
      "insert into changes (lane, seq, op_seq, prev_seq, type, id, version, operation, actor, at, key, state) "
      "select $1, seq, op_seq, prev_seq, type, id, version, operation, actor, at, key, state::json from unnest("
      "$2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::bigint[], $8::text[], $9::uuid[], "
      "$10::timestamptz[], $11::text[], $12::text[]) "
      "as u (seq, op_seq, prev_seq, type, id, version, operation, actor, at, key, state)",
      Parameters()
          .id(tenant_)
          .integers(seqs)
          .integers(op_seqs)
          .integers(prev_seqs)
          .integers(types)
          .ids(ids)
          .integers(versions)
          .texts(operations)
          .ids(actors)
          .times(times)
          .texts(keys)
          .texts(states));
}

void PostgresWriter::send_keys(std::size_t from, std::size_t to) {
  if (from == to) return;
  std::vector<Uuid> digests, fingerprints;
  std::vector<std::int64_t> times, seqs, op_seqs, statuses, forms;
  std::vector<std::string_view> answers;
  for (auto i = from; i < to; ++i) {
    const auto& key = buffer_.keys()[i];
    digests.push_back(name_of(key.digest));
    fingerprints.push_back(uuid_from_bytes(bytes_of(key.fingerprint)));
    times.push_back(key.at.us);
    seqs.push_back(key.seq);
    op_seqs.push_back(key.op_seq);
    statuses.push_back(key.status);
    forms.push_back(static_cast<std::int64_t>(key.form));
    answers.push_back(key.answer);
  }
  connection_->send(
      "insert into keys (lane, digest, fingerprint, at, seq, op_seq, status, form, answer) "
      "select $1, * from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::bigint[], $6::bigint[], $7::bigint[], "
      "$8::bigint[], $9::text[])",
      Parameters()
          .id(tenant_)
          .ids(digests)
          .ids(fingerprints)
          .times(times)
          .integers(seqs)
          .integers(op_seqs)
          .integers(statuses)
          .integers(forms)
          .texts(answers));
}

void PostgresWriter::send_facts(std::size_t from, std::size_t to) {
  for (auto i = from; i < to; ++i) {
    const auto& [name, value] = buffer_.facts()[i];
    connection_->send(
        "insert into facts (lane, name, value) values ($1, $2, $3) "
        "on conflict (lane, name) do update set value = excluded.value",
        Parameters().id(tenant_).text(name).text(value));
  }
}

void PostgresWriter::send_wake() {
  const auto& at = *new_wake_;
  if (at)
    connection_->send("insert into wakes (lane, at) values ($1, $2) on conflict (lane) do update set at = excluded.at",
                      Parameters().id(tenant_).time(*at));
  else
    connection_->send("delete from wakes where lane = $1", Parameters().id(tenant_));
}

}  // namespace interlock::store::postgres
