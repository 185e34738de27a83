// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <benchmark/benchmark.h>

#include "base/random.h"

namespace interlock {
namespace {

void make_id(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_uuid(Time{1'795'323'600'123'456}, system_random()));
}
BENCHMARK(make_id);

void write_type_id(benchmark::State& state) {
  const Uuid id = make_uuid(Time{1'795'323'600'123'456}, system_random());
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_type_id(out, "customer", id);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(write_type_id);

void read_type_id(benchmark::State& state) {
  const std::string text = type_id_text("customer", make_uuid(Time{1'795'323'600'123'456}, system_random()));
  for (auto _ : state) benchmark::DoNotOptimize(parse_type_id("customer", text));
}
BENCHMARK(read_type_id);

void write_time(benchmark::State& state) {
  std::string out;
  Time time{1'795'323'600'123'456};
  for (auto _ : state) {
    out.clear();
    time.us += 1'234'567;
    append_rfc3339(out, time);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(write_time);

void read_time(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_rfc3339("2026-11-22T05:00:00.123456Z"));
}
BENCHMARK(read_time);

}  // namespace
}  // namespace interlock
