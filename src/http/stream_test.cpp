// SPDX-License-Identifier: Apache-2.0
#include "http/stream.h"

#include <gtest/gtest.h>

#include "http/feed_session.h"
#include "http/mailbox.h"

namespace interlock::http {
namespace {

constexpr std::size_t queue_bytes_max = 200;

std::shared_ptr<Stream> new_stream() {
  return std::make_shared<Stream>(std::make_shared<Mailbox>(), 1, StreamKind::server_sent_events, queue_bytes_max);
}

engine::FeedMessage change_of(std::size_t bytes) {
  return {1, std::make_shared<const std::string>(R"({"type":")" + std::string(bytes, 'x') + R"("})")};
}

TEST(StreamTest, WhoeverIsTooSlowIsCutOff) {
  const auto stream = new_stream();
  FeedOutlet outlet(stream);
  EXPECT_TRUE(outlet.deliver(change_of(10)));
  EXPECT_FALSE(outlet.deliver(change_of(queue_bytes_max)));
  EXPECT_TRUE(stream->is_cut_off());
  EXPECT_FALSE(outlet.deliver(change_of(10)));
}

TEST(StreamTest, WhoeverWentAwayWasNotTooSlow) {
  const auto stream = new_stream();
  FeedOutlet outlet(stream);
  stream->end();
  EXPECT_TRUE(outlet.deliver(change_of(10)));
  EXPECT_TRUE(outlet.deliver(change_of(queue_bytes_max)));
  EXPECT_FALSE(stream->is_cut_off());
  EXPECT_FALSE(outlet.has_room()) << "nothing is read for nobody";
}

}  // namespace
}  // namespace interlock::http
