// SPDX-License-Identifier: Apache-2.0
// The one writer of a tenant on PostgreSQL. The tenant's row is locked for the group, so that the nodes of one database
// take turns; a connection is borrowed from the first to the last moment of a group. Used by one thread at a time.
//
// A group costs two round trips and one for each question that could not be foreseen: the lock together with what the
// group is known to read, and all writes together with the commit (see buffer.h).
//
// Traps that this class closes. A connection lost in COMMIT, and a wait for a synchronous standby that was cancelled
// (COMMIT succeeds with a warning), leave the outcome unknown: the writer refuses everything from then on, and whoever
// opens the tenant again takes the lock first, which the old transaction holds until it is decided. A write that is
// refused when it leaves belongs to an operation that has long passed: the group is lost, and its next run sends each
// write at once, so that the one to blame is found.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "store/postgres/buffer.h"
#include "store/postgres/pool.h"
#include "store/postgres/reads.h"

namespace interlock::store::postgres {

/// What a key's digest is called in PostgreSQL.
inline Uuid name_of(const Digest16& digest) { return uuid_from_bytes(bytes_of(digest)); }

class PostgresWriter final : public Writer {
 public:
  /// Takes the tenant's lock once to learn where it stands. Throws StoreError. `committed` is called after each commit.
  PostgresWriter(Pool& pool, const Uuid& tenant, const Clock& clock, std::function<void()> committed);

  bool load(const RecordType& type, const Uuid& id, void* record) override;
  std::vector<RecordBox> select(const RecordType& type, const Query& query) override;
  std::int64_t count(const RecordType& type, const Query& query) override;
  std::int64_t last_seq() override { return last_seq_; }
  std::optional<Change> change(std::int64_t seq) override;
  std::vector<Change> changes_after(std::int64_t after, std::int64_t limit) override;
  std::optional<StoredKey> find_key(const Digest16& digest) override;
  std::string fact(std::string_view name) override;
  void set_deadline(std::optional<Duration> monotonic) override { deadline_ = monotonic; }

  void begin(const Ahead& ahead = {}) override;
  bool reads_ahead() override { return true; }
  Overtaken take_overtaken() override { return std::exchange(overtaken_, Overtaken::no); }
  bool keeps_wake() override { return true; }
  std::optional<Time> wake() override { return new_wake_ ? *new_wake_ : wake_; }
  void put_wake(std::optional<Time> at) override { new_wake_ = at; }
  bool is_full() override { return savepoints_ >= limits::postgres_group_savepoints_max; }
  void commit() override;
  void rollback() override;
  /// Removes all that the tenant has, within the group: it begins anew.
  void clear(const std::vector<const RecordType*>& types);
  bool in_group() override { return group_open_ && !broken_; }
  void savepoint() override;
  void release_savepoint() override;
  void rollback_to_savepoint() override;

  void put(const RecordType& type, const void* record, const void* before) override;
  void erase(const RecordType& type, const Uuid& id) override;
  void append(const Change& change) override;
  void put_key(const StoredKey& key) override;
  void put_fact(std::string_view name, std::string_view value) override;
  std::int64_t purge_keys(Time before, std::int64_t limit) override;
  std::int64_t rewrite_history(const Subject& subject,
                               const std::function<std::string(std::string_view)>& rewrite) override;

  void maintain(bool /*idle*/) override {}
  std::int64_t log_bytes_written() override { return 0; }
  std::int64_t round_trips() override { return round_trips_; }

 private:
  /// Where the tenant stands.
  struct Counters {
    std::int64_t seq = 0;
    std::int64_t row = 0;       ///< the newest record's n
    std::int64_t commits = 0;   ///< groups that were ever committed, by any node
    std::int64_t restores = 0;  ///< how often the tenant's data was replaced
    bool operator==(const Counters&) const = default;
  };
  struct RecordName {
    const RecordType* type;
    Uuid id;
    bool operator==(const RecordName&) const = default;
  };
  struct HashName {
    std::size_t operator()(const RecordName& name) const {
      return std::hash<Uuid>{}(name.id) ^ std::hash<const void*>{}(name.type);
    }
  };
  using Known = std::optional<RecordBox>;  ///< nothing: there is none

  void require_group();
  void try_begin(const Ahead& ahead);
  void send_ahead(const Ahead& ahead);
  void take_ahead(const Ahead& ahead, const std::vector<Result>& results);
  Reads reads();
  /// Asks within the group; a failure breaks it.
  template <class Ask>
  auto asked(Ask ask);
  void flush();
  void send_buffer();
  void send_records(std::size_t from, std::size_t to);
  void send_record(const RecordWrite& write);
  void send_insert(const RecordWrite& write);
  void send_update(const RecordWrite& write);
  void send_search(const RecordWrite& write);
  void send_changes(std::size_t from, std::size_t to);
  void send_keys(std::size_t from, std::size_t to);
  void send_wake();
  void send_facts(std::size_t from, std::size_t to);
  void rewrite_answers(const Subject& subject, const std::function<std::string(std::string_view)>& rewrite);
  void wrote();
  void lose_group(const std::string& why);
  void end_group();

  Pool& pool_;
  const Uuid tenant_;
  const Clock& clock_;
  const std::function<void()> committed_here_;
  Pool::Lease connection_;  ///< of the open group
  std::optional<Duration> deadline_;

  Counters committed_;
  std::optional<Time> wake_;                     ///< as of begin()
  std::optional<std::optional<Time>> new_wake_;  ///< to be written with the group
  std::int64_t last_seq_ = 0;
  std::int64_t last_row_ = 0;
  Overtaken overtaken_ = Overtaken::no;
  bool group_open_ = false;
  bool broken_ = false;   ///< the server has given up the transaction
  bool wrote_ = false;    ///< something of the open group is on its way
  bool unknown_ = false;  ///< a commit's outcome
  bool careful_ = false;  ///< every write leaves at once

  Buffer buffer_;
  std::unordered_map<RecordName, Known, HashName> records_;  ///< as the group sees them
  std::unordered_map<Uuid, std::optional<StoredKey>> keys_;  ///< by digest, as PostgreSQL has them
  struct Savepoint {
    Buffer::Mark mark;
    std::int64_t seq = 0, row = 0;
    bool is_real = false;  ///< PostgreSQL knows of it
  };
  std::optional<Savepoint> savepoint_;
  int savepoints_ = 0;
  std::int64_t round_trips_ = 0;
  std::int64_t round_trips_at_begin_ = 0;
};

}  // namespace interlock::store::postgres
