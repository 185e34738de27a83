// SPDX-License-Identifier: Apache-2.0
// Names of the facts that number the messages between lanes. Whoever restores a lane keeps both ends' numbers in step.
#pragma once

#include <string>
#include <string_view>

#include "base/digest.h"
#include "model/actor.h"

namespace interlock::engine {

/// The number of the lane's newest outbox message.
inline constexpr std::string_view outbox_number_fact = "outbox_number";

/// The highest number of a message from `source` that this lane has executed.
inline std::string high_water_fact(TenantId source) { return "from." + hex(source.uuid.view()); }

}  // namespace interlock::engine
