// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

namespace interlock::store {

TenantId platform_tenant() {
  TenantId tenant;
  tenant.uuid.bytes.back() = 1;
  return tenant;
}

}  // namespace interlock::store
