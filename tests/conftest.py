# SPDX-License-Identifier: Apache-2.0
"""Fixtures of all black-box tests; what they give is described in harness.py.

`server`: one demo server for the whole run of a file. `make_server`: servers of a test's own, each on a copy of the demo
data or on an empty directory. `login(email)`: a client of `server`.
"""

import subprocess

import pytest

import harness


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory):
    """A seeded demo directory that no server holds; copy it, do not use it."""
    directory = tmp_path_factory.mktemp("demo") / "data"
    harness.Server(directory).start().stop()
    return directory


@pytest.fixture
def stopped(demo_data, tmp_path):
    """A demo data directory that no server holds."""
    return harness.copy_data(demo_data, tmp_path / "stopped")


@pytest.fixture(scope="session")
def server(demo_data, tmp_path_factory):
    directory = tmp_path_factory.mktemp("server") / "data"
    harness.copy_data(demo_data, directory)
    running = harness.Server(directory).start()
    yield running
    running.stop()


@pytest.fixture
def make_server(request, tmp_path):
    """make_server(*flags, demo=True, data=None, start=True): a Server; it is stopped after the test."""
    made = []

    def make(*args, demo=True, data=None, start=True, **more):
        directory = data or tmp_path / f"data{len(made)}"
        if demo and data is None:
            harness.copy_data(request.getfixturevalue("demo_data"), directory)
        one = harness.Server(directory, *args, demo=demo, **more)
        made.append(one)
        return one.start() if start else one

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def login(server):
    """login(email, password, tenant=None): a client of `server` with a session."""
    return server.login


@pytest.fixture
def owner(login):
    return login(harness.OWNER)


@pytest.fixture(scope="session")
def people(server):
    """people("staff01"): a client of `server` as that demo person, logged in once for the whole file."""
    known = {}

    def person(name):
        if name not in known:
            known[name] = server.login(name if "@" in name else f"{name}@demo.test")
        return known[name]

    return person


@pytest.fixture(scope="session")
def staff(people):
    return people("staff01")


@pytest.fixture(scope="session")
def colleague(people):
    return people("staff02")


@pytest.fixture(scope="session")
def admin(people):
    return people("admin")


@pytest.fixture(scope="session")
def stranger(people):
    """The admin of the other tenant."""
    return people("admin@other.test")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """(certificate, key) for 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths
