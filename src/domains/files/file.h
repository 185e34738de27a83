// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"

namespace interlock::domains {

/// An uploaded file. The record names its content, which lies among the blobs (store/blobs.h) under its hash.
struct File : RecordHeader {
  std::string name;                ///< as the uploader called it, made harmless and fit for the type (file_name.h)
  std::string content_type;        ///< what the bytes are, whatever the uploader said
  std::int64_t size = 0;           ///< bytes
  std::string sha256;              ///< name of the blob; empty: the content was redacted
  std::optional<Subject> subject;  ///< the record that it belongs to; nothing yet: seen by its uploader, for a day
};
INTERLOCK_RECORD(File)

}  // namespace interlock::domains
