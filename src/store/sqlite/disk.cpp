// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "store/store.h"

namespace interlock::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t copy_bytes = 1024 * 1024;

[[noreturn]] void fail(const char* doing, const std::string& path, int error) {
  const std::string message = std::string(doing) + " " + path + ": " + std::generic_category().message(error);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) throw DiskFull(message);
  throw StoreError(message);
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (fd_ < 0) fail("open", path, errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(fd_); }

  std::size_t read(char* data, std::size_t bytes, std::int64_t offset) {
    const auto got = ::pread(fd_, data, bytes, offset);
    if (got < 0) fail("read", path_, errno);
    return static_cast<std::size_t>(got);
  }
  void write(const char* data, std::size_t bytes) {
    while (bytes > 0) {
      const auto put = ::write(fd_, data, bytes);
      if (put < 0) fail("write", path_, errno);
      data += put;
      bytes -= static_cast<std::size_t>(put);
    }
  }
  void sync() {
    if (::fsync(fd_) != 0) fail("sync", path_, errno);
  }

 private:
  std::string path_;
  int fd_;
};

void sync_directory_of(const std::string& path) {
  const auto parent = fs::path(path).parent_path().string();
  Descriptor(parent.empty() ? "." : parent, O_RDONLY | O_DIRECTORY).sync();
}

class SystemDisk final : public Disk {
 public:
  bool exists(const std::string& path) override {
    std::error_code error;
    const bool there = fs::exists(path, error);
    if (error) fail("look for", path, error.value());
    return there;
  }
  void make_directory(const std::string& path) override {
    std::error_code error;
    if (fs::create_directories(path, error)) {
      fs::permissions(path, fs::perms::owner_all, error);
      sync_directory_of(path);
    }
    if (error) fail("make the directory", path, error.value());
  }
  std::vector<std::string> list(const std::string& directory) override {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
      names.push_back(at->path().filename().string());
    }
    if (error && error.value() != ENOENT) fail("list", directory, error.value());
    return names;
  }
  void remove(const std::string& path) override {
    if (::unlink(path.c_str()) == 0) return sync_directory_of(path);
    if (errno != ENOENT) fail("remove", path, errno);
  }
  void rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) fail("rename", from, errno);
    sync_directory_of(to);
  }
  void copy(const std::string& from, const std::string& to) override {
    Descriptor source(from, O_RDONLY);
    Descriptor target(to, O_WRONLY | O_CREAT | O_TRUNC);
    std::string buffer(copy_bytes, '\0');
    std::int64_t offset = 0;
    while (const auto got = source.read(buffer.data(), buffer.size(), offset)) {
      target.write(buffer.data(), got);
      offset += static_cast<std::int64_t>(got);
    }
    target.sync();
    sync_directory_of(to);
  }
  void sync(const std::string& path) override {
    Descriptor(path, O_RDONLY).sync();
    sync_directory_of(path);
  }
  std::string read(const std::string& path, std::int64_t offset, std::int64_t bytes) override {
    if (!exists(path)) return {};
    std::string data(static_cast<std::size_t>(bytes), '\0');
    data.resize(Descriptor(path, O_RDONLY).read(data.data(), data.size(), offset));
    return data;
  }
};

}  // namespace

Disk& system_disk() {
  static SystemDisk disk;
  return disk;
}

}  // namespace interlock::store::sqlite
