// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/customer.h"
#include "domains/crm/customers.h"

namespace interlock::domains {

namespace {

constexpr auto customer_fields = fields<Customer>(
    field<&Customer::name>(required, max_bytes(200), searchable, mergeable),
    field<&Customer::email>(max_bytes(320), searchable, mergeable),
    field<&Customer::phone>(max_bytes(64), searchable, mergeable), field<&Customer::status>(max_bytes(64), indexed),
    field<&Customer::assigned_to>(reference<User>(OnDelete::clear)), field<&Customer::tags>(mergeable),
    field<&Customer::address>(max_bytes(1'000), mergeable));

}  // namespace

const RecordType& record_type_of(const Customer*) {
  static const RecordType type =
      make_record_type<Customer>(61, "customer", "customers", customer_fields,
                                 {.module = "crm", .assigned_field = "assigned_to", .before_save = &check_customer});
  return type;
}

}  // namespace interlock::domains
