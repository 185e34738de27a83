# SPDX-License-Identifier: Apache-2.0
"""Many operations in one call: all or nothing, or each for itself."""

import uuid

import pytest

from flows import batch_atomic, batch_each, batch_item, create, history, made, new_id, patch, read, refused
from harness import unique_key


@pytest.fixture
def tag():
    return uuid.uuid4().hex[:16]


def tagged(client, tag):
    return client.items("/api/customers", tags=tag)


# ---- atomic -------------------------------------------------------------------------------------------------------------


def test_an_atomic_batch_answers_results_in_order(staff, tag):
    answer = batch_atomic(staff, [batch_item("customers/create", {"name": f"n{n}", "tags": [tag]}) for n in range(5)])
    results = made(answer, 200)["results"]
    assert [result["status"] for result in results] == [201] * 5
    assert [result["body"]["name"] for result in results] == [f"n{n}" for n in range(5)]
    assert len(tagged(staff, tag)) == 5


def test_later_items_refer_to_earlier_answers(staff):
    answer = batch_atomic(
        staff,
        [
            batch_item("customers/create", {"name": "Ana"}, **{"as": "c"}),
            batch_item("comments/create", {"subject": "$c.id", "text": "first"}, **{"as": "first"}),
            batch_item("comments/create", {"subject": "$c.id", "text": "second", "reply_to": "$first.id"}),
            batch_item("customers/update", {"id": "$c.id", "version": "$c.version", "phone": "1"}),
        ],
    )
    customer, first, second, updated = (result["body"] for result in made(answer, 200)["results"])
    assert first["subject"] == second["subject"] == customer["id"] and second["reply_to"] == first["id"]
    assert updated["id"] == customer["id"] and updated["phone"] == "1"
    assert read(staff, updated) == updated and updated["version"] == len(history(staff, updated))


def test_one_refusal_undoes_an_atomic_batch(staff, tag):
    other = patch(staff, create(staff), phone="theirs")
    answer = batch_atomic(
        staff,
        [
            batch_item("customers/create", {"name": "Ana", "tags": [tag]}),
            batch_item("customers/update", {"id": other["id"], "version": 1, "phone": "mine"}),
            batch_item("customers/create", {"name": "Eva", "tags": [tag]}),
        ],
    )
    assert answer.status == 409 and answer["index"] == 1, answer
    assert tagged(staff, tag) == [] and read(staff, other)["phone"] == "theirs"


@pytest.mark.parametrize(
    "item, status, code",
    [
        ({"operation": "customers/create", "request": {}}, 422, "required"),
        ({"operation": "customers/create", "request": {"name": "x", "colour": "red"}}, 422, "unknown_field"),
        ({"operation": "customers/set-status", "request": {"id": "nonsense", "status": "new"}}, 404, "not_found"),
        ({"operation": "users/invite", "request": {"email": "a@b.test", "role": "staff"}}, 403, "forbidden"),
    ],
)
def test_an_atomic_batch_is_refused_as_its_item_is(staff, tag, item, status, code):
    answer = batch_atomic(staff, [batch_item("customers/create", {"name": "Ana", "tags": [tag]}), item])
    refused(answer, status, code)
    assert tagged(staff, tag) == []


def test_an_atomic_batch_has_one_key_in_the_header(staff, tag):
    items = [batch_item("customers/create", {"name": "Ana", "tags": [tag]}), batch_item("customers/create", {"name": "E"})]
    refused(batch_atomic(staff, items, key=None), 400, "key_missing")
    key = unique_key()
    first, again = batch_atomic(staff, items, key), batch_atomic(staff, items, key)
    assert first.status == again.status == 200 and again.replayed and again.body == first.body
    assert len(tagged(staff, tag)) == 1
    refused(batch_atomic(staff, items[:1], key), 422, "key_reused")
    with_own_key = {"mode": "atomic", "operations": [{**items[0], "key": unique_key()}]}
    assert staff.post("/api/batch", with_own_key).status in (400, 422)


def test_what_one_atomic_batch_does_is_one_step_of_the_history(staff):
    answer = batch_atomic(
        staff,
        [
            batch_item("customers/create", {"name": "Ana"}, **{"as": "c"}),
            batch_item("customers/set-status", {"id": "$c.id", "status": "contacted"}),
        ],
    )
    customer = made(answer, 200)["results"][1]["body"]
    entries = history(staff, customer)
    assert entries[0]["version"] == customer["version"] == len(entries)
    assert entries[0]["operation"] == "batch"


