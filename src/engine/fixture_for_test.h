// SPDX-License-Identifier: Apache-2.0
// An engine on real files with one tenant and a few of its people.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>

#include "base/random.h"
#include "domains/crm/customer.h"
#include "domains/platform/user.h"
#include "domains/schema.h"
#include "engine/engine.h"
#include "engine/queries.h"
#include "store/sqlite/checksum_vfs.h"
#include "store/test_store.h"
#include "testing/manual_clock.h"

namespace interlock::engine {

inline const Schema& test_schema() {
  static const Schema schema = domains::make_schema();
  return schema;
}

class EngineTest : public ::testing::Test {
 protected:
  explicit EngineTest(const Schema& with = test_schema(), const Clock* with_clock = nullptr)
      : schema(with), engine_clock(with_clock == nullptr ? clock : *with_clock) {
    char name[] = "/tmp/interlock-engine-XXXXXX";
    directory = ::mkdtemp(name);
    tenant.uuid = make_uuid(system_clock().now(), system_random());
    start();
    engine->create_lane(tenant);
    system("tenant/set-up",
           R"({"owner":")" + user_text(owner) + R"(","owner_email":"owner@t.test","owner_name":"Olga Owner"})");
    admit(ana, "ana@t.test", "Ana", "admin", {});
    admit(ben, "ben@t.test", "Ben", "staff", {"customers:assigned"});
    admit(vera, "vera@t.test", "Vera", "viewer", {"customers:all"});
  }
  ~EngineTest() override {
    stop();
    store::drop_test_store(directory);
    std::filesystem::remove_all(directory);
  }

  void start(EngineOptions options = {}, Providers providers = {}) {
    store = store::open_test_store(directory, schema);
    options.workers = 2;
    engine = make_engine(schema, *store, engine_clock, system_random(), std::move(providers), options);
  }
  void stop() {
    engine.reset();
    store.reset();
  }

  static std::string user_text(const Uuid& user) { return type_id_text("user", user); }
  static Caller user(const Uuid& id) {
    Caller caller;
    caller.kind = Caller::Kind::user;
    caller.user = id;
    return caller;
  }
  static std::string new_key() { return random_hex(system_random(), 16); }

  Submission submission(const Caller& caller, std::string operation, const std::string& request, std::string key) {
    Submission s;
    s.tenant = tenant;
    s.caller = caller;
    s.key = std::move(key);
    s.steps.push_back({std::move(operation), parse_json(request), {}, {}});
    return s;
  }
  Answer as(const Uuid& who, const std::string& operation, const std::string& request, const std::string& key) {
    return submit_and_wait(*engine, submission(user(who), operation, request, key));
  }
  Answer as(const Uuid& who, const std::string& operation, const std::string& request) {
    return as(who, operation, request, new_key());
  }
  Answer system(const std::string& operation, const std::string& request) {
    auto answer = submit_and_wait(*engine, submission(system_caller(), operation, request, new_key()));
    EXPECT_LT(answer.status, 300) << operation << ": " << answer.body;
    return answer;
  }
  void admit(const Uuid& id, const std::string& email, const std::string& name, const std::string& role,
             const std::vector<std::string>& scopes) {
    std::string request;
    JsonWriter json(request);
    json.begin_object().member("id", user_text(id)).member("email", email).member("name", name).member("role", role);
    json.key("scopes").begin_array();
    for (const auto& scope : scopes) json.text(scope);
    json.end_array().end_object();
    system("users/admit", request);
  }

  static std::string text_of(const Answer& answer, std::string_view member) {
    const auto json = parse_json(answer.body);
    const auto* value = json.find(member);
    if (value == nullptr) return "(no " + std::string(member) + " in " + answer.body + ")";
    return value->if_text() != nullptr ? *value->if_text() : json_text(*value);
  }
  std::string new_customer(const std::string& members = R"("name":"Clara")") {
    const auto answer = as(ana, "customers/create", "{" + members + "}");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return text_of(answer, "id");
  }
  std::string get(const Uuid& who, const std::string& id) {
    auto view = engine->read(tenant, user(who));
    return get_json(*view, type_of<domains::Customer>(), id);
  }
  std::string history(const std::string& id) {
    auto view = engine->read(tenant, user(ana));
    return history_json(*view, type_of<domains::Customer>(), id, std::nullopt, "");
  }
  Json list(const Uuid& who, const ListRequest& request) {
    auto view = engine->read(tenant, user(who));
    return parse_json(list_json(*view, type_of<domains::Customer>(), request));
  }

  const Schema& schema;
  testing::ManualClock clock{system_clock()};  ///< the system's time, put ahead by a test
  const Clock& engine_clock;
  std::string directory;
  TenantId tenant;
  const Uuid owner = make_uuid(Time{1}, system_random());
  const Uuid ana = make_uuid(Time{1}, system_random());
  const Uuid ben = make_uuid(Time{1}, system_random());
  const Uuid vera = make_uuid(Time{1}, system_random());
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Engine> engine;
};

}  // namespace interlock::engine
