# SPDX-License-Identifier: Apache-2.0
"""What operators ask the server: health, readiness, metrics, and a graceful end."""

import re
import threading

import harness
from flows import create, made, refused
from harness import unique_key


def metric(server, name, headers=None):
    text = server.client().get("/metrics", headers=headers).text
    found = re.search(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M)
    return float(found.group(1)) if found else None


def test_health_and_readiness(server):
    for path in ("/healthz", "/readyz"):
        assert server.client().get(path).status == 200


def test_metrics_are_in_prometheus_form_and_count(server, staff):
    answer = server.client().get("/metrics")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain")
    for line in answer.text.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [-+\d.eE]+(Inf|NaN)?|", line), line
    before = metric(server, "interlock_operations_total"), metric(server, "interlock_replays_total")
    key = unique_key()
    for _ in range(3):
        staff.post("/api/customers", {"name": "x"}, key=key)
    after = metric(server, "interlock_operations_total"), metric(server, "interlock_replays_total")
    assert after[0] > before[0] and after[1] == before[1] + 2
    assert metric(server, "interlock_wal_bytes_total") > 0
    names = re.findall(r"^# TYPE (\w+)", answer.text, re.M)
    assert len(names) == len(set(names))


def test_metrics_take_a_token_where_one_is_set(make_server):
    server = make_server(env={"INTERLOCK_METRICS_TOKEN": "metrics-secret-1"})
    refused(server.client().get("/metrics"), 401, "unauthenticated")
    refused(server.client("wrong").get("/metrics"), 401, "unauthenticated")
    assert server.client("metrics-secret-1").get("/metrics").status == 200


def test_a_stop_under_load_answers_every_request_or_makes_it_repeatable(make_server):
    """SIGTERM: drains, ends with 0 in at most 10 s; whatever was acknowledged is there after the next start."""
    server = make_server()
    staff = server.login("staff01@demo.test")
    sent, lock, stop = {}, threading.Lock(), threading.Event()

    def work():
        while not stop.is_set():
            key = unique_key()
            try:
                answer = staff.post("/api/customers", {"name": key}, key=key)
                status = answer.status
            except OSError:
                status = None
            with lock:
                sent[key] = (status, answer.body if status == 201 else None)
            if status is None:
                return

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    harness.wait_for(lambda: len(sent) > 100, what="load")
    server.terminate()
    assert server.wait(10) == 0
    stop.set()
    for worker in workers:
        worker.join(20)
    assert {status for status, _ in sent.values()} <= {201, 503, None}
    server.start()
    staff.url = server.url
    for key, (status, body) in sent.items():
        again = staff.post("/api/customers", {"name": key}, key=key)
        assert again.status == 201
        if status == 201:
            assert again.replayed and again.body == body


def test_two_servers_never_share_a_data_directory(server):
    second = harness.interlock("serve", "--listen", "127.0.0.1:0", data=server.data, timeout=30)
    assert second.returncode != 0
    assert str(server.data) in second.stderr, "it says which directory, and why"
    assert server.client().get("/healthz").status == 200


def test_the_check_finds_nothing_beside_a_running_server(server, staff):
    create(staff)
    done = server.command("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_command_line_does_is_seen_over_the_api(server, staff):
    listed = server.command("user", "list", "--tenant", "demo")
    assert listed.returncode == 0 and "staff01@demo.test" in listed.stdout
    exported = server.command("export", "customers", "--tenant", "other", "--format", "jsonl")
    assert exported.returncode == 0 and len(exported.stdout.splitlines()) >= 50
    assert made(staff.get("/api/customers", limit=1), 200)["items"]


def test_the_listening_address_is_not_the_worlds_with_demo_data(make_server):
    server = make_server(start=False)
    done = harness.interlock("serve", "--listen", "0.0.0.0:0", data=server.data, timeout=30)
    assert done.returncode != 0 and "loopback" in done.stderr
