// SPDX-License-Identifier: Apache-2.0
// The timeline of a record; what matters can be pinned. Tenant lane.
#pragma once

#include "domains/crm/activity.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save of activities: the time and the kind have defaults. Refuses: not_found (subject).
void check_activity(Tx& tx, const void* before, void* after);

struct ActivityRequest {
  Id<Activity> id;
  std::optional<std::int64_t> version;
};
inline constexpr auto activity_request_fields = fields<ActivityRequest>(
    field<&ActivityRequest::id>(required, reference<Activity>(OnDelete::refuse)), field<&ActivityRequest::version>());
INTERLOCK_STRUCT(ActivityRequest, activity_request_fields)

/// Refuse: not_found, stale_version. An activity that is so already stays as it is.
Activity pin_activity(Tx& tx, const ActivityRequest& request);
Activity unpin_activity(Tx& tx, const ActivityRequest& request);

}  // namespace interlock::domains
