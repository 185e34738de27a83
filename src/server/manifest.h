// SPDX-License-Identifier: Apache-2.0
// A backup is a directory: one database file per tenant, and manifest.json, written last, with what must be in them:
//
//   {"format":1,"version":"0.1.0","made_at":"…","demo":false,
//    "tenants":[{"id":"tenant_…","slug":"demo","file":"tenant_….db","seq":12,"bytes":1048576,"blake2b":"…",
//                "files":3,"file_bytes":70000}]}
//
// A directory without a manifest is no backup: it was interrupted.
#pragma once

#include <string>
#include <vector>

namespace interlock::server {

struct ManifestTenant {
  std::string id, slug, file;
  std::int64_t seq = 0;  ///< the last sequence that the copy holds
  std::int64_t bytes = 0;
  std::string blake2b;     ///< 64 hexadecimal digits: BLAKE2b-256 of the file
  std::int64_t files = 0;  ///< contents of files beside it (blob_copies.h)
  std::int64_t file_bytes = 0;
};

struct Manifest {
  std::string version, made_at;
  bool demo = false;
  std::vector<ManifestTenant> tenants;
};

inline constexpr std::int64_t manifest_format = 1;

/// Durable when it returns.
void write_manifest(const std::string& directory, const Manifest& manifest);
/// Throws CommandError for anything but a manifest of a format that this program knows, with plain file names.
Manifest read_manifest(const std::string& directory);

/// Size and digest of a file. Throws CommandError.
void measure_file(const std::string& path, std::int64_t& bytes, std::string& blake2b);
/// Throws CommandError if the file is not the one that the manifest means.
void verify_file(const std::string& directory, const ManifestTenant& tenant);

}  // namespace interlock::server
