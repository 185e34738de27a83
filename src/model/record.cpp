// SPDX-License-Identifier: Apache-2.0
#include "model/record.h"

#include <map>

#include "base/check.h"

namespace interlock {

namespace {

// The header is described by hand: RecordHeader is no record itself, and its fields are common to all.
template <auto Member>
constexpr FieldInfo header_info() {
  FieldInfo info = detail::member_info<Member>();
  if constexpr (std::is_same_v<typename detail::MemberOf<decltype(Member)>::Type, Uuid>) {
    info.kind = FieldKind::reference;
  } else {
    info = field<Member>().info;
  }
  info.read_only = true;
  return info;
}

constexpr auto header_table = [] {
  std::array table{
      header_info<&RecordHeader::id>(),         header_info<&RecordHeader::version>(),
      header_info<&RecordHeader::created_at>(), header_info<&RecordHeader::updated_at>(),
      header_info<&RecordHeader::created_by>(), header_info<&RecordHeader::deleted_at>(),
  };
  table[3].indexed = true;
  return table;
}();

std::map<std::uint16_t, const RecordType*>& registry() {
  static std::map<std::uint16_t, const RecordType*> types;
  return types;
}

Value plain_value(const FieldInfo& f, const void* at) {
  switch (f.kind) {
    case FieldKind::text:
      return *static_cast<const std::string*>(at);
    case FieldKind::integer:
    case FieldKind::time:
      return *static_cast<const std::int64_t*>(at);
    case FieldKind::boolean:
      return *static_cast<const bool*>(at);
    case FieldKind::reference: {
      const auto& id = *static_cast<const Uuid*>(at);
      return id.is_nil() ? Value{} : Value{id};
    }
    case FieldKind::subject:
      return subject_bytes(*static_cast<const Subject*>(at));
    case FieldKind::text_list:
      return *static_cast<const std::vector<std::string>*>(at);
    case FieldKind::json:
      return static_cast<const JsonText*>(at)->text;
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"objects have no value");
  return {};
}

template <class T>
const void* content(const void* at) {
  const auto& optional = *static_cast<const std::optional<T>*>(at);
  return optional ? &*optional : nullptr;
}

template <class T>
void assign_as(void* to, const void* from, bool nullable) {
  if (nullable)
    *static_cast<std::optional<T>*>(to) = *static_cast<const std::optional<T>*>(from);
  else
    *static_cast<T*>(to) = *static_cast<const T*>(from);
}

template <class T>
void clear_as(void* at, bool nullable) {
  if (nullable)
    static_cast<std::optional<T>*>(at)->reset();
  else
    *static_cast<T*>(at) = T{};
}

}  // namespace

// The tables treat Id<T> as Uuid and Time as its microseconds: they must be laid out alike.
static_assert(sizeof(Id<RecordHeader>) == sizeof(Uuid) && std::is_standard_layout_v<Id<RecordHeader>>);
static_assert(sizeof(Time) == sizeof(std::int64_t) && std::is_standard_layout_v<Time>);

std::span<const FieldInfo> header_fields() { return header_table; }

namespace header_field {
const FieldInfo& id() { return header_table[0]; }
const FieldInfo& version() { return header_table[1]; }
const FieldInfo& created_at() { return header_table[2]; }
const FieldInfo& updated_at() { return header_table[3]; }
const FieldInfo& created_by() { return header_table[4]; }
const FieldInfo& deleted_at() { return header_table[5]; }
}  // namespace header_field

const FieldInfo* RecordType::find_field(std::string_view field_name) const {
  for (const auto& f : header_table)
    if (f.name == field_name) return &f;
  for (const auto& f : fields())
    if (f.name == field_name) return &f;
  return nullptr;
}

RecordBox::RecordBox(const RecordType& type)
    : type_(&type), data_(::operator new(type.info.size, std::align_val_t{type.info.align})) {
  type.info.construct(data_);
}

RecordBox::RecordBox(const RecordType& type, const void* copy_of) : RecordBox(type) { type.assign(data_, copy_of); }

RecordBox::~RecordBox() {
  if (data_ == nullptr) return;
  type_->info.destroy(data_);
  ::operator delete(data_, std::align_val_t{type_->info.align});
}

const void* value_address(const FieldInfo& f, const void* object) {
  const void* at = f.in(object);
  if (!f.nullable) return at;
  switch (f.kind) {
    case FieldKind::text:
      return content<std::string>(at);
    case FieldKind::integer:
      return content<std::int64_t>(at);
    case FieldKind::time:
      return content<Time>(at);
    case FieldKind::boolean:
      return content<bool>(at);
    case FieldKind::reference:
      return content<Id<RecordHeader>>(at);
    case FieldKind::subject:
      return content<Subject>(at);
    case FieldKind::text_list:
      return content<std::vector<std::string>>(at);
    case FieldKind::json:
      return content<JsonText>(at);
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"an object cannot be optional");
  return nullptr;
}

Value value_of(const FieldInfo& f, const void* object) {
  const void* at = value_address(f, object);
  return at == nullptr ? Value{} : plain_value(f, at);
}

bool fields_equal(const FieldInfo& f, const void* a, const void* b) {
  const void* left = value_address(f, a);
  const void* right = value_address(f, b);
  if (left == nullptr || right == nullptr) return left == right;
  switch (f.kind) {
    case FieldKind::text:
      return *static_cast<const std::string*>(left) == *static_cast<const std::string*>(right);
    case FieldKind::integer:
    case FieldKind::time:
      return *static_cast<const std::int64_t*>(left) == *static_cast<const std::int64_t*>(right);
    case FieldKind::reference:
      return *static_cast<const Uuid*>(left) == *static_cast<const Uuid*>(right);
    case FieldKind::boolean:
    case FieldKind::subject:
    case FieldKind::text_list:
    case FieldKind::json:
      return plain_value(f, left) == plain_value(f, right);
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"objects are not compared");
  return false;
}

void copy_field(const FieldInfo& f, void* to, const void* from) {
  void* target = f.in(to);
  const void* source = f.in(from);
  switch (f.kind) {
    case FieldKind::text:
      return assign_as<std::string>(target, source, f.nullable);
    case FieldKind::integer:
      return assign_as<std::int64_t>(target, source, f.nullable);
    case FieldKind::time:
      return assign_as<Time>(target, source, f.nullable);
    case FieldKind::boolean:
      return assign_as<bool>(target, source, f.nullable);
    case FieldKind::reference:
      return assign_as<Id<RecordHeader>>(target, source, f.nullable);
    case FieldKind::subject:
      return assign_as<Subject>(target, source, f.nullable);
    case FieldKind::text_list:
      return assign_as<std::vector<std::string>>(target, source, f.nullable);
    case FieldKind::json:
      return assign_as<JsonText>(target, source, f.nullable);
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"objects are not copied");
}

bool is_empty(const FieldInfo& f, const void* object) {
  const void* at = value_address(f, object);
  if (at == nullptr) return true;
  switch (f.kind) {
    case FieldKind::text:
      return static_cast<const std::string*>(at)->empty();
    case FieldKind::reference:
      return static_cast<const Uuid*>(at)->is_nil();
    case FieldKind::subject:
      return static_cast<const Subject*>(at)->id.is_nil();
    case FieldKind::text_list:
      return static_cast<const std::vector<std::string>*>(at)->empty();
    case FieldKind::json:
      return static_cast<const JsonText*>(at)->text == "null";
    case FieldKind::integer:
    case FieldKind::time:
    case FieldKind::boolean:
    case FieldKind::object:
    case FieldKind::object_list:
      return false;
  }
  return false;
}

void clear_field(const FieldInfo& f, void* object) {
  void* at = f.in(object);
  switch (f.kind) {
    case FieldKind::text:
      return clear_as<std::string>(at, f.nullable);
    case FieldKind::integer:
      return clear_as<std::int64_t>(at, f.nullable);
    case FieldKind::time:
      return clear_as<Time>(at, f.nullable);
    case FieldKind::boolean:
      return clear_as<bool>(at, f.nullable);
    case FieldKind::reference:
      return clear_as<Id<RecordHeader>>(at, f.nullable);
    case FieldKind::subject:
      return clear_as<Subject>(at, f.nullable);
    case FieldKind::text_list:
      return clear_as<std::vector<std::string>>(at, f.nullable);
    case FieldKind::json:
      return clear_as<JsonText>(at, f.nullable);
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"objects are not cleared");
}

void register_record_type(const RecordType& type) {
  const auto [at, fresh] = registry().emplace(type.number, &type);
  INVARIANT(fresh || at->second == &type);
}

const RecordType* record_type_by_number(std::uint16_t number) {
  const auto at = registry().find(number);
  return at == registry().end() ? nullptr : at->second;
}

const RecordType* record_type_by_prefix(std::string_view prefix) {
  for (const auto& [number, type] : registry())
    if (type->name == prefix) return type;
  return nullptr;
}

std::optional<Subject> parse_subject(std::string_view text) {
  const auto* type = record_type_by_prefix(type_id_prefix(text));
  if (type == nullptr) return std::nullopt;
  const auto id = parse_type_id(type->name, text);
  if (!id) return std::nullopt;
  return Subject{type->number, *id};
}

std::string subject_text(const Subject& subject) {
  const auto* type = record_type_by_number(subject.type);
  return type == nullptr ? std::string() : type_id_text(type->name, subject.id);
}

std::string subject_bytes(const Subject& subject) {
  std::string bytes{static_cast<char>(subject.type >> 8), static_cast<char>(subject.type & 0xff)};
  bytes += subject.id.view();
  return bytes;
}

Subject subject_from_bytes(std::string_view bytes) {
  INVARIANT(bytes.size() == 18);
  const auto high = static_cast<std::uint8_t>(bytes[0]);
  const auto low = static_cast<std::uint8_t>(bytes[1]);
  return {static_cast<std::uint16_t>(high << 8 | low), uuid_from_bytes(bytes.substr(2))};
}

}  // namespace interlock
