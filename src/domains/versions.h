// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "model/record.h"

namespace interlock::domains {

/// Named transitions take an optional version: throws Refusal stale_version, with the record as `current`, if one is
/// given and is not the record's.
void require_version(const RecordType& type, const void* record, std::optional<std::int64_t> version);

template <class T>
void require_version(const T& record, std::optional<std::int64_t> version) {
  require_version(type_of<T>(), &record, version);
}

/// `"current":{…}` for Refusal::with_extra.
std::string current_member(const RecordType& type, const void* record);

}  // namespace interlock::domains
