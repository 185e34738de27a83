// SPDX-License-Identifier: Apache-2.0
#include "domains/demo_names.h"

#include <algorithm>
#include <string_view>

namespace interlock::domains {

namespace {

constexpr std::string_view first_names[] = {
    "Anna",     "Ben",     "Carla",  "David", "Elena",  "Felix", "Greta",   "Hugo",  "Ines",   "Jonas",
    "Katarina", "Liam",    "Maria",  "Noah",  "Olivia", "Paul",  "Quentin", "Rosa",  "Samuel", "Teresa",
    "Ulrich",   "Valerie", "Walter", "Xenia", "Yusuf",  "Zoe",   "Amélie",  "Bjørn", "Chloé",  "Dániel",
    "Emre",     "Fatima",  "Giulia", "Hana",  "Ivan",   "Joana", "Kofi",    "Lucía", "Marek",  "Nadia",
    "Oskar",    "Priya",   "Rafael", "Søren", "Tomáš",  "Uma",   "Viktor",  "Wanda", "Yara",   "Zoltán"};
constexpr std::string_view last_names[] = {
    "Adler",   "Bauer",     "Costa",   "Dubois",  "Evans",   "Ferrari",   "Gruber",  "Hansen",   "Ivanov",
    "Jensen",  "Kowalski",  "Lehmann", "Moreau",  "Novák",   "O'Brien",   "Petrov",  "Quinn",    "Rossi",
    "Schmidt", "Tanaka",    "Urban",   "Vargas",  "Weber",   "Xu",        "Yilmaz",  "Zimmer",   "Andersson",
    "Bianchi", "Castillo",  "Díaz",    "Eriksen", "Fischer", "García",    "Huber",   "Ibáñez",   "Johnson",
    "Keller",  "Lindqvist", "Müller",  "Nielsen", "Okafor",  "Papadakis", "Ribeiro", "Sørensen", "Taylor",
    "Vogel",   "Wagner",    "Young",   "Zhang",   "Şahin"};
constexpr std::string_view company_words[] = {"Alpine",   "Blue Harbor", "Cedar",   "Delta",    "Evergreen", "Falcon",
                                              "Granite",  "Horizon",     "Indigo",  "Juniper",  "Keystone",  "Lakeside",
                                              "Meridian", "Northwind",   "Orchard", "Pinnacle", "Riverside", "Summit"};
constexpr std::string_view company_trades[] = {
    "Bakery",    "Consulting", "Dental Care",   "Engineering", "Fitness", "Gardens",  "Hotels",    "Interiors",
    "Logistics", "Media",      "Physiotherapy", "Print",       "Roofing", "Software", "Veterinary"};
constexpr std::string_view company_forms[] = {"GmbH", "Ltd", "Inc", "SARL", "AG", "S.r.l.", "& Sons"};
constexpr std::string_view streets[] = {"Linden Street", "Station Road", "Market Square", "Mill Lane",
                                        "Harbour View",  "Kirchgasse",   "Bahnhofstraße", "Rue de la Paix",
                                        "Via Roma",      "Calle Mayor",  "Park Avenue",   "Hauptplatz",
                                        "Church Street", "Garden Row",   "High Street"};

struct City {
  std::string_view name;
  std::string_view postcode;
  std::string_view dialling;
};
constexpr City cities[] = {
    {"Vienna", "1070", "+43 1"},       {"Graz", "8010", "+43 316"},      {"Berlin", "10115", "+49 30"},
    {"Munich", "80331", "+49 89"},     {"Zürich", "8001", "+41 44"},     {"Paris", "75004", "+33 1"},
    {"Lyon", "69002", "+33 4"},        {"Milan", "20121", "+39 02"},     {"Madrid", "28013", "+34 91"},
    {"Lisbon", "1100-148", "+351 21"}, {"London", "EC1A 1BB", "+44 20"}, {"Dublin", "D02 X285", "+353 1"},
    {"Copenhagen", "1550", "+45 33"},  {"Prague", "110 00", "+420 2"},   {"Kraków", "31-005", "+48 12"}};
constexpr std::string_view tags[] = {"vip",       "newsletter", "referral", "trade-fair", "web",
                                     "wholesale", "local",      "partner",  "warm",       "follow-up"};
constexpr std::string_view comments[] = {"Called, nobody answered. I will try again on Thursday.",
                                         "Asked for an offer for the larger package.",
                                         "Prefers e-mail over the phone.",
                                         "Met at the trade fair, very interested.",
                                         "Sent the brochure and the price list.",
                                         "Will decide after the summer.",
                                         "Moved to a new address, please check before sending anything.",
                                         "Happy with the last delivery.",
                                         "Wants an appointment before noon only.",
                                         "Recommended us to two neighbours."};

template <class Table>
auto pick(Random& random, const Table& table) {
  return table[random.below(std::size(table))];
}

std::string digits(Random& random, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('0' + random.below(10));
  return text;
}

/// Lower-case ASCII letters of a name; what is none is left out.
std::string mail_part(std::string_view name) {
  std::string part;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') part += static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') part += c;
  }
  return part;
}

std::string pick_status(Random& random) {
  const auto percent = random.below(100);
  if (percent < 25) return "new";
  if (percent < 45) return "contacted";
  if (percent < 60) return "qualified";
  if (percent < 90) return "active";
  return "inactive";
}

std::string join(std::string_view a, std::string_view b) { return std::string(a) + " " + std::string(b); }

void name_person(Random& random, int number, DemoCustomer& customer) {
  const auto first = pick(random, first_names);
  const auto last = pick(random, last_names);
  customer.name = join(first, last);
  customer.email = mail_part(first) + "." + mail_part(last) + std::to_string(number) + "@example.com";
}

void fill_in(Random& random, DemoCustomer& customer) {
  const auto city = pick(random, cities);
  customer.phone = join(city.dialling, digits(random, 7));
  const auto street = pick(random, streets);
  customer.address = join(street, std::to_string(1 + random.below(180))) + ", " + join(city.postcode, city.name);
  for (auto count = random.below(4); count > 0; --count) {
    std::string tag(pick(random, tags));
    if (std::find(customer.tags.begin(), customer.tags.end(), tag) == customer.tags.end()) customer.tags.push_back(tag);
  }
  customer.status = pick_status(random);
}

}  // namespace

std::string demo_person(Random& random) {
  const auto first = pick(random, first_names);
  return join(first, pick(random, last_names));
}

std::string demo_comment(Random& random) { return std::string(pick(random, comments)); }

DemoCustomer demo_customer(Random& random, int number) {
  DemoCustomer customer;
  const bool company = random.below(10) < 3;
  const auto unique_part = std::to_string(number);
  if (company) {
    const auto word = pick(random, company_words);
    const auto trade = pick(random, company_trades);
    customer.name = join(join(word, trade), pick(random, company_forms));
    customer.email = "office" + unique_part + "@" + mail_part(word) + "-" + mail_part(trade) + ".example";
  } else {
    name_person(random, number, customer);
  }
  fill_in(random, customer);
  return customer;
}

DemoCustomer demo_individual(Random& random, int number) {
  DemoCustomer customer;
  name_person(random, number, customer);
  fill_in(random, customer);
  return customer;
}

}  // namespace interlock::domains
