// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/lanes.h"

#include "base/digest.h"

namespace interlock::domains {

TenantId platform_lane() {
  TenantId lane;
  lane.uuid.bytes.back() = 1;
  return lane;
}

void send_to_lane(Tx& tx, TenantId lane, std::string_view operation, JsonObject request, std::string_view subject) {
  Json payload(JsonObject{{"operation", Json(operation)}, {"request", Json(std::move(request))}});
  tx.send({"lane", hex(lane.uuid.view()), json_text(payload), std::string(subject)});
}

}  // namespace interlock::domains
