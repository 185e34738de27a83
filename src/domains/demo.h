// SPDX-License-Identifier: Apache-2.0
// Demo data: two tenants, their people and 10,000 believable customers. The same on every machine: ids, names and
// numbers come from a fixed seed. It is made by ordinary operations, so it has history, feed and keys like everything
// else.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/actor.h"

namespace interlock::domains {

inline constexpr std::string_view demo_password = "demo-password";

struct DemoAccount {
  std::string_view tenant_slug;
  std::string email;
  std::string role;
};

/// Everybody who can log in, with demo_password: owner, admin, staff01 to staff30, viewer and guest of `demo`, admin of
/// `other`, owner, admin, staff01 to staff03, viewer and guest of `agency`.
std::vector<DemoAccount> demo_accounts();

/// The lanes to be created before the first call.
std::vector<TenantId> demo_tenants();

struct DemoStep {
  std::string operation;
  Json request;
};

/// One submission: a single operation, or an atomic batch if there are several steps.
struct DemoCall {
  TenantId tenant;  ///< platform_lane() or one of demo_tenants()
  Caller caller;
  std::string key;  ///< empty for operations that take none
  std::vector<DemoStep> steps;
};

/// Gives all calls in order; the same ones for the same day of `now`, which due dates and reminders are near. Those of
/// one lane must be executed in their order; lanes do not wait for each other here, so calls may be queued without
/// waiting for each answer (a lane queues limits::lane_queue_operations_max). Every call must succeed. `password_hash`
/// is hash_password(demo_password).
void make_demo(const std::string& password_hash, Time now, const std::function<void(DemoCall)>& take);

}  // namespace interlock::domains
