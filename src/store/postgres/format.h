// SPDX-License-Identifier: Apache-2.0
// The format of a database: major.minor in the table `format`, the tables that every tenant uses, and how a database
// comes to the format of this program.
//
// What only adds (tables, columns, indexes) needs no migration: it follows from the record descriptions, and programs
// of an older minor go on beside this one. Indexes of tables that exist are made concurrently, so that nobody waits for
// them. A database of a newer major is refused.
#pragma once

#include <optional>
#include <string>

#include "model/schema.h"
#include "store/postgres/connection.h"

namespace interlock::store::postgres {

inline constexpr int program_major = 1;
inline constexpr int program_minor = 0;

struct DatabaseFormat {
  int major = 0;
  int minor = 0;
};
/// The format that a database has; nothing for one that holds nothing of ours. Changes nothing. Throws StoreError.
std::optional<DatabaseFormat> format_of(const std::string& url, const std::string& schema_name);

/// Makes what is missing in `schema_name`, and the namespace itself; several nodes may do so at once. Throws
/// FormatTooNew, StoreError: the text says what a person can do (right to create, encoding).
void prepare_database(Connection& connection, const std::string& schema_name, const Schema* schema);

}  // namespace interlock::store::postgres
