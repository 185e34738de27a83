// SPDX-License-Identifier: Apache-2.0
// What a file is, by its bytes: the uploader's word decides nothing but between kinds that look alike. Only the kinds
// of the list in file_type.cpp are accepted; markup (HTML, SVG, XML), which a browser could run as a page of ours, is
// not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace interlock::http {

/// Looks at a file that comes in pieces. Keeps its beginning and its end, limits::file_sniffed_bytes_max and
/// limits::file_directory_bytes_max.
class FileSniffer {
 public:
  void add(std::string_view bytes);
  /// The content type, with static storage. `declared`: the uploader's Content-Type, may be empty. Throws Refusal
  /// file_type for a kind that is not accepted, and where the declared type is another accepted kind than the bytes
  /// are.
  std::string_view finish(std::string_view declared) const;

 private:
  std::string head_;
  std::string tail_;
  bool only_text_ = true;  ///< no control character but tab, line feed, form feed, carriage return
};

/// How a content type is given to a browser.
struct Serving {
  std::string_view content_type;  ///< static storage
  bool inline_shown = false;      ///< else as a download
  std::string_view policy;        ///< Content-Security-Policy, static storage
};

/// Of a type that finish() gave; anything else is served as bytes to be saved.
Serving serving_of(std::string_view content_type);

}  // namespace interlock::http
