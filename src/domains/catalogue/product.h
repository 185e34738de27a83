// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/catalogue/partner.h"

namespace interlock::domains {

/// What a partner offers: a course, a policy.
struct Product : RecordHeader {
  Id<Partner> partner;
  std::string name;
  std::string kind;  ///< the tenant's own word: master, travel insurance
  std::string description;
  std::optional<std::int64_t> price_minor;  ///< in minor units of the currency; absent: on request
  std::string currency;                     ///< ISO 4217; the tenant's own unless given; empty without a price
  std::string duration;                     ///< in words: 2 years, 12 weeks
  std::vector<std::string> tags;
  bool active = true;  ///< false: not offered any more, what there is stays
};
INTERLOCK_RECORD(Product)

}  // namespace interlock::domains
