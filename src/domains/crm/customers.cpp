// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/customers.h"

#include "domains/crm/documents.h"
#include "domains/crm/statuses.h"
#include "domains/files/files.h"
#include "domains/versions.h"

namespace interlock::domains {

namespace {
constexpr std::string_view collection = "customers";
}

void check_customer(Tx& tx, const void* before_record, void* after_record) {
  const auto* before = static_cast<const Customer*>(before_record);
  auto& after = *static_cast<Customer*>(after_record);
  if (before != nullptr && before->status == after.status) return;
  const auto table = StatusTable::load(tx, collection);
  if (before != nullptr)
    table.check_move(before->status, after.status);
  else if (after.status.empty())
    after.status = table.initial();
  else
    table.check_state(after.status);
}

Customer set_status(Tx& tx, const SetStatus& request) {
  auto customer = tx.require(request.id);
  require_version(customer, request.version);
  if (request.expected_status && *request.expected_status != customer.status)
    throw Refusal(ErrorCode::status_mismatch, "the status is " + customer.status)
        .at_field("expected_status")
        .with_extra(current_member(type_of<Customer>(), &customer));
  if (customer.status == request.status) StatusTable::load(tx, collection).check_move(customer.status, request.status);
  customer.status = request.status;
  tx.save(customer);
  return customer;
}

Customer redact_customer(Tx& tx, const RedactCustomer& request) {
  const auto& type = type_of<Customer>();
  Customer customer;
  if (!tx.load(type, request.id.uuid, &customer) || !is_visible(tx, tx.actor(), type, &customer))
    throw Refusal(ErrorCode::not_found, "there is no such customer");
  require_version(customer, request.version);
  tx.redact(type, &customer,
            {&field_of(&Customer::name), &field_of(&Customer::email), &field_of(&Customer::phone),
             &field_of(&Customer::tags), &field_of(&Customer::address)});
  redact_files(tx, subject_of(customer));
  redact_documents(tx, subject_of(customer));
  return customer;
}

}  // namespace interlock::domains
