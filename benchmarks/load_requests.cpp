// SPDX-License-Identifier: Apache-2.0
#include "load_requests.h"

#include <array>
#include <cstdio>

#include "load_report.h"

namespace interlock::bench {
namespace {

std::uint64_t seed_of(const Options& options) {
  if (options.seed != 0) return options.seed;
  std::random_device system;
  return (static_cast<std::uint64_t>(system()) << 32) | system();
}

void append_uuid(std::string& out, std::uint64_t high, std::uint64_t low) {
  constexpr char digits[] = "0123456789abcdef";
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) out += '-';
    const auto word = nibble < 16 ? high : low;
    out += digits[(word >> (60 - 4 * (nibble % 16))) & 15];
  }
}

const char* method_of(Mode mode) {
  switch (mode) {
    case Mode::patch:
    case Mode::versioned:
      return "PATCH ";
    case Mode::create:
      return "POST ";
    case Mode::get:
    case Mode::feed:
      break;
  }
  return "GET ";
}

}  // namespace

void Keys::append_to(std::string& out) {
  constexpr std::uint64_t variant = 0x8000'0000'0000'0000, variant_mask = 0x3fff'ffff'ffff'ffff;
  const auto low = (random_() & variant_mask) | variant;
  if (!ordered_) return append_uuid(out, (random_() & ~0xf000ULL) | 0x4000ULL, low);
  ++made_;
  const auto unix_ms = static_cast<std::uint64_t>(realtime_ns() / 1'000'000);
  append_uuid(out, (unix_ms << 16) | 0x7000ULL | (made_ & 0xfffULL), low);
}

Requests::Requests(const Options& options)
    : options_(options), random_(seed_of(options)), keys_(random_(), options.ordered_keys) {
  const auto at = options.path.find("{id}");
  has_id_ = at != std::string::npos;
  before_id_ = options.path.substr(0, at);
  if (has_id_) after_id_ = options.path.substr(at + 4);
}

std::size_t Requests::pick(const Caller& caller) { return caller.ids->empty() ? 0 : random_() % caller.ids->size(); }

void Requests::append_head(std::string& out, const Caller& caller, std::size_t record) {
  out += method_of(options_.mode);
  out += before_id_;
  if (has_id_) out += (*caller.ids)[record];
  out += after_id_;
  out += " HTTP/1.1\r\nHost: bench.test\r\n";
  out += caller.authorization;
}

std::string Requests::body(std::int64_t now_ns) {
  char text[256];
  ++made_;
  if (options_.mode == Mode::create) {
    std::snprintf(text, sizeof text,
                  R"({"name":"Customer %07llu","email":"customer%07llu@bench.test","phone":"555 %07llu",)"
                  R"("address":"1 Long Street"})",
                  static_cast<unsigned long long>(made_), static_cast<unsigned long long>(made_),
                  static_cast<unsigned long long>(made_));
  } else if (options_.stamp) {
    std::snprintf(text, sizeof text, R"({"address":"@%020lld Long Street"})", static_cast<long long>(now_ns));
  } else {
    std::snprintf(text, sizeof text, R"({"address":"%llu Long Street"})", static_cast<unsigned long long>(made_));
  }
  return text;
}

void Requests::build(std::string& out, const Caller& caller, std::size_t record, const Versions& versions,
                     std::int64_t now_ns) {
  out.clear();
  append_head(out, caller, record);
  if (options_.mode != Mode::get) {
    if (options_.mode == Mode::patch) out += "If-Match: *\r\n";
    if (options_.mode == Mode::versioned) {
      const auto known = versions.find(record);
      out += "If-Match: \"" + std::to_string(known == versions.end() ? 1 : known->second) + "\"\r\n";
    }
    out += "Idempotency-Key: ";
    keys_.append_to(out);
    const auto content = body(now_ns);
    out += "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(content.size()) + "\r\n\r\n";
    out += content;
  } else {
    out += "\r\n";
  }
}

}  // namespace interlock::bench
