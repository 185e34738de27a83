// SPDX-License-Identifier: Apache-2.0
// What log-in asks the domain by name instead of including it, like Hooks does for the engine. Everything here reads
// and writes nothing; `platform` is a reader of the platform's lane.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/actor.h"
#include "model/tx.h"

namespace interlock {

/// A person's account.
struct Account {
  Uuid identity;
  std::int64_t version = 0;  ///< of the identity's record: guards what was decided from it
  std::string email;
  std::string password_hash;  ///< empty until an invitation was accepted
};

/// A tenant that an account may choose.
struct AccountTenant {
  TenantId tenant;
  std::string slug;
  std::string name;
  Uuid user;  ///< Caller::user in that tenant
};

/// A session that is good now.
struct AccountSession {
  Uuid session;
  Uuid identity;
  TenantId tenant;
  Caller caller;
  Time expires_at;
  bool touch_due = false;  ///< sessions/touch should be submitted
};

/// A one-time link that is good now.
struct AccountLink {
  std::string token_digest;
  Account account;
  std::optional<AccountTenant> invites_into;  ///< of an invitation
};

/// What an invitation says to the person it is for.
struct AccountInvitation {
  std::string name;        ///< as the inviter typed it; may be empty
  std::string invited_by;  ///< empty: the command line
};

struct ApiTokenText {
  TenantId tenant;
  std::string digest;
};

struct Accounts {
  bool (*needs_set_up)(Reader& platform) = nullptr;
  std::optional<Account> (*find)(Reader& platform, std::string_view email) = nullptr;
  std::optional<Account> (*load)(Reader& platform, const Uuid& identity) = nullptr;
  std::vector<AccountTenant> (*tenants)(Reader& platform, const Uuid& identity) = nullptr;
  /// By TypeID or slug.
  std::optional<AccountTenant> (*choose)(const std::vector<AccountTenant>& tenants, std::string_view tenant) = nullptr;
  bool (*tenant_is_active)(Reader& platform, TenantId tenant) = nullptr;
  std::optional<AccountSession> (*find_session)(Reader& platform, std::string_view token, Time now) = nullptr;
  bool (*is_api_token)(std::string_view bearer) = nullptr;
  std::optional<ApiTokenText> (*parse_api_token)(std::string_view bearer) = nullptr;
  /// `reader` is of the token's tenant.
  std::optional<Caller> (*check_api_token)(Reader& reader, const ApiTokenText& token, Time now) = nullptr;
  /// Throws Refusal link_invalid.
  AccountLink (*find_link)(Reader& platform, std::string_view token, std::string_view purpose, Time now) = nullptr;
  /// Whether an invitation still stands in its own tenant, whose `reader` this is.
  bool (*may_accept)(Reader& reader, const Uuid& user) = nullptr;
  /// What it says there; nothing if it does not stand any more.
  std::optional<AccountInvitation> (*find_invitation)(Reader& reader, const Uuid& user) = nullptr;
  /// Throws Refusal too_long or out_of_range.
  void (*check_password)(std::string_view password) = nullptr;
  /// These two take tens of milliseconds and megabytes: never in a lane, few at a time.
  std::string (*hash_password)(std::string_view password) = nullptr;
  bool (*verify_password)(std::string_view hash, std::string_view password) = nullptr;
  bool (*needs_rehash)(std::string_view hash) = nullptr;
  /// A hash that no password fits.
  const std::string& (*dummy_hash)() = nullptr;
};

}  // namespace interlock
