// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/account_functions.h"

#include "domains/platform/accounts.h"
#include "domains/platform/password.h"

namespace interlock::domains {
namespace {

Account account_of(const Identity& identity) {
  return {identity.id, identity.version, identity.email, identity.password_hash};
}

std::optional<Account> find(Reader& platform, std::string_view email) {
  auto identity = find_identity(platform, email);
  return identity ? std::optional(account_of(*identity)) : std::nullopt;
}

std::optional<Account> load(Reader& platform, const Uuid& id) {
  auto identity = platform.find<Identity>({id});
  return identity ? std::optional(account_of(*identity)) : std::nullopt;
}

std::vector<AccountTenant> tenants(Reader& platform, const Uuid& identity) {
  std::vector<AccountTenant> found;
  for (auto& membership : tenants_of(platform, {identity})) {
    found.push_back({membership.tenant, std::move(membership.slug), std::move(membership.name), membership.user});
  }
  return found;
}

std::optional<AccountTenant> choose(const std::vector<AccountTenant>& tenants, std::string_view tenant) {
  return choose_tenant(tenants, tenant);
}

std::optional<AccountSession> session(Reader& platform, std::string_view token, Time now) {
  auto live = find_session(platform, token, now);
  if (!live) return std::nullopt;
  return AccountSession{live->session.uuid, live->identity.uuid, live->tenant,
                        live->caller,       live->expires_at,    live->touch_due};
}

std::optional<ApiTokenText> parse_token(std::string_view bearer) {
  auto parts = parse_api_token(bearer);
  return parts ? std::optional(ApiTokenText{parts->tenant, std::move(parts->digest)}) : std::nullopt;
}

std::optional<Caller> check_token(Reader& reader, const ApiTokenText& token, Time now) {
  return check_api_token(reader, {token.tenant, token.digest}, now);
}

AccountLink link(Reader& platform, std::string_view token, std::string_view purpose, Time now) {
  auto info = find_link(platform, token, purpose, now);
  AccountLink link{std::move(info.token_digest), account_of(info.identity), {}};
  if (!info.tenant) return link;
  const auto tenant = platform.find<Tenant>({info.tenant->uuid});
  if (!tenant) throw Refusal(ErrorCode::link_invalid);
  link.invites_into = AccountTenant{*info.tenant, tenant->slug, tenant->name, info.user};
  return link;
}

std::optional<AccountInvitation> invitation(Reader& tenant, const Uuid& user) {
  if (!may_accept(tenant, user)) return std::nullopt;
  const auto member = tenant.find<User>({user});
  // Whoever has left since is still the one who invited.
  User inviter;
  const bool by_somebody = !member->created_by.is_nil() && tenant.load(type_of<User>(), member->created_by, &inviter);
  return AccountInvitation{member->name, by_somebody ? inviter.name : std::string()};
}

}  // namespace

Accounts make_accounts() {
  return {.needs_set_up = &needs_set_up,
          .find = &find,
          .load = &load,
          .tenants = &tenants,
          .choose = &choose,
          .tenant_is_active = &tenant_is_active,
          .find_session = &session,
          .is_api_token = &is_api_token,
          .parse_api_token = &parse_token,
          .check_api_token = &check_token,
          .find_link = &link,
          .may_accept = &may_accept,
          .find_invitation = &invitation,
          .check_password = &check_password,
          .hash_password = &hash_password,
          .verify_password = &verify_password,
          .needs_rehash = &needs_rehash,
          .dummy_hash = &dummy_hash};
}

}  // namespace interlock::domains
