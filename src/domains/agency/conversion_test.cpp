// SPDX-License-Identifier: Apache-2.0
// From interested service to application: once, whatever is repeated, deleted and restored.
#include "domains/agency/test_agency.h"
#include "domains/crm/activity.h"

namespace interlock::domains {
namespace {

class ConversionTest : public TestAgency {
 protected:
  void TearDown() override { expect_one_application_per_converted_service(); }
  std::int64_t applications() { return lane.tx.count(type_of<Application>(), {}); }
};

TEST_F(ConversionTest, MakesTheApplicationAndConvertsTheServiceAndTellsTheTimeline) {
  const auto service = new_service();
  EXPECT_EQ(service.status, "draft");
  const auto answer = convert(id_of(service));
  EXPECT_EQ(*answer.find("created"), Json(true));
  EXPECT_EQ(text_of(*answer.find("interested_service"), "status"), "converted");
  const auto& shown = *answer.find("application");
  EXPECT_EQ(*answer.find("interested_service")->find("application"), *shown.find("id"));
  EXPECT_EQ(*shown.find("interested_service"), json_id(id_of(service)));
  EXPECT_EQ(*shown.find("customer"), json_id(customer));
  EXPECT_EQ(*shown.find("partner"), json_id(partner));
  EXPECT_EQ(*shown.find("product"), json_id(course));
  EXPECT_EQ(text_of(shown, "status"), "draft");
  const auto timeline = lane.tx.all<Activity>({});
  ASSERT_EQ(timeline.size(), 1U);
  EXPECT_EQ(timeline.front().subject, (Subject{type_of<Customer>().number, customer.uuid}));
  EXPECT_EQ(timeline.front().kind, "conversion");
  EXPECT_EQ(timeline.front().text, "Nursing · Riverside College");
}

TEST_F(ConversionTest, ASecondOneFromAnybodyAnswersTheFirstAndChangesNothing) {
  const auto service = new_service();
  const auto first = convert(id_of(service));
  for (const char* who : {"owner", "admin", "staff"}) {
    lane.as(who);
    const auto again = convert(id_of(service), {{"version", Json(1)}});
    EXPECT_EQ(*again.find("created"), Json(false));
    EXPECT_EQ(*again.find("application"), *first.find("application"));
    EXPECT_EQ(*again.find("interested_service"), *first.find("interested_service"));
    EXPECT_TRUE(lane.tx.written().empty()) << who;
  }
  EXPECT_EQ(applications(), 1);
}

TEST_F(ConversionTest, TheApplicationMayHaveAnIdMadeByTheClient) {
  const auto one = new_service(), other = new_service();
  const JsonObject with_id{{"application", json_id(lane.tx.new_id<Application>())}};
  const auto first = convert(id_of(one), with_id);
  EXPECT_EQ(*first.find("application")->find("id"), with_id.front().second);
  EXPECT_EQ(refusal_of([&] { convert(id_of(other), with_id); }), ErrorCode::id_taken);
  const auto again = convert(id_of(one), {{"application", json_id(lane.tx.new_id<Application>())}});
  EXPECT_EQ(*again.find("application"), *first.find("application"));
}

TEST_F(ConversionTest, OfADraftMayBeBoundToAVersion) {
  const auto service = new_service();
  EXPECT_EQ(refusal_of([&] { convert(id_of(service), {{"version", Json(2)}}); }), ErrorCode::stale_version);
  EXPECT_EQ(*convert(id_of(service), {{"version", Json(1)}}).find("created"), Json(true));
}

TEST_F(ConversionTest, NeedsThePermissionAndSightOfTheCustomer) {
  const auto service = new_service();
  for (const char* who : {"viewer", "guest"})
    EXPECT_EQ(refusal_of([&] {
                lane.as(who);
                convert(id_of(service));
              }),
              ErrorCode::forbidden);
  lane.as_system().admit("colleague", "staff");
  lane.as("colleague");
  EXPECT_EQ(refusal_of([&] { convert(id_of(service)); }), ErrorCode::not_found);
  EXPECT_EQ(refusal_of([&] { convert(lane.tx.new_id<InterestedService>()); }), ErrorCode::not_found);
  EXPECT_EQ(applications(), 0);
}

TEST_F(ConversionTest, NeedsNoSightOfTheCatalogue) {
  const auto service = new_service();
  lane.as_system().admit("blind", "staff", {"products:none", "partners:none", "customers:all"});
  lane.as("blind");
  EXPECT_EQ(*convert(id_of(service)).find("created"), Json(true));
}

TEST_F(ConversionTest, AConvertedServiceStaysAndStaysWhatWasAppliedFor) {
  const auto service = new_service();
  const auto application = converted(service);
  try {
    auto held = now(service);
    lane.tx.attempt([&] { lane.tx.remove(held); });
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::interested_service_converted);
    EXPECT_EQ(refusal.extra, "\"application\":\"" + type_id_text("application", application.id) + "\"");
  }
  auto other = now(service);
  other.product = other_course;
  EXPECT_EQ(refusal_of([&] { lane.save(other); }), ErrorCode::interested_service_converted);
  auto note = now(service);
  note.note = "In autumn, if possible";
  EXPECT_EQ(lane.save(note).status, "converted");
}

TEST_F(ConversionTest, DeletingTheApplicationReturnsTheServiceToDraft) {
  const auto service = new_service();
  const auto application = converted(service);
  EXPECT_EQ(remove(application), accepted);
  EXPECT_EQ(now(service).status, "draft");
  EXPECT_FALSE(now(service).application);
  const auto again = convert(id_of(service));
  EXPECT_EQ(*again.find("created"), Json(true));
  EXPECT_NE(*again.find("application")->find("id"), json_id(id_of(application)));
}

TEST_F(ConversionTest, ARestoredApplicationTakesItsServiceAgain) {
  const auto service = new_service();
  const auto application = converted(service);
  remove(application);
  EXPECT_EQ(restore(application), accepted);
  EXPECT_EQ(now(service).application, id_of(application));
  EXPECT_EQ(now(service).status, "converted");
  EXPECT_EQ(*convert(id_of(service)).find("created"), Json(false));
}

TEST_F(ConversionTest, ARestoredApplicationIsRefusedIfTheServiceHasAnother) {
  const auto service = new_service();
  const auto first = converted(service);
  remove(first);
  const auto second = converted(service);
  EXPECT_EQ(restore(first), ErrorCode::interested_service_converted);
  EXPECT_TRUE(now(first).deleted_at);
  EXPECT_EQ(now(service).application, id_of(second));
  remove(second);
  EXPECT_EQ(restore(first), accepted);
  EXPECT_EQ(restore(second), ErrorCode::interested_service_converted);
}

TEST_F(ConversionTest, AnApplicationWhoseServiceIsGoneOrAnotherComesBackWithoutIt) {
  const auto gone = new_service(), changed = new_service();
  const auto first = converted(gone), second = converted(changed);
  remove(first);
  remove(second);
  EXPECT_EQ(remove(gone), accepted);
  auto other = now(changed);
  other.product = other_course;
  lane.save(other);
  EXPECT_EQ(restore(first), accepted);
  EXPECT_EQ(restore(second), accepted);
  EXPECT_FALSE(now(first).interested_service);
  EXPECT_FALSE(now(second).interested_service);
  EXPECT_EQ(now(second).product, course);
  EXPECT_EQ(now(changed).status, "draft");
  EXPECT_EQ(restore(gone), accepted);
  EXPECT_EQ(now(gone).status, "draft");
}

TEST_F(ConversionTest, HoldsWithinOneOperationOfManySteps) {
  const auto service = new_service();
  lane.tx.attempt([&] {
    auto draft = *lane.tx.find(id_of(service));
    draft.product = other_course;
    lane.tx.save(draft);
    auto application = convert_interested_service(lane.tx, {id_of(service), {}, {}}).application;
    lane.tx.remove(application);
    lane.tx.restore(type_of<Application>(), &application);
  });
  EXPECT_EQ(now(service).status, "converted");
}

TEST_F(ConversionTest, PartnerAndDatesOfAServiceFollowRules) {
  auto service = new_service();
  EXPECT_EQ(service.partner, partner);
  service.expected_start = "2027-09-01";
  service.expected_end = "2027-08-31";
  EXPECT_EQ(refusal_of([&] { lane.save(service); }), ErrorCode::invalid_value);
  service.expected_end = "2027-09-01";
  EXPECT_EQ(lane.save(service).expected_end, "2027-09-01");
}

}  // namespace
}  // namespace interlock::domains
