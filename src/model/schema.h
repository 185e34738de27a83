// SPDX-License-Identifier: Apache-2.0
// Everything that a lane knows to do, as one list: record types, operations, jobs. Built once at start, then read-only.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "model/operation.h"

namespace interlock {

/// Recurring work of a lane: runs as an operation of the system actor, once per period.
struct Job {
  std::string_view name;
  Duration period;
  LaneKind lane = LaneKind::tenant;
  /// Does a bounded piece of work; answers true if there is more to do now.
  bool (*run)(Tx& tx) = nullptr;
  /// When the job has something to do before its period ends (the next expiry); may be null.
  std::optional<Time> (*next)(Reader& reader) = nullptr;
};

struct LeaseHolder {
  Uuid user;
  std::string name;
  Time expires_at;
};

/// Domain knowledge that the engine asks for by name instead of including it.
struct Hooks {
  /// The actor behind a caller as the lane's records say now; throws Refusal unauthenticated (no such member, disabled,
  /// token revoked or expired). `now` decides about expiry.
  Actor (*actor_of)(Reader& reader, const Caller& caller, TenantId tenant, Time now) = nullptr;
  /// Whether leases on records of this type bind in this tenant.
  bool (*lease_binds)(Reader& reader, const RecordType& type) = nullptr;
  /// The live lease on a record, binding or not.
  std::optional<LeaseHolder> (*lease_of)(Reader& reader, const Subject& subject, Time now) = nullptr;
  /// The user's shown name, for history and feed; empty if unknown.
  std::string (*user_name)(Reader& reader, const Uuid& user) = nullptr;
  /// Whether the module is on in this tenant.
  bool (*module_on)(Reader& reader, std::string_view module) = nullptr;
  /// Types whose change can change one of the answers above: caches are dropped.
  std::vector<const RecordType*> rights_types;
};

class Schema {
 public:
  /// Stop the process for what would fail later: a number, name or collection that is taken, options that name no field
  /// of a fitting kind, a job or operation without a body.
  void add(const RecordType& type, LaneKind lane = LaneKind::tenant);
  void add(Operation operation);
  void add(Job job);

  const RecordType* by_number(std::uint16_t number) const;
  const RecordType* by_collection(std::string_view collection) const;
  const Operation* operation(std::string_view name) const;
  const std::vector<const RecordType*>& types() const { return types_; }
  const std::vector<const RecordType*>& types(LaneKind lane) const;
  LaneKind lane_of(const RecordType& type) const;
  const std::map<std::string_view, Operation>& operations() const { return operations_; }
  const std::vector<Job>& jobs() const { return jobs_; }

  /// Fields of other types that refer to this type: what deletion must follow.
  struct Referrer {
    const RecordType* type;
    const FieldInfo* field;
  };
  const std::vector<Referrer>& referrers(const RecordType& type) const;

  Hooks hooks;

 private:
  void add_referrer(const RecordType& added, const RecordType& referring, const FieldInfo& field);

  std::vector<const RecordType*> types_, tenant_types_, platform_types_;
  std::map<std::uint16_t, const RecordType*> by_number_;
  std::map<std::string_view, const RecordType*> by_collection_;
  std::map<std::string_view, Operation> operations_;
  std::vector<Job> jobs_;
  std::map<std::uint16_t, LaneKind> lanes_;
  std::map<std::uint16_t, std::vector<Referrer>> referrers_;
};

}  // namespace interlock
