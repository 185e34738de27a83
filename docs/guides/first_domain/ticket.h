// SPDX-License-Identifier: Apache-2.0
// [description]
#pragma once

#include "model/operation.h"
#include "model/record.h"
#include "model/transition_table.h"

namespace interlock::guide {

/// Something that a visitor reported and somebody repairs.
struct Ticket : RecordHeader {
  std::string title;
  std::string place;
  std::string status;  ///< open, repaired, closed
  std::int64_t cost_minor = 0;
};
INTERLOCK_RECORD(Ticket)

inline constexpr auto ticket_fields =
    fields<Ticket>(field<&Ticket::title>(required, max_bytes(200), mergeable, searchable),
                   field<&Ticket::place>(max_bytes(100), mergeable, indexed), field<&Ticket::status>(read_only),
                   field<&Ticket::cost_minor>(between(0, 1'000'000'00), mergeable));

struct Repair {
  Id<Ticket> id;
  std::int64_t cost_minor = 0;
};
inline const auto repair_fields = fields<Repair>(field<&Repair::id>(required, reference<Ticket>(OnDelete::refuse)),
                                                 field<&Repair::cost_minor>(between(0, 1'000'000'00)));
INTERLOCK_STRUCT(Repair, repair_fields)

extern const TransitionTable ticket_transitions;

/// Notes the repair and its cost. Refuses: not_found, no_transition.
Ticket repair(Tx& tx, const Repair& request);

}  // namespace interlock::guide
// [description]
