// SPDX-License-Identifier: Apache-2.0
// Who cannot see a record sees nothing that hangs on it, wherever they look; once it is back, all of it is.
#include <algorithm>

#include "domains/crm/activity.h"
#include "domains/crm/comment.h"
#include "domains/platform/lease.h"
#include "engine/feed_fixture_for_test.h"

namespace interlock::engine {

namespace {

class VisibilityTest : public FeedTest {
 protected:
  std::string made(const std::string& operation, const std::string& request) {
    const auto answer = as(ana, operation, request);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return text_of(answer, "id");
  }
  std::string comment_on(const std::string& subject) {
    return made("comments/create", R"({"text":"called","subject":")" + subject + R"("})");
  }
  std::string activity_on(const std::string& subject) {
    return made("activities/create", R"({"text":"visit","subject":")" + subject + R"("})");
  }
  Answer change(const std::string& operation, const std::string& id) {
    const auto answer = as(ana, operation, R"({"version":"*","id":")" + id + R"("})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer;
  }
  void assign(const std::string& id, const Uuid& to) { update(id, R"("assigned_to":")" + user_text(to) + "\""); }

  template <class T>
  std::vector<std::string> listed(const Uuid& who, ListRequest request = {}) {
    auto view = engine->read(tenant, user(who));
    const auto page = parse_json(list_json(*view, type_of<T>(), request));
    std::vector<std::string> ids;
    for (const auto& item : *page.find("items")->if_array()) ids.push_back(*item.find("id")->if_text());
    return ids;
  }
  template <class T>
  bool has_history(const Uuid& who, const std::string& id) {
    auto view = engine->read(tenant, user(who));
    try {
      history_json(*view, type_of<T>(), id, std::nullopt, "");
      return true;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code, ErrorCode::not_found);
      return false;
    }
  }
  static std::string member(const Json& message, std::string_view name) {
    const auto* value = message.find(name);
    return value == nullptr ? "" : *value->if_text();
  }
  /// Type, id and what becomes of the dependants, of each message.
  static std::vector<std::string> told(const std::vector<Json>& messages) {
    std::vector<std::string> lines;
    for (const auto& m : messages)
      lines.push_back(member(m, "type") + " " + member(m, "id") + " " + member(m, "dependants"));
    return lines;
  }

