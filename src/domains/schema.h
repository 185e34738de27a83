// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/schema.h"

namespace interlock::domains {

/// Everything that the lanes of this program know. Call once at start; it must outlive the engine.
Schema make_schema();

}  // namespace interlock::domains
