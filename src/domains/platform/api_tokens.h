// SPDX-License-Identifier: Apache-2.0
// API tokens: made by a person for a program. Tenant lane. A token's text tells its tenant, so that a request needs no
// look-up on the platform.
#pragma once

#include "domains/platform/api_token.h"
#include "model/tx.h"

namespace interlock::domains {

struct CreateApiToken {
  std::string name;
  std::vector<std::string> permissions;
  std::optional<Time> expires_at;
  std::optional<Id<User>> user;  ///< system only; everybody else makes tokens of their own
};
inline const auto create_api_token_fields =
    fields<CreateApiToken>(field<&CreateApiToken::name>(required, max_bytes(200)),
                           field<&CreateApiToken::permissions>(required, max_bytes(80)),
                           field<&CreateApiToken::expires_at>(), field<&CreateApiToken::user>());
INTERLOCK_STRUCT(CreateApiToken, create_api_token_fields)

struct CreatedApiToken {
  Id<ApiToken> id;
  std::int64_t version = 0;
  std::string name;
  Id<User> user;
  std::vector<std::string> permissions;
  std::optional<Time> expires_at;
  std::string token;  ///< shown once
};
inline const auto created_api_token_fields = fields<CreatedApiToken>(
    field<&CreatedApiToken::id>(reference<ApiToken>(OnDelete::refuse)), field<&CreatedApiToken::version>(),
    field<&CreatedApiToken::name>(), field<&CreatedApiToken::user>(), field<&CreatedApiToken::permissions>(),
    field<&CreatedApiToken::expires_at>(), field<&CreatedApiToken::token>(secret));
INTERLOCK_STRUCT(CreatedApiToken, created_api_token_fields)

struct RevokeApiToken {
  Id<ApiToken> id;
};
inline const auto revoke_api_token_fields =
    fields<RevokeApiToken>(field<&RevokeApiToken::id>(required, reference<ApiToken>(OnDelete::refuse)));
INTERLOCK_STRUCT(RevokeApiToken, revoke_api_token_fields)

/// Refuses: invalid_value (permissions), out_of_range (expires_at in the past), forbidden (a token makes no tokens,
/// nobody makes one for somebody else), too_many.
CreatedApiToken create_api_token(Tx& tx, const CreateApiToken& request);
/// Its very next request is refused. Nothing happens to a token that is revoked already. Refuses: not_found.
ApiToken revoke_api_token(Tx& tx, const RevokeApiToken& request);

/// Job: deletes tokens that ended limits::deleted_retention ago, a bounded number at a time. True if there are more.
bool clean_api_tokens(Tx& tx);

}  // namespace interlock::domains
