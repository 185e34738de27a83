// SPDX-License-Identifier: Apache-2.0
#include "load_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>
#include <numeric>
#include <string_view>

namespace interlock::bench {
namespace {

std::int64_t clock_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

}  // namespace

std::int64_t monotonic_ns() { return clock_ns(CLOCK_MONOTONIC); }
std::int64_t realtime_ns() { return clock_ns(CLOCK_REALTIME); }

void Latencies::add_ns(std::int64_t ns) {
  const auto us = std::clamp<std::int64_t>(ns / 1'000, 0, std::numeric_limits<std::uint32_t>::max());
  samples_us_.push_back(static_cast<std::uint32_t>(us));
}

std::string Latencies::json() {
  JsonLine line;
  line.number("count", static_cast<double>(samples_us_.size()));
  if (samples_us_.empty()) return line.str();
  std::sort(samples_us_.begin(), samples_us_.end());
  const auto count = static_cast<double>(samples_us_.size());
  const auto at = [&](double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * count));
    return static_cast<double>(samples_us_[rank == 0 ? 0 : rank - 1]);
  };
  line.number("mean", std::accumulate(samples_us_.begin(), samples_us_.end(), 0.0) / count);
  line.number("p50", at(0.50)).number("p90", at(0.90)).number("p99", at(0.99)).number("max", at(1.0));
  return line.str();
}

JsonLine& JsonLine::raw(const char* name, const std::string& json) {
  if (!members_.empty()) members_ += ",";
  members_ += "\"" + std::string(name) + "\":" + json;
  return *this;
}

JsonLine& JsonLine::text(const char* name, std::string_view value) {
  return raw(name, "\"" + std::string(value) + "\"");
}

JsonLine& JsonLine::number(const char* name, double value) {
  char digits[64];
  std::snprintf(digits, sizeof digits, value == std::floor(value) ? "%.0f" : "%.3f", value);
  return raw(name, digits);
}

std::string json_of(const std::map<int, std::int64_t>& counts) {
  JsonLine line;
  for (const auto& [status, count] : counts) line.number(std::to_string(status).c_str(), static_cast<double>(count));
  return line.str();
}

}  // namespace interlock::bench
