// SPDX-License-Identifier: Apache-2.0
// A Query as SQL, planned for its values by PostgreSQL, which knows their counts.
#pragma once

#include <string>

#include "store/postgres/table.h"
#include "store/query_sql.h"

namespace interlock::store::postgres {

class Question final : public QuerySql {
 public:
  Question(const TableLayout& layout, const Uuid& tenant, const Query& query);

  /// A search without a word in it: no row answers.
  bool is_empty() const { return empty_; }
  /// Rows are TableLayout::columns.
  const std::string& rows();
  const std::string& count();
  const Parameters& parameters() const { return parameters_; }

 private:
  std::string column(const FieldInfo& field) const override;
  std::string parameter(const FieldInfo& field, const Value& value) override;
  std::string contains(const FieldInfo& field, const Value& item) override;
  std::string row_of(const std::string& id) override;
  std::string from();
  std::string order() const;

  const TableLayout& layout_;
  bool empty_ = false;
  std::string words_;  // the search as a tsquery
  Parameters parameters_;
  std::string sql_;
};

}  // namespace interlock::store::postgres
