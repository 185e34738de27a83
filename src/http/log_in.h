// SPDX-License-Identifier: Apache-2.0
// The parts of log-in that invitations share.
#pragma once

#include <string>

#include "http/call.h"

namespace interlock::http {

/// Verifies the password of an account, or of nobody in the same time, and throws Refusal login_failed or too_many.
/// Counts failures per account and per address. Takes tens of milliseconds: for ApiContext::hashes.
void verify_password(const CallPtr& call, const std::string& email, const std::optional<Account>& account,
                     const std::string& password);

/// Makes a session for an account whose password was verified, and answers the call with 201, token and cookie. Calls
/// `on_stale` if the account has changed since.
void start_session(const CallPtr& call, const Account& account, const AccountTenant& tenant,
                   std::function<void()> on_stale);

/// A TypeID as JSON.
inline Json json_id(std::string_view prefix, const Uuid& id) { return Json(type_id_text(prefix, id)); }

/// Passes an answer of a system operation on if it is none of success: true if it was passed on.
bool pass_refusal_on(const CallPtr& call, engine::Answer& answer);

}  // namespace interlock::http
