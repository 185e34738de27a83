// SPDX-License-Identifier: Apache-2.0
#include "engine/presence_table.h"

#include <algorithm>

#include "base/json.h"
#include "base/limits.h"

namespace interlock::engine {

void PresenceTable::set(TenantId tenant, std::uint64_t connection, const Subject& subject, PresenceEntry entry) {
  {
    std::lock_guard lock(mutex_);
    auto& entries = entries_[tenant];
    std::erase_if(entries, [&](const auto& e) { return e.connection == connection && e.subject == subject; });
    if (!entry.state.empty() && entries.size() < limits::presence_entries_per_tenant_max)
      entries.push_back({connection, subject, std::move(entry)});
  }
  announce_(tenant, subject);
}

void PresenceTable::leave_all(TenantId tenant, std::uint64_t connection) {
  std::vector<Subject> left;
  {
    std::lock_guard lock(mutex_);
    auto& entries = entries_[tenant];
    for (const auto& e : entries)
      if (e.connection == connection) left.push_back(e.subject);
    std::erase_if(entries, [&](const auto& e) { return e.connection == connection; });
    if (entries.empty()) entries_.erase(tenant);
  }
  for (const auto& subject : left) announce_(tenant, subject);
}

std::vector<PresenceEntry> PresenceTable::of(TenantId tenant, const Subject& subject) {
  std::lock_guard lock(mutex_);
  std::vector<PresenceEntry> present;
  const auto at = entries_.find(tenant);
  if (at == entries_.end()) return present;
  for (const auto& e : at->second) {
    if (e.subject != subject) continue;
    // One person with several tabs is one person; editing beats viewing.
    const auto same =
        std::find_if(present.begin(), present.end(), [&](const auto& p) { return p.user == e.entry.user; });
    if (same == present.end())
      present.push_back(e.entry);
    else if (e.entry.state == "editing")
      same->state = e.entry.state;
  }
  return present;
}

std::string presence_json(const Subject& subject, const std::vector<PresenceEntry>& present,
                          const std::optional<LeaseHolder>& lease) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("type", "presence").member("subject", subject_text(subject)).key("users").begin_array();
  for (const auto& e : present)
    json.begin_object()
        .member("id", type_id_text("user", e.user))
        .member("name", e.name)
        .member("state", e.state)
        .end_object();
  json.end_array().key("lease");
  if (lease)
    json.begin_object()
        .member("holder", type_id_text("user", lease->user))
        .member("name", lease->name)
        .member("expires_at", rfc3339(lease->expires_at))
        .end_object();
  else
    json.null();
  json.end_object();
  return text;
}

}  // namespace interlock::engine
