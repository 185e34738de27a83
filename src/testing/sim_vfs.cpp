// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "base/check.h"
#include "store/sqlite/checksum_vfs.h"
#include "testing/sim_fibers.h"

namespace interlock::testing {

namespace {

constexpr const char* plain_name = "simulated";
constexpr std::int64_t julian_1970_ms = 210'866'760'000'000;
constexpr int path_bytes_max = 512;

struct World {
  SimDisk* disk = nullptr;
  const ManualClock* clock = nullptr;
  Random* random = nullptr;
};

/// One open handle.
struct Handle {
  sqlite3_file base;
  World* world;
  std::string path;
  std::shared_ptr<SimFile> file;
  int level;
  bool maps_memory;
  bool deletes_at_close;
  std::uint8_t shared_slots, exclusive_slots;
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

int code_of(IoResult result, int error) {
  switch (result) {
    case IoResult::done:
      return SQLITE_OK;
    case IoResult::error:
      return error;
    case IoResult::full:
      return SQLITE_FULL;
  }
  return error;
}

int x_shm_unmap(sqlite3_file* file, int remove);
int x_unlock(sqlite3_file* file, int level);

int x_close(sqlite3_file* file) {
  auto& handle = handle_of(file);
  x_unlock(file, SQLITE_LOCK_NONE);
  x_shm_unmap(file, 0);
  if (handle.deletes_at_close) handle.world->disk->unlink(handle.path, false);
  std::destroy_at(&handle.file);
  std::destroy_at(&handle.path);
  handle.base.pMethods = nullptr;
  return SQLITE_OK;
}

int x_read(sqlite3_file* file, void* buffer, int bytes, sqlite3_int64 offset) {
  const auto& data = handle_of(file).file->data;
  const auto from = std::min(static_cast<std::size_t>(offset), data.size());
  const auto count = std::min(static_cast<std::size_t>(bytes), data.size() - from);
  std::memcpy(buffer, data.data() + from, count);
  if (count == static_cast<std::size_t>(bytes)) return SQLITE_OK;
  std::memset(static_cast<char*>(buffer) + count, 0, static_cast<std::size_t>(bytes) - count);
  return SQLITE_IOERR_SHORT_READ;
}

int x_write(sqlite3_file* file, const void* buffer, int bytes, sqlite3_int64 offset) {
  auto& handle = handle_of(file);
  const std::string_view data(static_cast<const char*>(buffer), static_cast<std::size_t>(bytes));
  return code_of(handle.world->disk->write(*handle.file, handle.path, data, offset), SQLITE_IOERR_WRITE);
}

int x_truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& handle = handle_of(file);
  return code_of(handle.world->disk->truncate(*handle.file, handle.path, size), SQLITE_IOERR_TRUNCATE);
}

int x_sync(sqlite3_file* file, int) {
  auto& handle = handle_of(file);
  return code_of(handle.world->disk->sync_file(*handle.file, handle.path), SQLITE_IOERR_FSYNC);
}

int x_file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(handle_of(file).file->data.size());
  return SQLITE_OK;
}

/// As SQLite's documentation of xLock says, one file at a time: shared, reserved, pending, exclusive.
int x_lock(sqlite3_file* file, int level) {
  auto& handle = handle_of(file);
  auto& locks = handle.file->locks;
  const auto foreign = [&](const void* owner) { return owner != nullptr && owner != &handle; };
  if (level <= handle.level) return SQLITE_OK;
  if (level == SQLITE_LOCK_SHARED) {
    if (foreign(locks.pending) || foreign(locks.exclusive)) return SQLITE_BUSY;
    ++locks.shared;
  } else if (level == SQLITE_LOCK_RESERVED) {
    if (foreign(locks.reserved) || foreign(locks.pending) || foreign(locks.exclusive)) return SQLITE_BUSY;
    locks.reserved = &handle;
  } else {
    if (foreign(locks.reserved) || foreign(locks.pending) || foreign(locks.exclusive)) return SQLITE_BUSY;
    locks.pending = &handle;
    handle.level = SQLITE_LOCK_PENDING;
    if (locks.shared > 1) return SQLITE_BUSY;
    locks.exclusive = &handle;
  }
  handle.level = level;
  return SQLITE_OK;
}

int x_unlock(sqlite3_file* file, int level) {
  auto& handle = handle_of(file);
  auto& locks = handle.file->locks;
  if (level >= handle.level) return SQLITE_OK;
  for (auto* owner : {&locks.reserved, &locks.pending, &locks.exclusive})
    if (*owner == &handle) *owner = nullptr;
  if (level == SQLITE_LOCK_NONE) --locks.shared;
  handle.level = level;
  return SQLITE_OK;
}

int x_reserved(sqlite3_file* file, int* out) {
  const auto& locks = handle_of(file).file->locks;
  *out = locks.reserved != nullptr || locks.pending != nullptr || locks.exclusive != nullptr;
  return SQLITE_OK;
}

int x_file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int x_sector_size(sqlite3_file*) { return static_cast<int>(sector_bytes); }
int x_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int x_shm_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** out) {
  auto& handle = handle_of(file);
  auto& memory = handle.file->memory;
  *out = nullptr;
  using Region = std::array<char, 32'768>;
  if (bytes != static_cast<int>(sizeof(Region))) return SQLITE_IOERR_SHMMAP;
  if (!handle.maps_memory) ++memory.connections;
  handle.maps_memory = true;
  const auto index = static_cast<std::size_t>(region);
  while (extend != 0 && memory.regions.size() <= index) memory.regions.push_back(std::make_unique<Region>());
  if (index < memory.regions.size()) *out = memory.regions[index]->data();
  return SQLITE_OK;
}

