// SPDX-License-Identifier: Apache-2.0
#include "domains/demo.h"

#include "base/ids.h"
#include "domains/crm/comment.h"
#include "domains/crm/customer.h"
#include "domains/demo_names.h"
#include "domains/demo_script.h"
#include "domains/platform/lanes.h"
#include "domains/platform/user.h"

namespace interlock::domains {

namespace {

constexpr std::uint64_t seed = 20'260'101;
constexpr Time epoch{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z: tenants are as old as that
constexpr int staff_count = 30;
constexpr int agency_staff_count = 3;
constexpr int customers_total = 10'000;
constexpr int customers_per_call = 500;
constexpr int other_customers = 50;
constexpr int comments_per_staff = 30;

constexpr std::string_view demo_slug = "demo";
constexpr std::string_view other_slug = "other";

/// Everything is drawn from one seed in one order; a member function per part keeps that order visible.
class DemoMaker : private DemoScript {
 public:
  DemoMaker(const std::string& password_hash, const std::function<void(DemoCall)>& take)
      : DemoScript(seed, password_hash, take) {}

  void make() {
    const auto tenants = demo_tenants();
    make_tenant({tenants[0], demo_slug, "Demo Company", "Europe/Vienna", "AT"});
    make_tenant({tenants[1], other_slug, "Other Company", "Europe/Vienna", "AT"});
    for (const auto& account : demo_accounts())
      if (account.tenant_slug != agency_slug)
        admit(account.tenant_slug == demo_slug ? tenants[0] : tenants[1], account);
    make_customers(tenants[0]);
    make_comments(tenants[0]);
    make_other_customers(tenants[1]);
  }

 private:
  void admit(TenantId tenant, const DemoAccount& account) {
    JsonArray scopes;
    if (account.role == "staff" || account.role == "viewer") scopes.push_back(Json("customers:all"));
    const auto user = make_account(tenant, account, std::move(scopes));
    if (account.role == "staff") staff_.push_back(user);
    if (account.tenant_slug == other_slug) other_admin_ = user;
  }

  Json customer_request(Id<Customer> id, int number, bool assign) {
    auto customer = demo_customer(random(), number);
    JsonArray tags;
    for (auto& tag : customer.tags) tags.push_back(Json(std::move(tag)));
    JsonObject request{{"id", json_id(id)},
                       {"name", Json(customer.name)},
                       {"email", Json(customer.email)},
                       {"phone", Json(customer.phone)},
                       {"status", Json(customer.status)},
                       {"tags", Json(tags)},
                       {"address", Json(customer.address)}};
    if (assign && below(10) < 7) request.push_back({"assigned_to", json_id(pick(staff_))});
    return Json(std::move(request));
  }

  void make_customers(TenantId tenant) {
    for (int first = 0; first < customers_total; first += customers_per_call) {
      const auto author = staff_[static_cast<std::size_t>(first / customers_per_call) % staff_.size()];
      std::vector<DemoStep> steps;
      for (int i = 0; i < customers_per_call; ++i) {
        customers_.push_back({new_id()});
        steps.push_back({"customers/create", customer_request(customers_.back(), first + i, true)});
      }
      batch(tenant, author, "demo-customers-" + std::to_string(first), std::move(steps));
    }
  }

  void make_comments(TenantId tenant) {
    std::vector<std::pair<Id<Comment>, Id<Customer>>> made;
    for (const auto author : staff_) {
      std::vector<DemoStep> steps;
      for (int i = 0; i < comments_per_staff; ++i) {
        const bool reply = !made.empty() && below(4) == 0;
        const auto parent = reply ? pick(made) : decltype(made)::value_type{};
        const auto customer = reply ? parent.second : pick(customers_);
        const Id<Comment> id{new_id()};
        JsonObject request{{"id", json_id(id)}, {"subject", json_id(customer)}, {"text", Json(demo_comment(random()))}};
        if (reply) request.push_back({"reply_to", json_id(parent.first)});
        steps.push_back({"comments/create", Json(std::move(request))});
        made.emplace_back(id, customer);
      }
      batch(tenant, author, "demo-comments-" + uuid_text(author.uuid), std::move(steps));
    }
  }

  void make_other_customers(TenantId tenant) {
    std::vector<DemoStep> steps;
    for (int i = 0; i < other_customers; ++i)
      steps.push_back({"customers/create", customer_request({new_id()}, i, false)});
    batch(tenant, other_admin_, "demo-customers", std::move(steps));
  }

  std::vector<Id<User>> staff_;
  Id<User> other_admin_;
  std::vector<Id<Customer>> customers_;
};

}  // namespace

std::vector<DemoAccount> demo_accounts() {
  std::vector<DemoAccount> accounts;
  const auto add = [&accounts](std::string_view tenant, std::string_view name, std::string_view role) {
    accounts.push_back({tenant, std::string(name) + "@" + std::string(tenant) + ".test", std::string(role)});
  };
  const auto add_roles = [&add](std::string_view tenant, int staff) {
    add(tenant, "owner", "owner");
    add(tenant, "admin", "admin");
    for (int i = 1; i <= staff; ++i) add(tenant, (i < 10 ? "staff0" : "staff") + std::to_string(i), "staff");
    add(tenant, "viewer", "viewer");
    add(tenant, "guest", "guest");
  };
  add_roles(demo_slug, staff_count);
  add(other_slug, "admin", "admin");
  add_roles(agency_slug, agency_staff_count);
  return accounts;
}

std::vector<TenantId> demo_tenants() {
  SeededRandom random(seed + 1);
  std::vector<TenantId> tenants;
  for (int i = 0; i < 3; ++i) tenants.push_back({make_uuid(epoch + milliseconds(i), random)});
  return tenants;
}

void make_demo(const std::string& password_hash, Time now, const std::function<void(DemoCall)>& take) {
  DemoMaker(password_hash, take).make();
  auto people = demo_accounts();
  std::erase_if(people, [](const auto& account) { return account.tenant_slug != agency_slug; });
  make_demo_agency(demo_tenants()[2], people, password_hash, now, take);
}

}  // namespace interlock::domains
