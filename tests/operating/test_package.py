# SPDX-License-Identifier: Apache-2.0
"""The Debian package: what is in it, and that what its unit starts serves."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import harness

BUILD = Path(harness.binary()).resolve().parent
UNITS = "lib/systemd/system"


def output(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, text=True, capture_output=True, **more).stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package's file, as tools/package makes it."""
    made = tmp_path_factory.mktemp("package")
    output("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", made, cwd=made)
    (found,) = made.glob("*.deb")
    return found


@pytest.fixture(scope="module")
def root(package, tmp_path_factory):
    """The package's files, unpacked."""
    directory = tmp_path_factory.mktemp("root")
    output("dpkg-deb", "-x", package, directory)
    return directory


def unpacked(root, text):
    """The same with the paths of the installed machine turned to those of the unpacked package."""
    return re.sub(r"(?<![\w.])(?=/(usr|etc)/)", str(root), text)


def unit_command(root):
    (command,) = re.findall(r"^ExecStart=(.+)$", (root / UNITS / "interlock.service").read_text(), re.M)
    return unpacked(root, command).split()


class FromUnit(harness.Server):
    """A server started by the unit's command line; address and data are given by the environment."""

    def __init__(self, root, data):
        super().__init__(data, env={"INTERLOCK_LISTEN": "127.0.0.1:0", "INTERLOCK_DATA": str(data)})
        self.command_line = unit_command(root)


@pytest.fixture
def served(root, tmp_path):
    server = FromUnit(root, tmp_path / "data").start()
    yield server
    server.stop()


def test_what_the_unit_starts_serves_and_ends_with_0(served):
    assert served.client().get("/healthz").status == 200
    assert served.client().get("/").status == 200, "the console is in the program"
    served.terminate()
    assert served.wait() == 0


def test_the_health_check_of_containers_tells_a_server_from_none(root, served):
    healthy = root / "usr/lib/interlock/healthy"
    where = ["127.0.0.1", str(served.port)]
    assert subprocess.run([healthy, *where], check=False).returncode == 0
    assert subprocess.run([healthy, *where, "/api/absent"], check=False).returncode != 0
    served.stop()
    assert subprocess.run([healthy, *where], check=False, stderr=subprocess.DEVNULL).returncode != 0


def test_the_package_says_what_it_needs(package):
    depends = output("dpkg-deb", "-f", package, "Depends")
    for name in ("libc6", "libpq5", "libsodium23", "adduser", "tzdata"):
        assert re.search(rf"\b{name}\b", depends), depends
    assert output("dpkg-deb", "-f", package, "Package").strip() == "interlock"


def test_settings_are_a_configuration_file_that_the_program_takes(package, root, tmp_path):
    control = tmp_path / "control"
    output("dpkg-deb", "-e", package, control)
    assert (control / "conffiles").read_text().split() == ["/etc/interlock/interlock.toml"]
    for script in ("postinst", "prerm", "postrm"):
        assert os.access(control / script, os.X_OK)
        output("sh", "-n", control / script)
    # Each setting that the file shows in a comment is one that there is.
    shown = (root / "etc/interlock/interlock.toml").read_text()
    tried = tmp_path / "tried.toml"
    tried.write_text(re.sub(r"^# (?=\w+ = )", "", shown, flags=re.M).replace("db.example", "127.0.0.1:1"))
    done = harness.interlock("tenant", "list", "--config", tried, data=tmp_path / "none")
    assert "no setting" not in done.stderr and "must be" not in done.stderr, done.stderr


def test_files_belong_to_root_and_nobody_else_may_write(package):
    for line in output("dpkg-deb", "-c", package).splitlines():
        mode, owner = line.split()[:2]
        assert owner == "root/root" and mode[5] != "w" and mode[8] != "w", line


def test_units_are_sound(root, tmp_path):
    """Where systemd is installed: its own check, with nothing to say about any of them."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed (apt-get install systemd)")
    units = tmp_path / "units"
    units.mkdir()
    for unit in (root / UNITS).iterdir():
        text = re.sub(r"^(User|Group)=.*\n", "", unit.read_text(), flags=re.M)  # the package makes them
        (units / unit.name).write_text(unpacked(root, text))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(units.iterdir())], text=True, capture_output=True, check=False
    )
    assert checked.returncode == 0 and not checked.stderr, checked.stderr


def test_old_backups_go_and_incomplete_ones_count_for_none(root, served, tmp_path):
    backups = tmp_path / "backups"
    names = [f"2020-01-0{day}T000000Z" for day in range(1, 5)]
    for name in names:
        (backups / name).mkdir(parents=True)
    for name in names[:3]:
        (backups / name / "manifest.json").write_text("{}")
    (backups / "mine").mkdir()

    def run(**environment):
        return subprocess.run(
            [root / "usr/lib/interlock/backup", backups], text=True, capture_output=True, check=False,
            env={**served.env, "INTERLOCK": str(root / "usr/bin/interlock"), **environment},
        )  # fmt: skip

    assert run(KEEP="0").returncode == 2
    done = run(KEEP="2")
    assert done.returncode == 0, done.stderr
    left = sorted(entry.name for entry in backups.iterdir())
    (made,) = set(left) - {*names, "mine"}
    assert (backups / made / "manifest.json").exists()
    assert left == [*names[2:], made, "mine"]
