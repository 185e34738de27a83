// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <benchmark/benchmark.h>

#include "base/utf8.h"

namespace interlock {
namespace {

// What one button sends.
constexpr std::string_view small_body =
    R"({"version":17,"name":"Ada Lovelace","email":"ada.lovelace@example.org","phone":"+44 20 7946 0958",)"
    R"("tags":["vip","newsletter"],"address":"12 St James's Square\nLondon"})";

std::string large_body() {
  std::string text = R"({"mode":"each","operations":[)";
  for (int i = 0; i < 500; ++i) {
    if (i > 0) text += ',';
    text += R"({"operation":"customers/update","key":"k)" + std::to_string(i) + R"(","request":)";
    text += small_body;
    text += '}';
  }
  return text + "]}";
}

void count_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}

void parse_small(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(small_body));
  count_bytes(state, small_body.size());
}
BENCHMARK(parse_small);

void parse_large(benchmark::State& state) {
  const std::string text = large_body();
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(text));
  count_bytes(state, text.size());
}
BENCHMARK(parse_large);

void canonical_small(benchmark::State& state) {
  const Json json = parse_json(small_body);
  for (auto _ : state) benchmark::DoNotOptimize(canonical_json(json));
  count_bytes(state, small_body.size());
}
BENCHMARK(canonical_small);

void write_small(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    JsonWriter json(out);
    json.begin_object().member("version", 17).member("name", "Ada Lovelace");
    json.member("email", "ada.lovelace@example.org").member("phone", "+44 20 7946 0958");
    json.key("tags").begin_array().text("vip").text("newsletter").end_array();
    json.member("address", "12 St James's Square\nLondon").end_object();
    benchmark::DoNotOptimize(out.data());
  }
  count_bytes(state, out.size());
}
BENCHMARK(write_small);

void write_text(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_json_string(out, text);
    benchmark::DoNotOptimize(out.data());
  }
  count_bytes(state, text.size());
}
BENCHMARK(write_text)->Arg(8)->Arg(24)->Arg(200)->Arg(10'000);

void validate_utf8(benchmark::State& state) {
  std::string text;
  while (text.size() < 1'000) text += state.range(0) == 0 ? "plain text " : "Grüße, 日本 ";
  for (auto _ : state) benchmark::DoNotOptimize(is_valid_utf8(text));
  count_bytes(state, text.size());
}
BENCHMARK(validate_utf8)->Arg(0)->Arg(1);

}  // namespace
}  // namespace interlock
