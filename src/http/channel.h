// SPDX-License-Identifier: Apache-2.0
// A non-blocking socket, plain or under TLS, and the certificate that the latter needs. Not thread-safe: a channel
// belongs to one io thread.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace interlock::http {

enum class IoStatus { ok, would_block, closed };

struct IoResult {
  IoStatus status;
  std::size_t bytes = 0;
  /// Nothing more is there to read until the socket says so again.
  bool drained = false;
};

/// Certificate chain and key, TLS 1.2 and newer. Shared by all channels; thread-safe after construction.
class TlsContext {
 public:
  /// PEM files. Throws std::runtime_error if they cannot be used.
  TlsContext(const std::string& certificate_path, const std::string& key_path);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ssl_ctx_st* get() const { return context_; }

 private:
  ssl_ctx_st* context_;
};

class Channel {
 public:
  /// Takes the descriptor; with a context, the handshake happens inside the first reads.
  Channel(int fd, const TlsContext* tls);
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&&) = delete;
  /// Closes.
  ~Channel();

  IoResult read(char* data, std::size_t size);
  /// Writes what fits of the parts, in order.
  IoResult write(std::span<const iovec> parts);
  /// No more will be written: the peer reads an end of file (after a TLS farewell).
  void shutdown_write();
  int fd() const { return fd_; }
  bool secure() const { return ssl_ != nullptr; }

 private:
  IoResult tls_result(int result);

  int fd_;
  ssl_st* ssl_ = nullptr;
};

}  // namespace interlock::http
