// SPDX-License-Identifier: Apache-2.0
// [behaviour]
#include "ticket.h"

namespace interlock::guide {

namespace {

constexpr std::string_view states[] = {"open", "repaired", "closed"};
constexpr Transition transitions[] = {
    {"open", "repair", "repaired"},
    {"repaired", "close", "closed"},
    {"repaired", "reopen", "open"},
};

void check_ticket(Tx&, const void* before, void* after) {
  auto& ticket = *static_cast<Ticket*>(after);
  if (before == nullptr) ticket.status = ticket_transitions.initial();
}

}  // namespace

const TransitionTable ticket_transitions{states, transitions};

const RecordType& record_type_of(const Ticket*) {
  static const RecordType type =
      make_record_type<Ticket>(900, "ticket", "tickets", ticket_fields, {.before_save = &check_ticket});
  return type;
}

Ticket repair(Tx& tx, const Repair& request) {
  auto ticket = tx.require<Ticket>(request.id);
  move(ticket_transitions, ticket.status, "repair");  // the transition table says no, or it happens
  ticket.cost_minor = request.cost_minor;
  tx.save(ticket);
  return ticket;
}

}  // namespace interlock::guide
// [behaviour]
