# SPDX-License-Identifier: Apache-2.0
"""The real process is killed with -9 again and again under load, on one data directory, and nothing acknowledged is lost.

After every kill each request of that round is sent again with its key: what was answered before must be answered with the
same bytes; what was not becomes certain. At the end all of it is there exactly once, versions and sequences run without a
gap, and the store's own check passes. INTERLOCK_CRASH_SEED repeats a run, INTERLOCK_CRASH_KILLS makes it longer.
"""

import asyncio
import collections
import json
import os
import random
import time

import aiohttp

import harness
from flows import create, contiguous, history, new_id, read

SEED = int(os.environ.get("INTERLOCK_CRASH_SEED") or random.randrange(1 << 32))
KILLS = int(os.environ.get("INTERLOCK_CRASH_KILLS") or 60)
WORKERS = 12
TAG = f"crash-{SEED}"
LOST = (aiohttp.ClientError, ConnectionError, asyncio.TimeoutError, OSError)


class Request:
    """One request that is sent until it was answered; the answer, once there, must stay the same."""

    def __init__(self, kind, method, path, body, headers=None):
        self.kind, self.method, self.path, self.body = kind, method, path, body
        self.headers = dict(headers or {})
        if kind != "each":
            self.headers["Idempotency-Key"] = harness.unique_key()
        self.answer = None
        self.sender = 0  # whose key it is

    def same(self, status, body):
        if self.kind != "each":
            return self.answer == (status, body)
        plain = lambda text: [(one["status"], one["body"]) for one in json.loads(text)["results"]]
        return self.answer[0] == status and plain(self.answer[1]) == plain(body)

    @property
    def records(self):
        """What it created, by id."""
        status, body = self.answer
        content = json.loads(body)
        if self.kind == "create" and status == 201:
            return [content]
        if self.kind == "atomic" and status == 200:
            return [result["body"] for result in content["results"]]
        return []


class Crash:
    def __init__(self, server):
        self.server = server
        self.chance = random.Random(SEED)
        self.owner = server.login()
        self.staff = [server.login(f"staff{n:02}@demo.test") for n in range(1, 5)]
        self.hot = create(self.owner, tags=[TAG], name="hot")
        self.first_seq = self.owner.get("/api/customers", limit=1)["seq"]
        self.requests = []
        self.own = {}  # a worker's customer, as it last saw it

    # ---- load ----------------------------------------------------------------------------------------------------------

    def customer(self, **more):
        return {"id": new_id("customer"), "name": "n", "tags": [TAG], "address": "x" * self.chance.randrange(600), **more}

    def plan(self, worker):
        """The next request of a worker."""
        number = len(self.requests)
        mine = self.own.get(worker)
        kind = self.chance.choice(["create", "create", "comment", "hot", "mine", "atomic", "each", "status"])
        if kind == "hot":
            return Request(kind, "PATCH", f"/api/customers/{self.hot['id']}", {"phone": str(number)}, {"If-Match": "*"})
        if kind == "comment":
            return Request(kind, "POST", "/api/comments", {"subject": self.hot["id"], "text": str(number)})
        if kind == "mine" and mine:
            body = {"version": mine["version"], "phone": str(number)}
            return Request(kind, "PATCH", f"/api/customers/{mine['id']}", body)
        if kind == "status" and mine:
            return Request(kind, "POST", "/api/customers/set-status", {"id": mine["id"], "status": self.chance.choice(["new", "contacted"])})
        if kind == "atomic":
            items = [{"operation": "customers/create", "request": self.customer()} for _ in range(3)]
            return Request(kind, "POST", "/api/batch", {"mode": "atomic", "operations": items})
        if kind == "each":
            pair = [
                {"operation": "customers/update", "request": {"id": self.hot["id"], "version": "*", "email": str(number)}},
                {"operation": "comments/create", "request": {"subject": self.hot["id"], "text": str(number)}},
            ]
            return Request(kind, "POST", "/api/batch", {"mode": "each", "operations": [{**item, "key": harness.unique_key()} for item in pair]})
        return Request("create", "POST", "/api/customers", self.customer())

    async def send(self, http, request):
        async with http.request(request.method, request.path, json=request.body, headers=request.headers) as response:
            body = await response.read()
            return response.status, body, response.headers.get("Idempotency-Replayed") == "true"

    async def work(self, http, worker, answered):
        while True:
            request = self.plan(worker)
            request.sender = worker % len(self.staff)
            self.requests.append(request)
            try:
                status, body, replayed = await self.send(http, request)
            except LOST:
                return
            assert not replayed and status in (200, 201, 409), (status, body)
            request.answer = (status, body)
            if request.records:
                self.own[worker] = request.records[0]
            elif status == 200 and request.kind in ("mine", "status"):
                self.own[worker] = json.loads(body)
            answered.append(request)

    async def kill_when(self, answered, count):
        """After so many answers, and then at some moment of the next milliseconds."""
        deadline = time.monotonic() + 30
        while len(answered) < count and time.monotonic() < deadline:
            await asyncio.sleep(0.0005)
        await asyncio.sleep(self.chance.random() * 0.004)
        self.server.process.kill()

    def sessions(self):
        return [harness.session(client) for client in self.staff]

    async def load_until_killed(self):
        answered, https = [], self.sessions()
        try:
            workers = [asyncio.create_task(self.work(https[n % len(https)], n, answered)) for n in range(WORKERS)]
            await self.kill_when(answered, self.chance.choice([1, 5, 20, 60, 120, 200]))
            await asyncio.gather(*workers)
        finally:
            for http in https:
                await http.close()

    # ---- after a kill ---------------------------------------------------------------------------------------------------

    def start(self):
        self.server.process.wait()
        self.server.start()
        for client in [self.owner, *self.staff]:
            client.url = self.server.url

    async def repeat(self, requests, kill_after=None):
        """Sends requests again; with `kill_after` the server dies once more in the middle of it."""
        https, done = self.sessions(), []
        queue = collections.deque(requests)

        async def one():
            while queue:
                request = queue.popleft()
                try:
                    status, body, replayed = await self.send(https[request.sender], request)
                except LOST:
                    return
                if request.answer is None:
                    assert status in (200, 201, 409), (request.kind, status, body)
                    request.answer = (status, body)
                else:
                    assert request.same(status, body), (SEED, request.kind, request.answer, status, body)
                    assert replayed or request.kind == "each", (SEED, request.kind, status)
                done.append(request)

        try:
            tasks = [asyncio.create_task(one()) for _ in range(WORKERS)]
            if kill_after is not None:
                await self.kill_when(done, kill_after)
            await asyncio.gather(*tasks)
        finally:
            for http in https:
                await http.close()

    def check(self):
        done = self.server.command("check", "--tenant", "demo")
        assert done.returncode == 0, (SEED, done.stdout, done.stderr)


