// SPDX-License-Identifier: Apache-2.0
#include "domains/files/file.h"
#include "domains/files/files.h"

namespace interlock::domains {

namespace {

constexpr auto file_fields =
    fields<File>(field<&File::name>(required, max_bytes(limits::file_name_bytes_max), mergeable, searchable),
                 field<&File::content_type>(read_only, max_bytes(100)), field<&File::size>(read_only),
                 field<&File::sha256>(read_only, indexed, max_bytes(64)), field<&File::subject>(read_only, indexed));

}  // namespace

const RecordType& record_type_of(const File*) {
  static const RecordType type = make_record_type<File>(
      41, "file", "files", file_fields,
      {.creatable = false, .visible_through = "subject", .default_sort = "-created_at", .before_save = &check_file});
  return type;
}

}  // namespace interlock::domains
