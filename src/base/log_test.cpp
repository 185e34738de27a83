// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include <sstream>
#include <thread>

#include "base/json.h"
#include "base/test_texts.h"
#include "base/time.h"

namespace interlock {
namespace {

class ShownLevel {
 public:
  explicit ShownLevel(LogLevel level) { set_log_level(level); }
  ShownLevel(const ShownLevel&) = delete;
  ShownLevel& operator=(const ShownLevel&) = delete;
  ~ShownLevel() { set_log_level(LogLevel::info); }
};

TEST(Log, LineIsOneJsonObject) {
  const std::string line = log_line(LogLevel::warning, "operation_slow",
                                    {{"operation", "customers/create"}, {"us", 250'000}, {"retried", false}});
  EXPECT_EQ(
      line,
      R"({"level":"warning","event":"operation_slow","operation":"customers/create","us":250000,"retried":false})");
}

TEST(Log, ValuesCannotForgeLinesOrSteerTerminals) {
  const std::string line =
      log_line(LogLevel::info, "x", {{"v", "a\r\n{\"level\":\"error\"}\x1b[2J\xff\x7f\xc2\x9b\u2028"}});
  EXPECT_EQ(line.find_first_of("\r\n\x1b\x7f"), std::string::npos);
  EXPECT_EQ(line.find("\xc2\x9b"), std::string::npos);
  EXPECT_EQ(line.find("\u2028"), std::string::npos);
  EXPECT_EQ(*parse_json(line).find("v")->if_text(), "a\r\n{\"level\":\"error\"}\x1b[2J\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(LogNaughtyStrings, StayWithinTheirLine) {
  for (const std::string& text : naughty_strings()) {
    const std::string line = log_line(LogLevel::info, "x", {{"v", text}});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_NE(parse_json(line).find("v"), nullptr);
  }
}

TEST(Log, WritesItsTimeAndALineEnd) {
  ::testing::internal::CaptureStderr();
  log(LogLevel::info, "started", {{"port", 8080}});
  const std::string text = ::testing::internal::GetCapturedStderr();
  ASSERT_TRUE(text.ends_with("\n"));
  const Json json = parse_json(text);
  EXPECT_TRUE(parse_rfc3339(*json.find("at")->if_text()));
  EXPECT_EQ(*json.find("event")->if_text(), "started");
}

TEST(Log, LevelHidesWhatIsBelow) {
  const ShownLevel level(LogLevel::warning);
  EXPECT_FALSE(log_enabled(LogLevel::info));
  EXPECT_TRUE(log_enabled(LogLevel::error));
  ::testing::internal::CaptureStderr();
  log(LogLevel::info, "hidden", {});
  log(LogLevel::warning, "shown", {});
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(text.find("hidden"), std::string::npos);
  EXPECT_NE(text.find("shown"), std::string::npos);
}

TEST(Log, LinesOfThreadsDoNotMix) {
  ::testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 200; ++i) log(LogLevel::info, "line", {{"thread", t}, {"text", std::string(200, 'x')}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream lines(::testing::internal::GetCapturedStderr());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_NO_THROW(parse_json(line)) << line;
  EXPECT_EQ(count, 800);
}

}  // namespace
}  // namespace interlock
