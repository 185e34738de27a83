# SPDX-License-Identifier: Apache-2.0
"""Two servers on one database: any of them takes any request, and nobody can tell which one it was (rows A3, E7, F1)."""

import asyncio
import random
import threading

import pytest

import harness
from flows import create, made, patch, read, refused
from harness import Feed
from load import Load, check_load

STAFF = "staff01@demo.test"


@pytest.fixture
def nodes(make_server, demo_data, tmp_path):
    """Two servers on the same database, each with a directory of its own."""
    first = make_server()
    store = harness.database_of(first.data)
    second = make_server(data=tmp_path / "second", env={"INTERLOCK_STORE": store})
    return first, second


def both(nodes, email=STAFF):
    """The same session at either node."""
    here = nodes[0].login(email)
    there = nodes[1].client(here.token)
    there.user, there.tenant = here.user, here.tenant
    return here, there


def test_a_read_after_a_write_shows_it_at_the_other_node(nodes):
    here, there = both(nodes)
    for writer, reader in [(here, there), (there, here)] * 20:
        record = create(writer)
        assert reader.get(f"/api/customers/{record['id']}")["version"] == 1
        changed = writer.patch(f"/api/customers/{record['id']}", {"version": 1, "phone": "2"})
        answer = reader.get(f"/api/customers/{record['id']}", headers={"Interlock-Min-Seq": str(changed.seq)})
        assert answer.status == 200 and answer["phone"] == "2" and answer.seq >= changed.seq


def test_a_key_used_at_one_node_is_answered_by_the_other(nodes):
    here, there = both(nodes)
    key = harness.unique_key()
    first, again = here.post("/api/customers", {"name": "Ana"}, key), there.post("/api/customers", {"name": "Ana"}, key)
    assert again.replayed and again.body == first.body
    refused(there.post("/api/customers", {"name": "Ben"}, key), 422, "key_reused")


def test_both_feeds_tell_everything_in_order(nodes):
    here, there = both(nodes)
    writes = 40

    async def work():
        async with harness.session(here) as h, harness.session(there) as t:
            async with Feed(h, ["customers"]) as first, Feed(t, ["customers"]) as second:
                await first.next("heartbeat")
                await second.next("heartbeat")

                async def write(http, name):
                    for n in range(writes):
                        answer = await harness.send(http, "POST", "/api/customers", {"name": f"{name} {n}"}, harness.AUTO)
                        assert answer.status == 201, answer

                await asyncio.gather(write(h, "h"), write(t, "t"))
                return await first.changes(2 * writes), await second.changes(2 * writes)

    first, second = harness.run(work())
    assert first == second, "the same, in the same order"
    seqs = [message["seq"] for message in first]
    assert seqs == list(range(seqs[0], seqs[0] + 2 * writes))
    assert len({message["id"] for message in first}) == 2 * writes


def test_a_list_and_the_feed_from_its_sequence_leave_no_gap_between_nodes(nodes):
    here, there = both(nodes)
    stop = threading.Event()
    names = []

    def write():
        while not stop.is_set():
            names.append(create(here)["id"])

    writer = threading.Thread(target=write)
    writer.start()

    async def work():
        async with harness.session(there) as http:
            for _ in range(10):
                page = there.get("/api/customers", limit=1)
                async with Feed(http, ["customers"], since=page["seq"]) as feed:
                    got = [message["seq"] for message in await feed.changes(5)]
                    assert got == list(range(page["seq"] + 1, page["seq"] + 6)), (page["seq"], got)

    try:
        harness.run(work())
    finally:
        stop.set()
        writer.join()


def test_a_session_that_ends_at_one_node_has_ended_at_the_other(nodes):
    here, there = both(nodes)
    assert there.get("/api/customers", limit=1).status == 200

    async def work():
        async with harness.session(there) as http, http.ws_connect("/api/feed") as socket:
            await socket.send_json({"type": "subscribe", "collections": ["customers"]})
            await socket.receive(20)
            assert here.delete("/api/sessions/current").status == 200
            async for _ in socket:
                pass  # until the server closes it
            return socket.close_code

    assert harness.run(work(), 20) == 1008
    refused(there.get("/api/customers", limit=1), 401, "unauthenticated")


def test_failed_log_ins_are_counted_together(nodes):
    def guess(node, password="wrong-password"):
        return node.client().post("/api/sessions", {"email": STAFF, "password": password}, key=None)

    assert [guess(nodes[n % 2]).status for n in range(10)] == [401] * 10
    for node in nodes:
        harness.wait_for(lambda: guess(node, harness.PASSWORD).status == 429, what="what the other node has counted")


def test_who_edits_at_one_node_is_seen_at_the_other_and_so_is_the_lease(nodes):
    here, there = both(nodes)
    record = create(here)

    async def work():
        async with harness.session(here) as h, harness.session(there) as t:
            async with Feed(t, [], presence=[record["id"]]) as watching, h.ws_connect("/api/feed") as editing:
                assert (await watching.next("presence"))["users"] == []
                await editing.send_json({"type": "presence", "subject": record["id"], "state": "editing"})
                shown = await watching.next("presence")
                made(here.post("/api/leases/take", {"subject": record["id"]}, key=None), 200)
                leased = await watching.next("presence")
                while not leased["lease"]:
                    leased = await watching.next("presence")
                await editing.close()
                left = await watching.next("presence")
                while left["users"]:
                    left = await watching.next("presence")
                return shown, leased, left

    shown, leased, left = harness.run(work(), 30)
    assert [(one["name"], one["state"]) for one in shown["users"]] == [(here.user["name"], "editing")]
    assert leased["lease"]["holder"] == here.user["id"] and left["lease"]["holder"] == here.user["id"]


def test_nodes_are_restarted_in_turn_and_every_request_is_served(nodes):
    here, there = both(nodes)
    load = Load(nodes, here.token)

    def trouble(running):
        for node in [*nodes, *nodes]:
            running.more()
            node.restart()
        running.more()

    harness.run(load.run(trouble), 120)
    here.url, there.url = nodes[0].url, nodes[1].url
    check_load(load, [here, there])


def test_a_node_is_killed_again_and_again_and_nothing_is_lost_or_doubled(nodes):
    here, there = both(nodes)
    load = Load(nodes, here.token)
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)

    def trouble(running):
        for _ in range(6):
            running.more(chance.randrange(5, 60))
            node = chance.choice(nodes)
            node.kill()
            running.more(5)  # the other one serves alone
            node.start()
        running.more()

    harness.run(load.run(trouble), 240)
    here.url, there.url = nodes[0].url, nodes[1].url
    check_load(load, [here, there])
    done = nodes[0].command("check", "--tenant", "demo")
    assert done.returncode == 0, (done.stdout, done.stderr)


def test_a_record_changed_at_both_nodes_in_turn_is_the_same_at_both(nodes):
    owner, elsewhere = both(nodes, harness.OWNER)
    record = create(owner)
    for n in range(1, 11):
        record = patch([owner, elsewhere][n % 2], record, phone=str(n))
    assert read(owner, record) == read(elsewhere, record) and record["version"] == 11
