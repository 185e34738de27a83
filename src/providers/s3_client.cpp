// SPDX-License-Identifier: Apache-2.0
#include "providers/s3_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <exception>
#include <stdexcept>

#include "base/check.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace interlock::providers {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool all_plain(std::string_view text, std::string_view more = {}) {
  return std::ranges::all_of(text, [&](char c) { return is_plain(c) || more.find(c) != std::string_view::npos; });
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string url_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    out += low >= 0 ? static_cast<char>(high * 16 + low) : text[i];
    if (low >= 0) i += 2;
  }
  return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

void set_parameter(S3Options& options, std::string_view name, const std::string& value) {
  if (name == "endpoint") {
    const bool scheme = value.starts_with("http://") || value.starts_with("https://");
    const auto host = scheme ? value.substr(value.find("//") + 2) : std::string();
    if (host.empty() || !all_plain(host, ":[]"))
      throw std::invalid_argument("the endpoint must be http:// or https:// and a host, without a path");
    options.endpoint = value;
  } else if (name == "region") {
    if (value.empty() || !all_plain(value)) throw std::invalid_argument("the region must be a name such as eu-west-1");
    options.region = value;
  } else {
    throw std::invalid_argument("after the ? stand endpoint=URL and region=NAME, and nothing else");
  }
}

bool is_worth_another_try(long status) { return status == 429 || status >= 500; }
bool is_success(long status) { return status >= 200 && status < 300; }

}  // namespace

S3Options parse_s3_url(std::string_view url) {
  constexpr std::string_view scheme = "s3://";
  if (!url.starts_with(scheme)) throw std::invalid_argument("it must begin with s3://");
  url.remove_prefix(scheme.size());
  const auto question = url.find('?');
  auto path = url.substr(0, question);
  if (path.find('@') != std::string_view::npos)
    throw std::invalid_argument("access keys do not belong into it: set files_access_key and files_secret_key");
  S3Options options;
  options.retry_first = limits::s3_retry_first;
  const auto slash = path.find('/');
  options.bucket = path.substr(0, slash);
  if (options.bucket.size() < 3 || options.bucket.size() > 63 || !all_plain(options.bucket))
    throw std::invalid_argument("the bucket's name has 3 to 63 letters, digits, dots and hyphens");
  if (slash != std::string_view::npos) options.prefix = path.substr(slash + 1);
  while (options.prefix.ends_with('/')) options.prefix.pop_back();
  const bool steps = options.prefix.starts_with('/') || options.prefix.find("//") != std::string::npos ||
                     options.prefix.find("..") != std::string::npos;
  if (steps || !all_plain(options.prefix, "/"))
    throw std::invalid_argument("the prefix has letters, digits, dots, hyphens, underscores and single slashes");
  if (!options.prefix.empty()) options.prefix += '/';
  auto rest = question == std::string_view::npos ? std::string_view() : url.substr(question + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto one = rest.substr(0, end);
    const auto equals = one.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
    set_parameter(options, one.substr(0, equals), url_decoded(value));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return options;
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_plain(c) || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::optional<std::string> xml_text(std::string_view xml, std::string_view name, std::size_t& from) {
  const auto open = fmt::format("<{}>", name), close = fmt::format("</{}>", name);
  const auto begin = xml.find(open, from);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = xml.find(close, begin);
  if (end == std::string_view::npos) return std::nullopt;
  from = end + close.size();
  std::string text(xml.substr(begin + open.size(), end - begin - open.size()));
  constexpr std::pair<std::string_view, std::string_view> entities[] = {
      {"&quot;", "\""}, {"&apos;", "'"}, {"&#34;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
  for (const auto& [entity, character] : entities) replace_all(text, entity, character);
  return text;
}

std::string S3Answer::reason() const {
  std::size_t at = 0, from = 0;
  const auto code = xml_text(body, "Code", at), message = xml_text(body, "Message", from);
  if (!code) return fmt::format("HTTP status {}", status);
  auto text = message ? fmt::format("{}: {}", *code, *message) : *code;
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text.substr(0, limits::script_error_text_bytes_max);
}

/// One try of a request.
class S3Client::Attempt {
 public:
  Attempt(CURL* handle, const S3Client& client, const S3Request& request, std::int64_t taken)
      : curl_(handle), request_(request), taken_(taken) {
    curl_easy_reset(curl_);
    set_common(client);
    set_method();
    // libcurl signs what this header says; it must not read a body twice to find out by itself.
    const auto hash = request.sha256.empty() ? Sha256().finish() : request.sha256;
    headers_.reset(curl_slist_append(nullptr, ("x-amz-content-sha256: " + hash).c_str()));
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_.get());
  }

  /// Empty if there is an answer; else why not.
  std::string run() {
    const auto code = curl_easy_perform(curl_);
    if (failure_) std::rethrow_exception(failure_);
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &answer.status);
    if (code != CURLE_OK) return error_[0] != '\0' ? std::string(error_) : std::string(curl_easy_strerror(code));
    curl_off_t at = -1, size = -1;
    curl_easy_getinfo(curl_, CURLINFO_FILETIME_T, &at);
    curl_easy_getinfo(curl_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    if (at >= 0) answer.kept_at = Time{at * 1'000'000};
    answer.size = std::max<std::int64_t>(size, 0);
    return {};
  }

  std::int64_t taken() const { return taken_; }
  S3Answer answer;

 private:
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void set_common(const S3Client& client) {
    const auto& options = client.options_;
    curl_easy_setopt(curl_, CURLOPT_URL, client.url_of(request_).c_str());
    curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, error_);
    curl_easy_setopt(curl_, CURLOPT_AWS_SIGV4, fmt::format("aws:amz:{}:s3", options.region).c_str());
    curl_easy_setopt(curl_, CURLOPT_USERNAME, options.access_key.c_str());
    curl_easy_setopt(curl_, CURLOPT_PASSWORD, options.secret_key.c_str());
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits::s3_connect_time_max.us / 1'000));
    curl_easy_setopt(curl_, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(limits::s3_stall_bytes_per_second_min));
    curl_easy_setopt(curl_, CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits::s3_stall_time_max.us / 1'000'000));
    const auto whole = request_.take || request_.size > 0 ? limits::s3_transfer_time_max : limits::s3_answer_time_max;
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(whole.us / 1'000));
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &Attempt::on_body);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, this);
  }

  void set_method() {
    switch (request_.method) {
      case S3Request::Method::get:
        if (request_.take) {
          const auto range = fmt::format("{}-{}", request_.begin + taken_, request_.end - 1);
          curl_easy_setopt(curl_, CURLOPT_RANGE, range.c_str());
        }
        return;
      case S3Request::Method::put:
        curl_easy_setopt(curl_, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.size));
        curl_easy_setopt(curl_, CURLOPT_READFUNCTION, &Attempt::on_read);
        curl_easy_setopt(curl_, CURLOPT_READDATA, this);
        curl_easy_setopt(curl_, CURLOPT_SEEKFUNCTION, &Attempt::on_seek);
        curl_easy_setopt(curl_, CURLOPT_SEEKDATA, this);
        return;
      case S3Request::Method::head:
        curl_easy_setopt(curl_, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(curl_, CURLOPT_FILETIME, 1L);
        return;
      case S3Request::Method::erase:
        curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, "DELETE");
        return;
    }
  }

  bool accept(std::string_view bytes) {
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    if (!request_.take || !is_success(status)) {
      if (answer.body.size() + bytes.size() > limits::s3_answer_bytes_max)
        throw store::StoreError("an answer of the S3 store is too long");
      answer.body += bytes;
      return true;
    }
    if (status != 206 && request_.begin + taken_ > 0) throw store::StoreError("the S3 store knows no ranges");
    const auto left = static_cast<std::size_t>(request_.end - request_.begin - taken_);
    if (bytes.size() > left) throw store::StoreError("the S3 store sent more than was asked for");
    request_.take(bytes);
    taken_ += static_cast<std::int64_t>(bytes.size());
    return true;
  }

  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& attempt = *static_cast<Attempt*>(self);
    try {
      return attempt.accept({bytes, size * count}) ? size * count : 0;
    } catch (...) {
      attempt.failure_ = std::current_exception();
      return 0;
    }
  }
  static std::size_t on_read(char* to, std::size_t size, std::size_t count, void* self) {
    auto& attempt = *static_cast<Attempt*>(self);
    try {
      const auto got = attempt.request_.content(attempt.sent_, to, size * count);
      attempt.sent_ += static_cast<std::int64_t>(got);
      return got;
    } catch (...) {
      attempt.failure_ = std::current_exception();
      return CURL_READFUNC_ABORT;
    }
  }
  static int on_seek(void* self, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Attempt*>(self)->sent_ = offset;
    return CURL_SEEKFUNC_OK;
  }

  CURL* curl_;
  const S3Request& request_;
  std::int64_t taken_;     ///< of what was asked for
  std::int64_t sent_ = 0;  ///< of a put
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::exception_ptr failure_;
  char error_[CURL_ERROR_SIZE] = {};
};

