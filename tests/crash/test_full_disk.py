# SPDX-License-Identifier: Apache-2.0
"""A disk that is really full: writes are refused, reads go on, and with space everything goes on as if nothing had been.

The server's data lies on a small file system in memory, mounted for this server alone."""

import subprocess
from pathlib import Path

import harness
import pytest
from flows import create, history, patch, read, refused

MOUNT = 'mount -t tmpfs -o size=48m none "$0" && exec "$@"'


def own_mounts():
    """The command that gives a process mounts of its own, where this machine lets us."""
    for flags in (["-m"], ["-rm"]):
        if subprocess.run(["unshare", *flags, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0:
            return ["unshare", *flags]
    pytest.skip("this machine lets nobody mount a file system of their own")


@pytest.fixture
def small_disk(tmp_path):
    """A demo server on a disk of 48 MiB; `disk` is where that can be reached from here."""
    data = tmp_path / "data"
    data.mkdir()
    server = harness.Server(data, prefix=[*own_mounts(), "sh", "-c", MOUNT, data])
    server.start()
    server.disk = Path(f"/proc/{server.pid}/root{data}")
    yield server
    server.stop()


def fill(path):
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                pass


def test_a_full_disk_refuses_writes_and_loses_nothing(small_disk):
    staff = small_disk.login("staff01@demo.test")
    first = create(staff, name="before")
    acknowledged = {first["id"]: first}
    ballast = small_disk.disk / "ballast"
    fill(ballast)

    for number in range(20_000):  # what the files have room for is taken
        key = harness.unique_key()
        answer = staff.post("/api/customers", {"name": f"customer {number}", "address": "x" * 400}, key=key)
        if answer.status != 201:
            break
        acknowledged[answer["id"]] = answer.json()
    refused(answer, 503, "disk_full")
    refused(staff.patch(f"/api/customers/{first['id']}", {"version": 1, "name": "changed"}), 503, "disk_full")
    for one in list(acknowledged.values())[-20:] + [first]:
        assert read(staff, one) == one
    assert staff.get("/api/customers", limit=10).status == 200
    assert small_disk.client().get("/healthz").status == 200

    ballast.unlink()
    again = staff.post("/api/customers", {"name": f"customer {number}", "address": "x" * 400}, key=key)
    assert again.status == 201 and not again.replayed
    acknowledged[again["id"]] = again.json()
    patch(staff, first, name="after")
    assert [entry["version"] for entry in history(staff, first)] == [2, 1]
    del acknowledged[first["id"]]
    for one in acknowledged.values():
        assert read(staff, one) == one
    checked = harness.interlock("check", data=small_disk.disk)
    assert checked.returncode == 0, checked.stdout + checked.stderr
