// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "model/tx.h"

namespace interlock::domains {

/// Throws Refusal unknown_reference with the field's name unless there is such a record and the caller sees it: an
/// invisible one is as unknown as one that does not exist.
void require_reference(Tx& tx, const RecordType& type, const Uuid& id, std::string_view field);

template <class T>
void require_reference(Tx& tx, Id<T> id, std::string_view field) {
  require_reference(tx, type_of<T>(), id.uuid, field);
}

/// Throws Refusal invalid_value with the field's name unless the text is a day of the calendar, YYYY-MM-DD; an empty
/// one becomes none.
void check_date(std::optional<std::string>& date, std::string_view field);

}  // namespace interlock::domains
