# SPDX-License-Identifier: Apache-2.0
"""The figures. Each function takes one, adds its rows, and can run alone: `./bench P3`."""

import glob
import json
import os
import shutil
import subprocess
import tempfile
import time

from harness import (BENCHMARKS, CONNECTIONS, PASSWORD, RECORDS, NodePeer, NotMeasured, Postgres, Process, Server,
                     answers, disk_of, free_port, median, read_until_ready, settle, syncs_us)
from postgres_figures import p9
from tenants import make_tenants

OPERATIONS = 100_000
TENANT_OPERATIONS = 60_000
NODE_SECONDS = 8
NODE_VALID_PER_SECOND = 1_000
SUBSCRIBERS = 1_000
CHANGES_PER_SECOND = 100
FEED_SECONDS = 20
THINKING_USERS = 30
THINK_SECONDS = 40
IDLE_SOCKETS = 1_000
CREATES_WARMUP = 0


def spread_patch(bench, *arguments, mode="patch", operations=OPERATIONS, logins=("demo",)):
    """One repetition of P2 and its relatives: a fresh copy of the demo data, a server, and the load."""
    data = bench.demo_data()
    with Server(bench, data) as server:
        line = bench.load(mode, server.url, "--connections", CONNECTIONS, "--operations", operations, "--warmup", 0.5,
                          *arguments, logins=logins)
        line["server_cpu_us"] = 1e6 * server.cpu_seconds() / max(1, line["ok"])
    shutil.rmtree(data)
    return line


def p1(bench):
    """The lane in process against the raw loop, interleaved."""
    for keys in ("random", "ordered"):
        ours, theirs, lines = [], [], []
        for _ in range(bench.repetitions if keys == "random" else 1):
            theirs.append(bench.raw(OPERATIONS, keys=keys))
            folder = tempfile.mkdtemp(prefix="lane-", dir=bench.work)
            settle()
            done = subprocess.run([bench.program("interlock-lane-bench"), "--data", folder, "--operations",
                                   str(OPERATIONS), "--records", str(RECORDS), "--in-flight", str(CONNECTIONS),
                                   "--keys", keys], capture_output=True, text=True, check=False)
            shutil.rmtree(folder)
            if done.returncode != 0:
                raise NotMeasured("lane bench: " + done.stderr[-300:])
            lines.append(json.loads(done.stdout))
            ours.append(lines[-1]["per_second"])
        ratios = [a / b for a, b in zip(ours, theirs)]
        must, goal = (0.6, 1.0) if keys == "random" else (None, None)
        bench.add("P1", f"lane in process, {keys} keys", median(ours), "/s", f"raw loop {median(theirs):,.0f}/s",
                  median(ratios), must, goal, repetitions=ratios, last=lines[-1])


def p2(bench):
    """The same over HTTP with 64 connections."""
    for keys in ("random", "ordered"):
        ours, theirs, lines = [], [], []
        for _ in range(bench.repetitions if keys == "random" else 1):
            theirs.append(bench.raw(OPERATIONS, keys=keys))
            lines.append(spread_patch(bench, *(["--ordered-keys"] if keys == "ordered" else [])))
            ours.append(lines[-1]["per_second"])
        ratios = [a / b for a, b in zip(ours, theirs)]
        must, goal = (0.4, 0.7) if keys == "random" else (None, None)
        bench.add("P2", f"PATCH over HTTP, {keys} keys", median(ours), "/s", f"raw loop {median(theirs):,.0f}/s",
                  median(ratios), must, goal, repetitions=ratios, last=lines[-1])
        if keys == "random":
            bench.kept["spread"] = median(ours)


