// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_disk.h"

#include <algorithm>

#include "store/store.h"

namespace interlock::testing {

namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

void put_into(std::string& data, const SimFile::Write& write) {
  const auto offset = static_cast<std::size_t>(write.offset);
  if (write.truncates) {
    data.resize(std::min(data.size(), offset));
    return;
  }
  if (data.size() < offset + write.bytes.size()) data.resize(offset + write.bytes.size());
  std::copy(write.bytes.begin(), write.bytes.end(), data.begin() + write.offset);
}

}  // namespace

void SimDisk::io(std::string_view what, const std::string& path) {
  if (before_io) before_io(what, path);
}

std::shared_ptr<SimFile> SimDisk::find(const std::string& path) const {
  const auto at = names_.find(path);
  return at == names_.end() ? nullptr : at->second.file;
}

std::shared_ptr<SimFile> SimDisk::open(const std::string& path, bool create) {
  auto file = find(path);
  if (!file && create) names_[path] = {file = std::make_shared<SimFile>(), false};
  return file;
}

/// The folder was synced: its names are as they are now, whatever happens.
void SimDisk::settle_folder(const std::string& path) {
  const auto folder = folder_of(path);
  for (auto& [name, entry] : names_)
    if (folder_of(name) == folder) entry.durable = true;
  std::erase_if(removed_, [&](const auto& entry) { return folder_of(entry.first) == folder; });
}

bool SimDisk::is_full() {
  if (chance(faults_.full)) {
    full_until_ = clock_.monotonic() + microseconds(static_cast<std::int64_t>(random_.below(full_time_max.us)));
    trace_.fault("the disk is full");
  }
  return clock_.monotonic() < full_until_;
}

IoResult SimDisk::write(SimFile& file, const std::string& path, std::string_view bytes, std::int64_t offset) {
  io("write", path);
  if (static_cast<std::size_t>(offset) + bytes.size() > file.data.size() && is_full()) return IoResult::full;
  SimFile::Write write{offset, std::string(bytes), false};
  const bool fails = chance(faults_.write_error);
  if (fails) {
    trace_.fault("a write fails: " + path);
    write.bytes.resize(random_.below(bytes.size() / sector_bytes + 1) * sector_bytes);
  }
  put_into(file.data, write);
  file.pending.push_back(std::move(write));
  return fails ? IoResult::error : IoResult::done;
}

IoResult SimDisk::truncate(SimFile& file, const std::string& path, std::int64_t size) {
  io("truncate", path);
  SimFile::Write write{size, {}, true};
  put_into(file.data, write);
  file.pending.push_back(std::move(write));
  return IoResult::done;
}

IoResult SimDisk::sync_file(SimFile& file, const std::string& path) {
  io("sync", path);
  if (chance(faults_.slow_sync) && take_time)
    take_time(microseconds(static_cast<std::int64_t>(random_.below(slow_sync_max.us))));
  if (faults_.lies_about_sync) return IoResult::done;
  const bool fails = chance(faults_.sync_error);
  if (fails) trace_.fault("a sync fails: " + path);
  for (const auto& write : file.pending)
    if (!fails || random_.below(2) == 0) put_into(file.durable, write);
  file.pending.clear();
  if (fails) return IoResult::error;
  if (const auto at = names_.find(path); at != names_.end() && at->second.file.get() == &file && !at->second.durable)
    settle_folder(path);
  return IoResult::done;
}

void SimDisk::unlink(const std::string& path, bool sync_folder) {
  io("unlink", path);
  if (const auto at = names_.find(path); at != names_.end()) {
    if (at->second.durable) removed_[path] = at->second.file;
    names_.erase(at);
  }
  if (sync_folder) settle_folder(path);
}

std::vector<std::string> SimDisk::list(const std::string& directory) {
  std::vector<std::string> found;
  const auto prefix = directory + "/";
  for (const auto& [name, entry] : names_) {
    if (!name.starts_with(prefix)) continue;
    const auto rest = name.substr(prefix.size());
    const auto part = rest.substr(0, rest.find('/'));
    if (found.empty() || found.back() != part) found.push_back(part);
  }
  return found;
}

void SimDisk::remove(const std::string& path) { unlink(path, true); }

void SimDisk::rename(const std::string& from, const std::string& to) {
  io("rename", from);
  const auto at = names_.find(from);
  if (at == names_.end()) throw store::StoreError("rename " + from + ": there is no such file");
  const auto file = at->second.file;
  names_.erase(at);
  names_[to] = {file, true};
  settle_folder(to);
}

void SimDisk::copy(const std::string& from, const std::string& to) {
  const auto source = find(from);
  if (!source) throw store::StoreError("open " + from + ": there is no such file");
  auto target = open(to, true);
  if (truncate(*target, to, 0) != IoResult::done) throw store::StoreError("truncate " + to);
  switch (write(*target, to, source->data, 0)) {
    case IoResult::done:
      break;
    case IoResult::error:
      throw store::StoreError("write " + to);
    case IoResult::full:
      throw store::DiskFull("write " + to);
  }
  sync(to);
}

void SimDisk::sync(const std::string& path) {
  const auto file = find(path);
  if (!file) throw store::StoreError("open " + path + ": there is no such file");
  if (sync_file(*file, path) != IoResult::done) throw store::StoreError("sync " + path);
  settle_folder(path);
}

std::string SimDisk::read(const std::string& path, std::int64_t offset, std::int64_t bytes) {
  const auto file = find(path);
  if (!file || offset >= static_cast<std::int64_t>(file->data.size())) return {};
  return file->data.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(bytes));
}

/// The file's bytes after a power loss.
std::string SimDisk::survivor(const SimFile& file, CrashLoss loss) {
  auto data = file.durable;
  if (loss == CrashLoss::all_unsynced) return data;
  for (const auto& write : file.pending) {
    const auto fate = random_.below(3);
    if (fate == 0) continue;
    if (fate == 1 || write.truncates) {
      put_into(data, write);
      continue;
    }
    for (std::size_t at = 0; at < write.bytes.size(); at += sector_bytes)
      if (random_.below(2) == 0)
        put_into(data, {write.offset + static_cast<std::int64_t>(at), write.bytes.substr(at, sector_bytes), false});
  }
  return data;
}

SimDisk::Files SimDisk::crash_image(CrashLoss loss) {
  Files image;
  const auto keep = [&](const std::string& path, const SimFile& file) {
    auto copy = std::make_shared<SimFile>();
    copy->data = copy->durable = survivor(file, loss);
    image[path] = std::move(copy);
  };
  for (const auto& [path, name] : names_)
    if (name.durable || (loss == CrashLoss::some_unsynced && random_.below(2) == 0)) keep(path, *name.file);
  for (const auto& [path, file] : removed_)
    if (!names_.contains(path) && random_.below(2) == 0) keep(path, *file);
  return image;
}

void SimDisk::replace_files(const Files& files) {
  names_.clear();
  removed_.clear();
  full_until_ = Duration{0};
  for (const auto& [path, file] : files) {
    auto copy = std::make_shared<SimFile>();
    copy->data = copy->durable = file->data;
    names_[path] = {std::move(copy), true};
  }
}

std::size_t SimDisk::total_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [path, name] : names_) bytes += name.file->data.size();
  return bytes;
}

}  // namespace interlock::testing
