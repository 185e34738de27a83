// SPDX-License-Identifier: Apache-2.0
// What several commands need.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/control.h"

namespace interlock::server {

/// A new id of a record, as clients may bring one.
std::string new_type_id(std::string_view prefix);
/// An idempotency key for one run of one command.
std::string new_key();

struct TenantRow {
  std::string id, slug, name, status;
  bool lane = false;  ///< has data in this directory
};
/// The platform's own lane first, then the tenants by slug.
std::vector<TenantRow> all_tenants(Control& control);
/// By slug, id or "platform"; throws CommandError.
TenantRow tenant_named(Control& control, const std::string& name);

/// Every record of a collection, page by page, by id. `filters` are texts as in a list's query.
void each_record(Control& control, const std::string& tenant, const std::string& collection, const JsonObject& filters,
                 const std::function<void(const Json&)>& take);
/// The member with this e-mail address, or null.
Json find_user(Control& control, const std::string& tenant, const std::string& email);

/// One-time links, as people get them.
std::string link_for(Control& control, std::string_view template_name, const std::string& token);

/// Rows under each other, columns padded; the first row is the heading.
void print_table(const std::vector<std::vector<std::string>>& rows);

/// A bar on standard error while it is a terminal; nothing else.
class ProgressBar {
 public:
  ProgressBar(std::string what, std::int64_t total);
  ~ProgressBar();
  void show(std::int64_t done);

 private:
  std::string what_;
  std::int64_t total_;
  bool terminal_;
  int shown_percent_ = -1;
};

}  // namespace interlock::server
