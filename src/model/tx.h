// SPDX-License-Identifier: Apache-2.0
// What an operation's body sees of the world. Bodies are plain, synchronous C++: read, decide, write. Nothing can
// change under them. A body may be run more than once with the same time, randomness and ids, so it keeps no state
// outside. One thread at a time; never kept beyond the call.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/refusal.h"
#include "model/actor.h"
#include "model/query.h"
#include "model/record.h"

namespace interlock {

/// Reading. `load` and `select` see deleted records only where the query says so, and do not look at scopes.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Fills `record` (of `type`) and answers true if there is one with this id, deleted or not.
  virtual bool load(const RecordType& type, const Uuid& id, void* record) = 0;
  virtual std::vector<RecordBox> select(const RecordType& type, const Query& query) = 0;
  virtual std::int64_t count(const RecordType& type, const Query& query) = 0;
  /// Whose eyes see the record; follows `visible_through`. A record whose subject is absent or deleted is visible to
  /// nobody, and to the same people as before once the subject is restored.
  Visibility visibility(const RecordType& type, const void* record);

  /// The record unless it is absent or deleted; looks at no scope.
  template <class T>
  std::optional<T> find(Id<T> id) {
    T record;
    if (!load(type_of<T>(), id.uuid, &record) || record.deleted_at) return std::nullopt;
    return record;
  }
  template <class T>
  std::vector<T> all(const Query& query) {
    std::vector<T> records;
    for (auto& box : select(type_of<T>(), query)) records.push_back(std::move(box.template as<T>()));
    return records;
  }
  template <class T>
  std::optional<T> first(Query query) {
    query.limit = 1;
    auto records = all<T>(query);
    return records.empty() ? std::nullopt : std::optional<T>(std::move(records.front()));
  }
};

/// The record that this one is visible through (RecordOptions::visible_through); nothing if it stands for itself.
std::optional<Subject> seen_through(const RecordType& type, const void* record);

/// Whether the actor sees the record: its scope, and all of its subject's rules. Looks neither at the record's own
/// deleted_at nor at the permission for its own collection.
bool is_visible(Reader& reader, const Actor& actor, const RecordType& type, const void* record);
/// Whether the actor may read the record that hangs there: permission, presence, deletion, scope. The one rule of
/// whoever takes a subject from a caller.
bool may_see(Reader& reader, const Actor& actor, const Subject& subject);

/// An effect to be performed outside, after the commit.
struct OutboxRequest {
  std::string provider;     ///< "mail", "lane", "file"
  std::string destination;  ///< an address, or a tenant's id for "lane"
  std::string payload;      ///< JSON object; for "lane": {"operation":…,"request":…}
  std::string subject;      ///< TypeID of the record that it concerns, or empty
};

class Tx : public Reader {
 public:
  /// The operation's one time: the same for all its records, never before the lane's last one.
  virtual Time now() const = 0;
  virtual Random& random() = 0;
  virtual const Actor& actor() const = 0;
  virtual TenantId tenant() const = 0;

  /// Writes a record: a new one if its version is 0 (a nil id gets one), else the next version of the one loaded in
  /// this operation. Fills the header of `record`. Runs the type's before_save and checks references and uniqueness:
  /// throws Refusal unknown_reference, not_unique, id_taken. A record saved twice in one operation is one change.
  virtual void save(const RecordType& type, void* record) = 0;
  /// Marks it deleted; follows the references to it (refuse: Refusal referenced; cascade; clear).
  virtual void remove(const RecordType& type, void* record) = 0;
  /// Takes the mark away again; the id and history go on. What it refers to must be there (Refusal unknown_reference);
  /// references of the kind `clear` to what was deleted meanwhile are cleared.
  virtual void restore(const RecordType& type, void* record) = 0;
  /// For types that are not logged only: deletes the row.
  virtual void erase(const RecordType& type, const Uuid& id) = 0;
  /// Overwrites one person's values: empties these fields of the record and, in the same commit, of every state of it
  /// that the change log, the search and the stored answers hold. Sequences, versions, actors and times stay; the feed
  /// starts anew. Counts as a change.
  virtual void redact(const RecordType& type, void* record, const std::vector<const FieldInfo*>& fields) = 0;
  virtual void send(OutboxRequest message) = 0;
  /// Asks for the lane to be brought back at this time (expiry, job, retry). Early is allowed, late is not.
  virtual void wake_at(Time time) = 0;
  /// Throws Refusal timed_out past the operation's deadline; long loops call it.
  virtual void check_deadline() = 0;
  /// Like load, but throws Refusal not_found if it is absent, deleted, or not visible to the actor.
  void require_visible(const RecordType& type, const Uuid& id, void* record);

  template <class T>
  T require(Id<T> id) {
    T record;
    require_visible(type_of<T>(), id.uuid, &record);
    return record;
  }
  template <class T>
  void save(T& record) {
    save(type_of<T>(), &record);
  }
  template <class T>
  void remove(T& record) {
    remove(type_of<T>(), &record);
  }
  template <class T>
  void erase(Id<T> id) {
    erase(type_of<T>(), id.uuid);
  }
  template <class T>
  Id<T> new_id() {
    return {make_uuid(now(), random())};
  }
};

}  // namespace interlock
