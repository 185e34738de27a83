# SPDX-License-Identifier: Apache-2.0
"""Contents of files in a store that speaks the S3 protocol: signed requests, faults, and what is said about them."""

import json
import time

import pytest

from files import content_of, drafts, pdf, sha256, upload, uploaded
from flows import create, refused
from harness import STOP_SECONDS, interlock, wait_for
from s3_server import ACCESS_KEY, KEYS, REGION, SECRET_KEY, Fault, S3Server

SLOW_DOWN = Fault(503, "SlowDown", "Please reduce your request rate.")
TOO_MANY = Fault(429, "TooManyRequests", "Later.")


@pytest.fixture
def s3():
    with S3Server() as running:
        yield running


@pytest.fixture
def on_s3(make_server, s3):
    return make_server(env={**KEYS, "INTERLOCK_FILES": s3.url()})


def done(result, code=0):
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def test_contents_lie_in_the_bucket_and_nowhere_else(on_s3, s3):
    staff, stranger = on_s3.login("staff01@demo.test"), on_s3.login("admin@other.test")
    content = pdf("x" * 3_000_000)
    file = uploaded(staff, content)
    assert content_of(staff, file).body == content
    part = content_of(staff, file, {"Range": "bytes=1000-1999"})
    assert (part.status, part.body) == (206, content[1000:2000])
    assert content_of(staff, file, {"If-None-Match": f'"{file["sha256"]}"'}).status == 304
    uploaded(staff, content)
    uploaded(stranger, content)
    assert [key.split("/")[-1] for key in s3.keys()] == [sha256(content)] * 2
    assert all(key.startswith("files/here/") for key in s3.keys())
    assert not drafts(on_s3) and content not in [path.read_bytes() for path in on_s3.data.rglob("*") if path.is_file()]
    refused(content_of(stranger, file), 404, "not_found")
    on_s3.restart()
    assert content_of(on_s3.login("staff01@demo.test"), file).body == content


def test_faults_that_pass_are_not_seen(on_s3, s3):
    staff = on_s3.login("staff01@demo.test")
    content = pdf("y" * 2_000_000)
    s3.fail_next = [SLOW_DOWN, TOO_MANY, "cut"]
    file = uploaded(staff, content)
    s3.fail_next = ["cut", SLOW_DOWN, None, "half", TOO_MANY, "half"]
    assert content_of(staff, file).body == content
    assert s3.fail_next == []


def test_a_store_that_does_not_answer_is_told_and_waited_for(on_s3, s3):
    staff = on_s3.login("staff01@demo.test")
    customer = create(staff)
    file = uploaded(staff, pdf("before"))
    s3.fail_always = SLOW_DOWN
    before = len(s3.requests)
    refused(upload(staff), 503, "overloaded")
    assert len(s3.requests) - before == 4, "a bounded number of tries"
    refused(content_of(staff, file), 503, "overloaded")
    assert staff.get(f"/api/customers/{customer['id']}").status == 200
    assert staff.get("/api/files").get("items")[0]["id"] == file["id"]
    s3.fail_always = None
    assert content_of(staff, file).body == pdf("before")
    assert uploaded(staff)
    told = [json.loads(line) for line in on_s3.log if "files_unavailable" in line]
    assert told and "SlowDown: Please reduce your request rate." in told[0]["reason"]
    on_s3.stop()
    assert SECRET_KEY not in "\n".join(on_s3.log) and ACCESS_KEY not in "\n".join(on_s3.log)


