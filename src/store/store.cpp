// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

namespace interlock::store {

Digest16 key_digest(std::string_view key, const Digest16& owner) {
  return digest16(std::string(bytes_of(owner)).append(key));
}

TenantId platform_tenant() {
  TenantId tenant;
  tenant.uuid.bytes.back() = 1;
  return tenant;
}

}  // namespace interlock::store
