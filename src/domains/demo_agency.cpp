// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "domains/agency/application.h"
#include "domains/crm/activity.h"
#include "domains/crm/checklist_item.h"
#include "domains/crm/note.h"
#include "domains/crm/task.h"
#include "domains/demo_agency_words.h"
#include "domains/demo_names.h"
#include "domains/demo_script.h"
#include "domains/platform/lanes.h"
#include "domains/platform/settings.h"

namespace interlock::domains {

namespace {

constexpr std::uint64_t agency_seed = 20'260'102;
constexpr int clients_total = 320;

struct Client {
  Id<Customer> id;
  Id<User> author;  ///< who works for it: nobody else of the staff sees it
};

struct Offered {
  Id<Product> product;
  bool is_study = false;  ///< has an intake, and documents to be brought
};

struct Applied {
  Id<Application> id;
  Client client;
  bool is_study = false;
  std::string status = "draft";
};

/// Everything is drawn from one seed in one order; a member function per part keeps that order visible.
class AgencyMaker : private DemoScript {
 public:
  AgencyMaker(TenantId tenant, const std::string& password_hash, Time now, const std::function<void(DemoCall)>& take)
      : DemoScript(agency_seed, password_hash, take),
        tenant_(tenant),
        today_{now.us - ((now.us % days(1).us) + days(1).us) % days(1).us} {}

  void make(const std::vector<DemoAccount>& accounts) {
    make_tenant({tenant_, agency_slug, "Compass Education Agency", "Australia/Melbourne", "AU", "AUD"});
    for (const auto& account : accounts) admit(account);
    // Staff see the clients assigned to them: each of them writes what they see, the admin the rest.
    choose_modules();
    make_catalogue();
    make_clients();
    make_services();
    move_applications();
    for (const auto& application : applications_) make_paperwork(application);
    for (const auto& client : clients_) make_timeline(client);
    send_rest();
  }

 private:
  void admit(const DemoAccount& account) {
    JsonArray scopes;
    if (account.role == "viewer") scopes.push_back(Json("customers:all"));
    const auto user = make_account(tenant_, account, std::move(scopes));
    if (account.role == "admin") admin_ = user;
    if (account.role == "staff") staff_.push_back(user);
  }

  /// Steps of one author wait for each other up to a call's worth.
  void add(Id<User> author, std::string operation, JsonObject request) {
    auto& steps = waiting_[author];
    steps.push_back({std::move(operation), Json(std::move(request))});
    if (steps.size() == steps_per_call) send(author);
  }
  void send(Id<User> author) {
    auto& steps = waiting_[author];
    if (!steps.empty()) batch(tenant_, author, "demo-" + std::to_string(++calls_), std::exchange(steps, {}));
  }
  void send_rest() {
    for (const auto& [author, steps] : std::map(waiting_)) send(author);
  }

  std::string day(std::int64_t from_today) const { return rfc3339(today_ + days(from_today)).substr(0, 10); }
  Json at(std::int64_t days_from_today, std::int64_t hour) const {
    return Json(rfc3339(today_ + days(days_from_today) + hours(hour)));
  }

  void choose_modules() {
    add(admin_, "settings/update",
        {{"id", json_id(settings_id())},
         {"version", Json("*")},
         {"modules", JsonArray{Json("crm"), Json("catalogue"), Json("agency")}},
         {"labels", JsonObject{{"customer", Json("client")}, {"customers", Json("clients")}}}});
    send(admin_);
  }

  void make_catalogue() {
    for (const auto& partner : demo_partners) {
      const Id<Partner> id{new_id()};
      const auto contact = demo_person(random());
      add(admin_, "partners/create",
          {{"id", json_id(id)},
           {"name", Json(partner.name)},
           {"kind", Json(partner.kind)},
           {"contact", Json(contact)},
           {"email", Json("admissions@" + std::string(partner.host))},
           {"phone", Json(partner.phone)},
           {"website", Json("https://www." + std::string(partner.host))},
           {"address", Json(partner.address)},
           {"tags", chance(40) ? JsonArray{Json("preferred")} : JsonArray{}},
           {"assigned_to", json_id(pick(staff_))}});
      for (const auto& product : partner.products) make_product(id, partner, product);
    }
    send(admin_);
  }

