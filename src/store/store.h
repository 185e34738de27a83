// SPDX-License-Identifier: Apache-2.0
// What a lane demands of a store. One writer per tenant, used by one thread at a time; any number of snapshots, bounded
// by the store. Everything is written in groups: begin, many operations, one durable commit.
//
// What a commit means: when commit() returns, the group survives power loss; when it throws CommitUnknown, nobody knows
// until the lane was opened again; when it throws anything else, nothing of the group exists. A snapshot shows whole
// groups only, and never one whose commit has not returned.
//
// The order of locks and the place of files are the store's own business. Errors are exceptions below; a violated
// contract is an INVARIANT.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/time.h"
#include "model/query.h"
#include "model/record.h"
#include "model/schema.h"

namespace interlock::store {

/// An outside failure; the request fails, the lane goes on.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// The sync at commit failed: the outcome is unknown. The lane must be closed and opened with `reopen_safely`.
class CommitUnknown : public StoreError {
 public:
  using StoreError::StoreError;
};
/// No space; the group was rolled back.
class DiskFull : public StoreError {
 public:
  using StoreError::StoreError;
};
/// A page's checksum or the file's structure is wrong: this tenant goes out of service.
class Corrupt : public StoreError {
 public:
  using StoreError::StoreError;
};
/// A unique index or another constraint of the schema said no at a write.
class ConstraintViolation : public StoreError {
 public:
  using StoreError::StoreError;
};
/// The deadline set by set_deadline passed within a read; a write is never interrupted.
class DeadlineExceeded : public StoreError {
 public:
  using StoreError::StoreError;
};
/// The data was written by a newer major format.
class FormatTooNew : public StoreError {
 public:
  using StoreError::StoreError;
};

/// The group was given up through no fault of the operation that met it: it may be run again, begin() first.
class GroupLost : public StoreError {
 public:
  using StoreError::StoreError;
};

/// One record's state after one change. Change log, audit trail, history, merge base and feed are all made of these.
struct Change {
  std::int64_t seq = 0;       ///< position in the tenant's order: 1, 2, 3, … without a gap
  std::int64_t op_seq = 0;    ///< seq of the first change of the same operation
  std::int64_t prev_seq = 0;  ///< the record's change before this one; 0: none. Histories follow this chain backwards.
  std::uint16_t type = 0;     ///< RecordType::number
  Uuid id;
  std::int64_t version = 0;
  std::string operation;  ///< name; stores keep each name once
  Uuid actor;             ///< nil: the system or an anonymous caller
  Time at;                ///< true time of the commit's group (updated_at may run ahead)
  std::string key;        ///< idempotency key of the operation as sent; on its first change only
  std::string state;      ///< the record's JSON as clients saw it (append_record_json)
};

/// How a stored answer is kept: whole, or as a reference to what the change log holds anyway.
enum class AnswerForm : std::uint8_t {
  text = 0,           ///< `answer` holds the bytes
  record = 1,         ///< the state of change `seq`
  merged_record = 2,  ///< the same with `"merged":true`
  secret = 3,         ///< the answer held a secret and was not stored: a replay says secret_shown_once
};

/// What an idempotency key is kept under: digest of Caller::key_owner()'s digest and the key as sent.
Digest16 key_digest(std::string_view key, const Digest16& owner);

/// An idempotency key that was used.
struct StoredKey {
  Digest16 digest{};  ///< key_digest()
  Digest16 fingerprint{};
  Time at;
  std::int64_t seq = 0;     ///< the change that the answer refers to, for the record forms
  std::int64_t op_seq = 0;  ///< the tenant's sequence after the operation: what Interlock-Seq of a replay says
  std::uint16_t status = 0;
  AnswerForm form = AnswerForm::text;
  std::string answer;
};

/// Reads that writer and snapshots share. The writer sees its own open group.
class ReadAccess {
 public:
  virtual ~ReadAccess() = default;
  /// As Reader::load, select and count.
  virtual bool load(const RecordType& type, const Uuid& id, void* record) = 0;
  virtual std::vector<RecordBox> select(const RecordType& type, const Query& query) = 0;
  virtual std::int64_t count(const RecordType& type, const Query& query) = 0;
  /// Newest sequence of the tenant; 0 if nothing was ever written.
  virtual std::int64_t last_seq() = 0;
  /// One change, or nothing if it never was or is past retention.
  virtual std::optional<Change> change(std::int64_t seq) = 0;
  /// At most `limit` changes with seq > after, in order.
  virtual std::vector<Change> changes_after(std::int64_t after, std::int64_t limit) = 0;
  virtual std::optional<StoredKey> find_key(const Digest16& digest) = 0;
  /// Small facts about the lane by name: feed_from_seq, job times, high-water marks. Empty if absent.
  virtual std::string fact(std::string_view name) = 0;
  /// Reads past this monotonic time throw DeadlineExceeded; nothing: no deadline.
  virtual void set_deadline(std::optional<Duration> monotonic) = 0;
};

/// What a group will read for sure: a store for which every question is a journey fetches all of it at once.
struct Ahead {
  std::vector<Digest16> keys;  ///< their digests
  std::vector<std::pair<const RecordType*, Uuid>> records;
};

/// What others have done to the tenant meanwhile.
enum class Overtaken : std::uint8_t { no, by_commits, by_restore };

/// The one writer of a tenant. begin … commit or rollback; the other writes only in between. Several processes may each
/// have a writer of one tenant where the store is shared: then begin() waits for its turn.
class Writer : public ReadAccess {
 public:
  virtual void begin(const Ahead& ahead = {}) = 0;
  /// Whether `ahead` is of use to begin().
  virtual bool reads_ahead() { return false; }
  /// After begin(): whether somebody else has committed to the tenant since this was last asked, so that what was known
  /// of the tenant may be out of date; or has even replaced its data.
  virtual Overtaken take_overtaken() { return Overtaken::no; }
  /// Whether the group should be committed before the next operation: it has as many savepoints as are good for it.
  virtual bool is_full() { return false; }
  /// Durable when it returns. Throws CommitUnknown, DiskFull (rolled back), GroupLost, StoreError (rolled back).
  virtual void commit() = 0;
  /// Gives up the group; harmless if the transaction is gone already.
  virtual void rollback() = 0;
  /// False once a statement has ended the outer transaction by itself (full disk, out of memory): the group is gone,
  /// and nothing more may be written before rollback().
  virtual bool in_group() = 0;
  /// One level only: the operation that is being executed.
  virtual void savepoint() = 0;
  virtual void release_savepoint() = 0;
  virtual void rollback_to_savepoint() = 0;

