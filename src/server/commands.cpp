// SPDX-License-Identifier: Apache-2.0
#include "server/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/ids.h"
#include "base/random.h"
#include "base/time.h"
#include "providers/file_provider.h"

namespace interlock::server {

std::string new_type_id(std::string_view prefix) {
  return type_id_text(prefix, make_uuid(system_clock().now(), system_random()));
}

std::string new_key() { return "command-" + random_hex(system_random(), 16); }

std::vector<TenantRow> all_tenants(Control& control) {
  std::vector<TenantRow> rows;
  const auto answer = control.call({{"verb", Json("tenants")}});
  for (const auto& row : *answer.if_array())
    rows.push_back({text_of(row, "id"), text_of(row, "slug"), text_of(row, "name"), text_of(row, "status"),
                    *row.find("lane")->if_bool()});
  return rows;
}

TenantRow tenant_named(Control& control, const std::string& name) {
  for (auto& row : all_tenants(control))
    if (row.slug == name || row.id == name) return row;
  throw CommandError(fmt::format("there is no tenant {}", name));
}

void each_record(Control& control, const std::string& tenant, const std::string& collection, const JsonObject& filters,
                 const std::function<void(const Json&)>& take) {
  std::string cursor;
  while (true) {
    JsonObject request{{"verb", Json("list")},     {"tenant", Json(tenant)}, {"collection", Json(collection)},
                       {"filters", Json(filters)}, {"sort", Json("id")},     {"limit", Json(limits::list_items_max)}};
    if (!cursor.empty()) request.emplace_back("cursor", Json(cursor));
    const auto page = control.call(std::move(request));
    for (const auto& item : array_of(page, "items")) take(item);
    const auto* next = page.find("next_cursor");
    if (next == nullptr || next->if_text() == nullptr) return;
    cursor = *next->if_text();
  }
}

Json find_user(Control& control, const std::string& tenant, const std::string& email) {
  std::string wanted = email;  // addresses are kept in lower case
  std::ranges::transform(wanted, wanted.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  Json found;
  each_record(control, tenant, "users", {{"email", Json(wanted)}}, [&](const Json& user) { found = user; });
  return found;
}

std::string link_for(Control& control, std::string_view template_name, const std::string& token) {
  return providers::link_of(text_of(control.call({{"verb", Json("status")}}), "public_url"), template_name, token);
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += i + 1 == row.size() ? row[i] : fmt::format("{:<{}}  ", row[i], widths[i]);
    fmt::print("{}\n", line);
  }
}

ProgressBar::ProgressBar(std::string what, std::int64_t total)
    : what_(std::move(what)), total_(std::max<std::int64_t>(total, 1)), terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
  if (terminal_ && shown_percent_ >= 0) fmt::print(stderr, "\n");
}

void ProgressBar::show(std::int64_t done) {
  const auto percent = static_cast<int>(std::min(done, total_) * 100 / total_);
  if (!terminal_ || percent == shown_percent_) return;
  shown_percent_ = percent;
  fmt::print(stderr, "\r{} [{:<50}] {:3} %", what_, std::string(static_cast<std::size_t>(percent) / 2, '#'), percent);
}

}  // namespace interlock::server
