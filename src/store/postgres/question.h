// SPDX-License-Identifier: Apache-2.0
// A Query as SQL, planned for its values by PostgreSQL, which knows their counts.
#pragma once

#include <string>

#include "model/query.h"
#include "store/postgres/table.h"

namespace interlock::store::postgres {

class Question {
 public:
  Question(const TableLayout& layout, const Uuid& tenant, const Query& query);

  /// A search without a word in it: no row answers.
  bool is_empty() const { return empty_; }
  /// Rows are TableLayout::columns.
  const std::string& rows();
  const std::string& count();
  const Parameters& parameters() const { return parameters_; }

 private:
  std::string column(const FieldInfo& field) const;
  std::string parameter(const FieldInfo& field, const Value& value);
  std::string one(const Condition& condition);
  std::string one_of(const Condition& condition, const std::string& name);
  std::string after();
  std::string order() const;
  std::string body();

  const TableLayout& layout_;
  const Query& query_;
  bool empty_ = false;
  std::string words_;  // the search as a tsquery
  Parameters parameters_;
  std::string sql_;
};

}  // namespace interlock::store::postgres
