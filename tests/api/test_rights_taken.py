# SPDX-License-Identifier: Apache-2.0
"""Rights that are taken away while streams are open: what was committed after that is on none of them.

Every case has a person of its own with a WebSocket and an event stream. All rights go, then a record is made; each stream
is read until it was closed or a heartbeat says that this record's sequence is behind it.
"""

import asyncio
import contextlib

import aiohttp
import pytest

import harness
from flows import Events, create, invite, accept, link_token, made, patch, refused, with_user

ENDED = {"logged out", "logged out everywhere", "token revoked", "password reset", "password changed"}


def change_role(owner, email, **fields):
    patch(owner, with_user(owner, email), "users", **fields)


def disable(owner, email):
    assert owner.post("/api/users/disable", {"id": with_user(owner, email)["id"]}).status == 200


def reset_password(server, email):
    token = link_token(server.command("user", "reset-password", email).stdout)
    assert server.client().post("/api/passwords/reset", {"token": token, "password": "another-password"}, key=None).status == 200


def change_password(server, email):
    body = {"password": harness.PASSWORD, "new_password": "another-password"}
    assert server.login(email).post("/api/passwords/change", body, key=None).status == 200


def make_program(client, **more):
    """The client of an API token, and its id."""
    token = made(client.post("/api/api-tokens/create", {"name": "x", "permissions": ["customers.read"], **more}))
    return token["token"], token["id"]


def cases(server, owner):
    """name: (client whose streams are open, what takes its rights)"""
    person = {n: f"staff{n:02}@demo.test" for n in range(2, 16)}
    client = {n: server.login(email) for n, email in person.items()}
    for email in person.values():
        change_role(owner, email, scopes=["customers:all"])
    secret, number = make_program(client[8])
    secret_9, _ = make_program(client[9])
    secret_10, _ = make_program(client[10])
    return {
        "lowered to guest": (client[2], lambda: change_role(owner, person[2], role="guest", scopes=[])),
        "without a scope": (client[3], lambda: change_role(owner, person[3], scopes=["customers:none"])),
        "own records only": (client[4], lambda: change_role(owner, person[4], scopes=["customers:own"])),
        "disabled": (client[5], lambda: disable(owner, person[5])),
        "logged out": (client[6], lambda: client[6].delete("/api/sessions/current")),
        "logged out everywhere": (client[7], lambda: server.login(person[7]).delete("/api/sessions")),
        "token revoked": (server.client(secret), lambda: client[8].post("/api/api-tokens/revoke", {"id": number})),
        "token of a disabled member": (server.client(secret_9), lambda: disable(owner, person[9])),
        "token of a member lowered": (server.client(secret_10), lambda: change_role(owner, person[10], scopes=["customers:none"])),
        "password reset": (client[11], lambda: reset_password(server, person[11])),
        "password changed": (client[12], lambda: change_password(server, person[12])),
    }


async def messages_of_socket(http):
    async with http.ws_connect("/api/feed") as socket:
        await socket.send_json({"type": "subscribe", "collections": ["customers"]})
        async for message in socket:
            if message.type == aiohttp.WSMsgType.TEXT:
                yield message.json()


async def messages_of_events(http):
    async with http.get("/api/events?collections=customers") as response:
        assert response.status == 200
        with contextlib.suppress(aiohttp.ClientError):
            async for _, message in Events(response):
                yield message


class Reader:
    """One open stream and what came on it."""

    def __init__(self, name, messages):
        self.name, self.messages, self.seen, self.ended = name, messages, [], False
        self.changed = asyncio.Condition()

    async def read(self):
        async for message in self.messages:
            async with self.changed:
                self.seen.append(message)
                self.changed.notify_all()
        async with self.changed:
            self.ended = True
            self.changed.notify_all()

    async def until(self, what):
        async with self.changed:
            await self.changed.wait_for(what)

    def heartbeats(self):
        return sum(message["type"] == "heartbeat" for message in self.seen)

    def has(self, record):
        return any(message.get("id") == record["id"] and message["type"] == "change" for message in self.seen)


def test_open_streams_stop_when_the_right_has_gone(make_server):
    server = make_server()
    owner, witness = server.login(), server.login("admin@demo.test")
    all_cases = cases(server, owner)

    async def work():
        async with contextlib.AsyncExitStack() as stack:
            readers = []
            for name, (client, _) in {**all_cases, "witness": (witness, None)}.items():
                http = await stack.enter_async_context(harness.session(client))
                readers += [Reader(name, messages_of_socket(http)), Reader(name, messages_of_events(http))]
            tasks = [asyncio.create_task(reader.read()) for reader in readers]
            for reader in readers:
                await reader.until(lambda r=reader: r.heartbeats() > 0)
            before = await asyncio.to_thread(create, owner)
            for reader in readers:
                await reader.until(lambda r=reader: r.has(before))
            for name, (_, take_away) in all_cases.items():
                await asyncio.to_thread(take_away)
            hidden = await asyncio.to_thread(create, owner)
            counts = [reader.heartbeats() for reader in readers]
            for reader, count in zip(readers, counts):
                if reader.name == "witness":
                    await reader.until(lambda r=reader: r.has(hidden))
                else:
                    await reader.until(lambda r=reader, c=count: r.ended or r.heartbeats() > c + 1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return hidden, readers

    hidden, readers = harness.run(work(), 100)
    assert [reader.name for reader in readers if reader.has(hidden)] == ["witness", "witness"]
    assert all(reader.ended for reader in readers if reader.name in ENDED)


# ---- one-time links of a membership that has gone ---------------------------------------------------------------------


def test_a_link_of_a_disabled_membership_lets_nobody_in(server, owner):
    token = invite(server, "gone@demo.test", "demo")
    disable(owner, "gone@demo.test")
    refused(accept(server, token), 410, "link_invalid")
    assert with_user(owner, "gone@demo.test")["status"] == "disabled"
    refused(server.client().post("/api/sessions", {"email": "gone@demo.test", "password": harness.PASSWORD}, key=None), 401, "login_failed")
    assert owner.post("/api/users/enable", {"id": with_user(owner, "gone@demo.test")["id"]}).status == 200
    assert accept(server, token).status == 201, "the link was not spent"


def test_a_reset_gives_a_disabled_member_no_way_in(server, owner):
    email = "staff20@demo.test"
    disable(owner, email)
    reset_password(server, email)
    for password in ("another-password", harness.PASSWORD):
        refused(server.client().post("/api/sessions", {"email": email, "password": password}, key=None), 401, "login_failed")


@pytest.mark.parametrize("first", ["invite", "reset"])
def test_a_link_that_was_used_is_used_for_every_purpose(server, first):
    if first == "invite":
        token = invite(server, "once@demo.test", "demo")
        assert accept(server, token).status == 201
    else:
        token = link_token(server.command("user", "reset-password", "staff21@demo.test").stdout)
        assert server.client().post("/api/passwords/reset", {"token": token, "password": "another-password"}, key=None).status == 200
    refused(accept(server, token, "third-password"), 410, "link_invalid")
    refused(server.client().post("/api/passwords/reset", {"token": token, "password": "third-password"}, key=None), 410, "link_invalid")
