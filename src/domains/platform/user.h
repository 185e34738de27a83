// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"
#include "model/transition_table.h"

namespace interlock::domains {

/// A member of a tenant: what this person may do here. Log-in and password belong to an identity on the platform's
/// lane; its TenantMember record names this record's id.
struct User : RecordHeader {
  std::string name;
  std::string email;                ///< lower-case; where invitations go; unique in the tenant
  std::string role;                 ///< owner, admin, staff, viewer, guest: see roles.h
  std::string status;               ///< invited, active, disabled
  std::vector<std::string> scopes;  ///< `customers:all`: goes over the role's own scope
  std::optional<Time> joined_at;    ///< when the invitation was accepted; without it nobody becomes active
};
INTERLOCK_RECORD(User)

/// invited → active (activate) → disabled (disable) → active (enable); invited → disabled → invited (invite).
extern const TransitionTable user_transitions;

}  // namespace interlock::domains
