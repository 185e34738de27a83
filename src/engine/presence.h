// SPDX-License-Identifier: Apache-2.0
// Who looks at what, in memory: "Ana is editing". Not part of the record: lost with the process, rebuilt as clients
// return.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "model/record.h"

namespace interlock::engine {

struct PresenceEntry {
  Uuid user;
  std::string name;
  std::string state;  ///< "viewing" or "editing"
};

/// Thread-safe. Every change is sent to subscribers that asked for the subject or its collection, as
/// {"type":"presence","subject":"customer_…","users":[{"id":"user_…","name":…,"state":"editing"},…],"lease":{…}|null}.
class Presence {
 public:
  virtual ~Presence() = default;
  /// `connection` is any number that is unique per connection. An empty state leaves. The caller must have checked that
  /// the subject is visible.
  virtual void set(TenantId tenant, std::uint64_t connection, const Subject& subject, PresenceEntry entry) = 0;
  virtual void leave_all(TenantId tenant, std::uint64_t connection) = 0;
  virtual std::vector<PresenceEntry> of(TenantId tenant, const Subject& subject) = 0;
};

}  // namespace interlock::engine
