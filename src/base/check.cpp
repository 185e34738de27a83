// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace interlock {

// Neither the heap nor the logger is used: either may be what is broken.
void invariant_failed(const char* condition, const char* file, int line) {
  char text[512];
  std::size_t length = 0;
  for (const char* c = condition; *c != '\0' && length + 1 < sizeof text; ++c) {
    const bool needs_escape = *c == '"' || *c == '\\';
    text[length++] = needs_escape ? '\'' : *c;
  }
  text[length] = '\0';
  std::fprintf(stderr,
               R"({"level":"error","event":"invariant_failed","condition":"%s","file":"%s","line":%d})"
               "\n",
               text, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace interlock