def p3(bench):
    """One hot record against the spread, and the same with versions."""
    hot, spread, lines = [], [], []
    for _ in range(bench.repetitions):
        spread.append(spread_patch(bench)["per_second"])
        lines.append(spread_patch(bench, "--records", 1))
        hot.append(lines[-1]["per_second"])
    ratios = [a / b for a, b in zip(hot, spread)]
    bench.kept["hot"], bench.kept["spread"] = median(hot), median(spread)
    bench.add("P3", "one record", median(hot), "/s", f"P2 {median(spread):,.0f}/s", median(ratios), 0.9, 1.0,
              repetitions=ratios, last=lines[-1])
    line = spread_patch(bench, "--records", 1, mode="versioned")
    bench.add("P3", "one record with versions", line["answers_per_second"], "answers/s",
              f"{100 * line['share_409']:.1f} % are 409", line["answers_per_second"] / median(spread), None, None,
              last=line)
    line = spread_patch(bench, mode="versioned")
    bench.add("P3", "spread with versions", line["answers_per_second"], "answers/s",
              f"{100 * line['share_409']:.1f} % are 409", line["answers_per_second"] / median(spread), None, None,
              last=line)


def p4(bench):
    """P2 and P3 against Node.js on PostgreSQL."""
    postgres = Postgres(bench)
    try:
        rows = {"spread": ([], []), "hot": ([], [])}
        for _ in range(bench.repetitions):
            for name, records in (("spread", RECORDS), ("hot", 1)):
                with NodePeer(bench, postgres) as peer:
                    line = bench.load("patch", peer.url, "--path", "/customers/{id}", "--numbered-ids", records,
                                      "--connections", CONNECTIONS, "--seconds", NODE_SECONDS, "--warmup", 2, logins=())
                rows[name][1].append(line["per_second"])
                ours = spread_patch(bench, "--records", records)
                rows[name][0].append(ours["per_second"])
    finally:
        postgres.stop()
    for name, must, goal in (("spread", 6, 15), ("hot", 15, 40)):
        ours, theirs = rows[name]
        ratios = [a / b for a, b in zip(ours, theirs)]
        valid = name == "hot" or median(theirs) >= NODE_VALID_PER_SECOND
        bench.add("P4", f"{name} record{'s' if name == 'spread' else ''}", median(ours), "/s",
                  f"Node.js {median(theirs):,.0f}/s" + ("" if valid else " (too slow to count)"), median(ratios), must,
                  goal, repetitions=ratios, peer=theirs, peer_valid=valid)


def p5(bench):
    """Reads against an empty handler, and against one that sends the same bytes after the bare query."""
    reference = bench.program("interlock-http-reference")
    read, listed = "/api/customers/{id}", "/api/customers?status=new&sort=-updated_at&limit=50"
    data = bench.demo_data()
    pairs = {"read": ([], []), "list": ([], [])}
    with Server(bench, data) as server:
        read_bytes = bench.load("get", server.url, "--seconds", 0.5, "--warmup", 0)["body_bytes_per_answer"]
        list_line = bench.load("get", server.url, "--path", listed, "--seconds", 0.5, "--warmup", 0)
        from_memory = int(list_line["body_bytes_per_answer"])
        with ReferenceServer(bench, reference, from_memory) as other:
            for _ in range(bench.repetitions):
                for name, ours_path, other_path in (("read", read, "/empty"), ("list", listed, "/list")):
                    common = ("--connections", CONNECTIONS, "--seconds", bench.seconds, "--warmup", 0.5)
                    pairs[name][1].append(bench.load("get", other.url, "--path", other_path, *common, logins=())["per_second"])
                    pairs[name][0].append(bench.load("get", server.url, "--path", ours_path, *common)["per_second"])
    shutil.rmtree(data)
    for name, must, goal, against in (("read", 0.6, 0.8, "empty handler"), ("list", 0.5, 0.7, "same bytes, bare query")):
        ours, theirs = pairs[name]
        ratios = [a / b for a, b in zip(ours, theirs)]
        bench.add("P5", "read by id" if name == "read" else "list of 50, filter and sort", median(ours), "/s",
                  f"{against} {median(theirs):,.0f}/s", median(ratios), must, goal, repetitions=ratios,
                  body_bytes=read_bytes if name == "read" else from_memory)


class ReferenceServer(Server):
    """The server's own transport with handlers that do next to nothing."""

    def __init__(self, bench, binary, list_bytes):  # pylint: disable=super-init-not-called
        self.port = free_port()
        self.url = f"127.0.0.1:{self.port}"
        database = largest_tenant_file(bench.demo_data())
        Process.__init__(self, [binary, "--listen", self.url, "--database", database, "--list-bytes", str(list_bytes)],
                         bench.path("reference.log"))
        self.wait_for(lambda: answers(f"http://{self.url}/empty"), "the reference handler")


