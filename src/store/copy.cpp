// SPDX-License-Identifier: Apache-2.0
#include "store/copy.h"

#include "base/limits.h"

namespace interlock::store {

CopyCounts copy_tenant(Snapshot& from, Writer& to, const std::vector<const RecordType*>& types,
                       const std::function<void()>& step) {
  CopyCounts counts;
  const auto count = [&](std::int64_t& n) {
    if (++n % limits::copy_rows_max == 0) step();
  };
  from.set_deadline(std::nullopt);
  for (const auto* type : types) {
    from.each_record(*type, [&](const void* record) {
      to.put(*type, record, nullptr);
      count(counts.records);
    });
    step();
  }
  const auto last = from.last_seq();
  while (counts.last_seq < last) {
    const auto changes = from.changes_after(counts.last_seq, limits::copy_rows_max);
    if (changes.empty()) throw Corrupt("the change log ends before its newest sequence");
    for (const auto& change : changes) {
      to.append(change);
      count(counts.changes);
    }
    counts.last_seq = changes.back().seq;
  }
  from.each_key([&](const StoredKey& key) {
    to.put_key(key);
    count(counts.keys);
  });
  from.each_fact([&](std::string_view name, std::string_view value) {
    to.put_fact(name, value);
    count(counts.facts);
  });
  return counts;
}

const std::vector<const RecordType*>& types_of(const Schema& schema, TenantId tenant) {
  return schema.types(tenant == platform_tenant() ? LaneKind::platform : LaneKind::tenant);
}

}  // namespace interlock::store
