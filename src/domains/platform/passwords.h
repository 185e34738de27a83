// SPDX-License-Identifier: Apache-2.0
// Operations that set a password. They take the hash, never the password: see password.h. Platform lane, system only.
#pragma once

#include "domains/done.h"
#include "domains/platform/account_records.h"
#include "model/tx.h"

namespace interlock::domains {

struct RequestReset {
  std::string email;
};
inline constexpr auto request_reset_fields = fields<RequestReset>(field<&RequestReset::email>(max_bytes(1'000)));
INTERLOCK_STRUCT(RequestReset, request_reset_fields)

struct ResetPassword {
  std::string token_digest;  ///< LinkInfo::token_digest
  std::string password_hash;
};
inline constexpr auto reset_password_fields =
    fields<ResetPassword>(field<&ResetPassword::token_digest>(required, max_bytes(64)),
                          field<&ResetPassword::password_hash>(required, max_bytes(256)));
INTERLOCK_STRUCT(ResetPassword, reset_password_fields)

struct ChangePassword {
  Id<Identity> identity;
  std::int64_t version = 0;  ///< of the identity whose old password was verified
  std::string password_hash;
  std::optional<Id<Session>> keep;  ///< the session that goes on
};
inline const auto change_password_fields = fields<ChangePassword>(
    field<&ChangePassword::identity>(required, reference<Identity>(OnDelete::refuse)),
    field<&ChangePassword::version>(), field<&ChangePassword::password_hash>(required, max_bytes(256)),
    field<&ChangePassword::keep>(reference<Session>(OnDelete::refuse)));
INTERLOCK_STRUCT(ChangePassword, change_password_fields)

/// Mails a link if there is such an account; answers the same in every case.
Done request_reset(Tx& tx, const RequestReset& request);
/// Uses the link and every other reset link, ends all sessions. Refuses: link_invalid.
Done reset_password(Tx& tx, const ResetPassword& request);
/// Ends all other sessions and reset links. Refuses: not_found, stale_version (the old password that was verified is no
/// longer the one).
Done change_password(Tx& tx, const ChangePassword& request);
/// The same password with newer parameters, after a log-in: changes nothing if the identity has changed since.
Done rehash_password(Tx& tx, const ChangePassword& request);

}  // namespace interlock::domains
