# SPDX-License-Identifier: Apache-2.0
"""The console's files, as a browser gets them from the server."""

import gzip
import re

import pytest

from flows import refused
from harness import wait_for

PAGES = ["/", "/customers", "/customers/customer_01jx0g1m2n3p4q5r6s7t8v9w0x", "/set-up?token=x", "/anything/else"]


@pytest.fixture(scope="module")
def page(server):
    return server.client().get("/")


def asset_of(page):
    return re.search(r'src="(/assets/[^"]+\.js)"', page.text).group(1)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_application_is_its_index(server, page, path):
    answer = server.client().get(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.body == page.body and b'<div id="root">' in answer.body
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/api/none/a/b/c", "/docs/none", "/assets/old-1.js", "/robots.txt", "/a/b.php", "/assets/"])
def test_what_is_no_page_stays_absent(server, path):
    refused(server.client().get(path), 404, "not_found")


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/customers/%zz", "/%", "/customers/%ff", "/customers?q=%c3", "/1/2/3/4/5/6/7/8/9"])
def test_an_address_that_cannot_be_decoded_is_a_page_for_browsers_and_a_problem_for_programs(server, page, path):
    shown = server.client().get(path, headers=BROWSER)
    assert (shown.status, shown.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert shown.body == page.body and "Content-Security-Policy" in shown.headers
    for accept in ("application/json", "*/*"):
        refused(server.client().get(path, headers={"Accept": accept}), 400, "malformed_request")
    refused(server.client().get("/api" + path, headers=BROWSER), 400, "malformed_request")


def test_a_page_takes_no_post(server):
    refused(server.client().post("/customers", {}), 404, "not_found")


def test_hashed_files_are_kept_for_a_year(server, page):
    answer = server.client().get(asset_of(page))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_compressed_for_browsers_that_take_it(server, page):
    plain = server.client().get(asset_of(page))
    packed = server.client().get(asset_of(page), headers={"Accept-Encoding": "gzip, deflate, br"})
    assert packed.headers["Content-Encoding"] == "gzip" and packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_the_same_page_is_not_sent_again(server, page):
    same = server.client().get("/customers", headers={"If-None-Match": page.headers["ETag"]})
    assert same.status == 304 and same.body == b""
    assert same.headers["ETag"] == page.headers["ETag"]
    other = server.client().get("/customers", headers={"If-None-Match": '"another"'})
    assert other.status == 200


def test_head_tells_the_length_only(server, page):
    answer = server.client().request("HEAD", "/")
    assert answer.status == 200 and answer.body == b""
    assert int(answer.headers["Content-Length"]) == len(page.body)


def test_scripts_come_from_our_own_files_only(server, page):
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    # What the policy forbids is not in the page.
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page.text)
    assert not re.search(r"\son\w+=", page.text)
    for source in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert source.startswith("/"), source


def script_error(client, **more):
    body = {"message": "x is null", "source": "/assets/index-1.js", "line": 3, "column": 7, **more}
    return client.post("/api/script-errors", body, key=None)


def logged(server, message):
    return wait_for(
        lambda: next((line for line in server.log if '"script_error"' in line and message in line), None),
        what="the script error in the log",
    )


def count_of(server):
    text = server.client().get("/metrics").text
    return int(re.search(r"^interlock_script_errors_total (\d+)", text, re.M).group(1))


def test_a_script_error_is_logged_and_counted(make_server):
    server = make_server()
    staff = server.login("staff01@demo.test")
    before = count_of(server)
    answer = script_error(staff, message="row is undefined", stack="at f (http://x.test/invite?token=SECRET1:1:2)\nat g")
    assert answer.status == 200
    line = logged(server, "row is undefined")
    assert staff.user["id"] in line and '"line":3' in line and "http://x.test/invite)" in line
    assert "SECRET1" not in line and staff.token not in line
    assert count_of(server) == before + 1


def test_a_script_error_of_the_log_in_page_is_logged_too(make_server):
    server = make_server()
    assert script_error(server.client(), message="log-in is broken").status == 200
    assert '"actor":""' in logged(server, "log-in is broken")
    old = server.client("no-such-token")
    assert script_error(old, message="session is over").status == 200


def test_line_breaks_and_long_texts_make_no_other_line_of_log(make_server):
    server = make_server()
    assert script_error(server.client(), message='long one\n{"event":"forged"}' + "x " * 2000).status == 200
    line = logged(server, "long one")
    assert "\\n" in line and len(line) < 2000
    assert not any(line.startswith('{"event":"forged"') for line in server.log)


def test_script_errors_are_bounded(make_server):
    server = make_server()
    staff, other = server.login("staff01@demo.test"), server.login("staff02@demo.test")
    refused(script_error(staff, stack="x" * 20_000), 413, "body_too_large")
    refused(script_error(staff, cookie="x"), 422, "unknown_field")
    assert all(script_error(staff).status == 200 for _ in range(30))
    refused(script_error(staff), 429, "too_many")
    assert script_error(other).status == 200
