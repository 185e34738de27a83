// SPDX-License-Identifier: Apache-2.0
// All that one tenant holds as one value: what two stores of any kind are compared by.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/copy.h"

namespace interlock::store {

/// A sum over items, whatever their order.
class ItemSum {
 public:
  void add(std::string_view item);
  std::string hex() const;

 private:
  std::uint64_t high_ = 0, low_ = 0;
};

struct TenantChecksum {
  CopyCounts counts;
  std::string records, changes, keys, facts;  ///< sums
  bool operator==(const TenantChecksum&) const = default;
  /// One line, to be kept and compared.
  std::string text() const;
};

/// Reads everything; bounded memory. `step` is called now and then and may throw to stop.
TenantChecksum checksum_tenant(Snapshot& from, const std::vector<const RecordType*>& types,
                               const std::function<void()>& step);

}  // namespace interlock::store
