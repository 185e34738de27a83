// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/api_tokens.h"

#include "domains/platform/accounts.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class ApiTokens : public ::testing::Test {
 protected:
  std::string create(JsonArray permissions, std::optional<Time> expires_at = std::nullopt) {
    JsonObject request{{"name", Json("robot")}, {"permissions", Json(std::move(permissions))}};
    if (expires_at) request.push_back({"expires_at", Json(rfc3339(*expires_at))});
    const auto created = lane.run("api-tokens/create", std::move(request));
    id = text_of(created, "id");
    return text_of(created, "token");
  }
  std::optional<Caller> check(const std::string& text) {
    const auto parts = parse_api_token(text);
    return parts ? check_api_token(lane.tx, *parts, lane.tx.now()) : std::nullopt;
  }

  TestTenant lane;
  std::string id;
};

TEST_F(ApiTokens, ATokenTellsItsTenantAndIsFoundByItsDigest) {
  lane.as("staff");
  const auto text = create({Json("customers.read")});
  const auto parts = parse_api_token(text);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->tenant, test_tenant());
  const auto caller = check(text);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->kind, Caller::Kind::token);
  EXPECT_EQ(caller->user, lane.people["staff"].uuid);
  const auto record = lane.tx.all<ApiToken>({}).front();
  EXPECT_EQ(record.token_digest.find(text.substr(36)), std::string::npos) << "the secret itself is not kept";
}

TEST_F(ApiTokens, OnlyTheExactTextIsAToken) {
  lane.as("staff");
  auto text = create({Json("customers.read")});
  EXPECT_FALSE(parse_api_token(""));
  EXPECT_FALSE(parse_api_token("il_"));
  EXPECT_FALSE(parse_api_token(text + "0"));
  EXPECT_FALSE(parse_api_token(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(parse_api_token("il-" + text.substr(3)));
  auto upper = text;
  upper[3] = 'A';
  EXPECT_FALSE(parse_api_token(upper));
  text.back() = text.back() == '0' ? '1' : '0';
  ASSERT_TRUE(parse_api_token(text));
  EXPECT_FALSE(check(text));
}

TEST_F(ApiTokens, ATokenMayDoWhatItAndItsOwnerMay) {
  lane.as("staff");
  const auto caller = check(create({Json("customers.*"), Json("users.write")}));
  lane.tx.as(*caller);
  EXPECT_TRUE(lane.tx.actor().allows("customers.write"));
  EXPECT_FALSE(lane.tx.actor().allows("customers.redact")) << "its owner may not";
  EXPECT_FALSE(lane.tx.actor().allows("users.write")) << "its owner may not";
  EXPECT_FALSE(lane.tx.actor().allows("comments.write")) << "it was not given that";
  EXPECT_EQ(lane.tx.actor().id, lane.people["staff"].uuid);
}

TEST_F(ApiTokens, ATokenEndsWithItsOwner) {
  lane.as("staff");
  const auto caller = check(create({Json("*")}));
  lane.as("admin").run("users/disable", {{"id", json_id(lane.people["staff"])}});
  EXPECT_EQ(refusal_of([&] { lane.tx.as(*caller); }), ErrorCode::unauthenticated);
}

TEST_F(ApiTokens, ARevokedTokenIsRefusedAtOnceAndRevokingAgainIsFine) {
  lane.as("staff");
  const auto text = create({Json("*")});
  const auto caller = check(text);
  lane.run("api-tokens/revoke", {{"id", Json(id)}});
  lane.run("api-tokens/revoke", {{"id", Json(id)}});
  EXPECT_FALSE(check(text));
  EXPECT_EQ(refusal_of([&] { lane.tx.as(*caller); }), ErrorCode::unauthenticated);
}

TEST_F(ApiTokens, AnExpiredTokenIsRefused) {
  lane.as("staff");
  const auto text = create({Json("*")}, lane.tx.now() + hours(1));
  EXPECT_TRUE(check(text));
  lane.tx.advance(hours(1));
  EXPECT_FALSE(check(text));
  EXPECT_EQ(refusal_of([&] { create({Json("*")}, lane.tx.now()); }), ErrorCode::out_of_range);
}

TEST_F(ApiTokens, ATokenMakesNoTokens) {
  lane.as("owner");
  lane.tx.as(*check(create({Json("*")})));
  EXPECT_EQ(refusal_of([&] { create({Json("*")}); }), ErrorCode::forbidden);
}

TEST_F(ApiTokens, NobodyMakesATokenForSomebodyElse) {
  lane.as("admin");
  EXPECT_EQ(refusal_of([&] {
              lane.run("api-tokens/create", {{"name", Json("x")},
                                             {"permissions", Json(JsonArray{Json("*")})},
                                             {"user", json_id(lane.people["owner"])}});
            }),
            ErrorCode::forbidden);
  EXPECT_EQ(refusal_of([&] {
              lane.as("viewer");
              create({Json("*")});
            }),
            ErrorCode::forbidden);
}

TEST_F(ApiTokens, StaffRevokesOwnTokensOnlyAndAdminsAllButAnOwners) {
  lane.as("owner");
  create({Json("*")});
  const auto owners = id;
  lane.as("staff");
  create({Json("*")});
  EXPECT_EQ(refusal_of([&] { lane.run("api-tokens/revoke", {{"id", Json(owners)}}); }), ErrorCode::not_found);
  lane.as("admin").run("api-tokens/revoke", {{"id", Json(id)}});
  EXPECT_EQ(refusal_of([&] { lane.run("api-tokens/revoke", {{"id", Json(owners)}}); }), ErrorCode::forbidden);
  lane.as("owner").run("api-tokens/revoke", {{"id", Json(owners)}});
}

TEST_F(ApiTokens, PermissionsHaveAForm) {
  lane.as("staff");
  EXPECT_EQ(refusal_of([&] { create({Json("everything")}); }), ErrorCode::invalid_value);
  EXPECT_EQ(refusal_of([&] { create({}); }), ErrorCode::required);
}

TEST_F(ApiTokens, EndedTokensAreDeletedAfterAWhile) {
  lane.as("staff");
  create({Json("*")}, lane.tx.now() + days(1));
  create({Json("*")});
  lane.run("api-tokens/revoke", {{"id", Json(id)}});
  create({Json("*")});
  lane.as_system();
  lane.tx.advance(limits::deleted_retention);
  lane.tx.attempt([&] { return clean_api_tokens(lane.tx); });
  EXPECT_EQ(lane.tx.count(type_of<ApiToken>(), {}), 2);
  lane.tx.advance(days(1));
  lane.tx.attempt([&] { return clean_api_tokens(lane.tx); });
  EXPECT_EQ(lane.tx.count(type_of<ApiToken>(), {}), 1);
}

}  // namespace
}  // namespace interlock::domains
