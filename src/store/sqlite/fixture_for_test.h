// SPDX-License-Identifier: Apache-2.0
// What the tests of this folder share: a store of their own, a VFS whose disk fails on demand.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "store/people_for_test.h"
#include "store/sqlite/checksum_vfs.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::store::sqlite {

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void set_content(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// Flips one bit of a file in place.
inline void flip(const std::string& path, std::size_t byte, int bit) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(byte));
  const int old = file.get();
  file.seekp(static_cast<std::streamoff>(byte));
  file.put(static_cast<char>(old ^ 1 << bit));
}

/// A disk that fails on demand, under the checksum VFS: "interlock-faulty" over "faulty" over unix-excl.
struct FaultyDisk {
  static inline std::atomic<bool> sync_fails = false;
  static inline std::atomic<bool> read_fails = false;
  static inline std::atomic<bool> is_full = false;

  static void heal() { sync_fails = read_fails = is_full = false; }

  static const char* vfs() {
    static sqlite3_vfs faulty;
    static sqlite3_vfs* under = nullptr;
    if (sqlite3_vfs_find("interlock-faulty") != nullptr) return "interlock-faulty";
    sqlite3_initialize();
    under = sqlite3_vfs_find("unix-excl");
    faulty = *under;
    faulty.zName = "faulty";
    faulty.pNext = nullptr;
    faulty.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
      const int result = under->xOpen(under, name, file, flags, out);
      if (result != SQLITE_OK) return result;
      // Files with and without locks have methods of their own; those that fail are the same in both.
      static sqlite3_io_methods with_locks, without_locks;
      auto& methods = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? with_locks : without_locks;
      methods = *file->pMethods;
      static const auto write = methods.xWrite;
      static const auto sync = methods.xSync;
      static const auto read = methods.xRead;
      methods.xRead = [](sqlite3_file* f, void* data, int bytes, sqlite3_int64 at) {
        return read_fails ? SQLITE_IOERR_READ : read(f, data, bytes, at);
      };
      methods.xWrite = [](sqlite3_file* f, const void* data, int bytes, sqlite3_int64 at) {
        return is_full ? SQLITE_FULL : write(f, data, bytes, at);
      };
      methods.xSync = [](sqlite3_file* f, int sync_flags) {
        return sync_fails ? SQLITE_IOERR_FSYNC : sync(f, sync_flags);
      };
      file->pMethods = &methods;
      return result;
    };
    sqlite3_vfs_register(&faulty, 0);
    register_checksum_vfs("interlock-faulty", "faulty");
    return "interlock-faulty";
  }
};

/// A store in a directory of its own with one tenant.
class StoreTest : public PeopleFixture {
 protected:
  StoreTest() {
    options_.directory = directory_ / "data";
    options_.schema = &person_schema();
    start();
    store_->create(tenant_);
  }
  ~StoreTest() override { FaultyDisk::heal(); }

  void start() { store_ = std::make_unique<SqliteStore>(options_); }
  std::unique_ptr<LaneStore> open(bool after_unknown_commit = false) {
    return store_->open(tenant_, after_unknown_commit);
  }
  std::string file() const { return store_->path_of(tenant_); }

  SqliteStoreOptions options_;
  std::unique_ptr<SqliteStore> store_;
};

}  // namespace interlock::store::sqlite
