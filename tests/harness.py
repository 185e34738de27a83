# SPDX-License-Identifier: Apache-2.0
"""What black-box tests share: a server process, a small synchronous client, helpers for asyncio.

    def test_create(server, login):
        staff = login("staff01@demo.test")
        answer = staff.post("/api/customers", {"name": "Ana"})
        assert answer.status == 201 and answer["version"] == 1
"""

import asyncio
import collections
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import threading
import time
import urllib.parse
import uuid
from pathlib import Path

import aiohttp
import pytest

PASSWORD = "demo-password"
OWNER = "owner@demo.test"
START_SECONDS = 60  # a demo is seeded before the first start says that it is ready
STOP_SECONDS = 10
WAIT_SECONDS = 20


def binary():
    path = os.environ.get("INTERLOCK_BINARY") or Path(__file__).parent.parent / "build/release/interlock"
    return str(path)


def unique_key(prefix="key"):
    """An idempotency key that nobody used before."""
    return f"{prefix}-{uuid.uuid4().hex}"


def wait_for(condition, seconds=WAIT_SECONDS, what="the condition"):
    """The first truthy value of condition(); fails after the bound."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.01)


def clean_environment(more=None, data=None):
    """Ours without what is meant for these tests: the server refuses variables that it does not know.

    Where the tests run on PostgreSQL, each data directory has a database of its own."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("INTERLOCK_")}
    store = {"INTERLOCK_STORE": database_of(data)} if data is not None and POSTGRES else {}
    return {**ours, **store, **(more or {})}


POSTGRES = os.environ.get("INTERLOCK_TEST_POSTGRES")  # a URL: the tests run on that server instead of SQLite
Database = collections.namedtuple("Database", "name url")
_databases = {}


def database_of(data, copy_of=None):
    """The URL of the database that belongs to a data directory; made at its first use."""
    data = str(Path(data).resolve())
    if data not in _databases:
        name = f"test_{uuid.uuid4().hex}"
        template = f" template {_databases[copy_of].name} strategy file_copy" if copy_of in _databases else ""
        subprocess.run(["psql", "-q", "-d", POSTGRES, "-c", f"create database {name}{template}"], check=True)
        _databases[data] = Database(name, POSTGRES.replace("/postgres", f"/{name}", 1))
    return _databases[data].url


def copy_data(source, target):
    """A copy of what no server holds: the directory and, where there is one, its database."""
    shutil.copytree(source, target)
    if POSTGRES:
        database_of(target, copy_of=str(Path(source).resolve()))
    return Path(target)


def sqlite_only(why):
    """A mark for tests of what PostgreSQL does by itself, or does not have: `why` says which."""
    return pytest.mark.skipif(bool(POSTGRES), reason=why)


def postgres_only(why):
    """The other way round: every file runs on both stores, so that each test runs on one of them at least."""
    return pytest.mark.skipif(not POSTGRES, reason=why)


def interlock(*args, data=None, stdin=None, timeout=60, env=None):
    """Runs one command to its end: CompletedProcess with text output."""
    command = [binary(), *map(str, args)]
    if data is not None:
        command += ["--data", str(data)]
    return subprocess.run(
        command,
        input=stdin,
        text=True,
        capture_output=True,
        timeout=timeout,
        env=clean_environment(env, data),
        check=False,
    )


class Server:
    """One `interlock serve` on a free port of the loopback address."""

    def __init__(self, data, *args, demo=True, listen="127.0.0.1:0", env=None, prefix=(), certificate=None):
        """`prefix`: a command that becomes the server; `certificate`: what clients trust where it speaks TLS."""
        self.data = Path(data)
        self.args = [str(a) for a in args]
        self.demo = demo
        self.listen = listen
        self.env = clean_environment(env, data)
        self.prefix = list(prefix)
        self.certificate = certificate
        self.command_line = [*self.prefix, binary(), "serve", "--listen", listen, "--data", str(self.data), *self.args]
        self.process = None
        self.url = None
        self.output = []  # lines of standard output
        self.log = []  # lines of standard error
        self.readers = []

    def start(self):
        command = [*self.command_line, *(["--demo"] if self.demo else [])]
        self.url = None
        self.output, self.log = [], []
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env, errors="replace"
        )
        self.readers = [
            threading.Thread(target=self._read, args=(stream, lines), daemon=True)
            for stream, lines in ((self.process.stdout, self.output), (self.process.stderr, self.log))
        ]
        for reader in self.readers:
            reader.start()
        wait_for(lambda: self.url or self.process.poll() is not None, START_SECONDS, "the server's address")
        assert self.url, f"the server ended with {self.process.returncode}:\n" + "\n".join(self.log[-20:])
        wait_for(self.ready, START_SECONDS, "readiness")
        return self

    def _read(self, stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))
            if stream is self.process.stdout and not self.url:
                found = re.search(r"https?://\S+:\d+", line)
                if found:
                    self.url = found.group(0).rstrip("/")

    @property
    def host(self):
        return urllib.parse.urlsplit(self.url).hostname

    @property
    def port(self):
        return urllib.parse.urlsplit(self.url).port

    @property
    def pid(self):
        return self.process.pid

    def ready(self):
        try:
            return self.client().get("/healthz").status == 200
        except OSError:
            return False

    def client(self, token=None):
        return Client(self.url, token, self.certificate)

    def login(self, email=OWNER, password=PASSWORD, tenant=None):
        """A client with a session of its own."""
        body = {"email": email, "password": password}
        if tenant:
            body["tenant"] = tenant
        answer = self.client().post("/api/sessions", body, key=None)
        assert answer.status == 201, answer.text
        client = self.client(answer["token"])
        client.user, client.tenant = answer["user"], answer["tenant"]
        return client

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=STOP_SECONDS + 5):
        """The exit code, after all output was read."""
        code = self.process.wait(seconds)
        for reader in self.readers:
            reader.join(5)
        return code

    def stop(self):
        """Drains the server and expects that it ends with 0."""
        if self.process is None or self.process.poll() is not None:
            return
        self.terminate()
        code = self.wait()
        assert code == 0, f"the server ended with {code}:\n" + "\n".join(self.log[-20:])

    def kill(self):
        """kill -9, as if the power went."""
        self.process.kill()
        self.wait()

    def restart(self):
        self.stop()
        return self.start()

    def command(self, *args, **more):
        """A command of the same binary on the same data directory, beside the server."""
        return interlock(*args, data=self.data, **more)


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    def __getitem__(self, name):
        return self.json()[name]

    def get(self, name, default=None):
        return self.json().get(name, default)

    @property
    def code(self):
        """The stable code of a problem document."""
        return self.get("code")

    @property
    def seq(self):
        return int(self.headers["Interlock-Seq"])

    @property
    def replayed(self):
        return self.headers.get("Idempotency-Replayed") == "true"

    def __repr__(self):
        return f"<{self.status} {self.body[:500]!r}>"


