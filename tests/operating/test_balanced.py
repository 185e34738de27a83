# SPDX-License-Identifier: Apache-2.0
"""Two servers on one database behind a load balancer, configured as docs/operating/nodes.md says, restarted in turn."""

import collections
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import flows
import harness
import postgres
import pytest
from harness import unique_key, wait_for
from pages import block, free_port, replaced

PAGE = "nodes"
WRITERS = 6


def haproxy(folder, certificate, secure, servers):
    pem = folder / "desk.pem"
    pem.write_text(certificate[0].read_text() + certificate[1].read_text())
    config = replaced(
        block(PAGE, "haproxy"),
        ("maxconn 40000", "maxconn 400"),  # a test may not have descriptors for more
        ("/run/haproxy/admin.sock", folder / "admin.sock"),
        ("bind :443 ssl crt /etc/haproxy/desk.example.pem", f"bind 127.0.0.1:{secure} ssl crt {pem}"),
        ("bind :80\n", f"bind 127.0.0.1:{free_port()}\n"),
        ("10.0.0.11:8080", f"127.0.0.1:{servers[0]}"),
        ("10.0.0.12:8080", f"127.0.0.1:{servers[1]}"),
    )
    path = folder / "haproxy.cfg"
    path.write_text(config)
    return [shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", path]


def nginx(folder, certificate, secure, servers):
    site = replaced(
        block(PAGE, "nginx"),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("/etc/ssl/certs/desk.example.pem", certificate[0]),
        ("/etc/ssl/private/desk.example.key", certificate[1]),
        ("desk.example", "127.0.0.1"),
        ("10.0.0.11:8080", f"127.0.0.1:{servers[0]}"),
        ("10.0.0.12:8080", f"127.0.0.1:{servers[1]}"),
    )
    for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        site += f"{name}_temp_path {folder}/{name};\n"
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{site}}}\n"
    )
    return [shutil.which("nginx") or "/usr/sbin/nginx", "-p", folder, "-c", path]


@pytest.fixture(scope="module")
def database():
    directory = Path(tempfile.mkdtemp(prefix="interlock-nodes-", dir="/tmp"))
    program = [sys.executable, "-B", postgres.__file__]
    subprocess.run([*program, "start", directory], check=True)
    yield postgres.url(directory)
    subprocess.run([*program, "stop", directory], check=True)


class Balanced:
    """Two servers that tell the balancer's address as theirs, and the balancer."""

    def __init__(self, balancer, database, certificate, folder):
        self.secure = free_port()
        ports = [free_port(), free_port()]
        with open(folder / "balancer.log", "wb") as log:
            self.balancer = subprocess.Popen(balancer(folder, certificate, self.secure, ports), stdout=log, stderr=log)
        wait_for(lambda: self.listens() or self.balancer.poll() is not None, what="the load balancer")
        assert self.balancer.poll() is None, (folder / "balancer.log").read_text()
        config = folder / "interlock.toml"
        lines = block(PAGE, "toml", "trusted_proxies").splitlines()
        kept = [line for line in lines if not line.startswith(("listen", "data", "store", "metrics_token"))]
        config.write_text(
            replaced("\n".join(kept), ("https://desk.example", f"https://127.0.0.1:{self.secure}"), ("10.0.0.10", "127.0.0.1"))
        )
        environment = {"INTERLOCK_CONFIG": str(config), "INTERLOCK_STORE": database}
        self.servers = [
            harness.Server(folder / f"data{port}", demo=False, listen=f"127.0.0.1:{port}", env=environment,
                           certificate=certificate[0]).start()
            for port in ports
        ]  # fmt: skip
        self.direct = [harness.Client(f"http://127.0.0.1:{port}") for port in ports]

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.secure)) == 0

    def restart(self, number):
        self.servers[number].restart()
        wait_for(lambda: self.created(number) > 20, what="work for the server that came back")

    def created(self, number):
        """How many operations a server has executed since its start."""
        return int(re.search(r"^interlock_operations_total (\d+)", self.direct[number].get("/metrics").text, re.M).group(1))

    def stop(self):
        for server in self.servers:
            server.stop()
        self.balancer.terminate()
        self.balancer.wait(10)


@pytest.fixture(params=[haproxy, nginx], ids=["haproxy", "nginx"])
def balanced(request, database, certificate):
    folder = Path(tempfile.mkdtemp(prefix="interlock-", dir="/tmp"))  # short: there is a socket in it
    made = Balanced(request.param, database, certificate, folder)
    made.slug = request.param.__name__
    yield made
    made.stop()
    shutil.rmtree(folder)


def test_both_servers_are_restarted_under_load_and_nobody_sees_an_error(balanced):
    owner = flows.make_tenant(balanced.servers[0], balanced.slug)
    stop = threading.Event()
    answers, made = collections.Counter(), []

    def write(number):
        while not stop.is_set():
            try:
                answer = owner.post("/api/customers", {"name": f"writer {number}"}, key=unique_key())
                answers[answer.status] += 1
                if answer.status == 201:
                    made.append(answer["id"])
                    answers[owner.get(f"/api/customers/{made[-1]}").status] += 1
            except OSError as failed:
                answers[repr(failed)] += 1

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        for number in (0, 1):
            wait_for(lambda: len(made) > 20, what="work")
            balanced.restart(number)
    finally:
        stop.set()
        for writer in writers:
            writer.join(30)
    assert set(answers) == {200, 201}, answers
    stored = [record["id"] for record in owner.items("/api/customers", limit=200)]
    assert sorted(stored) == sorted(made)