  /// Writes the whole record under its id. Throws ConstraintViolation. A store may keep writes back until it is asked
  /// or the group ends; what it refuses then it throws as GroupLost, and as it is when the group runs again. `before`
  /// is the record's state as last written (nullptr: it is new): what did not change (indexes, search) need not be
  /// touched.
  virtual void put(const RecordType& type, const void* record, const void* before) = 0;
  virtual void erase(const RecordType& type, const Uuid& id) = 0;
  /// `change.seq` must be last_seq() + 1.
  virtual void append(const Change& change) = 0;
  virtual void put_key(const StoredKey& key) = 0;
  virtual void put_fact(std::string_view name, std::string_view value) = 0;

  /// Where the tenant's next wake is written with the group it belongs to, as a shared store does; elsewhere it is
  /// Store::put_wake that keeps it.
  virtual bool keeps_wake() { return false; }
  /// As of begin().
  virtual std::optional<Time> wake() { return std::nullopt; }
  virtual void put_wake(std::optional<Time> /*at*/) {}

  /// Forgets at most `limit` keys that are older than `before`; answers how many went.
  virtual std::int64_t purge_keys(Time before, std::int64_t limit) = 0;
  /// Overwrites the state of every change of the record, and of the stored answers that name it, by what `rewrite`
  /// makes of the old text. Sequences, versions, actors and times stay. For `redact` only. Answers how many changes
  /// were rewritten.
  virtual std::int64_t rewrite_history(const Subject& subject,
                                       const std::function<std::string(std::string_view)>& rewrite) = 0;

