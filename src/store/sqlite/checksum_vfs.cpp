// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/checksum_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "store/sqlite/configure.h"
#include "store/sqlite/log_frames.h"

namespace interlock::store::sqlite {
namespace {

constexpr std::uint64_t odd_a = 0xbf58476d1ce4e5b9;
constexpr std::uint64_t odd_b = 0x94d049bb133111eb;
constexpr int header_reserved_at = 20;  // the database header's byte that counts reserved bytes a page

std::atomic<std::uint64_t> failures = 0;

enum class Kind { plain, database, log };

struct File {
  sqlite3_file base;
  Kind kind;
  const char* path;
  std::shared_ptr<LogFrames> frames;  // of a log only
  sqlite3_file* under;
};
constexpr int file_bytes = (sizeof(File) + 15) / 16 * 16;

struct Vfs {
  sqlite3_vfs base{};
  sqlite3_io_methods methods{};
  sqlite3_vfs* under = nullptr;
};

File* file_of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* under_of(sqlite3_file* file) { return file_of(file)->under; }
sqlite3_vfs* under_of(sqlite3_vfs* vfs) { return static_cast<Vfs*>(vfs->pAppData)->under; }

std::uint64_t load_little(const std::byte* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

std::uint64_t step(std::uint64_t state, std::uint64_t word) {
  const std::uint64_t mixed = (state ^ word) * odd_a;
  return mixed ^ mixed >> 32;
}

bool is_page(sqlite3_int64 offset, int bytes) {
  return bytes >= 512 && (bytes & (bytes - 1)) == 0 && offset % bytes == 0;
}

std::uint64_t seed_of(sqlite3_int64 offset, int bytes) { return static_cast<std::uint64_t>(offset / bytes) + 1; }

int damaged(const File& file, sqlite3_int64 offset) {
  failures.fetch_add(1, std::memory_order_relaxed);
  sqlite3_log(SQLITE_IOERR_DATA, "damaged page at byte %lld of %s", static_cast<long long>(offset), file.path);
  return SQLITE_IOERR_DATA;
}

bool is_blank(std::span<const std::byte> page) {
  return page[0] == std::byte{0} && std::equal(page.begin() + 1, page.end(), page.begin());
}

int check_database_page(const File& file, std::span<const std::byte> page, sqlite3_int64 offset) {
  const auto content = page.first(page.size() - page_reserved_bytes);
  const auto expected = page_checksum(content, seed_of(offset, static_cast<int>(page.size())));
  if (load_little(page.data() + content.size()) == expected || is_blank(page)) return SQLITE_OK;
  return damaged(file, offset);
}

/// Every write goes this way. A file that may grow no further (a limit of its process or its file system, a quota) is
/// as good as a full disk: nothing was written, and that is certain. SQLite calls only one of the reasons so.
int write_under(File& file, const void* data, int bytes, sqlite3_int64 offset) {
  const int result = file.under->pMethods->xWrite(file.under, data, bytes, offset);
  if (result != SQLITE_IOERR_WRITE) return result;
  int reason = 0;
  file.under->pMethods->xFileControl(file.under, SQLITE_FCNTL_LAST_ERRNO, &reason);
  return reason == EFBIG || reason == EDQUOT ? SQLITE_FULL : result;
}

/// Writes what is gathered. `keep`: a reader asked, so that the writer must still hear of a failure at its sync.
int flush(File& file, bool keep) {
  auto& frames = *file.frames;
  const auto data = frames.gathered();
  if (data.empty()) return SQLITE_OK;
  const int result = write_under(file, data.data(), static_cast<int>(data.size()), frames.gathered_offset());
  if (result == SQLITE_OK || !keep) frames.drop_gathered();
  return result;
}

int read_log(File& file, std::span<std::byte> data, sqlite3_int64 offset) {
  const auto bytes = static_cast<std::int64_t>(data.size());
  auto& frames = *file.frames;
  {
    const std::lock_guard lock(frames.mutex);
    if (frames.is_gathered(offset, bytes)) {
      if (const int result = flush(file, true); result != SQLITE_OK) return result;
    }
  }
  const int result = file.under->pMethods->xRead(file.under, data.data(), static_cast<int>(bytes), offset);
  if (result != SQLITE_OK) return result;
  if (const auto recovered = LogFrames::frame_of_whole(offset, bytes)) {
    const auto sum = LogFrames::checksum(*recovered, data.subspan(frame_header_bytes));
    const std::lock_guard lock(frames.mutex);
    frames.remember(*recovered, sum);
  } else if (const auto frame = LogFrames::frame_of_page(offset, bytes)) {
    const auto sum = LogFrames::checksum(*frame, data);
    const std::lock_guard lock(frames.mutex);
    if (!frames.matches(*frame, sum)) return damaged(file, offset);
  }
  return SQLITE_OK;
}

int write_log(File& file, std::span<const std::byte> data, sqlite3_int64 offset) {
  auto& frames = *file.frames;
  const auto frame = LogFrames::frame_of_page(offset, static_cast<std::int64_t>(data.size()));
  const std::uint64_t sum = frame ? LogFrames::checksum(*frame, data) : 0;
  const std::lock_guard lock(frames.mutex);
  if (frame) frames.remember(*frame, sum);
  if (frames.gather(offset, data)) return SQLITE_OK;
  if (const int result = flush(file, false); result != SQLITE_OK) return result;
  if (frames.gather(offset, data)) return SQLITE_OK;
  return write_under(file, data.data(), static_cast<int>(data.size()), offset);
}

int write_database(File& file, std::span<const std::byte> data, sqlite3_int64 offset) {
  const auto bytes = static_cast<int>(data.size());
  if (!is_page(offset, bytes)) return SQLITE_IOERR_WRITE;  // no part of a page is ever written
  if (offset == 0 && data[header_reserved_at] != std::byte{page_reserved_bytes}) return SQLITE_IOERR_DATA;
  std::byte page[65536];
  const std::size_t content = data.size() - page_reserved_bytes;
  std::memcpy(page, data.data(), content);
  auto sum = page_checksum({page, content}, seed_of(offset, bytes));
  if (std::endian::native != std::endian::little) sum = __builtin_bswap64(sum);
  std::memcpy(page + content, &sum, sizeof sum);
  return write_under(file, page, bytes, offset);
}

int x_read(sqlite3_file* handle, void* buffer, int bytes, sqlite3_int64 offset) {
  auto& file = *file_of(handle);
  const std::span data(static_cast<std::byte*>(buffer), static_cast<std::size_t>(bytes));
  if (file.kind == Kind::log) return read_log(file, data, offset);
  const int result = file.under->pMethods->xRead(file.under, buffer, bytes, offset);
  if (result != SQLITE_OK || file.kind == Kind::plain || !is_page(offset, bytes)) return result;
  return check_database_page(file, data, offset);
}

int x_write(sqlite3_file* handle, const void* buffer, int bytes, sqlite3_int64 offset) {
  auto& file = *file_of(handle);
  const std::span data(static_cast<const std::byte*>(buffer), static_cast<std::size_t>(bytes));
  if (file.kind == Kind::log) return write_log(file, data, offset);
  if (file.kind == Kind::database) return write_database(file, data, offset);
  return write_under(file, buffer, bytes, offset);
}

int x_close(sqlite3_file* handle) {
  auto& file = *file_of(handle);
  int flushed = SQLITE_OK;
  if (file.kind == Kind::log) {
    const std::lock_guard lock(file.frames->mutex);
    flushed = flush(file, false);
  }
  const int result = file.under->pMethods->xClose(file.under);
  std::destroy_at(&file.frames);
  return flushed != SQLITE_OK ? flushed : result;
}

int x_truncate(sqlite3_file* handle, sqlite3_int64 size) {
  auto& file = *file_of(handle);
  if (file.kind == Kind::log) {
    const std::lock_guard lock(file.frames->mutex);
    if (const int result = flush(file, false); result != SQLITE_OK) return result;
    if (size == 0) file.frames->forget();
  }
  return file.under->pMethods->xTruncate(file.under, size);
}

int x_sync(sqlite3_file* handle, int flags) {
  auto& file = *file_of(handle);
  if (file.kind == Kind::log) {
    const std::lock_guard lock(file.frames->mutex);
    if (const int result = flush(file, false); result != SQLITE_OK) return result;
  }
  return file.under->pMethods->xSync(file.under, flags);
}

int x_file_size(sqlite3_file* handle, sqlite3_int64* size) {
  auto& file = *file_of(handle);
  if (file.kind == Kind::log) {
    const std::lock_guard lock(file.frames->mutex);
    if (const int result = flush(file, true); result != SQLITE_OK) return result;
  }
  return file.under->pMethods->xFileSize(file.under, size);
}

int x_file_control(sqlite3_file* handle, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_MMAP_SIZE) {
    *static_cast<sqlite3_int64*>(argument) = 0;
    return SQLITE_OK;
  }
  auto* under = under_of(handle);
  const int result = under->pMethods->xFileControl(under, operation, argument);
  if (operation == SQLITE_FCNTL_VFSNAME && result == SQLITE_OK) {
    auto** name = static_cast<char**>(argument);
    char* full = sqlite3_mprintf("%s/%z", checksum_vfs_name, *name);
    if (full == nullptr) return SQLITE_NOMEM;
    *name = full;
  }
  return result;
}

int x_lock(sqlite3_file* f, int level) { return under_of(f)->pMethods->xLock(under_of(f), level); }
int x_unlock(sqlite3_file* f, int level) { return under_of(f)->pMethods->xUnlock(under_of(f), level); }
int x_reserved(sqlite3_file* f, int* out) { return under_of(f)->pMethods->xCheckReservedLock(under_of(f), out); }
int x_sector_size(sqlite3_file* f) { return under_of(f)->pMethods->xSectorSize(under_of(f)); }
int x_characteristics(sqlite3_file* f) { return under_of(f)->pMethods->xDeviceCharacteristics(under_of(f)); }
int x_shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return under_of(f)->pMethods->xShmMap(under_of(f), page, size, extend, out);
}
int x_shm_lock(sqlite3_file* f, int offset, int count, int flags) {
  return under_of(f)->pMethods->xShmLock(under_of(f), offset, count, flags);
}
void x_shm_barrier(sqlite3_file* f) { under_of(f)->pMethods->xShmBarrier(under_of(f)); }
int x_shm_unmap(sqlite3_file* f, int remove) { return under_of(f)->pMethods->xShmUnmap(under_of(f), remove); }

int x_open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* handle, int flags, int* out_flags) {
  auto& shim = *static_cast<Vfs*>(vfs->pAppData);
  auto* file = file_of(handle);
  file->base.pMethods = nullptr;
  file->under = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(handle) + file_bytes);
  file->under->pMethods = nullptr;
  file->path = path;
  file->kind = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? Kind::database
               : (flags & SQLITE_OPEN_WAL) != 0   ? Kind::log
                                                  : Kind::plain;
  const int result = shim.under->xOpen(shim.under, path, file->under, flags, out_flags);
  if (file->under->pMethods == nullptr) return result;
  try {
    new (&file->frames) std::shared_ptr<LogFrames>();
    if (file->kind == Kind::log) file->frames = log_frames_of(std::string(vfs->zName) + ":" + path);
  } catch (const std::bad_alloc&) {
    file->under->pMethods->xClose(file->under);
    return SQLITE_NOMEM;
  }
  file->base.pMethods = &shim.methods;
  return result;
}

