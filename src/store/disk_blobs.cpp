// SPDX-License-Identifier: Apache-2.0
#include "store/disk_blobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/check.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace interlock::store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* doing, const std::string& path, int error) {
  const auto message = fmt::format("{} {}: {}", doing, path, std::generic_category().message(error));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) throw DiskFull(message);
  throw StoreError(message);
}

/// An open file; closed at the end.
class File {
 public:
  File(std::string path, int flags) : path_(std::move(path)), fd_(::open(path_.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool is_open() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto put = ::write(fd_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) fail("write", path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  std::size_t read(std::int64_t offset, char* to, std::size_t bytes) const {
    const auto got = ::pread(fd_, to, bytes, offset);
    if (got < 0) fail("read", path_, errno);
    return static_cast<std::size_t>(got);
  }
  void sync() {
    if (::fsync(fd_) != 0) fail("sync", path_, errno);
  }
  void set_time(Time time) {
    const timespec at{time.us / 1'000'000, time.us % 1'000'000 * 1'000};
    const timespec both[] = {at, at};
    if (::futimens(fd_, both) != 0) fail("set the time of", path_, errno);
  }
  std::int64_t size() const {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) fail("look at", path_, errno);
    return status.st_size;
  }

 private:
  std::string path_;
  int fd_;
};

void sync_folder(const std::string& path) {
  File folder(path, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open()) fail("open", path, errno);
  folder.sync();
}

std::vector<std::string> list(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    found.push_back(at->path().filename().string());
  if (error && error.value() != ENOENT) fail("list", folder, error.value());
  return found;
}

class DiskDraft final : public BlobDraft {
 public:
  explicit DiskDraft(std::string path) : file(std::move(path), O_RDWR | O_CREAT | O_EXCL) {
    if (!file.is_open()) fail("make", file.path(), errno);
  }
  ~DiskDraft() override {
    if (!kept) ::unlink(file.path().c_str());
  }
  void write(std::string_view bytes) override {
    file.write(bytes);
    hash.add(bytes);
    size_ += static_cast<std::int64_t>(bytes.size());
  }
  std::int64_t size() const override { return size_; }

  File file;
  Sha256 hash;
  bool kept = false;

 private:
  std::int64_t size_ = 0;
};

class DiskBlob final : public Blob {
 public:
  explicit DiskBlob(const std::string& path) : file_(path, O_RDONLY) {
    if (!file_.is_open() && errno != ENOENT) fail("open", path, errno);
    if (file_.is_open()) size_ = file_.size();
  }
  bool exists() const { return file_.is_open(); }
  std::int64_t size() const override { return size_; }
  std::size_t read(std::int64_t offset, char* to, std::size_t bytes) const override {
    return file_.read(offset, to, bytes);
  }

 private:
  File file_;
  std::int64_t size_ = 0;
};

}  // namespace

DiskBlobs::DiskBlobs(std::string directory, const Clock& clock, Random& random)
    : directory_(std::move(directory)), clock_(clock), random_(random) {
  const auto drafts = directory_ + "/drafts";
  for (const auto& name : list(drafts)) ::unlink((drafts + "/" + name).c_str());
}

std::string DiskBlobs::folder_of(TenantId tenant, std::string_view shard) const {
  return fmt::format("{}/{}/{}", directory_, uuid_text(tenant.uuid), shard);
}

std::string DiskBlobs::path_of(TenantId tenant, std::string_view name) const {
  INVARIANT(is_sha256(name));
  return fmt::format("{}/{}", folder_of(tenant, name.substr(0, 2)), name);
}

/// With each folder above it, down from the data directory's own.
void DiskBlobs::make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return sync_folder(fs::path(path).parent_path().string());
  if (errno == EEXIST) return;
  if (errno != ENOENT || path.size() <= directory_.size()) fail("make the folder", path, errno);
  make_folder(fs::path(path).parent_path().string());
  make_folder(path);
}

std::unique_ptr<BlobDraft> DiskBlobs::begin() {
  const auto drafts = directory_ + "/drafts";
  make_folder(drafts);
  return std::make_unique<DiskDraft>(fmt::format("{}/{}", drafts, random_hex(random_, 16)));
}

std::string DiskBlobs::keep(TenantId tenant, BlobDraft& any_draft) {
  auto& draft = dynamic_cast<DiskDraft&>(any_draft);
  INVARIANT(!draft.kept);
  const auto name = draft.hash.finish();
  const auto folder = folder_of(tenant, name.substr(0, 2));
  make_folder(folder);
  draft.file.set_time(clock_.now());
  draft.file.sync();
  // What is there already is replaced by the same bytes: that begins its age anew, and mends what was damaged.
  const std::lock_guard lock(mutex_);
  if (::rename(draft.file.path().c_str(), path_of(tenant, name).c_str()) != 0) fail("rename", draft.file.path(), errno);
  draft.kept = true;
  sync_folder(folder);
  return name;
}

std::unique_ptr<Blob> DiskBlobs::open(TenantId tenant, std::string_view name) {
  if (!is_sha256(name)) return nullptr;
  auto blob = std::make_unique<DiskBlob>(path_of(tenant, name));
  if (!blob->exists()) return nullptr;
  return blob;
}

std::vector<std::string> DiskBlobs::names(TenantId tenant, unsigned shard) {
  auto found = list(folder_of(tenant, fmt::format("{:02x}", shard)));
  std::erase_if(found, [](const auto& name) { return !is_sha256(name); });
  return found;
}

std::vector<TenantId> DiskBlobs::tenants() {
  std::vector<TenantId> found;
  for (const auto& name : list(directory_))
    if (const auto id = parse_uuid(name)) found.push_back(TenantId{*id});
  return found;
}

bool DiskBlobs::remove_if_older(TenantId tenant, std::string_view name, Time time) {
  const auto path = path_of(tenant, name);
  const std::lock_guard lock(mutex_);
  struct stat status {};
  if (holders_->load() > 0 || ::stat(path.c_str(), &status) != 0) return false;
  const Time kept_at{status.st_mtim.tv_sec * 1'000'000 + status.st_mtim.tv_nsec / 1'000};
  return kept_at < time && ::unlink(path.c_str()) == 0;
}

std::shared_ptr<void> DiskBlobs::hold() {
  const std::lock_guard lock(mutex_);  // a removal that has begun ends first
  holders_->fetch_add(1);
  return {nullptr, [holders = holders_](void*) { holders->fetch_sub(1); }};
}

std::string content_name(const Blob& blob) {
  Sha256 hash;
  std::string piece(limits::file_piece_bytes_max, '\0');
  for (std::int64_t offset = 0;;) {
    const auto got = blob.read(offset, piece.data(), piece.size());
    if (got == 0) return hash.finish();
    hash.add({piece.data(), got});
    offset += static_cast<std::int64_t>(got);
  }
}

}  // namespace interlock::store
