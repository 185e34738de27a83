// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"

namespace interlock::domains {

/// A remark on any record; its author is created_by. Appended, never changed.
struct Comment : RecordHeader {
  Subject subject;
  std::string text;
  std::optional<Id<Comment>> reply_to;  ///< a comment on the same subject
};
INTERLOCK_RECORD(Comment)

}  // namespace interlock::domains
