// SPDX-License-Identifier: Apache-2.0
#include "store/spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "base/check.h"
#include "base/limits.h"

namespace interlock::store {

namespace fs = std::filesystem;

void fail_at(const char* doing, const std::string& path, int error) {
  const auto message = fmt::format("{} {}: {}", doing, path, std::generic_category().message(error));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) throw DiskFull(message);
  throw StoreError(message);
}

LocalFile::LocalFile(std::string path, int flags)
    : path_(std::move(path)), fd_(::open(path_.c_str(), flags | O_CLOEXEC, 0600)) {}

LocalFile::~LocalFile() {
  if (fd_ >= 0) ::close(fd_);
}

void LocalFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(fd_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_at("write", path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

std::size_t LocalFile::read(std::int64_t offset, char* to, std::size_t bytes) const {
  const auto got = ::pread(fd_, to, bytes, offset);
  if (got < 0) fail_at("read", path_, errno);
  return static_cast<std::size_t>(got);
}

void LocalFile::sync() {
  if (::fsync(fd_) != 0) fail_at("sync", path_, errno);
}

void LocalFile::set_time(Time time) {
  const timespec at{time.us / 1'000'000, time.us % 1'000'000 * 1'000};
  const timespec both[] = {at, at};
  if (::futimens(fd_, both) != 0) fail_at("set the time of", path_, errno);
}

std::int64_t LocalFile::size() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) fail_at("look at", path_, errno);
  return status.st_size;
}

void sync_folder(const std::string& path) {
  LocalFile folder(path, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open()) fail_at("open", path, errno);
  folder.sync();
}

void make_folder(const std::string& path) {
  const auto parent = fs::path(path).parent_path().string();
  if (::mkdir(path.c_str(), 0700) == 0) return sync_folder(parent.empty() ? "." : parent);
  if (errno == EEXIST) return;
  if (errno != ENOENT || parent.empty() || parent == path) fail_at("make the folder", path, errno);
  make_folder(parent);
  make_folder(path);
}

std::vector<std::string> list_folder(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    found.push_back(at->path().filename().string());
  if (error && error.value() != ENOENT) fail_at("list", folder, error.value());
  return found;
}

SpooledDraft::SpooledDraft(std::string path) : file_(std::move(path), O_RDWR | O_CREAT | O_EXCL) {
  if (!file_.is_open()) fail_at("make", file_.path(), errno);
}

SpooledDraft::~SpooledDraft() {
  if (!released_) ::unlink(file_.path().c_str());
}

void SpooledDraft::write(std::string_view bytes) {
  file_.write(bytes);
  hash_.add(bytes);
  size_ += static_cast<std::int64_t>(bytes.size());
}

Spool::Spool(std::string directory, Random& random) : directory_(std::move(directory)), random_(random) {
  for (const auto& name : list_folder(directory_)) ::unlink((directory_ + "/" + name).c_str());
}

std::unique_ptr<SpooledDraft> Spool::begin() {
  make_folder(directory_);
  return std::make_unique<SpooledDraft>(fmt::format("{}/{}", directory_, random_hex(random_, 16)));
}

std::shared_ptr<LocalFile> Spool::temporary(std::int64_t bytes) {
  if (in_use_->fetch_add(bytes) + bytes > limits::spool_bytes_max) {
    in_use_->fetch_sub(bytes);
    throw DiskFull("too many contents of files are on their way");
  }
  const std::shared_ptr<void> place(nullptr, [in_use = in_use_, bytes](void*) { in_use->fetch_sub(bytes); });
  make_folder(directory_);
  const auto path = fmt::format("{}/{}", directory_, random_hex(random_, 16));
  auto* file = new LocalFile(path, O_RDWR | O_CREAT | O_EXCL);
  std::shared_ptr<LocalFile> made(file, [place](LocalFile* closed) { delete closed; });
  if (!made->is_open()) fail_at("make", path, errno);
  ::unlink(path.c_str());
  return made;
}

void FetchedBlob::fetch(std::int64_t offset, std::int64_t bytes) {
  INVARIANT(offset >= 0 && bytes >= 0 && offset + bytes <= size_);
  if (file_ && offset >= begin_ && offset + bytes <= end_) return;
  const auto file = spool_.temporary(bytes);
  std::int64_t got = 0;
  if (bytes > 0) {
    bring(offset, bytes, [&](std::string_view piece) {
      got += static_cast<std::int64_t>(piece.size());
      if (got > bytes) throw StoreError("a content has more bytes than was said");
      file->write(piece);
    });
  }
  if (got != bytes) throw StoreError(fmt::format("a content has {} bytes instead of {}", got, bytes));
  file_ = file;
  begin_ = offset;
  end_ = offset + bytes;
}

std::size_t FetchedBlob::read(std::int64_t offset, char* to, std::size_t bytes) const {
  if (offset >= size_ || bytes == 0) return 0;
  INVARIANT(file_ && offset >= begin_ && offset < end_);
  return file_->read(offset - begin_, to, bytes);
}

namespace {

class LocalGuard final : public BlobGuard {
 public:
  std::shared_ptr<void> hold() override {
    const std::lock_guard lock(state_->mutex);
    ++state_->holders;
    return {nullptr, [state = state_](void*) {
              const std::lock_guard ending(state->mutex);
              --state->holders;
            }};
  }
  std::shared_ptr<void> try_remove() override {
    auto lock = std::make_shared<std::unique_lock<std::mutex>>(state_->mutex);
    if (state_->holders > 0) return nullptr;
    return lock;
  }

 private:
  struct State {
    std::mutex mutex;
    int holders = 0;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

std::unique_ptr<BlobGuard> make_local_guard() { return std::make_unique<LocalGuard>(); }

}  // namespace interlock::store