int x_delete(sqlite3_vfs* v, const char* path, int sync) { return under_of(v)->xDelete(under_of(v), path, sync); }
int x_access(sqlite3_vfs* v, const char* path, int flags, int* out) {
  return under_of(v)->xAccess(under_of(v), path, flags, out);
}
int x_full_pathname(sqlite3_vfs* v, const char* path, int size, char* out) {
  return under_of(v)->xFullPathname(under_of(v), path, size, out);
}
int x_randomness(sqlite3_vfs* v, int size, char* out) { return under_of(v)->xRandomness(under_of(v), size, out); }
int x_sleep(sqlite3_vfs* v, int us) { return under_of(v)->xSleep(under_of(v), us); }
int x_current_time(sqlite3_vfs* v, double* out) { return under_of(v)->xCurrentTime(under_of(v), out); }
int x_last_error(sqlite3_vfs* v, int size, char* out) { return under_of(v)->xGetLastError(under_of(v), size, out); }
int x_current_time_int64(sqlite3_vfs* v, sqlite3_int64* out) {
  return under_of(v)->xCurrentTimeInt64(under_of(v), out);
}

sqlite3_io_methods shim_methods() {
  sqlite3_io_methods methods{};
  methods.iVersion = 2;  // 3 would offer xFetch: memory mapping goes around the checks
  methods.xClose = x_close;
  methods.xRead = x_read;
  methods.xWrite = x_write;
  methods.xTruncate = x_truncate;
  methods.xSync = x_sync;
  methods.xFileSize = x_file_size;
  methods.xLock = x_lock;
  methods.xUnlock = x_unlock;
  methods.xCheckReservedLock = x_reserved;
  methods.xFileControl = x_file_control;
  methods.xSectorSize = x_sector_size;
  methods.xDeviceCharacteristics = x_characteristics;
  methods.xShmMap = x_shm_map;
  methods.xShmLock = x_shm_lock;
  methods.xShmBarrier = x_shm_barrier;
  methods.xShmUnmap = x_shm_unmap;
  return methods;
}

