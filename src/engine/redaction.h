// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"

namespace interlock::engine {

/// The text of a change's state or of a stored answer without one person's values: in every object that is the record
/// (its `id` says so), the fields are empty. A problem document that names the record loses them at any depth, since
/// `yours` of a conflict has no id. Everything else stays as it was, byte for byte.
std::string redacted_text(const RecordType& type, const Uuid& id, const std::vector<const FieldInfo*>& fields,
                          std::string_view text);

}  // namespace interlock::engine
