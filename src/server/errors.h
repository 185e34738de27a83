// SPDX-License-Identifier: Apache-2.0
// How a command ends: its exit code, and for everything but success one sentence on standard error.
#pragma once

#include <stdexcept>
#include <string>

namespace interlock::server {

/// Documented in docs/operating/commands.md; scripts rely on the numbers.
enum class ExitCode : int {
  ok = 0,
  failed = 1,    ///< refused, or something outside failed; nothing or only what was printed was done
  usage = 2,     ///< the command line or the configuration is wrong
  findings = 3,  ///< it ran, and has something to tell: rows refused, a check that found damage, an upgrade that is due
  held = 4,      ///< another process holds the data directory
};

class CommandError : public std::runtime_error {
 public:
  explicit CommandError(const std::string& sentence, ExitCode code = ExitCode::failed)
      : std::runtime_error(sentence), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace interlock::server
