// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/platform/user.h"
#include "model/record.h"

namespace interlock::domains {

/// A program's key to a tenant. It may do what its permissions allow and its owner may do at that moment, never more.
struct ApiToken : RecordHeader {
  std::string name;
  Id<User> user;
  std::vector<std::string> permissions;  ///< `customers.read`, `customers.*`, `*`
  std::string token_digest;              ///< secret_digest() of the whole token text, see accounts.h
  std::optional<Time> expires_at;
  std::optional<Time> revoked_at;
};
INTERLOCK_RECORD(ApiToken)

inline bool is_live(const ApiToken& token, Time now) {
  return !token.deleted_at && !token.revoked_at && (!token.expires_at || now < *token.expires_at);
}

}  // namespace interlock::domains
