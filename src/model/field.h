// SPDX-License-Identifier: Apache-2.0
// The description of a struct's fields: one table, written once, from which come the tables and indexes of the stores,
// JSON in and out, validation, diffs, filters, sort keys, search, OpenAPI and the TypeScript types. Records, requests
// and answers are described in the same way:
//
//   struct Customer : RecordHeader { std::string name; std::optional<Id<User>> assigned_to; };
//   inline constexpr auto customer_fields = fields<Customer>(
//       field<&Customer::name>(required, max_bytes(200), mergeable, searchable),
//       field<&Customer::assigned_to>(reference<User>(OnDelete::clear)));
//
// Names come from the member pointers; a static_assert refuses a table that leaves out a member or changes the order.
// Generic code walks the run-time table (FieldInfo) instead of being instantiated for each type.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/limits.h"
#include "base/time.h"

namespace interlock {

struct RecordType;

/// JSON of any shape, kept as its compact text. For settings and payloads that only their owner understands.
struct JsonText {
  std::string text = "null";
  bool operator==(const JsonText&) const = default;
};

/// A reference to a record of any type: the type's number and the record's id.
struct Subject {
  std::uint16_t type = 0;
  Uuid id;
  auto operator<=>(const Subject&) const = default;
};

/// How a field's C++ type appears outside. In C++ order: std::string, std::int64_t, bool, Time, Id<T>, Subject,
/// std::vector<std::string>, JsonText, a described struct, a vector of described structs. std::optional<> makes any of
/// the first six nullable.
enum class FieldKind : std::uint8_t {
  text,
  integer,
  boolean,
  time,
  reference,
  subject,
  text_list,
  json,
  object,
  object_list
};

/// What happens to a record whose reference points to one that is deleted.
enum class OnDelete : std::uint8_t { refuse, cascade, clear };

struct FieldInfo;

/// A described struct that is no record: a request, an answer or a part of one.
struct StructInfo {
  std::span<const FieldInfo> fields;
  std::size_t size = 0;
  std::size_t align = 0;
  void (*construct)(void*) = nullptr;
  void (*destroy)(void*) = nullptr;
};

struct FieldInfo {
  std::string_view name;
  std::string_view json_key;  ///< `,"name":`
  FieldKind kind = FieldKind::text;
  bool nullable = false;
  /// Address of the member in a struct of the described type.
  void* (*address)(void* object) = nullptr;

  bool required = false;    ///< must be present and not empty when a record is created, or in a request
  bool mergeable = false;   ///< a stale update of it may be merged
  bool searchable = false;  ///< part of the full-text search
  bool indexed = false;     ///< the store keeps an index: fit for filters and sorting of large collections
  bool unique = false;      ///< no two live records of the tenant share a value that is not empty
  bool secret = false;      ///< stored, never shown: not in answers, log, history, feed, export
  bool read_only = false;   ///< set by operations, not by create and update requests
  bool fixed = false;       ///< set at creation only
  std::int64_t min = INT64_MIN;
  std::int64_t max = INT64_MAX;
  std::size_t bytes_max = limits::text_bytes_max_default;  ///< of a text, of each item of a list, of a JSON text
  std::size_t items_max = limits::tags_max;                ///< of a list
  std::span<const std::string_view> one_of = {};           ///< the only values of a text, if not empty
  const RecordType& (*refers_to)() = nullptr;              ///< of a reference
  OnDelete on_delete = OnDelete::refuse;
  /// Of object and object_list: the described struct; `record` is set when it is a record (its header is shown too).
  const StructInfo& (*object)() = nullptr;
  const RecordType* (*record)() = nullptr;
  std::size_t (*list_size)(const void* list) = nullptr;                     ///< of object_list
  const void* (*list_item)(const void* list, std::size_t index) = nullptr;  ///< of object_list

