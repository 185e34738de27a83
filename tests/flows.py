# SPDX-License-Identifier: Apache-2.0
"""Steps that many black-box tests take: make a record, let a colleague change it meanwhile, look what became of it."""

import concurrent.futures
import json
import re
import socket
import time
import urllib.parse
import uuid

import harness

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix):
    """A TypeID made by the client: UUIDv7 in 26 characters."""
    value = (time.time_ns() // 1_000_000) << 80 | uuid.uuid4().int & (1 << 80) - 1
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    digits = "".join(CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))
    return f"{prefix}_{digits}"


def made(answer, status=201):
    assert answer.status == status, answer
    return answer.json()


def create(client, collection="customers", /, **fields):
    if collection == "customers":
        fields.setdefault("name", "Ana " + uuid.uuid4().hex[:8])
    return made(client.post(f"/api/{collection}", fields))


def read(client, record, collection="customers"):
    return made(client.get(f"/api/{collection}/{record['id']}"), 200)


def patch(client, record, collection="customers", /, **fields):
    """Changes fields on the record's version: the new record."""
    body = {"version": record["version"], **fields}
    return made(client.patch(f"/api/{collection}/{record['id']}", body), 200)


def comment(client, record, text="seen", **more):
    return made(client.post("/api/comments", {"subject": record["id"], "text": text, **more}))


def history(client, record, collection="customers"):
    """All entries, newest first."""
    return client.items(f"/api/{collection}/{record['id']}/history", limit=1000)


def refused(answer, status, code, field=None):
    """Asserts a problem document with its stable code; answers its members."""
    assert answer.status == status, answer
    assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.headers
    problem = answer.json()
    assert problem["code"] == code and problem["status"] == status, problem
    assert problem["title"] and problem["type"], problem
    if field is not None:
        assert problem.get("field") == field, problem
    return problem


def with_user(owner, email):
    """The member's record, by e-mail address."""
    items = owner.items("/api/users", limit=1000)
    return next(user for user in items if user["email"] == email)


def set_scopes(owner, email, *scopes):
    """Gives a member scopes of their own; answers the member."""
    return patch(owner, with_user(owner, email), "users", scopes=list(scopes))


def batch_item(operation, request, key=None, **more):
    return {"operation": operation, "request": request, "key": key or harness.unique_key(), **more}


def batch_each(client, items, status=200):
    """Results of a batch in which each item stands for itself."""
    answer = client.post("/api/batch", {"mode": "each", "operations": items}, key=None)
    return made(answer, status)["results"]


def batch_atomic(client, items, key=harness.AUTO):
    for item in items:
        item.pop("key", None)
    return client.post("/api/batch", {"mode": "atomic", "operations": items}, key=key)


def together(count, call):
    """call(0) … call(count - 1) at once, each on a thread: the results in order."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def contiguous(numbers, first=1):
    """Whether the numbers are first, first + 1, … without gap or double, in any order."""
    return (found := sorted(numbers)) == list(range(first, first + len(found)))


# ---- tenants and accounts of a test's own ----------------------------------------------------------------------------


def link_token(text):
    """The secret of a one-time link, from what a command printed."""
    found = re.search(r"\b([0-9a-f]{64})\b", text)
    assert found, text
    return found.group(1)


def invite(server, email, tenant, role="staff", name="", scopes=()):
    """Invites by the command line, beside the running server; answers the link's token."""
    flags = [flag for scope in scopes for flag in ("--scope", scope)]
    done = server.command("user", "invite", email, "--tenant", tenant, "--role", role, "--name", name or email, *flags)
    assert done.returncode == 0, done.stderr
    return link_token(done.stdout)


def accept(server, token, password=harness.PASSWORD, **more):
    return server.client().post("/api/invitations/accept", {"token": token, "password": password, **more}, key=None)


def make_tenant(server, slug, owner="owner"):
    """A tenant of the test's own: a client of its owner."""
    email = f"{owner}@{slug}.test"
    done = server.command("tenant", "create", slug, "--name", slug.title(), "--owner", email)
    assert done.returncode == 0, done.stderr
    answer = accept(server, link_token(done.stdout))
    assert answer.status in (200, 201), answer
    return server.login(email, tenant=slug)


# ---- the wire, as it is -----------------------------------------------------------------------------------------------


class RawSocket:
    """A connection that sends exactly what it is told."""

    def __init__(self, server, receive_bytes=None):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(harness.WAIT_SECONDS)
        self.socket.connect((server.host, server.port))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def read_head(self):
        """The answer's head, up to the empty line."""
        head = b""
        while b"\r\n\r\n" not in head:
            got = self.socket.recv(1)
            assert got, head
            head += got
        return head.decode("latin-1")

    def send_text_frame(self, text):
        """One masked text frame."""
        data = text.encode()
        mask = b"\x01\x02\x03\x04"
        assert len(data) < 65536
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.send(b"\x81" + length + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def open_feed(self, client, **headers):
        where = urllib.parse.urlsplit(client.url)
        lines = [
            "GET /api/feed HTTP/1.1",
            f"Host: {where.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Authorization: Bearer {client.token}",
        ]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join(lines) + "\r\n\r\n")
        head = self.read_head()
        assert " 101 " in head.split("\r\n", 1)[0], head


class Events:
    """Server-sent events of one connection: `async for event in Events(response)` gives (id, data)."""

    def __init__(self, response):
        self.response = response

    async def __aiter__(self):
        number, data = None, []
        async for raw in self.response.content:
            line = raw.decode().rstrip("\r\n")
            if line.startswith("id:"):
                number = int(line[3:])
            elif line.startswith("data:"):
                data.append(line[5:].lstrip(" "))
            elif not line and data:
                yield number, json.loads("\n".join(data))
                data = []
