// SPDX-License-Identifier: Apache-2.0
#include "http/time_histogram.h"

#include <gtest/gtest.h>

namespace interlock::http {
namespace {

TEST(TimeHistogramTest, CountsUpToAndIncludingEachBound) {
  TimeHistogram histogram;
  for (const auto us : {0, 250, 251, 5'000'000, 5'000'001}) histogram.count(microseconds(us));
  const auto counts = histogram.counts();
  EXPECT_EQ(counts.by_time[0], 2);
  EXPECT_EQ(counts.by_time[1], 1);
  EXPECT_EQ(counts.by_time[11], 1);
  EXPECT_EQ(counts.by_time[12], 1);
  EXPECT_EQ(counts.sum_us, 10'000'502);
}

TEST(TimeHistogramTest, IsTextAndJson) {
  TimeHistogram histogram;
  histogram.count(microseconds(300));
  histogram.count(seconds(9));
  std::string text, json;
  histogram.counts().append_text(text, "wait_seconds", "How long");
  EXPECT_NE(text.find("# TYPE wait_seconds histogram\nwait_seconds_bucket{le=\"0.00025\"} 0\n"
                      "wait_seconds_bucket{le=\"0.0005\"} 1\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("_bucket{le=\"+Inf\"} 2\nwait_seconds_sum 9.0003\nwait_seconds_count 2\n"), std::string::npos);
  JsonWriter writer(json);
  writer.begin_object();
  histogram.counts().append_json(writer, "wait_us");
  writer.end_object();
  EXPECT_TRUE(json.starts_with(R"({"wait_us":[{"le":250,"count":0},{"le":500,"count":1},)")) << json;
  EXPECT_TRUE(json.ends_with(R"({"le":null,"count":1}],"wait_us_sum":9000300})")) << json;
}

}  // namespace
}  // namespace interlock::http