  void make_product(Id<Partner> of, const DemoPartner& partner, const DemoProduct& product) {
    const bool is_study = partner.kind != "insurer" && partner.kind != "accommodation";
    offered_.push_back({{new_id()}, is_study});
    JsonObject request{{"id", json_id(offered_.back().product)},
                       {"partner", json_id(of)},
                       {"name", Json(product.name)},
                       {"kind", Json(product.kind)},
                       {"duration", Json(product.duration)},
                       {"active", Json(!chance(6))}};
    if (product.price_minor > 0) {
      request.push_back({"price_minor", Json(product.price_minor)});
      request.push_back({"currency", Json(partner.currency)});
    }
    add(admin_, "products/create", std::move(request));
  }

  void make_clients() {
    for (int i = 0; i < clients_total; ++i) {
      auto person = demo_individual(random(), i);
      const bool assigned = !chance(8);
      clients_.push_back({{new_id()}, assigned ? pick(staff_) : admin_});
      JsonArray tags;
      for (const auto tag : demo_client_tags)
        if (chance(18)) tags.push_back(Json(tag));
      JsonObject request{{"id", json_id(clients_.back().id)},
                         {"name", Json(person.name)},
                         {"email", Json(person.email)},
                         {"phone", Json(person.phone)},
                         {"status", Json(person.status)},
                         {"address", Json(person.address)},
                         {"tags", std::move(tags)}};
      if (assigned) request.push_back({"assigned_to", json_id(clients_.back().author)});
      add(admin_, "customers/create", std::move(request));
    }
    send(admin_);
  }

  /// Three clients of four are interested in something; of that, every second became an application.
  void make_services() {
    for (const auto& client : clients_) {
      for (auto count = chance(75) ? 1 + below(2) : 0; count > 0; --count) make_service(client);
      if (chance(12)) make_direct_application(client);
    }
  }

  void make_service(const Client& client) {
    const Id<InterestedService> id{new_id()};
    const auto& offered = pick(offered_);
    JsonObject request{{"id", json_id(id)},
                       {"customer", json_id(client.id)},
                       {"product", json_id(offered.product)},
                       {"note", Json(pick(demo_service_notes))}};
    if (offered.is_study && chance(70)) {
      const auto start = static_cast<std::int64_t>(40 + 10 * below(30));
      request.push_back({"expected_start", Json(day(start))});
      request.push_back({"expected_end", Json(day(start + 180 + static_cast<std::int64_t>(30 * below(24))))});
    }
    add(client.author, "interested-services/create", std::move(request));
    if (!chance(50)) return;
    applications_.push_back({{new_id()}, client, offered.is_study});
    add(client.author, "interested-services/convert",
        {{"id", json_id(id)}, {"application", json_id(applications_.back().id)}});
  }

  void make_direct_application(const Client& client) {
    const auto& offered = pick(offered_);
    applications_.push_back({{new_id()}, client, offered.is_study});
    add(client.author, "applications/create",
        {{"id", json_id(applications_.back().id)},
         {"customer", json_id(client.id)},
         {"product", json_id(offered.product)}});
  }

