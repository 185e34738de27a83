# SPDX-License-Identifier: Apache-2.0
"""F1: data of a newer minor works with this program, a newer major is refused, and the check tells beforehand.

A file's format stands in its header as major << 16 | minor. What the next minor may add to the tables, and that this release
goes on writing to them, is tested beside the store (FormatTest); here the real program meets such files.
"""

import struct

import pytest

import harness
from flows import create, history, made, patch, read
from harness import unique_key

ODD_A, ODD_B, MASK = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, (1 << 64) - 1
USER_VERSION_AT = 60


def page_checksum(content, seed):
    """As store/sqlite/checksum_vfs.h describes it."""
    lanes = [seed, (seed + ODD_A) & MASK, seed ^ ODD_B, ~seed & MASK]
    words = struct.unpack(f"<{len(content) // 8}Q", content)
    whole = len(words) // 4 * 4
    for at, word in enumerate(words):
        lane = at % 4 if at < whole else 0
        mixed = (lanes[lane] ^ word) * ODD_A & MASK
        lanes[lane] = mixed ^ mixed >> 32
    total = len(content)
    for lane in lanes:
        total = ((total << 29 | total >> 35) & MASK ^ lane) * ODD_B & MASK
        total ^= total >> 31
    return total


def lane_files(data):
    return [data / "platform.db", *sorted((data / "tenants").glob("*/*.db"))]


def format_of(path):
    stored = struct.unpack(">I", path.read_bytes()[USER_VERSION_AT : USER_VERSION_AT + 4])[0]
    return stored >> 16, stored & 0xFFFF


def set_format(path, major, minor):
    """Writes another format into the header, with the checksum that its page then has."""
    data = bytearray(path.read_bytes())
    size = struct.unpack(">H", data[16:18])[0] % 65535 or 65536
    assert struct.unpack("<Q", data[size - 8 : size])[0] == page_checksum(bytes(data[: size - 8]), 1), "this is the checksum"
    data[USER_VERSION_AT : USER_VERSION_AT + 4] = struct.pack(">I", major << 16 | minor)
    data[size - 8 : size] = struct.pack("<Q", page_checksum(bytes(data[: size - 8]), 1))
    path.write_bytes(data)


def upgrade_check(server):
    done = harness.interlock("upgrade", "--check", data=server.data)
    return done.returncode, done.stdout


@pytest.fixture
def stopped(make_server):
    """A server that ran, with a customer and a key that was used, and has stopped: (server, customer, key)."""
    server = make_server()
    staff, key = server.login("staff01@demo.test"), unique_key()
    customer = made(staff.post("/api/customers", {"name": "Before"}, key=key))
    server.stop()
    return server, customer, key


def test_data_of_a_newer_minor_works_and_goes_back(stopped):
    server, customer, key = stopped
    (now,) = {format_of(path) for path in lane_files(server.data)}
    newer = (now[0], now[1] + 1)
    for path in lane_files(server.data):
        set_format(path, *newer)
    code, told = upgrade_check(server)
    assert code == 0 and f"{newer[0]}.{newer[1]}" in told, told

    server.start()
    staff = server.login("staff01@demo.test")
    changed = patch(staff, read(staff, customer), name="While newer")
    assert staff.post("/api/customers", {"name": "Before"}, key=key).replayed
    assert [entry["version"] for entry in history(staff, customer)] == [2, 1]
    assert create(staff, name="Made while newer")["version"] == 1
    server.stop()
    assert {format_of(path) for path in lane_files(server.data)} == {newer}, "an older program leaves the newer number"

    for path in lane_files(server.data):
        set_format(path, *now)
    server.start()
    staff = server.login("staff01@demo.test")
    assert read(staff, customer) == changed
    server.stop()
    done = harness.interlock("check", data=server.data)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_newer_major_is_refused_untouched(stopped):
    server, _, _ = stopped
    (now,) = {format_of(path) for path in lane_files(server.data)}
    for path in lane_files(server.data):
        set_format(path, now[0] + 1, 0)
    before = [path.read_bytes() for path in lane_files(server.data)]
    code, told = upgrade_check(server)
    assert code != 0 and "TOO NEW" in told
    done = harness.interlock("serve", "--listen", "127.0.0.1:0", data=server.data, timeout=30)
    assert done.returncode != 0 and done.stderr
    assert [path.read_bytes() for path in lane_files(server.data)] == before


def test_one_tenant_that_is_too_new_stops_no_other(stopped):
    """A tenant brought over from a newer server is out of service here; the others are served."""
    server, customer, _ = stopped
    (now,) = {format_of(path) for path in lane_files(server.data)}
    smallest = min(lane_files(server.data)[1:], key=lambda path: path.stat().st_size)
    set_format(smallest, now[0] + 1, 0)
    server.start()
    assert read(server.login("staff01@demo.test"), customer)["name"] == "Before"
    body = {"email": "admin@other.test", "password": harness.PASSWORD}
    answer = server.client().post("/api/sessions", body, key=None)
    assert answer.status == 503 and answer.code == "out_of_service", answer
