// SPDX-License-Identifier: Apache-2.0
#include "model/transition_table.h"

#include <algorithm>

namespace interlock {

bool TransitionTable::has_state(std::string_view state) const {
  return std::find(states.begin(), states.end(), state) != states.end();
}

std::optional<std::string_view> TransitionTable::next(std::string_view state, std::string_view event) const {
  for (const auto& t : transitions)
    if (t.from == state && t.event == event) return t.to;
  return std::nullopt;
}

bool TransitionTable::leads(std::string_view from, std::string_view to) const {
  return std::any_of(transitions.begin(), transitions.end(),
                     [&](const auto& t) { return t.from == from && t.to == to; });
}

void move(const TransitionTable& table, std::string& status, std::string_view event) {
  if (const auto to = table.next(status, event)) {
    status = *to;
    return;
  }
  std::string possible;
  for (const auto& t : table.transitions)
    if (t.from == status) possible += (possible.empty() ? "" : ", ") + std::string(t.event);
  throw Refusal(ErrorCode::no_transition, "from " + status + " one cannot " + std::string(event) +
                                              (possible.empty() ? "; nothing is possible" : "; possible: " + possible))
      .at_field("status");
}

}  // namespace interlock
