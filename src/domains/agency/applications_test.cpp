// SPDX-License-Identifier: Apache-2.0
#include "domains/agency/applications.h"

#include "domains/agency/test_agency.h"

namespace interlock::domains {
namespace {

class Applications : public TestAgency {
 protected:
  ErrorCode set_status(const Application& application, const std::string& to, JsonObject more = {}) {
    JsonObject request{{"id", json_id(id_of(application))}, {"status", Json(to)}};
    for (auto& member : more) request.push_back(std::move(member));
    return refusal_of([&] { lane.run("applications/set-status", std::move(request)); });
  }
};

TEST_F(Applications, MoveAsTheTableSaysAndInNoOtherWay) {
  const std::map<std::string, std::set<std::string>> moves{{"draft", {"submitted", "withdrawn"}},
                                                           {"submitted", {"draft", "offered", "refused", "withdrawn"}},
                                                           {"offered", {"accepted", "refused", "withdrawn"}},
                                                           {"accepted", {"withdrawn"}},
                                                           {"refused", {"draft"}},
                                                           {"withdrawn", {"draft"}}};
  ASSERT_EQ(moves.size(), application_transitions.states.size());
  for (const auto& [from, allowed] : moves)
    for (const auto& [to, ignored] : moves) {
      const auto application = new_application(from);
      const bool may = allowed.contains(to);
      EXPECT_EQ(set_status(application, to), may ? accepted : ErrorCode::no_transition) << from << " to " << to;
      EXPECT_EQ(now(application).status, may ? to : from);

      auto patched = new_application(from);
      patched.status = to;
      const auto refusal = refusal_of([&] { lane.save(patched); });
      EXPECT_EQ(refusal, may || from == to ? accepted : ErrorCode::no_transition) << "PATCH " << from << " to " << to;
    }
}

TEST_F(Applications, BeginAsDraftsOfWhoeverHasTheCustomer) {
  const auto application = new_application();
  EXPECT_EQ(application.status, "draft");
  EXPECT_EQ(application.partner, partner);
  EXPECT_EQ(application.assigned_to, lane.people["staff"]);
  EXPECT_FALSE(application.interested_service);
}

TEST_F(Applications, TellStalenessFirstThenTheExpectation) {
  const auto application = new_application();
  EXPECT_EQ(set_status(application, "nonsense", {{"version", Json(7)}, {"expected_status", Json("offered")}}),
            ErrorCode::stale_version);
  EXPECT_EQ(set_status(application, "nonsense", {{"expected_status", Json("offered")}}), ErrorCode::status_mismatch);
  EXPECT_EQ(set_status(application, "nonsense"), ErrorCode::invalid_value);
  EXPECT_EQ(set_status(application, "submitted", {{"version", Json(1)}, {"expected_status", Json("draft")}}), accepted);
}

TEST_F(Applications, TakeDaysOfTheCalendarOnly) {
  auto application = new_application();
  for (const char* date : {"2026-02-29", "2026-13-01", "tomorrow", "2026-1-1", "2026-01-01T00:00:00Z"}) {
    application.due_date = date;
    EXPECT_EQ(refusal_of([&] { lane.save(application); }), ErrorCode::invalid_value) << date;
  }
  application.due_date = "2028-02-29";
  EXPECT_EQ(lane.save(application).due_date, "2028-02-29");
  auto cleared = now(application);
  cleared.due_date = "";
  EXPECT_FALSE(lane.save(cleared).due_date);
}

TEST_F(Applications, AreForCustomersAndProductsThatTheCallerSees) {
  const auto make = [&](Id<Customer> of, Id<Product> product) {
    Application application;
    application.customer = of;
    application.product = product;
    return refusal_of([&] { lane.save(application); });
  };
  const auto hidden = new_customer("admin");
  lane.as("staff");
  EXPECT_EQ(make(customer, course), accepted);
  EXPECT_EQ(make(hidden, course), ErrorCode::unknown_reference);
  EXPECT_EQ(make(lane.tx.new_id<Customer>(), course), ErrorCode::unknown_reference);
  EXPECT_EQ(make(customer, lane.tx.new_id<Product>()), ErrorCode::unknown_reference);
  lane.as_system().admit("blind", "staff", {"products:none", "customers:all"});
  lane.as("blind");
  EXPECT_EQ(make(customer, course), ErrorCode::unknown_reference);
}

TEST_F(Applications, KeepTheirCustomerPartnerAndProduct) {
  new_application();
  new_service();
  const auto refused = [&](auto id) {
    return refusal_of([&] {
      lane.tx.attempt([&] {
        auto record = *lane.tx.find(id);
        lane.tx.remove(record);
      });
    });
  };
  EXPECT_EQ(refused(customer), ErrorCode::referenced);
  EXPECT_EQ(refused(course), ErrorCode::referenced);
  EXPECT_EQ(refused(partner), ErrorCode::referenced);
  EXPECT_EQ(refused(other_course), accepted);
}

TEST_F(Applications, AreSeenByWhoeverSeesTheCustomer) {
  const auto application = new_application();
  const auto service = new_service();
  for (const auto& [who, sees] : std::map<std::string, bool>{
           {"owner", true}, {"admin", true}, {"staff", true}, {"viewer", false}, {"guest", false}}) {
    lane.as(who);
    EXPECT_EQ(is_visible(lane.tx, lane.tx.actor(), type_of<Application>(), &application), sees) << who;
    EXPECT_EQ(is_visible(lane.tx, lane.tx.actor(), type_of<InterestedService>(), &service), sees) << who;
  }
}

}  // namespace
}  // namespace interlock::domains
