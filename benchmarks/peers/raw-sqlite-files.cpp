// SPDX-License-Identifier: Apache-2.0
// The limit for many tenants: the loop of raw-sqlite.cpp on several files at once, one thread and one connection each.
// usage: raw-sqlite-files BUSY_FILES IDLE_FILES IN_FLIGHT OPERATIONS RECORDS random|ordered
// Only the busy files are written. IN_FLIGHT is shared among them, so a group holds IN_FLIGHT / BUSY_FILES operations
// and at least one; OPERATIONS is the total; RECORDS is the number in each busy file. Writes files-NNNN.db into the
// current directory, and one line of JSON.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <memory>
#include <thread>

#include "raw_sqlite_file.h"

namespace {

std::string name_of(int file) {
  char name[32];
  std::snprintf(name, sizeof name, "files-%04d.db", file);
  return name;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: raw-sqlite-files BUSY_FILES IDLE_FILES IN_FLIGHT OPERATIONS RECORDS random|ordered\n");
    return 2;
  }
  const int busy = std::max(1, std::atoi(argv[1]));
  const int idle = std::atoi(argv[2]);
  const int group = std::max(1, std::atoi(argv[3]) / busy);
  const std::int64_t operations = std::atoll(argv[4]);
  const auto records = static_cast<std::uint64_t>(std::max(1LL, std::atoll(argv[5])));
  const bool ordered = std::string(argv[6]) == "ordered";

  std::vector<std::unique_ptr<raw_sqlite::File>> files;
  for (int file = 0; file < busy; ++file) {
    files.push_back(std::make_unique<raw_sqlite::File>(name_of(file)));
    files.back()->fill(records);
    files.back()->prepare_operation();
  }
  for (int file = 0; file < idle; ++file) raw_sqlite::File(name_of(busy + file));

  std::atomic<std::int64_t> left{operations};
  std::barrier ready(busy + 1);
  std::vector<std::thread> threads;
  for (int file = 0; file < busy; ++file) {
    threads.emplace_back([&, file] {
      std::mt19937_64 random(static_cast<std::uint64_t>(file) + 1);
      ready.arrive_and_wait();
      while (left.fetch_sub(group) > 0) files[static_cast<std::size_t>(file)]->write_group(group, ordered, random);
    });
  }
  ready.arrive_and_wait();
  const auto start = std::chrono::steady_clock::now();
  for (auto& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto groups = (operations + group - 1) / group;
  std::printf(R"({"busy_files":%d,"idle_files":%d,"group":%d,"records":%llu,"keys":"%s","per_second":%.0f})" "\n", busy,
              idle, group, static_cast<unsigned long long>(records), argv[6],
              static_cast<double>(groups * group) / seconds);
}
