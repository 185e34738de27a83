// SPDX-License-Identifier: Apache-2.0
// What the tests of this folder share: a directory of their own, a record type with a field of every kind, a VFS whose
// disk fails on demand.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/random.h"
#include "model/schema.h"
#include "store/sqlite/checksum_vfs.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::store::sqlite {

class TestDirectory {
 public:
  TestDirectory() {
    char name[] = "/tmp/interlock-sqlite-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  ~TestDirectory() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

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

struct Person : RecordHeader {
  std::string name;
  std::string email;
  std::string phone;
  std::string status;
  std::string address;
  std::vector<std::string> tags;
  std::optional<Id<Person>> assigned_to;
  std::optional<std::int64_t> credit;
  bool vip = false;
  std::string code;
  std::optional<Time> seen_at;
  Subject about;
  JsonText extra;
};

inline constexpr auto person_fields = fields<Person>(
    field<&Person::name>(required, searchable), field<&Person::email>(searchable), field<&Person::phone>(searchable),
    field<&Person::status>(indexed), field<&Person::address>(), field<&Person::tags>(), field<&Person::assigned_to>(),
    field<&Person::credit>(indexed), field<&Person::vip>(), field<&Person::code>(unique), field<&Person::seen_at>(),
    field<&Person::about>(), field<&Person::extra>());

inline const RecordType& record_type_of(const Person*) {
  static const RecordType type = make_record_type<Person>(7001, "person", "test-people", person_fields, {});
  return type;
}

inline const Schema& person_schema() {
  static const Schema& schema = []() -> const Schema& {
    static Schema made;
    made.add(type_of<Person>(), LaneKind::both);
    return made;
  }();
  return schema;
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
class StoreTest : public ::testing::Test {
 protected:
  StoreTest() {
    options_.directory = directory_ / "data";
    options_.schema = &person_schema();
    tenant_.uuid = make_uuid(Time{1'000'000}, random_);
    start();
    store_->create(tenant_);
  }
  ~StoreTest() override { FaultyDisk::heal(); }

  void start() { store_ = std::make_unique<SqliteStore>(options_); }
  std::unique_ptr<LaneStore> open(bool after_unknown_commit = false) {
    return store_->open(tenant_, after_unknown_commit);
  }
  std::string file() const { return store_->path_of(tenant_); }

  Person person(const std::string& name) {
    Person made;
    made.id = make_uuid(Time{++now_ * 1'000}, random_);
    made.version = 1;
    made.created_at = made.updated_at = Time{now_ * 1'000};
    made.name = name;
    return made;
  }
  /// The next change of the tenant for a record.
  static Change change_of(Writer& writer, const Person& record, const std::string& state = "{}") {
    Change change;
    change.seq = change.op_seq = writer.last_seq() + 1;
    change.prev_seq = record.last_seq;
    change.type = type_of<Person>().number;
    change.id = record.id;
    change.version = record.version;
    change.operation = "people/create";
    change.at = record.updated_at;
    change.state = state;
    return change;
  }
  static void put_new(Writer& writer, Person& record) {
    auto change = change_of(writer, record);
    record.last_seq = change.seq;
    writer.put(type_of<Person>(), &record, nullptr);
    writer.append(change);
  }
  static void commit_new(Writer& writer, Person& record) {
    writer.begin();
    put_new(writer, record);
    writer.commit();
  }
  static void update(Writer& writer, Person& record, const Person& before) {
    ++record.version;
    record.updated_at.us += 1'000;
    auto change = change_of(writer, record);
    record.last_seq = change.seq;
    writer.put(type_of<Person>(), &record, &before);
    writer.append(change);
  }

  TestDirectory directory_;
  SeededRandom random_{1};
  SqliteStoreOptions options_;
  std::int64_t now_ = 1'700'000'000'000;
  TenantId tenant_;
  std::unique_ptr<SqliteStore> store_;
};

}  // namespace interlock::store::sqlite
