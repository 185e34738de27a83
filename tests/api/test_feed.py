# SPDX-License-Identifier: Apache-2.0
"""The live feed over WebSocket: what is sent, to whom, from where on (rows B8, E7)."""

import asyncio
import uuid

import pytest

import harness
from flows import RawSocket, batch_atomic, batch_item, comment, create, patch, set_scopes, with_user
from harness import Feed, unique_key


def follow(client, work, seconds=60):
    """Runs work(http) with a session of the client."""

    async def inside():
        async with harness.session(client) as http:
            return await work(http)

    return harness.run(inside(), seconds)


async def opened(feed):
    """After the first heartbeat the subscription stands; answers the sequence that it begins after."""
    return (await feed.next("heartbeat"))["seq"]


# ---- changes ----------------------------------------------------------------------------------------------------------------


def test_a_change_says_what_happened(staff, colleague):
    async def work(http):
        async with Feed(http, ["customers"]) as feed:
            await opened(feed)
            record = create(colleague, phone="1")
            return record, await feed.next(), patch(colleague, record, phone="2"), await feed.next()

    record, first, changed, second = follow(staff, work)
    assert first["type"] == "change" and first["collection"] == "customers" and first["id"] == record["id"]
    assert first["operation"] == "customers/create" and first["version"] == 1 and first["record"] == record
    assert first["actor"] == {"id": colleague.user["id"], "name": colleague.user["name"]}
    assert first["seq"] > 0 and first["op_seq"] <= first["seq"]
    assert second["record"] == changed and second["version"] == 2 and second["seq"] > first["seq"]
    assert second["operation"] == "customers/update"


def test_only_what_was_asked_for_is_sent(staff):
    async def work(http):
        async with Feed(http, ["comments"]) as feed:
            await opened(feed)
            record = create(staff)
            said = comment(staff, record)
            return said, await feed.next()

    said, message = follow(staff, work)
    assert message["collection"] == "comments" and message["record"] == said


@pytest.mark.parametrize("collections", [["comments"], ["customers", "comments"]])
def test_a_list_kept_by_the_feed_loses_and_regains_the_comments_of_a_deleted_record(staff, collections):
    customer = create(staff)
    before = comment(staff, customer)

    async def work(http):
        kept = {}

        async def take(feed):
            message = await feed.next("change", "gone", "back")
            if message["type"] == "change" and message["collection"] == "comments":
                kept[message["id"]] = message["record"]
            if message.get("dependants") == "gone":
                for key in [key for key, record in kept.items() if record["subject"] == message["id"]]:
                    del kept[key]
            if message.get("dependants") == "back":
                kept.update((item["id"], item) for item in staff.items("/api/comments", subject=message["id"]))
            return message, sorted(kept)

        async with Feed(http, collections) as feed:
            since = await opened(feed)
            kept[before["id"]] = before
            staff.delete(f"/api/customers/{customer['id']}", {"version": 1})
            deleted, none = await take(feed)
            staff.post("/api/customers/restore", {"id": customer["id"]})
            restored, again = await take(feed)
            said = comment(staff, customer)
            _, both = await take(feed)
        async with Feed(http, collections, since=since) as feed:
            resumed = [(await take(feed))[0] for _ in range(3)]
            return deleted, none, restored, again, said, both, resumed, sorted(kept)

    deleted, none, restored, again, said, both, resumed, at_last = follow(staff, work)
    assert (deleted["type"], deleted["collection"], deleted["id"]) == ("gone", "customers", customer["id"]) and none == []
    assert restored["type"] == ("change" if "customers" in collections else "back") and again == [before["id"]]
    assert both == at_last == sorted([before["id"], said["id"]])
    assert [message["type"] for message in resumed] == ["gone", restored["type"], "change"]


def test_several_collections_come_in_one_order(staff):
    async def work(http):
        async with Feed(http, ["customers", "comments", "activities"]) as feed:
            await opened(feed)
            record = create(staff)
            comment(staff, record)
            staff.post("/api/activities", {"subject": record["id"], "text": "call"})
            patch(staff, record, phone="1")
            return await feed.changes(4)

    messages = follow(staff, work)
    assert [message["collection"] for message in messages] == ["customers", "comments", "activities", "customers"]
    numbers = [message["seq"] for message in messages]
    assert numbers == sorted(set(numbers))