int x_shm_lock(sqlite3_file* file, int first, int count, int flags) {
  auto& handle = handle_of(file);
  auto& memory = handle.file->memory;
  const bool shares = (flags & SQLITE_SHM_SHARED) != 0;
  for (int pass = 0; pass < 2; ++pass) {
    for (auto slot = static_cast<std::size_t>(first); slot < static_cast<std::size_t>(first + count); ++slot) {
      const auto bit = static_cast<std::uint8_t>(1U << slot);
      const bool has_shared = (handle.shared_slots & bit) != 0;
      const bool has_exclusive = (handle.exclusive_slots & bit) != 0;
      if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        if (pass == 0) continue;
        if (has_shared) --memory.shared[slot];
        if (has_exclusive) memory.exclusive[slot] = false;
        handle.shared_slots &= static_cast<std::uint8_t>(~bit);
        handle.exclusive_slots &= static_cast<std::uint8_t>(~bit);
      } else if (pass == 0) {
        if (memory.exclusive[slot] && !has_exclusive) return SQLITE_BUSY;
        if (!shares && memory.shared[slot] > (has_shared ? 1 : 0)) return SQLITE_BUSY;
      } else if (shares && !has_shared) {
        ++memory.shared[slot];
        handle.shared_slots |= bit;
      } else if (!shares) {
        memory.exclusive[slot] = true;
        handle.exclusive_slots |= bit;
      }
    }
  }
  return SQLITE_OK;
}

void x_shm_barrier(sqlite3_file*) {}

int x_shm_unmap(sqlite3_file* file, int) {
  auto& handle = handle_of(file);
  if (!handle.maps_memory) return SQLITE_OK;
  x_shm_lock(file, 0, 8, SQLITE_SHM_UNLOCK);
  handle.maps_memory = false;
  auto& memory = handle.file->memory;
  if (--memory.connections == 0) memory.regions.clear();
  return SQLITE_OK;
}

const sqlite3_io_methods methods = [] {
  sqlite3_io_methods m{};
  m.iVersion = 2;
  m.xClose = x_close;
  m.xRead = x_read;
  m.xWrite = x_write;
  m.xTruncate = x_truncate;
  m.xSync = x_sync;
  m.xFileSize = x_file_size;
  m.xLock = x_lock;
  m.xUnlock = x_unlock;
  m.xCheckReservedLock = x_reserved;
  m.xFileControl = x_file_control;
  m.xSectorSize = x_sector_size;
  m.xDeviceCharacteristics = x_characteristics;
  m.xShmMap = x_shm_map;
  m.xShmLock = x_shm_lock;
  m.xShmBarrier = x_shm_barrier;
  m.xShmUnmap = x_shm_unmap;
  return m;
}();