  void* in(void* object_) const { return address(object_); }
  const void* in(const void* object_) const { return address(const_cast<void*>(object_)); }
  template <class T>
  T& at(void* object_) const {
    return *static_cast<T*>(in(object_));
  }
  template <class T>
  const T& at(const void* object_) const {
    return *static_cast<const T*>(in(object_));
  }
};

// ---- attributes of a field

inline constexpr auto required = [](FieldInfo& f) { f.required = true; };
inline constexpr auto mergeable = [](FieldInfo& f) { f.mergeable = true; };
inline constexpr auto searchable = [](FieldInfo& f) { f.searchable = true; };
inline constexpr auto indexed = [](FieldInfo& f) { f.indexed = true; };
inline constexpr auto unique = [](FieldInfo& f) { f.unique = f.indexed = true; };
inline constexpr auto secret = [](FieldInfo& f) { f.secret = f.read_only = true; };
inline constexpr auto read_only = [](FieldInfo& f) { f.read_only = true; };
inline constexpr auto fixed = [](FieldInfo& f) { f.fixed = true; };
constexpr auto max_bytes(std::size_t n) {
  return [n](FieldInfo& f) { f.bytes_max = n; };
}
constexpr auto between(std::int64_t low, std::int64_t high) {
  return [low, high](FieldInfo& f) { f.min = low, f.max = high; };
}
/// `values` must have static storage.
constexpr auto one_of(std::span<const std::string_view> values) {
  return [values](FieldInfo& f) { f.one_of = values; };
}

/// Every record struct T has a `const RecordType& type_of(const T*)` found by argument-dependent look-up; see record.h.
template <class T>
const RecordType& type_of() {
  return record_type_of(static_cast<const T*>(nullptr));
}

template <class T>
constexpr auto reference(OnDelete on_delete) {
  return [on_delete](FieldInfo& f) {
    f.refers_to = &type_of<T>;
    f.on_delete = on_delete;
    f.indexed = true;
  };
}

namespace detail {

template <auto Member>
constexpr std::string_view member_name() {
  // GCC: "... [with auto Member = &interlock::Customer::name; ...]", clang: "... [Member = &interlock::Customer::name]"
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(text.find("Member = ") + 9);
  text = text.substr(0, text.find_first_of(";]"));
  if (text.ends_with(')')) text.remove_suffix(1);
  return text.substr(text.rfind(':') + 1);
}

/// `,"name":` of a member, as JSON writes it.
template <auto Member>
inline constexpr auto json_key = [] {
  constexpr auto name = member_name<Member>();
  std::array<char, name.size() + 4> key{',', '"'};
  for (std::size_t i = 0; i < name.size(); ++i) key[i + 2] = name[i];
  key[name.size() + 2] = '"', key[name.size() + 3] = ':';
  return key;
}();

template <class M>
struct MemberOf;
template <class C, class M>
struct MemberOf<M C::*> {
  using Class = C;
  using Type = M;
};

/// What a field has by its member alone: names and place.
template <auto Member>
constexpr FieldInfo member_info() {
  FieldInfo info;
  info.name = member_name<Member>();
  info.json_key = {json_key<Member>.data(), json_key<Member>.size()};
  info.address = [](void* object) -> void* {
    return &(static_cast<typename MemberOf<decltype(Member)>::Class*>(object)->*Member);
  };
  return info;
}

template <class T>
struct Unwrapped {
  using Type = T;
  static constexpr bool nullable = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
  static constexpr bool nullable = true;
};

template <class T>
inline constexpr bool is_id = false;
template <class T>
inline constexpr bool is_id<Id<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

/// Found by argument-dependent look-up for every described struct (the macro DESCRIBED in record.h makes it).
template <class T>
const StructInfo& struct_info() {
  return struct_info_of(static_cast<const T*>(nullptr));
}
template <class T>
const RecordType* maybe_record_type() {
  if constexpr (requires { record_type_of(static_cast<const T*>(nullptr)); })
    return &record_type_of(static_cast<const T*>(nullptr));
  else
    return nullptr;
}

template <class T>
constexpr void set_kind(FieldInfo& f) {
  if constexpr (std::is_same_v<T, std::string>) {
    f.kind = FieldKind::text;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    f.kind = FieldKind::integer;
  } else if constexpr (std::is_same_v<T, bool>) {
    f.kind = FieldKind::boolean;
  } else if constexpr (std::is_same_v<T, Time>) {
    f.kind = FieldKind::time;
  } else if constexpr (is_id<T>) {
    f.kind = FieldKind::reference;
  } else if constexpr (std::is_same_v<T, Subject>) {
    f.kind = FieldKind::subject;
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    f.kind = FieldKind::text_list;
    f.bytes_max = limits::tag_bytes_max;
  } else if constexpr (std::is_same_v<T, JsonText>) {
    f.kind = FieldKind::json;
  } else if constexpr (is_vector<T>) {
    using Item = typename T::value_type;
    f.kind = FieldKind::object_list;
    f.object = &struct_info<Item>;
    f.record = &maybe_record_type<Item>;
    f.list_size = [](const void* list) { return static_cast<const T*>(list)->size(); };
    f.list_item = [](const void* list, std::size_t i) -> const void* { return &(*static_cast<const T*>(list))[i]; };
  } else {
    f.kind = FieldKind::object;
    f.object = &struct_info<T>;
    f.record = &maybe_record_type<T>;
  }
}

/// A field on its way into the table: keeps the member's type for the static_assert.
template <class C, class M>
struct TypedField {
  FieldInfo info;
};

}  // namespace detail

template <auto Member, class... Attributes>
constexpr auto field(Attributes... attributes) {
  using Parts = detail::MemberOf<decltype(Member)>;
  using Plain = detail::Unwrapped<typename Parts::Type>;
  FieldInfo info = detail::member_info<Member>();
  info.nullable = Plain::nullable;
  detail::set_kind<typename Plain::Type>(info);
  (attributes(info), ...);
  return detail::TypedField<typename Parts::Class, typename Parts::Type>{info};
}

struct RecordHeader;

/// The field table of T, in the order of its members.
template <class T, class... Members>
constexpr std::array<FieldInfo, sizeof...(Members)> fields(detail::TypedField<T, Members>... typed) {
  if constexpr (std::is_base_of_v<RecordHeader, T>) {
    static_assert(
        requires {
          T{{}, std::declval<Members>()...};
        }, "the field table does not follow the struct's order");
    static_assert(
        !requires {
          T{{}, std::declval<Members>()..., {}};
        }, "the field table leaves out a member");
  } else {
    static_assert(
        requires { T{std::declval<Members>()...}; }, "the field table does not follow the struct's order");
    static_assert(
        !requires {
          T{std::declval<Members>()..., {}};
        }, "the field table leaves out a member");
  }
  return {typed.info...};
}

}  // namespace interlock