def test_backup_restore_and_check_work_as_on_the_disk(on_s3, s3, tmp_path):
    staff = on_s3.login()
    contents = {}
    for number in range(3):
        content = pdf(str(number) * 100_000)
        contents[uploaded(staff, content)["id"]] = content
    done(on_s3.command("backup", tmp_path / "backup"))
    on_s3.stop()
    kept = {key: s3.buckets["interlock-test"].pop(key) for key in s3.keys()}
    lost = on_s3.command("check", env={**KEYS, "INTERLOCK_FILES": s3.url()})
    assert lost.returncode == 3 and lost.stdout.count("is missing") == 3
    done(interlock("restore", tmp_path / "backup", data=tmp_path / "restored", env={**KEYS, "INTERLOCK_FILES": s3.url()}))
    assert s3.keys() == sorted(kept)
    assert "3 files" in done(interlock("check", data=tmp_path / "restored", env={**KEYS, "INTERLOCK_FILES": s3.url()}))


def test_what_no_record_names_is_swept_page_by_page(on_s3, s3):
    staff = on_s3.login("staff01@demo.test")
    content = pdf("kept")
    uploaded(staff, content)
    named = s3.keys()[0]
    folder = named.rsplit("/", 2)[0]
    s3.list_names_max = 2
    a_day_ago = time.time() - 90_000
    objects = s3.buckets["interlock-test"]
    old = [f"{folder}/ab/ab{number:062x}" for number in range(5)]
    young = f"{folder}/ab/ab{5:062x}"
    for key in old:
        objects[key] = (b"x", a_day_ago)
    objects[young] = (b"x", time.time())
    objects[named] = (content, a_day_ago)
    on_s3.restart()
    wait_for(lambda: s3.keys() == sorted([young, named]), what="the sweep")


@pytest.mark.parametrize(
    "change, said",
    [
        ({"bucket": "nobody-has-it"}, "the bucket nobody-has-it at http://127.0.0.1:"),
        ({"INTERLOCK_FILES_SECRET_KEY": "guessed-wrongly"}, "SignatureDoesNotMatch"),
        ({"INTERLOCK_FILES_ACCESS_KEY": "somebody-else"}, "InvalidAccessKeyId"),
        ({"region": "elsewhere"}, f"AuthorizationHeaderMalformed: the region 'elsewhere' is wrong; expecting '{REGION}'"),
        ({"endpoint": "http://127.0.0.1:1"}, "the bucket interlock-test at http://127.0.0.1:1 does not answer"),
    ],
)
def test_a_start_says_what_is_wrong_with_the_bucket(s3, tmp_path, change, said):
    url = s3.url(change.get("bucket", "interlock-test"))
    url = url.replace(f"region={REGION}", f"region={change.get('region', REGION)}")
    url = url.replace(s3.endpoint, change.get("endpoint", s3.endpoint))
    env = {**KEYS, "INTERLOCK_FILES": url, **{name: value for name, value in change.items() if name.isupper()}}
    ended = interlock("serve", "--listen", "127.0.0.1:0", data=tmp_path / "data", env=env, timeout=STOP_SECONDS + 20)
    assert ended.returncode == 1 and said in ended.stderr, ended.stderr
    assert SECRET_KEY not in ended.stderr and "guessed-wrongly" not in ended.stderr


@pytest.mark.parametrize(
    "files, keys, said",
    [
        ("s3://key:secret-of-mine@bucket", KEYS, "access keys do not belong into it"),
        ("s3://bucket?secret_key=secret-of-mine", KEYS, "endpoint=URL and region=NAME, and nothing else"),
        ("s3://bucket?endpoint=127.0.0.1", KEYS, "the endpoint must be http:// or https://"),
        ("s3://b", KEYS, "the bucket's name"),
        ("s3://bucket/../up", KEYS, "the prefix"),
        ("/var/files", KEYS, "it must begin with s3://"),
        ("s3://bucket", {}, "files_access_key and files_secret_key"),
        ("", KEYS, "files names none"),
    ],
)
def test_a_wrong_configuration_is_refused_without_showing_a_secret(tmp_path, files, keys, said):
    ended = interlock("check", data=tmp_path, env={**keys, "INTERLOCK_FILES": files})
    assert ended.returncode == 2 and said in ended.stderr, ended.stderr
    assert "secret-of-mine" not in ended.stderr and SECRET_KEY not in ended.stderr
