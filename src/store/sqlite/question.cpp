// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/question.h"

#include <algorithm>

#include "base/limits.h"
#include "store/columns.h"
#include "store/sqlite/search.h"

namespace interlock::store::sqlite {
Question::Question(Connection& connection, const TableLayout& layout, const Query& query)
    : QuerySql(query), connection_(connection), layout_(layout) {
  if (!query.search.empty()) {
    match_ = match_expression(query.search);
    empty_ = match_.empty() || layout.search.empty();
  }
  if (empty_) return;
  search_leads_ = !match_.empty() && finds_few_rows();
  if (!search_leads_) choose_leader();
}

bool Question::finds_few_rows() {
  Use counted(connection_.statement("select count(*) from (select 1 from " + layout_.search + " where " +
                                    layout_.search + " match ?1 limit " + std::to_string(limits::few_rows_max + 1) +
                                    ")"));
  return counted->bind_text(1, match_).step() && counted->integer(0) <= limits::few_rows_max;
}

void Question::choose_leader() {
  for (const auto& condition : query_.conditions) {
    if (condition.comparison != Comparison::equal || is_null(condition.values.front())) continue;
    if (!has_index(*layout_.type, *condition.field)) continue;
    if (condition.field->name == "id" || has_few_rows(condition)) {
      leader_ = condition.field;
      return;
    }
  }
}

bool Question::has_few_rows(const Condition& condition) {
  const std::string name = quoted(condition.field->name);
  Use counted(connection_.statement("select count(*) from (select 1 from " + layout_.table + " where " + name +
                                    " = ?1 limit " + std::to_string(limits::few_rows_max + 1) + ")"));
  std::string scratch;
  bind_value(*counted, 1, *condition.field, condition.values.front(), scratch);
  return counted->step() && counted->integer(0) <= limits::few_rows_max;
}

/// The unary plus keeps SQLite from leading with this column's index.
std::string Question::column(const FieldInfo& field) const {
  const bool leads = &field == leader_ || (leader_ == nullptr && !search_leads_ && &field == query_.sort);
  return (leads || !has_index(*layout_.type, field) ? "r." : "+r.") + quoted(field.name);
}

std::string Question::parameter(const FieldInfo& field, const Value& value) {
  bound_.push_back({&field, &value});
  return "?" + std::to_string(bound_.size());
}

std::string Question::contains(const FieldInfo& field, const Value& item) {
  return "exists (select 1 from json_each(r." + quoted(field.name) +
         ") as item where item.value = " + parameter(field, item) + ")";
}

std::string Question::row_of(const std::string& id) {
  return "(select n from " + layout_.table + " where id = " + id + ")";
}

std::string Question::order() const {
  const std::string direction = query_.descending ? " desc" : "";
  if (sorts_by_id()) {
    return std::string(" order by ") + (leader_ == nullptr && !search_leads_ ? "r.id" : "+r.id") + direction;
  }
  return " order by " + column(*query_.sort) + direction + ", r.n" + direction;
}

/// Tables and the search's condition, with its `where`.
std::string Question::from() {
  if (match_.empty()) return " from " + layout_.table + " as r where true";
  own_values_.emplace_back(match_);
  const std::string match = layout_.search + " match " + parameter(header_field::id(), own_values_.back());
  if (search_leads_) {
    return " from " + layout_.search + " as found cross join " + layout_.table + " as r on r.n = found.rowid where " +
           match;
  }
  return " from " + layout_.table + " as r where +r.n in (select rowid from " + layout_.search + " where " + match +
         ")";
}

void Question::bind(Statement& statement) {
  for (std::size_t i = 0; i < bound_.size(); ++i) {
    bind_value(statement, static_cast<int>(i + 1), *bound_[i].field, *bound_[i].value, scratch_.emplace_back());
  }
}

Statement& Question::rows() {
  std::string columns = "r." + layout_.columns;
  for (std::size_t at = 0; (at = columns.find(", ", at)) != std::string::npos; at += 4) columns.insert(at + 2, "r.");
  std::string sql = "select " + columns + from() + restrictions();
  if (query_.after) sql += " and " + after();
  sql += order() + " limit ";
  own_values_.emplace_back(std::max<std::int64_t>(query_.limit, 0));
  sql += parameter(header_field::version(), own_values_.back());
  auto& statement = connection_.statement(sql);
  bind(statement);
  return statement;
}

Statement& Question::count() {
  auto& statement = connection_.statement("select count(*)" + from() + restrictions());
  bind(statement);
  return statement;
}

}  // namespace interlock::store::sqlite
