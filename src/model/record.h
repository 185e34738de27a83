// SPDX-License-Identifier: Apache-2.0
// A record is a plain struct that begins with a RecordHeader; a RecordType is its run-time description.
#pragma once

#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/field.h"

namespace interlock {

class Tx;

/// What every record has. Set by the engine only.
struct RecordHeader {
  Uuid id;
  std::int64_t version = 0;  ///< 1 after creation; every change adds one
  Time created_at;
  Time updated_at;  ///< max(now, previous + 1 ms): strictly rising per record at millisecond precision
  Uuid created_by;  ///< user's id; nil for the system and for anonymous callers
  std::optional<Time> deleted_at;
  std::int64_t last_seq = 0;  ///< sequence of the record's newest change; the head of its history's chain
};

/// The header's fields as clients see them: id, version, created_at, updated_at, created_by, deleted_at. Usable in
/// filters and sort keys like any other.
std::span<const FieldInfo> header_fields();
namespace header_field {
const FieldInfo& id();
const FieldInfo& version();
const FieldInfo& created_at();
const FieldInfo& updated_at();
const FieldInfo& created_by();
const FieldInfo& deleted_at();
}  // namespace header_field

struct RecordType;

/// Whose eyes see a record: what an actor's permissions and scopes are compared with (Actor::sees). A record that is
/// visible through another one has that one's.
struct Visibility {
  Uuid own;               ///< the person it belongs to
  Uuid assigned;          ///< the member of staff in charge; nil: nobody
  bool gone = false;      ///< a record that it is visible through is absent or deleted: nobody sees it
  bool only_own = false;  ///< it could be visible through a record and names none: whoever it belongs to sees it
  /// The types that it is visible through, nearest first, then null: each takes its read permission, the last one's
  /// scope decides. All null: the record's own type does.
  std::array<const RecordType*, limits::visibility_depth_max> through{};
};

/// How a collection behaves. Everything has a usable default but the names.
struct RecordOptions {
  std::string_view module = "core";      ///< a tenant switches modules on and off
  bool logged = true;                    ///< false: no change log, history or feed (sessions, leases, messages)
  bool append_only = false;              ///< no update by clients (comments)
  bool creatable = true;                 ///< clients may POST to the collection
  bool deletable = true;                 ///< clients may DELETE
  bool readable = true;                  ///< has GET routes; false for the platform's own
  std::string_view assigned_field = {};  ///< field that names who is in charge; scope `assigned` compares it
  std::string_view own_field = {};       ///< field that names whose it is; created_by unless given
  /// A subject or reference field: visible to whoever sees that record; where it may be empty and is, to its owner.
  std::string_view visible_through = {};
  std::string_view default_sort = "-updated_at";
  bool announces_lease = false;      ///< its `subject` field names a record whose presence message shows this lease
  std::string_view permission = {};  ///< permission family; the collection's name unless given
  /// Domain rules of a change: may complete `after` (defaults), or throw a Refusal. `before` is null at creation;
  /// `after->deleted_at` is set at deletion. Called by create, update, delete and Tx::save alike.
  void (*before_save)(Tx& tx, const void* before, void* after) = nullptr;
  /// What follows from a change in other records, once they can see it; may save those and throw a Refusal. Called
  /// after every save; `before` as above, so a rule looks at what is, not at what was changed.
  void (*after_save)(Tx& tx, const void* before, const void* after) = nullptr;
};

/// Run-time description of a record struct. Lives as long as the program.
struct RecordType {
  std::uint16_t number = 0;     ///< stable for ever: stands in subjects, change log and stores
  std::string_view name;        ///< TypeID prefix and singular: `customer`
  std::string_view collection;  ///< plural, kebab-case, in paths: `customers`
  StructInfo info;              ///< the struct's own fields, without the header's
  RecordOptions options;
  void (*assign)(void* to, const void* from) = nullptr;

