// SPDX-License-Identifier: Apache-2.0
// Mails of the platform, as outbox messages for the provider "mail": {"template","to","name",…}. The words and the
// address of the server are the provider's business.
#pragma once

#include "domains/platform/account_records.h"
#include "model/tx.h"

namespace interlock::domains {

/// {"template":"invitation","to":…,"name":…,"tenant":…,"token":…}
void send_invitation_mail(Tx& tx, const Identity& to, const Tenant& tenant, std::string_view token);
/// {"template":"password_reset","to":…,"name":…,"token":…}
void send_reset_mail(Tx& tx, const Identity& to, std::string_view token);
/// {"template":"password_changed","to":…,"name":…}
void send_password_changed_mail(Tx& tx, const Identity& to);

}  // namespace interlock::domains
