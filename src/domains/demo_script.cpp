// SPDX-License-Identifier: Apache-2.0
#include "domains/demo_script.h"

#include "base/ids.h"
#include "domains/demo_names.h"
#include "domains/platform/lanes.h"

namespace interlock::domains {

namespace {
constexpr Time epoch{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z: ids are as old as that
}

Uuid DemoScript::new_id() { return make_uuid(epoch + milliseconds(ids_made_++), random_); }

void DemoScript::call(TenantId lane, std::string_view operation, JsonObject request) {
  Caller system;
  system.kind = Caller::Kind::system;
  take_({lane, std::move(system), "", {{std::string(operation), Json(std::move(request))}}});
}

void DemoScript::batch(TenantId lane, Id<User> author, std::string key, std::vector<DemoStep> steps) {
  Caller member;
  member.kind = Caller::Kind::user;
  member.user = author.uuid;
  take_({lane, std::move(member), std::move(key), std::move(steps)});
}

void DemoScript::make_tenant(const DemoTenant& tenant) {
  const Json id(type_id_text("tenant", tenant.id.uuid));
  JsonObject place{{"time_zone", Json(tenant.time_zone)}, {"country", Json(tenant.country)}};
  if (!tenant.currency.empty()) place.push_back({"currency", Json(tenant.currency)});
  JsonObject request{{"id", id}, {"slug", Json(tenant.slug)}, {"name", Json(tenant.name)}};
  request.insert(request.end(), place.begin(), place.end());
  call(platform_lane(), "tenants/create", std::move(request));
  // The message that the platform sends does the same; done here, nobody has to wait for it.
  call(tenant.id, "tenant/set-up", std::move(place));
  call(platform_lane(), "tenants/activate", {{"tenant", id}});
}

Id<User> DemoScript::make_account(TenantId tenant, const DemoAccount& account, JsonArray scopes) {
  const Id<User> user{new_id()};
  const Json name(demo_person(random_));
  call(platform_lane(), "members/admit",
       {{"tenant", Json(type_id_text("tenant", tenant.uuid))},
        {"user", json_id(user)},
        {"email", Json(account.email)},
        {"name", name},
        {"password_hash", Json(password_hash_)}});
  call(tenant, "users/admit",
       {{"id", json_id(user)},
        {"email", Json(account.email)},
        {"name", name},
        {"role", Json(account.role)},
        {"scopes", Json(std::move(scopes))}});
  return user;
}

}  // namespace interlock::domains
