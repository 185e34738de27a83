// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "domains/agency/applications.h"
#include "domains/crm/activity.h"
#include "domains/references.h"
#include "domains/versions.h"

namespace interlock::domains {

namespace {

/// An activity of its own, so that the customer's timeline tells it in the reader's language.
constexpr std::string_view conversion_kind = "conversion";

/// As long as there is an application, the service stays, and stays what was applied for.
void check_bound(Tx& tx, const InterestedService& service) {
  if (!service.application) return;
  const auto application = tx.find(*service.application);
  if (service.deleted_at || (application && application->product != service.product)) refuse_converted(service);
}

void check_dates(InterestedService& service) {
  check_date(service.expected_start, "expected_start");
  check_date(service.expected_end, "expected_end");
  if (service.expected_start && service.expected_end && *service.expected_end < *service.expected_start)
    throw Refusal(ErrorCode::invalid_value, "it ends before it starts").at_field("expected_end");
}

void note_in_timeline(Tx& tx, const InterestedService& service) {
  const auto product = tx.find(service.product);
  const auto partner = tx.find(service.partner);
  Activity activity;
  activity.subject = {type_of<Customer>().number, service.customer.uuid};
  activity.kind = conversion_kind;
  activity.text = (product ? product->name : std::string()) + " · " + (partner ? partner->name : std::string());
  tx.save(activity);
}

Application existing_application(Tx& tx, const InterestedService& service) {
  const auto found = tx.find(*service.application);
  if (!found) throw std::runtime_error("an interested service names an application that is not there");
  return *found;
}

}  // namespace

void refuse_converted(const InterestedService& service) {
  throw Refusal(ErrorCode::interested_service_converted)
      .with_extra("\"application\":\"" + type_id_text("application", service.application->uuid) + "\"");
}

void check_interested_service(Tx& tx, const void* before_record, void* after_record) {
  const auto* before = static_cast<const InterestedService*>(before_record);
  auto& after = *static_cast<InterestedService*>(after_record);
  if (before == nullptr) require_reference(tx, after.customer, "customer");
  check_bound(tx, after);
  if (before == nullptr || before->product != after.product) require_reference(tx, after.product, "product");
  if (const auto product = tx.find(after.product)) after.partner = product->partner;
  check_dates(after);
  after.status = after.application ? "converted" : "draft";
}

Conversion convert_interested_service(Tx& tx, const ConvertInterestedService& request) {
  auto service = tx.require(request.id);
  if (service.application) return {service, existing_application(tx, service), false};
  require_version(service, request.version);
  Application application;
  if (request.application) application.id = request.application->uuid;
  application.customer = service.customer;
  application.product = service.product;
  application.interested_service = id_of(service);
  tx.save(application);
  note_in_timeline(tx, service);
  return {*tx.find(id_of(service)), application, true};
}

}  // namespace interlock::domains
