# SPDX-License-Identifier: Apache-2.0
"""Server-sent events: the same feed with the sequence as `id:` (row E7)."""

import asyncio
import json

import aiohttp
import pytest

import harness
from flows import Events, create, made, patch, refused
from harness import Answer


async def take(http, count, query="collections=customers", headers=None, then=None):
    """The first `count` events that are no heartbeat."""
    taken = []
    async with http.get(f"/api/events?{query}", headers=headers) as response:
        assert response.status == 200 and response.headers["Content-Type"].startswith("text/event-stream")
        async for number, message in Events(response):
            if then:
                then()
                then = None
            if message["type"] == "heartbeat":
                continue
            taken.append((number, message))
            if len(taken) == count:
                return taken


def run(client, work):
    async def inside():
        async with harness.session(client) as http:
            return await work(http)

    return harness.run(inside(), 60)


def test_events_carry_the_sequence_as_id(staff):
    start = staff.get("/api/customers", limit=1)["seq"]
    record = create(staff)
    ((number, message),) = run(staff, lambda http: take(http, 1, f"collections=customers&since={start}"))
    assert message["type"] == "change" and message["record"] == record and number == message["seq"]


def test_live_events_follow(staff):
    made = []
    ((number, message),) = run(staff, lambda http: take(http, 1, then=lambda: made.append(create(staff))))
    assert message["id"] == made[0]["id"] and number == message["seq"]


def test_last_event_id_resumes_without_gap_or_double(staff):
    start = staff.get("/api/customers", limit=1)["seq"]
    record = create(staff)
    for number in range(9):
        record = patch(staff, record, phone=str(number))

    async def work(http):
        first = await take(http, 4, f"collections=customers&since={start}")
        rest = await take(http, 6, f"collections=customers&since={start}", {"Last-Event-ID": str(first[-1][0])})
        return first + rest

    events = run(staff, work)
    assert [message["version"] for _, message in events] == list(range(1, 11))


def test_several_collections_and_a_filter(staff):
    start = staff.get("/api/customers", limit=1)["seq"]
    record = create(staff, tags=["sse"])
    said = staff.post("/api/comments", {"subject": record["id"], "text": "x"})
    events = run(staff, lambda http: take(http, 2, f"collections=customers,comments&since={start}"))
    assert [message["id"] for _, message in events] == [record["id"], said["id"]]
    query = f"collections=customers&since={start}&filter=" + json.dumps({"status": "new"})
    assert run(staff, lambda http: take(http, 1, query))[0][1]["id"] == record["id"]


def test_past_and_future_are_a_reset(staff):
    ((_, message),) = run(staff, lambda http: take(http, 1, "collections=customers", {"Last-Event-ID": "999999999"}))
    assert message["type"] == "reset"


@pytest.mark.parametrize(
    "query, status",
    [("", 422), ("collections=", 422), ("collections=nonsense", 404), ("collections=leases", 404), ("collections=tenants", 404), ("collections=customers&colour=red", 422), ("collections=customers&since=x", 422)],
)
def test_a_malformed_query_is_refused_before_the_stream_begins(staff, query, status):
    assert staff.get(f"/api/events?{query}").status == status


def test_a_stream_has_no_head(staff):
    for path in ("/api/events?collections=customers", "/api/feed"):
        answer = staff.request("HEAD", path)
        assert answer.status == 405 and answer.headers["Allow"] == "GET"
        assert answer.body == b""


def test_rights_hold(server, people):
    refused(server.client().get("/api/events?collections=customers"), 401, "unauthenticated")
    refused(people("guest").get("/api/events?collections=users"), 403, "forbidden")


def test_websocket_and_events_tell_the_same(staff):
    start = staff.get("/api/customers", limit=1)["seq"]
    record = create(staff)
    patch(staff, record, phone="1")

    async def work(http):
        by_events = [message for _, message in await take(http, 2, f"collections=customers&since={start}")]
        async with harness.Feed(http, ["customers"], since=start) as feed:
            return by_events, await feed.changes(2)

    by_events, by_socket = run(staff, work)
    assert by_events == by_socket


STREAMS = 256  # of one session or token


def test_the_streams_of_a_session_are_bounded(server):
    """WebSockets and event streams count together, each session and token for itself, and a closed one makes room."""
    staff = server.login("staff02@demo.test")
    token = made(staff.post("/api/api-tokens/create", {"name": "x", "permissions": ["customers.read"]}))["token"]

    async def status_of_one_more(http):
        async with http.get("/api/events?collections=customers") as response:
            if response.status != 200:
                answer = Answer(response.status, response.headers, await response.read())
                assert refused(answer, 429, "too_many")["limit"] == STREAMS
            return response.status

    async def work(http):
        sockets = [await http.ws_connect("/api/feed") for _ in range(STREAMS - 1)]
        async with http.get("/api/events?collections=customers") as events:
            assert events.status == 200
            assert await status_of_one_more(http) == 429
            with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
                await http.ws_connect("/api/feed")
            assert refusal.value.status == 429
            for other in (server.client(token), server.login("staff02@demo.test")):
                async with harness.session(other) as elsewhere:
                    assert await status_of_one_more(elsewhere) == 200
        await sockets.pop().close()
        for _ in range(2_000):
            if await status_of_one_more(http) == 200:
                break
            await asyncio.sleep(0.005)
        else:
            raise AssertionError("a closed stream makes room")
        for socket in sockets:
            await socket.close()

    run(staff, work)


def test_a_hundred_streams_at_once(staff):
    start = staff.get("/api/customers", limit=1)["seq"]
    create(staff)

    async def work(http):
        return await asyncio.gather(*(take(http, 1, f"collections=customers&since={start}") for _ in range(100)))

    answers = run(staff, work)
    assert all(answer == answers[0] for answer in answers)
