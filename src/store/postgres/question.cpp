// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/question.h"

#include <algorithm>

#include "store/columns.h"
#include "store/postgres/search.h"

namespace interlock::store::postgres {
Question::Question(const TableLayout& layout, const Uuid& tenant, const Query& query)
    : QuerySql(query), layout_(layout) {
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

std::string Question::contains(const FieldInfo& field, const Value& item) {
  parameters_.text(std::get<std::string>(item));
  return column(field) + " ? $" + std::to_string(parameters_.size());
}

std::string Question::row_of(const std::string& id) {
  return "(select n from " + layout_.table + " where lane = $1 and id = " + id + ")";
}

std::string Question::order() const {
  const std::string down = query_.descending ? " desc" : "";
  if (sorts_by_id()) return " order by r.id" + down;
  return " order by " + column(*query_.sort) + std::string(direction(*query_.sort, query_.descending)) + ", r.n" + down;
}

std::string Question::from() {
  std::string sql = " from " + layout_.table + " as r where r.lane = $1";
  if (words_.empty()) return sql;
  parameters_.text(words_);
  return sql + " and r.id in (select s.id from " + layout_.search + " as s where s.lane = $1 and s.words @@ $" +
         std::to_string(parameters_.size()) + "::tsquery)";
}

const std::string& Question::rows() {
  sql_ = "select " + layout_.columns + from() + restrictions();
  if (query_.after) sql_ += " and " + after();
  sql_ += order();
  parameters_.integer(std::max<std::int64_t>(query_.limit, 0));
  return sql_ += " limit $" + std::to_string(parameters_.size());
}

const std::string& Question::count() { return sql_ = "select count(*)" + from() + restrictions(); }

}  // namespace interlock::store::postgres
