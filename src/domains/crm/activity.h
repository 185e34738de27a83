// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"

namespace interlock::domains {

/// Something that happened with a record: a call, a meeting, a visit.
struct Activity : RecordHeader {
  Subject subject;
  std::string kind;  ///< note, call, email, meeting, task or the tenant's own word
  std::string text;
  bool pinned = false;
  Time at;  ///< when it happened; the time of its creation unless given
};
INTERLOCK_RECORD(Activity)

}  // namespace interlock::domains
