// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/platform/user.h"
#include "model/record.h"

namespace interlock::domains {

/// A person or company served.
struct Customer : RecordHeader {
  std::string name;
  std::string email;  ///< as written; several customers may share one
  std::string phone;
  std::string status;  ///< a name from the tenant's own table, see statuses.h
  std::optional<Id<User>> assigned_to;
  std::vector<std::string> tags;
  std::string address;
};
INTERLOCK_RECORD(Customer)

}  // namespace interlock::domains
