// SPDX-License-Identifier: Apache-2.0
#include "model/tx.h"

#include "model/schema.h"

namespace interlock {

namespace {

/// Subjects may refer to records that have a subject themselves (a comment on a comment's activity): bounded.
constexpr int visibility_depth_max = 4;

Uuid uuid_at(const RecordType& type, std::string_view name, const void* record) {
  const auto* field = type.find_field(name);
  const void* at = field == nullptr ? nullptr : value_address(*field, record);
  return at == nullptr ? Uuid{} : *static_cast<const Uuid*>(at);
}

std::optional<Subject> subject_at(const RecordType& type, const void* record) {
  const auto* field = type.find_field(type.options.visible_through);
  const void* at = value_address(*field, record);
  if (at == nullptr) return std::nullopt;
  if (field->kind == FieldKind::subject) return *static_cast<const Subject*>(at);
  return Subject{field->refers_to().number, *static_cast<const Uuid*>(at)};
}

}  // namespace

Visibility Reader::visibility(const RecordType& type, const void* record) {
  const RecordType* current_type = &type;
  std::optional<RecordBox> held;
  const void* current = record;
  for (int depth = 0; depth < visibility_depth_max; ++depth) {
    const auto& options = current_type->options;
    if (options.visible_through.empty())
      return {
          options.own_field.empty() ? header(current).created_by : uuid_at(*current_type, options.own_field, current),
          options.assigned_field.empty() ? Uuid{} : uuid_at(*current_type, options.assigned_field, current)};
    const auto subject = subject_at(*current_type, current);
    const auto* next = subject ? record_type_by_number(subject->type) : nullptr;
    if (next == nullptr) return {};
    RecordBox box(*next);
    if (!load(*next, subject->id, box.get())) return {};
    held = std::move(box);
    current = held->get();
    current_type = next;
  }
  return {};
}

const RecordType& visibility_type(const RecordType& type, const void* record) {
  if (type.options.visible_through.empty()) return type;
  const auto subject = subject_at(type, record);
  const auto* next = subject ? record_type_by_number(subject->type) : nullptr;
  return next == nullptr ? type : *next;
}

bool is_visible(Reader& reader, const Actor& actor, const RecordType& type, const void* record) {
  // Whoever reads a comment must be allowed to read what it is about: the scope is the subject's.
  const auto& scoped = visibility_type(type, record);
  if (&scoped != &type && !actor.allows(std::string(scoped.permission()) + ".read")) return false;
  return actor.sees(scoped, reader.visibility(type, record));
}

void Tx::require_visible(const RecordType& type, const Uuid& id, void* record) {
  if (!load(type, id, record) || header(record).deleted_at || !is_visible(*this, actor(), type, record))
    throw Refusal(ErrorCode::not_found, "there is no such " + std::string(type.name));
}

}  // namespace interlock
