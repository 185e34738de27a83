// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/platform/user.h"
#include "model/record.h"

namespace interlock::domains {

/// Whose products are offered: a school, an insurer, a carrier.
struct Partner : RecordHeader {
  std::string name;
  std::string kind;     ///< the tenant's own word: university, insurer
  std::string contact;  ///< the person to ask for
  std::string email;    ///< as written
  std::string phone;
  std::string website;  ///< http:// or https://, or empty
  std::string address;
  std::vector<std::string> tags;
  std::optional<Id<User>> assigned_to;
  bool active = true;  ///< false: nothing new is offered, what there is stays
};
INTERLOCK_RECORD(Partner)

}  // namespace interlock::domains
