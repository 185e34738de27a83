// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"

namespace interlock::domains {

/// A text about a record that its readers keep up to date, unlike a comment, which is said once.
struct Note : RecordHeader {
  Subject subject;
  std::string title;
  std::string text;
};
INTERLOCK_RECORD(Note)

}  // namespace interlock::domains
