# SPDX-License-Identifier: Apache-2.0
"""Files: uploaded, attached, seen by who sees what they belong to, and never run as a page of ours."""

import http.client
import json
import re
import threading
from pathlib import Path

import pytest

import harness
from files import begin_upload, blobs, content_of, drafts, pdf, png, sha256, upload, upload_in_chunks, upload_path, uploaded
from flows import create, history, made, new_id, patch, read, refused, set_scopes
from harness import wait_for

NAUGHTY = json.loads((Path(__file__).parent.parent / "data/naughty-strings.json").read_text())


@pytest.fixture
def customer(staff):
    return create(staff)


@pytest.fixture(scope="module")
def narrow(server, people):
    """Somebody who sees customers of their own and those assigned to them."""
    set_scopes(server.login(), "staff26@demo.test", "customers:assigned")
    return people("staff26")


def attach(client, file, subject, **more):
    return client.post("/api/files/attach", {"id": file["id"], "subject": subject["id"]}, **more)


def test_an_upload_answers_its_record(staff):
    content = png("an upload")
    file = uploaded(staff, content, "logo.png", content_type="image/png")
    assert file["name"] == "logo.png" and file["content_type"] == "image/png"
    assert file["size"] == len(content) and file["sha256"] == sha256(content)
    assert file["subject"] is None and file["version"] == 1 and file["created_by"] == staff.user["id"]
    assert read(staff, file, "files") == file
    assert content_of(staff, file).body == content


def test_the_bytes_come_in_chunks_as_well(staff):
    content = pdf("x" * 200_000)
    answer = upload_in_chunks(staff, [content[at : at + 7_001] for at in range(0, len(content), 7_001)])
    assert answer.status == 201 and answer["sha256"] == sha256(content)


def test_who_asks_first_is_told_to_go_on(server, staff):
    content = pdf("expected")
    with begin_upload(server, staff, len(content), headers="Expect: 100-continue\r\n") as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(content)
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_connections_are_used_again_after_an_upload(server, staff):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    for number in range(3):
        headers = {"Authorization": f"Bearer {staff.token}", "Idempotency-Key": harness.unique_key()}
        connection.request("POST", upload_path(f"{number}.pdf"), pdf(str(number)), headers)
        answer = connection.getresponse()
        assert answer.status == 201 and json.loads(answer.read())["name"] == f"{number}.pdf"
        assert connection.sock is not None
    connection.close()


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_a_repeated_upload_answers_the_first_one(staff):
    key = harness.unique_key()
    first = upload(staff, pdf("once"), key=key)
    again = upload(staff, pdf("once"), key=key)
    assert again.status == 201 and again.body == first.body and again.replayed
    refused(upload(staff, pdf("something else"), key=key), 422, "key_reused")
    refused(upload(staff, pdf("once"), name="other.pdf", key=key), 422, "key_reused")


def test_an_upload_needs_a_key(staff):
    refused(upload(staff, key=None), 400, "key_missing")


def test_the_same_content_lies_there_once_for_each_tenant(make_server):
    server = make_server()
    staff, other = server.login("staff01@demo.test"), server.login("admin@other.test")
    content = pdf("shared by nobody")
    first, second = uploaded(staff, content), uploaded(staff, content, "copy.pdf")
    assert first["id"] != second["id"] and first["sha256"] == second["sha256"]
    assert blobs(server) == [sha256(content)]
    uploaded(other, content)
    assert blobs(server) == [sha256(content)] * 2


# ---- hostile names, types, sizes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given, shown",
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.ini.pdf"),
        ("/etc/shadow", "shadow.pdf"),
        ("C:\\fakepath\\a.pdf", "a.pdf"),
        ("..", "file.pdf"),
        ("CON", "_CON.pdf"),
        ("nul.txt", "_nul.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ('a";b="c.exe', "a_;b=_c.exe.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        (".htaccess", "htaccess.pdf"),
    ],
)
def test_hostile_names_are_made_harmless(staff, given, shown):
    file = uploaded(staff, name=given)
    assert file["name"] == shown
    answer = content_of(staff, file)
    assert answer.status == 200 and answer.headers.get("Set-Cookie") is None
    assert answer.headers["Content-Disposition"].count("filename=") == 1


