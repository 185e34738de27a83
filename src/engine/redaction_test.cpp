// SPDX-License-Identifier: Apache-2.0
#include "engine/redaction.h"

#include "engine/fixture_for_test.h"

namespace interlock::engine {
namespace {

std::string redacted(const std::string& text) {
  const auto& type = type_of<domains::Customer>();
  Uuid id;
  id.bytes.back() = 1;
  return redacted_text(type, id, {type.find_field("name"), type.find_field("tags")}, text);
}

const std::string own_id = "customer_00000000000000000000000001";
const std::string other_id = "customer_00000000000000000000000002";

TEST(Redaction, EmptiesTheFieldsOfTheRecordOnly) {
  EXPECT_EQ(redacted(R"({"id":")" + own_id + R"(","version":3,"name":"Ada","tags":["vip"],"phone":"1"})"),
            R"({"id":")" + own_id + R"(","version":3,"name":"","tags":[],"phone":"1"})");
  const std::string other = R"({"id":")" + other_id + R"(","name":"Ben"})";
  EXPECT_EQ(redacted(other), other);
}

TEST(Redaction, FindsTheRecordWithinABatchsAnswer) {
  EXPECT_EQ(redacted(R"({"results":[{"status":201,"body":{"id":")" + own_id +
                     R"(","name":"Ada"}},{"status":201,"body":{"id":")" + other_id + R"(","name":"Ben"}}]})"),
            R"({"results":[{"status":201,"body":{"id":")" + own_id + R"(","name":""}},{"status":201,"body":{"id":")" +
                other_id + R"(","name":"Ben"}}]})");
}

TEST(Redaction, EmptiesWhatAConflictRepeats) {
  EXPECT_EQ(redacted(R"({"type":"/docs/errors#stale_version","status":409,"code":"stale_version","current":{"id":")" +
                     own_id + R"(","name":"Ada"},"yours":{"name":"Eda"},"clashing_fields":["name"]})"),
            R"({"type":"/docs/errors#stale_version","status":409,"code":"stale_version","current":{"id":")" + own_id +
                R"(","name":""},"yours":{"name":""},"clashing_fields":["name"]})");
}

class RedactionTest : public EngineTest {};

TEST_F(RedactionTest, APersonsValuesAreGoneFromRecordHistoryAndStoredAnswers) {
  const auto create_key = new_key(), clash_key = new_key();
  const auto created =
      as(ana, "customers/create", R"({"name":"Clara Secret","email":"clara@secret.test"})", create_key);
  const auto id = text_of(created, "id");
  as(ana, "customers/update", R"({"id":")" + id + R"(","name":"Clara Hidden","version":1})");
  const auto clash = R"({"id":")" + id + R"(","name":"Clara Third","version":1})";
  ASSERT_EQ(as(ana, "customers/update", clash, clash_key).status, 409);
  as(ana, "customers/set-status", R"({"id":")" + id + R"(","status":"inactive"})");

  const auto answer = as(ana, "customers/redact", R"({"id":")" + id + R"("})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto replayed =
      as(ana, "customers/create", R"({"name":"Clara Secret","email":"clara@secret.test"})", create_key);
  EXPECT_TRUE(replayed.replayed);
  const auto conflict = as(ana, "customers/update", clash, clash_key);
  EXPECT_TRUE(conflict.replayed);
  for (const auto& text : {answer.body, replayed.body, conflict.body, get(ana, id), history(id)}) {
    EXPECT_EQ(text.find("Clara"), std::string::npos) << text;
    EXPECT_EQ(text.find("secret.test"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace interlock::engine