def test_each_change_of_an_atomic_batch_names_the_operation_that_made_it(staff):
    one, other = create(staff), create(staff)
    made(
        batch_atomic(
            staff,
            [
                batch_item("customers/set-status", {"id": one["id"], "status": "contacted"}),
                batch_item("customers/update", {"id": other["id"], "version": 1, "phone": "1"}),
                batch_item("customers/update", {"id": other["id"], "version": 2, "email": "a@b.test"}),
            ],
        ),
        200,
    )
    assert history(staff, one)[0]["operation"] == "customers/set-status"
    assert history(staff, other)[0]["operation"] == "customers/update"


# ---- each for itself ----------------------------------------------------------------------------------------------------


def test_each_item_stands_for_itself(staff, tag):
    stale = patch(staff, create(staff), phone="theirs")
    results = batch_each(
        staff,
        [
            batch_item("customers/create", {"name": "Ana", "tags": [tag]}),
            batch_item("customers/update", {"id": stale["id"], "version": 1, "phone": "mine"}),
            batch_item("customers/create", {"name": ""}),
            batch_item("customers/no-such-operation", {}),
            batch_item("users/invite", {"email": "a@b.test", "role": "staff"}),
            batch_item("customers/create", {"name": "Eva", "tags": [tag]}),
        ],
    )
    assert [result["status"] for result in results] == [201, 409, 422, 404, 403, 201]
    assert results[1]["body"]["code"] == "stale_version" and results[2]["body"]["field"] == "name"
    assert len(tagged(staff, tag)) == 2


def test_each_has_a_key_per_item_and_none_in_the_header(staff, tag):
    item = batch_item("customers/create", {"name": "Ana", "tags": [tag]})
    refused(staff.post("/api/batch", {"mode": "each", "operations": [item]}), 400, "key_invalid")
    keyless = {"operation": item["operation"], "request": item["request"]}
    answer = staff.post("/api/batch", {"mode": "each", "operations": [keyless]}, key=None)
    assert answer.status == 400 or answer["results"][0]["status"] == 400, answer
    assert tagged(staff, tag) == []


def test_items_are_replayed_one_by_one(staff, tag):
    items = [batch_item("customers/create", {"name": f"n{n}", "tags": [tag]}) for n in range(3)]
    first = batch_each(staff, items[:2])
    again = batch_each(staff, items)
    assert [result["body"] for result in again[:2]] == [result["body"] for result in first]
    assert len(tagged(staff, tag)) == 3


def test_items_of_each_may_refer_to_earlier_ones(staff):
    results = batch_each(
        staff,
        [
            batch_item("customers/create", {"name": "Ana"}, **{"as": "c"}),
            batch_item("comments/create", {"subject": "$c.id", "text": "x"}),
        ],
    )
    assert results[1]["status"] == 201 and results[1]["body"]["subject"] == results[0]["body"]["id"]


@pytest.mark.parametrize("mode", ["atomic", "each"])
def test_two_items_of_one_name_are_refused(staff, tag, mode):
    items = [batch_item("customers/create", {"name": f"n{n}", "tags": [tag]}, **{"as": "c"}) for n in range(2)]
    items.append(batch_item("comments/create", {"subject": "$c.id", "text": "whose?"}))
    if mode == "atomic":
        answer = batch_atomic(staff, items)
    else:
        answer = staff.post("/api/batch", {"mode": mode, "operations": items}, key=None)
    refused(answer, 422, "batch_mode", "as")
    assert tagged(staff, tag) == []


def test_a_reference_to_a_refused_item_is_refused(staff):
    results = batch_each(
        staff,
        [
            batch_item("customers/create", {"name": ""}, **{"as": "c"}),
            batch_item("comments/create", {"subject": "$c.id", "text": "x"}),
        ],
    )
    assert results[0]["status"] == 422 and 400 <= results[1]["status"] < 500, results


