# SPDX-License-Identifier: Apache-2.0
"""Problem documents and their precedence (row B7): framing 400, 401, body and key 400, 403, 404, 428, 422, 423, 409."""

import pytest

from flows import RawSocket, create, new_id, patch, refused
from harness import unique_key


@pytest.fixture
def leased(owner, staff):
    """A customer at version 2 whose binding lease somebody else holds."""
    (settings,) = owner.items("/api/settings")
    changed = patch(owner, settings, "settings", binding_leases=["customers"])
    record = patch(staff, create(staff), phone="theirs")
    assert owner.post("/api/leases/take", {"subject": record["id"]}, key=None).status == 200
    yield record
    patch(owner, changed, "settings", binding_leases=[])


BROKEN = '{"name":'


def test_401_comes_before_everything_but_framing(server, staff):
    record = create(staff)
    nobody = server.client()
    calls = [
        nobody.post("/api/customers", BROKEN, key=None),
        nobody.post("/api/customers", {"name": "x"}, key="not a key"),
        nobody.patch(f"/api/customers/{record['id']}", {"colour": "red"}),
        nobody.patch(f"/api/customers/{new_id('customer')}", {"version": 1}),
        nobody.get("/api/customers/nonsense"),
        nobody.get("/api/no-such-collection"),
    ]
    for answer in calls:
        refused(answer, 401, "unauthenticated")


def test_body_and_key_come_before_403(people, staff):
    viewer, record = people("viewer"), create(staff)
    refused(viewer.post("/api/customers", BROKEN), 400, "malformed_json")
    refused(viewer.post("/api/customers", {"name": "x"}, key=None), 400, "key_missing")
    refused(viewer.post("/api/customers", {"name": "x"}, key="not a key"), 400, "key_invalid")
    refused(viewer.patch(f"/api/customers/{record['id']}", BROKEN), 400, "malformed_json")
    refused(viewer.patch(f"/api/customers/{record['id']}", {}, headers={"If-Match": "x"}), 400, "precondition_invalid")


def test_403_comes_before_404_428_and_422(people, staff):
    viewer, record = people("viewer"), create(staff)
    refused(viewer.patch(f"/api/customers/{new_id('customer')}", {"version": 1}), 403, "forbidden")
    refused(viewer.patch("/api/customers/nonsense", {"version": 1}), 403, "forbidden")
    refused(viewer.patch(f"/api/customers/{record['id']}", {"phone": "1"}), 403, "forbidden")
    refused(viewer.patch(f"/api/customers/{record['id']}", {"version": 1, "colour": "red"}), 403, "forbidden")
    refused(viewer.post("/api/customers", {"colour": "red"}), 403, "forbidden")


def test_404_comes_before_428_and_422(staff):
    for absent in (new_id("customer"), "nonsense"):
        where = f"/api/customers/{absent}"
        refused(staff.patch(where, {"phone": "1"}), 404, "not_found")
        refused(staff.patch(where, {"version": 1, "colour": "red"}), 404, "not_found")
        refused(staff.delete(where), 404, "not_found")
        refused(staff.post("/api/customers/set-status", {"id": absent, "status": "nowhere"}), 404, "not_found")
        refused(staff.post("/api/customers/set-status", {"id": absent}), 404, "not_found")


def test_428_comes_before_422(staff):
    record = create(staff)
    refused(staff.patch(f"/api/customers/{record['id']}", {"colour": "red"}), 428, "precondition_required")
    refused(staff.patch(f"/api/customers/{record['id']}", {"name": "x" * 999}), 428, "precondition_required")


def test_422_comes_before_423_and_409(staff, leased):
    where = f"/api/customers/{leased['id']}"
    refused(staff.patch(where, {"version": 1, "colour": "red"}), 422, "unknown_field", "colour")
    refused(staff.patch(where, {"version": 1, "name": "x" * 999}), 422, "too_long", "name")


def test_423_comes_before_409(staff, leased):
    where = f"/api/customers/{leased['id']}"
    refused(staff.patch(where, {"version": 1, "phone": "mine"}), 423, "leased")
    refused(staff.delete(where, {"version": 1}), 423, "leased")
    refused(staff.post("/api/customers/set-status", {"id": leased["id"], "status": "active"}), 423, "leased")


