# SPDX-License-Identifier: Apache-2.0
"""upgrade --check: what the formats of the data mean for this release, asked beside a server and without one."""

import subprocess

import harness
from harness import interlock

OK, FINDINGS = 0, 3


def done(result, code=OK):
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


@harness.postgres_only("of files in the next test")
def test_upgrade_check_compares_the_formats_of_a_database(server, stopped):
    assert "the database, as this program writes it" in done(server.command("upgrade", "--check"))
    url = harness.database_of(stopped)
    subprocess.run(["psql", "-q", "-d", url, "-c", "update interlock.format set major = 99"], check=True)
    assert "TOO NEW" in done(interlock("upgrade", "--check", data=stopped), FINDINGS)
    refused = interlock("serve", "--listen", "127.0.0.1:0", data=stopped)
    assert refused.returncode != 0 and "format 99.0" in refused.stderr


@harness.sqlite_only("of a database in the test before")
def test_upgrade_check_compares_formats_beside_a_server(server, stopped):
    assert "4 files, as this program writes it" in done(server.command("upgrade", "--check"))
    for path in [stopped / "platform.db", *(stopped / "tenants").rglob("*.db")]:
        content = bytearray(path.read_bytes())
        content[60:64] = (99 << 16).to_bytes(4, "big")
        path.write_bytes(content)
    assert "TOO NEW" in done(interlock("upgrade", "--check", data=stopped), FINDINGS)
