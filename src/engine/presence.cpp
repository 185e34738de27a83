// SPDX-License-Identifier: Apache-2.0
#include "engine/presence_table.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/limits.h"

namespace interlock::engine {

namespace {

constexpr std::string_view topic = "presence";
// Beside who is there: a node says that it is there, and asks what the others know.
constexpr std::string_view alive = "alive";
constexpr std::string_view asks = "who";

/// One person with several tabs, or at several nodes, is one person; editing beats viewing.
void add(std::vector<PresenceEntry>& present, const PresenceEntry& entry) {
  const auto same = std::find_if(present.begin(), present.end(), [&](const auto& p) { return p.user == entry.user; });
  if (same == present.end())
    present.push_back(entry);
  else if (entry.state == "editing")
    same->state = entry.state;
}

std::string people_json(TenantId tenant, const Subject& subject, const std::vector<PresenceEntry>& people) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("tenant", uuid_text(tenant.uuid)).member("subject", subject_text(subject));
  json.key("users").begin_array();
  for (const auto& person : people)
    json.begin_object()
        .member("id", uuid_text(person.user))
        .member("name", person.name)
        .member("state", person.state)
        .end_object();
  json.end_array().end_object();
  return text;
}

std::string text_of(const Json& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* text = member == nullptr ? nullptr : member->if_text();
  return text == nullptr ? std::string() : *text;
}

}  // namespace

PresenceTable::PresenceTable(Nodes& nodes, const Clock& clock, Announce announce)
    : nodes_(nodes),
      clock_(clock),
      announce_(std::move(announce)),
      listener_(nodes.hear(std::string(topic), [this](auto node, auto text) { hear(node, text); })) {}

void PresenceTable::set(TenantId tenant, std::uint64_t connection, const Subject& subject, PresenceEntry entry) {
  {
    std::lock_guard lock(mutex_);
    auto& entries = entries_[tenant];
    std::erase_if(entries, [&](const auto& e) { return e.connection == connection && e.subject == subject; });
    if (!entry.state.empty() && entries.size() < limits::presence_entries_per_tenant_max)
      entries.push_back({connection, subject, std::move(entry)});
  }
  changed(tenant, subject);
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
  for (const auto& subject : left) changed(tenant, subject);
}

std::vector<PresenceEntry> PresenceTable::of(TenantId tenant, const Subject& subject) {
  std::lock_guard lock(mutex_);
  auto present = here(tenant, subject);
  for (const auto& [name, node] : others_) {
    const auto people = node.people.find({tenant, subject});
    if (people == node.people.end()) continue;
    for (const auto& person : people->second) add(present, person);
  }
  return present;
}

/// At this node. The mutex is held.
std::vector<PresenceEntry> PresenceTable::here(TenantId tenant, const Subject& subject) const {
  std::vector<PresenceEntry> present;
  const auto at = entries_.find(tenant);
  if (at == entries_.end()) return present;
  for (const auto& e : at->second)
    if (e.subject == subject) add(present, e.entry);
  return present;
}

void PresenceTable::changed(TenantId tenant, const Subject& subject) {
  tell(tenant, subject);
  announce_(tenant, subject);
}

void PresenceTable::tell(TenantId tenant, const Subject& subject) {
  std::vector<PresenceEntry> people;
  {
    std::lock_guard lock(mutex_);
    people = here(tenant, subject);
  }
  // Of a crowd that has no room in one text, the others see the first.
  auto text = people_json(tenant, subject, people);
  for (; topic.size() + 1 + text.size() > limits::told_bytes_max; text = people_json(tenant, subject, people))
    people.resize(people.size() / 2);
  nodes_.tell(topic, text);
}

void PresenceTable::tell_all() {
  std::set<Place> places;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [tenant, entries] : entries_)
      for (const auto& e : entries) places.insert({tenant, e.subject});
  }
  for (const auto& [tenant, subject] : places) tell(tenant, subject);
}

void PresenceTable::begin_to_listen() {
  nodes_.tell(topic, asks);
  tell_all();
}

void PresenceTable::keep_in_touch() {
  const auto now = clock_.monotonic();
  std::vector<Place> left;
  {
    std::lock_guard lock(mutex_);
    if (now - told_alive_ < limits::node_alive_interval) return;
    told_alive_ = now;
    std::erase_if(others_, [&](const auto& other) {
      if (now - other.second.heard <= limits::node_silent_max) return false;
      for (const auto& [place, people] : other.second.people) left.push_back(place);
      return true;
    });
  }
  nodes_.tell(topic, alive);
  for (const auto& [tenant, subject] : left) announce_(tenant, subject);
}

void PresenceTable::hear(std::string_view node, std::string_view text) {
  Place place;
  {
    std::lock_guard lock(mutex_);
    auto& other = others_[std::string(node)];
    other.heard = clock_.monotonic();
    if (text == alive) return;
    if (text == asks) {
      other.people.clear();  // it tells them next
    } else {
      take_people(other, parse_json(text), place);
    }
  }
  if (text == asks) return tell_all();
  announce_(place.first, place.second);
}

void PresenceTable::take_people(Node& node, const Json& told, Place& place) {
  const auto tenant = parse_uuid(text_of(told, "tenant"));
  const auto subject = parse_subject(text_of(told, "subject"));
  const auto* users = told.find("users");
  if (!tenant || !subject || users == nullptr || users->if_array() == nullptr) return;  // of another release
  place = {TenantId{*tenant}, *subject};
  std::vector<PresenceEntry> people;
  for (const auto& user : *users->if_array())
    if (const auto id = parse_uuid(text_of(user, "id")))
      people.push_back({*id, text_of(user, "name"), text_of(user, "state")});
  if (people.empty())
    node.people.erase(place);
  else
    node.people[place] = std::move(people);
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
