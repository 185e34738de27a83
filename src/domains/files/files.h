// SPDX-License-Identifier: Apache-2.0
// Files: an upload makes a record that nothing refers to yet; attaching gives it to the record that it belongs to, for
// good. Who sees that record sees the file. What nobody attaches within limits::unreferenced_file_life is deleted.
#pragma once

#include "domains/files/file.h"
#include "model/operation.h"

namespace interlock::domains {

/// Made by the server for whoever has uploaded the bytes: the blob of that name is there.
struct CreateFile {
  std::string name;
  std::string content_type;
  std::int64_t size = 0;
  std::string sha256;
  std::optional<Subject> subject;
};
inline constexpr auto create_file_fields = fields<CreateFile>(
    field<&CreateFile::name>(), field<&CreateFile::content_type>(required), field<&CreateFile::size>(required),
    field<&CreateFile::sha256>(required), field<&CreateFile::subject>());
INTERLOCK_STRUCT(CreateFile, create_file_fields)
File create_file(Tx& tx, const CreateFile& request);

struct AttachFile {
  Id<File> id;
  Subject subject;
};
inline constexpr auto attach_file_fields = fields<AttachFile>(
    field<&AttachFile::id>(required, reference<File>(OnDelete::clear)), field<&AttachFile::subject>(required));
INTERLOCK_STRUCT(AttachFile, attach_file_fields)
/// Refuses: not_found (file or subject; subject too if it hangs on the file itself or too deep), file_attached.
File attach_file(Tx& tx, const AttachFile& request);

/// For records that refer to a file by a field of theirs: binds it to the record, which its caller has looked at and is
/// about to save. Throws Refusal not_found (absent, deleted, not the actor's to see) or file_attached, at that field.
void attach_file(Tx& tx, Id<File> file, const Subject& subject, std::string_view field_name);

/// For the same records once they are saved: throws Refusal not_found at `subject` where the file cannot be seen
/// through the record, which hangs on the file itself or too deep.
void require_seen_file(Tx& tx, Id<File> file);

/// before_save of File.
void check_file(Tx& tx, const void* before, void* after);

/// Empties name and content of every file that belongs to the record, in the log too: part of redacting a person. The
/// blobs go with the next sweep.
void redact_files(Tx& tx, const Subject& subject);

/// Job: deletes what nobody has attached. True if there is more to do.
bool sweep_files(Tx& tx);

/// Whether the blob of that name is the content of a file of this tenant that is there or can come back.
bool keeps_blob(Reader& reader, const std::string& sha256);

}  // namespace interlock::domains
