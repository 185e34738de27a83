// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/email.h"

#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::domains {

std::string account_email(std::string_view text) {
  const auto at = text.find('@');
  const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '<' || c == '>' || c == ',' || c == ';';
  });
  if (!clean || text.size() > limits::email_bytes_max || at == 0 || at == std::string_view::npos ||
      at + 1 == text.size() || text.find('@', at + 1) != std::string_view::npos)
    throw Refusal(ErrorCode::invalid_value, "not an e-mail address").at_field("email");
  std::string email(text);
  for (char& c : email)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return email;
}

std::string new_account_email(std::string_view text) {
  auto email = account_email(text);
  const auto domain = std::string_view(email).substr(email.find('@') + 1);
  const bool has_labels = domain.front() != '.' && domain.back() != '.' && domain.find("..") == std::string_view::npos;
  if (!has_labels || domain.find('.') == std::string_view::npos)
    throw Refusal(ErrorCode::invalid_value, "an e-mail address is like ana@example.com: its domain has a dot")
        .at_field("email");
  return email;
}

}  // namespace interlock::domains
