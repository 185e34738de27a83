// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"

namespace interlock::domains {

/// The answer of an operation that has nothing to tell: `{"ok":true}`.
struct Done {
  bool ok = true;
};
inline constexpr auto done_fields = fields<Done>(field<&Done::ok>());
INTERLOCK_STRUCT(Done, done_fields)

}  // namespace interlock::domains
