// SPDX-License-Identifier: Apache-2.0
// The contract of a unit of work, on the Tx over maps that the domains' tests and the simulation stand on.
#include "model/tx.h"

#include "model/query.h"
#include "model/test_records.h"
#include "testing/memory_tx.h"

namespace interlock {
namespace {

class TxTest : public ::testing::Test {
 protected:
  Member member(const std::string& name) {
    Member made;
    made.name = name;
    tx.save(made);
    return made;
  }
  Thing thing(const Member& owner, const std::string& code = {}) {
    Thing made;
    made.name = "Anvil";
    made.owner = id_of(owner);
    made.code = code;
    return made;
  }
  Thing saved(Thing made) {
    tx.attempt([&] { tx.save(made); });
    return made;
  }
  /// As one operation.
  void remove(auto& record) {
    tx.attempt([&] { tx.remove(record); });
  }
  void act_as(std::uint8_t who, Scope scope, std::vector<std::string> permissions = {"*"}) {
    Actor actor;
    actor.id = test_id(who);
    actor.permissions = std::move(permissions);
    actor.scopes[""] = scope;
    tx.as(actor);
  }

  testing::MemoryTx tx{test_schema()};
};

TEST_F(TxTest, AnOperationReadsItsOwnWrites) {
  tx.attempt([&] {
    auto owner = member("Ada");
    EXPECT_EQ(tx.find(id_of(owner))->name, "Ada");
    EXPECT_EQ(tx.count(type_of<Member>(), where(&Member::name) == "Ada"), 1);
    owner.name = "Eda";
    tx.save(owner);
    EXPECT_EQ(tx.all<Member>(where(&Member::name) == "Ada").size(), 0U);
    EXPECT_EQ(tx.first<Member>(where(&Member::name) == "Eda")->id, owner.id);
  });
}

TEST_F(TxTest, ARefusalTakesEverythingBack) {
  const auto owner = member("Ada");
  const auto refusal = refused([&] {
    tx.attempt([&] {
      auto changed = *tx.find(id_of(owner));
      changed.name = "Eda";
      tx.save(changed);
      member("Ben");
      tx.send({"mail", "ada@example.com", "{}", {}});
      tx.wake_at(tx.now());
      throw Refusal(ErrorCode::invalid_value);
    });
  });
  EXPECT_EQ(refusal.code, ErrorCode::invalid_value);
  EXPECT_EQ(tx.find(id_of(owner))->name, "Ada");
  EXPECT_EQ(tx.count(type_of<Member>(), {}), 1);
  EXPECT_TRUE(tx.sent.empty());
  EXPECT_FALSE(tx.wake);
}

TEST_F(TxTest, WhatFollowsFromASaveSeesItAndIsTakenBackWithIt) {
  const auto wearer = member("Ada");
  Badge badge;
  badge.wearer = id_of(wearer);
  badge.title = "Dr";
  tx.attempt([&] { tx.save(badge); });
  EXPECT_EQ(tx.find(id_of(wearer))->name, "Dr1") << "it is counted already";
  EXPECT_EQ(tx.find(id_of(wearer))->version, 2);
  badge.title.clear();
  EXPECT_EQ(refused([&] { tx.attempt([&] { tx.save(badge); }); }).code, ErrorCode::required);
  EXPECT_EQ(tx.find(id_of(badge))->title, "Dr");
}

TEST_F(TxTest, TheHeaderIsFilledAtCreation) {
  act_as(5, Scope::all);
  const auto made = saved(thing(member("Ada")));
  EXPECT_FALSE(made.id.is_nil());
  EXPECT_EQ(made.version, 1);
  EXPECT_EQ(made.created_at, made.updated_at);
  EXPECT_EQ(made.created_by, test_id(5));
}

TEST_F(TxTest, EveryOperationMakesOneVersionHoweverOftenItSaves) {
  auto owner = tx.attempt([&] { return member("Ada"); });
  const auto created = owner;
  act_as(6, Scope::all);
  tx.attempt([&] {
    for (const auto* name : {"Eda", "Ida"}) {
      owner.name = name;
      tx.save(owner);
    }
  });
  EXPECT_EQ(owner.version, 2);
  EXPECT_EQ(tx.find(id_of(owner))->name, "Ida");
  EXPECT_EQ(owner.created_at, created.created_at);
  EXPECT_EQ(owner.created_by, created.created_by) << "whoever changes it did not make it";
  EXPECT_GE(owner.updated_at, created.updated_at + milliseconds(1)) << "rises though the clock stands";
}

TEST_F(TxTest, AnIdIsTakenOnce) {
  auto owner = member("Ada");
  Member twin;
  twin.id = owner.id;
  const auto refusal = refused([&] { tx.save(twin); });
  EXPECT_EQ(refusal.code, ErrorCode::id_taken);
  EXPECT_EQ(refusal.field, "id");
  remove(owner);
  EXPECT_EQ(refused([&] { tx.save(twin); }).code, ErrorCode::id_taken) << "deleted ones keep theirs";
  Thing other = thing(member("Ben"));
  other.id = owner.id;
  EXPECT_EQ(saved(other).version, 1) << "ids of other types are others";
}

TEST_F(TxTest, ADeletedRecordIsMarkedGoneAndComesBackAsItWas) {
  auto owner = tx.attempt([&] { return member("Ada"); });
  remove(owner);
  EXPECT_EQ(owner.version, 2);
  EXPECT_FALSE(tx.find(id_of(owner)));
  EXPECT_TRUE(tx.all<Member>({}).empty());
  Member still_there;
  ASSERT_TRUE(tx.load(type_of<Member>(), owner.id, &still_there));
  EXPECT_TRUE(still_there.deleted_at);
  const auto before = record_json(owner);
  remove(owner);
  EXPECT_EQ(record_json(owner), before) << "deleting again changes nothing";
  tx.attempt([&] { tx.restore(type_of<Member>(), &owner); });
  EXPECT_EQ(owner.version, 3);
  EXPECT_EQ(tx.find(id_of(owner))->name, "Ada");
}

TEST_F(TxTest, AReferenceNamesALiveRecord) {
  auto gone = member("Ada");
  remove(gone);
  for (const auto& target : {gone.id, test_id(99)}) {
    Thing made = thing(gone);
    made.owner = {target};
    const auto refusal = refused([&] { saved(made); });
    EXPECT_EQ(refusal.code, ErrorCode::unknown_reference);
    EXPECT_EQ(refusal.field, "owner");
  }
  Thing nobodys = thing(member("Ben"));
  nobodys.owner = {};
  EXPECT_EQ(saved(nobodys).version, 1) << "none is fine where it is not required";
}

TEST_F(TxTest, DeletionFollowsReferencesAsTheirFieldsSay) {
  auto ada = member("Ada");
  const auto ben = member("Ben");
  auto owned = saved(thing(ada)), helped = thing(ben);
  helped.helper = id_of(ada);
  helped = saved(helped);
  remove(ada);
  EXPECT_FALSE(tx.find(id_of(owned))) << "cascade";
  EXPECT_EQ(tx.find(id_of(helped))->helper, std::nullopt) << "clear";
  EXPECT_EQ(tx.find(id_of(helped))->version, 2);
  EXPECT_EQ(tx.written().size(), 3U) << "all in one operation";

  auto carl = member("Carl");
  Debt debt;
  debt.debtor = id_of(carl);
  tx.save(debt);
  EXPECT_EQ(refused([&] { remove(carl); }).code, ErrorCode::referenced);
  carl = *tx.find(id_of(carl));
  remove(debt);
  remove(carl);
  EXPECT_FALSE(tx.find(id_of(carl))) << "a deleted record stands in nobody's way";
}

TEST_F(TxTest, WhatComesBackRefersToNothingThatIsGone) {
  auto ada = member("Ada");
  auto ben = member("Ben");
  auto helped = thing(ben);
  helped.helper = id_of(ada);
  helped = saved(helped);
  remove(helped);
  remove(ada);
  tx.attempt([&] { tx.restore(type_of<Thing>(), &helped); });
  EXPECT_EQ(tx.find(id_of(helped))->helper, std::nullopt) << "cleared, as if it had been there";
  remove(helped);
  remove(ben);
  EXPECT_EQ(refused([&] { tx.attempt([&] { tx.restore(type_of<Thing>(), &helped); }); }).code,
            ErrorCode::unknown_reference)
      << "it would have been deleted with its owner";
}

TEST_F(TxTest, AUniqueValueIsTakenAmongTheLiving) {
  const auto ada = member("Ada");
  auto first = saved(thing(ada, "C1"));
  const auto refusal = refused([&] { saved(thing(ada, "C1")); });
  EXPECT_EQ(refusal.code, ErrorCode::not_unique);
  EXPECT_EQ(refusal.field, "code");
  saved(thing(ada, "c1"));
  saved(thing(ada));
  saved(thing(ada));  // empty values are not shared
  tx.attempt([&] { tx.save(first); });
  remove(first);
  saved(thing(ada, "C1"));
  EXPECT_EQ(refused([&] { tx.attempt([&] { tx.restore(type_of<Thing>(), &first); }); }).code, ErrorCode::not_unique)
      << "somebody else took it meanwhile";
}

TEST_F(TxTest, RequireAnswersTheSameForAbsentDeletedAndHidden) {
  auto ada = member("Ada");
  auto mine = thing(ada);
  auto gone = saved(mine), hidden = saved(mine);
  remove(gone);
  act_as(9, Scope::own);
  for (const auto id : {gone.id, hidden.id, test_id(99)}) {
    const auto refusal = refused([&] { tx.require(Id<Thing>{id}); });
    EXPECT_EQ(refusal.code, ErrorCode::not_found);
    EXPECT_EQ(refusal.detail, "there is no such thing");
  }
  tx.as_system();
  EXPECT_EQ(tx.require(id_of(hidden)).name, "Anvil");
}

TEST_F(TxTest, AScopeReachesOnesOwnAndWhatOneIsInChargeOf) {
  const auto ada = member("Ada"), ben = member("Ben"), carl = member("Carl");
  auto made = thing(ada);
  made.helper = id_of(ben);
  made = saved(made);
  const auto sees = [&](const Member& who, Scope scope) {
    act_as(0, scope);
    Actor actor = tx.actor();
    actor.id = who.id;
    return is_visible(tx, actor, type_of<Thing>(), &made);
  };
  EXPECT_TRUE(sees(ada, Scope::own));
  EXPECT_FALSE(sees(ben, Scope::own));
  EXPECT_TRUE(sees(ben, Scope::assigned));
  EXPECT_TRUE(sees(ada, Scope::assigned));
  EXPECT_FALSE(sees(carl, Scope::assigned));
  EXPECT_TRUE(sees(carl, Scope::all));
  EXPECT_FALSE(sees(ada, Scope::none));
  made.helper.reset();
  EXPECT_FALSE(sees(Member{}, Scope::assigned)) << "nobody is not somebody without an id";
}

TEST_F(TxTest, ARemarkIsSeenByWhoSeesAndMayReadWhatItIsAbout) {
  const auto ada = member("Ada");
  const auto about = saved(thing(ada));
  Remark remark;
  remark.subject = subject_of(about);
  remark.text = "shiny";
  tx.save(remark);
  const auto sees = [&](Scope scope, std::vector<std::string> permissions) {
    act_as(0, scope, std::move(permissions));
    Actor actor = tx.actor();
    actor.id = ada.id;
    return is_visible(tx, actor, type_of<Remark>(), &remark);
  };
  EXPECT_TRUE(sees(Scope::own, {"things.read"}));
  EXPECT_FALSE(sees(Scope::own, {"remarks.read"}));
  EXPECT_FALSE(sees(Scope::none, {"things.read"}));
  tx.as_system();
  Debt debt;
  debt.debtor = id_of(ada);
  tx.save(debt);
  act_as(1, Scope::all, {"members.read"});
  EXPECT_TRUE(is_visible(tx, tx.actor(), type_of<Debt>(), &debt)) << "through a reference as through a subject";
}

TEST_F(TxTest, ARemarkOnARemarkIsSeenByWhoSeesWhatItIsAllAbout) {
  const auto ada = member("Ada");
  Remark first, second;
  first.subject = subject_of(saved(thing(ada)));
  first.text = second.text = "t";
  tx.save(first);
  second.subject = subject_of(first);
  tx.save(second);
  const auto sees = [&](const Uuid& who, Scope of_things, std::vector<std::string> permissions) {
    Actor actor;
    actor.id = who;
    actor.permissions = std::move(permissions);
    actor.scopes = {{"", Scope::all}, {"things", of_things}};
    return is_visible(tx, actor, type_of<Remark>(), &second);
  };
  EXPECT_TRUE(sees(ada.id, Scope::own, {"remarks.read", "things.read"}));
  EXPECT_FALSE(sees(test_id(9), Scope::own, {"remarks.read", "things.read"})) << "the scope is that of the thing";
  EXPECT_FALSE(sees(ada.id, Scope::own, {"remarks.read"}));
  EXPECT_FALSE(sees(ada.id, Scope::all, {"things.read"}));
}

TEST_F(TxTest, WhatIsAboutNothingIsSeenByNobody) {
  Remark lost, chain;
  lost.text = chain.text = "t";
  lost.subject = {type_of<Thing>().number, test_id(9)};
  tx.save(lost);
  act_as(1, Scope::all);
  EXPECT_FALSE(is_visible(tx, tx.actor(), type_of<Remark>(), &lost));
  // A chain of subjects is followed so far and no further.
  chain.subject = subject_of(saved(thing(member("Ada"))));
  for (std::size_t depth = 1; depth <= limits::visibility_depth_max + 1; ++depth) {
    chain.id = {};
    chain.version = 0;
    tx.save(chain);
    EXPECT_EQ(is_visible(tx, tx.actor(), type_of<Remark>(), &chain), depth <= limits::visibility_depth_max) << depth;
    chain.subject = subject_of(chain);
  }
}

TEST_F(TxTest, RedactionEmptiesFieldsAndIsAChange) {
  auto ada = member("Ada");
  auto made = saved(thing(ada, "C1"));
  tx.attempt([&] { tx.redact(type_of<Thing>(), &made, {&field_of(&Thing::name), &field_of(&Thing::code)}); });
  const auto now = *tx.find(id_of(made));
  EXPECT_EQ(now.name, "");
  EXPECT_EQ(now.code, "");
  EXPECT_EQ(now.owner, id_of(ada));
  EXPECT_EQ(now.version, 2);
  ASSERT_EQ(tx.redactions.size(), 1U);
  EXPECT_EQ(tx.redactions.front().subject, subject_of(made));
}

TEST_F(TxTest, WakesAreTheEarliestOfThoseAskedFor) {
  tx.attempt([&] {
    tx.wake_at(Time{30});
    tx.wake_at(Time{10});
    tx.wake_at(Time{20});
  });
  EXPECT_EQ(tx.wake, Time{10});
}

}  // namespace
}  // namespace interlock
