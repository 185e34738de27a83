// SPDX-License-Identifier: Apache-2.0
// A tenant with a partner, its products and a customer, for the tests of this folder.
#pragma once

#include "domains/agency/applications.h"
#include "domains/test_lane.h"

namespace interlock::domains {

class TestAgency : public ::testing::Test {
 protected:
  void SetUp() override {
    Partner school;
    school.name = "Riverside College";
    partner = id_of(lane.as_system().save(school));
    course = new_product("Nursing");
    other_course = new_product("Design");
    customer = new_customer();
  }
  Id<Product> new_product(const std::string& name) {
    Product product;
    product.partner = partner;
    product.name = name;
    return id_of(lane.as_system().save(product));
  }
  Id<Customer> new_customer(const char* assigned_to = "staff") {
    Customer made;
    made.name = "Ada";
    made.assigned_to = lane.people.at(assigned_to);
    return id_of(lane.as_system().save(made));
  }
  InterestedService new_service() {
    InterestedService service;
    service.customer = customer;
    service.product = course;
    return lane.save(service);
  }
  Application new_application(const std::string& status = "") {
    Application application;
    application.customer = customer;
    application.product = course;
    application.status = status;
    return lane.save(application);
  }
  Json convert(Id<InterestedService> service, JsonObject more = {}) {
    JsonObject request{{"id", json_id(service)}};
    for (auto& member : more) request.push_back(std::move(member));
    return lane.run("interested-services/convert", std::move(request));
  }
  Application converted(const InterestedService& service) {
    convert(id_of(service));
    return *lane.tx.find(*now(service).application);
  }
  template <class T>
  T now(const T& record) {
    T held;
    EXPECT_TRUE(lane.tx.load(type_of<T>(), record.id, &held));
    return held;
  }
  template <class T>
  ErrorCode remove(const T& record) {
    auto held = now(record);
    return refusal_of([&] { lane.tx.attempt([&] { lane.tx.remove(held); }); });
  }
  template <class T>
  ErrorCode restore(const T& record) {
    auto held = now(record);
    return refusal_of([&] { lane.tx.attempt([&] { lane.tx.restore(type_of<T>(), &held); }); });
  }
  /// What holds whatever was done: see applications.h.
  void expect_one_application_per_converted_service() {
    for (const auto& service : lane.tx.all<InterestedService>({})) {
      EXPECT_EQ(service.status, service.application ? "converted" : "draft");
      const auto held = lane.tx.all<Application>(where(&Application::interested_service) == service.id);
      ASSERT_EQ(held.size(), service.application ? 1U : 0U);
      if (!held.empty()) {
        EXPECT_EQ(id_of(held.front()), *service.application);
      }
    }
  }

  TestTenant lane;
  Id<Partner> partner;
  Id<Product> course, other_course;
  Id<Customer> customer;
};

/// What refusal_of answers where nothing was refused.
inline constexpr ErrorCode accepted = ErrorCode::internal;

}  // namespace interlock::domains
