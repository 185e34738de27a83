// SPDX-License-Identifier: Apache-2.0
#include "engine/conditions.h"

#include <rapidcheck/gtest.h>

#include "base/digest.h"
#include "base/test_refusal.h"
#include "base/test_texts.h"
#include "engine/fixture_for_test.h"

namespace interlock::engine {
namespace {

using Filters = std::vector<std::pair<std::string, std::string>>;

const RecordType& customers() { return *test_schema().by_collection("customers"); }
const RecordType& activities() { return *test_schema().by_collection("activities"); }

Uuid me() {
  Uuid id;
  id.bytes.back() = 7;
  return id;
}
std::vector<Condition> conditions(const Filters& filters, const RecordType& type = customers()) {
  return parse_conditions(type, filters, me());
}
std::vector<Condition> from_json(const std::string& filter) {
  return parse_conditions(customers(), parse_json(filter), me());
}
/// Customers that pass the filter, by name: Ada is new and vip, Ben is new without anybody, Cleo is lost and mine.
std::string passing(const Filters& filters) {
  domains::Customer ada, ben, cleo;
  ada.name = "Ada", ada.status = "new", ada.tags = {"vip", "old"}, ada.assigned_to = Id<domains::User>{me()};
  ada.assigned_to->uuid.bytes.front() = 1;
  ben.name = "Ben", ben.status = "new";
  cleo.name = "Cleo", cleo.status = "lost", cleo.tags = {"old"}, cleo.assigned_to = Id<domains::User>{me()};
  ada.created_at = Time{1'000'000}, ben.created_at = Time{2'000'000}, cleo.created_at = Time{3'000'000};
  Query query;
  query.conditions = conditions(filters);
  std::string names;
  for (const auto* one : {&ada, &ben, &cleo})
    if (matches(query, one)) names += one->name + " ";
  return names;
}

TEST(Conditions, MeanWhatTheFilterSays) {
  EXPECT_EQ(passing({}), "Ada Ben Cleo ");
  EXPECT_EQ(passing({{"status", "new"}}), "Ada Ben ");
  EXPECT_EQ(passing({{"status.ne", "new"}}), "Cleo ");
  EXPECT_EQ(passing({{"tags", "vip"}}), "Ada ");
  EXPECT_EQ(passing({{"assigned_to", "me"}}), "Cleo ");
  EXPECT_EQ(passing({{"assigned_to", "null"}}), "Ben ");
  EXPECT_EQ(passing({{"status", "new"}, {"tags", "old"}}), "Ada ") << "different fields: both";
  EXPECT_EQ(passing({{"created_at.min", "1970-01-01T00:00:02Z"}}), "Ben Cleo ") << "at the bound is within";
  EXPECT_EQ(passing({{"created_at.max", "1970-01-01T00:00:02Z"}}), "Ada Ben ");
  EXPECT_EQ(passing({{"created_at.min", "1970-01-01T00:00:02Z"}, {"created_at.max", "1970-01-01T00:00:02Z"}}), "Ben ");
}

TEST(Conditions, AFieldGivenTwiceMeansEitherValue) {
  EXPECT_EQ(passing({{"status", "new"}, {"status", "lost"}, {"status", "won"}}), "Ada Ben Cleo ");
  EXPECT_EQ(passing({{"name", "Ada"}, {"status", "new"}, {"name", "Cleo"}}), "Ada ");
  EXPECT_EQ(passing({{"status.ne", "new"}, {"status.ne", "lost"}}), "") << "but of what is left out, neither";
}

TEST(Conditions, FromJsonTheyMeanTheSame) {
  const auto two = from_json(R"({"status":["new","lost"],"version":3,"assigned_to":null})");
  ASSERT_EQ(two.size(), 3U);
  EXPECT_EQ(two[0].comparison, Comparison::one_of);
  EXPECT_EQ(two[1].values.front(), Value{std::int64_t{3}});
  EXPECT_EQ(two[2].comparison, Comparison::is_null);
  EXPECT_TRUE(from_json("null").empty());
  EXPECT_TRUE(from_json("{}").empty());
  EXPECT_EQ(refused([] { from_json("[]"); }).field, "filter");
  EXPECT_EQ(refused([] { from_json(R"({"status":{"a":1}})"); }).code, ErrorCode::wrong_type);
  EXPECT_EQ(refused([] { from_json(R"({"status":[["new"]]})"); }).field, "status");
}

TEST(Conditions, WhatCannotBeFilteredIsRefusedByName) {
  for (const auto* name :
       {"stauts", "", ".", ".min", "status.", "status.least", "last_seq", "Status", "status.min.min"})
    EXPECT_EQ(refused([&] { conditions({{name, "1"}}); }).code, ErrorCode::unknown_field) << name;
  const auto& tokens = *test_schema().by_collection("api-tokens");
  EXPECT_EQ(refused([&] {
              conditions({{"token_digest", "x"}}, tokens);
            }).code,
            ErrorCode::unknown_field)
      << "a secret is not guessed by asking";
  const auto& settings = *test_schema().by_collection("settings");
  EXPECT_EQ(refused([&] { conditions({{"labels", "{}"}}, settings); }).field, "labels");
}

TEST(Conditions, ValuesAreOfTheFieldsKind) {
  const auto bad = [](const char* name, const std::string& value, const RecordType& type = customers()) {
    const auto refusal = refused([&] { conditions({{name, value}}, type); });
    EXPECT_EQ(refusal.field, std::string(name).substr(0, std::string(name).find('.')));
    return refusal.code;
  };
  for (const auto* number : {"", "x", "1x", " 1", "1.0", "9223372036854775808", "+1"})
    EXPECT_EQ(bad("version", number), ErrorCode::wrong_type) << number;
  EXPECT_EQ(conditions({{"version", "-9223372036854775808"}}).front().values.front(), Value{INT64_MIN});
  EXPECT_EQ(bad("created_at.min", "yesterday"), ErrorCode::wrong_type);
  EXPECT_EQ(bad("assigned_to", "Ada"), ErrorCode::wrong_type);
  EXPECT_EQ(bad("assigned_to", type_id_text("customer", me())), ErrorCode::wrong_type);
  EXPECT_EQ(bad("pinned", "yes", activities()), ErrorCode::wrong_type);
  EXPECT_EQ(bad("subject", "customer_1", activities()), ErrorCode::not_found);
  EXPECT_EQ(bad("version", "null"), ErrorCode::wrong_type) << "there is always one";
}

RC_GTEST_PROP(ConditionsProperty, NothingThatIsTypedBreaksThem, ()) {
  const auto any_name = rc::gen::oneOf(
      utf8_texts(), rc::gen::element<std::string>("status", "tags", "version", "created_at.min", "assigned_to",
                                                  "updated_at.max", "id", "created_by.ne", "deleted_at", "name.min"));
  const auto any_value = rc::gen::oneOf(
      utf8_texts(), rc::gen::element<std::string>("null", "me", "$me", "1", "true", "2026-01-01T00:00:00Z", "",
                                                  "user_00000000000000000000000001"));
  const auto filters = *rc::gen::container<Filters>(rc::gen::pair(any_name, any_value));
  try {
    Query query;
    query.conditions = conditions(filters);
    const domains::Customer customer;
    matches(query, &customer);
  } catch (const Refusal& refusal) {
    RC_ASSERT(refusal.code == ErrorCode::unknown_field || refusal.code == ErrorCode::wrong_type);
  }
}

TEST(ScopeFilters, SayWhatTheScopeSays) {
  Actor actor;
  actor.id = me();
  EXPECT_TRUE(scope_filter(customers(), actor)->any_of.empty()) << "no scope, no record";
  actor.scopes["customers"] = Scope::own;
  EXPECT_EQ(scope_filter(customers(), actor)->any_of.size(), 1U);
  EXPECT_EQ(scope_filter(customers(), actor)->any_of.front().field, &header_field::created_by());
  actor.scopes["customers"] = Scope::assigned;
  EXPECT_EQ(scope_filter(customers(), actor)->any_of.size(), 2U);
  actor.scopes["customers"] = Scope::all;
  EXPECT_FALSE(scope_filter(customers(), actor));
  actor.scopes["customers"] = Scope::assigned;
  actor.id = {};
  EXPECT_TRUE(scope_filter(customers(), actor)->any_of.empty()) << "nobody owns what has no owner";
}

// ---- pages of lists

class ListTest : public EngineTest {
 protected:
  Json list(const ListRequest& request) { return EngineTest::list(ana, request); }
  template <class Member, class V>
  Refusal refusal_with(Member member, V value) {
    ListRequest request;
    request.*member = value;
    return refused([&] { list(request); });
  }
  /// Names of the records, page by page.
  std::vector<std::string> names(ListRequest request) {
    std::vector<std::string> found;
    for (int pages = 0; pages < 100; ++pages) {
      const auto page = list(request);
      for (const auto& item : *page.find("items")->if_array()) found.push_back(*item.find("name")->if_text());
      if (page.find("next_cursor")->is_null()) return found;
      request.cursor = *page.find("next_cursor")->if_text();
    }
    ADD_FAILURE() << "no end";
    return found;
  }
  void create(const std::string& name, const std::string& address) {
    std::string request;
    JsonWriter(request).begin_object().member("name", name).member("address", address).end_object();
    const auto answer = as(ana, "customers/create", request);
    ASSERT_EQ(answer.status, 201) << answer.body;
  }
};

TEST_F(ListTest, PagesGoOnWhateverTheSortedTextHolds) {
  // Every character that JSON writes as six, or hexadecimal as two, up to the bound of the field.
  const std::vector<std::string> addresses{std::string(1'000, '\x01'), std::string(1'000, '"'), std::string(1'000, 'x'),
                                           "ä", ""};
  for (std::size_t i = 0; i < addresses.size(); ++i) create("c" + std::to_string(i), addresses[i]);
  for (const auto* sort : {"address", "-address"}) {
    ListRequest request;
    request.sort = sort;
    request.limit = 1;
    auto found = names(request);
    if (*sort == '-') std::reverse(found.begin(), found.end());
    EXPECT_EQ(found, (std::vector<std::string>{"c4", "c0", "c1", "c2", "c3"})) << sort;
  }
}

TEST_F(ListTest, ACursorBelongsToItsListOnly) {
  create("a", "");
  create("b", "");
  ListRequest request;
  request.limit = 1;
  request.sort = "name";
  const auto cursor = *list(request).find("next_cursor")->if_text();
  request.sort = "-name";
  const auto id = cursor.substr(cursor.rfind('.'));
  for (const auto& other :
       {cursor, cursor.substr(2), cursor + "00", std::string("x"), std::string("7b7d"), std::string(100'000, '0'),
        std::string("\xff"), std::string("."), std::string(".."), hex("-name") + ".i5" + id, hex("-name") + "." + id,
        hex("-name") + ".t0" + id, hex("-name") + ".t61" + id + "0"}) {
    request.cursor = other;
    const auto refusal = refused([&] { list(request); });
    EXPECT_EQ(refusal.code, ErrorCode::invalid_value);
    EXPECT_EQ(refusal.field, "cursor");
  }
}

TEST_F(ListTest, LimitAndSortAreChecked) {
  for (const std::int64_t limit : {std::int64_t{0}, std::int64_t{-1}, limits::list_items_max + 1}) {
    const auto refusal = refusal_with(&ListRequest::limit, limit);
    EXPECT_EQ(refusal.code, ErrorCode::out_of_range);
    EXPECT_EQ(refusal.limit, limits::list_items_max);
  }
  ListRequest most;
  most.limit = limits::list_items_max;
  EXPECT_EQ(list(most).find("items")->if_array()->size(), 0U);
  for (const auto* sort : {"stauts", "-", "--name", "tags", "name desc", "last_seq"})
    EXPECT_EQ(refusal_with(&ListRequest::sort, sort).field, "sort") << sort;
  EXPECT_EQ(refusal_with(&ListRequest::q, std::string(limits::query_text_bytes_max + 1, 'q')).field, "q");
}

TEST_F(ListTest, WhatComesBackRefersToNothingThatIsGone) {
  const auto customer = text_of(as(ana, "customers/create", R"({"name":"Ada"})"), "id");
  const auto comment = [&](const std::string& more) {
    return text_of(as(ana, "comments/create", R"({"subject":")" + customer + R"(","text":"t")" + more + "}"), "id");
  };
  const auto first = comment("");
  const auto reply = comment(R"(,"reply_to":")" + first + '"');
  ASSERT_EQ(as(ana, "comments/delete", R"({"id":")" + reply + R"(","version":"*"})").status, 200);
  ASSERT_EQ(as(ana, "comments/delete", R"({"id":")" + first + R"(","version":"*"})").status, 200);
  const auto restored = as(ana, "comments/restore", R"({"id":")" + reply + R"("})");
  EXPECT_EQ(restored.status, 200) << restored.body;
  EXPECT_TRUE(parse_json(restored.body).find("reply_to")->is_null());
}

}  // namespace
}  // namespace interlock::engine
