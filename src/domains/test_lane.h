// SPDX-License-Identifier: Apache-2.0
// What tests of the domains stand on: a tenant's lane and the platform's, in memory, and people to act in them.
#pragma once

#include <gtest/gtest.h>

#include "base/json.h"
#include "domains/platform/lanes.h"
#include "domains/platform/tenants.h"
#include "domains/platform/users.h"
#include "domains/schema.h"
#include "model/record_json.h"
#include "testing/memory_tx.h"

namespace interlock::domains {

inline const Schema& test_schema() {
  static const Schema schema = make_schema();
  return schema;
}

inline TenantId test_tenant(std::uint8_t number = 7) {
  TenantId tenant;
  tenant.uuid.bytes.front() = 1;
  tenant.uuid.bytes.back() = number;
  return tenant;
}

/// Runs operations as a lane does; whose, the derived ones say.
class TestLane {
 public:
  /// Permission, request by its field table, body: all or nothing. Answers JSON.
  Json run(std::string_view name, JsonObject request) {
    const auto* op = tx.schema().operation(name);
    if (op == nullptr) throw Refusal(ErrorCode::not_found);
    if (op->access == Access::system ? !tx.actor().system : !tx.actor().allows(op->permission))
      throw Refusal(ErrorCode::forbidden);
    StructBox parsed(*op->request);
    read_struct_json(*op->request, Json(std::move(request)), parsed.get());
    return tx.attempt([&] {
      StructBox answer(*op->answer);
      op->run(tx, parsed.get(), answer.get());
      std::string text;
      if (op->answer_record != nullptr)
        append_record_json(text, *op->answer_record, answer.get());
      else
        append_struct_json(text, *op->answer, answer.get());
      return parse_json(text);
    });
  }

  /// Saves as one operation of its own.
  template <class T>
  T save(T record) {
    return tx.attempt([&] {
      tx.save(record);
      return record;
    });
  }

  testing::MemoryTx tx;

 protected:
  explicit TestLane(TenantId tenant) : tx(test_schema(), tenant) {}
};

/// A tenant that has been set up, with one active member of each role, called like it.
class TestTenant : public TestLane {
 public:
  explicit TestTenant(TenantId tenant = test_tenant()) : TestLane(tenant) {
    tx.attempt([&] { return set_up_tenant(tx, {}); });
    for (const char* role : {"owner", "admin", "staff", "viewer", "guest"}) admit(role, role);
    tx.sent.clear();
  }

  Id<User> admit(const std::string& name, const std::string& role, std::vector<std::string> scopes = {}) {
    const auto user = tx.attempt([&] {
      return admit_user(tx, {tx.new_id<User>(), name + "@example.com", name, role, std::move(scopes)});
    });
    return people[name] = id_of(user);
  }
  /// Acts as the member of that name from now on.
  TestTenant& as(const std::string& name) {
    tx.as_user(people.at(name).uuid);
    return *this;
  }
  TestTenant& as_system() {
    tx.as_system();
    return *this;
  }
  User user(const std::string& name) { return *tx.find(people.at(name)); }

  std::map<std::string, Id<User>> people;
};

/// The platform's lane, with one tenant that is active and nobody in it.
class TestPlatform : public TestLane {
 public:
  TestPlatform() : TestLane(platform_lane()) {
    run("tenants/create",
        {{"id", json_id(Id<Tenant>{test_tenant().uuid})}, {"slug", Json("acme")}, {"name", Json("Acme")}});
    run("tenants/activate", {{"tenant", tenant()}});
    tx.sent.clear();
  }
  Json tenant() const { return json_id(Id<Tenant>{test_tenant().uuid}); }
};

/// The code that the body refuses with; `internal` if it does not.
template <class Body>
ErrorCode refusal_of(Body body) {
  try {
    body();
  } catch (const Refusal& refusal) {
    return refusal.code;
  }
  return ErrorCode::internal;
}

inline std::string text_of(const Json& json, std::string_view member) {
  const auto* value = json.find(member);
  return value == nullptr || value->if_text() == nullptr ? std::string() : *value->if_text();
}

}  // namespace interlock::domains
