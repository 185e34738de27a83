// SPDX-License-Identifier: Apache-2.0
// A bounded question to one collection, as data: both stores and the simulator's model answer it alike.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/record.h"

namespace interlock {

enum class Comparison : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  one_of,    ///< value equals one of `values`
  contains,  ///< a text_list has the item
  is_null,
};

struct Condition {
  const FieldInfo* field = nullptr;
  Comparison comparison = Comparison::equal;
  std::vector<Value> values;  ///< one, several for one_of, none for is_null
};

/// What an actor sees whose scope is not `all`: rows that meet any of the conditions; without one, none.
struct ScopeFilter {
  std::vector<Condition> any_of;
};

/// Where a page ends: sort value and id of its last row. What follows it comes next; equals stand as they were created.
struct PageStart {
  Value sort_value;
  Uuid id;
};

struct Query {
  std::vector<Condition> conditions;  ///< all must hold
  std::optional<ScopeFilter> scope;
  std::string search;               ///< every word must begin a word of a searchable field; empty: no search
  const FieldInfo* sort = nullptr;  ///< nullptr: by id
  bool descending = false;
  std::optional<PageStart> after;
  std::int64_t limit = limits::list_items_max;
  bool include_deleted = false;
  bool only_deleted = false;

  Query&& with(const FieldInfo& field, Comparison comparison, Value value) && {
    conditions.push_back({&field, comparison, {std::move(value)}});
    return std::move(*this);
  }
  Query&& order_by(const FieldInfo& field, bool down = false) && {
    sort = &field;
    descending = down;
    return std::move(*this);
  }
  Query&& at_most(std::int64_t n) && {
    limit = n;
    return std::move(*this);
  }
};

/// Whether a record in memory answers the conditions and the scope of a query (not its search): what stores do in SQL.
bool matches(const Query& query, const void* record);
bool matches(const Condition& condition, const void* record);

namespace detail {
template <class T>
Value to_value(const T& v) {
  if constexpr (std::is_same_v<T, Time>)
    return v.us;
  else if constexpr (is_id<T>)
    return v.uuid;
  else if constexpr (std::is_same_v<T, Subject>)
    return subject_bytes(v);
  else if constexpr (std::is_convertible_v<T, std::string_view>)
    return std::string(std::string_view(v));
  else
    return Value(v);
}
}  // namespace detail

/// `where(&Booking::transaction) == id`: a query from one condition; join more with `&&`.
template <class C, class M>
class Where {
 public:
  explicit Where(const FieldInfo& f) : field_(f) {}
  template <class V>
  Query operator==(const V& v) const {
    return Query{}.with(field_, Comparison::equal, detail::to_value(v));
  }
  template <class V>
  Query operator!=(const V& v) const {
    return Query{}.with(field_, Comparison::not_equal, detail::to_value(v));
  }
  template <class V>
  Query operator<(const V& v) const {
    return Query{}.with(field_, Comparison::less, detail::to_value(v));
  }
  template <class V>
  Query operator<=(const V& v) const {
    return Query{}.with(field_, Comparison::less_or_equal, detail::to_value(v));
  }
  template <class V>
  Query operator>(const V& v) const {
    return Query{}.with(field_, Comparison::greater, detail::to_value(v));
  }
  template <class V>
  Query operator>=(const V& v) const {
    return Query{}.with(field_, Comparison::greater_or_equal, detail::to_value(v));
  }

 private:
  const FieldInfo& field_;
};

/// The description of a member, found by its address in a sample object. T is the record struct.
template <class T, class M>
const FieldInfo& field_of(M T::*member) {
  static const RecordBox sample(type_of<T>());
  auto* object = static_cast<T*>(const_cast<void*>(sample.get()));
  for (const auto& f : type_of<T>().fields())
    if (f.in(static_cast<void*>(object)) == static_cast<void*>(&(object->*member))) return f;
  std::abort();
}

template <class T, class M>
Where<T, M> where(M T::*member) {
  return Where<T, M>(field_of(member));
}

inline Query operator&&(Query a, Query b) {
  for (auto& c : b.conditions) a.conditions.push_back(std::move(c));
  return a;
}

}  // namespace interlock
