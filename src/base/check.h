// SPDX-License-Identifier: Apache-2.0
// A broken invariant stops the process: what is in memory can no longer be trusted, what is on disk still can.
// Never compiled out. For outside failures throw std::runtime_error, for the caller's mistakes throw Refusal.
#pragma once

namespace interlock {

[[noreturn]] void invariant_failed(const char* condition, const char* file, int line);

}  // namespace interlock

#define INVARIANT(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::interlock::invariant_failed(#condition, __FILE__, __LINE__))
