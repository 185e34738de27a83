# SPDX-License-Identifier: Apache-2.0
"""Changes that live queries of well-known products missed, doubled or kept for ever.

races.md row 26: supabase-js #1599, Appwrite #4813, SpacetimeDB #4944 and #5837.
"""

import asyncio
import random
import threading
import uuid

import harness
from flows import create, patch

SEED = random.randrange(1 << 32)


class Writers:
    """Threads that change tagged customers until they are told to stop."""

    def __init__(self, clients, tag):
        self.clients, self.tag = clients, tag
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(len(clients))]
        self.count = 0

    def work(self, number):
        chance, client = random.Random(SEED + number), self.clients[number]
        mine = [create(client, tags=[self.tag])]
        while not self.stop.is_set():
            at = chance.randrange(len(mine))
            action = chance.random()
            if action < 0.3:
                mine.append(create(client, tags=[self.tag]))
            elif action < 0.6:
                mine[at] = patch(client, mine[at], phone=str(chance.random()))
            elif action < 0.75:
                mine[at] = patch(client, mine[at], tags=[])
            elif action < 0.9:
                mine[at] = patch(client, mine[at], tags=[self.tag])
            elif len(mine) > 1:
                gone = mine.pop(at)
                assert client.delete(f"/api/customers/{gone['id']}", {"version": gone["version"]}).status == 200
            self.count += 1

    def __enter__(self):
        print("seed", SEED)
        for thread in self.threads:
            thread.start()
        harness.wait_for(lambda: self.count > 20, what="writers at work")
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()


class Replica:
    """What a client holds that lists once and then follows the feed."""

    def __init__(self, client, tag):
        self.client, self.tag = client, tag
        self.records, self.seq = {}, None
        self.numbers = []

    def list(self):
        """All pages; the feed is followed from the first page's sequence on."""
        self.records, self.seq, cursor = {}, None, None
        while True:
            page = self.client.get("/api/customers", tags=self.tag, sort="id", limit=1000, **({"cursor": cursor} if cursor else {}))
            assert page.status == 200, page
            self.seq = page["seq"] if self.seq is None else self.seq
            self.records.update({item["id"]: item for item in page["items"]})
            cursor = page["next_cursor"]
            if not cursor:
                return

    def take(self, message):
        if message["type"] == "reset":
            return self.list()
        if message["type"] not in ("change", "gone"):
            return None
        assert message["seq"] > self.seq, "never twice, never out of order"
        self.seq = message["seq"]
        self.numbers.append(message["seq"])
        if message["type"] == "gone":
            self.records.pop(message["id"], None)
        else:
            held = self.records.get(message["id"])
            if held is None or held["version"] <= message["version"]:
                self.records[message["id"]] = message["record"]
        return None

    async def follow(self, http, until=None, changes=None):
        """Takes messages until the sequence is reached, or so many changes came; then the connection is dropped."""
        taken = 0
        async with harness.Feed(http, ["customers"], since=self.seq, filter={"tags": self.tag}) as feed:
            while True:
                message = await feed.next("change", "gone", "reset", "heartbeat", seconds=60)
                self.take(message)
                taken += message["type"] in ("change", "gone")
                if until is not None and message.get("seq", 0) >= until or changes is not None and taken >= changes:
                    return

    def now(self):
        fresh = Replica(self.client, self.tag)
        fresh.list()
        return fresh.records


def last_word(client, tag):
    """A change that comes after all others: its sequence."""
    record = create(client, tags=[tag], name="the last one")
    return client.get(f"/api/customers/{record['id']}/history")["items"][0]["seq"]


def crowd(people):
    return [people(f"staff{n:02}") for n in range(1, 5)]


def test_what_happened_between_list_and_subscribe_was_missed(people):
    clients, tag = crowd(people), uuid.uuid4().hex
    replicas = []

    async def join_late(replica):
        async with harness.session(replica.client) as http:
            await replica.follow(http, until=end)

    with Writers(clients, tag) as writers:
        for number in range(10):
            replica = Replica(clients[number % 4], tag)
            replica.list()
            seen = writers.count
            harness.wait_for(lambda: writers.count > seen + 3, what="writes after the list")
            replicas.append(replica)
    end = last_word(clients[0], tag)

    async def everybody():
        await asyncio.gather(*(join_late(replica) for replica in replicas))

    harness.run(everybody())
    for replica in replicas:
        assert replica.records == replica.now()


def test_what_happened_while_the_connection_was_away_was_missed(people):
    """Every few changes the connection drops; the client resumes from the last sequence that it saw."""
    clients, tag = crowd(people), uuid.uuid4().hex
    replica = Replica(clients[0], tag)
    replica.list()

    async def restless():
        async with harness.session(clients[0]) as http:
            chance = random.Random(SEED)
            for _ in range(25):
                await replica.follow(http, changes=chance.randint(1, 5))

    async def settle(end):
        async with harness.session(clients[0]) as http:
            await replica.follow(http, until=end)

    with Writers(clients, tag):
        harness.run(restless())
    harness.run(settle(last_word(clients[0], tag)))
    assert replica.numbers == sorted(set(replica.numbers))
    assert replica.records == replica.now()


def test_a_record_that_left_the_filter_stayed_on_the_screen(people):
    """Records leave and enter the filter and are deleted, while somebody follows live."""
    clients, tag = crowd(people), uuid.uuid4().hex
    replica = Replica(clients[1], tag)
    replica.list()

    async def work():
        async with harness.session(clients[1]) as http:
            follower = asyncio.create_task(replica.follow(http, changes=300))
            await follower

    with Writers(clients, tag):
        harness.run(work())

    async def settle(end):
        async with harness.session(clients[1]) as http:
            await replica.follow(http, until=end)

    harness.run(settle(last_word(clients[0], tag)))
    assert replica.records == replica.now()
    assert all(tag in record["tags"] for record in replica.records.values())


def test_a_restart_of_the_server_lost_what_came_before_the_reconnect(make_server):
    """SpacetimeDB #5837: a client that resumes over a restart gets what was committed before it, once."""
    server = make_server()
    staff = server.login("staff01@demo.test")
    tag = uuid.uuid4().hex
    replica = Replica(staff, tag)
    replica.list()
    record = create(staff, tags=[tag])
    for number in range(5):
        record = patch(staff, record, phone=str(number))
    server.restart()
    staff.url = server.url
    end = last_word(staff, tag)

    async def settle():
        async with harness.session(staff) as http:
            await replica.follow(http, until=end)

    harness.run(settle())
    assert len(replica.numbers) == 7 and replica.records == replica.now()
