# SPDX-License-Identifier: Apache-2.0
"""The alert rules for Prometheus and the dashboard for Grafana: they fire when they should, and ask for what there is."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "packaging/prometheus/interlock.rules.yml"
DASHBOARD = ROOT / "packaging/grafana/interlock.json"
HEALTH = ROOT / "docs/operating/health.md"

# A server that is well, minute by minute: a value, or what is added each minute.
WELL = {
    "up": "1",
    "interlock_ready": "1",
    "interlock_lanes_stopped": "0",
    "interlock_disk_free_bytes": "50",
    "interlock_disk_size_bytes": "100",
    "interlock_failures_total": "0",
    'interlock_http_requests_total{status="2xx"}': "+6000",
    'interlock_http_requests_total{status="5xx"}': "+1",
    'interlock_http_request_seconds_bucket{le="1"}': "+6000",
    "interlock_http_request_seconds_count": "+6001",
    "interlock_commit_microseconds_total": "+600000",
    "interlock_groups_total": "+600",
    "interlock_store_round_trips_total": "+1300",
    "interlock_lane_queue_operations": "40",
    'interlock_feed_lag_seconds_bucket{le="0.01"}': "+600",
    'interlock_feed_lag_seconds_bucket{le="1"}': "+600",
    'interlock_feed_lag_seconds_bucket{le="5"}': "+600",
    'interlock_feed_lag_seconds_bucket{le="+Inf"}': "+600",
    "interlock_feed_cut_off_total": "+6",
    "interlock_outbox_failed_total": "0",
    "interlock_login_failures_total": "+2",
    "interlock_http_refused_total": "0",
    "interlock_script_errors_total": "0",
    "interlock_log_lines_dropped_total": "0",
}

# What is no longer well, and which alerts that alone fires.
CASES = [
    ({}, set()),
    ({"up": "0"}, {"InterlockDown"}),
    ({"interlock_ready": "0"}, {"InterlockNotReady"}),
    ({"interlock_lanes_stopped": "1"}, {"InterlockLaneStopped"}),
    ({"interlock_disk_free_bytes": "9"}, {"InterlockDiskFilling"}),
    ({"interlock_disk_free_bytes": "2"}, {"InterlockDiskFilling", "InterlockDiskNearlyFull"}),
    ({"interlock_failures_total": "+1"}, {"InterlockOperationsFail"}),
    ({'interlock_http_requests_total{status="5xx"}': "+120"}, {"InterlockServerErrors"}),
    ({'interlock_http_request_seconds_bucket{le="1"}': "+5900"}, {"InterlockSlowRequests"}),
    ({"interlock_commit_microseconds_total": "+90000000"}, {"InterlockSlowCommits"}),
    ({"interlock_lane_queue_operations": "1200"}, {"InterlockLanesQueue"}),
    ({"interlock_store_round_trips_total": "+6000"}, {"InterlockManyRoundTrips"}),
    (
        {'interlock_feed_lag_seconds_bucket{le="0.01"}': "+500", 'interlock_feed_lag_seconds_bucket{le="1"}': "+590"},
        {"InterlockFeedLags"},
    ),
    ({"interlock_feed_cut_off_total": "+90"}, {"InterlockSubscribersCutOff"}),
    ({"interlock_outbox_failed_total": "+1"}, {"InterlockMessagesSetAside"}),
    ({"interlock_login_failures_total": "+20"}, {"InterlockPasswordsGuessed"}),
    ({"interlock_http_refused_total": "+1"}, {"InterlockConnectionsRefused"}),
    ({"interlock_script_errors_total": "+1"}, {"InterlockScriptErrors"}),
    ({"interlock_log_lines_dropped_total": "+1"}, {"InterlockLogLinesDropped"}),
]
MINUTES = 60


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def series(name, value):
    bare, _, labels = name.partition("{")
    labels = f"{{{labels[:-1]}," if labels else "{"
    start = f"0{value}" if value.startswith("+") else f"{value}+0"
    return {"series": f'{bare}{labels}job="interlock",instance="one"}}', "values": f"{start}x{MINUTES}"}


def rule_test(changed, firing, minutes):
    return {
        "interval": "1m",
        "input_series": [series(name, value) for name, value in {**WELL, **changed}.items()],
        "promql_expr_test": [
            {
                "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                "eval_time": f"{minutes}m",
                "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(firing)],
            }
        ],
    }


def test_each_alert_fires_by_what_it_is_about_and_by_nothing_else(tmp_path):
    promtool("check", "rules", RULES)
    assert set().union(*(firing for _, firing in CASES)) == set(re.findall(r"alert: (\w+)", RULES.read_text()))
    tests = [rule_test(changed, firing, MINUTES) for changed, firing in CASES]
    # A minute in which nobody answers is a restart.
    tests.append(rule_test({"up": "0"}, set(), 0))
    file = tmp_path / "alerts.json"  # JSON is YAML
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    promtool("test", "rules", file)


def expressions():
    return [target["expr"] for panel in json.loads(DASHBOARD.read_text())["panels"] for target in panel["targets"]]


def test_the_dashboard_asks_in_promql(tmp_path):
    asked = [re.sub(r"\$__rate_interval", "5m", one) for one in expressions()]
    rules = [{"record": f"panel:{number}", "expr": one} for number, one in enumerate(asked)]
    file = tmp_path / "panels.json"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    promtool("check", "rules", file)


def test_panels_do_not_overlap():
    taken = {}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert taken.setdefault((x, y), panel["title"]) == panel["title"]


@pytest.mark.parametrize("file", [RULES, DASHBOARD, HEALTH], ids=lambda file: file.name)
def test_every_metric_that_is_asked_for_exists(make_server, file):
    names = set(re.findall(r"^(interlock_\w+)", make_server(demo=False).client().get("/metrics").text, re.M))
    bases = {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
    asked = set(re.findall(r"\binterlock_\w+", file.read_text()))
    assert asked and asked <= names | bases, sorted(asked - names - bases)


def test_what_to_do_about_each_alert_is_written_down():
    page = HEALTH.read_text()
    assert [name for name in re.findall(r"alert: (\w+)", RULES.read_text()) if f"`{name}`" not in page] == []
