// SPDX-License-Identifier: Apache-2.0
// Writes each message as one JSON file, named by the message's id, into a directory: what stands in for mail until a
// mail server is configured, and what tests read. Sending a message again replaces its file by an equal one, so it
// de-duplicates.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/provider.h"

namespace interlock::providers {

/// `directory` is made at the first message, readable by its owner only: mails hold one-time links. `public_url` says,
/// from any thread, where links in mails lead. Thread-safe.
std::unique_ptr<engine::Provider> make_file_provider(std::string directory, std::function<std::string()> public_url);

/// Where the link of a mail leads: the secret stands behind #, so that it reaches neither logs nor other sites.
/// `template_name`: invitation, password_reset or set_up.
std::string link_of(const std::string& public_url, std::string_view template_name, std::string_view token);

}  // namespace interlock::providers
