// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace interlock::bench {

/// Every latency of a run, kept whole: percentiles are exact, at 4 bytes a sample.
class Latencies {
 public:
  Latencies() { samples_us_.reserve(1 << 20); }
  void add_ns(std::int64_t ns);
  std::size_t count() const { return samples_us_.size(); }
  /// {"count","mean","p50","p90","p99","max"} in microseconds. Sorts the samples.
  std::string json();

 private:
  std::vector<std::uint32_t> samples_us_;
};

/// One JSON object, built member by member.
class JsonLine {
 public:
  JsonLine& text(const char* name, std::string_view value);
  JsonLine& number(const char* name, double value);
  JsonLine& raw(const char* name, const std::string& json);
  std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

/// Answers by status, as a JSON object.
std::string json_of(const std::map<int, std::int64_t>& counts);

std::int64_t monotonic_ns();
std::int64_t realtime_ns();

}  // namespace interlock::bench