void S3Client::Close::operator()(void* handle) const { curl_easy_cleanup(handle); }

S3Client::S3Client(S3Options options) : options_(std::move(options)) {
  static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
  INVARIANT(started == CURLE_OK);
}

S3Client::~S3Client() = default;

S3Client::Handle S3Client::take_handle() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  Handle handle(curl_easy_init());
  if (!handle) throw store::StoreError("libcurl has no memory");
  return handle;
}

void S3Client::give_back(Handle handle) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < limits::s3_connections_kept_max) idle_.push_back(std::move(handle));
}

std::string S3Client::place() const {
  return fmt::format("the bucket {} at {}", options_.bucket,
                     options_.endpoint.empty() ? "Amazon S3, region " + options_.region : options_.endpoint);
}

std::string S3Client::url_of(const S3Request& request) const {
  auto url = options_.endpoint.empty()
                 ? fmt::format("https://{}.s3.{}.amazonaws.com/", options_.bucket, options_.region)
                 : fmt::format("{}/{}", options_.endpoint, options_.bucket);
  if (!request.key.empty()) {
    if (!url.ends_with('/')) url += '/';
    url += options_.prefix + request.key;
  }
  return request.query.empty() ? url : url + "?" + request.query;
}

S3Answer S3Client::send(const S3Request& request) {
  std::int64_t taken = 0;
  auto pause = options_.retry_first;
  for (int left = limits::s3_tries_max;; --left) {
    auto handle = take_handle();
    Attempt attempt(handle.get(), *this, request, taken);
    const auto why_not = attempt.run();
    taken = attempt.taken();
    if (why_not.empty()) give_back(std::move(handle));
    if (why_not.empty() && !is_worth_another_try(attempt.answer.status)) return std::move(attempt.answer);
    if (left <= 1) {
      const auto reason = why_not.empty() ? attempt.answer.reason() : why_not;
      throw store::BlobsUnavailable(fmt::format("{} does not answer: {}", place(), reason));
    }
    const auto chosen =
        pause.us / 2 + static_cast<std::int64_t>(system_random().below(static_cast<std::uint64_t>(pause.us / 2 + 1)));
    ::poll(nullptr, 0, static_cast<int>(chosen / 1'000));
    pause.us *= 2;
  }
}

}  // namespace interlock::providers
