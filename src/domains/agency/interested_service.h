// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/catalogue/product.h"
#include "domains/crm/customer.h"
#include "model/record.h"

namespace interlock::domains {

struct Application;

/// What a customer thinks of applying for. It becomes an application by conversion, once.
struct InterestedService : RecordHeader {
  Id<Customer> customer;
  Id<Partner> partner;  ///< the product's
  Id<Product> product;
  std::string note;
  std::optional<std::string> expected_start;   ///< YYYY-MM-DD
  std::optional<std::string> expected_end;     ///< YYYY-MM-DD, not before the start
  std::string status;                          ///< draft, or converted while it has an application
  std::optional<Id<Application>> application;  ///< live, and its interested_service is this one
};
INTERLOCK_RECORD(InterestedService)

}  // namespace interlock::domains
