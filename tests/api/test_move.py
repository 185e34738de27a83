# SPDX-License-Identifier: Apache-2.0
"""`interlock move`: from files to PostgreSQL, interrupted and gone on with, and nothing is other than it was."""

import subprocess

import pytest

import harness
from files import content_of, pdf, uploaded
from flows import comment, create, history, patch
from harness import Feed, interlock, postgres_only, run

pytestmark = postgres_only("the move's target is a PostgreSQL database")
IN_FILES = {"INTERLOCK_STORE": ""}


def done(result, code=0):
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


class Filled:
    """A demo data directory on SQLite with work in it, stopped, and what a client saw there."""

    def __init__(self, server):
        self.data = server.data
        staff = server.login("staff01@demo.test")
        self.token = staff.token
        self.since = staff.get("/api/customers", limit=1)["seq"]
        self.key_body = {"name": "kept by its key"}
        self.first = staff.post("/api/customers", self.key_body, key="a-key-from-before")
        assert self.first.status == 201
        self.customer = create(staff, name="Ana", tags=["a", "ñ \"quoted\""])
        for number in range(5):
            self.customer = patch(staff, self.customer, address=f"{number} Main Street")
            comment(staff, self.customer, f"call {number} 🙂")
        gone = create(staff)
        assert staff.delete(f"/api/customers/{gone['id']}", {"version": gone["version"]}, key=harness.AUTO).status < 300
        self.files = []
        for email in ("staff01@demo.test", "admin@other.test"):
            client = server.login(email)
            for number in range(3):
                content = pdf(f"{email} {number}" * 50_000)
                self.files.append((email, uploaded(client, content, subject=create(client)["id"]), content))
        self.seen = self.look(server)
        server.stop()

    def look(self, server):
        """All that one can see, as the session from before."""
        staff = server.client(self.token)
        lists = {name: staff.items(f"/api/{name}", sort="id", limit=1000)
                 for name in ("customers", "comments", "files", "users")}
        return {
            "lists": lists,
            "searched": staff.items("/api/customers", q="ana"),
            "history": history(staff, self.customer),
            "feed": run(self.changes(staff)),
            "seq": staff.get("/api/customers", limit=1)["seq"],
            "contents": [content_of(server.login(email), file).body == content for email, file, content in self.files],
        }

    async def changes(self, client):
        count = client.get("/api/customers", limit=1)["seq"] - self.since
        async with harness.session(client) as http, Feed(http, ["customers", "comments", "files"], self.since) as feed:
            messages, last = [], 0
            while last < self.since + count:
                messages.append(await feed.next("change"))
                last = messages[-1]["seq"]
            return messages


@pytest.fixture
def filled(make_server, tmp_path):
    return Filled(make_server(data=tmp_path / "source", env=IN_FILES))


def move(source, target, **more):
    return interlock("move", "--from", f"sqlite:{source}", "--to", harness.database_of(target), data=source, env=IN_FILES, **more)


def in_target(target, sql):
    command = ["psql", "-qAt", "-d", harness.database_of(target), "-c", sql]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()


def killed_move(source, target, when):
    """A move that got a SIGKILL as soon as when(its lines so far) was true."""
    command = [harness.binary(), "move", "--from", f"sqlite:{source}", "--to", harness.database_of(target)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=harness.clean_environment())
    lines = []
    while not when(lines):
        if not lines or "platform" not in lines[0]:
            lines.append(process.stderr.readline())
        assert process.poll() is None, lines
    process.kill()
    lines += process.stderr.readlines()
    assert process.wait(20) == -9, lines
    return lines


