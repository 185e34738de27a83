// SPDX-License-Identifier: Apache-2.0
// Contents of files on this machine's disk, for as long as they are on their way to where blobs are kept, or back. What
// takes a network's time is done between this disk and there, so that whoever serves a client waits for the disk only.
//
//   DIRECTORY/HEX   a draft; what a crash left is removed at the next start
//
// What comes back has no name in any directory, and is gone with its last reader, however that ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/sha256.h"
#include "base/time.h"
#include "store/blobs.h"

namespace interlock::store {

/// Throws DiskFull or StoreError: "DOING PATH: why".
[[noreturn]] void fail_at(const char* doing, const std::string& path, int error);
/// Makes a folder with those above it, each durably.
void make_folder(const std::string& path);
void sync_folder(const std::string& path);
/// Names in a folder; none if it is not there.
std::vector<std::string> list_folder(const std::string& folder);

/// An open file; closed at the end. Reads are thread-safe.
class LocalFile {
 public:
  /// See is_open() and errno for whether it could be opened.
  LocalFile(std::string path, int flags);
  LocalFile(const LocalFile&) = delete;
  LocalFile& operator=(const LocalFile&) = delete;
  ~LocalFile();

  bool is_open() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }
  void write(std::string_view bytes);
  std::size_t read(std::int64_t offset, char* to, std::size_t bytes) const;
  void sync();
  void set_time(Time time);
  std::int64_t size() const;

 private:
  std::string path_;
  int fd_;
};

/// A draft in the spool; without release() the file goes with it.
class SpooledDraft final : public BlobDraft {
 public:
  explicit SpooledDraft(std::string path);
  ~SpooledDraft() override;

  void write(std::string_view bytes) override;
  std::int64_t size() const override { return size_; }
  /// Its content's name; nothing may be written any more. Once.
  std::string finish() { return hash_.finish(); }
  LocalFile& file() { return file_; }
  /// The file has become something else.
  void release() { released_ = true; }

 private:
  LocalFile file_;
  Sha256 hash_;
  std::int64_t size_ = 0;
  bool released_ = false;
};

/// Thread-safe.
class Spool {
 public:
  /// `directory` belongs to this process alone; it is made at the first write.
  Spool(std::string directory, Random& random);

  std::unique_ptr<SpooledDraft> begin();
  /// Room for so many bytes in a file without a name. Throws DiskFull beyond limits::spool_bytes_max for all of them.
  std::shared_ptr<LocalFile> temporary(std::int64_t bytes);

 private:
  const std::string directory_;
  Random& random_;
  std::shared_ptr<std::atomic<std::int64_t>> in_use_ = std::make_shared<std::atomic<std::int64_t>>(0);
};

/// A blob that is kept elsewhere: fetch() brings it into the spool, and read() finds it there.
class FetchedBlob : public Blob {
 public:
  FetchedBlob(Spool& spool, std::int64_t size) : spool_(spool), size_(size) {}

  std::int64_t size() const override { return size_; }
  void fetch(std::int64_t offset, std::int64_t bytes) override;
  std::size_t read(std::int64_t offset, char* to, std::size_t bytes) const override;

 protected:
  /// Hands over the bytes of a part that lies within the blob, in order.
  virtual void bring(std::int64_t offset, std::int64_t bytes, const std::function<void(std::string_view)>& take) = 0;

 private:
  Spool& spool_;
  const std::int64_t size_;
  std::int64_t begin_ = 0, end_ = 0;  ///< what is here
  std::shared_ptr<LocalFile> file_;
};

/// Removals of blobs, and those who must not meet one: whoever is writing the same content once more, and backups.
/// Thread-safe.
class BlobGuard {
 public:
  virtual ~BlobGuard() = default;
  /// Nothing is removed while what is returned lives; waits for the end of a removal that has begun.
  virtual std::shared_ptr<void> hold() = 0;
  /// The right to remove until it is destroyed, by the same thread and within the guard's life; null while somebody
  /// holds.
  virtual std::shared_ptr<void> try_remove() = 0;
};

/// Among the threads of this process.
std::unique_ptr<BlobGuard> make_local_guard();

}  // namespace interlock::store
