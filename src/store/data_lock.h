// SPDX-License-Identifier: Apache-2.0
// One process holds a data directory: its files, its control socket.
#pragma once

#include <stdexcept>
#include <string>

namespace interlock::store {

/// Another process (or another store of this one) holds the data directory.
class DataDirectoryHeld : public std::runtime_error {
 public:
  DataDirectoryHeld(const std::string& message, long holder) : std::runtime_error(message), holder_(holder) {}
  /// Its process id; 0 if unknown.
  long holder() const { return holder_; }

 private:
  long holder_;
};

/// Holds DIRECTORY/lock (flock, our process id inside) until destroyed; the operating system frees it when the process
/// dies, however it dies. The directory must exist. Throws DataDirectoryHeld at once if somebody else has it.
class DataLock {
 public:
  explicit DataLock(const std::string& directory);
  DataLock(const DataLock&) = delete;
  DataLock& operator=(const DataLock&) = delete;
  ~DataLock();

 private:
  int fd_ = -1;
};

}  // namespace interlock::store
