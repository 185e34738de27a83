// SPDX-License-Identifier: Apache-2.0
// What the makers of demo tenants share: ids and words drawn from one seed, and the calls that make a tenant and its
// people.
#pragma once

#include "base/random.h"
#include "domains/demo.h"
#include "domains/platform/user.h"

namespace interlock::domains {

struct DemoTenant {
  TenantId id;
  std::string_view slug, name, time_zone, country;
  std::string_view currency = {};  ///< the default if empty
};

class DemoScript {
 public:
  DemoScript(std::uint64_t seed, const std::string& password_hash, const std::function<void(DemoCall)>& take)
      : password_hash_(password_hash), take_(take), random_(seed) {}

 protected:
  Uuid new_id();
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <class Table>
  const auto& pick(const Table& table) {
    return table[below(std::size(table))];
  }

  /// A single operation of the system.
  void call(TenantId lane, std::string_view operation, JsonObject request);
  /// An atomic batch of a member.
  void batch(TenantId lane, Id<User> author, std::string key, std::vector<DemoStep> steps);
  void make_tenant(const DemoTenant& tenant);
  Id<User> make_account(TenantId tenant, const DemoAccount& account, JsonArray scopes);
  Random& random() { return random_; }

 private:
  const std::string& password_hash_;
  const std::function<void(DemoCall)>& take_;
  SeededRandom random_;
  std::int64_t ids_made_ = 0;
};

inline constexpr std::string_view agency_slug = "agency";

/// The tenant `agency`: an education agency with its catalogue, clients, applications and tasks. `accounts` are its
/// people.
void make_demo_agency(TenantId tenant, const std::vector<DemoAccount>& accounts, const std::string& password_hash,
                      Time now, const std::function<void(DemoCall)>& take);

}  // namespace interlock::domains