def test_all_changes_of_one_operation_share_op_seq_and_come_together(staff, colleague):
    async def work(http):
        async with Feed(http, ["customers", "comments"]) as feed:
            await opened(feed)
            batch_atomic(
                staff,
                [
                    batch_item("customers/create", {"name": "Ana"}, **{"as": "c"}),
                    batch_item("comments/create", {"subject": "$c.id", "text": "1"}),
                    batch_item("comments/create", {"subject": "$c.id", "text": "2"}),
                ],
            )
            create(colleague)
            return await feed.changes(4)

    messages = follow(staff, work)
    assert len({message["op_seq"] for message in messages[:3]}) == 1
    assert messages[3]["op_seq"] != messages[0]["op_seq"]
    assert [message["seq"] - messages[0]["seq"] for message in messages[:3]] == [0, 1, 2]


def test_the_key_is_shown_to_its_own_sender_only(server, staff, colleague):
    key = unique_key()

    async def listen(client, ready):
        async with harness.session(client) as http, Feed(http, ["customers"]) as feed:
            await opened(feed)
            ready.release()
            return await feed.next("change")

    async def work():
        ready = asyncio.Semaphore(0)
        clients = [staff, server.login("staff01@demo.test"), colleague]
        tasks = [asyncio.create_task(listen(client, ready)) for client in clients]
        for _ in tasks:
            await ready.acquire()
        assert staff.post("/api/customers", {"name": "Ana"}, key=key).status == 201
        return await asyncio.gather(*tasks)

    mine, my_other_tab, theirs = harness.run(work())
    assert mine["key"] == my_other_tab["key"] == key
    assert "key" not in theirs


def test_a_filter_uses_the_records_own_fields(staff):
    tag = uuid.uuid4().hex

    async def work(http):
        async with Feed(http, ["customers"], filter={"tags": tag, "status": ["new", "contacted"]}) as feed:
            await opened(feed)
            create(staff)
            create(staff, tags=[tag], status="active")
            inside = create(staff, tags=[tag])
            return inside, await feed.next()

    inside, message = follow(staff, work)
    assert message["type"] == "change" and message["id"] == inside["id"]


def test_a_filter_may_name_the_actor(staff, colleague):
    async def work(http):
        async with Feed(http, ["customers"], filter={"assigned_to": "$me"}) as feed:
            await opened(feed)
            create(staff, assigned_to=colleague.user["id"])
            mine = create(colleague, assigned_to=staff.user["id"])
            return mine, await feed.next()

    mine, message = follow(staff, work)
    assert message["id"] == mine["id"]


@pytest.mark.parametrize("leave", ["field", "delete"])
def test_gone_says_that_a_record_left(staff, leave):
    tag = uuid.uuid4().hex

    async def work(http):
        record = create(staff, tags=[tag])
        async with Feed(http, ["customers"], filter={"tags": tag}) as feed:
            await opened(feed)
            if leave == "field":
                patch(staff, record, tags=[])
            else:
                staff.delete(f"/api/customers/{record['id']}", {"version": 1})
            return record, await feed.next()

    record, message = follow(staff, work)
    assert message["type"] == "gone" and message["id"] == record["id"] and message["collection"] == "customers"
    assert message["seq"] > 0


def test_a_record_that_enters_a_filter_is_sent_whole(staff):
    tag = uuid.uuid4().hex

    async def work(http):
        record = create(staff)
        async with Feed(http, ["customers"], filter={"tags": tag}) as feed:
            await opened(feed)
            return patch(staff, record, tags=[tag]), await feed.next()

    record, message = follow(staff, work)
    assert message["type"] == "change" and message["record"] == record


def test_a_restored_record_is_a_change(staff):
    async def work(http):
        record = create(staff)
        async with Feed(http, ["customers"]) as feed:
            await opened(feed)
            staff.delete(f"/api/customers/{record['id']}", {"version": 1})
            staff.post("/api/customers/restore", {"id": record["id"]})
            return [await feed.next(), await feed.next()]

    messages = follow(staff, work)
    assert [message["type"] for message in messages] == ["gone", "change"] and messages[1]["version"] == 3


def test_what_was_refused_is_not_sent(staff):
    async def work(http):
        record = create(staff)
        async with Feed(http, ["customers"]) as feed:
            await opened(feed)
            assert staff.patch(f"/api/customers/{record['id']}", {"version": 9, "status": "contacted"}).status == 409
            assert staff.patch(f"/api/customers/{record['id']}", {"version": 1, "name": record["name"]}).status == 200
            last = create(staff)
            return last, await feed.next()

    last, message = follow(staff, work)
    assert message["id"] == last["id"]


