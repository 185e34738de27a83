// SPDX-License-Identifier: Apache-2.0
// What the tables of both stores have in common: their names, which fields have an index, how a list of texts is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"

namespace interlock::store {

/// `records_customers`, for the collection's name.
std::string table_name(std::string_view prefix, const RecordType& type);
std::string quoted(std::string_view name);

/// The header's field that lists are sorted by, if it is one, then the type's own: those that are indexed or sorted by.
std::vector<const FieldInfo*> indexed_fields(const RecordType& type);
/// Whether an index begins with this column.
bool has_index(const RecordType& type, const FieldInfo& field);
bool is_searchable(const RecordType& type);

/// A list of texts as its JSON, and back.
void write_list(const std::vector<std::string>& items, std::string& out);
void read_list(std::string_view text, std::vector<std::string>& items);

/// The member itself, or nullptr if it is an empty optional.
template <class T>
const T* content(const FieldInfo& field, const void* record) {
  const void* at = field.in(record);
  if (!field.nullable) return static_cast<const T*>(at);
  const auto& optional = *static_cast<const std::optional<T>*>(at);
  return optional ? &*optional : nullptr;
}

/// The member, made present.
template <class T>
T& assigned(const FieldInfo& field, void* record) {
  void* at = field.in(record);
  return field.nullable ? static_cast<std::optional<T>*>(at)->emplace() : *static_cast<T*>(at);
}

}  // namespace interlock::store
