// SPDX-License-Identifier: Apache-2.0
// A tenant from one store to another, of any kind: ids, versions, sequences, history, keys and facts stay what they
// are.
#pragma once

#include <functional>

#include "model/schema.h"
#include "store/store.h"

namespace interlock::store {

/// What was copied, for whoever compares.
struct CopyCounts {
  std::int64_t records = 0, changes = 0, keys = 0, facts = 0;
  std::int64_t last_seq = 0;
  bool operator==(const CopyCounts&) const = default;
};

/// Writes everything that `from` shows into the open group of `to`, which must be a tenant without anything, by the
/// record types of the tenant's kind. `step` is called between steps and may throw to stop.
CopyCounts copy_tenant(Snapshot& from, Writer& to, const std::vector<const RecordType*>& types,
                       const std::function<void()>& step);

/// The record types that a tenant of this id may have records of.
const std::vector<const RecordType*>& types_of(const Schema& schema, TenantId tenant);

}  // namespace interlock::store