# ---- resume -----------------------------------------------------------------------------------------------------------------


def test_resume_gives_what_came_after_once_and_goes_on_live(staff):
    start = staff.get("/api/customers", limit=1)["seq"]
    record = create(staff)
    for number in range(20):
        record = patch(staff, record, phone=str(number))

    async def work(http):
        async with Feed(http, ["customers"], since=start) as feed:
            caught_up = await feed.changes(21)
        middle = caught_up[9]["seq"]
        async with Feed(http, ["customers"], since=middle) as feed:
            rest = await feed.changes(11)
            live = patch(staff, record, phone="live")
            return caught_up, rest, live, await feed.next()

    caught_up, rest, live, last = follow(staff, work)
    assert [message["version"] for message in caught_up] == list(range(1, 22))
    assert rest == caught_up[10:]
    assert last["record"] == live


def test_the_sequence_of_a_list_is_where_to_subscribe_from(staff):
    page = staff.get("/api/customers", limit=1)
    assert page["seq"] == page.seq
    record = create(staff)

    async def work(http):
        async with Feed(http, ["customers"], since=page["seq"]) as feed:
            return await feed.next()

    assert follow(staff, work)["id"] == record["id"]


def test_resume_from_the_future_is_a_reset(staff):
    now = staff.get("/api/customers", limit=1)["seq"]

    async def work(http):
        async with Feed(http, ["customers"], since=now + 1_000_000) as feed:
            first = await feed.next()
            record = create(staff)
            return first, record, await feed.next()

    first, record, message = follow(staff, work)
    assert first["type"] == "reset" and now <= first["seq"] < now + 1000
    assert message["id"] == record["id"], "it goes on live from there"


def test_what_was_redacted_is_not_replayed(make_server):
    """Redaction raises where the feed begins: who resumes from before it is told to list again."""
    server = make_server()
    owner = server.login()
    before = owner.get("/api/customers", limit=1)["seq"]
    record = create(owner, name="Secret Person", email="secret@example.test")
    assert owner.post("/api/customers/redact", {"id": record["id"]}).status == 200

    async def work(http):
        async with Feed(http, ["customers"], since=before) as feed:
            return await feed.next()

    assert follow(owner, work)["type"] == "reset"
    assert "Secret Person" not in owner.get(f"/api/customers/{record['id']}/history").text


# ---- presence, heartbeat ------------------------------------------------------------------------------------------------------


def test_presence_is_seen_by_others_and_ends_with_the_connection(staff, colleague):
    record = create(staff)

    async def work():
        async with harness.session(staff) as mine, harness.session(colleague) as theirs:
            async with Feed(mine, [], presence=[record["id"]]) as feed:
                await opened(feed)
                async with Feed(theirs, ["customers"]) as other:
                    await other.socket.send_json({"type": "presence", "subject": record["id"], "state": "editing"})
                    came = await feed.next("presence")
                    await other.socket.send_json({"type": "presence", "subject": record["id"], "state": "viewing"})
                    looks = await feed.next("presence")
                left = await feed.next("presence")
                return came, looks, left

    came, looks, left = harness.run(work())
    assert came["subject"] == record["id"]
    assert came["users"] == [{"id": colleague.user["id"], "name": colleague.user["name"], "state": "editing"}]
    assert [user["state"] for user in looks["users"]] == ["viewing"]
    assert left["users"] == []


def test_a_lease_shows_in_the_presence_of_its_record(staff, colleague):
    record = create(staff)

    async def work(http):
        async with Feed(http, [], presence=["customers"]) as feed:
            await opened(feed)
            assert colleague.post("/api/leases/take", {"subject": record["id"]}, key=None).status == 200
            taken = await feed.next("presence")
            assert colleague.post("/api/leases/release", {"subject": record["id"]}, key=None).status == 200
            return taken, await feed.next("presence")

    taken, released = follow(staff, work)
    assert taken["subject"] == record["id"] and colleague.user["id"] in str(taken["lease"])
    assert released["lease"] is None


