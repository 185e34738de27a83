// SPDX-License-Identifier: Apache-2.0
// The format of a tenant's file: major.minor in `pragma user_version` (major << 16 | minor), the tables that every lane
// has, and how a file comes to the format of this program.
//
// What only adds (tables, columns, indexes) needs no migration: it follows from the record descriptions, and a program
// of an older minor runs on it. Everything else is a numbered migration; a backup is taken before the first one. A file
// of a newer major is refused.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "model/record.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/table.h"

namespace interlock::store::sqlite {

struct Format {
  int major = 1;
  int minor = 0;
  std::int64_t stored() const { return std::int64_t{major} << 16 | minor; }
  static Format of(std::int64_t stored) { return {static_cast<int>(stored >> 16), static_cast<int>(stored & 0xffff)}; }
};

/// The format that this program writes.
inline constexpr Format program_format{1, 0};
/// `pragma application_id`: "Ilck".
inline constexpr std::int64_t application_id = 0x496c636b;

/// Brings a file from the format before it to `to`; the SQL runs in one transaction with the new number.
struct Migration {
  Format to;
  std::string_view sql;
};

struct FormatOptions {
  Format program = program_format;
  std::span<const Migration> migrations;  ///< ascending; those beyond the file's format are run
  std::function<void()> backup;           ///< called before the first migration that runs
};

/// Makes the tables that every lane has, in an empty file. Throws.
void create_format(Connection& connection, const FormatOptions& options);
/// Refuses what is too new (FormatTooNew) or none of ours (Corrupt), runs migrations, and adds columns, indexes and
/// searches that these types' descriptions have and their tables, where they exist, do not. Throws.
void upgrade_format(Connection& connection, const FormatOptions& options, std::span<const RecordType* const> types);
/// Makes the type's table with its indexes, without its search; no error if it exists.
void create_record_table(Connection& connection, const TableLayout& layout);
/// Makes the type's search, or makes it anew if other fields are searched than before, from all records. Does nothing
/// for a type without searchable fields. Never within a savepoint: one that is rolled back would leave SQLite with a
/// virtual table whose commit fails.
void bring_search_up_to_date(Connection& connection, const TableLayout& layout);

}  // namespace interlock::store::sqlite
