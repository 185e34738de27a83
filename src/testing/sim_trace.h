// SPDX-License-Identifier: Apache-2.0
// What happened in a simulated run: every event goes into a digest, so that two runs can be compared, and the faults
// and crashes are kept as text, to be shown when the run fails.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>

namespace interlock::testing {

/// Something that must hold did not.
class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Trace {
 public:
  explicit Trace(bool verbose = false) : verbose_(verbose) {}

  /// FNV-1a, 64 bits.
  void event(std::string_view text) {
    for (const char c : text) digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    digest_ = (digest_ ^ 0xff) * 0x100000001b3;
    ++events_;
    if (verbose_)
      std::printf("%8lld %.*s\n", static_cast<long long>(events_), static_cast<int>(text.size()), text.data());
  }
  void fault(const std::string& text) {
    event(text);
    faults_.push_back("at event " + std::to_string(events_) + ": " + text);
    if (faults_.size() > faults_kept_max) faults_.pop_front();
  }

  std::uint64_t digest() const { return digest_; }
  std::int64_t events() const { return events_; }
  const std::deque<std::string>& faults() const { return faults_; }

 private:
  static constexpr std::size_t faults_kept_max = 200;
  bool verbose_;
  std::uint64_t digest_ = 0xcbf29ce484222325;
  std::int64_t events_ = 0;
  std::deque<std::string> faults_;
};

}  // namespace interlock::testing
