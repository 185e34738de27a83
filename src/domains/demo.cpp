// SPDX-License-Identifier: Apache-2.0
#include "domains/demo.h"

#include "base/ids.h"
#include "domains/crm/comment.h"
#include "domains/crm/customer.h"
#include "domains/demo_names.h"
#include "domains/platform/lanes.h"
#include "domains/platform/user.h"

namespace interlock::domains {

namespace {

constexpr std::uint64_t seed = 20'260'101;
constexpr Time epoch{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z: ids are as old as that
constexpr int staff_count = 30;
constexpr int customers_total = 10'000;
constexpr int customers_per_call = 500;
constexpr int other_customers = 50;
constexpr int comments_per_staff = 30;

constexpr std::string_view demo_slug = "demo";
constexpr std::string_view other_slug = "other";

/// Everything is drawn from one seed in one order; a member function per part keeps that order visible.
class DemoMaker {
 public:
  DemoMaker(const std::string& password_hash, const std::function<void(DemoCall)>& take)
      : password_hash_(password_hash), take_(take) {}

  void make() {
    const auto tenants = demo_tenants();
    make_tenant(tenants[0], demo_slug, "Demo Company");
    make_tenant(tenants[1], other_slug, "Other Company");
    for (const auto& account : demo_accounts())
      make_account(account.tenant_slug == demo_slug ? tenants[0] : tenants[1], account);
    make_customers(tenants[0]);
    make_comments(tenants[0]);
    make_other_customers(tenants[1]);
  }

 private:
  Uuid new_id() { return make_uuid(epoch + milliseconds(ids_made_++), random_); }

  static Caller system() {
    Caller caller;
    caller.kind = Caller::Kind::system;
    return caller;
  }
  static Caller member(const Uuid& user) {
    Caller caller;
    caller.kind = Caller::Kind::user;
    caller.user = user;
    return caller;
  }

  void call(TenantId lane, std::string_view operation, JsonObject request) {
    take_({lane, system(), "", {{std::string(operation), Json(std::move(request))}}});
  }

  void make_tenant(TenantId tenant, std::string_view slug, std::string_view name) {
    const Json id(type_id_text("tenant", tenant.uuid));
    call(platform_lane(), "tenants/create",
         {{"id", id},
          {"slug", Json(slug)},
          {"name", Json(name)},
          {"time_zone", Json("Europe/Vienna")},
          {"country", Json("AT")}});
    // The message that the platform sends does the same; done here, nobody has to wait for it.
    call(tenant, "tenant/set-up", {{"time_zone", Json("Europe/Vienna")}, {"country", Json("AT")}});
    call(platform_lane(), "tenants/activate", {{"tenant", id}});
  }

  void make_account(TenantId tenant, const DemoAccount& account) {
    const Id<User> user{new_id()};
    const Json name(demo_person(random_));
    JsonArray scopes;
    if (account.role == "staff" || account.role == "viewer") scopes.push_back(Json("customers:all"));
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
          {"scopes", Json(scopes)}});
    if (account.role == "staff") staff_.push_back(user);
    if (account.tenant_slug == other_slug) other_admin_ = user;
  }

  Json customer_request(Id<Customer> id, int number, bool assign) {
    auto customer = demo_customer(random_, number);
    JsonArray tags;
    for (auto& tag : customer.tags) tags.push_back(Json(std::move(tag)));
    JsonObject request{{"id", json_id(id)},
                       {"name", Json(customer.name)},
                       {"email", Json(customer.email)},
                       {"phone", Json(customer.phone)},
                       {"status", Json(customer.status)},
                       {"tags", Json(tags)},
                       {"address", Json(customer.address)}};
    if (assign && random_.below(10) < 7)
      request.push_back({"assigned_to", json_id(staff_[random_.below(staff_.size())])});
    return Json(std::move(request));
  }

  void make_customers(TenantId tenant) {
    for (int first = 0; first < customers_total; first += customers_per_call) {
      const auto author = staff_[static_cast<std::size_t>(first / customers_per_call) % staff_.size()];
      DemoCall batch{tenant, member(author.uuid), "demo-customers-" + std::to_string(first), {}};
      for (int i = 0; i < customers_per_call; ++i) {
        customers_.push_back({new_id()});
        batch.steps.push_back({"customers/create", customer_request(customers_.back(), first + i, true)});
      }
      take_(std::move(batch));
    }
  }

  void make_comments(TenantId tenant) {
    std::vector<std::pair<Id<Comment>, Id<Customer>>> made;
    for (const auto author : staff_) {
      DemoCall batch{tenant, member(author.uuid), "demo-comments-" + uuid_text(author.uuid), {}};
      for (int i = 0; i < comments_per_staff; ++i) {
        const bool reply = !made.empty() && random_.below(4) == 0;
        const auto parent = reply ? made[random_.below(made.size())] : decltype(made)::value_type{};
        const auto customer = reply ? parent.second : customers_[random_.below(customers_.size())];
        const Id<Comment> id{new_id()};
        JsonObject request{{"id", json_id(id)}, {"subject", json_id(customer)}, {"text", Json(demo_comment(random_))}};
        if (reply) request.push_back({"reply_to", json_id(parent.first)});
        batch.steps.push_back({"comments/create", Json(std::move(request))});
        made.emplace_back(id, customer);
      }
      take_(std::move(batch));
    }
  }

  void make_other_customers(TenantId tenant) {
    DemoCall batch{tenant, member(other_admin_.uuid), "demo-customers", {}};
    for (int i = 0; i < other_customers; ++i)
      batch.steps.push_back({"customers/create", customer_request({new_id()}, i, false)});
    take_(std::move(batch));
  }

  const std::string& password_hash_;
  const std::function<void(DemoCall)>& take_;
  SeededRandom random_{seed};
  std::int64_t ids_made_ = 0;
  std::vector<Id<User>> staff_;
  Id<User> other_admin_;
  std::vector<Id<Customer>> customers_;
};

}  // namespace

std::vector<DemoAccount> demo_accounts() {
  std::vector<DemoAccount> accounts{{demo_slug, "owner@demo.test", "owner"}, {demo_slug, "admin@demo.test", "admin"}};
  for (int i = 1; i <= staff_count; ++i) {
    const std::string number = (i < 10 ? "0" : "") + std::to_string(i);
    accounts.push_back({demo_slug, "staff" + number + "@demo.test", "staff"});
  }
  accounts.push_back({demo_slug, "viewer@demo.test", "viewer"});
  accounts.push_back({demo_slug, "guest@demo.test", "guest"});
  accounts.push_back({other_slug, "admin@other.test", "admin"});
  return accounts;
}

std::vector<TenantId> demo_tenants() {
  SeededRandom random(seed + 1);
  const TenantId demo{make_uuid(epoch, random)};
  return {demo, {make_uuid(epoch + milliseconds(1), random)}};
}

void make_demo(const std::string& password_hash, const std::function<void(DemoCall)>& take) {
  DemoMaker(password_hash, take).make();
}

}  // namespace interlock::domains
