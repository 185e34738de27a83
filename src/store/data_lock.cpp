// SPDX-License-Identifier: Apache-2.0
#include "store/data_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "store/store.h"

namespace interlock::store {

DataLock::DataLock(const std::string& directory) {
  const std::string path = directory + "/lock";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) throw StoreError("open " + path + ": " + std::generic_category().message(errno));
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    char text[32] = {};
    const auto got = ::pread(fd_, text, sizeof text - 1, 0);
    const long holder = got > 0 ? std::atol(text) : 0;
    ::close(fd_);
    throw DataDirectoryHeld("the data directory " + directory + " is held by process " +
                                (holder > 0 ? std::to_string(holder) : std::string("(unknown)")) +
                                "; stop it, or choose another directory",
                            holder);
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const int error = errno;
    ::close(fd_);
    throw StoreError("write " + path + ": " + std::generic_category().message(error));
  }
}

DataLock::~DataLock() { ::close(fd_); }

}  // namespace interlock::store
