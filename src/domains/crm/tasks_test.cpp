// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/tasks.h"

#include "domains/crm/activity.h"
#include "domains/crm/checklist_item.h"
#include "domains/crm/customer.h"
#include "domains/crm/note.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class Tasks : public ::testing::Test {
 protected:
  void SetUp() override {
    customer.name = "Ada";
    customer.assigned_to = lane.people["staff"];
    customer = lane.as_system().save(customer);
  }
  Task task(std::optional<Duration> remind_in = {}, const char* assigned_to = "staff") {
    Task made;
    made.subject = subject_of(customer);
    made.title = "Ask for the passport";
    if (remind_in) made.remind_at = lane.tx.now() + *remind_in;
    if (assigned_to != nullptr) made.assigned_to = lane.people.at(assigned_to);
    return lane.as("admin").save(made);
  }
  Task now(const Task& record) { return *lane.tx.find(id_of(record)); }
  /// The lane comes back, as often as it likes.
  void wake() {
    lane.as_system();
    for (int times = 0; times < 3; ++times) EXPECT_FALSE(lane.tx.attempt([&] { return send_reminders(lane.tx); }));
  }
  std::vector<Activity> timeline() { return lane.tx.all<Activity>({}); }

  TestTenant lane;
  Customer customer;
};

TEST_F(Tasks, RememberWhenTheyWereDone) {
  auto made = task();
  made.done = true;
  made = lane.save(made);
  EXPECT_EQ(made.done_at, lane.tx.now());
  lane.tx.advance(hours(1));
  made.title = "Ask again";
  EXPECT_NE(lane.save(made).done_at, lane.tx.now());
  auto open = now(made);
  open.done = false;
  EXPECT_FALSE(lane.save(open).done_at);
}

TEST_F(Tasks, AReminderAsksTheLaneToComeBackAndIsSentOnce) {
  const auto made = task(hours(2));
  EXPECT_EQ(made.reminder, "waiting");
  EXPECT_EQ(lane.tx.wake, made.remind_at);
  EXPECT_EQ(next_reminder(lane.tx), made.remind_at);
  lane.tx.advance(hours(1));
  wake();
  EXPECT_TRUE(lane.tx.sent.empty());
  lane.tx.advance(hours(1));
  wake();
  EXPECT_EQ(now(made).reminder, "sent");
  EXPECT_EQ(now(made).reminded_at, lane.tx.now());
  EXPECT_EQ(next_reminder(lane.tx), std::nullopt);
  ASSERT_EQ(timeline().size(), 1U);
  EXPECT_EQ(timeline().front().kind, "reminder");
  EXPECT_EQ(timeline().front().subject, subject_of(customer));
  ASSERT_EQ(lane.tx.sent.size(), 1U);
  EXPECT_EQ(lane.tx.sent.front().provider, "mail");
  EXPECT_EQ(lane.tx.sent.front().destination, "staff@example.com");
  const auto mail = parse_json(lane.tx.sent.front().payload);
  EXPECT_EQ(text_of(mail, "template"), "task_reminder");
  EXPECT_EQ(text_of(mail, "title"), "Ask for the passport");
}

TEST_F(Tasks, AnotherTimeIsAnotherReminder) {
  auto made = task(hours(1));
  lane.tx.advance(hours(1));
  wake();
  made = now(made);
  made.remind_at = lane.tx.now() + hours(1);
  EXPECT_EQ(lane.save(made).reminder, "waiting");
  lane.tx.advance(hours(1));
  wake();
  EXPECT_EQ(lane.tx.sent.size(), 2U);
}

TEST_F(Tasks, WhatIsDoneOrDeletedRemindsNobody) {
  auto done = task(hours(1)), deleted = task(hours(1));
  done.done = true;
  EXPECT_EQ(lane.save(done).reminder, "none");
  lane.tx.attempt([&] { lane.tx.remove(deleted); });
  lane.tx.advance(hours(1));
  wake();
  EXPECT_TRUE(lane.tx.sent.empty());
  EXPECT_EQ(next_reminder(lane.tx), std::nullopt);
  lane.tx.wake.reset();
  lane.tx.attempt([&] { lane.tx.restore(type_of<Task>(), &deleted); });
  EXPECT_TRUE(lane.tx.wake) << "it waits again";
}

TEST_F(Tasks, NobodyIsToldOfWhatTheyDoNotSee) {
  task(hours(1), "viewer");
  const auto own = task(hours(1), nullptr);
  lane.tx.advance(hours(1));
  wake();
  ASSERT_EQ(lane.tx.sent.size(), 1U);
  EXPECT_EQ(lane.tx.sent.front().destination, "admin@example.com") << "its author";
  EXPECT_EQ(now(own).reminder, "sent");
}

TEST_F(Tasks, OfADeletedSubjectAReminderIsOnlyNoted) {
  const auto made = task(hours(1));
  lane.tx.attempt([&] { lane.tx.remove(customer); });
  lane.tx.advance(hours(1));
  wake();
  EXPECT_TRUE(lane.tx.sent.empty());
  EXPECT_TRUE(timeline().empty());
  EXPECT_EQ(now(made).reminder, "sent");
}

TEST_F(Tasks, NotesAndChecklistsHangOnWhatTheCallerSees) {
  const auto hidden = [&] {
    Customer other;
    other.name = "Eda";
    return lane.as_system().save(other);
  }();
  lane.as("staff");
  const auto refused = [&](auto record, const Subject& subject) {
    record.subject = subject;
    return refusal_of([&] { lane.save(record); });
  };
  Task to_do;
  to_do.title = "x";
  Note note;
  note.text = "x";
  ChecklistItem item;
  item.name = "Passport";
  EXPECT_EQ(refused(to_do, subject_of(hidden)), ErrorCode::not_found);
  EXPECT_EQ(refused(note, subject_of(hidden)), ErrorCode::not_found);
  EXPECT_EQ(refused(item, subject_of(hidden)), ErrorCode::not_found);
  EXPECT_EQ(refused(to_do, subject_of(customer)), ErrorCode::internal);
  EXPECT_EQ(refused(note, subject_of(customer)), ErrorCode::internal);
  EXPECT_EQ(refused(item, subject_of(customer)), ErrorCode::internal);
}

TEST_F(Tasks, AChecklistRemembersWhenADocumentCame) {
  ChecklistItem item;
  item.subject = subject_of(customer);
  item.name = "Passport";
  item = lane.save(item);
  EXPECT_TRUE(item.required);
  EXPECT_FALSE(item.received_at);
  item.received = true;
  item = lane.save(item);
  EXPECT_EQ(item.received_at, lane.tx.now());
  item.received = false;
  EXPECT_FALSE(lane.save(item).received_at);
}

}  // namespace
}  // namespace interlock::domains
