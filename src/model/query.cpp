// SPDX-License-Identifier: Apache-2.0
#include "model/query.h"

#include <algorithm>

namespace interlock {

namespace {

bool ordered(Comparison comparison, const Value& left, const Value& right) {
  switch (comparison) {
    case Comparison::equal:
      return left == right;
    case Comparison::not_equal:
      return left != right;
    case Comparison::less:
      return left < right;
    case Comparison::less_or_equal:
      return left <= right;
    case Comparison::greater:
      return left > right;
    case Comparison::greater_or_equal:
      return left >= right;
    case Comparison::one_of:
    case Comparison::contains:
    case Comparison::is_null:
      break;
  }
  return false;
}

}  // namespace

bool matches(const Condition& condition, const void* record) {
  const Value value = value_of(*condition.field, record);
  const bool absent = std::holds_alternative<std::monostate>(value);
  switch (condition.comparison) {
    case Comparison::is_null:
      return absent;
    case Comparison::one_of:
      return std::find(condition.values.begin(), condition.values.end(), value) != condition.values.end();
    case Comparison::contains: {
      const auto* items = std::get_if<std::vector<std::string>>(&value);
      const auto* wanted = std::get_if<std::string>(&condition.values.front());
      return items != nullptr && wanted != nullptr && std::find(items->begin(), items->end(), *wanted) != items->end();
    }
    case Comparison::not_equal:
      return value != condition.values.front();
    case Comparison::equal:
    case Comparison::less:
    case Comparison::less_or_equal:
    case Comparison::greater:
    case Comparison::greater_or_equal:
      // As in SQL: an absent value is neither more nor less than anything.
      return !absent && ordered(condition.comparison, value, condition.values.front());
  }
  return false;
}

bool matches(const Query& query, const void* record) {
  const bool deleted = header(record).deleted_at.has_value();
  if (query.only_deleted ? !deleted : deleted && !query.include_deleted) return false;
  const auto holds = [record](const Condition& c) { return matches(c, record); };
  if (!std::all_of(query.conditions.begin(), query.conditions.end(), holds)) return false;
  return !query.scope || std::any_of(query.scope->any_of.begin(), query.scope->any_of.end(), holds);
}

}  // namespace interlock
