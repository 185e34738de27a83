// SPDX-License-Identifier: Apache-2.0
#include "domains/versions.h"

#include "base/refusal.h"
#include "model/record_json.h"

namespace interlock::domains {

std::string current_member(const RecordType& type, const void* record) {
  std::string members = "\"current\":";
  append_record_json(members, type, record);
  return members;
}

void require_version(const RecordType& type, const void* record, std::optional<std::int64_t> version) {
  if (!version || *version == header(record).version) return;
  throw Refusal(ErrorCode::stale_version).at_field("version").with_extra(current_member(type, record));
}

}  // namespace interlock::domains
