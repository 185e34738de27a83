// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/accounts.h"

#include <algorithm>

#include "base/digest.h"
#include "domains/platform/api_token.h"
#include "domains/platform/email.h"

namespace interlock::domains {

namespace {

constexpr std::string_view api_token_prefix = "il_";
constexpr std::size_t tenant_digits = 32;
constexpr std::size_t secret_digits = 64;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

int hex_digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

Uuid uuid_from_hex(std::string_view digits) {
  Uuid id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i)
    id.bytes[i] = static_cast<std::uint8_t>(hex_digit(digits[2 * i]) * 16 + hex_digit(digits[2 * i + 1]));
  return id;
}

}  // namespace

std::string secret_digest(std::string_view token) { return hex(bytes_of(digest32(token))); }

bool needs_set_up(Reader& platform) {
  Query any;
  any.include_deleted = true;
  return platform.count(type_of<Identity>(), any) == 0;
}

std::optional<Identity> find_identity(Reader& platform, std::string_view email) {
  try {
    return platform.first<Identity>(where(&Identity::email) == account_email(email));
  } catch (const Refusal&) {
    return std::nullopt;  // not an address, so nobody's
  }
}

std::vector<Membership> tenants_of(Reader& platform, Id<Identity> identity) {
  std::vector<Membership> memberships;
  for (const auto& member : platform.all<TenantMember>(where(&TenantMember::identity) == identity)) {
    if (!member.accepted_at) continue;
    const auto tenant = platform.find<Tenant>(member.tenant);
    if (tenant && tenant->status == "active")
      memberships.push_back({{tenant->id}, tenant->slug, tenant->name, member.user.uuid});
  }
  std::sort(memberships.begin(), memberships.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return memberships;
}

std::optional<Tenant> find_tenant(Reader& platform, std::string_view id_or_slug) {
  if (const auto id = parse_type_id("tenant", id_or_slug)) return platform.find<Tenant>({*id});
  if (id_or_slug.empty()) return std::nullopt;
  return platform.first<Tenant>(where(&Tenant::slug) == id_or_slug);
}

bool tenant_is_active(Reader& platform, TenantId tenant) {
  const auto record = platform.find<Tenant>({tenant.uuid});
  return record && record->status == "active";
}

std::optional<LiveSession> find_session(Reader& platform, std::string_view token, Time now) {
  if (token.empty()) return std::nullopt;
  const auto digest = secret_digest(token);
  const auto session = platform.first<Session>(where(&Session::token_digest) == digest);
  if (!session || !equal_constant_time(session->token_digest, digest)) return std::nullopt;
  const Time ends = std::min(session->expires_at, session->last_seen_at + seconds(session->idle_s));
  if (now >= ends || !tenant_is_active(platform, {session->tenant.uuid})) return std::nullopt;
  LiveSession live;
  live.session = id_of(*session);
  live.identity = session->identity;
  live.tenant = {session->tenant.uuid};
  live.caller.kind = Caller::Kind::user;
  live.caller.user = session->user.uuid;
  live.expires_at = ends;
  const Duration touch_after = std::min(limits::session_touch_interval, Duration{seconds(session->idle_s).us / 4});
  live.touch_due = now - session->last_seen_at >= touch_after;
  return live;
}

bool is_api_token(std::string_view bearer) { return bearer.starts_with(api_token_prefix); }

std::optional<ApiTokenParts> parse_api_token(std::string_view bearer) {
  constexpr std::size_t size = api_token_prefix.size() + tenant_digits + 1 + secret_digits;
  if (!is_api_token(bearer) || bearer.size() != size) return std::nullopt;
  const auto tenant = bearer.substr(api_token_prefix.size(), tenant_digits);
  const auto secret_text = bearer.substr(api_token_prefix.size() + tenant_digits + 1);
  if (bearer[api_token_prefix.size() + tenant_digits] != '_' || !is_hex(tenant) || !is_hex(secret_text))
    return std::nullopt;
  return ApiTokenParts{{uuid_from_hex(tenant)}, secret_digest(bearer)};
}

std::string api_token_text(TenantId tenant, std::string_view secret_hex) {
  return std::string(api_token_prefix) + hex(tenant.uuid.view()) + "_" + std::string(secret_hex);
}

std::optional<Caller> check_api_token(Reader& reader, const ApiTokenParts& parts, Time now) {
  const auto token = reader.first<ApiToken>(where(&ApiToken::token_digest) == parts.digest);
  if (!token || !equal_constant_time(token->token_digest, parts.digest) || !is_live(*token, now)) return std::nullopt;
  Caller caller;
  caller.kind = Caller::Kind::token;
  caller.user = token->user.uuid;
  caller.token = token->id;
  return caller;
}

LinkInfo find_link(Reader& platform, std::string_view token, std::string_view purpose, Time now) {
  const auto digest = secret_digest(token);
  const auto link = platform.first<OneTimeLink>(where(&OneTimeLink::token_digest) == digest);
  if (!link || link->purpose != purpose || link->used_at || now >= link->expires_at)
    throw Refusal(ErrorCode::link_invalid);
  const auto identity = platform.find<Identity>(link->identity);
  if (!identity) throw Refusal(ErrorCode::link_invalid);
  LinkInfo info;
  info.token_digest = digest;
  info.identity = *identity;
  if (link->tenant) {
    const auto member = platform.first<TenantMember>(where(&TenantMember::identity) == link->identity &&
                                                     where(&TenantMember::tenant) == *link->tenant);
    if (!member) throw Refusal(ErrorCode::link_invalid);
    info.tenant = TenantId{link->tenant->uuid};
    info.user = member->user.uuid;
  }
  info.has_password = !identity->password_hash.empty();
  return info;
}

bool may_accept(Reader& reader, const Uuid& user) {
  const auto member = reader.find<User>({user});
  return member && member->status != "disabled";
}

}  // namespace interlock::domains
