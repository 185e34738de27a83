// SPDX-License-Identifier: Apache-2.0
// Lanes number their messages to each other, and a receiver takes a number that it has passed for a duplicate. After a
// restore lanes may be of different moments: one whose counter went back would send under numbers that are spent, and
// its messages would be dropped. So whoever restores raises the counters above what the receivers have seen.
#pragma once

#include "store/store.h"

namespace interlock::server {

/// The highest number of `source` that this lane has executed.
std::int64_t highest_number_seen(store::ReadAccess& lane, TenantId source);
/// The lane's next message gets a number above `number`. Not while the engine has the lane open.
void raise_outbox_number(store::Store& store, TenantId lane, std::int64_t number);
/// All lanes against the platform and the platform against all lanes: messages go between these only. Nothing may be
/// open.
void align_outbox_numbers(store::Store& store);

}  // namespace interlock::server
