// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/api_token.h"

namespace interlock::domains {

namespace {

constexpr auto token_fields = fields<ApiToken>(
    field<&ApiToken::name>(required, max_bytes(200)), field<&ApiToken::user>(reference<User>(OnDelete::cascade)),
    field<&ApiToken::permissions>(max_bytes(80)), field<&ApiToken::token_digest>(secret, unique, max_bytes(64)),
    field<&ApiToken::expires_at>(), field<&ApiToken::revoked_at>(read_only));

}  // namespace

const RecordType& record_type_of(const ApiToken*) {
  static const RecordType type =
      make_record_type<ApiToken>(2, "token", "api-tokens", token_fields,
                                 {.append_only = true, .creatable = false, .deletable = false, .own_field = "user"});
  return type;
}

}  // namespace interlock::domains
