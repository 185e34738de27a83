// SPDX-License-Identifier: Apache-2.0
// The rules of partners and products beyond their field tables. Tenant lane.
#pragma once

#include "domains/catalogue/product.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save of partners. Refuses: invalid_value (a website that is no http address).
void check_partner(Tx& tx, const void* before, void* after);

/// before_save of products: a price without a currency gets the tenant's, a currency without a price goes. Refuses:
/// unknown_reference (a partner that the caller does not see), invalid_value (currency).
void check_product(Tx& tx, const void* before, void* after);

}  // namespace interlock::domains
