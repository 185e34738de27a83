// SPDX-License-Identifier: Apache-2.0
// The few things that the store does to files beside SQLite's VFS: whole files are listed, copied, renamed and removed.
// An interface, so that the simulator's disk sees them too. Thread-safe. Failures throw StoreError or DiskFull.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::store::sqlite {

class Disk {
 public:
  virtual ~Disk() = default;
  virtual bool exists(const std::string& path) = 0;
  /// Makes the directory and those above it, durably; no error if it is there.
  virtual void make_directory(const std::string& path) = 0;
  /// Names in a directory; empty if there is none.
  virtual std::vector<std::string> list(const std::string& directory) = 0;
  /// Durable when it returns; no error if there is no such file.
  virtual void remove(const std::string& path) = 0;
  /// Replaces `to`; durable when it returns. Both are in one directory.
  virtual void rename(const std::string& from, const std::string& to) = 0;
  /// Copies a whole file and syncs the copy.
  virtual void copy(const std::string& from, const std::string& to) = 0;
  virtual void sync(const std::string& path) = 0;
  /// At most `bytes` from `offset`; shorter at the end of the file, empty if there is none.
  virtual std::string read(const std::string& path, std::int64_t offset, std::int64_t bytes) = 0;
};

/// The operating system's files.
Disk& system_disk();

}  // namespace interlock::store::sqlite
