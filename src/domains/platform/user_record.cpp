// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/roles.h"
#include "domains/platform/user.h"
#include "domains/platform/users.h"

namespace interlock::domains {

namespace {

constexpr std::string_view states[] = {"invited", "active", "disabled"};
constexpr Transition transitions[] = {
    {"invited", "activate", "active"}, {"invited", "disable", "disabled"}, {"active", "disable", "disabled"},
    {"disabled", "enable", "active"},  {"disabled", "invite", "invited"},
};

const auto user_fields = fields<User>(field<&User::name>(max_bytes(200), mergeable, searchable),
                                      field<&User::email>(required, read_only, unique, max_bytes(254), searchable),
                                      field<&User::role>(required, indexed, one_of(role_names())),
                                      field<&User::status>(indexed, one_of(states)),
                                      field<&User::scopes>(max_bytes(80)), field<&User::joined_at>(read_only));

}  // namespace

const TransitionTable user_transitions{states, transitions};

const RecordType& record_type_of(const User*) {
  static const RecordType type =
      make_record_type<User>(1, "user", "users", user_fields,
                             {.creatable = false, .deletable = false, .own_field = "id", .before_save = &check_user});
  return type;
}

}  // namespace interlock::domains