  std::span<const FieldInfo> fields() const { return info.fields; }
  /// The field of that name, the header's included; nullptr if there is none.
  const FieldInfo* find_field(std::string_view field_name) const;
  std::string_view permission() const { return options.permission.empty() ? collection : options.permission; }
};

inline RecordHeader& header(void* record) { return *static_cast<RecordHeader*>(record); }
inline const RecordHeader& header(const void* record) { return *static_cast<const RecordHeader*>(record); }

/// Owns one record of any type; deep copies.
class RecordBox {
 public:
  explicit RecordBox(const RecordType& type);
  RecordBox(const RecordType& type, const void* copy_of);
  RecordBox(const RecordBox& other) : RecordBox(*other.type_, other.get()) {}
  RecordBox(RecordBox&& other) noexcept : type_(other.type_), data_(std::exchange(other.data_, nullptr)) {}
  RecordBox& operator=(RecordBox other) noexcept {
    std::swap(type_, other.type_);
    std::swap(data_, other.data_);
    return *this;
  }
  ~RecordBox();

  const RecordType& type() const { return *type_; }
  void* get() { return data_; }
  const void* get() const { return data_; }
  RecordHeader& header() { return interlock::header(data_); }
  const RecordHeader& header() const { return interlock::header(data_); }
  template <class T>
  T& as() {
    return *static_cast<T*>(data_);
  }

 private:
  const RecordType* type_;
  void* data_;
};

template <class T>
StructInfo make_struct_info(std::span<const FieldInfo> table) {
  return {table, sizeof(T), alignof(T), [](void* at) { new (at) T{}; }, [](void* at) { static_cast<T*>(at)->~T(); }};
}

template <class T>
RecordType make_record_type(std::uint16_t number, std::string_view name, std::string_view collection,
                            std::span<const FieldInfo> table, RecordOptions options) {
  static_assert(std::is_base_of_v<RecordHeader, T>);
  return {number,     name,
          collection, make_struct_info<T>(table),
          options,    [](void* to, const void* from) { *static_cast<T*>(to) = *static_cast<const T*>(from); }};
}

template <class T>
Id<T> id_of(const T& record) {
  return {record.id};
}
template <class T>
Subject subject_of(const T& record) {
  return {type_of<T>().number, record.id};
}

/// The value of a field in a form that can be compared, bound and shown. Times are microseconds; a text_list is its
/// items; a subject is its 18 bytes (type number, big-endian, and id) as text.
using Value = std::variant<std::monostate, bool, std::int64_t, std::string, Uuid, std::vector<std::string>>;
Value value_of(const FieldInfo& field, const void* object);
bool fields_equal(const FieldInfo& field, const void* a, const void* b);
void copy_field(const FieldInfo& field, void* to, const void* from);
/// Absent, empty, zero, nil.
void clear_field(const FieldInfo& field, void* object);
/// Address of the value itself, inside its std::optional if it has one; nullptr if that is empty. A reference is read
/// as a Uuid, a time as its microseconds, whatever the id's type.
const void* value_address(const FieldInfo& field, const void* object);
/// Empty text, nil or absent reference, empty list, null.
bool is_empty(const FieldInfo& field, const void* object);

/// Record types by their stable number and prefix: filled by Schema::add at start, read-only afterwards; subjects are
/// written and read with it. nullptr if there is none.
void register_record_type(const RecordType& type);
const RecordType* record_type_by_number(std::uint16_t number);
const RecordType* record_type_by_prefix(std::string_view prefix);

/// A TypeID of any registered type; nothing for anything else.
std::optional<Subject> parse_subject(std::string_view text);
std::string subject_text(const Subject& subject);
std::string subject_bytes(const Subject& subject);
Subject subject_from_bytes(std::string_view bytes);

}  // namespace interlock

/// Beside a record struct T, in its namespace: declares how generic code finds its description. The definition is
/// `const RecordType& record_type_of(const T*) { static const RecordType type = make_record_type<T>(…); return type;
/// }`.
#define INTERLOCK_RECORD(T)                                        \
  const ::interlock::RecordType& record_type_of(const T*);         \
  inline const ::interlock::StructInfo& struct_info_of(const T*) { \
    return record_type_of(static_cast<const T*>(nullptr)).info;    \
  }

/// Beside a request or answer struct T whose field table is `table`.
#define INTERLOCK_STRUCT(T, table)                                                       \
  inline const ::interlock::StructInfo& struct_info_of(const T*) {                       \
    static const ::interlock::StructInfo info = ::interlock::make_struct_info<T>(table); \
    return info;                                                                         \
  }
