// SPDX-License-Identifier: Apache-2.0
#include "domains/files/files.h"

#include "domains/files/file_name.h"
#include "model/schema.h"

namespace interlock::domains {

namespace {

/// A record of the kind that people see, and that this actor sees.
void require_subject(Tx& tx, const Subject& subject) {
  const auto* type = record_type_by_number(subject.type);
  const bool carries = type != nullptr && type != &type_of<File>() && type->options.readable && type->options.logged;
  if (!carries || !may_see(tx, tx.actor(), subject))
    throw Refusal(ErrorCode::not_found, "there is no such record").at_field("subject");
}

/// Bound to a record that hangs on the file itself, or to one at the end of the longest chain, nobody would see it.
void require_seen(Tx& tx, const File& file) {
  if (!is_visible(tx, tx.actor(), type_of<File>(), &file))
    throw Refusal(ErrorCode::not_found, "no file can belong to this record").at_field("subject");
}

/// False if it is bound to that subject already.
bool bind(File& file, const Subject& subject, std::string_view field_name) {
  if (file.subject == subject) return false;
  if (file.subject) throw Refusal(ErrorCode::file_attached).at_field(std::string(field_name));
  file.subject = subject;
  return true;
}

}  // namespace

File create_file(Tx& tx, const CreateFile& request) {
  if (request.subject) require_subject(tx, *request.subject);
  File file;
  file.name = request.name;
  file.content_type = request.content_type;
  file.size = request.size;
  file.sha256 = request.sha256;
  file.subject = request.subject;
  tx.save(file);
  if (file.subject) require_seen(tx, file);
  return file;
}

File attach_file(Tx& tx, const AttachFile& request) {
  auto file = tx.require(request.id);
  require_subject(tx, request.subject);
  if (bind(file, request.subject, "id")) tx.save(file);
  require_seen(tx, file);
  return file;
}

void attach_file(Tx& tx, Id<File> id, const Subject& subject, std::string_view field_name) {
  File file;
  const bool seen = tx.load(type_of<File>(), id.uuid, &file) && !file.deleted_at &&
                    is_visible(tx, tx.actor(), type_of<File>(), &file);
  // Bound to the record that is about to be made, it is seen through it only after that is saved.
  if (!seen && !(file.subject == subject && !file.deleted_at))
    throw Refusal(ErrorCode::not_found, "there is no such file").at_field(std::string(field_name));
  if (bind(file, subject, field_name)) tx.save(file);
}

void require_seen_file(Tx& tx, Id<File> id) {
  if (const auto file = tx.find(id)) require_seen(tx, *file);
}

void check_file(Tx&, const void* before_record, void* after_record) {
  const auto* before = static_cast<const File*>(before_record);
  auto& after = *static_cast<File*>(after_record);
  const bool comes_back = before != nullptr && before->deleted_at && !after.deleted_at;
  if (comes_back && (!after.subject || after.sha256.empty()))
    throw Refusal(ErrorCode::too_old, "the content of this file is not kept; upload it again");
  // A redacted file has no content that a name could fit.
  if (before == nullptr || before->name != after.name)
    after.name = after.sha256.empty() ? clean_file_name(after.name) : fitting_file_name(after.name, after.content_type);
}

void redact_files(Tx& tx, const Subject& subject) {
  auto query = (where(&File::subject) == subject) && (where(&File::sha256) != "");
  query.include_deleted = true;
  for (bool more = true; more;) {
    auto page = tx.all<File>(query);
    more = static_cast<std::int64_t>(page.size()) == query.limit;
    for (auto& file : page) {
      file.size = 0;
      tx.redact(type_of<File>(), &file, {&field_of(&File::name), &field_of(&File::sha256)});
    }
  }
}

bool sweep_files(Tx& tx) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  Query query;
  query.limit = limit;
  query.conditions.push_back({&field_of(&File::subject), Comparison::is_null, {}});
  query.conditions.push_back(
      {&header_field::created_at(), Comparison::less, {Value{(tx.now() - limits::unreferenced_file_life).us}}});
  auto left = tx.all<File>(query);
  for (auto& file : left) tx.remove(file);
  return static_cast<std::int64_t>(left.size()) == limit;
}

bool keeps_blob(Reader& reader, const std::string& sha256) {
  // Two questions of one row each: any number of files may share a content, and most may be gone.
  const auto named = where(&File::sha256) == sha256;
  if (reader.first<File>(named)) return true;
  auto comes_back = named && (where(&File::subject) > Subject{});
  comes_back.only_deleted = true;
  return reader.first<File>(comes_back).has_value();
}

}  // namespace interlock::domains
