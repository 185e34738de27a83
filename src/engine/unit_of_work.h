// SPDX-License-Identifier: Apache-2.0
// The Tx of one operation in a lane. Saves go to an overlay that loads see; the overlay is flushed before a query on a
// collection that it touches, and at the end. A savepoint is taken at the first flush before the end only: an operation
// that is refused before it flushed has written nothing, and most operations never need one. If the flush at the end
// fails (it does not, short of a full disk or a defect), the lane rolls the group back and runs it again without the
// culprit.
#pragma once

#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/outbox.h"
#include "model/schema.h"
#include "store/store.h"

namespace interlock::engine {

/// The lane's counters, in memory; a refused operation leaves them as they were.
struct LaneCounters {
  std::int64_t seq = 0;
  std::int64_t outbox_number = 0;
};

/// One committed (or about to be committed) change with both states, for the feed.
struct RecordChange {
  store::Change change;
  const RecordType* type = nullptr;
  std::shared_ptr<const RecordBox> before;  ///< null at creation
  std::shared_ptr<const RecordBox> after;
  Visibility visibility_before, visibility_after;
};

/// What the body is given from outside, the same at every run of it.
struct OperationContext {
  TenantId tenant;
  Time now;
  RandomKey key;           ///< the lane's own: an operation's ids must not tell its secrets
  std::uint64_t seed = 0;  ///< the operation's stream of the key
  Duration deadline;       ///< monotonic
};

class UnitOfWork final : public Tx {
 public:
  UnitOfWork(const Schema& schema, store::Writer& writer, const Clock& clock, const LaneCounters& counters,
             const OperationContext& context, const Actor& actor);

  bool load(const RecordType& type, const Uuid& id, void* record) override;
  std::vector<RecordBox> select(const RecordType& type, const Query& query) override;
  std::int64_t count(const RecordType& type, const Query& query) override;
  Time now() const override { return context_.now; }
  Random& random() override { return random_; }
  const Actor& actor() const override { return actor_; }
  TenantId tenant() const override { return context_.tenant; }
  void save(const RecordType& type, void* record) override;
  void remove(const RecordType& type, void* record) override;
  void restore(const RecordType& type, void* record) override;
  void erase(const RecordType& type, const Uuid& id) override;
  void redact(const RecordType& type, void* record, const std::vector<const FieldInfo*>& fields) override;
  void send(OutboxRequest message) override;
  void wake_at(Time time) override;
  void check_deadline() override;
  using Tx::erase;
  using Tx::remove;
  using Tx::save;

  /// What is saved from here on is saved by this operation: the name of its changes. For each step of a batch.
  void begin_step(std::string_view operation) { steps_.emplace_front(operation); }
  /// Writes what is left and the change log under the operation's name and key. Nothing may be read or saved
  /// afterwards.
  void finish(std::string_view key);
  /// Gives up what was written; for a refusal.
  void discard();

  store::Writer& writer() { return writer_; }
  const Schema& schema() const { return schema_; }
  const LaneCounters& counters() const { return counters_; }
  /// The changes of the finished operation, in order; may be moved from.
  std::vector<RecordChange>& changes() { return changes_; }
  bool is_finishing() const { return finishing_; }
  /// Subjects of the lease records (RecordOptions::announces_lease) that were written or erased.
  std::vector<Subject> leased_subjects() const;
  const std::optional<Time>& wake() const { return wake_; }
  /// All that this lane waits for was looked at anew: the next wake is this and nothing earlier. For the lane's own
  /// work.
  void replace_wake(std::optional<Time> next) { replaces_wake_ = true, wake_ = next; }
  bool replaces_wake() const { return replaces_wake_; }
  bool sent() const { return sent_; }
  bool touched(const RecordType& type) const;
  /// The record as it was before this operation; null if it was not read, or is new.
  const RecordBox* before(const RecordType& type, const Uuid& id);
  bool wrote() const { return !entries_.empty() || sent_; }
  /// Sequence that the record's change will have or has, 0 if it was not saved in this operation.
  std::int64_t change_seq(const RecordType& type, const Uuid& id) const;
  /// Whether a record was redacted: what the feed remembers of before must go.
  bool redacted() const { return redacted_; }

 private:
  struct Entry {
    const RecordType* type = nullptr;
    Uuid id;
    std::shared_ptr<RecordBox> before;   ///< as it was before this operation; null if new
    std::shared_ptr<RecordBox> now;      ///< null while it was only read
    std::shared_ptr<RecordBox> written;  ///< what the store holds now
    std::int64_t seq = 0;
    std::string_view operation;  ///< what saved it, one of steps_; "batch" where several steps of one did
    bool dirty = false;
    bool erased = false;
  };

  Entry* find_entry(const RecordType& type, const Uuid& id);
  Entry& entry(const RecordType& type, const Uuid& id);
  void start_change(Entry& entry, void* record);
  /// Whether the field names a record that is absent or deleted.
  bool refers_to_nothing(const FieldInfo& field, const void* record);
  void check_references(const RecordType& type, const void* before, const void* after);
  void check_unique(const RecordType& type, const void* before, const void* after);
  void follow_references(const RecordType& type, const Uuid& id);
  void follow_reference(const RecordType& referring, const FieldInfo& field, RecordBox& box);
  void flush(const RecordType* type);
  void write(Entry& entry);
  void take_savepoint();
  RecordChange make_change(const Entry& entry);

  const Schema& schema_;
  store::Writer& writer_;
  const Clock& clock_;
  LaneCounters counters_;
  LaneCounters counters_before_;
  OperationContext context_;
  const Actor& actor_;
  KeyedRandom random_;
  std::forward_list<std::string> steps_;  ///< names of the steps begun, the last one in front
  std::vector<std::unique_ptr<Entry>> entries_;
  std::unordered_map<Uuid, std::vector<Entry*>> by_id_;
  std::vector<Entry*> order_;  ///< saved logged entries in the order of their first save: the order of the changes
  std::vector<RecordChange> changes_;
  std::optional<Time> wake_;
  bool savepoint_ = false;
  bool sent_ = false;
  bool redacted_ = false;
  bool finishing_ = false;
  bool replaces_wake_ = false;
  int cascade_depth_ = 0;
};

}  // namespace interlock::engine
