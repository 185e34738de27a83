// SPDX-License-Identifier: Apache-2.0
// A Query as SQL. Which index leads is decided here and not by SQLite, which knows no counts: a search or an
// indexed equality leads where it has few rows (counted, up to limits::few_rows_max); else the sort's index leads and
// the rest filters, so that a page of a large list reads little more than the page.
#pragma once

#include <deque>
#include <string>

#include "store/query_sql.h"
#include "store/sqlite/table.h"

namespace interlock::store::sqlite {

class Question final : public QuerySql {
 public:
  Question(Connection& connection, const TableLayout& layout, const Query& query);

  /// A search without a word in it: no row answers.
  bool is_empty() const { return empty_; }
  /// The statement with everything bound, about to be stepped; rows are TableLayout::columns, or one number.
  Statement& rows();
  Statement& count();

 private:
  struct Bound {
    const FieldInfo* field;
    const Value* value;
  };

  void choose_leader();
  bool has_few_rows(const Condition& condition);
  bool finds_few_rows();
  std::string column(const FieldInfo& field) const override;
  std::string parameter(const FieldInfo& field, const Value& value) override;
  std::string contains(const FieldInfo& field, const Value& item) override;
  std::string row_of(const std::string& id) override;
  std::string from();
  std::string order() const;
  void bind(Statement& statement);

  Connection& connection_;
  const TableLayout& layout_;
  bool empty_ = false;
  std::string match_;
  bool search_leads_ = false;
  const FieldInfo* leader_ = nullptr;  // an equality's field; nullptr: the sort leads
  std::deque<Bound> bound_;
  std::deque<Value> own_values_;
  std::deque<std::string> scratch_;
};

}  // namespace interlock::store::sqlite
