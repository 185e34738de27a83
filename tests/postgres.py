#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL cluster for tests: tests/postgres.py start|stop DIRECTORY

It listens on a socket in DIRECTORY only, so that it needs no port and meets no other one; its user and database are
`test` and `postgres`. Without fsync: what these tests are about is not whether PostgreSQL survives a power failure.
"""

import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

START_SECONDS = 60


def programs():
    """The newest PostgreSQL that Debian has installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise SystemExit("PostgreSQL is not installed (apt-get install postgresql)")
    return os.path.dirname(found[-1])


def as_user():
    """PostgreSQL refuses to run as root: then it runs as Debian's user `postgres`."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def url(directory):
    settings = (directory / "cluster" / "postgresql.auto.conf").read_text(encoding="utf-8")
    port = re.search(r"^port = '(\d+)'", settings, re.M)
    return f"postgresql://test@/postgres?host={directory}" + (f"&port={port[1]}" if port else "")


def start(directory, port=None):
    """A new cluster; with a port it listens there as well, on the loopback address."""
    stop(directory)
    directory.mkdir(mode=0o755, parents=True)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(directory, owner.pw_uid, owner.pw_gid)
    cluster = directory / "cluster"
    subprocess.run([f"{programs()}/initdb", "-D", cluster, "-A", "trust", "-U", "test", "-E", "UTF8", "--no-sync",
                    "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user())
    settings = ["fsync=off", "max_connections=400", "log_min_messages=fatal"]
    settings += [f"port={port}", "listen_addresses=127.0.0.1"] if port else ["listen_addresses="]
    with open(cluster / "postgresql.auto.conf", "a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in (one.split("=") for one in settings))
    run(directory)


def run(directory):
    """Starts the cluster that lives there, and waits until it takes connections."""
    cluster = directory / "cluster"
    log = open(directory / "log", "ab")
    process = subprocess.Popen(
        [f"{programs()}/postgres", "-D", cluster, "-k", directory],
        stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/", start_new_session=True, **as_user())
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run([f"{programs()}/psql", "-qXc", "", url(directory)], check=False, stderr=subprocess.DEVNULL).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"PostgreSQL did not start: {(directory / 'log').read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def is_there(pid):
    try:
        os.waitpid(pid, os.WNOHANG)  # if it is a child of this very process
    except ChildProcessError:
        pass
    return Path(f"/proc/{pid}").exists()


def halt(directory):
    """Ends the cluster that lives there, if there is one, by its process id: at once, so that the next start recovers."""
    pid_file = directory / "cluster" / "postmaster.pid"
    if pid_file.exists():
        pid = int(pid_file.read_text().splitlines()[0])
        try:
            os.kill(pid, signal.SIGQUIT)
        except ProcessLookupError:
            pass
        deadline = time.monotonic() + START_SECONDS
        while is_there(pid) and time.monotonic() < deadline:
            time.sleep(0.02)


def stop(directory):
    """The same, and removes it."""
    halt(directory)
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    {"start": start, "stop": stop}[sys.argv[1]](Path(sys.argv[2]))