World& world_of(sqlite3_vfs* vfs) { return *static_cast<World*>(vfs->pAppData); }

int x_open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (path == nullptr) return SQLITE_CANTOPEN;  // no temporary files: temp_store is memory
  auto& world = world_of(vfs);
  auto found = world.disk->open(path, (flags & SQLITE_OPEN_CREATE) != 0);
  if (!found) return SQLITE_CANTOPEN;
  auto& handle = *new (file) Handle{};
  handle.world = &world;
  handle.path = path;
  handle.file = std::move(found);
  handle.deletes_at_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  handle.base.pMethods = &methods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int x_delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  auto& disk = *world_of(vfs).disk;
  if (!disk.exists(path)) return SQLITE_IOERR_DELETE_NOENT;
  disk.unlink(path, sync_folder != 0);
  return SQLITE_OK;
}

int x_access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
  const auto file = world_of(vfs).disk->find(path);
  *out = file != nullptr && (flags != SQLITE_ACCESS_EXISTS || !file->data.empty());
  return SQLITE_OK;
}

int x_full_pathname(sqlite3_vfs*, const char* path, int bytes, char* out) {
  sqlite3_snprintf(bytes, out, "%s", path);
  return SQLITE_OK;
}

int x_randomness(sqlite3_vfs* vfs, int bytes, char* out) {
  auto& random = *world_of(vfs).random;
  for (int i = 0; i < bytes; ++i) out[i] = static_cast<char>(random.next());
  return bytes;
}

int x_sleep(sqlite3_vfs*, int us) {
  if (auto* fibers = Fibers::current()) fibers->sleep(microseconds(us), "a database lock");
  return us;
}

int x_current_time_int64(sqlite3_vfs* vfs, sqlite3_int64* out) {
  *out = world_of(vfs).clock->now().us / 1'000 + julian_1970_ms;
  return SQLITE_OK;
}

int x_current_time(sqlite3_vfs* vfs, double* out) {
  sqlite3_int64 ms = 0;
  x_current_time_int64(vfs, &ms);
  *out = static_cast<double>(ms) / 86'400'000.0;
  return SQLITE_OK;
}

int x_last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

struct SimVfs::Impl {
  World world;
  sqlite3_vfs vfs{};
  sqlite3_vfs* usual = nullptr;
};

SimVfs::SimVfs(SimDisk& disk, const ManualClock& clock, Random& random) : impl_(std::make_unique<Impl>()) {
  INVARIANT(sqlite3_initialize() == SQLITE_OK && sqlite3_vfs_find(plain_name) == nullptr);
  impl_->world = {&disk, &clock, &random};
  impl_->usual = sqlite3_vfs_find(nullptr);
  auto& vfs = impl_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = path_bytes_max;
  vfs.zName = plain_name;
  vfs.pAppData = &impl_->world;
  vfs.xOpen = x_open;
  vfs.xDelete = x_delete;
  vfs.xAccess = x_access;
  vfs.xFullPathname = x_full_pathname;
  vfs.xRandomness = x_randomness;
  vfs.xSleep = x_sleep;
  vfs.xCurrentTime = x_current_time;
  vfs.xGetLastError = x_last_error;
  vfs.xCurrentTimeInt64 = x_current_time_int64;
  INVARIANT(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
  store::sqlite::register_checksum_vfs(checked_name, plain_name);
  sqlite3_randomness(0, nullptr);  // seeded anew, from the default VFS
}

SimVfs::~SimVfs() {
  store::sqlite::unregister_checksum_vfs(checked_name);
  sqlite3_vfs_unregister(&impl_->vfs);
  sqlite3_vfs_register(impl_->usual, 1);
  sqlite3_randomness(0, nullptr);
}

}  // namespace interlock::testing
