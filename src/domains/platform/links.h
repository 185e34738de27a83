// SPDX-License-Identifier: Apache-2.0
// One-time links: a secret that is good for one invitation or one reset. Stored as a digest; the secret leaves in the
// answer of the operation that made it, or in the mail that the operation sends. Platform lane.
#pragma once

#include "domains/platform/account_records.h"
#include "model/tx.h"

namespace interlock::domains {

/// Makes a link and answers its token: 64 hexadecimal digits. Nothing if there are
/// limits::live_links_per_identity_max good ones of this purpose (and tenant) already: whoever asks for more is not the
/// one who reads them.
std::optional<std::string> make_link(Tx& tx, std::string_view purpose, Id<Identity> identity,
                                     std::optional<Id<Tenant>> tenant);
/// Keeps a link of an invitation whose token another lane has made and handed over, so it must come to be good: where
/// there are enough good ones, the oldest is spent.
void keep_invitation_link(Tx& tx, std::string_view token_digest, Id<Identity> identity, Id<Tenant> tenant);
/// The link, marked as used. Throws Refusal link_invalid.
OneTimeLink use_link(Tx& tx, std::string_view token_digest, std::string_view purpose);
/// Marks every good reset link of the identity as used.
void spend_reset_links(Tx& tx, Id<Identity> identity);

struct CreateLink {
  std::string email;
  std::string purpose;  ///< invite (needs tenant) or reset
  std::optional<Id<Tenant>> tenant;
};
inline const auto create_link_fields = fields<CreateLink>(
    field<&CreateLink::email>(required, max_bytes(254)), field<&CreateLink::purpose>(required, max_bytes(16)),
    field<&CreateLink::tenant>(reference<Tenant>(OnDelete::refuse)));
INTERLOCK_STRUCT(CreateLink, create_link_fields)

struct CreatedLink {
  Id<Identity> identity;
  std::string token;  ///< shown once
  Time expires_at;
};
inline const auto created_link_fields =
    fields<CreatedLink>(field<&CreatedLink::identity>(reference<Identity>(OnDelete::refuse)),
                        field<&CreatedLink::token>(secret), field<&CreatedLink::expires_at>());
INTERLOCK_STRUCT(CreatedLink, created_link_fields)

/// System: a link for the command line to print. Refuses: not_found (no such identity), too_many.
CreatedLink create_link(Tx& tx, const CreateLink& request);

/// Job: erases used and expired links, a bounded number at a time. True if there are more.
bool purge_links(Tx& tx);

}  // namespace interlock::domains
