# SPDX-License-Identifier: Apache-2.0
"""The database goes away in the middle: killed backends, a crash, a network that swallows everything. Whatever was
acknowledged stays, no key has two effects, and nobody waits without an end."""

import random
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

import harness
import postgres
from flows import create, made
from load import Load, check_load

STAFF = "staff01@demo.test"
ANSWER_SECONDS = 45  # a statement's time limit, and what comes before and after it


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL of this file's own, to be hurt; not below pytest's directories, which only their owner may enter."""
    directory = Path(tempfile.mkdtemp(prefix="interlock-faults-", dir="/tmp"))
    postgres.start(directory, free_port())
    yield directory
    postgres.stop(directory)


def psql(cluster, sql, database="postgres"):
    url = postgres.url(cluster).replace("/postgres?", f"/{database}?")
    done = subprocess.run(["psql", "-qXAtc", sql, url], text=True, capture_output=True, check=False)
    return done.stdout.split()


@pytest.fixture
def database(cluster, request):
    name = f"t{abs(hash(request.node.name)) % 10**9}"
    psql(cluster, f"create database {name}")
    return name


def serve(make_server, tmp_path, url, name, demo=True):
    return make_server(data=tmp_path / name, demo=demo, env={"INTERLOCK_STORE": url})


@pytest.fixture
def nodes(make_server, tmp_path, cluster, database):
    url = postgres.url(cluster).replace("/postgres?", f"/{database}?")
    return serve(make_server, tmp_path, url, "first"), serve(make_server, tmp_path, url, "second")


def clients(nodes):
    here = nodes[0].login(STAFF)
    return here, nodes[1].client(here.token)


def test_backends_are_killed_in_the_middle_and_nothing_is_lost_or_doubled(nodes, cluster, database):
    here, there = clients(nodes)
    load = Load(nodes, here.token)
    killed = []

    def trouble(running):
        """Whoever commits, waits for a lock, or is between two statements of a group."""
        busy = f"datname = '{database}' and pid <> pg_backend_pid() and (state <> 'idle' or query ilike 'commit%')"
        for _ in range(40):
            running.more(3)
            killed.extend(psql(cluster, f"select pg_terminate_backend(pid) from pg_stat_activity where {busy}"))
        running.more()

    harness.run(load.run(trouble), 240)
    assert len(killed) > 40
    check_load(load, [here, there])


def test_the_database_crashes_and_nothing_is_lost_or_doubled(nodes, cluster):
    here, there = clients(nodes)
    load = Load(nodes, here.token)

    def trouble(running):
        for _ in range(3):
            running.more()
            postgres.halt(cluster)
            postgres.run(cluster)
        running.more()

    harness.run(load.run(trouble), 240)
    check_load(load, [here, there])


def test_a_feed_that_was_open_over_a_crash_of_the_database_misses_nothing(nodes, cluster):
    here, there = clients(nodes)

    async def work():
        async with harness.session(there) as http, harness.Feed(http, ["customers"]) as feed:
            await feed.next("heartbeat")
            before = create(here)
            postgres.halt(cluster)
            postgres.run(cluster)
            key, body = harness.unique_key(), {"name": "After"}
            after = harness.wait_for(lambda: (lambda a: a.status == 201 and a)(here.post("/api/customers", body, key)), 60)
            return [before["id"], after["id"]], [message["id"] for message in await feed.changes(2)]

    wanted, heard = harness.run(work(), 120)
    assert heard == wanted


class Hole:
    """A way to the database that can swallow everything: connections stay, nothing comes through."""

    def __init__(self, port):
        self.port = port
        self.swallows = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def own_port(self):
        return self.listener.getsockname()[1]

    def accept(self):
        while True:
            try:
                here, _ = self.listener.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self.port))
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self.forward, args=(one, other), daemon=True).start()

    def forward(self, one, other):
        try:
            while data := one.recv(65536):
                if self.swallows:
                    continue
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()


def test_a_database_behind_a_black_hole_is_told_within_a_bound_and_resolved_by_the_key(
    make_server, tmp_path, cluster, database, request
):
    port = psql(cluster, "show port")[0]
    hole = Hole(int(port))
    request.addfinalizer(hole.close)
    node = serve(make_server, tmp_path, f"postgresql://test@127.0.0.1:{hole.own_port}/{database}", "holed")
    staff = node.login(STAFF)
    create(staff)
    hole.swallows = True
    key, body = harness.unique_key(), {"name": "Ana"}
    answer = staff.request("POST", "/api/customers", body, key=key, timeout=ANSWER_SECONDS)
    assert answer.status == 503 and answer.headers["Retry-After"], answer
    assert node.client().get("/healthz").status == 200, "the server itself answers"
    hole.swallows = False
    again = harness.wait_for(lambda: (lambda a: a.status == 201 and a)(staff.post("/api/customers", body, key)), 90, "an answer")
    same = [one for one in staff.items("/api/customers", limit=1000) if one["id"] == again["id"]]
    assert len(same) == 1 and made(staff.post("/api/customers", body, key))["id"] == again["id"]
