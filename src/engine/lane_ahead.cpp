// SPDX-License-Identifier: Apache-2.0
// What a group is known to read before it runs.
#include "engine/lane.h"

namespace interlock::engine {
namespace {

/// Ids at the top of a request, alone or in a list.
void add_records(const Json& value, std::size_t& left, store::Ahead& ahead) {
  if (left == 0) return;
  if (const auto* text = value.if_text()) {
    const auto subject = parse_subject(*text);
    if (!subject) return;
    ahead.records.emplace_back(record_type_by_number(subject->type), subject->id);
    --left;
  } else if (const auto* items = value.if_array()) {
    for (const auto& item : *items) add_records(item, left, ahead);
  }
}

}  // namespace

store::Ahead ahead_of(const std::vector<std::unique_ptr<LaneItem>>& items) {
  store::Ahead ahead;
  std::size_t left = limits::ahead_records_max;
  for (const auto& item : items) {
    const auto& submission = item->submission;
    const auto owner = digest16(submission.caller.key_owner());
    if (!submission.key.empty()) ahead.keys.push_back(store::key_digest(submission.key, owner));
    for (const auto& step : submission.steps) {
      if (!step.key.empty()) ahead.keys.push_back(store::key_digest(step.key, owner));
      const auto* members = step.request.if_object();
      if (members == nullptr) continue;
      for (const auto& member : *members) add_records(member.second, left, ahead);
    }
  }
  return ahead;
}

}  // namespace interlock::engine