  using Lines = std::vector<std::string>;
};

TEST_F(VisibilityTest, WhatHangsOnADeletedRecordIsInNoListAndReturnsWithIt) {
  const auto kept = new_customer(), deleted = new_customer();
  const auto on_kept = comment_on(kept), on_deleted = comment_on(deleted);
  const auto activity = activity_on(deleted);
  as(ana, "leases/take", R"({"subject":")" + deleted + R"("})");
  ListRequest by_both;
  by_both.filters = {{"subject", kept}, {"subject", deleted}};
  const auto all = Lines{on_kept, on_deleted};

  EXPECT_EQ(listed<domains::Comment>(ana), all);
  EXPECT_EQ(listed<domains::Lease>(ana).size(), 1u);
  change("customers/delete", deleted);
  EXPECT_EQ(listed<domains::Comment>(ana), Lines{on_kept});
  EXPECT_EQ(listed<domains::Comment>(ana, by_both), Lines{on_kept});
  EXPECT_EQ(listed<domains::Activity>(ana), Lines{});
  EXPECT_EQ(listed<domains::Lease>(ana), Lines{});
  EXPECT_FALSE(has_history<domains::Comment>(ana, on_deleted));
  EXPECT_FALSE(has_history<domains::Activity>(ana, activity));
  change("customers/restore", deleted);
  EXPECT_EQ(listed<domains::Comment>(ana), all);
  EXPECT_EQ(listed<domains::Comment>(ana, by_both), all);
  EXPECT_EQ(listed<domains::Activity>(ana), Lines{activity});
  EXPECT_EQ(listed<domains::Lease>(ana).size(), 1u);
  EXPECT_TRUE(has_history<domains::Comment>(ana, on_deleted));
}

TEST_F(VisibilityTest, WhatHangsOnADeletedRecordCannotBeChangedOrRestored) {
  const auto customer = new_customer();
  const auto comment = comment_on(customer), other = comment_on(customer);
  change("comments/delete", other);
  change("customers/delete", customer);
  EXPECT_EQ(as(ana, "comments/delete", R"({"version":"*","id":")" + comment + R"("})").status, 404);
  EXPECT_EQ(as(ana, "comments/restore", R"({"id":")" + other + R"("})").status, 404);
  ListRequest deleted_ones;
  deleted_ones.deleted = true;
  EXPECT_EQ(listed<domains::Comment>(ana, deleted_ones), Lines{});
  change("customers/restore", customer);
  EXPECT_EQ(listed<domains::Comment>(ana, deleted_ones), Lines{other});
  change("comments/restore", other);
}

TEST_F(VisibilityTest, TheLastSubjectInARowDecides) {
  const auto customer = new_customer();
  const auto activity = activity_on(customer);
  const auto comment = comment_on(activity);
  EXPECT_EQ(listed<domains::Comment>(ben), Lines{});
  assign(customer, ben);
  EXPECT_EQ(listed<domains::Comment>(ben), Lines{comment}) << "the scope is that of the customer";
  change("customers/delete", customer);
  EXPECT_EQ(listed<domains::Comment>(ana), Lines{});
  EXPECT_EQ(as(ana, "comments/create", R"({"text":"x","subject":")" + activity + R"("})").status, 404);
}

TEST_F(VisibilityTest, ARowOfSubjectsThatIsTooLongIsRefused) {
  auto subject = new_customer();
  for (std::size_t depth = 0; depth < limits::visibility_depth_max; ++depth) subject = comment_on(subject);
  EXPECT_EQ(listed<domains::Comment>(ana).size(), limits::visibility_depth_max);
  EXPECT_EQ(as(ana, "comments/create", R"({"text":"x","subject":")" + subject + R"("})").status, 404);
}

TEST_F(VisibilityTest, TheFeedTellsThatDependantsGoAndComeBack) {
  const auto customer = new_customer();
  comment_on(customer);
  const auto from = engine->seq(tenant);
  const auto both = watch(ana, {}, "null", {"customers", "comments"});
  const auto comments = watch(ana, {}, "null", {"comments"});
  const auto customers = watch(ana);
  const auto elsewhere = watch(ana, {}, R"({"subject":")" + new_customer() + R"("})", {"comments"});
  change("customers/delete", customer);
  change("customers/restore", customer);
  const auto comment = comment_on(customer);

  const Lines of_both{"gone " + customer + " gone", "change " + customer + " back", "change " + comment + " "};
  const Lines of_comments{"gone " + customer + " gone", "back " + customer + " back", "change " + comment + " "};
  const auto live = both.sink->wait_for(4);
  EXPECT_EQ(told({live.begin() + 1, live.end()}), of_both) << "after the creation of the other customer";
  EXPECT_EQ(told(comments.sink->wait_for(3)), of_comments);
  EXPECT_EQ(comments.sink->wait_for(3)[1].find("record"), nullptr) << "nobody asked for customers";
  EXPECT_EQ(customers.sink->wait_for(3).size(), 3u);
  EXPECT_EQ(elsewhere.sink->count(), 0u);
  const auto resumed = watch(ana, from, "null", {"comments"});
  EXPECT_EQ(told(resumed.sink->wait_for(3)), of_comments) << "from the log the same";
}

TEST_F(VisibilityTest, TheFeedTellsThatDependantsLeaveTheScope) {
  const auto customer = new_customer();
  const auto w = watch(ben, {}, "null", {"comments"});
  comment_on(customer);
  assign(customer, ben);
  const auto comment = comment_on(customer);
  assign(customer, ana);
  comment_on(customer);
  assign(customer, ben);
  const Lines wanted{"back " + customer + " back", "change " + comment + " ", "gone " + customer + " gone",
                     "back " + customer + " back"};
  EXPECT_EQ(told(w.sink->wait_for(4)), wanted);
}

TEST_F(VisibilityTest, LeavingAFilterMovesNoDependants) {
  const auto customer = new_customer(R"("name":"Clara","tags":["a"])");
  const auto w = watch(ana, {}, R"({"version":1})", {"customers", "comments"});
  update(customer, R"("phone":"1")");
  EXPECT_EQ(told(w.sink->wait_for(1)), Lines{"gone " + customer + " "});
}

TEST_F(VisibilityTest, ACommentOfARecordThatIsDeletedMeanwhileIsNotReadFromTheLog) {
  const auto from = engine->seq(tenant);
  const auto customer = new_customer();
  comment_on(customer);
  change("customers/delete", customer);
  const auto resumed = watch(ana, from, "null", {"comments"});
  EXPECT_EQ(told(resumed.sink->wait_for(1)), Lines{"gone " + customer + " gone"});
}

TEST_F(VisibilityTest, ACommentAndItsSubjectsDeletionInOneOperation) {
  const auto customer = new_customer();
  const auto w = watch(ana, {}, "null", {"comments"});
  auto batch = submission(user(ana), "comments/create", R"({"text":"x","subject":")" + customer + R"("})", new_key());
  batch.mode = Mode::atomic;
  batch.steps.push_back({"customers/delete", parse_json(R"({"version":"*","id":")" + customer + R"("})"), {}, {}});
  EXPECT_EQ(submit_and_wait(*engine, batch).status, 200);
  EXPECT_EQ(told(w.sink->wait_for(1)), Lines{"gone " + customer + " gone"});
}

}  // namespace

}  // namespace interlock::engine
