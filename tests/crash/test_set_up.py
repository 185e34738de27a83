# SPDX-License-Identifier: Apache-2.0
"""The first set-up is killed with -9 at some moment: the next start has either no tenant, and can be set up, or a whole one.

INTERLOCK_CRASH_SEED repeats a run, INTERLOCK_CRASH_KILLS makes it longer.
"""

import os
import random
import re
import threading
import time

import pytest

import harness
from flows import create

SEED = int(os.environ.get("INTERLOCK_CRASH_SEED") or random.randrange(1 << 32))
KILLS = int(os.environ.get("INTERLOCK_CRASH_KILLS") or 24)
EMAIL = "owner@first.test"


def lanes(server):
    """Files below the folder of tenants, without logs: finished and unfinished ones."""
    return [path.name for path in server.data.glob("tenants/*/*") if not path.name.endswith(("-wal", "-shm"))]


def set_up_token(server):
    def printed():
        found = re.findall(r"\b[0-9a-f]{32,}\b", "\n".join(server.output))
        return found[0] if found else None

    return harness.wait_for(printed, what="the set-up token")


def set_up(server, slug="first"):
    body = {"token": set_up_token(server), "slug": slug, "tenant_name": "First", "email": EMAIL, "password": harness.PASSWORD}
    try:
        return server.client().post("/api/set-up", body, key=None).status
    except (OSError, ValueError):
        return None
    except Exception as error:  # http.client has a family of its own for an answer that breaks off
        assert type(error).__module__ == "http.client", error
        return None


def log_in(server):
    body = {"email": EMAIL, "password": harness.PASSWORD}
    return server.client().post("/api/sessions", body, key=None).status == 201


def is_whole(server):
    harness.wait_for(lambda: log_in(server), what=f"the owner's log-in (seed {SEED})")
    owner = server.login(EMAIL)
    assert len(owner.items("/api/settings")) == 1 and owner.items("/api/statuses"), SEED
    assert [user["role"] for user in owner.items("/api/users")] == ["owner"], SEED
    assert create(owner)["status"] == "new" and len(lanes(server)) == 1, (SEED, lanes(server))
    assert server.command("check").returncode == 0, SEED


@pytest.fixture(scope="module")
def seconds_of_a_set_up(tmp_path_factory):
    """How long one takes here that nobody disturbs."""
    server = harness.Server(tmp_path_factory.mktemp("undisturbed") / "data", demo=False).start()
    try:
        set_up_token(server)
        begun = time.monotonic()
        assert set_up(server) == 201
        took = time.monotonic() - begun
        is_whole(server)
        return took
    finally:
        server.stop()


@pytest.mark.parametrize("number", range(KILLS))
def test_a_set_up_that_was_killed_is_made_whole_or_begun_anew(make_server, seconds_of_a_set_up, number):
    chance = random.Random(SEED * 1_000 + number)
    server = make_server(demo=False)
    set_up_token(server)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(set_up(server)))
    asking.start()
    # Most of the time goes into hashing the password: the kills gather where the platform and the lane write.
    time.sleep(seconds_of_a_set_up * chance.uniform(0.6, 1.3))
    server.kill()
    asking.join()
    server.start()
    if server.client().get("/api/set-up")["needs_set_up"]:
        assert answers != [201] and lanes(server) == [], (SEED, answers, lanes(server))
        assert set_up(server) == 201
    is_whole(server)


def test_set_ups_at_once_leave_one_lane(make_server):
    server = make_server(demo=False)
    answers = []
    asking = [threading.Thread(target=lambda n=n: answers.append(set_up(server, f"t{n}"))) for n in range(6)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert sorted(answers) == [201] + [409] * 5
    is_whole(server)


def test_a_refused_set_up_leaves_no_lane(make_server):
    server = make_server(demo=False)
    assert set_up(server, "Not A Slug") == 422
    assert lanes(server) == [] and set_up(server) == 201
    is_whole(server)


def test_a_refused_tenant_leaves_no_lane(make_server):
    server = make_server()
    before = sorted(lanes(server))
    assert server.command("tenant", "create", "Not A Slug", "--name", "x").returncode != 0
    assert sorted(lanes(server)) == before
