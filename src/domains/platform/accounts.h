// SPDX-License-Identifier: Apache-2.0
// What log-in and the command line read. Everything here looks at a Reader (a snapshot or a lane's transaction) and
// writes nothing; `platform` means a reader of the platform's lane, opened as the system.
//
// How a caller's way goes (hashing and verifying passwords: password.h, never in a lane; system operations take no
// idempotency key and are submitted to the platform's lane unless said otherwise):
//
//   log in           find_identity(email); verify_password(hash, or dummy_hash() where there is none); tenants_of();
//   none:
//                    login_failed; several and no `tenant` given: 201 with `tenants`; else choose_tenant() and
//                    sessions/create {identity, tenant, version}. It answers `stale_version` if the password changed
//                    since: begin again, once. Open a view of the tenant as the user before answering: a disabled
//                    member is refused there (unauthenticated → login_failed). needs_rehash(): passwords/rehash.
//   every request    is_api_token(bearer) ? parse_api_token, tenant_is_active, check_api_token on the tenant's view
//                    : find_session on the platform's view; touch_due → sessions/touch {session}, without waiting.
//   log out          sessions/end {session}; everywhere: sessions/end-all {identity, keep?}.
//   first start      while needs_set_up(): the server prints a set-up token of its own making; POST /api/set-up
//   compares it
//                    in constant time, makes an id for the tenant, then platform/set-up {tenant, slug, tenant_name,
//                    email, name, password_hash, …}, then the lane and what its message asks for.
//   invitation       find_link(token, "invite"); may_accept() on the tenant's view; has_password: verify the given one
//   against that hash (an invitation
//                    never changes a password), else check_password and hash it; invitations/accept
//                    {token_digest, password_hash?, name?} answers {identity, tenant, user}; submit users/activate
//                    {user, name} to the tenant's lane so that the person can go on at once (a message does the
//                    same), then sessions/create.
//   forgotten        answer at once and always the same; passwords/request-reset {email}, without waiting for it.
//   reset            find_link(token, "reset"); check, hash; passwords/reset {token_digest, password_hash}.
//   change           session's identity; verify the old one; check, hash; passwords/change
//                    {identity, version, password_hash, keep: session}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domains/platform/account_records.h"
#include "model/actor.h"
#include "model/tx.h"

namespace interlock::domains {

/// What stores keep of a token: 64 hexadecimal digits of its digest. Tokens have 256 random bits, so a fast digest is
/// enough.
std::string secret_digest(std::string_view token);

/// No identity has ever been made.
bool needs_set_up(Reader& platform);

/// Case does not matter; nothing for an unknown or malformed address.
std::optional<Identity> find_identity(Reader& platform, std::string_view email);

/// A tenant that an identity may choose, and who it is there.
struct Membership {
  TenantId tenant;
  std::string slug;
  std::string name;
  Uuid user;  ///< Caller::user in that tenant
};

/// Active tenants whose invitation was accepted, by name. At most limits::list_items_max.
std::vector<Membership> tenants_of(Reader& platform, Id<Identity> identity);
/// By TypeID (`tenant_…`) or slug.
template <class Row>  // has `tenant` and `slug`
std::optional<Row> choose_tenant(const std::vector<Row>& tenants, std::string_view tenant) {
  const auto id = parse_type_id("tenant", tenant);
  for (const auto& each : tenants)
    if (each.slug == tenant || (id && each.tenant.uuid == *id)) return each;
  return std::nullopt;
}

std::optional<Tenant> find_tenant(Reader& platform, std::string_view id_or_slug);
bool tenant_is_active(Reader& platform, TenantId tenant);

struct LiveSession {
  Id<Session> session;
  Id<Identity> identity;
  TenantId tenant;
  Caller caller;    ///< of kind user, for the tenant's lane
  Time expires_at;  ///< final end, or the idle end if that comes first
  bool touch_due = false;
};

/// Nothing if there is none, it has ended, or its tenant is not active.
std::optional<LiveSession> find_session(Reader& platform, std::string_view token, Time now);

/// The form of an API token: `il_<32 hex digits of the tenant>_<64 hex digits>`.
struct ApiTokenParts {
  TenantId tenant;
  std::string digest;
};
bool is_api_token(std::string_view bearer);
std::optional<ApiTokenParts> parse_api_token(std::string_view bearer);
std::string api_token_text(TenantId tenant, std::string_view secret_hex);
/// The caller behind a token; `reader` is of the token's tenant. Nothing if it is unknown, revoked or expired; whether
/// its owner is still a member is told by the lane.
std::optional<Caller> check_api_token(Reader& reader, const ApiTokenParts& parts, Time now);

struct LinkInfo {
  std::string token_digest;
  Identity identity;
  std::optional<TenantId> tenant;
  Uuid user;  ///< who the identity is in that tenant
  bool has_password = false;
};
/// A link that is still good. Throws Refusal link_invalid for an unknown, used or expired one.
LinkInfo find_link(Reader& platform, std::string_view token, std::string_view purpose, Time now);
/// Whether the invited member is still wanted: `reader` is of the tenant. The platform does not know who was disabled
/// there.
bool may_accept(Reader& reader, const Uuid& user);

}  // namespace interlock::domains
