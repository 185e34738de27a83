// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"

namespace interlock::domains {

/// One state of a collection's records, as this tenant has it. The rows of a collection together are its transition
/// table; the open one with the lowest position is where records begin.
struct Status : RecordHeader {
  std::string collection;  ///< whose states these are: `customers`
  std::string name;
  std::string type;                ///< open, ongoing, won, lost: what reports count by
  std::int64_t position = 0;       ///< order in which people see them
  std::vector<std::string> moves;  ///< names of the states that a record may go to from here
};
INTERLOCK_RECORD(Status)

}  // namespace interlock::domains
