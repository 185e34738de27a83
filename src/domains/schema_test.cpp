// SPDX-License-Identifier: Apache-2.0
#include "domains/schema.h"

#include "domains/platform/settings.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

bool is_kebab(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

TEST(Schema, NamesAreFitForPaths) {
  for (const auto* type : test_schema().types()) EXPECT_TRUE(is_kebab(type->collection)) << type->collection;
  for (const auto& [name, op] : test_schema().operations()) {
    const auto slash = name.find('/');
    ASSERT_NE(slash, std::string_view::npos) << name;
    EXPECT_TRUE(is_kebab(name.substr(0, slash)) && is_kebab(name.substr(slash + 1))) << name;
  }
}

TEST(Schema, LinksAreHandedOverOnlyWhereNoMailReachesAnybody) {
  EXPECT_NE(test_schema().operation("users/invitation-link"), nullptr);
  EXPECT_EQ(make_schema(Mail::sent).operation("users/invitation-link"), nullptr);
}

TEST(Schema, NumbersOfTypesAreWhatStoresHold) {
  const std::map<std::string_view, int> numbers{{"users", 1},           {"api-tokens", 2},
                                                {"settings", 3},        {"leases", 4},
                                                {"tenants", 20},        {"identities", 21},
                                                {"sessions", 22},       {"one-time-links", 23},
                                                {"tenant-members", 24}, {"outbox-messages", 40},
                                                {"files", 41},          {"statuses", 60},
                                                {"customers", 61},      {"comments", 62},
                                                {"activities", 63},     {"tasks", 64},
                                                {"notes", 65},          {"checklist-items", 66},
                                                {"documents", 67},      {"partners", 80},
                                                {"products", 81},       {"interested-services", 100},
                                                {"applications", 101}};
  EXPECT_EQ(test_schema().types().size(), numbers.size());
  for (const auto* type : test_schema().types())
    EXPECT_EQ(type->number, numbers.at(type->collection)) << type->collection;
}

TEST(Schema, WhatTenantsSwitchOnAreTheModulesThatThereAre) {
  std::set<std::string_view> used;
  for (const auto* type : test_schema().types()) used.insert(type->options.module);
  for (const auto& [name, op] : test_schema().operations()) used.insert(op.module);
  used.erase("core");
  EXPECT_EQ(used, std::set<std::string_view>(all_modules.begin(), all_modules.end()));
}

TEST(Schema, OfACustomerEverythingIsMergeableButStatusAndAssignedTo) {
  for (const auto& field : test_schema().by_collection("customers")->fields())
    EXPECT_EQ(field.mergeable, field.name != "status" && field.name != "assigned_to") << field.name;
}

TEST(Schema, DefaultSortsNameFields) {
  for (const auto* type : test_schema().types()) {
    auto sort = type->options.default_sort;
    if (sort.starts_with('-')) sort.remove_prefix(1);
    EXPECT_NE(type->find_field(sort), nullptr) << type->collection;
  }
}

TEST(Schema, RecordsReadBackWhatTheyWrite) {
  for (const auto* type : test_schema().types()) {
    RecordBox record(*type), again(*type);
    record.header().id.bytes.back() = 1;
    for (const auto& field : type->fields())
      if (field.kind == FieldKind::subject) field.at<Subject>(record.get()) = {61, record.header().id};
    std::string text, text_again;
    append_record_json(text, *type, record.get());
    read_record_json(*type, parse_json(text), again.get());
    append_record_json(text_again, *type, again.get());
    EXPECT_EQ(text, text_again);
  }
}

}  // namespace
}  // namespace interlock::domains
