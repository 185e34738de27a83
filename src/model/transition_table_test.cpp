// SPDX-License-Identifier: Apache-2.0
#include "model/transition_table.h"

#include "model/outbox.h"
#include "model/test_records.h"

namespace interlock {
namespace {

constexpr std::string_view states[] = {"draft", "sent", "paid"};
constexpr Transition transitions[] = {
    {"draft", "send", "sent"}, {"sent", "pay", "paid"}, {"sent", "recall", "draft"}, {"draft", "cash", "paid"}};
const TransitionTable table{states, transitions};

TEST(TransitionTable, MovesByTheEventsOfTheStateOnly) {
  EXPECT_EQ(table.initial(), "draft");
  EXPECT_EQ(table.next("draft", "send"), "sent");
  EXPECT_EQ(table.next("draft", "pay"), std::nullopt);
  EXPECT_EQ(table.next("paid", "recall"), std::nullopt);
  EXPECT_EQ(table.next("lost", "send"), std::nullopt) << "there is no such state";
  EXPECT_TRUE(table.has_state("paid"));
  EXPECT_FALSE(table.has_state("Paid"));
  EXPECT_FALSE(table.has_state(""));
  EXPECT_TRUE(table.leads("draft", "paid"));
  EXPECT_FALSE(table.leads("paid", "draft"));
  EXPECT_FALSE(table.leads("draft", "draft")) << "staying is no move";
}

TEST(TransitionTable, MoveChangesTheStatusOrSaysWhatIsPossible) {
  std::string status = "draft";
  move(table, status, "send");
  EXPECT_EQ(status, "sent");
  const auto refusal = refused([&] { move(table, status, "cash"); });
  EXPECT_EQ(status, "sent") << "a refused move moves nothing";
  EXPECT_EQ(refusal.code, ErrorCode::no_transition);
  EXPECT_EQ(refusal.field, "status");
  EXPECT_EQ(refusal.detail, "from sent one cannot cash; possible: pay, recall");
  std::string last = "paid";
  EXPECT_EQ(refused([&] { move(table, last, "pay"); }).detail, "from paid one cannot pay; nothing is possible");
  std::string unknown = "lost";
  EXPECT_EQ(refused([&] { move(table, unknown, "pay"); }).code, ErrorCode::no_transition);
}

TEST(OutboxTransitions, LeadFromKnownStatesToKnownStatesByOneWayEach) {
  for (const auto& one : outbox_transitions.transitions) {
    EXPECT_TRUE(outbox_transitions.has_state(one.from)) << one.from;
    EXPECT_TRUE(outbox_transitions.has_state(one.to)) << one.to;
    EXPECT_EQ(std::count_if(outbox_transitions.transitions.begin(), outbox_transitions.transitions.end(),
                            [&](const auto& other) { return other.from == one.from && other.event == one.event; }),
              1)
        << one.from << " " << one.event;
  }
}

TEST(OutboxTransitions, NothingIsSentTwiceUnlessSomebodyDecidesSo) {
  EXPECT_EQ(outbox_transitions.initial(), "queued");
  for (const auto* settled : {"sent", "cancelled"})
    for (const auto& state : outbox_transitions.states) EXPECT_FALSE(outbox_transitions.leads(settled, state)) << state;
  // An unknown outcome is settled by a person; it never goes back to sending by itself.
  EXPECT_FALSE(outbox_transitions.leads("unknown", "sending"));
  EXPECT_EQ(outbox_transitions.next("unknown", "claim"), std::nullopt);
  EXPECT_EQ(outbox_transitions.next("unknown", "requeue"), "queued");
  EXPECT_EQ(outbox_transitions.next("sending", "lose"), "unknown");
  EXPECT_EQ(outbox_transitions.next("sending", "cancel"), std::nullopt) << "it may be on its way";
}

TEST(OutboxTransitions, AMessageIsNotLoggedAndNotForClients) {
  const auto& options = type_of<OutboxMessage>().options;
  EXPECT_FALSE(options.logged || options.creatable || options.deletable);
  EXPECT_EQ(type_of<OutboxMessage>().permission(), "outbox");
}

}  // namespace
}  // namespace interlock
