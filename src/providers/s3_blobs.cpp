// SPDX-License-Identifier: Apache-2.0
#include "providers/s3_blobs.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/limits.h"

namespace interlock::providers {
namespace {

constexpr long not_found = 404;

std::string key_of(TenantId tenant, std::string_view name) {
  INVARIANT(is_sha256(name));
  return fmt::format("{}/{}/{}", uuid_text(tenant.uuid), name.substr(0, 2), name);
}

std::string_view last_part(std::string_view key) {
  while (key.ends_with('/')) key.remove_suffix(1);
  return key.substr(key.rfind('/') + 1);
}

class S3Blob final : public store::FetchedBlob {
 public:
  S3Blob(S3Client& client, store::Spool& spool, std::string key, std::int64_t size)
      : FetchedBlob(spool, size), client_(client), key_(std::move(key)) {}

 protected:
  void bring(std::int64_t offset, std::int64_t bytes, const std::function<void(std::string_view)>& take) override {
    S3Request request;
    request.key = key_;
    request.begin = offset;
    request.end = offset + bytes;
    request.take = take;
    const auto answer = client_.send(request);
    if (!answer.ok()) throw store::StoreError(fmt::format("{}: {}", client_.place(), answer.reason()));
  }

 private:
  S3Client& client_;
  const std::string key_;
};

}  // namespace

S3Blobs::S3Blobs(S3Options options, std::string spool_directory, std::unique_ptr<store::BlobGuard> guard,
                 Random& random)
    : client_(std::move(options)), spool_(std::move(spool_directory), random), guard_(std::move(guard)) {}

/// An answer of success, or one that says there is nothing.
S3Answer S3Blobs::ask(const S3Request& request) {
  auto answer = client_.send(request);
  if (!answer.ok() && answer.status != not_found)
    throw store::StoreError(fmt::format("{} refuses: {}", client_.place(), answer.reason()));
  return answer;
}

void S3Blobs::require_bucket() {
  S3Request request;
  request.query = "list-type=2&max-keys=1&prefix=" + url_encoded(client_.options().prefix);
  const auto answer = ask(request);
  if (answer.status == not_found)
    throw store::StoreError(fmt::format("{} does not exist: {}", client_.place(), answer.reason()));
  std::size_t at = 0;
  if (!xml_text(answer.body, "IsTruncated", at))
    throw store::StoreError(fmt::format("{} does not answer as an S3 store does", client_.place()));
}

std::unique_ptr<store::BlobDraft> S3Blobs::begin() { return spool_.begin(); }

std::string S3Blobs::keep(TenantId tenant, store::BlobDraft& any_draft) {
  auto& draft = dynamic_cast<store::SpooledDraft&>(any_draft);
  const auto name = draft.finish();
  S3Request request;
  request.method = S3Request::Method::put;
  request.key = key_of(tenant, name);
  request.size = draft.size();
  request.sha256 = name;
  request.content = [&draft](std::int64_t offset, char* to, std::size_t bytes) {
    return draft.file().read(offset, to, bytes);
  };
  const auto held = guard_->hold();
  const auto answer = client_.send(request);
  if (!answer.ok()) throw store::StoreError(fmt::format("{} refuses: {}", client_.place(), answer.reason()));
  return name;
}

std::unique_ptr<store::Blob> S3Blobs::open(TenantId tenant, std::string_view name) {
  if (!is_sha256(name)) return nullptr;
  S3Request request;
  request.method = S3Request::Method::head;
  request.key = key_of(tenant, name);
  const auto answer = ask(request);
  if (answer.status == not_found) return nullptr;
  return std::make_unique<S3Blob>(client_, spool_, request.key, answer.size);
}

std::vector<std::string> S3Blobs::names(TenantId tenant, std::string_view after) {
  const auto folder = client_.options().prefix + uuid_text(tenant.uuid) + "/";
  const auto start = after.empty() ? folder : client_.options().prefix + key_of(tenant, after);
  S3Request request;
  request.query = fmt::format("list-type=2&max-keys={}&prefix={}&start-after={}", limits::s3_list_names_max,
                              url_encoded(folder), url_encoded(start));
  std::vector<std::string> found;
  each_listed(request, "Contents", "Key", [&](std::string_view name) {
    if (is_sha256(name)) found.emplace_back(name);
  });
  return found;
}

std::vector<TenantId> S3Blobs::tenants() {
  const auto prefix = url_encoded(client_.options().prefix);
  std::vector<TenantId> found;
  for (std::string token; true;) {
    S3Request request;
    if (!token.empty()) request.query = "continuation-token=" + url_encoded(token) + "&";
    request.query += fmt::format("delimiter=%2F&list-type=2&max-keys={}&prefix={}", limits::s3_list_names_max, prefix);
    auto next = each_listed(request, "CommonPrefixes", "Prefix", [&](std::string_view name) {
      if (const auto id = parse_uuid(name)) found.push_back(TenantId{*id});
    });
    if (next.empty() || next == token) return found;
    token = std::move(next);
  }
}

/// Calls back with the last part of each key, and answers the token that the list goes on with; empty: it ends.
std::string S3Blobs::each_listed(const S3Request& request, std::string_view entry, std::string_view element,
                                 const std::function<void(std::string_view)>& take) {
  const auto answer = ask(request);
  if (answer.status == not_found) throw store::StoreError(fmt::format("{}: {}", client_.place(), answer.reason()));
  for (std::size_t at = 0; auto one = xml_text(answer.body, entry, at);) {
    std::size_t within = 0;
    if (const auto found = xml_text(*one, element, within)) take(last_part(*found));
  }
  std::size_t at = 0;
  return xml_text(answer.body, "NextContinuationToken", at).value_or("");
}

bool S3Blobs::remove_if_older(TenantId tenant, std::string_view name, Time time) {
  const auto right = guard_->try_remove();
  if (!right) return false;
  S3Request request;
  request.method = S3Request::Method::head;
  request.key = key_of(tenant, name);
  const auto found = ask(request);
  if (found.status == not_found || !found.kept_at || !(*found.kept_at < time)) return false;
  request.method = S3Request::Method::erase;
  return ask(request).ok();
}

}  // namespace interlock::providers
