// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/platform/user.h"
#include "model/record.h"

namespace interlock::domains {

/// Something to be done about a record: an application, a customer.
struct Task : RecordHeader {
  Subject subject;
  std::string title;
  std::optional<Time> due_at;
  std::optional<Id<User>> assigned_to;
  bool done = false;
  std::optional<Time> done_at;
  std::optional<Time> remind_at;
  std::optional<Time> reminded_at;  ///< when its newest reminder went out
  std::string reminder;             ///< none, waiting, sent: what follows from the three above
};
INTERLOCK_RECORD(Task)

}  // namespace interlock::domains
