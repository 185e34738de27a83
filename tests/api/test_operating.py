# SPDX-License-Identifier: Apache-2.0
"""What operators ask the server: health, readiness, metrics, checks."""

import re

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
    written = "interlock_store_round_trips_total" if harness.POSTGRES else "interlock_wal_bytes_total"
    assert metric(server, written) > 0
    names = re.findall(r"^# TYPE (\w+)", answer.text, re.M)
    assert len(names) == len(set(names))


def test_metrics_take_a_token_where_one_is_set(make_server):
    server = make_server(env={"INTERLOCK_METRICS_TOKEN": "metrics-secret-1"})
    refused(server.client().get("/metrics"), 401, "unauthenticated")
    refused(server.client("wrong").get("/metrics"), 401, "unauthenticated")
    assert server.client("metrics-secret-1").get("/metrics").status == 200


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


def test_metrics_behind_a_proxy_are_for_callers_on_this_machine(make_server):
    behind = make_server("--trusted-proxies", "127.0.0.1").client()
    alone = make_server().client()
    for server in (behind, alone):
        assert server.get("/metrics").status == 200
        for headers in (
            {"X-Forwarded-For": "203.0.113.9"},
            {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"},  # what the client wrote itself counts for nothing
            {"Forwarded": "for=127.0.0.1"},
        ):
            refused(server.get("/metrics", headers=headers), 403, "forbidden")
    # Only a proxy that is trusted may say that the caller is on this machine.
    assert behind.get("/metrics", headers={"X-Forwarded-For": "::1"}).status == 200
    refused(alone.get("/metrics", headers={"X-Forwarded-For": "::1"}), 403, "forbidden")
