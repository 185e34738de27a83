// SPDX-License-Identifier: Apache-2.0
// The reads that writer and snapshots share, on one connection. One thread at a time. Tables are made at a type's first
// write, so a type without one has no records.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/table.h"
#include "store/store.h"

namespace interlock::store::sqlite {

/// Remembers where records of a type lie: n by id, for the most recent ones; it saves the way down an index. An entry
/// may be wrong, after a rollback or since it keeps half of the id: who uses one says the id as well. Grows while many
/// records are in use, to 512 KiB.
class RowCache {
 public:
  std::optional<std::int64_t> find(const Uuid& id) const;
  void put(const Uuid& id, std::int64_t row);

 private:
  struct Entry {
    std::uint64_t id = 0;  ///< the random half
    std::int64_t row = 0;
  };
  /// One line of the processor's cache: newest first, the oldest gives way.
  struct alignas(64) Bucket {
    std::array<Entry, 4> entries;
  };
  static constexpr std::size_t buckets_min = limits::row_cache_entries_min / 4;
  static constexpr std::size_t buckets_max = limits::row_cache_entries_max / 4;

  Bucket& bucket_of(std::uint64_t id) { return buckets_[id & (buckets_.size() - 1)]; }
  const Bucket& bucket_of(std::uint64_t id) const { return buckets_[id & (buckets_.size() - 1)]; }
  void add(const Entry& entry);
  void grow();

  std::vector<Bucket> buckets_;  ///< by hash
  std::size_t displaced_ = 0;    ///< entries that lost their place since it grew
};

/// What a connection keeps about a record type.
struct TypeState {
  const TableLayout* layout = nullptr;
  bool has_table = false;
  bool has_search = false;
  Statement load_by_id;
  Statement load_by_row;
  RowCache rows;
};

class ReadCore {
 public:
  ReadCore(Connection& connection, const Clock& clock) : connection_(connection), clock_(clock) {}

  bool load(const RecordType& type, const Uuid& id, void* record);
  std::vector<RecordBox> select(const RecordType& type, const Query& query);
  std::int64_t count(const RecordType& type, const Query& query);
  /// Newest sequence in the change log as this connection's transaction sees it.
  std::int64_t newest_seq();
  std::optional<Change> change(std::int64_t seq);
  std::vector<Change> changes_after(std::int64_t after, std::int64_t limit);
  std::optional<StoredKey> find_key(const Digest16& digest);
  std::string fact(std::string_view name);
  void set_deadline(std::optional<Duration> monotonic) { deadline_ = monotonic; }
  void each_record(const RecordType& type, const std::function<void(const void* record)>& take);
  void each_key(const std::function<void(const StoredKey&)>& take);
  void each_fact(const std::function<void(std::string_view name, std::string_view value)>& take);

  Connection& connection() { return connection_; }
  TypeState& state_of(const RecordType& type);

 private:
  bool load_row(Statement& statement, TypeState& state, const Uuid& id, void* record);

  Connection& connection_;
  const Clock& clock_;
  std::optional<Duration> deadline_;
  std::unordered_map<const RecordType*, TypeState> types_;
  Statement newest_seq_, change_, changes_after_, find_key_, fact_;
};

/// The part of the digest that is indexed.
std::int64_t key_hash(const Digest16& digest);

/// Implements ReadAccess by a ReadCore, which must outlive it, for the interfaces that derive from it.
template <class Interface>
class Reading : public Interface {
 public:
  explicit Reading(ReadCore& core) : core_(core) {}
  bool load(const RecordType& type, const Uuid& id, void* record) override { return core_.load(type, id, record); }
  std::vector<RecordBox> select(const RecordType& type, const Query& query) override {
    return core_.select(type, query);
  }
  std::int64_t count(const RecordType& type, const Query& query) override { return core_.count(type, query); }
  std::optional<Change> change(std::int64_t seq) override { return core_.change(seq); }
  std::vector<Change> changes_after(std::int64_t after, std::int64_t limit) override {
    return core_.changes_after(after, limit);
  }
  std::optional<StoredKey> find_key(const Digest16& digest) override { return core_.find_key(digest); }
  std::string fact(std::string_view name) override { return core_.fact(name); }

 protected:
  ReadCore& core_;
};

}  // namespace interlock::store::sqlite
