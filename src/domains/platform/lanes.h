// SPDX-License-Identifier: Apache-2.0
// Messages between lanes: an outbox message for the provider "lane" becomes an operation of the system in another lane.
// What receives them must bear to be run twice with the same request: the same work is asked for directly, too.
#pragma once

#include <string_view>

#include "base/json.h"
#include "model/tx.h"

namespace interlock::domains {

/// The platform's own lane; the same id as store::platform_tenant().
TenantId platform_lane();

/// Sends {"operation":…,"request":…} to the lane, after the commit.
void send_to_lane(Tx& tx, TenantId lane, std::string_view operation, JsonObject request, std::string_view subject = {});

/// A TypeID as JSON text.
template <class T>
Json json_id(Id<T> id) {
  return Json(type_id_text(type_of<T>().name, id.uuid));
}

}  // namespace interlock::domains
