# SPDX-License-Identifier: Apache-2.0
"""One key, one effect (rows B5, E2): what the contract says about idempotency keys, sentence by sentence."""

import json
import uuid

import pytest

import harness
from flows import RawSocket, batch_each, batch_item, create, history, made, new_id, patch, read, refused, set_scopes, together
from harness import unique_key


def named(client, name):
    """How many customers carry the name that this test made up."""
    return [item for item in client.items("/api/customers", q=name) if item["name"] == name]


@pytest.fixture
def name():
    return "Once " + uuid.uuid4().hex[:12]


# ---- the key itself ---------------------------------------------------------------------------------------------------


def test_creates_and_named_operations_need_a_key(staff):
    customer = create(staff)
    calls = [
        ("/api/customers", {"name": "Ana"}),
        ("/api/comments", {"subject": customer["id"], "text": "x"}),
        ("/api/activities", {"subject": customer["id"], "text": "x"}),
        ("/api/customers/set-status", {"id": customer["id"], "status": "contacted"}),
        ("/api/customers/restore", {"id": customer["id"]}),
    ]
    for path, body in calls:
        refused(staff.post(path, body, key=None), 400, "key_missing")
    assert read(staff, customer) == customer


def test_updates_deletes_and_leases_go_without_a_key(staff):
    customer = create(staff)
    where = f"/api/customers/{customer['id']}"
    assert staff.post("/api/leases/take", {"subject": customer["id"]}, key=None).status == 200
    assert staff.post("/api/leases/release", {"subject": customer["id"]}, key=None).status == 200
    assert staff.patch(where, {"version": 1, "phone": "1"}).status == 200
    assert staff.delete(where, {"version": 2}).status == 200


@pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "x" * 256, '"open', '""', "é"])
def test_a_malformed_key_is_refused(staff, name, key):
    answer = staff.post("/api/customers", {"name": name}, key=key.encode("latin-1"))
    assert answer.status == 400 and answer.code in ("key_invalid", "key_missing"), answer
    assert named(staff, name) == []


@pytest.mark.parametrize("key", ["a", "!~", "x" * 255])
def test_one_to_255_visible_characters_are_a_key(staff, key):
    key = (key + unique_key())[-255:] if len(key) < 255 else uuid.uuid4().hex.ljust(255, "x")
    assert staff.post("/api/customers", {"name": "Ana"}, key=key).status == 201


def test_bare_quoted_and_x_spellings_are_one_key(staff, name):
    key = unique_key()
    body = {"name": name}
    first = staff.post("/api/customers", body, key=key)
    spellings = [
        {"Idempotency-Key": f'"{key}"'},
        {"X-Idempotency-Key": key},
        {"X-Idempotency-Key": f'"{key}"'},
        {"Idempotency-Key": key, "X-Idempotency-Key": key},
        {"Idempotency-Key": f'"{key}"', "X-Idempotency-Key": key},
    ]
    for headers in spellings:
        again = staff.post("/api/customers", body, key=None, headers=headers)
        assert again.replayed and again.body == first.body, headers
    assert len(named(staff, name)) == 1


def test_two_headers_that_differ_are_refused(staff, name):
    headers = {"Idempotency-Key": unique_key(), "X-Idempotency-Key": unique_key()}
    refused(staff.post("/api/customers", {"name": name}, key=None, headers=headers), 400, "key_invalid")
    assert named(staff, name) == []


# ---- replay -----------------------------------------------------------------------------------------------------------


def test_the_same_request_answers_the_stored_status_and_bytes(staff, name):
    key = unique_key()
    first = staff.post("/api/customers", {"name": name}, key=key)
    again = staff.post("/api/customers", {"name": name}, key=key)
    assert first.status == again.status == 201 and again.body == first.body
    assert not first.replayed and again.replayed
    assert "Idempotency-Replayed" not in first.headers
    assert len(named(staff, name)) == 1


def test_a_replay_answers_as_it_was_then_not_as_it_is_now(staff):
    key = unique_key()
    first = staff.post("/api/customers", {"name": "Then"}, key=key)
    patch(staff, first.json(), name="Now")
    assert staff.post("/api/customers", {"name": "Then"}, key=key).body == first.body


def test_spacing_and_order_of_members_do_not_make_another_request(staff):
    key = unique_key()
    first = staff.post("/api/customers", '{"name":"Ana","phone":"1","tags":["a"]}', key=key)
    again = staff.post("/api/customers", '{ "tags" : [ "a" ],\n "phone":"\\u0031", "name":"Ana" }', key=key)
    assert again.replayed and again.body == first.body


