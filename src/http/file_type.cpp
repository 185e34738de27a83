// SPDX-License-Identifier: Apache-2.0
#include "http/file_type.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/refusal.h"
#include "http/text.h"

namespace interlock::http {
namespace {

constexpr std::string_view text_plain = "text/plain";
constexpr std::string_view text_csv = "text/csv";
constexpr std::string_view zip = "application/zip";
constexpr std::string_view compound = "application/x-ole-storage";
constexpr std::string_view excel = "application/vnd.ms-excel";
constexpr std::string_view pdf = "application/pdf";

/// A kind that its first bytes tell.
struct Magic {
  std::string_view begins;
  std::size_t at;
  std::string_view more;
  std::string_view type;
};
constexpr Magic magics[] = {
    {"%PDF-", 0, "", pdf},
    {"\x89PNG\r\n\x1a\n", 0, "", "image/png"},
    {"\xff\xd8\xff", 0, "", "image/jpeg"},
    {"GIF87a", 0, "", "image/gif"},
    {"GIF89a", 0, "", "image/gif"},
    {"RIFF", 8, "WEBP", "image/webp"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "", compound},
    {"PK\x03\x04", 0, "", zip},
    {std::string_view("PK\x05\x06", 4), 0, "", zip},
};

/// Office files are archives: the type by a part that only that kind has.
struct Archive {
  std::string_view part;
  std::string_view type;
};
constexpr Archive office_xml[] = {
    {"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
};
constexpr std::string_view open_documents[] = {
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
};
/// What an old office file may be called: its bytes tell the three only deep inside.
constexpr std::string_view old_office[] = {"application/msword", excel, "application/vnd.ms-powerpoint"};

/// Types whose declaration must be true.
constexpr std::string_view strict_types[] = {pdf, "image/png", "image/jpeg", "image/gif", "image/webp"};
constexpr std::string_view refused_types[] = {
    "text/html",       "image/svg+xml", "application/xhtml+xml",  "application/xml",    "text/xml",
    "text/javascript", "text/css",      "application/javascript", "multipart/form-data"};

template <class List>
bool contains(const List& list, std::string_view type) {
  return std::ranges::any_of(list, [&](std::string_view one) { return equal_ignoring_case(one, type); });
}

std::string_view by_magic(std::string_view head) {
  for (const auto& magic : magics) {
    if (head.starts_with(magic.begins) && head.substr(std::min(magic.at, head.size())).starts_with(magic.more))
      return magic.type;
  }
  return {};
}

std::string_view archive_type(std::string_view head, std::string_view tail) {
  // The first part of an open document is its type, not compressed (ODF 1.2, part 3, 3.3).
  constexpr std::size_t name_at = 30;
  constexpr std::string_view name = "mimetype";
  const auto first = head.substr(std::min(name_at, head.size()));
  if (first.starts_with(name)) {
    for (const auto type : open_documents)
      if (first.substr(name.size()).starts_with(type)) return type;
  }
  for (const auto& [part, type] : office_xml)
    if (tail.find(part) != std::string_view::npos) return type;
  return zip;
}

bool is_markup(std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  const auto first = head.find_first_not_of(" \t\r\n\f");
  if (first == std::string_view::npos) return false;
  std::string lower(head.substr(first));
  std::ranges::transform(lower, lower.begin(), ascii_lower);
  const bool opens = lower.size() > 1 && lower[0] == '<' &&
                     (lower[1] == '!' || lower[1] == '?' || lower[1] == '/' || (lower[1] >= 'a' && lower[1] <= 'z'));
  constexpr std::array<std::string_view, 5> marks = {"<html", "<script", "<svg", "<!doctype", "<iframe"};
  return opens || std::ranges::any_of(marks, [&](auto mark) { return lower.find(mark) != std::string::npos; });
}

Refusal refused_type(std::string why) { return Refusal(ErrorCode::file_type, std::move(why)).at_field("Content-Type"); }

}  // namespace

void FileSniffer::add(std::string_view bytes) {
  if (head_.size() < limits::file_sniffed_bytes_max)
    head_.append(bytes.substr(0, limits::file_sniffed_bytes_max - head_.size()));
  tail_.append(bytes.substr(bytes.size() - std::min(bytes.size(), limits::file_directory_bytes_max)));
  if (tail_.size() > limits::file_directory_bytes_max) tail_.erase(0, tail_.size() - limits::file_directory_bytes_max);
  only_text_ = only_text_ && std::ranges::none_of(bytes, [](char c) {
                 const auto byte = static_cast<unsigned char>(c);
                 return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r');
               });
}

std::string_view FileSniffer::finish(std::string_view declared) const {
  declared = trim(declared.substr(0, declared.find(';')));
  if (contains(refused_types, declared)) throw refused_type(std::string(declared) + " is not accepted");
  auto type = by_magic(head_);
  if (type == zip) type = archive_type(head_, tail_);
  if (type == compound) {
    const auto named = std::ranges::find_if(old_office, [&](auto one) { return equal_ignoring_case(one, declared); });
    if (named != std::end(old_office)) type = *named;
  }
  if (type.empty() && only_text_ && !is_markup(head_)) {
    // Browsers on Windows call a table of Excel's own what ends in .csv.
    const bool table = equal_ignoring_case(declared, text_csv) || equal_ignoring_case(declared, excel);
    type = table ? text_csv : text_plain;
  }
  if (type.empty()) throw refused_type("The bytes are none of the kinds that are accepted");
  const bool claims = contains(strict_types, declared) && !equal_ignoring_case(declared, type);
  if (claims) throw refused_type("The bytes are " + std::string(type) + ", not " + std::string(declared));
  return type;
}

Serving serving_of(std::string_view content_type) {
  constexpr std::string_view sealed = "default-src 'none'; sandbox; frame-ancestors 'none'";
  // A browser's own viewer does not work in a sandbox; the page that it makes of the file is none of ours.
  constexpr std::string_view viewed =
      "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'";
  if (content_type == pdf) return {pdf, true, viewed};
  for (const auto type : strict_types)
    if (content_type == type) return {type, true, sealed};
  for (const auto type : {text_plain, text_csv, zip})
    if (content_type == type) return {type, false, sealed};
  for (const auto type : open_documents)
    if (content_type == type) return {type, false, sealed};
  for (const auto type : old_office)
    if (content_type == type) return {type, false, sealed};
  for (const auto& archive : office_xml)
    if (content_type == archive.type) return {archive.type, false, sealed};
  return {"application/octet-stream", false, sealed};
}

}  // namespace interlock::http