def test_the_heartbeat_tells_the_sequence(staff):
    async def work(http):
        async with Feed(http, ["customers"]) as feed:
            begin = await opened(feed)
            record = create(staff)
            change = await feed.next("change")
            return begin, change, record, (await feed.next("heartbeat", seconds=40))["seq"]

    begin, change, _, later = follow(staff, work)
    assert begin < change["seq"] <= later


# ---- rights -----------------------------------------------------------------------------------------------------------------------


def test_collections_must_be_readable(server, staff, people):
    async def ask(client, message):
        async with harness.session(client) as http:
            socket = await http.ws_connect("/api/feed")
            await socket.send_json(message)
            async for reply in socket:
                return reply.json()

    guest = people("guest")
    cases = [
        (guest, {"type": "subscribe", "collections": ["users"]}, "forbidden"),
        (staff, {"type": "subscribe", "collections": ["sessions"]}, "not_found"),
        (staff, {"type": "subscribe", "collections": ["nonsense"]}, "not_found"),
        (staff, {"type": "subscribe", "collections": ["customers"], "filter": {"colour": "red"}}, "unknown_field"),
        (staff, {"type": "subscribe", "collections": "customers"}, "wrong_type"),
        (staff, {"type": "subscribe", "collections": ["customers"], "since": -1}, "wrong_type"),
        (staff, {"type": "dance"}, "invalid_value"),
    ]
    for client, message, code in cases:
        reply = harness.run(ask(client, message))
        assert reply["type"] == "error" and reply["code"] == code, (message, reply)


def test_without_a_session_there_is_no_feed(server):
    async def work():
        async with harness.session(server.client()) as http:
            async with http.get("/api/feed", headers={"Upgrade": "websocket", "Connection": "Upgrade"}) as response:
                return response.status

    assert harness.run(work()) in (400, 401)


def test_a_scope_holds_for_the_feed(owner, people, staff):
    person = people("staff25")
    set_scopes(owner, "staff25@demo.test", "customers:assigned")

    async def work(http):
        async with Feed(http, ["customers", "comments"]) as feed:
            await opened(feed)
            hidden = create(staff)
            comment(staff, hidden, "hidden too")
            shown = create(staff, assigned_to=person.user["id"])
            first = await feed.next()
            said = comment(staff, shown, "seen")
            second = await feed.next()
            patch(staff, shown, assigned_to=None)
            return shown, first, said, second, await feed.next()

    shown, first, said, second, third = follow(person, work)
    assert first["id"] == shown["id"] and second["id"] == said["id"]
    assert third["type"] == "gone" and third["id"] == shown["id"]


def test_a_permission_taken_away_in_mid_stream_stops_the_events(owner, people, staff):
    person = people("staff24")
    user = set_scopes(owner, "staff24@demo.test", "customers:all")

    async def work(http):
        async with Feed(http, ["customers"]) as feed:
            await opened(feed)
            before = create(staff)
            first = await feed.next()
            fewer = patch(owner, user, "users", scopes=["customers:none"])
            create(staff)
            patch(owner, fewer, "users", scopes=["customers:all"])
            after = create(staff)
            rest = []
            while not rest or rest[-1].get("id") != after["id"]:
                rest.append(await feed.next())
            return before, first, after, rest

    before, first, after, rest = follow(person, work)
    assert first["id"] == before["id"]
    changes = [message["id"] for message in rest if message["type"] == "change"]
    assert changes == [after["id"]], "what was committed without the right was not sent"
    assert "reset" in [message["type"] for message in rest], "the client is told to list again"


def test_a_disabled_member_is_cut_off(owner, people, staff):
    person = people("staff23")
    user = with_user(owner, "staff23@demo.test")

    async def work(http):
        async with Feed(http, ["customers"]) as feed:
            await opened(feed)
            assert owner.post("/api/users/disable", {"id": user["id"], "version": user["version"]}).status == 200
            hidden = create(staff)
            seen = []
            try:
                while True:
                    seen.append(await feed.next(seconds=3))
            except (AssertionError, asyncio.TimeoutError):
                return hidden, seen

    hidden, seen = follow(person, work)
    assert all(message.get("id") != hidden["id"] for message in seen)
    again = with_user(owner, "staff23@demo.test")
    owner.post("/api/users/enable", {"id": user["id"], "version": again["version"]})


# ---- slow consumers ----------------------------------------------------------------------------------------------------------------


def cut_off_total(server):
    text = server.client().get("/metrics").text
    names = ("interlock_feed_cut_off_total ", "interlock_http_cut_streams_total ")
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(names))