def test_a_key_is_for_one_request_only(staff, name):
    key = unique_key()
    customer = made(staff.post("/api/customers", {"name": name}, key=key))
    others = [
        staff.post("/api/customers", {"name": name + "2"}, key=key),
        staff.post("/api/customers", {"name": name, "phone": "1"}, key=key),
        staff.post("/api/comments", {"subject": customer["id"], "text": "x"}, key=key),
        staff.post("/api/customers/set-status", {"id": customer["id"], "status": "contacted"}, key=key),
        staff.patch(f"/api/customers/{customer['id']}", {"version": 1, "name": "x"}, key=key),
    ]
    for answer in others:
        refused(answer, 422, "key_reused")
    assert read(staff, customer) == customer and named(staff, name + "2") == []


def test_preconditions_belong_to_the_request(staff):
    customer = create(staff)
    where, key = f"/api/customers/{customer['id']}", unique_key()
    first = staff.patch(where, {"phone": "1"}, key=key, headers={"If-Match": '"1"'})
    assert first.status == 200
    refused(staff.patch(where, {"phone": "1"}, key=key, headers={"If-Match": '"2"'}), 422, "key_reused")
    over_the_body = staff.patch(where, {"phone": "1", "version": 1}, key=key)
    assert over_the_body.replayed and over_the_body.body == first.body, "the same request, over every way in"
    by_put = staff.put(where, {"phone": "1", "version": 1}, key=key)
    assert by_put.replayed and by_put.body == first.body


def test_a_batch_item_and_a_call_of_its_own_are_the_same_request(staff, name):
    key = unique_key()
    first = staff.post("/api/customers", {"name": name}, key=key)
    (result,) = batch_each(staff, [batch_item("customers/create", {"name": name}, key)])
    assert result["status"] == 201 and result["body"] == first.json()
    assert len(named(staff, name)) == 1


def test_keys_belong_to_the_user_and_not_to_the_session(server, staff, colleague, stranger, name):
    key, body = unique_key(), {"name": name}
    first = staff.post("/api/customers", body, key=key)
    other_session = server.login("staff01@demo.test").post("/api/customers", body, key=key)
    assert other_session.replayed and other_session.body == first.body
    for client in (colleague, stranger):
        answer = client.post("/api/customers", {"name": name + " other"}, key=key)
        assert answer.status == 201 and not answer.replayed, "nothing leaks from one person to the next"


def test_a_token_shares_the_keys_of_its_owner(server, staff, name):
    made_token = made(staff.post("/api/api-tokens/create", {"name": "till", "permissions": ["customers.*"]}))
    program = server.client(made_token["token"])
    key, body = unique_key(), {"name": name}
    first = staff.post("/api/customers", body, key=key)
    again = program.post("/api/customers", body, key=key)
    assert again.replayed and again.body == first.body


def test_an_update_and_a_delete_are_replayed(staff):
    customer = create(staff)
    where = f"/api/customers/{customer['id']}"
    for call in (
        lambda key: staff.patch(where, {"version": 1, "phone": "1"}, key=key),
        lambda key: staff.delete(where, {"version": 2}, key=key),
    ):
        key = unique_key()
        first, again = call(key), call(key)
        assert first.status == 200 and again.replayed and again.body == first.body and again.status == 200
    assert len(history(staff, customer)) == 3


def test_a_merged_answer_is_replayed_as_merged(staff):
    base = create(staff)
    patch(staff, base, phone="theirs")
    key = unique_key()
    body = {"version": 1, "address": "mine"}
    first = staff.patch(f"/api/customers/{base['id']}", body, key=key)
    again = staff.patch(f"/api/customers/{base['id']}", body, key=key)
    assert first["merged"] is True and again.replayed and again.body == first.body


# ---- what uses a key up, and what does not ------------------------------------------------------------------------------


def test_refusals_decided_in_the_lane_are_final(staff):
    customer = create(staff)
    key = unique_key()
    body = {"id": customer["id"], "status": "active"}
    first = staff.post("/api/customers/set-status", body, key=key)
    refused(first, 409, "no_transition")
    for status in ("contacted", "qualified"):
        assert staff.post("/api/customers/set-status", {"id": customer["id"], "status": status}).status == 200
    again = staff.post("/api/customers/set-status", body, key=key)
    assert again.replayed and again.body == first.body, "possible by now, but this request was refused"


def test_a_conflict_is_final(staff):
    base = create(staff)
    now = patch(staff, base, phone="theirs")
    key, body = unique_key(), {"version": 1, "phone": "mine"}
    first = staff.patch(f"/api/customers/{base['id']}", body, key=key)
    refused(first, 409, "stale_version")
    patch(staff, now, phone="later")
    again = staff.patch(f"/api/customers/{base['id']}", body, key=key)
    assert again.replayed and again.body == first.body


