// SPDX-License-Identifier: Apache-2.0
#include "domains/references.h"

#include "base/time.h"

namespace interlock::domains {

void require_reference(Tx& tx, const RecordType& type, const Uuid& id, std::string_view field) {
  if (may_see(tx, tx.actor(), {type.number, id})) return;
  throw Refusal(ErrorCode::unknown_reference, "there is no such " + std::string(type.name))
      .at_field(std::string(field));
}

void check_date(std::optional<std::string>& date, std::string_view field) {
  if (!date) return;
  if (date->empty())
    date.reset();
  else if (date->size() != 10 || !parse_rfc3339(*date + "T00:00:00Z"))
    throw Refusal(ErrorCode::invalid_value, "a date is a day of the calendar: YYYY-MM-DD").at_field(std::string(field));
}

}  // namespace interlock::domains
