// SPDX-License-Identifier: Apache-2.0
#include "store/query_sql.h"

#include "base/check.h"

namespace interlock::store {

bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

std::string QuerySql::one_of(const Condition& condition, const std::string& name) {
  std::string list;
  bool or_null = false;
  for (const auto& value : condition.values) {
    if (is_null(value)) {
      or_null = true;
      continue;
    }
    list += (list.empty() ? "" : ", ") + parameter(*condition.field, value);
  }
  const std::string in = list.empty() ? "false" : name + " in (" + list + ")";
  return "(" + in + (or_null ? " or " + name + " is null" : "") + ")";
}

std::string QuerySql::one(const Condition& condition) {
  const auto& field = *condition.field;
  const std::string name = column(field);
  const auto compared = [&](const char* sign) { return name + sign + parameter(field, condition.values.front()); };
  switch (condition.comparison) {
    case Comparison::equal:
      return compared(" = ");
    case Comparison::not_equal:
      return compared(" is distinct from ");
    case Comparison::less:
      return compared(" < ");
    case Comparison::less_or_equal:
      return compared(" <= ");
    case Comparison::greater:
      return compared(" > ");
    case Comparison::greater_or_equal:
      return compared(" >= ");
    case Comparison::one_of:
      return one_of(condition, name);
    case Comparison::contains:
      return contains(field, condition.values.front());
    case Comparison::is_null:
      return name + " is null";
  }
  INVARIANT(!"unknown comparison");
  return {};
}

std::string QuerySql::restrictions() {
  std::string sql;
  if (query_.only_deleted) {
    sql += " and r.deleted_at is not null";
  } else if (!query_.include_deleted) {
    sql += " and r.deleted_at is null";
  }
  for (const auto& condition : query_.conditions) sql += " and " + one(condition);
  if (query_.scope) {
    std::string any = "false";
    for (const auto& condition : query_.scope->any_of) any += " or " + one(condition);
    sql += " and (" + any + ")";
  }
  return sql;
}

std::string QuerySql::after() {
  const auto& start = *query_.after;
  const std::string beyond = query_.descending ? " < " : " > ";
  after_id_ = start.id;
  const std::string id = parameter(header_field::id(), after_id_);
  if (sorts_by_id()) return "r.id" + beyond + id;
  const std::string name = column(*query_.sort);
  // A row that was erased meanwhile has no number: its ties come again rather than never.
  const std::string row = "coalesce(" + row_of(id) + ", " + (query_.descending ? "9223372036854775807" : "0") + ")";
  if (is_null(start.sort_value)) {
    const std::string same = "(" + name + " is null and r.n" + beyond + row + ")";
    return query_.descending ? same : "(" + name + " is not null or " + same + ")";
  }
  const std::string value = parameter(*query_.sort, start.sort_value);
  const std::string later = "(" + name + ", r.n)" + beyond + "(" + value + ", " + row + ")";
  return query_.descending && query_.sort->nullable ? "(" + later + " or " + name + " is null)" : later;
}

}  // namespace interlock::store
