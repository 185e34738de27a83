// SPDX-License-Identifier: Apache-2.0
// The one writer of a tenant's file. Used by one thread at a time. Statements stay prepared; text and bytes are bound
// from where they lie.
//
// Traps that this class closes: a full disk, out of memory or a constraint with the wrong conflict clause end the outer
// transaction inside a savepoint, and the next statement would commit alone: every write looks first (in_group). A
// failed sync at commit or checkpoint leaves the page cache with data that may not be on the disk: the writer refuses
// everything from then on and leaves the log as it is (see reopen.h). A deadline is lifted for writes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/sqlite/cache_budget.h"
#include "store/sqlite/read_core.h"

namespace interlock::store::sqlite {

/// An idle lane tidies its log beyond this; a smaller one stays until the lane closes.
inline constexpr std::size_t idle_checkpoint_pages = 1'024;

class SqliteWriter final : public Reading<Writer> {
 public:
  SqliteWriter(ReadCore& core, const CacheBudget& cache);

  std::int64_t last_seq() override { return last_seq_; }
  void set_deadline(std::optional<Duration> monotonic) override { core_.set_deadline(monotonic); }

  void begin(const Ahead& ahead = {}) override;
  void commit() override;
  void rollback() override;
  bool in_group() override;
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

  void maintain(bool idle) override;
  std::int64_t log_bytes_written() override { return connection().log_bytes_written(); }

  /// Rises with every commit, before it returns: a view that was begun at this number is still the newest. Any thread.
  std::int64_t generation() const { return generation_.load(); }
  /// Called before a checkpoint: whoever keeps a view for later gives it up, since it would hold the log.
  void before_checkpoint(std::function<void()> give_up) { before_checkpoint_ = std::move(give_up); }

  /// A sync failed: the file must be opened by way of a safe copy.
  bool is_unknown() const { return unknown_; }

  Connection& connection() const { return core_.connection(); }

 private:
  /// The statements that write records of one type.
  struct TypeWrites {
    Statement insert, erase, find_row, search_insert, search_delete;
    std::unordered_map<std::uint64_t, Statement> updates;  // by the set of changed columns
    std::vector<std::string> scratch;                      // one a field
  };

  std::atomic<std::int64_t> generation_{0};
  std::function<void()> before_checkpoint_;

  void require_group();
  void make_searches();
  void run(Statement& statement);
  TypeState& state_for_write(const RecordType& type);
  TypeWrites& writes_of(const RecordType& type);
  void insert(const TypeState& state, TypeWrites& writes, const void* record);
  void update(TypeState& state, TypeWrites& writes, const void* record, const void* before);
  Statement& update_statement(const TableLayout& layout, TypeWrites& writes, std::uint64_t changed);
  void bind_update(Statement& statement, const TableLayout& layout, TypeWrites& writes, std::uint64_t changed,
                   const void* record);
  std::int64_t row_of(const TypeState& state, TypeWrites& writes, const Uuid& id);
  void prepare_search(const TableLayout& layout, TypeWrites& writes);
  void put_search(const TypeState& state, TypeWrites& writes, std::int64_t row, const void* record, const void* before);
  std::int64_t operation_number(const std::string& name);
  std::int64_t actor_number(const Uuid& actor);
  std::int64_t rewrite_changes(const Subject& subject, std::int64_t newest,
                               const std::function<std::string(std::string_view)>& rewrite);
  void rewrite_answers(const Subject& subject, const std::function<std::string(std::string_view)>& rewrite);
  void forget_names();

  const CacheBudget& cache_;
  bool unknown_ = false;
  bool group_open_ = false;
  std::int64_t last_seq_ = 0;
  std::int64_t seq_at_savepoint_ = 0;
  std::int64_t committed_seq_ = 0;
  std::int64_t log_bytes_at_checkpoint_ = 0;  // of log_bytes_written
  std::unordered_map<const RecordType*, TypeWrites> types_;
  std::vector<TypeState*> made_in_group_;
  std::map<std::string, std::int64_t, std::less<>> operations_;
  std::unordered_map<Uuid, std::int64_t> actors_;
  bool named_in_group_ = false;
  Statement begin_, commit_, rollback_, savepoint_, release_, rollback_to_;
  Statement append_, put_key_, put_fact_, purge_keys_, find_operation_, add_operation_, find_actor_, add_actor_;
};

}  // namespace interlock::store::sqlite
