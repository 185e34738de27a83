// SPDX-License-Identifier: Apache-2.0
// The simulator's disk: files in memory that know which of their bytes would survive a power loss. Beside the store's
// Disk interface it serves the simulated VFS (sim_vfs.h).
//
// What survives: all that was there at the last sync of a file, and of the writes since then whatever the crash leaves,
// each whole, in part (by sectors) or not at all. A file's name survives once its folder was synced. A failed sync
// marks the writes as written though they are not, as Linux does: reads show them until the crash, and no later sync
// brings them back.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "store/sqlite/disk.h"
#include "testing/manual_clock.h"
#include "testing/sim_trace.h"

namespace interlock::testing {

inline constexpr std::size_t sector_bytes = 512;

/// Chances are per million calls.
struct DiskFaults {
  std::uint64_t write_error = 0;
  std::uint64_t sync_error = 0;
  std::uint64_t slow_sync = 0;   ///< it takes up to slow_sync_max
  std::uint64_t full = 0;        ///< from here on no file grows, for up to full_time_max
  bool lies_about_sync = false;  ///< a defect to be found: a sync does nothing and says that it did
};
inline constexpr Duration slow_sync_max = milliseconds(80);
inline constexpr Duration full_time_max = milliseconds(300);

enum class CrashLoss { all_unsynced, some_unsynced };
enum class IoResult { done, error, full };

/// Locks and the log's index of one database, shared by its connections; gone with the process.
struct SharedMemory {
  std::vector<std::unique_ptr<std::array<char, 32'768>>> regions;
  std::array<int, 8> shared{};
  std::array<bool, 8> exclusive{};
  int connections = 0;
};
struct FileLocks {
  int shared = 0;
  const void* reserved = nullptr;
  const void* pending = nullptr;
  const void* exclusive = nullptr;
};

struct SimFile {
  struct Write {
    std::int64_t offset = 0;
    std::string bytes;
    bool truncates = false;  ///< to `offset`
  };
  std::string data;            ///< what reads see
  std::string durable;         ///< as of the last sync
  std::vector<Write> pending;  ///< since then, in order
  FileLocks locks;
  SharedMemory memory;
};

class SimDisk final : public store::sqlite::Disk {
 public:
  using Files = std::map<std::string, std::shared_ptr<SimFile>>;

  SimDisk(ManualClock& clock, Random& random, Trace& trace) : clock_(clock), random_(random), trace_(trace) {}

  /// Called before every write, sync and change of a folder, with what and where; it may let other fibers run.
  std::function<void(std::string_view what, const std::string& path)> before_io;
  /// Called when a sync is slow.
  std::function<void(Duration)> take_time;

  void set_faults(const DiskFaults& faults) { faults_ = faults; }
  /// What a power loss at this instant leaves.
  Files crash_image(CrashLoss loss);
  /// The disk after a restart.
  void replace_files(const Files& files);
  std::size_t total_bytes() const;

  // For the VFS.
  std::shared_ptr<SimFile> open(const std::string& path, bool create);
  std::shared_ptr<SimFile> find(const std::string& path) const;
  IoResult write(SimFile& file, const std::string& path, std::string_view bytes, std::int64_t offset);
  IoResult truncate(SimFile& file, const std::string& path, std::int64_t size);
  IoResult sync_file(SimFile& file, const std::string& path);
  void unlink(const std::string& path, bool sync_folder);

  bool exists(const std::string& path) override { return names_.contains(path); }
  void make_directory(const std::string&) override {}
  std::vector<std::string> list(const std::string& directory) override;
  void remove(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void copy(const std::string& from, const std::string& to) override;
  void sync(const std::string& path) override;
  std::string read(const std::string& path, std::int64_t offset, std::int64_t bytes) override;

 private:
  struct Name {
    std::shared_ptr<SimFile> file;
    bool durable = false;
  };
  bool chance(std::uint64_t per_million) { return per_million > 0 && random_.below(1'000'000) < per_million; }
  void io(std::string_view what, const std::string& path);
  bool is_full();
  void settle_folder(const std::string& path);
  std::string survivor(const SimFile& file, CrashLoss loss);

  ManualClock& clock_;
  Random& random_;
  Trace& trace_;
  DiskFaults faults_;
  std::map<std::string, Name> names_;
  Files removed_;  ///< names whose removal a crash may undo
  Duration full_until_{0};
};

}  // namespace interlock::testing
