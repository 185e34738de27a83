// SPDX-License-Identifier: Apache-2.0
#include "domains/files/file_name.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/limits.h"

namespace interlock::domains {

namespace {

constexpr std::size_t extension_bytes = 16;  // what is longer is none

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// The bytes of a character that shows nothing and changes what stands beside it, in UTF-8: C1 controls, marks of
/// direction, zero-width characters, line and paragraph separators, the byte order mark.
std::size_t invisible_bytes(std::string_view rest) {
  const auto byte = [&](std::size_t at) { return at < rest.size() ? static_cast<unsigned char>(rest[at]) : 0u; };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) return 2;
  if (byte(0) == 0xe2 && byte(1) == 0x80 &&
      ((byte(2) >= 0x8b && byte(2) <= 0x8f) || (byte(2) >= 0xa8 && byte(2) <= 0xae)))
    return 3;
  if (byte(0) == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9) return 3;
  if (byte(0) == 0xef && byte(1) == 0xbb && byte(2) == 0xbf) return 3;
  return 0;
}

std::string visible(std::string_view name) {
  constexpr std::string_view taken = "\"*:<>?|";
  std::string out;
  while (!name.empty()) {
    if (const auto skipped = invisible_bytes(name)) {
      name.remove_prefix(skipped);
      continue;
    }
    out += taken.find(name.front()) == std::string_view::npos ? name.front() : '_';
    name.remove_prefix(1);
  }
  return out;
}

std::string_view without_ends(std::string_view name) {
  constexpr std::string_view ends = ". ";
  const auto first = name.find_first_not_of(ends);
  if (first == std::string_view::npos) return {};
  return name.substr(first, name.find_last_not_of(ends) - first + 1);
}

bool is_reserved(std::string_view name) {
  std::string stem(without_ends(name.substr(0, name.find('.'))));
  std::ranges::transform(stem, stem.begin(), lower);
  constexpr std::array<std::string_view, 6> devices = {"con", "prn", "aux", "nul", "conin$", "conout$"};
  if (std::ranges::find(devices, stem) != devices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

// What the bytes alone cannot tell apart shares its extensions. Of text, those that no system runs.
constexpr std::string_view text_extensions[] = {"txt",  "text", "log", "md",  "csv", "tsv", "json", "yaml", "yml",
                                                "toml", "ics",  "vcf", "eml", "srt", "vtt", "tex",  "po"};
constexpr std::string_view old_office_extensions[] = {"doc", "dot", "xls", "xlt", "ppt", "pps", "msg", "vsd", "pub"};
constexpr std::string_view word_extensions[] = {"docx", "docm", "dotx", "dotm"};
constexpr std::string_view excel_extensions[] = {"xlsx", "xlsm", "xltx", "xltm"};
constexpr std::string_view powerpoint_extensions[] = {"pptx", "pptm", "ppsx", "ppsm", "potx", "potm"};
// An office file with a very long list of parts is told as an archive only.
constexpr std::string_view archive_extensions[] = {"zip",  "docx", "docm",  "dotx",    "xlsx", "xlsm", "xltx",
                                                   "pptx", "pptm", "ppsx",  "potx",    "odt",  "ods",  "odp",
                                                   "odg",  "epub", "pages", "numbers", "key",  "kmz",  "vsdx"};
constexpr std::string_view pdf_extensions[] = {"pdf"};
constexpr std::string_view png_extensions[] = {"png"};
constexpr std::string_view jpeg_extensions[] = {"jpg", "jpeg", "jpe", "jfif"};
constexpr std::string_view gif_extensions[] = {"gif"};
constexpr std::string_view webp_extensions[] = {"webp"};
constexpr std::string_view odt_extensions[] = {"odt", "ott"};
constexpr std::string_view ods_extensions[] = {"ods", "ots"};
constexpr std::string_view odp_extensions[] = {"odp", "otp"};

struct TypeExtensions {
  std::string_view content_type;
  std::string_view own;  ///< what is added
  std::span<const std::string_view> fitting;
};
constexpr TypeExtensions type_extensions[] = {
    {"application/pdf", "pdf", pdf_extensions},
    {"image/png", "png", png_extensions},
    {"image/jpeg", "jpg", jpeg_extensions},
    {"image/gif", "gif", gif_extensions},
    {"image/webp", "webp", webp_extensions},
    {"text/plain", "txt", text_extensions},
    {"text/csv", "csv", text_extensions},
    {"application/zip", "zip", archive_extensions},
    {"application/x-ole-storage", "bin", old_office_extensions},
    {"application/msword", "doc", old_office_extensions},
    {"application/vnd.ms-excel", "xls", old_office_extensions},
    {"application/vnd.ms-powerpoint", "ppt", old_office_extensions},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", word_extensions},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", excel_extensions},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", powerpoint_extensions},
    {"application/vnd.oasis.opendocument.text", "odt", odt_extensions},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods", ods_extensions},
    {"application/vnd.oasis.opendocument.presentation", "odp", odp_extensions},
};

bool is_among(std::span<const std::string_view> extensions, std::string_view extension) {
  return std::ranges::find(extensions, extension) != extensions.end();
}

/// Between two characters, in front of the extension if that is a short one.
std::string cut(const std::string& name) {
  if (name.size() <= limits::file_name_bytes_max) return name;
  const auto dot = name.rfind('.');
  const bool has_extension = dot != std::string::npos && name.size() - dot <= extension_bytes;
  const auto extension = has_extension ? name.substr(dot) : std::string();
  auto end = limits::file_name_bytes_max - extension.size();
  while (is_continuation(name[end])) --end;
  return name.substr(0, end) + extension;
}

std::string clean_and_uncut(std::string_view name) {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const auto shown = visible(name);
  std::string clean(without_ends(shown));
  if (clean.empty()) return "file";
  if (is_reserved(clean)) clean.insert(0, 1, '_');
  return clean;
}

}  // namespace

std::string clean_file_name(std::string_view name) { return cut(clean_and_uncut(name)); }

std::string fitting_file_name(std::string_view name, std::string_view content_type) {
  auto fitting = clean_and_uncut(name);
  const auto type = std::ranges::find(type_extensions, content_type, &TypeExtensions::content_type);
  if (type == std::end(type_extensions)) return cut(fitting);
  const auto dot = fitting.rfind('.');
  std::string extension = dot == std::string::npos ? "" : fitting.substr(dot + 1);
  std::ranges::transform(extension, extension.begin(), lower);
  if (extension == type->own || is_among(type->fitting, extension)) return cut(fitting);
  const bool of_another =
      std::ranges::any_of(type_extensions, [&](const auto& other) { return is_among(other.fitting, extension); });
  if (of_another) fitting.resize(dot);
  return cut(clean_and_uncut(fitting + '.' + std::string(type->own)));
}

}  // namespace interlock::domains