def test_a_name_ends_as_the_bytes_are(staff):
    """Whoever saves the download can open it, and opening it runs nothing."""
    for given, type_, bytes_, shown in (
        ("photo.jpg", "", png(), "photo.png"),
        ("PHOTO.PNG", "image/png", png(), "PHOTO.PNG"),
        ("scan", "application/pdf", pdf(), "scan.pdf"),
        ("run.bat", "text/plain", b"format c:", "run.bat.txt"),
        ("notes.md", "text/plain", b"# Notes", "notes.md"),
        ("table.csv", "application/vnd.ms-excel", b"a;b", "table.csv"),
    ):
        file = uploaded(staff, bytes_, given, content_type=type_)
        assert file["name"] == shown
        kept = content_of(staff, file, query="?download=1").headers["Content-Disposition"]
        assert kept == f"attachment; filename=\"{shown}\"; filename*=UTF-8''{shown}"
    renamed = patch(staff, file, "files", name="table.exe")
    assert renamed["name"] == "table.exe.csv"


def test_a_name_with_nul_is_malformed(staff):
    answer = staff.request("POST", "/api/files?name=a%00b.pdf", pdf(), {}, harness.AUTO)
    refused(answer, 400, "malformed_request")


def test_every_naughty_string_is_a_name_or_refused(staff):
    for text in [text for text in NAUGHTY if text and "\0" not in text][::7]:
        answer = upload(staff, name=text)
        if answer.status != 201:
            assert answer.status == 422 and answer["field"] == "name", (text, answer)
            continue
        name = answer["name"]
        assert name and not re.search(r"[\x00-\x1f/\\]", name) and len(name.encode()) <= 200
        disposition = content_of(staff, answer.json()).headers["Content-Disposition"]
        assert disposition.isascii() and "\n" not in disposition


def test_a_file_needs_a_name_and_bytes(staff):
    refused(upload(staff, name=""), 422, "required", "name")
    refused(staff.request("POST", "/api/files", pdf(), {}, harness.AUTO), 422, "required", "name")
    refused(upload(staff, b""), 422, "required")
    refused(upload_in_chunks(staff, []), 422, "required")
    refused(upload(staff, owner="me"), 422, "unknown_field", "owner")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.cookie)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    "content, declared",
    [
        (HTML, "image/png"),
        (HTML, "text/plain"),
        (HTML, "text/html"),
        (SVG, "image/png"),
        (SVG, "image/svg+xml"),
        (b"GIF89 <script>alert(1)</script>", "image/gif"),
        (png(), "image/jpeg"),
        (png(), "text/html"),
        (b"no picture", "image/png"),
        (b"\x7fELF\x02\x01\x01\0", "application/octet-stream"),
        (b"MZ\x90\0\x03\0\0\0", "application/pdf"),
    ],
)
def test_a_type_that_is_not_true_or_not_accepted_is_refused(server, staff, content, declared):
    before = blobs(server)
    refused(upload(staff, content, "picture.png", content_type=declared), 415, "file_type")
    assert blobs(server) == before
    wait_for(lambda: not drafts(server), what="the draft's end")


def test_files_longer_than_the_bound_are_refused(make_server):
    server = make_server("--file-bytes-max", "100000")
    staff = server.login("staff01@demo.test")
    assert staff.get("/api/sessions/current")["file_bytes_max"] == 100_000
    assert upload(staff, pdf("x" * 90_000)).status == 201
    assert refused(upload(staff, pdf("x" * 100_000)), 413, "body_too_large")["limit"] == 100_000
    answer = upload_in_chunks(staff, [b"%PDF-1.4\n"] + [b"x" * 10_000] * 11)
    assert refused(answer, 413, "body_too_large")["limit"] == 100_000
    wait_for(lambda: not drafts(server), what="the draft's end")
    assert len(blobs(server)) == 1
    # Other calls keep their own bound.
    assert staff.post("/api/customers", {"name": "x", "address": "y" * 200_000}).status == 422


