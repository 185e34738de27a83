// SPDX-License-Identifier: Apache-2.0
// What the platform's lane knows: tenants, identities and who of them belongs where; sessions and one-time links. None
// of it has routes of its own; accounts.h reads it, the operations in tenants.h, members.h, passwords.h and sessions.h
// write it, and only the system calls them.
#pragma once

#include "domains/platform/user.h"
#include "model/record.h"
#include "model/transition_table.h"

namespace interlock::domains {

/// Its id is the lane's TenantId.
struct Tenant : RecordHeader {
  std::string slug;  ///< lower-case letters, digits, hyphens; unique; what people type to choose a tenant
  std::string name;
  std::string status;  ///< provisioning, active, suspended
};
INTERLOCK_RECORD(Tenant)

/// provisioning → active (activate) → suspended (suspend) → active (resume).
extern const TransitionTable tenant_transitions;

/// A person's account, for all tenants: proved by a password.
struct Identity : RecordHeader {
  std::string email;  ///< lower-case, unique
  std::string name;
  std::string password_hash;  ///< see password.h; empty until an invitation was accepted
};
INTERLOCK_RECORD(Identity)

/// That an identity belongs to a tenant, and which user record it is there. What it may do stands in that record.
struct TenantMember : RecordHeader {
  Id<Identity> identity;
  Id<Tenant> tenant;
  Id<User> user;  ///< in the tenant's lane; equal to the identity's uuid for an account that began there
  std::optional<Time> accepted_at;  ///< until then the person does not see the tenant
};
INTERLOCK_RECORD(TenantMember)

struct Session : RecordHeader {
  std::string token_digest;  ///< secret_digest() of the token, see accounts.h
  Id<Identity> identity;
  Id<Tenant> tenant;
  Id<User> user;
  Time last_seen_at;  ///< to within limits::session_touch_interval, or a quarter of idle_s if that is less
  Time expires_at;
  std::int64_t idle_s = 0;  ///< it also ends this many seconds after last_seen_at
};
INTERLOCK_RECORD(Session)

struct OneTimeLink : RecordHeader {
  std::string token_digest;
  std::string purpose;  ///< invite, reset
  Id<Identity> identity;
  std::optional<Id<Tenant>> tenant;  ///< of an invitation
  Time expires_at;
  std::optional<Time> used_at;
};
INTERLOCK_RECORD(OneTimeLink)

}  // namespace interlock::domains
