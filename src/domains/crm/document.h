// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/files/file.h"

namespace interlock::domains {

/// A file that belongs to a record as something that people name: a passport, a transcript.
struct Document : RecordHeader {
  Subject subject;
  std::string name;  ///< the file's unless given
  std::string kind;  ///< the tenant's own word: passport, transcript
  Id<File> file;     ///< its own; seen and gone with it
};
INTERLOCK_RECORD(Document)

}  // namespace interlock::domains
