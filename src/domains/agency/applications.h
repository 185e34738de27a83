// SPDX-License-Identifier: Apache-2.0
// How interested services become applications, and what holds between the two. Tenant lane.
//
// An interested service is converted exactly as long as it names an application; that one is live and names the
// service. A live application that names a service is the one that the service names. So there are never two
// applications of one service, whatever is deleted and restored in whatever order.
#pragma once

#include "domains/agency/application.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save: partner and status follow from product and application. Refuses: unknown_reference (customer, product),
/// invalid_value (dates), interested_service_converted (deletion or another product while there is an application;
/// `application` names it).
void check_interested_service(Tx& tx, const void* before, void* after);

/// before_save: defaults of a new one; a change of status follows the table. Refuses: unknown_reference (customer,
/// product), invalid_value, no_transition.
void check_application(Tx& tx, const void* before, void* after);

/// after_save: the service of a live application is converted to it; so a restored one takes its service again.
/// Refuses: interested_service_converted (the service has another application by now, which `application` names).
void hold_interested_service(Tx& tx, const void* before, const void* after);

/// The service has an application, which the refusal names as `application`.
[[noreturn]] void refuse_converted(const InterestedService& service);

struct SetApplicationStatus {
  Id<Application> id;
  std::string status;
  std::optional<std::string> expected_status;
  std::optional<std::int64_t> version;
};
inline constexpr auto set_application_status_fields = fields<SetApplicationStatus>(
    field<&SetApplicationStatus::id>(required, reference<Application>(OnDelete::refuse)),
    field<&SetApplicationStatus::status>(required, max_bytes(64)),
    field<&SetApplicationStatus::expected_status>(max_bytes(64)), field<&SetApplicationStatus::version>());
INTERLOCK_STRUCT(SetApplicationStatus, set_application_status_fields)

/// Refuses: not_found, stale_version, status_mismatch (with `current`), invalid_value, no_transition (to the status
/// that it is in, too).
Application set_application_status(Tx& tx, const SetApplicationStatus& request);

struct ConvertInterestedService {
  Id<InterestedService> id;
  std::optional<Id<Application>> application;  ///< the new one's id, made by the client; no part in a repeat
  std::optional<std::int64_t> version;
};
inline constexpr auto convert_interested_service_fields = fields<ConvertInterestedService>(
    field<&ConvertInterestedService::id>(required, reference<InterestedService>(OnDelete::refuse)),
    field<&ConvertInterestedService::application>(reference<Application>(OnDelete::refuse)),
    field<&ConvertInterestedService::version>());
INTERLOCK_STRUCT(ConvertInterestedService, convert_interested_service_fields)

struct Conversion {
  InterestedService interested_service;
  Application application;
  bool created = false;  ///< false: it had been converted before, and nothing was changed
};
inline constexpr auto conversion_fields = fields<Conversion>(
    field<&Conversion::interested_service>(), field<&Conversion::application>(), field<&Conversion::created>());
INTERLOCK_STRUCT(Conversion, conversion_fields)

/// Makes the service's one application and an activity in the customer's timeline, or answers the application that
/// there is, whatever version was sent. Refuses: not_found, stale_version (of a draft), id_taken.
Conversion convert_interested_service(Tx& tx, const ConvertInterestedService& request);

}  // namespace interlock::domains
