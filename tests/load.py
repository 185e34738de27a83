# SPDX-License-Identifier: Apache-2.0
"""A load that goes on while servers and databases come and go, and what must be true of it in the end."""

import asyncio
import itertools
import random
import time

import aiohttp

import harness
from flows import new_id

LOST = (aiohttp.ClientError, ConnectionError, asyncio.TimeoutError, OSError)
WITHOUT_ANSWER_SECONDS = 90


class Load:
    """Writers that send each request until some node has answered it: to the other one when a node is gone."""

    def __init__(self, nodes, token):
        self.nodes, self.token = nodes, token
        self.stop = False
        self.answers = {}  # by key
        self.refusals = []  # what nodes have said instead of serving

    async def write(self, number):
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {self.token}"}) as http:
            while not self.stop:
                key, body = harness.unique_key(), {"id": new_id("customer"), "name": f"w{number}"}
                await self.send(http, number, key, body)

    async def send(self, http, number, key, body):
        deadline = time.monotonic() + WITHOUT_ANSWER_SECONDS
        for attempt in itertools.count():
            assert time.monotonic() < deadline, "no node has answered"
            node = self.nodes[(number + attempt) % len(self.nodes)]
            try:
                async with http.post(f"{node.url}/api/customers", json=body, headers={"Idempotency-Key": key}) as response:
                    content = await response.read()
            except LOST:
                await asyncio.sleep(0.01)
                continue
            if response.status == 503:
                assert response.headers.get("Retry-After"), content
                self.refusals.append(content)
                await asyncio.sleep(0.01)
                continue
            assert response.status == 201, (response.status, content)
            self.answers[key] = (body, content)
            return

    async def run(self, trouble, writers=8):
        tasks = [asyncio.create_task(self.write(n)) for n in range(writers)]
        try:
            await asyncio.to_thread(trouble, self)
        finally:
            self.stop = True
            await asyncio.gather(*tasks)

    def more(self, count=30):
        """Waits until so many more were answered."""
        until = len(self.answers) + count
        harness.wait_for(lambda: len(self.answers) >= until, 60, "answers")


def check_load(load, clients):
    """Everything acknowledged is there once, at every node, and a replay answers the same bytes."""
    assert load.answers
    for client in clients:
        records = {}
        for record in client.items("/api/customers", limit=1000):
            assert record["id"] not in records
            records[record["id"]] = record
        for body, _ in load.answers.values():
            assert records[body["id"]]["version"] == 1 and records[body["id"]]["name"] == body["name"]
    chosen = random.Random(1).sample(sorted(load.answers), min(50, len(load.answers)))
    for n, key in enumerate(chosen):
        body, content = load.answers[key]
        again = clients[n % len(clients)].post("/api/customers", body, key)
        assert again.replayed and again.body == content
