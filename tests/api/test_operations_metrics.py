# SPDX-License-Identifier: Apache-2.0
"""What the page for administrators shows of the server."""

import pytest

from flows import create, refused


def test_numbers_rise_with_the_work(admin, staff):
    before = admin.get("/api/operations-metrics")
    assert before.status == 200
    create(staff)
    after = admin.get("/api/operations-metrics")
    assert after["operations"] > before["operations"] and after["changes"] > before["changes"]
    assert after["requests"]["2xx"] > before["requests"]["2xx"]
    assert [bound["le"] for bound in after["request_us"]][-1] is None
    assert sum(bound["count"] for bound in after["request_us"]) >= after["requests"]["2xx"]


@pytest.mark.parametrize("name", ["staff01", "viewer", "guest"])
def test_they_are_for_administrators(people, name):
    refused(people(name).get("/api/operations-metrics"), 403, "forbidden")
