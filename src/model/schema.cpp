// SPDX-License-Identifier: Apache-2.0
#include "model/schema.h"

#include <algorithm>

#include "base/check.h"

namespace interlock {

namespace {

/// What the generic code takes for granted when a record is loaded, listed or shown.
void check_type(const RecordType& type) {
  const auto is_kind = [&type](std::string_view name, std::initializer_list<FieldKind> kinds) {
    const auto* field = type.find_field(name);
    return name.empty() || (field != nullptr && std::find(kinds.begin(), kinds.end(), field->kind) != kinds.end());
  };
  for (const auto& f : type.fields()) {
    INVARIANT(type.find_field(f.name) == &f);  // neither the header's nor another field's name
    INVARIANT(f.kind != FieldKind::object && f.kind != FieldKind::object_list);
  }
  const auto& options = type.options;
  INVARIANT(is_kind(options.own_field, {FieldKind::reference}));
  INVARIANT(is_kind(options.assigned_field, {FieldKind::reference}));
  INVARIANT(is_kind(options.visible_through, {FieldKind::reference, FieldKind::subject}));
  INVARIANT(!options.announces_lease || is_kind("subject", {FieldKind::subject}));
  const auto default_sort = options.default_sort.substr(options.default_sort.starts_with('-') ? 1 : 0);
  INVARIANT(type.find_field(default_sort) != nullptr);
}

}  // namespace

void Schema::add(const RecordType& type, LaneKind lane) {
  check_type(type);
  register_record_type(type);
  INVARIANT(by_number_.emplace(type.number, &type).second);
  INVARIANT(by_collection_.emplace(type.collection, &type).second);
  for (const auto* known : types_) INVARIANT(known->name != type.name);  // it is the prefix of ids
  types_.push_back(&type);
  if (lane != LaneKind::platform) tenant_types_.push_back(&type);
  if (lane != LaneKind::tenant) platform_types_.push_back(&type);
  lanes_[type.number] = lane;
  referrers_[type.number];
  for (const auto* referring : types_)
    for (const auto& f : referring->fields())
      if (f.kind == FieldKind::reference && f.refers_to != nullptr) add_referrer(type, *referring, f);
}

/// Types may be added in any order: a reference is noted when the later of its two ends arrives.
void Schema::add_referrer(const RecordType& added, const RecordType& referring, const FieldInfo& field) {
  const auto target = field.refers_to().number;
  if (&referring == &added ? by_number_.contains(target) : target == added.number)
    referrers_[target].push_back({&referring, &field});
}

void Schema::add(Operation operation) {
  const auto name = operation.name;
  INVARIANT(operation.run != nullptr);
  INVARIANT(operations_.emplace(name, operation).second);
}

void Schema::add(Job job) {
  INVARIANT(job.run != nullptr && job.period > Duration{});
  for (const auto& known : jobs_) INVARIANT(known.name != job.name);  // its last run is kept by name
  jobs_.push_back(job);
}

const RecordType* Schema::by_number(std::uint16_t number) const {
  const auto at = by_number_.find(number);
  return at == by_number_.end() ? nullptr : at->second;
}
const RecordType* Schema::by_collection(std::string_view collection) const {
  const auto at = by_collection_.find(collection);
  return at == by_collection_.end() ? nullptr : at->second;
}
const Operation* Schema::operation(std::string_view name) const {
  const auto at = operations_.find(name);
  return at == operations_.end() ? nullptr : &at->second;
}

const std::vector<const RecordType*>& Schema::types(LaneKind lane) const {
  switch (lane) {
    case LaneKind::tenant:
      return tenant_types_;
    case LaneKind::platform:
      return platform_types_;
    case LaneKind::both:
      return types_;
  }
  return types_;
}

LaneKind Schema::lane_of(const RecordType& type) const { return lanes_.at(type.number); }

const std::vector<Schema::Referrer>& Schema::referrers(const RecordType& type) const {
  return referrers_.at(type.number);
}

}  // namespace interlock
