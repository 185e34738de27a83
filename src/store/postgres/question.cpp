// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/question.h"

#include <algorithm>

#include "base/check.h"
#include "store/postgres/search.h"

namespace interlock::store::postgres {
namespace {

bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }
bool by_id(const Query& query) { return query.sort == nullptr || query.sort->name == "id"; }

}  // namespace

Question::Question(const TableLayout& layout, const Uuid& tenant, const Query& query) : layout_(layout), query_(query) {
  parameters_.id(tenant);
  if (query.search.empty()) return;
  words_ = search_query(tenant, query.search);
  empty_ = words_.empty() || layout.search.empty();
}

std::string Question::column(const FieldInfo& field) const { return "r." + quoted(field.name); }

std::string Question::parameter(const FieldInfo& field, const Value& value) {
  add_value(parameters_, field, value);
  return "$" + std::to_string(parameters_.size());
}

std::string Question::one_of(const Condition& condition, const std::string& name) {
  std::string list;
  bool or_null = false;
  for (const auto& value : condition.values) {
    if (is_null(value)) {
      or_null = true;
      continue;
    }
    list += (list.empty() ? "" : ", ") + parameter(*condition.field, value);
  }
  if (list.empty()) return or_null ? "(" + name + " is null)" : "false";
  return "(" + name + " in (" + list + ")" + (or_null ? " or " + name + " is null" : "") + ")";
}

std::string Question::one(const Condition& condition) {
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
      parameters_.text(std::get<std::string>(condition.values.front()));
      return name + " ? $" + std::to_string(parameters_.size());
    case Comparison::is_null:
      return name + " is null";
  }
  INVARIANT(!"unknown comparison");
  return {};
}

/// Rows after the last one of the page before, in the order of order().
std::string Question::after() {
  const auto& start = *query_.after;
  const std::string beyond = query_.descending ? " < " : " > ";
  const std::string id = parameter(header_field::id(), start.id);
  if (by_id(query_)) return "r.id" + beyond + id;
  const std::string name = column(*query_.sort);
  // A row that was erased meanwhile has no number: its ties come again rather than never.
  const std::string row = "coalesce((select n from " + layout_.table + " where lane = $1 and id = " + id + "), " +
                          (query_.descending ? "9223372036854775807" : "0") + ")";
  if (is_null(start.sort_value)) {
    const std::string same = "(" + name + " is null and r.n" + beyond + row + ")";
    return query_.descending ? same : "(" + name + " is not null or " + same + ")";
  }
  const std::string value = parameter(*query_.sort, start.sort_value);
  const std::string later = "(" + name + ", r.n)" + beyond + "(" + value + ", " + row + ")";
  return query_.descending && query_.sort->nullable ? "(" + later + " or " + name + " is null)" : later;
}

std::string Question::order() const {
  const std::string down = query_.descending ? " desc" : "";
  if (by_id(query_)) return " order by r.id" + down;
  return " order by " + column(*query_.sort) + std::string(direction(*query_.sort, query_.descending)) + ", r.n" + down;
}

std::string Question::body() {
  std::string sql = " from " + layout_.table + " as r where r.lane = $1";
  const auto also = [&sql](const std::string& condition) { sql += " and " + condition; };
  if (!words_.empty()) {
    parameters_.text(words_);
    also("r.id in (select s.id from " + layout_.search + " as s where s.lane = $1 and s.words @@ $" +
         std::to_string(parameters_.size()) + "::tsquery)");
  }
  if (query_.only_deleted) {
    also("r.deleted_at is not null");
  } else if (!query_.include_deleted) {
    also("r.deleted_at is null");
  }
  for (const auto& condition : query_.conditions) also(one(condition));
  if (query_.scope) {
    std::string any = "false";
    for (const auto& condition : query_.scope->any_of) any += " or " + one(condition);
    also("(" + any + ")");
  }
  return sql;
}

const std::string& Question::rows() {
  sql_ = "select " + layout_.columns + body();
  if (query_.after) sql_ += " and " + after();
  sql_ += order();
  parameters_.integer(std::max<std::int64_t>(query_.limit, 0));
  return sql_ += " limit $" + std::to_string(parameters_.size());
}

const std::string& Question::count() { return sql_ = "select count(*)" + body(); }

}  // namespace interlock::store::postgres
