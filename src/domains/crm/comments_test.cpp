// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/comments.h"

#include "domains/crm/activities.h"
#include "domains/crm/customer.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class Comments : public ::testing::Test {
 protected:
  Customer customer(std::optional<Id<User>> assigned_to = std::nullopt) {
    Customer made;
    made.name = "Ada";
    made.assigned_to = assigned_to;
    return lane.as_system().save(made);
  }
  Comment comment(const Subject& subject, std::optional<Id<Comment>> reply_to = std::nullopt) {
    Comment made;
    made.subject = subject;
    made.text = "Hello";
    made.reply_to = reply_to;
    return lane.save(made);
  }

  TestTenant lane;
};

TEST_F(Comments, RememberTheirAuthorAndDoNotTouchTheirSubject) {
  const auto about = customer(lane.people["staff"]);
  lane.as("staff");
  EXPECT_EQ(comment(subject_of(about)).created_by, lane.people["staff"].uuid);
  EXPECT_EQ(lane.tx.find(id_of(about))->version, 1);
}

TEST_F(Comments, GoToWhatTheCallerSeesOnly) {
  const auto hidden = customer(), mine = customer(lane.people["staff"]);
  auto deleted = customer(lane.people["staff"]);
  lane.tx.attempt([&] { lane.tx.remove(deleted); });
  lane.as("staff");
  EXPECT_EQ(refusal_of([&] { comment(subject_of(hidden)); }), ErrorCode::not_found);
  EXPECT_EQ(refusal_of([&] { comment(subject_of(deleted)); }), ErrorCode::not_found);
  EXPECT_EQ(refusal_of([&] {
              comment({type_of<Customer>().number, lane.people["staff"].uuid});
            }),
            ErrorCode::not_found);
  EXPECT_EQ(refusal_of([&] { comment({9'999, mine.id}); }), ErrorCode::not_found);
  EXPECT_EQ(refusal_of([&] { comment(subject_of(mine)); }), ErrorCode::internal);
}

TEST_F(Comments, DoNotHangOnThePlatformsOwnRecords) {
  lane.as("owner");
  EXPECT_EQ(refusal_of([&] {
              comment({type_of<Identity>().number, lane.people["owner"].uuid});
            }),
            ErrorCode::not_found);
}

TEST_F(Comments, ReplyWithinOneSubject) {
  const auto one = customer(), two = customer();
  const auto first = comment(subject_of(one));
  EXPECT_EQ(comment(subject_of(one), id_of(first)).reply_to, id_of(first));
  EXPECT_EQ(refusal_of([&] { comment(subject_of(two), id_of(first)); }), ErrorCode::not_found);
  EXPECT_EQ(refusal_of([&] { comment(subject_of(one), lane.tx.new_id<Comment>()); }), ErrorCode::not_found);
}

TEST_F(Comments, AreSeenByWhoeverSeesTheirSubject) {
  const auto about = customer(lane.people["staff"]);
  const auto made = comment(subject_of(about));
  const auto sees = [&](const char* who) {
    lane.as(who);
    return is_visible(lane.tx, lane.tx.actor(), type_of<Comment>(), &made);
  };
  EXPECT_TRUE(sees("admin"));
  EXPECT_TRUE(sees("staff"));
  EXPECT_FALSE(sees("viewer"));
  EXPECT_FALSE(sees("guest"));
}

TEST_F(Comments, ActivitiesGetTimeAndKindAndArePinnedByOperation) {
  const auto about = customer(lane.people["staff"]);
  lane.as("staff");
  Activity activity;
  activity.subject = subject_of(about);
  activity.text = "Called";
  activity = lane.save(activity);
  EXPECT_EQ(activity.at, lane.tx.now());
  EXPECT_EQ(activity.kind, "note");
  const JsonObject request{{"id", json_id(id_of(activity))}};
  EXPECT_EQ(*lane.run("activities/pin", request).find("pinned"), Json(true));
  EXPECT_EQ(*lane.run("activities/pin", request).find("version"), Json(2)) << "pinned already";
  EXPECT_EQ(*lane.run("activities/unpin", request).find("pinned"), Json(false));
  EXPECT_EQ(refusal_of([&] { lane.as("viewer").run("activities/pin", request); }), ErrorCode::forbidden);
}

}  // namespace
}  // namespace interlock::domains
