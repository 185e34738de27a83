// SPDX-License-Identifier: Apache-2.0
#include "http/time_histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace interlock::http {

void TimeHistogram::count(Duration took) {
  const auto bucket = std::lower_bound(bounds_us.begin(), bounds_us.end(), took.us) - bounds_us.begin();
  by_time_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(took.us, std::memory_order_relaxed);
}

TimeHistogram::Counts TimeHistogram::counts() const {
  Counts counts;
  for (std::size_t i = 0; i < by_time_.size(); ++i) counts.by_time[i] = by_time_[i].load(std::memory_order_relaxed);
  counts.sum_us = sum_us_.load(std::memory_order_relaxed);
  return counts;
}

void TimeHistogram::Counts::append_text(std::string& out, std::string_view name, std::string_view help) const {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "# HELP {0} {1}\n# TYPE {0} histogram\n", name, help);
  std::int64_t total = 0;
  for (std::size_t i = 0; i < by_time.size(); ++i) {
    total += by_time[i];
    const auto bound =
        i < bounds_us.size() ? fmt::format("{}", static_cast<double>(bounds_us[i]) / 1e6) : std::string("+Inf");
    fmt::format_to(to, "{}_bucket{{le=\"{}\"}} {}\n", name, bound, total);
  }
  fmt::format_to(to, "{0}_sum {1}\n{0}_count {2}\n", name, static_cast<double>(sum_us) / 1e6, total);
}

void TimeHistogram::Counts::append_json(JsonWriter& json, std::string_view name) const {
  json.key(name).begin_array();
  for (std::size_t i = 0; i < by_time.size(); ++i) {
    json.begin_object().key("le");
    if (i < bounds_us.size())
      json.integer(bounds_us[i]);
    else
      json.null();
    json.member("count", by_time[i]).end_object();
  }
  json.end_array().member(fmt::format("{}_sum", name), sum_us);
}

}  // namespace interlock::http
