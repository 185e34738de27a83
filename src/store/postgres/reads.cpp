// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/reads.h"

#include <algorithm>
#include <cstring>

#include "base/limits.h"
#include "store/postgres/question.h"

namespace interlock::store::postgres {
namespace {

#define CHANGE_COLUMNS                                                                                    \
  "select seq, op_seq, prev_seq, type, id, version, operation, actor, at, key, state from changes where " \
  "lane = $1 and "

Change change_at(const Result& rows, int row) {
  Change change;
  change.seq = rows.integer(row, 0);
  change.op_seq = rows.integer(row, 1);
  change.prev_seq = rows.integer(row, 2);
  change.type = static_cast<std::uint16_t>(rows.integer(row, 3));
  change.id = rows.id(row, 4);
  change.version = rows.integer(row, 5);
  change.operation = rows.text(row, 6);
  change.actor = rows.id(row, 7);
  change.at = rows.time(row, 8);
  change.key = rows.text(row, 9);
  change.state = rows.text(row, 10);
  return change;
}

Digest16 digest_at(const Result& rows, int row, int column) {
  Digest16 digest{};
  const auto bytes = rows.bytes(row, column);
  std::memcpy(digest.data(), bytes.data(), std::min(bytes.size(), digest.size()));
  return digest;
}

}  // namespace

std::string load_statement(const TableLayout& layout) {
  return "select " + layout.columns + " from " + layout.table + " where lane = $1 and id = $2";
}

std::string load_all_statement(const TableLayout& layout) {
  return "select " + layout.columns + " from " + layout.table + " where lane = $1 and id = any($2)";
}

StoredKey key_at(const Result& rows, int row) {
  StoredKey stored;
  stored.digest = digest_at(rows, row, 0);
  stored.fingerprint = digest_at(rows, row, 1);
  stored.at = rows.time(row, 2);
  stored.seq = rows.integer(row, 3);
  stored.op_seq = rows.integer(row, 4);
  stored.status = static_cast<std::uint16_t>(rows.integer(row, 5));
  stored.form = static_cast<AnswerForm>(rows.integer(row, 6));
  stored.answer = rows.text(row, 7);
  return stored;
}

void Reads::set_deadline(std::optional<Duration> monotonic) { deadline_ = monotonic; }

/// The server ends a statement that takes longer than what is left; zero: no limit.
void Reads::limit_time() {
  if (!deadline_ && !limited_) return;
  const auto left = deadline_ ? *deadline_ - clock_.monotonic() : Duration{0};
  if (deadline_ && left.us <= 0) throw DeadlineExceeded("the time for this read is over");
  limited_ = deadline_.has_value();
  const auto ms = limited_ ? std::max<std::int64_t>(left.us / 1'000, 1) : 0;
  connection_.send("select set_config('statement_timeout', $1, true)", Parameters().text(std::to_string(ms)));
}

bool Reads::load(const RecordType& type, const Uuid& id, void* record) {
  limit_time();
  const auto& layout = layout_of(type);
  const auto rows = connection_.ask(load_statement(layout), Parameters().id(tenant_).id(id));
  if (rows.rows() == 0) return false;
  read_row(rows, 0, layout, record);
  return true;
}

std::vector<RecordBox> Reads::select(const RecordType& type, const Query& query) {
  limit_time();
  const auto& layout = layout_of(type);
  Question question(layout, tenant_, query);
  if (question.is_empty()) return {};
  const auto& sql = question.rows();
  const auto rows = connection_.ask_once(sql, question.parameters());
  std::vector<RecordBox> records;
  records.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) read_row(rows, row, layout, records.emplace_back(type).get());
  return records;
}

std::int64_t Reads::count(const RecordType& type, const Query& query) {
  limit_time();
  Question question(layout_of(type), tenant_, query);
  if (question.is_empty()) return 0;
  const auto& sql = question.count();
  return connection_.ask_once(sql, question.parameters()).integer(0, 0);
}

std::optional<Change> Reads::change(std::int64_t seq) {
  limit_time();
  const auto rows = connection_.ask(CHANGE_COLUMNS "seq = $2", Parameters().id(tenant_).integer(seq));
  if (rows.rows() == 0) return std::nullopt;
  return change_at(rows, 0);
}

std::vector<Change> Reads::changes_after(std::int64_t after, std::int64_t limit) {
  limit_time();
  const auto rows = connection_.ask(CHANGE_COLUMNS "seq > $2 order by seq limit $3",
                                    Parameters().id(tenant_).integer(after).integer(limit));
  std::vector<Change> changes;
  for (int row = 0; row < rows.rows(); ++row) changes.push_back(change_at(rows, row));
  return changes;
}

std::optional<StoredKey> Reads::find_key(const Digest16& digest) {
  limit_time();
  const Uuid name = uuid_from_bytes(bytes_of(digest));
  const auto rows = connection_.ask(find_keys_statement, Parameters().id(tenant_).ids({&name, 1}));
  if (rows.rows() == 0) return std::nullopt;
  return key_at(rows, 0);
}

/// By a cursor of the open transaction: $1 is the tenant.
void Reads::each_row(const std::string& select, const std::function<void(const Result&, int)>& take) {
  connection_.ask_once("declare everything no scroll cursor for " + select, Parameters().id(tenant_));
  const auto fetch = "fetch " + std::to_string(limits::copy_rows_max) + " from everything";
  while (true) {
    const auto rows = connection_.ask_once(fetch);
    for (int row = 0; row < rows.rows(); ++row) take(rows, row);
    if (rows.rows() < limits::copy_rows_max) break;
  }
  connection_.ask_once("close everything");
}

void Reads::each_record(const RecordType& type, const std::function<void(const void* record)>& take) {
  const auto& layout = layout_of(type);
  RecordBox record(type);
  each_row("select " + layout.columns + " from " + layout.table + " where lane = $1 order by n",
           [&](const Result& rows, int row) {
             read_row(rows, row, layout, record.get());
             take(record.get());
           });
}

void Reads::each_key(const std::function<void(const StoredKey&)>& take) {
  each_row(
      "select digest, fingerprint, at, seq, op_seq, status, form, answer from keys where lane = $1 "
      "order by at, op_seq, digest",
      [&](const Result& rows, int row) { take(key_at(rows, row)); });
}

void Reads::each_fact(const std::function<void(std::string_view name, std::string_view value)>& take) {
  each_row("select name, value from facts where lane = $1 order by name",
           [&](const Result& rows, int row) { take(rows.text(row, 0), rows.text(row, 1)); });
}

std::string Reads::fact(std::string_view name) {
  const auto rows =
      connection_.ask("select value from facts where lane = $1 and name = $2", Parameters().id(tenant_).text(name));
  return rows.rows() == 0 ? std::string() : std::string(rows.text(0, 0));
}

}  // namespace interlock::store::postgres