  /// Work that keeps the store fit and may take milliseconds: checkpoint. Called after the answers went out; `idle`
  /// says that nothing waits. Not within a group.
  virtual void maintain(bool idle) = 0;
  /// Bytes written to the log since opening, for the metric wal_bytes_per_operation; 0 where they are not known.
  virtual std::int64_t log_bytes_written() = 0;
  /// Journeys to another process since opening.
  virtual std::int64_t round_trips() { return 0; }
};

/// A consistent view of one tenant as of one sequence. One thread at a time; short-lived: destroying it frees the
/// reader.
class Snapshot : public ReadAccess {
 public:
  // All there is, to be copied elsewhere: records of a type, deleted ones too, in the order in which they were created;
  // keys from the oldest. Bounded memory; what is called may throw to stop.
  virtual void each_record(const RecordType& type, const std::function<void(const void* record)>& take) = 0;
  virtual void each_key(const std::function<void(const StoredKey&)>& take) = 0;
  virtual void each_fact(const std::function<void(std::string_view name, std::string_view value)>& take) = 0;
};

/// One opened tenant. Thread-safe but for writer(), which belongs to the lane.
class LaneStore {
 public:
  virtual ~LaneStore() = default;
  virtual Writer& writer() = 0;
  /// Waits while all readers are in use, at most limits::reader_age_max, then throws StoreError.
  virtual std::unique_ptr<Snapshot> snapshot() = 0;
  /// The same without waiting: null while all readers are in use.
  virtual std::unique_ptr<Snapshot> snapshot_if_free() = 0;
};

/// Result of a store-level check of one tenant.
struct CheckReport {
  bool ok = true;
  std::vector<std::string> problems;
  std::int64_t records = 0;
  std::int64_t changes = 0;
};

/// All tenants of one server. Thread-safe. The platform's lane is the tenant platform_tenant().
class Store {
 public:
  virtual ~Store() = default;

  virtual bool exists(TenantId tenant) = 0;
  /// Makes an empty lane; no error if it exists.
  virtual void create(TenantId tenant) = 0;
  /// Opens it, creating tables and fields that this program knows and the data does not (a backup is taken before a
  /// numbered migration). Throws Corrupt, FormatTooNew, StoreError. `after_unknown_commit`: the last commit's sync
  /// failed: first database and log are copied to new files and synced.
  virtual std::unique_ptr<LaneStore> open(TenantId tenant, bool after_unknown_commit) = 0;
  virtual std::vector<TenantId> tenants() = 0;
  /// Removes all its data for good.
  virtual void remove(TenantId tenant) = 0;

  /// A consistent copy of a tenant (open or not) as one file at `path`, synced; `step` is called between steps and may
  /// throw to abort. Runs on the writer's connection, so call it from the lane when the tenant is open (`lane`), with
  /// nullptr when it is not.
  virtual void backup(TenantId tenant, LaneStore* lane, const std::string& path, const std::function<void()>& step) = 0;
  /// Replaces (or makes) the tenant's data by that file, checked first. The tenant must not be open.
  virtual void restore(TenantId tenant, const std::string& path) = 0;
  virtual CheckReport check(TenantId tenant, LaneStore* lane) = 0;

  /// Times at which closed lanes must come back (next_wake); kept by the platform, durable when it returns. A tenant's
  /// wake is written before the commit that needs it: early is allowed, late is not. Where the lanes' own writers keep
  /// them, put_wake only makes one that is not there yet.
  virtual void put_wake(TenantId tenant, std::optional<Time> at) = 0;
  virtual std::vector<std::pair<TenantId, Time>> wakes() = 0;

  // For stores that several processes (nodes) share; elsewhere these do nothing.

  /// Whether other processes may commit to the same tenants.
  virtual bool is_shared() const { return false; }
  /// Who wants to know what other nodes do. All are called on a thread of the store's own.
  struct Watcher {
    /// The tenants that are looked at every limits::follow_interval whatever else is heard.
    std::function<std::vector<TenantId>()> followed;
    /// Somebody may have committed to the tenant; soon after it did, and for followed ones for sure. May be called
    /// without a reason.
    std::function<void(TenantId)> moved;
    /// What another node told.
    std::function<void(std::string_view node, std::string_view text)> heard;
    /// From here on everything that is told is heard; what was told before may be lost.
    std::function<void()> listening;
  };
  /// One watcher at a time, until stop_watching() returns.
  virtual void watch(Watcher /*watcher*/) {}
  virtual void stop_watching() {}
  /// Sends a text of at most limits::told_bytes_max to the other nodes, soon and in order, or not at all: it must not
  /// matter if it is lost. Returns at once.
  virtual void tell(std::string /*text*/) {}
  /// Of the tenants whose wake has come at most `limit`, for this node to bring back: their wakes are moved to
  /// `again_at`, when another node will do so if this one did not.
  virtual std::vector<TenantId> claim_wakes(Time /*now*/, Time /*again_at*/, std::size_t /*limit*/) { return {}; }
};

/// The platform's own lane.
TenantId platform_tenant();

}  // namespace interlock::store
