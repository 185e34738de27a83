// SPDX-License-Identifier: Apache-2.0
#include "providers/file_provider.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/json.h"

namespace interlock::providers {
namespace {

using engine::Delivery;
using engine::DeliveryResult;

/// Writes and syncs a file of its own name, then gives it the final one: it is there whole or not at all.
void write_atomically(const std::string& directory, const std::string& name, std::string_view content) {
  const auto fail = [&](const char* what) {
    throw std::runtime_error(fmt::format("cannot {} {}/{}: {}", what, directory, name, std::strerror(errno)));
  };
  const auto path = directory + "/" + name;
  const auto draft = path + ".new";
  const int fd = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) fail("make");
  while (!content.empty()) {
    const auto written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool complete = content.empty() && fsync(fd) == 0;
  if (close(fd) != 0 || !complete) fail("write");
  if (rename(draft.c_str(), path.c_str()) != 0) fail("rename");
}

class FileProvider final : public engine::Provider {
 public:
  FileProvider(std::string directory, std::function<std::string()> public_url)
      : directory_(std::move(directory)), public_url_(std::move(public_url)) {}

  DeliveryResult deliver(const OutboxMessage& message) override {
    if (mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
      return {Delivery::retry, fmt::format("cannot make {}: {}", directory_, std::strerror(errno))};
    const auto id = type_id_text("message", message.id);
    std::string text;
    JsonWriter(text)
        .begin_object()
        .member("id", id)
        .member("provider", message.provider)
        .member("destination", message.destination)
        .member("subject", message.subject)
        .member("created_at", rfc3339(message.created_at))
        .member("link", link_in(message))
        .key("payload")
        .raw(message.payload.text)
        .end_object();
    try {
      write_atomically(directory_, id + ".json", text + "\n");
    } catch (const std::runtime_error& error) {
      return {Delivery::retry, error.what()};  // the final name appears last, so nothing happened
    }
    return {};
  }

  bool deduplicates() const override { return true; }

 private:
  std::string link_in(const OutboxMessage& message) const {
    const auto payload = parse_json(message.payload.text);
    const auto* name = payload.find("template");
    const auto* token = payload.find("token");
    if (name == nullptr || token == nullptr || name->if_text() == nullptr || token->if_text() == nullptr) return {};
    return link_of(public_url_(), *name->if_text(), *token->if_text());
  }

  std::string directory_;
  std::function<std::string()> public_url_;
};

}  // namespace

std::unique_ptr<engine::Provider> make_file_provider(std::string directory, std::function<std::string()> public_url) {
  return std::make_unique<FileProvider>(std::move(directory), std::move(public_url));
}

std::string link_of(const std::string& public_url, std::string_view template_name, std::string_view token) {
  std::string_view page = "set-up";
  if (template_name == "invitation") page = "invitation";
  if (template_name == "password_reset") page = "reset-password";
  return fmt::format("{}/{}#token={}", public_url, page, token);
}

}  // namespace interlock::providers