def test_parse_and_validation_errors_leave_the_key_unused(staff, name):
    key = unique_key()
    refused(staff.post("/api/customers", '{"name":', key=key), 400, "malformed_json")
    refused(staff.post("/api/customers", {"name": "x" * 201}, key=key), 422, "too_long")
    refused(staff.post("/api/customers", {"name": name, "colour": "red"}, key=key), 422, "unknown_field")
    answer = staff.post("/api/customers", {"name": name}, key=key)
    assert answer.status == 201 and not answer.replayed


def test_a_missing_precondition_leaves_the_key_unused(staff):
    customer = create(staff)
    where, key = f"/api/customers/{customer['id']}", unique_key()
    refused(staff.patch(where, {"phone": "1"}, key=key), 428, "precondition_required")
    answer = staff.patch(where, {"phone": "1", "version": 1}, key=key)
    assert answer.status == 200 and not answer.replayed


def test_without_a_session_the_key_stays_unused(server, staff, name):
    key, body = unique_key(), {"name": name}
    refused(server.client().post("/api/customers", body, key=key), 401, "unauthenticated")
    refused(server.client("nonsense").post("/api/customers", body, key=key), 401, "unauthenticated")
    answer = staff.post("/api/customers", body, key=key)
    assert answer.status == 201 and not answer.replayed


def test_a_replay_is_authorised_anew(owner, people, name):
    """403 leaves the key unused, and a stored answer is for those only who may still ask for it."""
    person = people("staff29")
    user = set_scopes(owner, "staff29@demo.test", "customers:all")
    key, body = unique_key(), {"name": name}
    first = person.post("/api/customers", body, key=key)
    assert first.status == 201
    viewer = patch(owner, user, "users", role="viewer")
    refused(person.post("/api/customers", body, key=key), 403, "forbidden")
    fresh = unique_key()
    refused(person.post("/api/customers", {"name": name + "2"}, key=fresh), 403, "forbidden")
    patch(owner, viewer, "users", role="staff")
    again = person.post("/api/customers", body, key=key)
    assert again.replayed and again.body == first.body
    later = person.post("/api/customers", {"name": name + "2"}, key=fresh)
    assert later.status == 201 and not later.replayed


def test_a_secret_is_never_stored(server, staff):
    key, body = unique_key(), {"name": "till", "permissions": ["customers.read"]}
    first = staff.post("/api/api-tokens/create", body, key=key)
    assert first.status == 201 and server.client(first["token"]).get("/api/customers", limit=1).status == 200
    again = staff.post("/api/api-tokens/create", body, key=key)
    refused(again, 409, "secret_shown_once")
    assert first["token"] not in again.text
    listed = [item for item in staff.items("/api/api-tokens") if item["id"] == first["id"]]
    assert len(listed) == 1 and first["token"] not in str(listed)


# ---- many at once -------------------------------------------------------------------------------------------------------


def test_fifty_requests_with_one_key_at_once(staff, name):
    """One effect, one answer for all; those that waited say so."""
    key = unique_key()

    async def all_at_once():
        async with harness.session(staff) as http:
            calls = [harness.send(http, "POST", "/api/customers", {"name": name}, key) for _ in range(50)]
            return await harness.at_once(calls)

    answers = harness.run(all_at_once())
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert sum(answer.replayed for answer in answers) == 49
    assert len(named(staff, name)) == 1


def test_ten_quick_clicks_change_the_status_once(staff):
    """B5: a double click or a re-send of the same action has one effect."""
    customer, key = create(staff), unique_key()
    body = {"id": customer["id"], "status": "contacted"}
    answers = together(10, lambda _: staff.post("/api/customers/set-status", body, key=key))
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert read(staff, customer)["version"] == 2


def test_fifty_different_requests_with_one_key_at_once(staff, name):
    """One of them happens; the others are told that the key is taken."""
    key = unique_key()
    answers = together(50, lambda n: staff.post("/api/customers", {"name": name, "phone": str(n)}, key=key))
    statuses = [answer.status for answer in answers]
    assert statuses.count(201) == 1 and statuses.count(422) == 49
    assert len(named(staff, name)) == 1


def test_a_dropped_connection_is_answered_by_a_replay(server, staff, name):
    """Whatever became of the request, asking again with its key tells."""
    for _ in range(20):
        key, body = unique_key(), {"id": new_id("customer"), "name": name}
        text = json.dumps(body)
        with RawSocket(server) as raw:
            raw.send(
                f"POST /api/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {staff.token}\r\n"
                f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
            )
        answer = staff.post("/api/customers", body, key=key)
        assert answer.status == 201 and answer["id"] == body["id"] and answer["version"] == 1
    assert len(named(staff, name)) == 20


def test_keys_survive_a_restart(make_server, name):
    server = make_server()
    staff, key = server.login("staff01@demo.test"), unique_key()
    first = staff.post("/api/customers", {"name": name}, key=key)
    server.restart()
    staff.url = server.url
    again = staff.post("/api/customers", {"name": name}, key=key)
    assert again.replayed and again.body == first.body
