// SPDX-License-Identifier: Apache-2.0
#include "http/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace interlock::http {
namespace {

[[noreturn]] void tls_failed(const std::string& what) {
  char reason[256] = "";
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  ERR_clear_error();
  throw std::runtime_error("TLS: " + what + ": " + reason);
}

constexpr std::size_t tls_record_bytes_max = 16 * 1024;

/// As much of the parts as one TLS record holds, in one piece.
std::size_t gather(std::span<const iovec> parts, std::array<char, tls_record_bytes_max>& out) {
  std::size_t size = 0;
  for (const auto& part : parts) {
    auto take = std::min(part.iov_len, out.size() - size);
    if (take) std::memcpy(out.data() + size, part.iov_base, take);
    size += take;
  }
  return size;
}

}  // namespace

TlsContext::TlsContext(const std::string& certificate_path, const std::string& key_path)
    : context_(SSL_CTX_new(TLS_server_method())) {
  if (!context_) tls_failed("no context");
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context_,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(context_, certificate_path.c_str()) != 1) tls_failed(certificate_path);
  if (SSL_CTX_use_PrivateKey_file(context_, key_path.c_str(), SSL_FILETYPE_PEM) != 1) tls_failed(key_path);
  if (SSL_CTX_check_private_key(context_) != 1) tls_failed("the key does not belong to the certificate");
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Channel::Channel(int fd, const TlsContext* tls) : fd_(fd) {
  if (!tls) return;
  ssl_ = SSL_new(tls->get());
  if (!ssl_ || SSL_set_fd(ssl_, fd_) != 1) {
    SSL_free(ssl_);
    ::close(fd_);
    tls_failed("no session");
  }
  SSL_set_accept_state(ssl_);
}

Channel::Channel(Channel&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), ssl_(std::exchange(other.ssl_, nullptr)) {}

Channel::~Channel() {
  if (ssl_) SSL_free(ssl_);
  if (fd_ >= 0) ::close(fd_);
}

IoResult Channel::tls_result(int result) {
  if (result > 0) return {IoStatus::ok, static_cast<std::size_t>(result)};
  auto error = SSL_get_error(ssl_, result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return {IoStatus::would_block, 0, true};
  return {IoStatus::closed};
}

IoResult Channel::read(char* data, std::size_t size) {
  if (ssl_) return tls_result(SSL_read(ssl_, data, static_cast<int>(size)));
  for (;;) {
    auto got = ::recv(fd_, data, size, 0);
    if (got > 0) {
      auto bytes = static_cast<std::size_t>(got);
      return {IoStatus::ok, bytes, bytes < size};
    }
    if (got == 0) return {IoStatus::closed};
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {IoStatus::would_block, 0, true};
    return {IoStatus::closed};
  }
}

IoResult Channel::write(std::span<const iovec> parts) {
  if (ssl_) {
    std::array<char, tls_record_bytes_max> record;
    auto size = gather(parts, record);
    return size ? tls_result(SSL_write(ssl_, record.data(), static_cast<int>(size))) : IoResult{IoStatus::ok};
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    auto sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent >= 0) return {IoStatus::ok, static_cast<std::size_t>(sent)};
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {IoStatus::would_block};
    return {IoStatus::closed};
  }
}

void Channel::shutdown_write() {
  if (ssl_ && SSL_is_init_finished(ssl_)) {
    SSL_shutdown(ssl_);
    ERR_clear_error();
  }
  ::shutdown(fd_, SHUT_WR);
}

}  // namespace interlock::http
