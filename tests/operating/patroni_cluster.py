# SPDX-License-Identifier: Apache-2.0
"""Three members of etcd, Patroni and PostgreSQL on loopback ports, configured as docs/operating/high-availability.md says."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import postgres
from harness import wait_for
from pages import block, free_port, replaced

PAGE = "high-availability"
MEMBERS = {"one": "10.0.0.21", "two": "10.0.0.22", "three": "10.0.0.23"}
SERVICES = {"etcd_peers": 2380, "etcd": 2379, "patroni": 8008, "postgres": 5432}
PASSWORD = "secret-1"
MEMBERS_SECONDS = 120  # to begin, to fail over, to come back: on a machine that does other things as well


class Patroni:
    """`with Patroni() as cluster`: a leader, a synchronous standby and a replica, and the database of Interlock."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="interlock-ha-", dir="/tmp"))
        self.ports = {name: {service: free_port() for service in SERVICES} for name in MEMBERS}
        self.etcd, self.patroni = {}, {}

    def __enter__(self):
        try:
            for name in MEMBERS:
                self._start_etcd(name)
            self.start("one")
            wait_for(lambda: "leader" in self.roles().values(), MEMBERS_SECONDS, "a leader")
            self.start("two")
            self.start("three")
            self.wait_until_complete()
            self._psql("postgres", f"create role interlock login password '{PASSWORD}'")
            self._psql("postgres", "create database interlock owner interlock template template0 encoding 'UTF8'")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in [*self.patroni.values(), *self.etcd.values()]:
            process.kill()
            process.wait(30)
        for name in MEMBERS:
            self._signal_postgres(name, signal.SIGQUIT)
        shutil.rmtree(self.root, ignore_errors=True)

    # ---- what the page says, for a member on this machine --------------------------------------------------------

    def _here(self, text):
        for name, address in MEMBERS.items():
            for service, port in SERVICES.items():
                text = text.replace(f"{address}:{port}", f"127.0.0.1:{self.ports[name][service]}")
        return text

    def _of(self, name, text):
        """The first member's lines as those of another one; what lists all members stays."""
        lines = []
        for line in text.splitlines():
            if line in ("name: one", "ETCD_NAME=one"):
                line = line.replace("one", name)
            lines.append(line if "10.0.0.23" in line else line.replace(MEMBERS["one"], MEMBERS[name]))
        return self._here("\n".join(lines))

    def _configuration(self, name, folder):
        return replaced(
            self._of(name, block(PAGE, "yaml", "scope")),
            ("/var/lib/postgresql/15/", f"{folder}/"),
            ("/usr/lib/postgresql/15/bin", postgres.programs()),
            ("local all postgres peer", "local all postgres trust"),
            ("10.0.0.0/24", "127.0.0.1/32"),
            ("postgresql:\n  listen", f"postgresql:\n  parameters:\n    unix_socket_directories: {folder}\n  listen"),
        )

    def url(self):
        """What the servers' `store` is."""
        line = replaced(block(PAGE, "toml", "target_session_attrs"), ("PASSWORD", PASSWORD))
        return self._here(line).split('"')[1]

    # ---- processes -----------------------------------------------------------------------------------------------

    def _run(self, name, command, environment=None):
        with open(self.root / name / f"{command[0]}.log", "ab") as log:
            return subprocess.Popen(
                command, env={**os.environ, **(environment or {})}, cwd=self.root / name, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, **postgres.as_user(),
            )  # fmt: skip

    def _start_etcd(self, name):
        folder = self.root / name
        folder.mkdir()
        lines = self._of(name, block(PAGE, "conf", "ETCD_NAME")).splitlines()
        environment = dict(line.split("=", 1) for line in lines if line.startswith("ETCD_"))
        environment["ETCD_DATA_DIR"] = str(folder / "etcd")
        (folder / "config.yml").write_text(self._configuration(name, folder))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            for path in (self.root, folder):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self.etcd[name] = self._run(name, ["etcd"], environment)

    def start(self, name):
        self.patroni[name] = self._run(name, ["patroni", "config.yml"])

    def _signal_postgres(self, name, number):
        try:
            os.kill(int((self.root / name / "interlock/postmaster.pid").read_text().split()[0]), number)
        except (FileNotFoundError, ProcessLookupError):
            pass

    def lose(self, name):
        """As if the machine went, but for etcd: nobody of it says goodbye."""
        self.patroni[name].kill()
        self._signal_postgres(name, signal.SIGKILL)
        self.patroni[name].wait(30)

    # ---- what it says of itself ----------------------------------------------------------------------------------

    def roles(self):
        """name -> leader, sync_standby or replica, of those that run; empty while nobody answers."""
        for ports in self.ports.values():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{ports['patroni']}/cluster", timeout=5) as answer:
                    members = json.load(answer)["members"]
            except OSError:
                continue
            return {one["name"]: one["role"] for one in members if one["state"] in ("running", "streaming")}
        return {}

    def leader(self):
        return next((name for name, role in self.roles().items() if role == "leader"), None)

    def wait_until_complete(self):
        complete = ["leader", "replica", "sync_standby"]
        wait_for(lambda: sorted(self.roles().values()) == complete, MEMBERS_SECONDS, "three members")

    def _psql(self, database, text):
        leader = self.leader()
        where = ["-h", self.root / leader, "-p", str(self.ports[leader]["postgres"]), "-U", "postgres"]
        subprocess.run(["psql", "-Xq", *where, "-d", database, "-c", text], check=True)