def test_who_may_not_upload_is_told_before_the_bytes(server, people, staff):
    cases = [
        (upload_path(), server.client("nobody"), b" 401 "),
        (upload_path(), people("viewer"), b" 403 "),
        (upload_path(subject=new_id("customer")), staff, b" 404 "),
        (upload_path(wrong="x"), staff, b" 422 "),
    ]
    for path, client, status in cases:
        with begin_upload(server, client, 20_000_000, path) as connection:
            assert status in connection.recv(1000).split(b"\r\n")[0], path


def test_an_upload_that_breaks_off_leaves_nothing(make_server):
    server = make_server()
    staff = server.login("staff01@demo.test")
    seq = staff.get("/api/files")["seq"]
    with begin_upload(server, staff, 1_000_000) as connection:
        connection.sendall(pdf("x" * 300_000))
        wait_for(lambda: drafts(server), what="the draft")
    wait_for(lambda: not drafts(server), what="the draft's end")
    assert blobs(server) == []
    assert staff.get("/api/files")["items"] == [] and staff.get("/api/files")["seq"] == seq


def test_one_session_has_sixteen_uploads_at_a_time(make_server):
    server = make_server()
    staff, other = server.login("staff01@demo.test"), server.login("staff02@demo.test")
    connections = [begin_upload(server, staff, 1_000) for _ in range(16)]
    wait_for(lambda: len(drafts(server)) == 16, what="sixteen drafts")
    refused(upload(staff), 429, "too_many")
    assert upload(other).status == 201
    for connection in connections:
        connection.close()
    wait_for(lambda: upload(staff).status == 201, what="a free place")


def test_one_person_takes_no_places_from_the_others(make_server):
    """However many sessions they have: 32 of the 128 places are for one person, 64 for one tenant."""
    server = make_server()
    other, stranger = server.login("staff09@demo.test"), server.login("admin@other.test")
    waiting = []

    def hold(email, count):
        client = server.login(email)
        before = len(drafts(server))
        waiting.extend(begin_upload(server, client, 1_000) for _ in range(count))
        wait_for(lambda: len(drafts(server)) == before + count, what="the drafts")

    for _ in range(2):
        hold("staff01@demo.test", 16)
    assert refused(upload(server.login("staff01@demo.test")), 429, "too_many")["limit"] == 32
    assert upload(other).status == 201
    for _ in range(2):
        hold("staff02@demo.test", 16)
    assert refused(upload(other), 429, "too_many")["limit"] == 64
    assert upload(stranger).status == 201
    for connection in waiting:
        connection.close()
    wait_for(lambda: upload(other).status == 201, what="a free place")


