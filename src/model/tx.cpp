// SPDX-License-Identifier: Apache-2.0
#include "model/tx.h"

#include "model/schema.h"

namespace interlock {

namespace {

Uuid uuid_at(const RecordType& type, std::string_view name, const void* record) {
  const auto* field = type.find_field(name);
  const void* at = field == nullptr ? nullptr : value_address(*field, record);
  return at == nullptr ? Uuid{} : *static_cast<const Uuid*>(at);
}

}  // namespace

std::optional<Subject> seen_through(const RecordType& type, const void* record) {
  const auto* field = type.find_field(type.options.visible_through);
  if (field == nullptr) return std::nullopt;
  const void* at = value_address(*field, record);
  if (at == nullptr) return std::nullopt;
  if (field->kind == FieldKind::subject) return *static_cast<const Subject*>(at);
  return Subject{field->refers_to().number, *static_cast<const Uuid*>(at)};
}

Visibility Reader::visibility(const RecordType& type, const void* record) {
  Visibility found;
  const RecordType* current_type = &type;
  std::optional<RecordBox> held;
  const void* current = record;
  for (std::size_t depth = 0; !current_type->options.visible_through.empty(); ++depth) {
    const auto subject = seen_through(*current_type, current);
    found.only_own = !subject;
    if (found.only_own) break;
    const auto* next = record_type_by_number(subject->type);
    found.gone = next == nullptr || depth == limits::visibility_depth_max;
    if (found.gone) return found;
    RecordBox box(*next);
    found.gone = !load(*next, subject->id, box.get()) || box.header().deleted_at;
    if (found.gone) return found;
    found.through[depth] = current_type = next;
    held = std::move(box);
    current = held->get();
  }
  const auto& options = current_type->options;
  found.own =
      options.own_field.empty() ? header(current).created_by : uuid_at(*current_type, options.own_field, current);
  if (!options.assigned_field.empty()) found.assigned = uuid_at(*current_type, options.assigned_field, current);
  return found;
}

bool is_visible(Reader& reader, const Actor& actor, const RecordType& type, const void* record) {
  return actor.sees(type, reader.visibility(type, record));
}

bool may_see(Reader& reader, const Actor& actor, const Subject& subject) {
  const auto* type = record_type_by_number(subject.type);
  if (type == nullptr || !actor.may_read(*type)) return false;
  RecordBox record(*type);
  return reader.load(*type, subject.id, record.get()) && !record.header().deleted_at &&
         is_visible(reader, actor, *type, record.get());
}

void Tx::require_visible(const RecordType& type, const Uuid& id, void* record) {
  if (!load(type, id, record) || header(record).deleted_at || !is_visible(*this, actor(), type, record))
    throw Refusal(ErrorCode::not_found, "there is no such " + std::string(type.name));
}

}  // namespace interlock
