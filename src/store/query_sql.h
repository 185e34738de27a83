// SPDX-License-Identifier: Apache-2.0
// What a Query means in SQL on either store; each says how it names columns, binds values and looks into lists. Rows
// are called r, and r.n counts them in the order in which they were created.
#pragma once

#include <string>

#include "model/query.h"

namespace interlock::store {

class QuerySql {
 public:
  explicit QuerySql(const Query& query) : query_(query) {}
  virtual ~QuerySql() = default;

 protected:
  /// The column, as a condition or an order names it.
  virtual std::string column(const FieldInfo& field) const = 0;
  /// What stands for a value in the statement; values are bound in this order, and live as long as this does.
  virtual std::string parameter(const FieldInfo& field, const Value& value) = 0;
  /// Whether a list of texts has the item.
  virtual std::string contains(const FieldInfo& field, const Value& item) = 0;
  /// The number of the row with this id; null if it is gone.
  virtual std::string row_of(const std::string& id) = 0;

  bool sorts_by_id() const { return query_.sort == nullptr || query_.sort->name == "id"; }
  /// ` and …` for deleted rows, conditions and scope.
  std::string restrictions();
  /// Rows after the last one of the page before. Null sorts before everything. Query::after must be set.
  std::string after();

  const Query& query_;

 private:
  Value after_id_;  // lives as long as what is bound

  std::string one(const Condition& condition);
  std::string one_of(const Condition& condition, const std::string& name);
};

bool is_null(const Value& value);

}  // namespace interlock::store
