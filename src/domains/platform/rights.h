// SPDX-License-Identifier: Apache-2.0
// What the engine asks the domain about callers: the functions behind Hooks. They read the tenant's own records, so
// that a right taken away is gone for the very next operation.
#pragma once

#include "model/schema.h"

namespace interlock::domains {

/// See Hooks::actor_of. On the platform's lane there are no members: only the system acts there.
Actor actor_of(Reader& reader, const Caller& caller, TenantId tenant, Time now);
bool lease_binds(Reader& reader, const RecordType& type);
std::string user_name(Reader& reader, const Uuid& user);
bool module_on(Reader& reader, std::string_view module);

Hooks make_hooks();

}  // namespace interlock::domains
