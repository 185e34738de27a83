// SPDX-License-Identifier: Apache-2.0
// The limit: what one thread can commit durably on SQLite when it does nothing but the writes of one operation.
// usage: raw-sqlite GROUP OPERATIONS RECORDS random|ordered
// Writes raw.db into the current directory.
#include <algorithm>
#include <chrono>

#include "raw_sqlite_file.h"

int main(int argc, char** argv) {
  if (argc != 5) return std::fprintf(stderr, "usage: raw-sqlite GROUP OPERATIONS RECORDS random|ordered\n"), 2;
  const int group = std::atoi(argv[1]);
  const int operations = std::atoi(argv[2]);
  const auto records = static_cast<std::uint64_t>(std::atoll(argv[3]));
  const bool ordered = std::string(argv[4]) == "ordered";

  raw_sqlite::File file("raw.db");
  file.fill(records);
  file.prepare_operation();
  std::mt19937_64 random(1);
  const auto start = std::chrono::steady_clock::now();
  for (int done = 0; done < operations; done += group)
    file.write_group(std::min(group, operations - done), ordered, random);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("group %d records %llu %s keys: %.0f operations/s, %.1f us each\n", group,
              static_cast<unsigned long long>(records), argv[4], operations / seconds, 1e6 * seconds / operations);
}
