# SPDX-License-Identifier: Apache-2.0
"""P9: lanes on PostgreSQL, against Node.js on the same PostgreSQL, and two servers against one."""

import shutil
import subprocess
import tempfile
import uuid
from contextlib import ExitStack

from harness import CONNECTIONS, RECORDS, NodePeer, NotMeasured, Postgres, Server, median, settle
from tenants import make_tenants

LANES = 16
NODE_SECONDS = 8
SECONDS = 8
WARMUP_SECONDS = 2


class Databases:
    """Databases on one PostgreSQL that are copies of two: one tenant with all records, and so many with a part of them."""

    def __init__(self, bench, postgres):
        self.bench, self.postgres = bench, postgres
        self.lane, self.lanes = self.create(), self.create()
        data = tempfile.mkdtemp(prefix="seed-", dir=bench.work)
        Server(bench, data, "--store", self.url(self.lane)).stop()
        made, self.logins = make_tenants(bench, LANES, LANES, RECORDS // LANES, "--store", self.url(self.lanes))
        for folder in (data, made):
            shutil.rmtree(folder)

    def create(self, template="template1"):
        name = f"bench_{uuid.uuid4().hex}"
        done = subprocess.run([f"{self.postgres.bin}/psql", "-q", "-d", self.postgres.url, "-c",
                               f"create database {name} template {template} strategy file_copy", "-c", "checkpoint"],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NotMeasured("create database: " + done.stderr[-300:])
        return name

    def url(self, name):
        return self.postgres.url.replace("postgres:", "postgresql:").replace("/postgres", f"/{name}", 1)

    def patch(self, template, logins, *arguments, nodes=1):
        """One repetition: a fresh copy, so many servers on it, and the load on all of them."""
        store = self.url(self.create(template))
        settle()
        with ExitStack() as stack:
            folders = [tempfile.mkdtemp(prefix="node-", dir=self.bench.work) for _ in range(nodes)]
            servers = [stack.enter_context(Server(self.bench, folder, "--store", store, demo=False)) for folder in folders]
            urls = [part for server in servers[1:] for part in ("--url", server.url)]
            line = self.bench.load("patch", servers[0].url, *urls, "--connections", CONNECTIONS, "--seconds", SECONDS,
                                   "--warmup", WARMUP_SECONDS, *arguments, logins=logins)
        for folder in folders:
            shutil.rmtree(folder)
        return line


def node_patch(bench, postgres, records):
    with NodePeer(bench, postgres) as peer:
        return bench.load("patch", peer.url, "--path", "/customers/{id}", "--numbered-ids", records, "--connections",
                          CONNECTIONS, "--seconds", NODE_SECONDS, "--warmup", WARMUP_SECONDS, logins=())["per_second"]


def p9(bench):
    """Lanes on PostgreSQL against Node.js on the same one; two servers against one."""
    postgres = Postgres(bench)
    try:
        databases = Databases(bench, postgres)
        ours = {name: [] for name in ("hot", "spread", "two")}
        theirs = {"hot": [], "spread": []}
        lines = {}
        for _ in range(bench.repetitions):
            theirs["hot"].append(node_patch(bench, postgres, 1))
            lines["hot"] = databases.patch(databases.lane, ("demo",), "--records", 1)
            theirs["spread"].append(node_patch(bench, postgres, RECORDS))
            lines["spread"] = databases.patch(databases.lanes, databases.logins)
            lines["two"] = databases.patch(databases.lanes, databases.logins, nodes=2)
            for name, line in lines.items():
                ours[name].append(line["per_second"])
    finally:
        postgres.stop()
    against = {"hot": theirs["hot"], "spread": theirs["spread"], "two": ours["spread"]}
    for name, workload, whom, must, goal in (
            ("hot", "one lane, one record", "Node.js", 10, 25),
            ("spread", f"{LANES} lanes", "Node.js", 8, 15),
            ("two", f"{LANES} lanes, two servers", "one server", 0.95, 1.0)):
        ratios = [a / b for a, b in zip(ours[name], against[name])]
        bench.add("P9", workload, median(ours[name]), "/s", f"{whom} {median(against[name]):,.0f}/s", median(ratios), must,
                  goal, repetitions=ratios, last=lines[name])
