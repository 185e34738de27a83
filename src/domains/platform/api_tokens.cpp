// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/api_tokens.h"

#include "domains/platform/accounts.h"
#include "domains/platform/roles.h"
#include "domains/platform/users.h"

namespace interlock::domains {

namespace {

Id<User> owner_of_new_token(Tx& tx, const CreateApiToken& request) {
  const auto& actor = tx.actor();
  if (actor.system) {
    if (!request.user) throw Refusal(ErrorCode::required).at_field("user");
    if (!tx.find<User>(*request.user)) throw Refusal(ErrorCode::unknown_reference).at_field("user");
    return *request.user;
  }
  // A token that could make tokens could give itself what it was not given.
  if (actor.caller.kind != Caller::Kind::user) throw Refusal(ErrorCode::forbidden, "log in to make a token");
  if (request.user && request.user->uuid != actor.id)
    throw Refusal(ErrorCode::forbidden, "everybody makes tokens of their own").at_field("user");
  return {actor.id};
}

void check_request(const Tx& tx, const CreateApiToken& request) {
  for (const auto& permission : request.permissions)
    if (!is_permission(permission))
      throw Refusal(ErrorCode::invalid_value, "permissions are like customers.read, customers.* or *")
          .at_field("permissions");
  if (request.expires_at && *request.expires_at <= tx.now())
    throw Refusal(ErrorCode::out_of_range, "expires_at lies in the past").at_field("expires_at");
}

void check_count(Tx& tx, Id<User> user) {
  const auto held = tx.count(type_of<ApiToken>(), where(&ApiToken::user) == user);
  if (held >= static_cast<std::int64_t>(limits::api_tokens_per_user_max))
    throw Refusal(ErrorCode::too_many, "there are enough tokens; ended ones go by themselves after a while")
        .with_limit(limits::api_tokens_per_user_max);
}

}  // namespace

CreatedApiToken create_api_token(Tx& tx, const CreateApiToken& request) {
  const auto user = owner_of_new_token(tx, request);
  check_request(tx, request);
  check_count(tx, user);
  const auto text = api_token_text(tx.tenant(), random_hex(tx.random(), 32));
  ApiToken token;
  token.name = request.name;
  token.user = user;
  token.permissions = request.permissions;
  token.token_digest = secret_digest(text);
  token.expires_at = request.expires_at;
  tx.save(token);
  return {id_of(token), token.version, token.name, user, token.permissions, token.expires_at, text};
}

ApiToken revoke_api_token(Tx& tx, const RevokeApiToken& request) {
  auto token = tx.require<ApiToken>(request.id);
  if (const auto holder = tx.find<User>(token.user)) require_owner_for(tx.actor(), *holder);
  if (token.revoked_at) return token;
  token.revoked_at = tx.now();
  tx.save(token);
  return token;
}

bool clean_api_tokens(Tx& tx) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  const Time ended_before = tx.now() - limits::deleted_retention;
  auto old = tx.all<ApiToken>((where(&ApiToken::expires_at) <= ended_before).at_most(limit));
  for (auto& token : tx.all<ApiToken>((where(&ApiToken::revoked_at) <= ended_before).at_most(limit)))
    if (!token.expires_at || *token.expires_at > ended_before) old.push_back(std::move(token));
  for (auto& token : old) tx.remove(token);
  return static_cast<std::int64_t>(old.size()) >= limit;
}

}  // namespace interlock::domains