def test_a_subscriber_that_never_reads_is_cut_off_and_others_are_served(make_server):
    server = make_server()
    staff, reader = server.login("staff01@demo.test"), server.login("staff02@demo.test")
    start = staff.get("/api/customers", limit=1)["seq"]
    address, batches = "x" * 900, 0

    async def read_all(count):
        async with harness.session(reader) as http, Feed(http, ["customers"], since=start) as feed:
            return await feed.changes(count)

    with RawSocket(server, receive_bytes=4096) as deaf:
        deaf.open_feed(staff)
        deaf.send_text_frame('{"type":"subscribe","collections":["customers"]}')
        while cut_off_total(server) == 0 and batches < 40:
            items = [batch_item("customers/create", {"name": "n", "address": address}) for _ in range(500)]
            assert batch_atomic(staff, items).status == 200
            batches += 1
        assert cut_off_total(server) > 0, "the queue for one subscriber is bounded"
    numbers = [message["seq"] for message in harness.run(read_all(batches * 500))]
    assert numbers == sorted(set(numbers)), "somebody who reads gets everything, in order"


def test_who_is_there_already_is_told_at_once(staff, colleague):
    record = create(staff)

    async def work():
        async with harness.session(colleague) as theirs, harness.session(staff) as mine:
            async with Feed(theirs, [], presence=[record["id"]]) as first:
                nobody = await first.next("presence")
                await first.socket.send_json({"type": "presence", "subject": record["id"], "state": "editing"})
                await first.next("presence")
                async with Feed(mine, ["customers"], presence=[record["id"], "customers"]) as second:
                    return nobody, await second.next("presence")

    nobody, there = harness.run(work())
    assert nobody["users"] == [] and nobody["lease"] is None
    assert there["subject"] == record["id"]
    assert [(user["id"], user["state"]) for user in there["users"]] == [(colleague.user["id"], "editing")]


# ---- named subscriptions -------------------------------------------------------------------------------------------------------


def test_every_message_says_which_subscription_it_belongs_to(staff):
    async def work(http):
        since = staff.get("/api/customers", limit=1)["seq"]
        async with Feed(http, ["customers"], since=since, filter={"tags": ["named-a"]}) as feed:
            await feed.next("heartbeat")
            await feed.socket.send_json({"type": "subscribe", "name": "b", "collections": ["customers"], "since": since, "filter": {"tags": ["named-b"]}})
            assert (await feed.next("heartbeat"))["subscription"] == "b"
            record = create(staff, tags=["named-a"])
            came = await feed.next("change")
            patch(staff, record, tags=["named-b"])
            moved = {message.get("subscription"): message["type"] for message in [await feed.next(), await feed.next()]}
            return came, moved

    came, moved = follow(staff, work)
    assert "subscription" not in came
    assert moved == {None: "gone", "b": "change"}


def test_one_of_several_subscriptions_ends(staff):
    async def work(http):
        async with Feed(http, ["customers"]) as feed:
            await feed.next("heartbeat")
            for name in ("a", "b"):
                await feed.socket.send_json({"type": "subscribe", "name": name, "collections": ["customers"]})
                await feed.next("heartbeat")
            await feed.socket.send_json({"type": "unsubscribe", "name": "a"})
            await feed.socket.send_json({"type": "subscribe", "name": "b", "collections": ["customers"]})
            taken = await feed.next("error")
            await feed.socket.send_json({"type": "subscribe", "name": "c", "collections": ["nothing"]})
            unknown = await feed.next("error")
            record = create(staff)
            names = {(await feed.next("change")).get("subscription") for _ in range(2)}
            return taken, unknown, record, names

    taken, unknown, _, names = follow(staff, work)
    assert taken["code"] == "not_unique" and taken["subscription"] == "b"
    assert unknown["code"] == "not_found" and unknown["subscription"] == "c"
    assert names == {None, "b"}


@pytest.mark.parametrize("name", ["", "x" * 65, 7, ["a"]])
def test_a_name_is_a_short_text(staff, name):
    async def work(http):
        async with Feed(http, ["customers"]) as feed:
            await feed.next("heartbeat")
            await feed.socket.send_json({"type": "subscribe", "name": name, "collections": ["customers"]})
            return await feed.next("error")

    assert follow(staff, work)["field"] == "name"
