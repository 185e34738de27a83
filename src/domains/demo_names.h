// SPDX-License-Identifier: Apache-2.0
// The words that demo customers are made of.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"

namespace interlock::domains {

struct DemoCustomer {
  std::string name;
  std::string email;
  std::string phone;
  std::string address;
  std::vector<std::string> tags;
  std::string status;
};

/// A believable person or company; `number` makes the e-mail address unique.
DemoCustomer demo_customer(Random& random, int number);
/// The same, a person in any case.
DemoCustomer demo_individual(Random& random, int number);
std::string demo_comment(Random& random);
/// First and last name of a colleague.
std::string demo_person(Random& random);

}  // namespace interlock::domains