def largest_tenant_file(data):
    return max(glob.glob(os.path.join(data, "tenants", "*", "*.db")), key=os.path.getsize)


def p6(bench):
    """Commit to delivery at 1,000 subscribers and 100 changes a second."""
    lines = []
    for _ in range(max(1, bench.repetitions - 1)):
        data = bench.demo_data()
        with Server(bench, data) as server:
            feed = subprocess.Popen(bench.load_command("feed", server.url, "--connections", SUBSCRIBERS, "--seconds",
                                                       FEED_SECONDS, "--warmup", 3),
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                read_until_ready(feed)
                writer = bench.load("patch", server.url, "--stamp", "--rate", CHANGES_PER_SECOND, "--connections", 16,
                                    "--seconds", FEED_SECONDS + 1, "--warmup", 1)
                output, _ = feed.communicate(timeout=60)
            finally:
                if feed.poll() is None:
                    feed.kill()
                    feed.wait()
            line = json.loads(output)
            line["server_cpu_seconds"] = server.cpu_seconds()
            line["update_latency_us"] = writer["latency_us"]
            lines.append(line)
        shutil.rmtree(data)
    if any(line["deliveries"] == 0 for line in lines):
        raise NotMeasured(f"nothing was delivered: {lines[-1]}")
    p99_ms = median([line["from_updated_at_us"].get("p99", line["from_sending_us"]["p99"]) / 1e3 for line in lines])
    sent_ms = median([line["from_sending_us"]["p99"] / 1e3 for line in lines])
    bench.add("P6", f"{SUBSCRIBERS:,} subscribers, {CHANGES_PER_SECOND} changes/s, p99", p99_ms, "ms",
              f"from the button's request {sent_ms:.1f} ms", p99_ms, 30, 15, lower_is_better=True, last=lines[-1])


def p7(bench):
    """30 users who think for a second, against one sync of the disk."""
    data = bench.demo_data()
    before = syncs_us(bench.work)
    with Server(bench, data) as server:
        users = [f"staff{user:02d}@demo.test:{PASSWORD}" for user in range(1, THINKING_USERS + 1)]
        line = bench.load("patch", server.url, "--connections", THINKING_USERS, "--think-ms", 1000, "--seconds",
                          THINK_SECONDS, "--warmup", 2, logins=users)
    shutil.rmtree(data)
    probes = sorted(before + syncs_us(bench.work))
    sync_ms = median(probes) / 1e3
    p99_ms = line["latency_us"]["p99"] / 1e3
    bench.add("P7", f"{THINKING_USERS} users, think time 1 s, p99 of an update", p99_ms, "ms",
              f"one sync {sync_ms:.2f} ms (p99 {probes[int(0.99 * len(probes))] / 1e3:.2f})", p99_ms,
              max(5 * sync_ms, 3.0), max(3 * sync_ms, 2.0), lower_is_better=True, last=line)


def p10(bench):
    """Start, idle memory, and memory per idle WebSocket."""
    data = bench.demo_data()
    starts, memories, sockets = [], [], []
    for _ in range(max(3, bench.repetitions)):
        with Server(bench, data) as server:
            starts.append(1e3 * server.first_answer_s)
            time.sleep(2)
            memories.append(server.memory_kib())
            memories[-1]["pss_mib"] = memories[-1]["pss"] / 1024
    with Server(bench, data) as server:
        bench.load("get", server.url, "--seconds", 1, "--warmup", 0)
        time.sleep(2)
        before = server.memory_kib()["pss"]
        feed = subprocess.Popen(bench.load_command("feed", server.url, "--connections", IDLE_SOCKETS, "--seconds", 6,
                                                   "--warmup", 0), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        read_until_ready(feed)
        time.sleep(3)
        sockets.append((server.memory_kib()["pss"] - before) / IDLE_SOCKETS)
        feed.communicate(timeout=60)
    shutil.rmtree(data)
    bench.add("P10", "start to first answer, 10,000 customers", median(starts), "ms", "-", median(starts), 200, 100,
              lower_is_better=True, repetitions=starts)
    pss = median([memory["pss_mib"] for memory in memories])
    rss = median([memory["rss"] / 1024 for memory in memories])
    bench.add("P10", "idle memory (PSS)", pss, "MiB", f"RSS {rss:.1f} MiB", pss, 50, 30, lower_is_better=True)
    bench.add("P10", f"memory per idle WebSocket, {IDLE_SOCKETS:,} open", median(sockets), "KiB", "-", median(sockets),
              24, 12, lower_is_better=True)


def raw_files(bench, busy, idle, records):
    folder = tempfile.mkdtemp(prefix="raw-", dir=bench.work)
    settle()
    done = subprocess.run([bench.program("raw-sqlite-files"), str(busy), str(idle), str(CONNECTIONS),
                           str(TENANT_OPERATIONS), str(records), "random"], cwd=folder, capture_output=True, text=True,
                          check=True)
    shutil.rmtree(folder)
    return json.loads(done.stdout)["per_second"]


def p11(bench):
    """Growth: more records, more tenants."""
    for records in (10_000, 1_000_000):
        data = bench.demo_data()
        with Server(bench, data) as server:
            if records > RECORDS:
                bench.load("create", server.url, "--connections", CONNECTIONS, "--operations", records - RECORDS,
                           "--warmup", CREATES_WARMUP, "--ordered-keys")
        settle()
        growth_row(bench, data, f"{records:,} records, 1 tenant", ["demo"], 1, 0, records)
        shutil.rmtree(data)
    for tenants in (100, 1_000):
        busy = tenants // 100
        data, logins = make_tenants(bench, tenants, busy, RECORDS)
        growth_row(bench, data, f"{tenants:,} tenants, {busy} busy", logins, busy, tenants - busy, RECORDS)
        shutil.rmtree(data)


def growth_row(bench, data, workload, logins, busy, idle, records):
    """One repetition, since the data grows: the raw loop, then the server on the data directory as it is."""
    theirs = raw_files(bench, busy, idle, records)
    with Server(bench, data, demo=logins == ["demo"]) as server:
        line = bench.load("patch", server.url, "--connections", CONNECTIONS, "--operations", TENANT_OPERATIONS,
                          "--warmup", 0.5, "--records", records, logins=logins)
    bench.add("P11", workload, line["per_second"], "/s", f"raw loop {theirs:,.0f}/s", line["per_second"] / theirs, 0.4,
              0.7, last=line)


def p13(bench):
    """The console in Chromium: cold load, scripts, a change on another person's screen, scrolling."""
    data = bench.demo_data()
    with Server(bench, data) as server:
        done = subprocess.run(["node", os.path.join(BENCHMARKS, "console.mjs"), "http://" + server.url],
                              capture_output=True, text=True, timeout=300, check=False)
    shutil.rmtree(data)
    if done.returncode != 0:
        raise NotMeasured("the console in Chromium: " + done.stderr[-300:])
    line = json.loads(done.stdout)
    screen, frames = sorted(line["screen_ms"]), sorted(line["frames"])
    for workload, value, unit, must, goal in (
            ("cold load to a list that can be used", median(line["load_ms"]), "ms", 1000, 500),
            ("scripts of the list, compressed", line["script_bytes"] / 1024, "KiB", 400, 300),
            ("a change to another person's screen, p99", screen[int(0.99 * len(screen))], "ms", 100, 50),
            ("frame while 10,000 rows are scrolled, p99", frames[int(0.99 * len(frames))], "ms", 25, 17)):
        bench.add("P13", workload, value, unit, "-", value, must, goal, lower_is_better=True)
    bench.results[-1]["details"]["frames"] = len(frames)


FIGURES = {"P1": p1, "P2": p2, "P3": p3, "P4": p4, "P5": p5, "P6": p6, "P7": p7, "P9": p9, "P10": p10, "P11": p11, "P13": p13}


def environment(bench):
    """What the numbers depend on, without naming the machine."""
    return {"cpus": os.cpu_count(), "file_system": disk_of(bench.work), "sync_us_median": median(syncs_us(bench.work)),
            "repetitions": bench.repetitions, "load_generator": "on the same machine"}
