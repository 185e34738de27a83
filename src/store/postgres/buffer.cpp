// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/buffer.h"

#include <algorithm>

namespace interlock::store::postgres {

bool moves_unique_value(const RecordType& type, const void* before, const void* now) {
  const bool lives_on = header(before).deleted_at.has_value() == header(now).deleted_at.has_value();
  return std::any_of(type.fields().begin(), type.fields().end(), [&](const FieldInfo& field) {
    return field.unique && (!lives_on || !fields_equal(field, before, now));
  });
}

void Buffer::go_back(const Mark& mark) {
  records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(mark.records), records_.end());
  changes_.resize(mark.changes);
  keys_.resize(mark.keys);
  facts_.resize(mark.facts);
  newest_.clear();
  for (std::size_t i = 0; i < records_.size(); ++i) newest_[records_[i].id] = i;
}

void Buffer::clear() {
  go_back({});
  merge_from_ = 0;
}

RecordWrite* Buffer::to_merge_with(const RecordType& type, const Uuid& id) {
  const auto at = newest_.find(id);
  if (at == newest_.end() || at->second < merge_from_) return nullptr;
  auto& write = records_[at->second];
  return write.type == &type && write.now ? &write : nullptr;
}

void Buffer::put(const RecordType& type, const void* record, const void* before, std::int64_t row) {
  const Uuid id = header(record).id;
  auto* write = before == nullptr ? nullptr : to_merge_with(type, id);
  if (write != nullptr && !moves_unique_value(type, before, record)) {
    type.assign(write->now->get(), record);
    return;
  }
  RecordWrite fresh;
  fresh.type = &type;
  fresh.id = id;
  if (before != nullptr) fresh.before.emplace(type, before);
  fresh.now.emplace(type, record);
  fresh.row = row;
  newest_[id] = records_.size();
  records_.push_back(std::move(fresh));
}

void Buffer::erase(const RecordType& type, const Uuid& id) {
  RecordWrite fresh;
  fresh.type = &type;
  fresh.id = id;
  newest_[id] = records_.size();
  records_.push_back(std::move(fresh));
}

bool Buffer::has_records_of(const RecordType& type) const {
  return std::any_of(records_.begin(), records_.end(), [&](const RecordWrite& write) { return write.type == &type; });
}

}  // namespace interlock::store::postgres
