// SPDX-License-Identifier: Apache-2.0
// The rules of customers beyond their field table. Tenant lane.
#pragma once

#include "domains/crm/customer.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save of customers: a new one without a status gets the initial one; a change of status follows the tenant's
/// table. Refuses: invalid_value, no_transition.
void check_customer(Tx& tx, const void* before, void* after);

struct SetStatus {
  Id<Customer> id;
  std::string status;
  std::optional<std::string> expected_status;
  std::optional<std::int64_t> version;
};
inline constexpr auto set_status_fields =
    fields<SetStatus>(field<&SetStatus::id>(required, reference<Customer>(OnDelete::refuse)),
                      field<&SetStatus::status>(required, max_bytes(64)),
                      field<&SetStatus::expected_status>(max_bytes(64)), field<&SetStatus::version>());
INTERLOCK_STRUCT(SetStatus, set_status_fields)

/// Moves a customer to another status. Refuses: not_found, stale_version, status_mismatch (with `current`),
/// invalid_value, no_transition (to the status that it is in, too).
Customer set_status(Tx& tx, const SetStatus& request);

struct RedactCustomer {
  Id<Customer> id;
  std::optional<std::int64_t> version;
};
inline constexpr auto redact_customer_fields = fields<RedactCustomer>(
    field<&RedactCustomer::id>(required, reference<Customer>(OnDelete::refuse)), field<&RedactCustomer::version>());
INTERLOCK_STRUCT(RedactCustomer, redact_customer_fields)

/// Empties name, email, phone, tags and address of a customer, deleted or not, and the documents on it, wherever they
/// are kept: record, history, search, stored answers. It cannot be undone. Refuses: not_found, stale_version.
Customer redact_customer(Tx& tx, const RedactCustomer& request);

}  // namespace interlock::domains
