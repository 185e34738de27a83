# SPDX-License-Identifier: Apache-2.0
"""The leader of a PostgreSQL kept by Patroni is lost under load: nothing acknowledged is, and nothing is there twice.

INTERLOCK_FAILOVERS says how often, each time whoever leads then."""

import os

import flows
import harness
import pytest
from harness import wait_for
from load import Load, check_load
from patroni_cluster import MEMBERS_SECONDS, Patroni

FAILOVERS = int(os.environ.get("INTERLOCK_FAILOVERS", "1"))


@pytest.fixture
def cluster():
    with Patroni() as made:
        yield made


@pytest.fixture
def servers(cluster, tmp_path):
    store = {"INTERLOCK_STORE": cluster.url()}
    made = [harness.Server(tmp_path / name, demo=False, env=store).start() for name in ("first", "second")]
    yield made
    for server in made:
        server.stop()


def test_the_leader_is_lost_under_load(cluster, servers):
    owner = flows.make_tenant(servers[0], "acme")
    load = Load(servers, owner.token)

    def trouble(load):
        for _ in range(FAILOVERS):
            load.more(200)
            lost = cluster.leader()
            cluster.lose(lost)
            wait_for(lambda lost=lost: cluster.leader() not in (None, lost), MEMBERS_SECONDS, "another leader")
            load.more(200)
            cluster.start(lost)
            cluster.wait_until_complete()

    harness.run(load.run(trouble), 300 * FAILOVERS)
    check_load(load, [server.client(owner.token) for server in servers])
    done = servers[0].command("check", env=servers[0].env)
    assert done.returncode == 0, done.stdout + done.stderr