def test_nothing_acknowledged_is_lost_by_kill_9(make_server):
    print("INTERLOCK_CRASH_SEED", SEED)
    server = make_server()
    server.demo = False
    crash = Crash(server)
    kills = 0
    while kills < KILLS:
        before = len(crash.requests)
        harness.run(crash.load_until_killed())
        kills += 1
        crash.start()
        recent = crash.requests[before:]
        if crash.chance.random() < 0.25 and len(recent) > 10:
            harness.run(crash.repeat(recent, crash.chance.randrange(len(recent) // 2)))
            kills += 1
            crash.start()
        harness.run(crash.repeat(recent))
        assert all(request.answer for request in recent)
        if kills % 10 == 0:
            crash.check()
    verify(crash)
    server.stop()
    done = server.command("check")
    assert done.returncode == 0, (SEED, done.stdout, done.stderr)


def verify(crash):
    owner, requests = crash.owner, crash.requests
    assert len(requests) > KILLS
    harness.run(crash.repeat(requests))

    made = collections.Counter(record["id"] for request in requests for record in request.records)
    there = collections.Counter(item["id"] for item in owner.items("/api/customers", tags=TAG, limit=1000))
    assert there == made + collections.Counter([crash.hot["id"]]), SEED
    assert set(made.values()) == {1}

    written = [r.body["text"] for r in requests if r.kind == "comment"]
    written += [r.body["operations"][1]["request"]["text"] for r in requests if r.kind == "each"]
    texts = [item["text"] for item in owner.items("/api/comments", subject=crash.hot["id"], limit=1000)]
    assert sorted(texts) == sorted(written), SEED

    entries = history(owner, crash.hot)
    changes = sum(r.kind in ("hot", "each") for r in requests)
    assert contiguous(entry["version"] for entry in entries) and len(entries) == 1 + changes, SEED
    assert read(owner, crash.hot)["version"] == 1 + changes

    seqs = []
    cursor = None
    while not seqs or seqs[-1] > crash.first_seq:
        page = owner.get("/api/audit", limit=1000, **({"cursor": cursor} if cursor else {}))
        seqs += [entry["seq"] for entry in page["items"]]
        cursor = page["next_cursor"]
    assert seqs == list(range(seqs[0], seqs[0] - len(seqs), -1)), SEED
    assert seqs[0] == owner.get("/api/customers", limit=1)["seq"]
    print(f"{KILLS} kills, {len(requests)} requests, {seqs[0] - crash.first_seq} changes")
