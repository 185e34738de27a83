// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/settings.h"

#include "domains/platform/rights.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

TEST(Settings, ATenantBeginsWithUsableOnes) {
  TestTenant lane;
  const auto settings = settings_of(lane.tx);
  EXPECT_EQ(settings.version, 1);
  EXPECT_EQ(settings.language, "en");
  EXPECT_TRUE(module_on(lane.tx, "core"));
  EXPECT_TRUE(module_on(lane.tx, "crm"));
  EXPECT_FALSE(module_on(lane.tx, "booking"));
}

TEST(Settings, AModuleIsSwitchedOff) {
  TestTenant lane;
  auto settings = settings_of(lane.tx);
  settings.modules.clear();
  lane.save(settings);
  EXPECT_FALSE(module_on(lane.tx, "crm"));
  EXPECT_TRUE(module_on(lane.tx, "core"));
}

TEST(Settings, EveryFieldIsRefusedByName) {
  struct Row {
    const char* field;
    void (*spoil)(Settings&);
  };
  const Row rows[] = {
      {"language", [](Settings& s) { s.language = "e"; }},
      {"language", [](Settings& s) { s.language = "en--US"; }},
      {"currency", [](Settings& s) { s.currency = "eur"; }},
      {"time_zone", [](Settings& s) { s.time_zone = "Europe/Vienna; drop"; }},
      {"time_zone", [](Settings& s) { s.time_zone = "Mars/Olympus"; }},
      {"country", [](Settings& s) { s.country = "at"; }},
      {"modules",
       [](Settings& s) {
         s.modules = {"crm", "booking"};
       }},
      {"labels", [](Settings& s) { s.labels.text = "[]"; }},
      {"labels", [](Settings& s) { s.labels.text = R"({"customer":1})"; }},
  };
  TestTenant lane;
  for (const auto& row : rows) {
    auto settings = settings_of(lane.tx);
    row.spoil(settings);
    try {
      lane.save(settings);
      ADD_FAILURE() << row.field;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code, ErrorCode::invalid_value);
      EXPECT_EQ(refusal.field, row.field);
    }
  }
}

TEST(Settings, WhatIsStoredAndNoLongerKnownStandsInNobodysWay) {
  TestTenant lane;
  auto before = settings_of(lane.tx);
  before.time_zone = "Europe/Atlantis";
  before.currency = "DEM";
  before.modules = {"crm", "of-a-later-release"};
  auto after = before;
  after.language = "de-AT";
  after.modules.emplace_back("agency");
  EXPECT_NO_THROW(check_settings(lane.tx, &before, &after));
  after.time_zone = "Mars/Olympus";
  EXPECT_THROW(check_settings(lane.tx, &before, &after), Refusal);
  after.time_zone = "Europe/Vienna";
  EXPECT_NO_THROW(check_settings(lane.tx, &before, &after));
  EXPECT_THROW(check_settings(lane.tx, nullptr, &before), Refusal);
}

TEST(Settings, TakesWhatTenantsReallyChoose) {
  TestTenant lane;
  auto settings = settings_of(lane.tx);
  settings.language = "de-AT";
  settings.currency = "USD";
  settings.time_zone = "America/Argentina/Buenos_Aires";
  settings.country = "AR";
  settings.labels.text = R"({"customer":"client"})";
  EXPECT_EQ(lane.save(settings).version, 2);
}

}  // namespace
}  // namespace interlock::domains
