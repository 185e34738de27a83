// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/crm/document.h"

namespace interlock::domains {

/// A document that a record (an application) waits for.
struct ChecklistItem : RecordHeader {
  Subject subject;
  std::string name;
  bool required = true;
  bool received = false;
  std::optional<Time> received_at;
  std::int64_t position = 0;             ///< order in which people see them
  std::optional<Id<Document>> document;  ///< what came; with it the item is received, without it any more it is not
};
INTERLOCK_RECORD(ChecklistItem)

}  // namespace interlock::domains