def test_many_uploads_at_once(staff):
    answers = []

    def send(number):
        answers.append(upload(staff, pdf(f"{number}" * 50_000), f"{number}.pdf"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["name"] for answer in answers) == sorted(f"{number}.pdf" for number in range(12))
    for answer in answers:
        number = answer["name"].removesuffix(".pdf")
        assert content_of(staff, answer.json()).body == pdf(number * 50_000)


def test_nobody_makes_a_record_without_bytes(owner, staff):
    fields = {"name": "x.pdf", "content_type": "application/pdf", "size": 3, "sha256": "a" * 64}
    for mode in ("each", "atomic"):
        item = {"operation": "files/create", "request": fields, **({"key": harness.unique_key()} if mode == "each" else {})}
        key = harness.AUTO if mode == "atomic" else None
        answer = owner.post("/api/batch", {"mode": mode, "operations": [item]}, key=key)
        problem = answer["results"][0]["body"] if mode == "each" else answer.json()
        assert problem["code"] == "forbidden", answer
    chain = [
        {"operation": "customers/create", "request": {"name": "x"}, "as": "c"},
        {"operation": "files/create", "request": {**fields, "subject": "$c.id"}},
    ]
    refused(owner.post("/api/batch", {"mode": "atomic", "operations": chain}), 403, "forbidden")
    file = uploaded(staff)
    for field, value in (("sha256", "b" * 64), ("size", 1), ("content_type", "text/html"), ("subject", file["id"])):
        answer = staff.patch(f"/api/files/{file['id']}", {"version": 1, field: value})
        refused(answer, 422, "invalid_value", field)


# ---- served ----------------------------------------------------------------------------------------------------------


def test_a_file_is_never_a_page_of_ours(staff):
    shown = content_of(staff, uploaded(staff, png("shown"), "año.png"))
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"] == "inline; filename=\"a__o.png\"; filename*=UTF-8''a%C3%B1o.png"
    saved = content_of(staff, uploaded(staff, b"a;b\n", "t.csv", content_type="text/csv"))
    assert saved.headers["Content-Type"] == "text/csv"
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    for answer in (shown, saved):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-cache"
    forced = content_of(staff, uploaded(staff, png("shown")), query="?download=1")
    assert forced.headers["Content-Disposition"].startswith("attachment;")


def test_parts_and_repeats(staff):
    content = pdf("0123456789" * 20_000)
    file = uploaded(staff, content)
    whole = content_of(staff, file)
    assert whole.body == content and whole.headers["Accept-Ranges"] == "bytes"
    part = content_of(staff, file, {"Range": "bytes=100-70099"})
    assert part.status == 206 and part.body == content[100:70_100]
    assert part.headers["Content-Range"] == f"bytes 100-70099/{len(content)}"
    assert content_of(staff, file, {"Range": "bytes=-5"}).body == content[-5:]
    beyond = content_of(staff, file, {"Range": f"bytes={len(content)}-"})
    assert beyond.status == 416 and beyond.headers["Content-Range"] == f"bytes */{len(content)}"
    tag = whole.headers["ETag"]
    assert content_of(staff, file, {"If-None-Match": tag}).status == 304
    assert content_of(staff, file, {"Range": "bytes=0-1", "If-Range": '"other"'}).body == content
    head = staff.request("HEAD", f"/api/files/{file['id']}/content")
    assert head.status == 200 and int(head.headers["Content-Length"]) == len(content) and head.body == b""


def test_a_browser_reads_it_by_its_cookie(server, staff):
    file = uploaded(staff, png("cookie"))
    path = f"/api/files/{file['id']}/content"
    nobody = server.client()
    assert nobody.request("GET", path, headers={"Cookie": f"interlock_session={staff.token}"}).status == 200
    refused(nobody.request("GET", path), 401, "unauthenticated")


# ---- whose ----------------------------------------------------------------------------------------------------------


def absent(client, file, deleted=False):
    """The same 404 over every way in; what was deleted has a history still."""
    refused(client.get(f"/api/files/{file['id']}"), 404, "not_found")
    if not deleted:
        refused(client.get(f"/api/files/{file['id']}/history"), 404, "not_found")
    refused(content_of(client, file), 404, "not_found")
    refused(client.delete(f"/api/files/{file['id']}", {"version": 1}), 404, "not_found")
    assert file["id"] not in [item["id"] for item in client.items("/api/files", limit=1000)]


def test_until_it_is_attached_only_its_uploader_sees_it(staff, colleague, owner, narrow):
    file = uploaded(staff)
    absent(colleague, file)
    absent(narrow, file)
    absent(owner, file)
    assert content_of(staff, file).status == 200
    assert file["id"] in [item["id"] for item in staff.items("/api/files", subject="null", limit=1000)]


def test_attached_it_is_seen_by_who_sees_the_record(staff, colleague, owner, narrow, stranger, customer):
    file = uploaded(staff)
    answer = made(attach(staff, file, customer), 200)
    assert answer["subject"] == customer["id"] and answer["version"] == 2
    assert content_of(owner, file).status == 200
    assert [item["id"] for item in owner.items("/api/files", subject=customer["id"])] == [file["id"]]
    assert content_of(colleague, file).status == 200
    absent(narrow, file)
    absent(stranger, file)
    patch(owner, customer, assigned_to=narrow.user["id"])
    assert content_of(narrow, file).status == 200
    patch(owner, {**customer, "version": 2}, assigned_to=None)
    absent(narrow, file)
    assert [entry["operation"] for entry in history(owner, file, "files")] == ["files/attach", "files/create"]


def test_it_can_be_attached_with_the_upload(staff, owner, narrow, customer):
    file = uploaded(staff, subject=customer["id"])
    assert file["subject"] == customer["id"] and content_of(owner, file).status == 200
    assert read(staff, customer) == customer, "a file does not make its record stale"
    refused(upload(narrow, subject=customer["id"]), 404, "not_found", "subject")
    refused(upload(staff, subject="nonsense"), 404, "not_found", "subject")


def test_a_file_belongs_to_one_record(staff, owner, colleague, customer):
    file = uploaded(staff, subject=customer["id"])
    assert made(attach(staff, file, customer), 200)["version"] == 1
    refused(attach(staff, file, create(staff)), 409, "file_attached")
    refused(attach(colleague, uploaded(staff), create(colleague)), 404, "not_found")
    refused(attach(staff, uploaded(staff), uploaded(staff)), 404, "not_found", "subject")
    refused(attach(staff, uploaded(staff), {"id": new_id("customer")}), 404, "not_found", "subject")


def test_an_api_token_needs_the_permission(owner, server):
    def client_with(*permissions):
        answer = made(owner.post("/api/api-tokens/create", {"name": "t", "permissions": list(permissions)}))
        return server.client(answer["token"])

    reader, writer = client_with("files.read", "customers.read"), client_with("files.write")
    refused(upload(reader), 403, "forbidden")
    file = uploaded(writer)
    refused(content_of(writer, file), 403, "forbidden")
    assert content_of(reader, file).status == 200, "both are the owner's tokens"


def test_it_goes_and_comes_back_with_its_record(staff, owner, customer):
    file = uploaded(staff, subject=customer["id"])
    made(owner.delete(f"/api/customers/{customer['id']}", {"version": customer["version"]}), 200)
    absent(staff, file)
    made(owner.post("/api/customers/restore", {"id": customer["id"]}), 200)
    assert content_of(staff, file).status == 200


def test_a_deleted_file_comes_back_with_its_content(staff, customer):
    content = pdf("deleted")
    file = uploaded(staff, content, subject=customer["id"])
    made(staff.delete(f"/api/files/{file['id']}", {"version": 1}), 200)
    absent(staff, file, deleted=True)
    made(staff.post("/api/files/restore", {"id": file["id"]}), 200)
    assert content_of(staff, file).body == content


def test_an_upload_that_was_never_attached_does_not_come_back(staff):
    file = uploaded(staff)
    made(staff.delete(f"/api/files/{file['id']}", {"version": 1}), 200)
    refused(staff.post("/api/files/restore", {"id": file["id"]}), 410, "too_old")


def test_redacting_a_customer_takes_name_and_content(owner, staff, customer):
    file = uploaded(staff, name="passport of Clara.pdf", subject=customer["id"])
    made(owner.post("/api/customers/redact", {"id": customer["id"], "version": customer["version"]}), 200)
    now = read(staff, file, "files")
    assert now["name"] == "file" and now["sha256"] == "" and now["size"] == 0
    refused(content_of(staff, file), 404, "not_found")
    assert "passport" not in staff.get(f"/api/files/{file['id']}/history").text


def test_files_come_over_the_feed_to_who_sees_them(staff, owner, customer):
    since = owner.get("/api/files")["seq"]
    hidden, shown = uploaded(staff), uploaded(staff, subject=customer["id"])

    async def watch():
        async with harness.session(owner) as http, harness.Feed(http, ["files"], since=since) as feed:
            return await feed.next("change")

    change = harness.run(watch())
    assert change["id"] == shown["id"] and change["id"] != hidden["id"]
