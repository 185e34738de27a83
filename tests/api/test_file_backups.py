# SPDX-License-Identifier: Apache-2.0
"""Contents of files in backups and restores, and the check that all are there."""

import json

import pytest

from files import blobs, content_of, pdf, sha256, upload, uploaded
from flows import create, made
from harness import interlock, wait_for


def done(result, code=0):
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def blob_path(server, file):
    found = [path for path in (server.data / "blobs").rglob(file["sha256"])]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def filled(make_server):
    """A server with files in two tenants, and what they hold by their ids."""
    server = make_server()
    contents = {}
    for email in ("owner@demo.test", "admin@other.test"):
        client = server.login(email)
        customer = create(client)
        for number in range(3):
            content = pdf(f"{email} {number}" * 1000)
            file = uploaded(client, content, subject=customer["id"])
            contents[file["id"]] = (email, file, content)
    return server, contents


def test_a_backup_brings_all_files_back(filled, make_server, tmp_path):
    server, contents = filled
    done(server.command("backup", tmp_path / "backup"))
    manifest = json.loads((tmp_path / "backup/manifest.json").read_text())
    assert {tenant["slug"]: tenant["files"] for tenant in manifest["tenants"]} == {"platform": 0, "demo": 3, "other": 3, "agency": 0}
    server.stop()

    restored = make_server(demo=False, data=tmp_path / "restored", start=False)
    done(interlock("restore", tmp_path / "backup", data=restored.data))
    assert "3 files" in done(interlock("check", data=restored.data))
    restored.start()
    clients = {email: restored.login(email) for email, _, _ in contents.values()}
    for email, file, content in contents.values():
        assert content_of(clients[email], file).body == content
    assert upload(clients["owner@demo.test"], pdf("after the restore")).status == 201


def test_one_tenant_is_restored_with_its_files(filled, tmp_path):
    server, contents = filled
    owner = server.login()
    done(server.command("backup", tmp_path / "backup", "--tenant", "demo"))
    lost = next(file for email, file, _ in contents.values() if email == "owner@demo.test")
    blob_path(server, lost).unlink()
    later = uploaded(owner, pdf("after the backup"))
    done(server.command("restore", tmp_path / "backup", "--tenant", "demo", "--replace"))
    for email, file, content in contents.values():
        assert content_of(server.login(email), file).body == content
    assert content_of(owner, later).status == 404
    done(server.command("check"))


@pytest.mark.parametrize("fault", ["damaged", "missing", "foreign"])
def test_a_backup_that_was_changed_is_refused(filled, tmp_path, fault):
    server, _ = filled
    done(server.command("backup", tmp_path / "backup"))
    server.stop()
    directory = next(path for path in (tmp_path / "backup").glob("*.files"))
    one = next(directory.iterdir())
    if fault == "damaged":
        one.write_bytes(one.read_bytes()[:-1] + b"x")
    elif fault == "missing":
        one.unlink()
    else:
        (directory / "passwd").write_bytes(b"x")
    refused = interlock("restore", tmp_path / "backup", data=tmp_path / "restored")
    assert refused.returncode == 1 and str(directory) in refused.stderr
    assert not (tmp_path / "restored/platform.db").exists()


def test_a_backup_beside_uploads_holds_every_content_that_its_records_name(make_server, tmp_path):
    import threading

    server = make_server()
    owner = server.login()
    customer = create(owner)
    stop, uploads = threading.Event(), []

    def work():
        while not stop.is_set():
            uploads.append(uploaded(owner, pdf(str(len(uploads)) * 20_000), subject=customer["id"]))

    thread = threading.Thread(target=work)
    thread.start()
    wait_for(lambda: len(uploads) > 5, what="uploads")
    done(server.command("backup", tmp_path / "backup"))
    stop.set()
    thread.join()
    server.stop()
    done(interlock("restore", tmp_path / "backup", data=tmp_path / "restored"))
    done(interlock("check", data=tmp_path / "restored"))


def test_the_check_tells_missing_and_damaged_contents(filled):
    server, contents = filled
    files = [file for email, file, _ in contents.values() if email == "owner@demo.test"]
    assert "3 files" in done(server.command("check"))
    blob_path(server, files[0]).unlink()
    content = blob_path(server, files[1]).read_bytes()
    blob_path(server, files[1]).write_bytes(b"x" + content[1:])
    output = done(server.command("check"), 3)
    assert "demo: DAMAGED" in output and "other: sound" in output
    assert f"{files[0]['id']}" in output and "is missing" in output
    assert f"{files[1]['id']}" in output and "is damaged" in output
    owner = server.login()
    assert content_of(owner, files[0]).status == 500
    assert owner.get("/api/customers").status == 200
    # The same bytes once more mend it.
    assert upload(owner, content).status == 201
    assert "is damaged" not in server.command("check").stdout


def test_files_come_with_an_export(filled, tmp_path):
    server, contents = filled
    lines = done(server.command("export", "files", "--tenant", "demo", "--format", "jsonl", "--contents", tmp_path / "out"))
    exported = [json.loads(line) for line in lines.splitlines()]
    assert {one["id"] for one in exported} == {file["id"] for email, file, _ in contents.values() if email == "owner@demo.test"}
    for one in exported:
        content = next((tmp_path / "out").glob(f"{one['id']}-*")).read_bytes()
        assert sha256(content) == one["sha256"] and content == contents[one["id"]][2]
    assert len(blobs(server)) == 6
    again = server.command("export", "files", "--tenant", "demo", "--contents", tmp_path / "out")
    assert again.returncode == 1, "nothing is written over"
    other = server.command("export", "customers", "--tenant", "demo", "--contents", tmp_path / "more")
    assert other.returncode == 2


def test_files_are_listed_like_other_collections(filled):
    server, _ = filled
    owner = server.login()
    names = [file["name"] for file in owner.items("/api/files", q="offer")]
    assert names == ["offer.pdf"] * 3
    made(owner.get("/api/files", sort="-size"), 200)