  /// As far as each came, one call for each move, so that its history shows them.
  void move_applications() {
    send_rest();
    for (const auto* next : {"submitted", "offered", "accepted"}) {
      for (auto& application : applications_) {
        const bool stands_before = application.status == (*next == 's'   ? "draft"
                                                          : *next == 'o' ? "submitted"
                                                                         : "offered");
        if (!stands_before || chance(30)) continue;
        application.status = *next != 's' && chance(12) ? "refused" : chance(4) ? "withdrawn" : next;
        add(application.client.author, "applications/set-status",
            {{"id", json_id(application.id)}, {"status", Json(application.status)}});
      }
      send_rest();
    }
    for (const auto& application : applications_) {
      const bool over = application.status == "refused" || application.status == "withdrawn";
      if (over || application.status == "accepted") continue;
      JsonObject request{{"id", json_id(application.id)},
                         {"version", Json("*")},
                         {"due_date", Json(day(static_cast<std::int64_t>(below(60)) - 6))}};
      if (application.status != "draft")
        request.push_back({"partner_reference", Json("R" + std::to_string(100'000 + below(900'000)))});
      add(application.client.author, "applications/update", std::move(request));
    }
    send_rest();
  }

  void make_paperwork(const Applied& application) {
    const auto author = application.client.author;
    std::int64_t position = 0;
    for (const auto document : demo_documents) {
      if (!application.is_study && document != demo_documents[0]) break;
      const bool complete = application.status != "draft" && application.status != "withdrawn";
      add(author, "checklist-items/create",
          {{"id", Json(type_id_text("checklist_item", new_id()))},
           {"subject", json_id(application.id)},
           {"name", Json(document)},
           {"required", Json(document != "Curriculum vitae")},
           {"received", Json(complete ? !chance(6) : chance(45))},
           {"position", Json(position += 10)}});
    }
    const bool open =
        application.status == "draft" || application.status == "submitted" || application.status == "offered";
    for (auto count = open ? below(3) : chance(30) ? 1 : 0; count > 0; --count) make_task(application, open);
  }

  void make_task(const Applied& application, bool open) {
    const bool done = !open || chance(35);
    const auto due = static_cast<std::int64_t>(below(24)) - (done ? 20 : 3);
    JsonObject request{{"id", Json(type_id_text("task", new_id()))},
                       {"subject", json_id(application.id)},
                       {"title", Json(pick(demo_task_titles))},
                       {"due_at", at(due, 5)},
                       {"assigned_to", json_id(application.client.author)},
                       {"done", Json(done)}};
    if (!done && due > 1 && chance(60)) request.push_back({"remind_at", at(due - 1, 22)});
    add(application.client.author, "tasks/create", std::move(request));
  }

  void make_timeline(const Client& client) {
    for (auto count = below(4); count > 0; --count) {
      const auto& [kind, text] = pick(demo_activity_texts);
      add(client.author, "activities/create",
          {{"id", Json(type_id_text("activity", new_id()))},
           {"subject", json_id(client.id)},
           {"kind", Json(kind)},
           {"text", Json(text)},
           {"at", at(-static_cast<std::int64_t>(1 + below(120)), static_cast<std::int64_t>(below(9)))}});
    }
    if (chance(30)) {
      const auto& [title, text] = pick(demo_note_texts);
      add(client.author, "notes/create",
          {{"id", Json(type_id_text("note", new_id()))},
           {"subject", json_id(client.id)},
           {"title", Json(title)},
           {"text", Json(text)}});
    }
    if (chance(25))
      add(client.author, "comments/create",
          {{"id", Json(type_id_text("comment", new_id()))},
           {"subject", json_id(client.id)},
           {"text", Json(demo_comment(random()))}});
  }

  static constexpr std::size_t steps_per_call = 400;

  const TenantId tenant_;
  const Time today_;
  Id<User> admin_;
  std::vector<Id<User>> staff_;
  std::vector<Offered> offered_;
  std::vector<Client> clients_;
  std::vector<Applied> applications_;
  std::map<Id<User>, std::vector<DemoStep>> waiting_;
  int calls_ = 0;
};

}  // namespace

void make_demo_agency(TenantId tenant, const std::vector<DemoAccount>& accounts, const std::string& password_hash,
                      Time now, const std::function<void(DemoCall)>& take) {
  AgencyMaker(tenant, password_hash, now, take).make(accounts);
}

}  // namespace interlock::domains
