// SPDX-License-Identifier: Apache-2.0
// The reads of one tenant on one connection that has a transaction open. One thread at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/postgres/connection.h"
#include "store/postgres/table.h"
#include "store/store.h"

namespace interlock::store::postgres {

class Reads {
 public:
  Reads(Connection& connection, const Uuid& tenant, const Clock& clock)
      : connection_(connection), tenant_(tenant), clock_(clock) {}

  bool load(const RecordType& type, const Uuid& id, void* record);
  std::vector<RecordBox> select(const RecordType& type, const Query& query);
  std::int64_t count(const RecordType& type, const Query& query);
  std::optional<Change> change(std::int64_t seq);
  std::vector<Change> changes_after(std::int64_t after, std::int64_t limit);
  std::optional<StoredKey> find_key(const Digest16& digest);
  std::string fact(std::string_view name);
  void each_record(const RecordType& type, const std::function<void(const void* record)>& take);
  void each_key(const std::function<void(const StoredKey&)>& take);
  void each_fact(const std::function<void(std::string_view name, std::string_view value)>& take);
  void set_deadline(std::optional<Duration> monotonic);

 private:
  void limit_time();
  void each_row(const std::string& select, const std::function<void(const Result&, int)>& take);

  Connection& connection_;
  const Uuid tenant_;
  const Clock& clock_;
  std::optional<Duration> deadline_;
  bool limited_ = false;
};

// Statements that the writer sends as well, ahead of time, and how their rows are read.

/// Parameters: tenant, id.
std::string load_statement(const TableLayout& layout);
/// Parameters: tenant, ids; rows as load_statement's.
std::string load_all_statement(const TableLayout& layout);
/// Parameters: tenant, digests (uuid[]). The first column is the digest.
inline constexpr std::string_view find_keys_statement =
    "select digest, fingerprint, at, seq, op_seq, status, form, answer from keys where lane = $1 and digest = any($2)";
StoredKey key_at(const Result& rows, int row);

}  // namespace interlock::store::postgres
