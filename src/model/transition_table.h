// SPDX-License-Identifier: Apache-2.0
// The states of a record and the moves between them, as data. Fixed tables stand in the code as `constexpr`; those of
// customers and leads are tenant data and are checked by the same rules (see domains/crm).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace interlock {

struct Transition {
  std::string_view from;
  std::string_view event;
  std::string_view to;
};

struct TransitionTable {
  std::span<const std::string_view> states;  ///< the first is the initial one
  std::span<const Transition> transitions;   ///< at most one for a state and an event

  std::string_view initial() const { return states.front(); }
  bool has_state(std::string_view state) const;
  /// The state that `event` leads to from `state`; nothing where the table has no such move.
  std::optional<std::string_view> next(std::string_view state, std::string_view event) const;
  /// Whether any event leads from one to the other.
  bool leads(std::string_view from, std::string_view to) const;
};

/// Moves `status` by `event`, or throws Refusal no_transition that names both and the events that are possible.
void move(const TransitionTable& table, std::string& status, std::string_view event);

}  // namespace interlock
