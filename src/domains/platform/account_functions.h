// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/accounts.h"

namespace interlock::domains {

/// The functions of accounts.h and password.h in the form that http asks for them.
Accounts make_accounts();

}  // namespace interlock::domains
