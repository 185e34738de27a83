// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_workload.h"

#include <algorithm>
#include <array>

#include "base/ids.h"
#include "domains/platform/settings.h"

namespace interlock::testing {

namespace {

constexpr std::array statuses{"new", "contacted", "qualified", "active", "inactive"};
constexpr std::size_t known_max = 60;
constexpr std::size_t used_keys_max = 40;

Json text_id(std::string_view prefix, const Uuid& id) { return Json(type_id_text(prefix, id)); }

Caller member(const Uuid& user) {
  Caller caller;
  caller.kind = Caller::Kind::user;
  caller.user = user;
  return caller;
}

}  // namespace

Workload::Workload(TenantId tenant, WorkloadOptions options, ManualClock& clock, Random& random)
    : tenant_(tenant), options_(options), clock_(clock), random_(random) {
  for (int i = 0; i < 3; ++i) users_.push_back(member(make_uuid(clock_.now(), random_)));
}

std::vector<engine::Submission> Workload::set_up() {
  std::vector<engine::Submission> all;
  const auto add = [&](std::string operation, JsonObject request) {
    all.push_back({tenant_,
                   engine::system_caller(),
                   engine::Mode::single,
                   {{std::move(operation), Json(std::move(request)), {}, {}}},
                   {},
                   "set-up",
                   {}});
  };
  add("tenant/set-up", {});
  for (std::size_t i = 0; i < users_.size(); ++i)
    add("users/admit", {{"id", text_id("user", users_[i].user)},
                        {"email", Json("user" + std::to_string(i) + "@sim.test")},
                        {"name", Json("User " + std::to_string(i))},
                        {"role", Json(i == 0   ? "owner"
                                      : i == 1 ? "admin"
                                               : "staff")},
                        {"scopes", Json(JsonArray{Json("customers:all")})}});
  add("settings/update", {{"id", text_id("settings", domains::settings_id().uuid)},
                          {"version", Json("*")},
                          {"modules", Json(JsonArray{Json("crm"), Json("catalogue"), Json("agency")})}});
  const auto partner = make_uuid(clock_.now(), random_);
  add("partners/create", {{"id", text_id("partner", partner)}, {"name", Json("School")}});
  for (const char* name : {"Nursing", "Design"}) {
    products_.push_back(make_uuid(clock_.now(), random_));
    add("products/create",
        {{"id", text_id("product", products_.back())}, {"partner", text_id("partner", partner)}, {"name", Json(name)}});
  }
  return all;
}

std::string Workload::words(std::size_t bytes_max) {
  static constexpr std::array parts{"harbour", "Ünal", "lamp", "O'Neil", "seven", "\"quoted\"", "mill", "東京", "quay"};
  std::string text = "w" + std::to_string(random_.below(1'000));
  const auto target = random_.below(bytes_max);
  while (text.size() + 12 < target) text.append(" ").append(parts[random_.below(parts.size())]);
  return text;
}

std::string Workload::new_key() { return "key-" + std::to_string(++keys_made_); }

Caller Workload::any_user() { return users_[random_.below(users_.size())]; }

Workload::Known& Workload::pick(std::vector<Known>& of) {
  // The newest few are hot.
  const auto window = chance(60) ? std::min<std::size_t>(of.size(), 4) : of.size();
  return of[of.size() - 1 - random_.below(window)];
}

/// The version as the client knows it (which may be stale), an older one, or any.
Json Workload::base_version(const Known& known) {
  if (chance(15)) return Json("*");
  if (chance(20) && known.version > 1) return Json(known.version - 1);
  return Json(known.version);
}

engine::Step Workload::create_customer() {
  JsonObject request{{"name", Json(words(40))}, {"tags", Json(JsonArray{Json("a"), Json(words(20))})}};
  if (chance(50)) request.emplace_back("email", Json("c" + std::to_string(random_.below(1'000)) + "@example.test"));
  if (chance(30)) request.emplace_back("status", Json(statuses[random_.below(statuses.size())]));
  if (chance(20)) request.emplace_back("assigned_to", text_id("user", any_user().user));
  if (options_.large) request.emplace_back("address", Json(words(900)));
  if (chance(90)) {
    // Now and then an id that is taken.
    const bool taken = !customers_.empty() && chance(5);
    const auto id = taken ? pick(customers_).id : make_uuid(clock_.now(), random_);
    if (!taken) customers_.push_back({id, 1});
    request.emplace_back("id", text_id("customer", id));
  }
  if (customers_.size() > known_max) customers_.erase(customers_.begin());
  return {"customers/create", Json(std::move(request)), {}, {}};
}

engine::Step Workload::update_customer() {
  const auto& known = pick(customers_);
  JsonObject request{{"id", text_id("customer", known.id)}, {"version", base_version(known)}};
  if (chance(60)) request.emplace_back("name", Json(words(40)));
  if (chance(50)) request.emplace_back("phone", Json(std::to_string(random_.below(10))));
  if (chance(20)) request.emplace_back("status", Json(statuses[random_.below(statuses.size())]));
  if (chance(20)) request.emplace_back("assigned_to", chance(30) ? Json() : text_id("user", any_user().user));
  if (chance(10)) request.emplace_back("merge", Json(false));
  return {"customers/update", Json(std::move(request)), {}, {}};
}

engine::Step Workload::set_status() {
  const auto& known = pick(customers_);
  JsonObject request{{"id", text_id("customer", known.id)}, {"status", Json(statuses[random_.below(statuses.size())])}};
  if (chance(30)) request.emplace_back("expected_status", Json(statuses[random_.below(statuses.size())]));
  if (chance(30)) request.emplace_back("version", Json(known.version));
  return {"customers/set-status", Json(std::move(request)), {}, {}};
}

engine::Step Workload::create_comment() {
  const Known made{make_uuid(clock_.now(), random_), 1};
  JsonObject request{{"id", text_id("comment", made.id)},
                     {"subject", text_id("customer", pick(customers_).id)},
                     {"text", Json(words(options_.large ? 9'000 : 80))}};
  if (!comments_.empty() && chance(20)) request.emplace_back("reply_to", text_id("comment", pick(comments_).id));
  comments_.push_back(made);
  if (comments_.size() > known_max) comments_.erase(comments_.begin());
  return {"comments/create", Json(std::move(request)), {}, {}};
}

engine::Step Workload::delete_or_restore() {
  struct Kind {
    std::vector<Known>& known;
    const char* name;
    std::string collection;
  };
  const std::array<Kind, 4> kinds{{{comments_, "comment", "comments"},
                                   {services_, "interested_service", "interested-services"},
                                   {applications_, "application", "applications"},
                                   {customers_, "customer", "customers"}}};
  const auto& drawn = kinds[random_.below(kinds.size())];
  const auto& kind = drawn.known.empty() ? kinds.back() : drawn;
  const auto& known = pick(kind.known);
  JsonObject request{{"id", text_id(kind.name, known.id)}};
  const bool restores = chance(kind.known.data() == customers_.data() ? 70 : 50);
  if (!restores || chance(50)) request.emplace_back("version", base_version(known));
  return {kind.collection + (restores ? "/restore" : "/delete"), Json(std::move(request)), {}, {}};
}

engine::Step Workload::change_member() {
  const auto& user = users_[1 + random_.below(2)];
  return {chance(20) ? "users/disable" : "users/enable", Json(JsonObject{{"id", text_id("user", user.user)}}), {}, {}};
}

engine::Step Workload::any_step() {
  const auto chosen = random_.below(100);
  if (customers_.size() < 3 || chosen < 16) return create_customer();
  if (chosen < 42) return update_customer();
  if (chosen < 52) return set_status();
  if (chosen < 68) return create_comment();
  if (chosen < 88) return agency_step();
  return delete_or_restore();
}

Intent Workload::next() {
  Intent intent;
  auto& submission = intent.submission;
  submission.tenant = tenant_;
  submission.caller = any_user();
  intent.abandons = chance(5);
  if (!used_keys_.empty() && chance(6)) {
    // The same key with another request, or the same one as a new intent, or by somebody else.
    submission = used_keys_[random_.below(used_keys_.size())];
    const auto how = random_.below(3);
    if (how == 0) submission.steps = {any_step()}, submission.mode = engine::Mode::single;
    if (how == 1) submission.caller = any_user();
  } else if (options_.batches && chance(15)) {
    submission.mode = chance(60) ? engine::Mode::atomic : engine::Mode::each;
    const auto count = 2 + random_.below(4);
    for (std::uint64_t i = 0; i < count; ++i) submission.steps.push_back(any_step());
    if (submission.mode == engine::Mode::each)
      for (auto& step : submission.steps) step.key = new_key();
    else
      submission.key = new_key();
  } else {
    const bool member_change = chance(2);
    submission.steps = {member_change ? change_member() : any_step()};
    if (member_change) submission.caller = users_.front();
    const auto& name = submission.steps.front().operation;
    const bool may_go_without = name.ends_with("/update") || name.ends_with("/delete");
    if (!may_go_without || chance(85)) submission.key = new_key();
  }
  submission.request_id = "r" + std::to_string(keys_made_);
  if (!submission.key.empty() && submission.mode != engine::Mode::each) used_keys_.push_back(submission);
  if (used_keys_.size() > used_keys_max) used_keys_.erase(used_keys_.begin());
  if (submission.mode != engine::Mode::each) {
    intent.units.push_back({submission, {}});
  } else {
    for (const auto& step : submission.steps) {
      auto one = submission;
      one.mode = engine::Mode::single;
      one.steps = {step};
      one.key = step.key;
      intent.units.push_back({std::move(one), {}});
    }
  }
  return intent;
}

void Workload::learn(const std::string& body) {
  const auto json = parse_json(body);
  if (const auto* results = json.find("results"); results != nullptr && results->if_array() != nullptr) {
    for (const auto& result : *results->if_array())
      if (const auto* inner = result.find("body")) learn(json_text(*inner));
    return;
  }
  if (const auto* application = json.find("application"); application != nullptr && json.find("created") != nullptr) {
    learn(json_text(*application));
    learn(json_text(*json.find("interested_service")));
    return;
  }
  const auto* id = json.find("id");
  const auto* version = json.find("version");
  if (id == nullptr || version == nullptr || id->if_text() == nullptr || version->if_integer() == nullptr) return;
  const auto take = [&](std::string_view prefix, std::vector<Known>& known) {
    const auto uuid = parse_type_id(prefix, *id->if_text());
    if (!uuid) return;
    const auto at = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.id == *uuid; });
    if (at == known.end())
      known.push_back({*uuid, *version->if_integer()});
    else
      at->version = std::max(at->version, *version->if_integer());
  };
  take("customer", customers_);
  take("comment", comments_);
  take("interested_service", services_);
  take("application", applications_);
}

}  // namespace interlock::testing