void fill_vfs(Vfs& shim, const char* name) {
  auto& vfs = shim.base;
  vfs.iVersion = std::min(shim.under->iVersion, 2);
  vfs.szOsFile = file_bytes + shim.under->szOsFile;
  vfs.mxPathname = shim.under->mxPathname;
  vfs.zName = name;
  vfs.pAppData = &shim;
  vfs.xOpen = x_open;
  vfs.xDelete = x_delete;
  vfs.xAccess = x_access;
  vfs.xFullPathname = x_full_pathname;
  vfs.xRandomness = x_randomness;
  vfs.xSleep = x_sleep;
  vfs.xCurrentTime = x_current_time;
  vfs.xGetLastError = x_last_error;
  vfs.xCurrentTimeInt64 = x_current_time_int64;
}

}  // namespace

std::uint64_t page_checksum(std::span<const std::byte> content, std::uint64_t seed) {
  std::uint64_t a = seed, b = seed + odd_a, c = seed ^ odd_b, d = ~seed;
  const std::byte* at = content.data();
  const std::byte* const end = at + content.size() / 8 * 8;
  for (; end - at >= 32; at += 32) {
    a = step(a, load_little(at));
    b = step(b, load_little(at + 8));
    c = step(c, load_little(at + 16));
    d = step(d, load_little(at + 24));
  }
  for (; at < end; at += 8) a = step(a, load_little(at));
  std::uint64_t sum = content.size();
  for (const auto lane : {a, b, c, d}) {
    sum = (std::rotl(sum, 29) ^ lane) * odd_b;
    sum ^= sum >> 31;
  }
  return sum;
}

std::uint64_t checksum_failures() { return failures.load(std::memory_order_relaxed); }

void register_checksum_vfs(const char* name, const char* underlying) {
  configure_sqlite();
  if (sqlite3_initialize() != SQLITE_OK) throw std::runtime_error("SQLite does not start");
  if (sqlite3_vfs_find(name) != nullptr) return;
  auto* under = sqlite3_vfs_find(underlying);
  if (under == nullptr) throw std::runtime_error(std::string("there is no SQLite VFS named ") + underlying);
  auto shim = std::make_unique<Vfs>();
  shim->under = under;
  shim->methods = shim_methods();
  fill_vfs(*shim, name);
  if (sqlite3_vfs_register(&shim->base, 0) != SQLITE_OK) throw std::runtime_error("SQLite refuses the checksum VFS");
  shim.release();  // owned by SQLite's list until unregister_checksum_vfs
}

void unregister_checksum_vfs(const char* name) {
  auto* vfs = sqlite3_vfs_find(name);
  if (vfs == nullptr || vfs->xOpen != x_open) return;
  sqlite3_vfs_unregister(vfs);
  delete static_cast<Vfs*>(vfs->pAppData);
}

}  // namespace interlock::store::sqlite
