// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/activities.h"

#include "domains/crm/comments.h"
#include "domains/versions.h"

namespace interlock::domains {

namespace {

Activity set_pinned(Tx& tx, const ActivityRequest& request, bool pinned) {
  auto activity = tx.require(request.id);
  require_version(activity, request.version);
  if (activity.pinned == pinned) return activity;
  activity.pinned = pinned;
  tx.save(activity);
  return activity;
}

}  // namespace

void check_activity(Tx& tx, const void* before, void* after) {
  if (before != nullptr) return;
  auto& activity = *static_cast<Activity*>(after);
  require_subject(tx, activity.subject, type_of<Activity>(), after);
  if (activity.at == Time{}) activity.at = tx.now();
  if (activity.kind.empty()) activity.kind = "note";
}

Activity pin_activity(Tx& tx, const ActivityRequest& request) { return set_pinned(tx, request, true); }
Activity unpin_activity(Tx& tx, const ActivityRequest& request) { return set_pinned(tx, request, false); }

}  // namespace interlock::domains