def test_an_interrupted_move_is_gone_on_with_and_all_is_as_it_was(filled, make_server, tmp_path):
    target = tmp_path / "target"
    on_target = {"INTERLOCK_STORE": harness.database_of(target)}
    killed_move(filled.data, target, lambda lines: lines and "moved and verified" in lines[0])
    unfinished = interlock("serve", "--listen", "127.0.0.1:0", data=target, env=on_target)
    assert unfinished.returncode == 1 and "in the middle of a move" in unfinished.stderr

    writing = "select 1 from pg_stat_activity where datname = current_database() and application_name like 'interlock%' " \
              "and xact_start is not null and query ilike 'insert into records%'"
    killed_move(filled.data, target, lambda lines: lines and "before" in lines[0] and in_target(target, writing))

    ended = move(filled.data, target, timeout=300)
    done(ended)
    told = ended.stderr.splitlines()
    assert len(told) == 4 and told[0].startswith("[1/4] platform: ") and told[0].endswith("moved and verified before")
    assert "6 files" in ended.stdout
    assert done(interlock("check", data=target, env=on_target)).count("3 files") == 2

    server = make_server(data=filled.data, env=on_target)
    for name, seen in filled.look(server).items():
        assert seen == filled.seen[name], name
    staff = server.client(filled.token)
    again = staff.post("/api/customers", filled.key_body, key="a-key-from-before")
    assert again.replayed and again.body == filled.first.body and again.status == filled.first.status
    changed = patch(staff, filled.customer, address="after the move")
    assert changed["version"] == filled.customer["version"] + 1
    assert create(staff)["id"] and staff.get("/api/customers", limit=1)["seq"] == filled.seen["seq"] + 2
    assert uploaded(staff, pdf("after the move"))


def test_what_was_moved_is_not_served_or_moved_again_by_mistake(filled, make_server, tmp_path):
    target = tmp_path / "target"
    done(move(filled.data, target))
    serve = interlock("serve", "--listen", "127.0.0.1:0", data=filled.data, env=IN_FILES)
    assert serve.returncode == 2 and "were moved to a database" in serve.stderr and "/moved is removed" in serve.stderr
    again = move(filled.data, target)
    assert again.returncode == 1 and "were moved before" in again.stderr
    (filled.data / "moved").unlink()
    again = move(filled.data, target)
    assert again.returncode == 1 and "the database holds records already" in again.stderr
    restarted = make_server(data=filled.data, env=IN_FILES)
    assert restarted.client(filled.token).get("/api/customers").status == 200


def test_a_move_is_refused_while_somebody_uses_either_side(make_server, tmp_path):
    source = make_server(data=tmp_path / "source", env=IN_FILES)
    held = move(source.data, tmp_path / "target")
    assert held.returncode == 4 and f"held by process {source.pid}" in held.stderr
    source.stop()
    make_server(data=tmp_path / "target", demo=False)
    used = move(source.data, tmp_path / "target")
    assert used.returncode == 1 and "a server or a command uses the database" in used.stderr


@pytest.mark.parametrize(
    "args, code, said",
    [
        (["--to", "postgresql://me:secret-of-mine@db/x"], 2, "a password in --to is visible"),
        (["--to", "mysql://db"], 2, "--to must be postgresql://"),
        ([], 2, "--to must be postgresql://"),
        (["--from", "/var/data", "--to", "postgresql://db/x"], 2, "--from must be sqlite:DIRECTORY"),
        (["--from", "postgresql://db/x", "--to", "postgresql://db/y"], 2, "make a backup there, and restore it"),
        (["--from", "sqlite:/nowhere", "--to", "postgresql://db/x"], 2, "there is no data directory /nowhere"),
        (["--from", "sqlite:/tmp", "--to", "postgresql://db/x"], 2, "/tmp is no data directory with records in it"),
    ],
)
def test_a_move_that_cannot_begin_says_why(args, code, said):
    ended = subprocess.run([harness.binary(), "move", *args], capture_output=True, text=True, timeout=60,
                           env=harness.clean_environment(), check=False)
    assert ended.returncode == code and said in ended.stderr, ended.stderr
    assert "secret-of-mine" not in ended.stderr


def test_files_can_go_to_a_bucket_on_the_way(filled, make_server, tmp_path):
    from s3_server import KEYS, S3Server

    with S3Server() as s3:
        in_bucket = {**KEYS, "INTERLOCK_FILES": s3.url()}
        target = {"INTERLOCK_STORE": harness.database_of(tmp_path / "target"), **in_bucket}
        done(interlock("move", data=filled.data, env=target))
        assert len(s3.keys()) == 6
        server = make_server(data=filled.data, env=target)
        assert filled.look(server)["contents"] == [True] * 6
        server.stop()
