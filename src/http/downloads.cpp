// SPDX-License-Identifier: Apache-2.0
// GET /api/files/{id}/content. A file came from somebody: it is never a page of ours. Its type is what its bytes were
// found to be, a browser may not guess another, and only pictures and PDF are shown; whatever is in it can run nothing.
#include <fmt/format.h>

#include "base/limits.h"
#include "engine/queries.h"
#include "http/byte_range.h"
#include "http/call.h"
#include "http/endpoints.h"
#include "http/file_store.h"
#include "http/file_type.h"
#include "http/static_files.h"
#include "model/record_json.h"

namespace interlock::http {
namespace {

struct Found {
  std::string name, content_type, sha256;
};

class BlobSource final : public ContentSource {
 public:
  BlobSource(std::shared_ptr<store::Blob> blob, ByteRange range) : blob_(std::move(blob)), range_(range) {}
  std::size_t size() const override { return static_cast<std::size_t>(range_.size()); }
  std::size_t read(std::size_t offset, char* to, std::size_t bytes) override {
    return blob_->read(range_.first + static_cast<std::int64_t>(offset), to, bytes);
  }

 private:
  std::shared_ptr<store::Blob> blob_;
  const ByteRange range_;
};

/// The record as a reader sees it: permission, scope and deletion are the read's own.
Found find_file(Call& call, std::int64_t& seq) {
  const auto view = call.api.engine.read(call.who().tenant, call.who().caller);
  const auto* type = call.api.schema.by_collection("files");
  if (type == nullptr) throw Refusal(ErrorCode::not_found, "Files are not offered here");
  const auto record = parse_json(engine::get_json(*view, *type, call.param(0)));
  seq = view->seq();
  const auto text = [&record](std::string_view name) { return *record.find(name)->if_text(); };
  return {text("name"), text("content_type"), text("sha256")};
}

bool is_attribute_character(char c) {
  constexpr std::string_view others = "!#$&+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         others.find(c) != std::string_view::npos;
}

/// RFC 6266: the plain name for old programs, the real one in UTF-8 beside it.
std::string disposition(std::string_view kind, std::string_view name) {
  std::string plain, encoded;
  for (const char c : name) {
    const bool simple = c >= ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '%';
    plain += simple ? c : '_';
    if (is_attribute_character(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return fmt::format("{}; filename=\"{}\"; filename*=UTF-8''{}", kind, plain, encoded);
}

bool wants_download(const Request& request) {
  for (std::size_t i = 0; i < request.param_count(); ++i) {
    const auto [name, value] = request.param_at(i);
    if (name != "download" || (value != "1" && value != "0")) {
      throw Refusal(ErrorCode::unknown_field, "Only download=1 can be asked for").at_field(std::string(name));
    }
    if (value == "1") return true;
  }
  return false;
}

void send(const CallPtr& call, bool download) {
  std::int64_t seq = 0;
  const auto file = find_file(*call, seq);
  std::shared_ptr<store::Blob> blob;
  on_store([&] { blob = call->api.options.blobs->open(call->who().tenant, file.sha256); });
  if (!blob && file.sha256.empty()) throw Refusal(ErrorCode::not_found, "the content of this file is gone");
  // A record without its content is damage, which `interlock check` tells more of.
  if (!blob) throw std::runtime_error("the content " + file.sha256 + " is missing");

  const auto& request = call->request;
  const auto serving = serving_of(file.content_type);
  const auto tag = '"' + file.sha256 + '"';
  Response response;
  response.content_type = serving.content_type;
  response.content_security_policy = serving.policy;
  response.cache_control = "private, no-cache";
  response.add_header("ETag", tag);
  response.add_header("Accept-Ranges", "bytes");
  response.add_header("Content-Disposition",
                      disposition(serving.inline_shown && !download ? "inline" : "attachment", file.name));
  response.add_header("Interlock-Seq", std::to_string(seq));
  if (names_tag(request.header("if-none-match").value_or(""), tag)) {
    response.status = 304;
    return call->answer(std::move(response));
  }
  ByteRange range{0, blob->size() - 1};
  const bool same = request.header("if-range").value_or(tag) == tag;
  if (const auto wanted = same ? request.header("range") : std::nullopt) {
    const auto part = parse_byte_range(*wanted, blob->size());
    if (part.unsatisfiable) {
      response.status = 416;
      response.add_header("Content-Range", fmt::format("bytes */{}", blob->size()));
      return call->answer(std::move(response));
    }
    if (part.range) {
      range = *part.range;
      response.status = 206;
      response.add_header("Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.last, blob->size()));
    }
  }
  if (request.method != Method::head) on_store([&] { blob->fetch(range.first, range.size()); });
  response.source = std::make_unique<BlobSource>(std::move(blob), range);
  call->answer(std::move(response));
}

}  // namespace

void file_content(const CallPtr& call) {
  if (!call->api.options.blobs) throw Refusal(ErrorCode::not_found, "Files are not offered here");
  run_on(call->api.transfers, call, [call, download = wants_download(call->request)] { send(call, download); });
}

}  // namespace interlock::http
