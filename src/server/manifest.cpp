// SPDX-License-Identifier: Apache-2.0
#include "server/manifest.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/digest.h"
#include "base/refusal.h"
#include "server/control.h"
#include "server/control_socket.h"

namespace interlock::server {
namespace {

constexpr const char* manifest_name = "manifest.json";

[[noreturn]] void fail(const std::string& what) {
  throw CommandError(fmt::format("{}: {}", what, std::strerror(errno)));
}

Json tenant_json(const ManifestTenant& tenant) {
  return Json(JsonObject{{"id", Json(tenant.id)},
                         {"slug", Json(tenant.slug)},
                         {"file", Json(tenant.file)},
                         {"seq", Json(tenant.seq)},
                         {"bytes", Json(tenant.bytes)},
                         {"blake2b", Json(tenant.blake2b)},
                         {"files", Json(tenant.files)},
                         {"file_bytes", Json(tenant.file_bytes)}});
}

/// Absent in backups that were made before there were files.
std::int64_t optional_integer(const Json& json, std::string_view member) {
  return json.find(member) == nullptr ? 0 : integer_of(json, member);
}

ManifestTenant tenant_from(const Json& json) {
  ManifestTenant tenant{text_of(json, "id"),
                        text_of(json, "slug"),
                        text_of(json, "file"),
                        integer_of(json, "seq"),
                        integer_of(json, "bytes"),
                        text_of(json, "blake2b"),
                        optional_integer(json, "files"),
                        optional_integer(json, "file_bytes")};
  if (tenant.file.empty() || tenant.file.find('/') != std::string::npos)
    throw CommandError(fmt::format("the manifest names the file \"{}\", which is not beside it", tenant.file));
  return tenant;
}

Manifest manifest_from(const Json& json) {
  if (integer_of(json, "format") != manifest_format)
    throw CommandError(
        fmt::format("the backup has format {}, this program knows {}", integer_of(json, "format"), manifest_format));
  Manifest manifest{text_of(json, "version"), text_of(json, "made_at"), false, {}};
  const auto* demo = json.find("demo");
  manifest.demo = demo != nullptr && demo->if_bool() != nullptr && *demo->if_bool();
  for (const auto& tenant : array_of(json, "tenants")) manifest.tenants.push_back(tenant_from(tenant));
  return manifest;
}

}  // namespace

void write_manifest(const std::string& directory, const Manifest& manifest) {
  JsonArray tenants;
  for (const auto& tenant : manifest.tenants) tenants.push_back(tenant_json(tenant));
  const auto text = json_text(Json(JsonObject{{"format", Json(manifest_format)},
                                              {"version", Json(manifest.version)},
                                              {"made_at", Json(manifest.made_at)},
                                              {"demo", Json(manifest.demo)},
                                              {"tenants", Json(std::move(tenants))}})) +
                    "\n";
  const auto path = fmt::format("{}/{}", directory, manifest_name);
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) fail("cannot make " + path);
  if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) || fsync(file.get()) != 0)
    fail("cannot write " + path);
  const Descriptor folder(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) fail("cannot sync " + directory);
}

Manifest read_manifest(const std::string& directory) {
  const auto path = fmt::format("{}/{}", directory, manifest_name);
  std::ifstream file(path);
  if (!file) throw CommandError(fmt::format("{} is no complete backup: it has no {}", directory, manifest_name));
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  try {
    return manifest_from(parse_json(text));
  } catch (const Refusal& refusal) {
    throw CommandError(fmt::format("{}: {}", path, refusal.what()));
  } catch (const CommandError& error) {
    throw CommandError(fmt::format("{}: {}", path, error.what()));
  }
}

void measure_file(const std::string& path, std::int64_t& bytes, std::string& blake2b) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file || fstat(file.get(), &status) != 0) fail("cannot read " + path);
  bytes = status.st_size;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* content = size == 0 ? nullptr : mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (content == MAP_FAILED) fail("cannot read " + path);
  blake2b = hex(bytes_of(digest32({static_cast<const char*>(content), size})));
  if (content != nullptr) munmap(content, size);
}

void verify_file(const std::string& directory, const ManifestTenant& tenant) {
  std::int64_t bytes = 0;
  std::string blake2b;
  const auto path = fmt::format("{}/{}", directory, tenant.file);
  measure_file(path, bytes, blake2b);
  if (bytes != tenant.bytes || blake2b != tenant.blake2b)
    throw CommandError(fmt::format("{} is not the file that the manifest describes: it was changed or damaged", path));
}

}  // namespace interlock::server
