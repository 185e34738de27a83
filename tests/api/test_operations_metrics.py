# SPDX-License-Identifier: Apache-2.0
"""What the page for administrators shows of the server."""

import asyncio
import re

import pytest

import harness
from flows import create, refused
from harness import Feed


def test_numbers_rise_with_the_work(admin, staff):
    before = admin.get("/api/operations-metrics")
    assert before.status == 200
    create(staff)
    after = admin.get("/api/operations-metrics")
    assert after["operations"] > before["operations"] and after["changes"] > before["changes"]
    assert after["requests"]["2xx"] > before["requests"]["2xx"]
    assert [bound["le"] for bound in after["request_us"]][-1] is None
    assert sum(bound["count"] for bound in after["request_us"]) >= after["requests"]["2xx"]


def test_the_lag_of_the_feed_is_counted(make_server):
    """From the commit until the socket of a live subscriber has the change; what is caught up with is not."""
    server = make_server()
    admin, staff = server.login("admin@demo.test"), server.login("staff01@demo.test")

    def counted():
        return sum(bound["count"] for bound in admin.get("/api/operations-metrics")["feed_lag_us"])

    async def follow():
        async with harness.session(staff) as http:
            async with Feed(http, ["customers"]) as feed:
                since = (await feed.next("heartbeat"))["seq"]
                await asyncio.to_thread(create, staff)
                await feed.changes(1)
            async with Feed(http, ["customers"], since=since) as late:
                await late.changes(1)

    assert counted() == 0
    asyncio.run(follow())
    harness.wait_for(lambda: counted() == 1, what="the lag")
    text = server.client().get("/metrics").text
    assert re.search(r"^# TYPE interlock_feed_lag_seconds histogram$", text, re.M)
    assert re.search(r"^interlock_feed_lag_seconds_count 1$", text, re.M)


@pytest.mark.parametrize("name", ["staff01", "viewer", "guest"])
def test_they_are_for_administrators(people, name):
    refused(people(name).get("/api/operations-metrics"), 403, "forbidden")
