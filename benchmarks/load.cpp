// SPDX-License-Identifier: Apache-2.0
// The load generator of the benchmarks: raw sockets on one epoll, one thread, no library. See README.md.
#include <sys/resource.h>

#include <cstdio>
#include <exception>

#include "load_closed.h"
#include "load_feed.h"
#include "load_options.h"

int main(int argc, char** argv) {
  using namespace interlock::bench;
  const auto options = parse_options(argc, argv);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  try {
    auto callers = prepare_callers(options);
    const auto line = options.mode == Mode::feed ? FeedLoad(options, std::move(callers)).run()
                                                 : HttpLoad(options, std::move(callers)).run();
    std::puts(line.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "interlock-load: %s\n", error.what());
    return 1;
  }
  return 0;
}
