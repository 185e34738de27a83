// SPDX-License-Identifier: Apache-2.0
// What a group has written and PostgreSQL has not seen yet. A group's writes leave together: before a question that
// they could change the answer of, and at the commit. A record that several operations of the group change is written
// once, with its last state.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/store.h"

namespace interlock::store::postgres {

/// One record's way from the state that PostgreSQL knows to the one that it shall have.
struct RecordWrite {
  const RecordType* type = nullptr;
  Uuid id;
  std::optional<RecordBox> before;  ///< nothing: it is new
  std::optional<RecordBox> now;     ///< nothing: it goes
  std::int64_t row = 0;             ///< TableLayout's n, of a new one
};

class Buffer {
 public:
  /// Where the buffer stood, to go back to.
  struct Mark {
    std::size_t records = 0, changes = 0, keys = 0, facts = 0;
  };
  Mark mark() const { return {records_.size(), changes_.size(), keys_.size(), facts_.size()}; }
  /// What was put before it is not merged with what comes.
  void hold(const Mark& mark) { merge_from_ = mark.records; }
  void go_back(const Mark& mark);
  void clear();
  std::size_t writes() const { return records_.size() + changes_.size() + keys_.size() + facts_.size(); }
  bool is_empty() const { return records_.empty() && changes_.empty() && keys_.empty() && facts_.empty(); }

  /// `row`: of a new record.
  void put(const RecordType& type, const void* record, const void* before, std::int64_t row);
  void erase(const RecordType& type, const Uuid& id);
  void append(const Change& change) { changes_.push_back(change); }
  void put_key(const StoredKey& key) { keys_.push_back(key); }
  void put_fact(std::string_view name, std::string_view value) { facts_.emplace_back(name, value); }

  bool has_records_of(const RecordType& type) const;
  const std::vector<RecordWrite>& records() const { return records_; }
  const std::vector<Change>& changes() const { return changes_; }
  const std::vector<StoredKey>& keys() const { return keys_; }
  const std::vector<std::pair<std::string, std::string>>& facts() const { return facts_; }

 private:
  RecordWrite* to_merge_with(const RecordType& type, const Uuid& id);

  std::vector<RecordWrite> records_;
  std::unordered_map<Uuid, std::size_t> newest_;  ///< of an id, in records_
  std::size_t merge_from_ = 0;
  std::vector<Change> changes_;
  std::vector<StoredKey> keys_;
  std::vector<std::pair<std::string, std::string>> facts_;
};

/// Whether the change gives up or takes a value that no two records may share: then the order of writes counts.
bool moves_unique_value(const RecordType& type, const void* before, const void* now);

}  // namespace interlock::store::postgres
