// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/comment.h"
#include "domains/crm/comments.h"

namespace interlock::domains {

namespace {

constexpr auto comment_fields = fields<Comment>(field<&Comment::subject>(required, fixed, indexed),
                                                field<&Comment::text>(required, max_bytes(10'000)),
                                                field<&Comment::reply_to>(fixed, reference<Comment>(OnDelete::clear)));

}  // namespace

const RecordType& record_type_of(const Comment*) {
  static const RecordType type = make_record_type<Comment>(62, "comment", "comments", comment_fields,
                                                           {.module = "crm",
                                                            .append_only = true,
                                                            .visible_through = "subject",
                                                            .default_sort = "created_at",
                                                            .before_save = &check_comment});
  return type;
}

}  // namespace interlock::domains
