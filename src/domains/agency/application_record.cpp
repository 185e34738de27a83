// SPDX-License-Identifier: Apache-2.0
#include "domains/agency/applications.h"

namespace interlock::domains {

namespace {

constexpr std::string_view states[] = {"draft", "submitted", "offered", "accepted", "refused", "withdrawn"};
constexpr Transition transitions[] = {
    {"draft", "submit", "submitted"},      {"submitted", "take_back", "draft"},    {"submitted", "offer", "offered"},
    {"submitted", "refuse", "refused"},    {"offered", "accept", "accepted"},      {"offered", "refuse", "refused"},
    {"draft", "withdraw", "withdrawn"},    {"submitted", "withdraw", "withdrawn"}, {"offered", "withdraw", "withdrawn"},
    {"accepted", "withdraw", "withdrawn"}, {"refused", "try_again", "draft"},      {"withdrawn", "try_again", "draft"},
};

constexpr auto application_fields = fields<Application>(
    field<&Application::customer>(required, fixed, reference<Customer>(OnDelete::refuse)),
    field<&Application::partner>(read_only, reference<Partner>(OnDelete::refuse)),
    field<&Application::product>(required, fixed, reference<Product>(OnDelete::refuse)),
    field<&Application::interested_service>(read_only, reference<InterestedService>(OnDelete::clear)),
    field<&Application::status>(indexed, one_of(states)),
    field<&Application::due_date>(max_bytes(10), indexed, mergeable),
    field<&Application::assigned_to>(reference<User>(OnDelete::clear)),
    field<&Application::partner_reference>(max_bytes(100), mergeable));

}  // namespace

const TransitionTable application_transitions{states, transitions};

const RecordType& record_type_of(const Application*) {
  static const RecordType type = make_record_type<Application>(101, "application", "applications", application_fields,
                                                               {.module = "agency",
                                                                .visible_through = "customer",
                                                                .before_save = &check_application,
                                                                .after_save = &hold_interested_service});
  return type;
}

}  // namespace interlock::domains
