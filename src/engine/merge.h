// SPDX-License-Identifier: Apache-2.0
// Stale updates: three-way merge per field. Your change is the set of fields in which yours differs from the base; it
// is applied on top of what is there now if every one of them is mergeable and none of them was changed to something
// else meanwhile. Equal values never clash. Otherwise the refusal carries base, current, yours and the clashing fields.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/unit_of_work.h"

namespace interlock::engine {

/// The state that a change says it was based on.
struct Base {
  bool any = false;  ///< on purpose: whatever is there
  std::optional<std::int64_t> version;
  std::optional<Time> updated_at;  ///< compared at millisecond precision

  bool given() const { return any || version || updated_at; }
};

struct Patch {
  explicit Patch(const RecordType& type) : values(type) {}

  RecordBox values;
  std::vector<const FieldInfo*> given;                                 ///< which of the values count
  std::vector<std::pair<const FieldInfo*, std::string>> unchangeable;  ///< read-only fields as sent
  Base base;
  bool merge = true;
};

struct PatchedRecord {
  RecordBox record;
  bool changed = false;
  bool merged = false;
};

/// What the record becomes. Throws Refusal stale_version, precondition_invalid (version and updated_at disagree).
PatchedRecord apply_patch(UnitOfWork& work, const RecordBox& current, const Patch& patch);

/// Throws Refusal stale_version unless `base` is absent, any, or what is there now.
void refuse_if_stale(UnitOfWork& work, const RecordBox& current, const Base& base);

}  // namespace interlock::engine
