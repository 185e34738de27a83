// SPDX-License-Identifier: Apache-2.0
// Transition tables that are tenant data: what a status of a customer may become. The same rules as
// model/transition_table.h, over the tenant's own rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domains/crm/status.h"
#include "model/tx.h"

namespace interlock::domains {

class StatusTable {
 public:
  /// The tenant's rows for the collection; the default table where there are none.
  static StatusTable load(Reader& reader, std::string_view collection);

  /// The open state with the lowest position (any state if none is open).
  const std::string& initial() const;
  /// nullptr if there is no such state.
  const Status* find(std::string_view name) const;
  /// Throws Refusal invalid_value (no state `to`) or no_transition, which names the moves that are possible.
  void check_move(std::string_view from, std::string_view to) const;
  /// Throws Refusal invalid_value if there is no such state.
  void check_state(std::string_view name) const;

 private:
  std::vector<Status> rows_;
};

/// new → contacted → qualified → active → inactive, and back: contacted → new, qualified → contacted, active →
/// qualified, inactive → active or contacted.
std::vector<Status> default_statuses();

/// Writes the default rows if the tenant has none.
void seed_statuses(Tx& tx);

/// before_save of statuses. Refuses: not_unique (name within the collection), referenced (deleting a state that records
/// are in), too_many.
void check_status_record(Tx& tx, const void* before, void* after);

}  // namespace interlock::domains
