// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/passwords.h"

#include "domains/platform/accounts.h"
#include "domains/platform/links.h"
#include "domains/platform/mails.h"
#include "domains/platform/sessions.h"

namespace interlock::domains {

namespace {

void set_password(Tx& tx, Identity& identity, const std::string& hash, std::optional<Id<Session>> keep) {
  identity.password_hash = hash;
  tx.save(identity);
  spend_reset_links(tx, id_of(identity));
  end_all_sessions(tx, {id_of(identity), keep});
  send_password_changed_mail(tx, identity);
}

}  // namespace

Done request_reset(Tx& tx, const RequestReset& request) {
  const auto identity = find_identity(tx, request.email);
  // Without a password there is an invitation to accept, which is the only way in.
  if (!identity || identity->password_hash.empty()) return {};
  if (const auto token = make_link(tx, "reset", id_of(*identity), std::nullopt)) send_reset_mail(tx, *identity, *token);
  return {};
}

Done reset_password(Tx& tx, const ResetPassword& request) {
  const auto link = use_link(tx, request.token_digest, "reset");
  auto identity = tx.find<Identity>(link.identity);
  if (!identity) throw Refusal(ErrorCode::link_invalid);
  set_password(tx, *identity, request.password_hash, std::nullopt);
  return {};
}

Done change_password(Tx& tx, const ChangePassword& request) {
  auto identity = tx.require<Identity>(request.identity);
  if (identity.version != request.version) throw Refusal(ErrorCode::stale_version);
  set_password(tx, identity, request.password_hash, request.keep);
  return {};
}

Done rehash_password(Tx& tx, const ChangePassword& request) {
  auto identity = tx.require<Identity>(request.identity);
  if (identity.version != request.version) return {};
  identity.password_hash = request.password_hash;
  tx.save(identity);
  return {};
}

}  // namespace interlock::domains
