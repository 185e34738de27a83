// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/platform/user.h"
#include "model/record.h"

namespace interlock::domains {

/// An expiring right to edit a record: advisory to people, binding where the tenant's settings name the collection. An
/// expired one is nobody's. At most one per subject.
struct Lease : RecordHeader {
  Subject subject;
  Id<User> user;
  std::string user_name;
  Time expires_at;
};
INTERLOCK_RECORD(Lease)

}  // namespace interlock::domains
