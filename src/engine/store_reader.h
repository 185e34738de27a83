// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/tx.h"
#include "store/store.h"

namespace interlock::engine {

/// A store's reads as the domains' Reader.
class StoreReader final : public Reader {
 public:
  explicit StoreReader(store::ReadAccess& access) : access_(access) {}
  bool load(const RecordType& type, const Uuid& id, void* record) override { return access_.load(type, id, record); }
  std::vector<RecordBox> select(const RecordType& type, const Query& query) override {
    return access_.select(type, query);
  }
  std::int64_t count(const RecordType& type, const Query& query) override { return access_.count(type, query); }

 private:
  store::ReadAccess& access_;
};

}  // namespace interlock::engine
