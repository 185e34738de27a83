// SPDX-License-Identifier: Apache-2.0
// Requests to a store that speaks the S3 protocol, signed by AWS Signature Version 4 (libcurl's). Each has time limits
// and a bounded number of tries with random pauses between them; what is sent again is the same.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "store/blobs.h"

namespace interlock::providers {

/// Where a bucket is, and who asks.
struct S3Options {
  std::string bucket;
  std::string prefix;    ///< of all keys; empty, or with `/` at its end
  std::string endpoint;  ///< http(s)://HOST[:PORT]; empty: Amazon's of the region
  std::string region = "us-east-1";
  std::string access_key, secret_key;
  Duration retry_first;  ///< the first pause before a request is sent again
};

/// s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME], without the keys. Throws std::invalid_argument with a sentence that
/// shows nothing of the URL.
S3Options parse_s3_url(std::string_view url);

struct S3Request {
  enum class Method { get, put, head, erase };
  Method method = Method::get;
  std::string key;    ///< after the prefix; of the bucket itself: empty, without the prefix
  std::string query;  ///< `a=b&c=d`, sorted, encoded
  /// Of a put: how many bytes follow, where they are, and their SHA-256.
  std::int64_t size = 0;
  std::function<std::size_t(std::int64_t offset, char* to, std::size_t bytes)> content;
  std::string sha256;
  /// Of a get: a part of the object, and where its bytes go in order; else the answer's body is kept.
  std::int64_t begin = 0, end = 0;
  std::function<void(std::string_view)> take;
};

struct S3Answer {
  long status = 0;
  std::string body;
  std::int64_t size = 0;        ///< of the object, for a head
  std::optional<Time> kept_at;  ///< of the object, for a head
  /// `NoSuchBucket: The specified bucket does not exist`, or the status.
  std::string reason() const;
  bool ok() const { return status >= 200 && status < 300; }
};

/// Thread-safe.
class S3Client {
 public:
  explicit S3Client(S3Options options);
  ~S3Client();
  S3Client(const S3Client&) = delete;
  S3Client& operator=(const S3Client&) = delete;

  /// Answers that repeat no sense to send again. Throws BlobsUnavailable when all tries failed, and what `take` throws.
  S3Answer send(const S3Request& request);
  const S3Options& options() const { return options_; }
  /// `the bucket NAME at URL`.
  std::string place() const;

 private:
  struct Close {
    void operator()(void* handle) const;
  };
  using Handle = std::unique_ptr<void, Close>;
  class Attempt;

  Handle take_handle();
  void give_back(Handle handle);
  std::string url_of(const S3Request& request) const;

  const S3Options options_;
  std::mutex mutex_;
  std::vector<Handle> idle_;  ///< with their connections
};

/// The text between `<NAME>` and `</NAME>` at `from` or after, without entities; `from` moves behind it.
std::optional<std::string> xml_text(std::string_view xml, std::string_view name, std::size_t& from);
/// A value of a query as the signature wants it.
std::string url_encoded(std::string_view text);

}  // namespace interlock::providers
