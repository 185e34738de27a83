// SPDX-License-Identifier: Apache-2.0
// What simulated clients ask for around interested services: they are converted by several at once, their applications
// deleted and restored in between.
#include <array>

#include "base/ids.h"
#include "testing/sim_workload.h"

namespace interlock::testing {

namespace {

constexpr std::array states{"draft", "submitted", "offered", "accepted", "refused", "withdrawn"};
constexpr std::size_t known_max = 60;

Json text_id(std::string_view prefix, const Uuid& id) { return Json(type_id_text(prefix, id)); }

}  // namespace

engine::Step Workload::agency_step() {
  const auto chosen = random_.below(100);
  if (services_.size() < 2 || chosen < 20) return create_service();
  if (chosen < 60) return convert();
  if (chosen < 70 && !applications_.empty()) return set_application_status();
  if (chosen < 90 && !applications_.empty()) return delete_or_restore_application();
  return update_service();
}

engine::Step Workload::create_service() {
  JsonObject request{{"customer", text_id("customer", pick(customers_).id)},
                     {"product", text_id("product", products_[random_.below(products_.size())])},
                     {"note", Json(words(60))}};
  if (chance(80)) {
    services_.push_back({make_uuid(clock_.now(), random_), 1});
    request.emplace_back("id", text_id("interested_service", services_.back().id));
  }
  if (services_.size() > known_max) services_.erase(services_.begin());
  return {"interested-services/create", Json(std::move(request)), {}, {}};
}

engine::Step Workload::update_service() {
  const auto& known = pick(services_);
  JsonObject request{{"id", text_id("interested_service", known.id)}, {"version", base_version(known)}};
  if (chance(70)) request.emplace_back("note", Json(words(60)));
  if (chance(40)) request.emplace_back("product", text_id("product", products_[random_.below(products_.size())]));
  return {"interested-services/update", Json(std::move(request)), {}, {}};
}

engine::Step Workload::convert() {
  const auto& known = pick(services_);
  const Json version = chance(20) ? Json(known.version) : Json();
  JsonObject request{{"id", text_id("interested_service", known.id)}, {"version", version}};
  return {"interested-services/convert", Json(std::move(request)), {}, {}};
}

engine::Step Workload::delete_or_restore_application() {
  JsonObject request{{"id", text_id("application", pick(applications_).id)}};
  if (chance(50)) return {"applications/restore", Json(std::move(request)), {}, {}};
  request.emplace_back("version", Json("*"));
  return {"applications/delete", Json(std::move(request)), {}, {}};
}

engine::Step Workload::set_application_status() {
  const auto& known = pick(applications_);
  const Json version = chance(20) ? Json(known.version) : Json();
  JsonObject request{{"id", text_id("application", known.id)},
                     {"status", Json(states[random_.below(states.size())])},
                     {"version", version}};
  return {"applications/set-status", Json(std::move(request)), {}, {}};
}

}  // namespace interlock::testing
