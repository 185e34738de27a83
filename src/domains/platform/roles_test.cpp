// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/roles.h"

#include "domains/platform/rights.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

struct Row {
  std::string_view permission;
  std::string_view roles;  ///< o(wner) a(dmin) s(taff) v(iewer) g(uest)
};

constexpr Row expected[] = {
    {"users.read", "oasv"},
    {"users.write", "oa"},
    {"users.delete", "oa"},
    {"settings.read", "oasvg"},
    {"settings.write", "oa"},
    {"api-tokens.read", "oas"},
    {"api-tokens.write", "oas"},
    {"leases.read", "oasv"},
    {"audit.read", "oa"},
    {"outbox.read", "oa"},
    {"statuses.read", "oasvg"},
    {"statuses.write", "oa"},
    {"statuses.delete", "oa"},
    {"customers.read", "oasvg"},
    {"customers.write", "oas"},
    {"customers.delete", "oas"},
    {"customers.redact", "oa"},
    {"comments.read", "oasvg"},
    {"comments.write", "oasg"},
    {"comments.delete", "oa"},
    {"activities.read", "oasv"},
    {"activities.write", "oas"},
    {"activities.delete", "oa"},
    {"tenant.export", "o"},
    {"tenant.erase", "o"},
    {"tenants.read", "o"},
    {"files.read", "oasvg"},
    {"files.write", "oasg"},
    {"files.delete", "oas"},
    {"documents.read", "oasv"},
    {"documents.write", "oas"},
    {"documents.delete", "oas"},
    {"tasks.read", "oasv"},
    {"tasks.write", "oas"},
    {"tasks.delete", "oas"},
    {"notes.read", "oasv"},
    {"notes.write", "oas"},
    {"notes.delete", "oas"},
    {"checklist-items.read", "oasv"},
    {"checklist-items.write", "oas"},
    {"checklist-items.delete", "oas"},
    {"partners.read", "oasv"},
    {"partners.write", "oas"},
    {"partners.delete", "oa"},
    {"products.read", "oasv"},
    {"products.write", "oas"},
    {"products.delete", "oa"},
    {"interested-services.read", "oasv"},
    {"interested-services.write", "oas"},
    {"interested-services.delete", "oas"},
    {"interested-services.convert", "oas"},
    {"applications.read", "oasv"},
    {"applications.write", "oas"},
    {"applications.delete", "oas"},
};

TEST(Roles, EveryRoleHasJustThePermissionsOfTheTable) {
  TestTenant lane;
  for (const auto& row : expected)
    for (const auto& role : roles()) {
      lane.as(std::string(role.name));
      const bool allowed = row.roles.find(role.name.front()) != std::string_view::npos;
      EXPECT_EQ(lane.tx.actor().allows(row.permission), allowed) << role.name << " " << row.permission;
    }
}

TEST(Roles, EveryOperationAndCollectionAsksForAPermissionOfTheTable) {
  const auto in_table = [](const std::string& permission) {
    return std::any_of(std::begin(expected), std::end(expected),
                       [&](const Row& r) { return r.permission == permission; });
  };
  for (const auto& [name, op] : test_schema().operations())
    EXPECT_TRUE(op.permission.empty() || in_table(std::string(op.permission))) << name;
  for (const auto* type : test_schema().types(LaneKind::tenant))
    EXPECT_TRUE(!type->options.readable || in_table(std::string(type->permission()) + ".read")) << type->collection;
}

TEST(Roles, ScopesReachAsFarAsTheRoleSays) {
  struct Reach {
    const char* role;
    const char* collection;
    Scope scope;
  };
  constexpr Reach reaches[] = {
      {"owner", "customers", Scope::all},      {"admin", "customers", Scope::all},
      {"staff", "customers", Scope::assigned}, {"viewer", "customers", Scope::assigned},
      {"guest", "customers", Scope::own},      {"staff", "users", Scope::all},
      {"staff", "api-tokens", Scope::own},     {"guest", "users", Scope::own},
      {"guest", "statuses", Scope::all},       {"viewer", "settings", Scope::all},
      {"admin", "api-tokens", Scope::all},
  };
  TestTenant lane;
  for (const auto& reach : reaches)
    EXPECT_EQ(lane.as(reach.role).tx.actor().scope(reach.collection), reach.scope)
        << reach.role << " " << reach.collection;
}

TEST(Roles, AMembershipsScopeGoesOverTheRoles) {
  TestTenant lane;
  lane.admit("lead", "staff", {"customers:all", "*:own"});
  lane.as("lead");
  EXPECT_EQ(lane.tx.actor().scope("customers"), Scope::all);
  EXPECT_EQ(lane.tx.actor().scope("anything-else"), Scope::own);
}

TEST(Roles, ParsesScopes) {
  EXPECT_EQ(parse_scope("customers:all"), std::pair(std::string("customers"), Scope::all));
  EXPECT_EQ(parse_scope("*:none"), std::pair(std::string(), Scope::none));
  for (const char* text : {"", ":", "customers", "customers:", ":all", "customers:some", "Customers:all", "a b:all"})
    EXPECT_FALSE(parse_scope(text)) << text;
}

TEST(Roles, KnowsTheFormOfPermissions) {
  for (const char* text : {"*", "customers.*", "customers.read", "api-tokens.write"})
    EXPECT_TRUE(is_permission(text)) << text;
  for (const char* text : {"", "customers", ".read", "customers.", "*.read", "customers.Read", "a.b.c", "customers.* "})
    EXPECT_FALSE(is_permission(text)) << text;
}

TEST(Roles, AnIntersectionAllowsWhatBothAllow) {
  using List = std::vector<std::string>;
  EXPECT_EQ(intersect_permissions(List{"*"}, List{"customers.*"}), List{"customers.*"});
  EXPECT_EQ(intersect_permissions(List{"customers.read"}, List{"customers.*", "users.*"}), List{"customers.read"});
  EXPECT_EQ(intersect_permissions(List{"customers.*", "users.read"}, List{"*"}), (List{"customers.*", "users.read"}));
  EXPECT_EQ(intersect_permissions(List{"customers.read"}, List{"customers.write"}), List{});
  EXPECT_EQ(intersect_permissions(List{"customer.*"}, List{"customers.read"}), List{});
  EXPECT_EQ(intersect_permissions(List{}, List{"*"}), List{});
}

}  // namespace
}  // namespace interlock::domains