def test_a_used_key_is_told_before_the_record(staff):
    key = unique_key()
    assert staff.post("/api/customers", {"name": "x"}, key=key).status == 201
    refused(staff.patch(f"/api/customers/{new_id('customer')}", {"version": 1}, key=key), 422, "key_reused")


# ---- bodies ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        BROKEN,
        "",
        "null x",
        '{"name":"x"}{}',
        '{"name":"x","name":"y"}',
        '{"name":"x","n\\u0061me":"y"}',
        '{"name":"\\ud800"}',
        b'{"name":"\xff\xfe"}',
        '{"name":1e400}',
        '{"name":01}',
        "{'name':'x'}",
        '{"name":"x",}',
        '{"name":NaN}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"name":"a\nb"}',
        "\ufeff" + '{"name":"x"}',
    ],
    ids=lambda body: repr(body)[:24],
)
def test_what_is_no_json_is_refused_and_changes_nothing(staff, body):
    before = staff.get("/api/customers", limit=1).seq
    answer = staff.post("/api/customers", body, headers={"Content-Type": "application/json"})
    assert answer.status in (400, 422) and answer.code, answer
    assert staff.get("/api/customers", limit=1).seq == before


@pytest.mark.parametrize("body", ["[]", '"x"', "7", "true", "null"])
def test_a_request_is_an_object(staff, body):
    record = create(staff)
    assert staff.post("/api/customers", body).status in (400, 422)
    assert staff.patch(f"/api/customers/{record['id']}", body).status in (400, 422, 428)


@pytest.mark.parametrize("number", [2**53 + 1, 2**63 - 1, -(2**63)])
def test_large_integers_are_exact(staff, number):
    record = create(staff)
    problem = refused(staff.patch(f"/api/customers/{record['id']}", {"version": 1, "name": number}), 422, "wrong_type", "name")
    assert problem
    for version in (number, 2**64, 1e300):
        assert staff.patch(f"/api/customers/{record['id']}", {"version": version, "phone": "1"}).status in (400, 409)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"])
def test_a_body_of_another_type_is_refused(staff, kind):
    answer = staff.post("/api/customers", '{"name":"x"}', headers={"Content-Type": kind})
    refused(answer, 415, "media_type")


def test_a_body_over_its_bound_is_refused(staff):
    answer = staff.post("/api/customers", {"name": "x", "address": "y" * 1_100_000})
    assert answer.status == 413 and answer.code == "body_too_large"


def test_paths_and_methods_that_are_not_offered(staff):
    record = create(staff)
    refused(staff.get("/api/no-such-collection"), 404, "not_found")
    refused(staff.get("/nowhere.txt"), 404, "not_found")
    refused(staff.post("/api/customers/no-such-operation", {}), 404, "not_found")
    answer = staff.request("DELETE", "/api/customers")
    assert answer.status == 405 and "GET" in answer.headers["Allow"]
    refused(staff.request("POST", f"/api/customers/{record['id']}/history", {}), 405, "method_not_allowed")


def test_a_problem_document_is_complete(staff):
    answer = staff.post("/api/customers", {"name": "x" * 201})
    problem = refused(answer, 422, "too_long", "name")
    assert problem["limit"] == 200 and problem["detail"] and problem["type"].endswith("too_long")


def test_a_broken_request_line_does_not_end_the_server(server, staff):
    for text in ("\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST /api/customers HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"):
        with RawSocket(server) as raw:
            raw.send(text)
            assert " 400 " in raw.read_head().split("\r\n")[0] or "505" in text
    assert staff.get("/healthz").status == 200


def test_the_type_of_every_problem_leads_to_its_meaning(server):
    codes = server.client().get("/api/openapi.json")["components"]["schemas"]["problem"]["properties"]["code"]["enum"]
    page = server.client().get("/docs/errors")
    assert page.status == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(codes) > 40 and all(page.text.count(f'id="{code}"') == 1 for code in codes)
    assert "<script" not in page.text and "style" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff" and page.headers["X-Frame-Options"] == "DENY"
    where, anchor = refused(server.client().get("/api/customers"), 401, "unauthenticated")["type"].split("#")
    assert where == "/docs/errors" and anchor in codes
    assert server.client().post(where, key=None).status == 405
