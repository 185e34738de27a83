// SPDX-License-Identifier: Apache-2.0
#include "base/errors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace interlock {
namespace {

TEST(Errors, EveryCodeHasItsOwnNumberNameAndAnHttpStatus) {
  std::set<std::string_view> names;
  std::set<std::uint16_t> numbers;
  for (const ErrorInfo& info : all_errors()) {
    const auto number = static_cast<std::uint16_t>(info.code);
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(numbers.insert(number).second) << info.name;
    EXPECT_GE(info.http_status, 400) << info.name;
    EXPECT_LT(info.http_status, 600) << info.name;
    EXPECT_FALSE(info.title.empty()) << info.name;
    EXPECT_GE(info.remedy.size(), 10U) << info.name;
    EXPECT_NE(info.remedy.back(), '.') << info.name;
    EXPECT_EQ(&error_info(info.code), &info);
    EXPECT_EQ(error_code_of(number), info.code);
  }
  EXPECT_GE(names.size(), 46U);
  EXPECT_EQ(error_code_of(44), std::nullopt);  // reserved
}

TEST(Errors, NumbersThatStoresKeepNeverMove) {
  EXPECT_EQ(static_cast<int>(ErrorCode::internal), 1);
  EXPECT_EQ(static_cast<int>(ErrorCode::key_reused), 6);
  EXPECT_EQ(static_cast<int>(ErrorCode::not_found), 11);
  EXPECT_EQ(static_cast<int>(ErrorCode::stale_version), 23);
  EXPECT_EQ(static_cast<int>(ErrorCode::commit_unknown), 31);
  EXPECT_EQ(error_info(ErrorCode::stale_version).http_status, 409);
}

TEST(Errors, UnknownNumbersAreNoCode) {
  EXPECT_EQ(error_code_of(0), std::nullopt);
  EXPECT_EQ(error_code_of(65'535), std::nullopt);
}

TEST(ErrorsDeathTest, AnUnknownCodeIsAMistakeOfTheProgram) {
  EXPECT_DEATH(error_info(static_cast<ErrorCode>(60'000)), "invariant_failed");
}

// INTERLOCK_WRITE_REFERENCE=1 writes the page instead.
TEST(Errors, ThePageInTheDocumentationIsTheTable) {
  const std::string path = "docs/reference/errors.md";  // tests run in the tree's root
  if (std::getenv("INTERLOCK_WRITE_REFERENCE") != nullptr) std::ofstream(path) << errors_markdown();
  std::stringstream page;
  page << std::ifstream(path).rdbuf();
  EXPECT_EQ(page.str(), errors_markdown());
}

TEST(Errors, PageNamesEveryCode) {
  const std::string page = errors_markdown();
  EXPECT_TRUE(page.starts_with("# "));
  for (const ErrorInfo& info : all_errors()) {
    EXPECT_NE(page.find("`" + std::string(info.name) + "` | " + std::to_string(info.http_status)), std::string::npos);
    EXPECT_NE(page.find(info.title), std::string::npos);
    EXPECT_NE(page.find(info.remedy), std::string::npos);
  }
}

TEST(Errors, TheServedPageHasAnAnchorForEveryCode) {
  const std::string page = errors_html();
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_EQ(page.find("<script"), std::string::npos);
  for (const ErrorInfo& info : all_errors()) {
    const auto at = page.find("id=\"" + std::string(info.name) + "\"");
    ASSERT_NE(at, std::string::npos) << info.name;
    const auto section = page.substr(at, page.find("</section>", at) - at);
    EXPECT_NE(section.find(std::to_string(info.http_status)), std::string::npos) << info.name;
    EXPECT_NE(section.find(info.title), std::string::npos) << info.name;
    EXPECT_NE(section.find(info.remedy), std::string::npos) << info.name;
  }
}

}  // namespace
}  // namespace interlock
