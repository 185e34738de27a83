# SPDX-License-Identifier: Apache-2.0
"""Contents of files in backups and restores, and the check that all are there."""

import json

import pytest

from files import blobs, content_of, damage_blob, lose_blob, pdf, sha256, upload, uploaded
from flows import create, made
from harness import database_of, interlock, postgres_only, wait_for


def done(result, code=0):
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


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
    lose_blob(server, lost)
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


@postgres_only("without a database there is one store only")
def test_a_backup_of_either_store_restores_on_the_other_with_its_files(filled, tmp_path):
    server, contents = filled
    in_files = {"INTERLOCK_STORE": ""}
    done(server.command("backup", tmp_path / "backup"))
    server.stop()
    done(interlock("restore", tmp_path / "backup", data=tmp_path / "in_files", env=in_files))
    assert done(interlock("check", data=tmp_path / "in_files", env=in_files)).count("3 files") == 2
    assert len(list((tmp_path / "in_files/blobs").rglob("?" * 64))) == 6
    done(interlock("backup", tmp_path / "again", data=tmp_path / "in_files", env=in_files))
    done(interlock("restore", tmp_path / "again", data=tmp_path / "in_database"))
    assert done(interlock("check", data=tmp_path / "in_database")).count("3 files") == 2
    assert not (tmp_path / "in_database/blobs").exists() or not list((tmp_path / "in_database/blobs").rglob("?" * 64))


@postgres_only("a data directory belongs to one server")
def test_every_node_serves_every_file(filled, make_server, tmp_path):
    server, contents = filled
    other = make_server(demo=False, data=tmp_path / "other", env={"INTERLOCK_STORE": database_of(server.data)})
    for email, file, content in contents.values():
        assert content_of(other.login(email), file).body == content
    later = uploaded(other.login(), pdf("made on the other"))
    assert content_of(server.login(), later).body == pdf("made on the other")


def test_the_check_tells_missing_and_damaged_contents(filled):
    server, contents = filled
    files = [file for email, file, _ in contents.values() if email == "owner@demo.test"]
    assert "3 files" in done(server.command("check"))
    lose_blob(server, files[0])
    content = content_of(server.login(), files[1]).body
    damage_blob(server, files[1])
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
