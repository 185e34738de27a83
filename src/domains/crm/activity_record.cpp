// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/activities.h"
#include "domains/crm/activity.h"

namespace interlock::domains {

namespace {

constexpr auto activity_fields = fields<Activity>(field<&Activity::subject>(required, fixed, indexed),
                                                  field<&Activity::kind>(max_bytes(32), mergeable),
                                                  field<&Activity::text>(required, max_bytes(10'000), mergeable),
                                                  field<&Activity::pinned>(read_only), field<&Activity::at>(mergeable));

}  // namespace

const RecordType& record_type_of(const Activity*) {
  static const RecordType type = make_record_type<Activity>(
      63, "activity", "activities", activity_fields,
      {.module = "crm", .visible_through = "subject", .default_sort = "-at", .before_save = &check_activity});
  return type;
}

}  // namespace interlock::domains
