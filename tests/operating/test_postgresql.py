# SPDX-License-Identifier: Apache-2.0
"""docs/operating/postgresql.md: its settings, its backup and its way back to a point in time, as they stand there."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import flows
import harness
import postgres
import pytest
from harness import wait_for
from pages import block, free_port, replaced

PAGE = "postgresql"
# Where the page's directories are in the test, below a directory of the test's own.
PLACES = {
    "/etc/postgresql/15/main/conf.d": "conf",
    "/etc/postgresql/15/main": "etc",
    "/var/lib/postgresql/15": "lib",
    "/var/backups/postgresql": "backups",
}


class Cluster:
    """A PostgreSQL of the test's own: data in lib/main, reached by a socket, and by TLS on a port."""

    def __init__(self, certificate):
        self.root = Path(tempfile.mkdtemp(prefix="interlock-pg-", dir="/tmp"))
        for name in PLACES.values():
            (self.root / name).mkdir(parents=True)
        self.port = free_port()
        for part, source in zip(("crt", "key"), certificate):
            shutil.copy(source, self.root / f"etc/server.{part}")
        (self.root / "etc/server.key").chmod(0o600)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            for path in [self.root, *self.root.rglob("*")]:
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self.process = None
        self.program("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        self.shell(f"echo \"include_dir '{self.root}/conf'\" >>{self.data}/postgresql.conf")

    @property
    def data(self):
        return self.root / "lib/main"

    def here(self, text):
        """What the page says, for this cluster; users and services are the test's."""
        for there, name in PLACES.items():
            text = text.replace(there, f"{self.root}/{name}")
        return re.sub(r"-o postgres -g postgres |sudo -u postgres |^systemctl .*$", "", text, flags=re.M)

    def _start(self, command, **more):
        environment = {**os.environ, "PGHOST": str(self.root), "PGUSER": "postgres", "PGPORT": str(self.port), "TZ": "UTC"}
        environment["PATH"] = f"{postgres.programs()}:{environment['PATH']}"
        return subprocess.Popen(
            [str(part) for part in command], cwd=self.root, env=environment, stdin=subprocess.DEVNULL, text=True,
            **postgres.as_user(), **more,
        )  # fmt: skip

    def program(self, name, *arguments):
        process = self._start([name, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, f"{name}: {said}"
        return said

    def shell(self, text):
        return self.program("sh", "-euc", self.here(text))

    def psql(self, text):
        return self.program("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text).strip()

    def start(self):
        log = open(self.root / "log", "ab")
        flags = ["-k", self.root, "-p", self.port, "-c", "log_min_messages=warning"]
        self.process = self._start(["postgres", "-D", self.data, *flags], stdout=log, stderr=log)

        def takes_work():
            assert self.process.poll() is None, (self.root / "log").read_text()[-2000:]
            asked = self._start(["psql", "-XqAtc", "select pg_is_in_recovery()"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            return asked.communicate()[0].strip() == "f"

        wait_for(takes_work, 60, "PostgreSQL")

    def crash(self):
        """As if the power went: nothing is written any more, no log is archived on the way out."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)


@pytest.fixture
def cluster(certificate):
    made = Cluster(certificate)
    made.shell(f"cat >{made.root}/conf/tls.conf <<'END'\n{block(PAGE, 'conf', 'ssl_cert_file')}\nEND")
    rule = replaced(block(PAGE, "conf", "hostssl"), ("10.0.0.0/24", "127.0.0.1/32"))
    debian = "local all postgres trust\nlocal replication postgres trust"  # there it is peer, by the system's user
    made.shell(f"cat >{made.data}/pg_hba.conf <<'END'\n{debian}\n{rule}\nEND")
    made.shell(block(PAGE, "sh", "archive_command"))
    made.start()
    made.psql("create role interlock login password 'secret-1'")
    (create,) = re.findall(r"^.*\bcreatedb\b.*$", block(PAGE, "sh", "createdb"), re.M)
    made.shell(create)
    yield made
    made.crash()
    shutil.rmtree(made.root)


@pytest.fixture
def serve(cluster, certificate, tmp_path):
    """serve(): a server on the cluster, by password and TLS, as its page says."""
    (line,) = block(PAGE, "toml", "verify-full").splitlines()
    config = tmp_path / "interlock.toml"
    where = ("db.example", f"127.0.0.1:{cluster.port}"), ("/etc/interlock/db-ca.pem", certificate[0])
    config.write_text(replaced(line, ("PASSWORD", "secret-1"), *where))
    servers = []

    def start():
        # Each on a directory of its own: what counts is in the database.
        directory = tmp_path / f"data{len(servers)}"
        servers.append(harness.Server(directory, demo=False, env={"INTERLOCK_CONFIG": str(config)}).start())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def test_everything_up_to_a_moment_comes_back_and_nothing_after_it(cluster, serve):
    server = serve()
    owner = flows.make_tenant(server, "acme")
    before = [flows.create(owner, name="before the backup")]
    cluster.shell(block(PAGE, "sh", "# Base backup"))
    cluster.shell(block(PAGE, "sh", "# Clean up"))
    before += [flows.create(owner, name=f"after the backup {number}") for number in range(20)]
    flows.patch(owner, before[0], name="changed after the backup")
    moment = cluster.psql("select clock_timestamp()")
    assert moment.endswith("+00")
    time.sleep(0.01)  # the next commit's time is another one
    lost = [flows.create(owner, name=f"a mistake {number}") for number in range(20)]
    assert owner.delete(f"/api/customers/{before[1]['id']}", headers={"If-Match": "*"}).status < 300
    server.stop()
    cluster.crash()

    back = replaced(block(PAGE, "sh", "# Back to a point"), ("2026-11-22 14:55:00+00", moment))
    cluster.shell(back)
    cluster.start()
    again = serve()
    owner = again.login("owner@acme.test", tenant="acme")
    assert flows.read(owner, before[0])["name"] == "changed after the backup"
    assert {record["id"] for record in owner.items("/api/customers")} == {record["id"] for record in before}
    assert all(owner.get(f"/api/customers/{record['id']}").status == 404 for record in lost)
    assert flows.create(owner, name="and on it goes")["version"] == 1
    done = again.command("check", env=again.env)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nobody_comes_in_without_tls(cluster, tmp_path):
    done = harness.interlock(
        "tenant", "list", data=tmp_path,
        env={"INTERLOCK_STORE": f"postgresql://interlock:secret-1@127.0.0.1:{cluster.port}/interlock?sslmode=disable"},
    )  # fmt: skip
    assert done.returncode == 1 and "pg_hba" in done.stderr, done
    assert "secret-1" not in done.stdout + done.stderr
