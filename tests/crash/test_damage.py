# SPDX-License-Identifier: Apache-2.0
"""Damage to the files: it is seen, it stays with its tenant, and what was committed before it is there."""

import os

import pytest

import harness
from flows import create, made, read
from harness import unique_key


def tenant_files(data):
    """The files of demo, the largest, and other, the smallest."""
    files = sorted((data / "tenants").glob("*/*.db"), key=lambda path: path.stat().st_size)
    return files[-1], files[0]


def flip_a_bit_in_every_page(path, first=1, page_bytes=4096):
    data = bytearray(path.read_bytes())
    page_bytes = int.from_bytes(data[16:18], "big") or page_bytes
    for at in range(first * page_bytes, len(data), page_bytes):
        if any(data[at : at + page_bytes]):
            data[at + page_bytes // 2] ^= 0x10
    path.write_bytes(data)


def log_in(server, email):
    return server.client().post("/api/sessions", {"email": email, "password": harness.PASSWORD}, key=None)


def test_a_bit_flip_in_a_tenants_file_is_seen_and_stays_there(make_server):
    server = make_server()
    server.stop()
    _, other = tenant_files(server.data)
    flip_a_bit_in_every_page(other)
    checked = harness.interlock("check", data=server.data)
    assert checked.returncode != 0 and checked.stdout + checked.stderr

    server.start()
    staff = server.login("staff01@demo.test")
    assert read(staff, create(staff))["version"] == 1
    answer = log_in(server, "admin@other.test")
    assert answer.status in (500, 503), "never an answer from a damaged file"
    assert server.client().get("/healthz").status == 200
    assert read(staff, create(staff))["version"] == 1, "others are served"
    beside = server.command("check", "--tenant", "other")
    assert beside.returncode != 0


@pytest.mark.parametrize("cut", [1, 100, 4096, 5000])
def test_a_torn_end_of_the_log_is_cut_to_the_last_commit(make_server, cut):
    """As after a loss of power in the middle of a write: the log ends in a half frame or in garbage."""
    server = make_server()
    staff = server.login("staff01@demo.test")
    keys = {}
    for number in range(20):
        key = unique_key()
        keys[key] = staff.post("/api/customers", {"name": f"n{number}"}, key=key).body
    server.kill()
    demo, _ = tenant_files(server.data)
    log = demo.with_name(demo.name + "-wal")
    assert log.exists() and log.stat().st_size > 0, "what was committed stands in the log"
    with log.open("ab") as file:
        file.write(os.urandom(cut))
    server.start()
    staff.url = server.url
    for number, key in enumerate(keys):
        again = staff.post("/api/customers", {"name": f"n{number}"}, key=key)
        assert again.replayed and again.body == keys[key]
    assert server.command("check", "--tenant", "demo").returncode == 0
    assert create(staff)["version"] == 1


def test_a_restart_after_a_kill_without_load_loses_nothing(make_server):
    server = make_server()
    staff = server.login("staff01@demo.test")
    record = create(staff)
    for _ in range(5):
        server.kill()
        server.start()
        staff.url = server.url
        assert read(staff, record) == record
        record = made(staff.patch(f"/api/customers/{record['id']}", {"version": record["version"], "phone": unique_key()}), 200)
