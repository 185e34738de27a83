// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/agency/interested_service.h"
#include "model/transition_table.h"

namespace interlock::domains {

/// A customer's application for a partner's product: from an interested service, or made directly.
struct Application : RecordHeader {
  Id<Customer> customer;
  Id<Partner> partner;  ///< the product's
  Id<Product> product;
  std::optional<Id<InterestedService>> interested_service;  ///< what it was converted from
  std::string status;                                       ///< draft, submitted, offered, accepted, refused, withdrawn
  std::optional<std::string> due_date;                      ///< YYYY-MM-DD: what is to be done next, until when
  std::optional<Id<User>> assigned_to;                      ///< who works on it; the customer's unless given
  std::string partner_reference;                            ///< the partner's number for it
};
INTERLOCK_RECORD(Application)

/// draft → submitted → offered → accepted; submitted → draft (taken back for a change); submitted, offered → refused;
/// all but refused → withdrawn; refused, withdrawn → draft (tried again).
extern const TransitionTable application_transitions;

}  // namespace interlock::domains