# ---- the batch itself -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "atomic"},
        {"mode": "both", "operations": [{"operation": "customers/create", "request": {"name": "x"}}]},
        {"operations": [{"operation": "customers/create", "request": {"name": "x"}}]},
        {"mode": "atomic", "operations": []},
        {"mode": "atomic", "operations": {}},
        {"mode": "atomic", "operations": ["customers/create"]},
        {"mode": "atomic", "operations": [{"request": {"name": "x"}}]},
        {"mode": "atomic", "operations": [{"operation": 7, "request": {"name": "x"}}]},
        {"mode": "atomic", "operations": [{"operation": "customers/create", "request": {"name": "x"}, "also": 1}]},
        {"mode": "atomic", "operations": [{"operation": "customers/create", "request": {"name": "x"}}], "also": 1},
    ],
)
def test_a_malformed_batch_is_refused(staff, body):
    assert staff.post("/api/batch", body).status in (400, 422)


def test_a_batch_is_bounded(staff):
    items = [{"operation": "customers/create", "request": {"name": "x"}}] * 1001
    answer = staff.post("/api/batch", {"mode": "atomic", "operations": items})
    assert answer.status == 422 and answer["limit"] == 1000


def test_a_thousand_operations_in_one_commit(staff, tag):
    items = [batch_item("customers/create", {"id": new_id("customer"), "name": "n", "tags": [tag]}) for _ in range(1000)]
    answer = batch_atomic(staff, items)
    assert answer.status == 200 and len(answer["results"]) == 1000
    assert len(staff.items("/api/customers", tags=tag, limit=1000)) == 1000


def test_system_operations_are_nobody_elses(staff, owner):
    for client in (staff, owner):
        for name in ("users/admit", "tenant/set-up", "sessions/create", "passwords/change", "tenants/create"):
            answer = batch_atomic(client, [batch_item(name, {})])
            assert answer.status in (403, 404), (name, answer)


# ---- what must not slip through a batch -----------------------------------------------------------------------------


def test_a_secret_in_a_batch_is_neither_kept_nor_referred_to(server):
    staff = server.login("staff04@demo.test")
    token = {"operation": "api-tokens/create", "request": {"name": "t", "permissions": ["customers.read"]}}
    key = unique_key()
    first = batch_atomic(staff, [dict(token)], key=key)
    assert made(first, 200)["results"][0]["body"]["token"].startswith("il_")
    refused(batch_atomic(staff, [dict(token)], key=key), 409, "secret_shown_once")
    named = [{**token, "as": "t"}, {"operation": "customers/create", "request": {"name": "$t.token"}}]
    refused(batch_atomic(staff, named), 422, "unknown_reference")


def test_a_replay_of_an_item_with_a_reference_asks_for_the_right_anew(server):
    staff = server.login("staff04@demo.test")
    token = made(staff.post("/api/api-tokens", {"name": "t", "permissions": ["customers.read"]}))["token"]
    items = [
        batch_item("customers/create", {"name": "Ana"}, **{"as": "c"}),
        batch_item("comments/create", {"subject": "$c.id", "text": "seen"}),
    ]
    assert [result["status"] for result in batch_each(staff, items)] == [201, 201]
    assert [result["status"] for result in batch_each(server.client(token), items)] == [403, 403]


def test_a_reference_to_a_refused_item_is_refused_and_leaves_its_key_unused(staff):
    second = batch_item("customers/create", {"name": "$c.name"})
    results = batch_each(staff, [batch_item("customers/create", {"name": ""}, **{"as": "c"}), second])
    assert [result["status"] for result in results] == [422, 422]
    assert results[1]["body"]["code"] == "unknown_reference"
    results = batch_each(staff, [batch_item("customers/create", {"name": "Ana"}, **{"as": "c"}), second])
    assert [result["body"]["name"] for result in results] == ["Ana", "Ana"]


def test_references_cannot_stand_for_more_than_a_bound(staff):
    items = [
        batch_item("comments/create", {"subject": create(staff)["id"], "text": "x" * 10_000}, **{"as": "c"}),
        batch_item("customers/create", {"name": "Ana", "tags": ["$c.text"] * 30}),
    ]
    assert refused(batch_atomic(staff, items), 422, "too_long")["limit"] == 256 * 1024


def test_the_refusal_of_a_right_names_its_item(server):
    viewer = server.login("staff04@demo.test")
    items = [
        batch_item("customers/create", {"name": "Ana"}),
        batch_item("users/invite", {"email": "x@x.test", "name": "x", "role": "staff"}),
    ]
    assert refused(batch_atomic(viewer, items), 403, "forbidden")["index"] == 1
