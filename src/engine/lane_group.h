// SPDX-License-Identifier: Apache-2.0
// Inside the lane only: the state of one group and of one unit of it (what shares one key and succeeds or fails as a
// whole).
#pragma once

#include "engine/lane.h"

namespace interlock::engine {

struct Lane::GroupState {
  std::vector<std::unique_ptr<LaneItem>> items;
  std::vector<Answer> answers;  ///< by item
  LaneCounters counters;
  Published published;
  std::optional<Time> wake;
  bool replaces_wake = false;    ///< `wake` may be later than what is persisted: it is written after the commit
  std::size_t current = 0;       ///< item that is being executed
  std::size_t current_unit = 0;  ///< its unit
  bool failed = false;           ///< all answers are set already
  bool committed = false;

  void reset(const LaneCounters& at) {
    answers.assign(items.size(), Answer{});
    counters = at;
    published = Published{};
    wake.reset();
    replaces_wake = false;
    failed = committed = false;
  }

  /// The current unit broke the group: it is told so and is left out of the next run.
  void set_aside_culprit(const std::string& why);
};

/// One step, or all steps of an atomic batch.
struct Lane::Unit {
  const LaneItem& item;
  std::size_t first = 0;
  std::size_t count = 1;
  const std::string& key;
  Digest16 fingerprint{};
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, Json>>* named_answers = nullptr;
  std::string owner;
  Digest16 key_digest{};
};

}  // namespace interlock::engine