AUTO = object()  # a key of its own for each call


class Client:
    """One connection a call; safe to share between threads."""

    def __init__(self, url, token=None, certificate=None):
        self.url = url
        self.token = token
        self.certificate = certificate
        self.user = None
        self.tenant = None

    def request(self, method, path, body=None, headers=None, key=None, timeout=30):
        """`body`: an object (sent as JSON), bytes or text (sent as they are), or None."""
        where = urllib.parse.urlsplit(self.url)
        sent = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        if key is AUTO:
            key = unique_key()
        if key is not None:
            sent["Idempotency-Key"] = key
        if body is not None:
            sent["Content-Type"] = "application/json"
            if not isinstance(body, (bytes, str)):
                body = json.dumps(body, ensure_ascii=False)
            if isinstance(body, str):
                body = body.encode()
        sent.update(headers or {})
        connection = self._connect(where, timeout)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def _connect(self, where, timeout):
        if where.scheme == "http":
            return http.client.HTTPConnection(where.hostname, where.port, timeout=timeout)
        context = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection(where.hostname, where.port, timeout=timeout, context=context)

    def get(self, path, headers=None, **params):
        if params:
            path += "?" + urllib.parse.urlencode(params, doseq=True)
        return self.request("GET", path, headers=headers)

    def post(self, path, body=None, key=AUTO, headers=None):
        return self.request("POST", path, {} if body is None else body, headers, key)

    def patch(self, path, body, key=None, headers=None):
        return self.request("PATCH", path, body, headers, key)

    def put(self, path, body, key=None, headers=None):
        return self.request("PUT", path, body, headers, key)

    def delete(self, path, body=None, key=None, headers=None):
        return self.request("DELETE", path, body, headers, key)

    def items(self, path, **params):
        """All items of a list, page by page."""
        found, cursor = [], None
        while True:
            page = self.get(path, **params, **({"cursor": cursor} if cursor else {}))
            assert page.status == 200, page
            found += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return found


# ---- many at once, feeds ---------------------------------------------------------------------------------------------


def run(coroutine, seconds=120):
    """Runs one coroutine with a bound."""
    return asyncio.run(asyncio.wait_for(coroutine, seconds))


def session(client, connections=0):
    """An aiohttp session with the client's token; `async with session(staff) as http: …` takes paths like /api/…"""
    headers = {"Authorization": f"Bearer {client.token}"} if client.token else {}
    return aiohttp.ClientSession(
        client.url, headers=headers, connector=aiohttp.TCPConnector(limit=connections, force_close=False)
    )


async def send(http, method, path, body=None, key=None, headers=None):
    """One call within a session: Answer."""
    sent = dict(headers or {})
    if key is AUTO:
        key = unique_key()
    if key is not None:
        sent["Idempotency-Key"] = key
    async with http.request(method, path, json=body, headers=sent) as response:
        return Answer(response.status, response.headers, await response.read())


async def at_once(calls):
    """All coroutines together: their results in order; the first exception comes through."""
    return await asyncio.gather(*calls)


class Feed:
    """A WebSocket subscription: `async with Feed(http, ["customers"], since=3) as feed: message = await feed.next()`."""

    def __init__(self, http, collections=(), since=None, filter=None, presence=None):
        self.http = http
        self.message = {"type": "subscribe", "collections": list(collections)}
        if since is not None:
            self.message["since"] = since
        if filter is not None:
            self.message["filter"] = filter
        if presence is not None:
            self.message["presence"] = presence
        self.socket = None

    async def __aenter__(self):
        self.socket = await self.http.ws_connect("/api/feed")
        await self.socket.send_json(self.message)
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def next(self, *types, seconds=WAIT_SECONDS):
        """The next message of one of the types; without types: the next that is no heartbeat."""

        async def wanted():
            async for message in self.socket:
                if message.type != aiohttp.WSMsgType.TEXT:
                    continue
                content = json.loads(message.data)
                if content["type"] in types if types else content["type"] != "heartbeat":
                    return content
            raise AssertionError(f"the feed was closed with {self.socket.close_code}")

        return await asyncio.wait_for(wanted(), seconds)

    async def changes(self, count):
        return [await self.next("change") for _ in range(count)]
