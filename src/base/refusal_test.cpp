// SPDX-License-Identifier: Apache-2.0
#include "base/refusal.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace interlock {
namespace {

TEST(Refusal, ProblemDocumentSaysAllThatIsKnown) {
  const auto refusal = Refusal(ErrorCode::too_long, "at most 200 bytes").at_field("name").with_limit(200);
  EXPECT_EQ(problem_json(refusal),
            R"({"type":"/docs/errors#too_long","title":"This field is too long","status":422,"code":"too_long",)"
            R"("detail":"at most 200 bytes","field":"name","limit":200})");
}

TEST(Refusal, ProblemDocumentLeavesOutWhatIsNot) {
  EXPECT_EQ(problem_json(Refusal(ErrorCode::not_found)),
            R"({"type":"/docs/errors#not_found","title":"There is no such record","status":404,"code":"not_found"})");
}

TEST(Refusal, ProblemDocumentTakesFurtherMembers) {
  const auto refusal =
      Refusal(ErrorCode::stale_version).with_extra(R"("current":{"version":3},"clashing_fields":["name"])");
  const Json json = parse_json(problem_json(refusal));
  EXPECT_EQ(json_text(*json.find("current")), R"({"version":3})");
  EXPECT_EQ(json_text(*json.find("clashing_fields")), R"(["name"])");
}

TEST(Refusal, ProblemDocumentIsJsonWhateverTheCallerSent) {
  const auto refusal = Refusal(ErrorCode::invalid_value, "quote \" line\n byte \xff").at_field("x\xc3\"");
  const Json json = parse_json(problem_json(refusal));
  EXPECT_EQ(*json.find("detail")->if_text(), "quote \" line\n byte \uFFFD");
  EXPECT_EQ(*json.find("field")->if_text(), "x\uFFFD\"");
}

TEST(Refusal, WhatIsTheDetailOrTheTitle) {
  EXPECT_STREQ(Refusal(ErrorCode::not_found).what(), "There is no such record");
  EXPECT_STREQ(Refusal(ErrorCode::not_found, "no customer").what(), "no customer");
}

}  // namespace
}  // namespace interlock
