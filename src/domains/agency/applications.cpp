// SPDX-License-Identifier: Apache-2.0
#include "domains/agency/applications.h"

#include "domains/references.h"
#include "domains/versions.h"

namespace interlock::domains {

namespace {

void check_move(const std::string& from, const std::string& to) {
  if (!application_transitions.has_state(to))
    throw Refusal(ErrorCode::invalid_value, "there is no status " + to).at_field("status");
  if (application_transitions.leads(from, to)) return;
  std::string possible;
  for (const auto& move : application_transitions.transitions)
    if (move.from == from) possible += (possible.empty() ? "" : ", ") + std::string(move.to);
  throw Refusal(ErrorCode::no_transition,
                "from " + from + " the status cannot become " + to + "; possible: " + possible)
      .at_field("status");
}

void complete_new(Tx& tx, Application& application) {
  if (!application.interested_service) {  // which the caller sees, and has looked at these
    require_reference(tx, application.customer, "customer");
    require_reference(tx, application.product, "product");
  }
  application.partner = tx.find(application.product)->partner;
  if (!application.assigned_to) application.assigned_to = tx.find(application.customer)->assigned_to;
  if (application.status.empty()) application.status = application_transitions.initial();
}

/// An application that comes back after its service was changed to another product comes back without it.
void let_go_of_changed_service(Tx& tx, Application& application) {
  if (application.deleted_at || !application.interested_service) return;
  const auto service = tx.find(*application.interested_service);
  if (service && service->product != application.product) application.interested_service.reset();
}

}  // namespace

void check_application(Tx& tx, const void* before_record, void* after_record) {
  const auto* before = static_cast<const Application*>(before_record);
  auto& after = *static_cast<Application*>(after_record);
  if (before == nullptr && after.partner.uuid.is_nil()) complete_new(tx, after);
  let_go_of_changed_service(tx, after);
  check_date(after.due_date, "due_date");
  if (before != nullptr && before->status != after.status) check_move(before->status, after.status);
}

void hold_interested_service(Tx& tx, const void*, const void* after_record) {
  const auto& application = *static_cast<const Application*>(after_record);
  if (application.deleted_at || !application.interested_service) return;
  auto service = tx.find(*application.interested_service);
  if (!service || service->application == id_of(application)) return;
  if (service->application) refuse_converted(*service);
  service->application = id_of(application);
  tx.save(*service);
}

Application set_application_status(Tx& tx, const SetApplicationStatus& request) {
  auto application = tx.require(request.id);
  require_version(application, request.version);
  if (request.expected_status && *request.expected_status != application.status)
    throw Refusal(ErrorCode::status_mismatch, "the status is " + application.status)
        .at_field("expected_status")
        .with_extra(current_member(type_of<Application>(), &application));
  check_move(application.status, request.status);
  application.status = request.status;
  tx.save(application);
  return application;
}

}  // namespace interlock::domains
