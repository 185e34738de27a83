# SPDX-License-Identifier: Apache-2.0
"""Every awkward string goes into every text field: it comes back unchanged, or is refused by the field's name."""

import json
from pathlib import Path

import pytest

import harness
from flows import batch_each, batch_item, create, patch, read

STRINGS = json.loads((Path(__file__).parent.parent / "data" / "naughty-strings.json").read_text())
OPTIONAL = [("email", 320), ("phone", 64), ("address", 1000)]


def check(results, field, texts, limit, empty_is_refused=False, kept=lambda text: text):
    """Each result holds its text, or names the field and says why not."""
    assert len(results) == len(texts)
    for text, result in zip(texts, results):
        size = len(text.encode())
        if result["status"] in (200, 201):
            assert result["body"][field] == kept(text), text
            assert size <= limit and (text or not empty_is_refused)
        else:
            assert result["status"] == 422, (text, result)
            assert result["body"]["field"] == field and result["body"]["detail"], (text, result)
            assert size > limit or (empty_is_refused and not text), (text, result["body"])


def create_all(client, collection, requests):
    return batch_each(client, [batch_item(f"{collection}/create", request) for request in requests])


def test_names_of_customers(staff):
    results = create_all(staff, "customers", [{"name": text} for text in STRINGS])
    check(results, "name", STRINGS, 200, empty_is_refused=True)
    for result in results:
        if result["status"] == 201:
            assert read(staff, result["body"])["name"] == result["body"]["name"]


@pytest.mark.parametrize("field, limit", OPTIONAL)
def test_optional_fields_of_customers(staff, field, limit):
    results = create_all(staff, "customers", [{"name": "n", field: text} for text in STRINGS])
    check(results, field, STRINGS, limit)


@pytest.mark.parametrize("field, limit", OPTIONAL)
def test_changes_of_customers(staff, field, limit):
    record = create(staff)
    items = [batch_item("customers/update", {"id": record["id"], "version": "*", field: text}) for text in STRINGS]
    check(batch_each(staff, items), field, STRINGS, limit)


def test_tags(staff):
    results = create_all(staff, "customers", [{"name": "n", "tags": [text]} for text in STRINGS])
    for text, result in zip(STRINGS, results):
        if result["status"] == 201:
            assert result["body"]["tags"] == [text]
        else:
            assert result["body"]["field"] == "tags" and len(text.encode()) > 64, (text, result)


def test_texts_of_comments_and_activities(staff):
    record = create(staff)
    for collection in ("comments", "activities"):
        results = create_all(staff, collection, [{"subject": record["id"], "text": text} for text in STRINGS])
        check(results, "text", STRINGS, 10_000, empty_is_refused=True)
    shown = [item["text"] for item in staff.items("/api/comments", subject=record["id"], limit=1000)]
    assert sorted(shown) == sorted(text for text in STRINGS if text and len(text.encode()) <= 10_000)


def test_kinds_of_activities(staff):
    record = create(staff)
    requests = [{"subject": record["id"], "text": "x", "kind": text} for text in STRINGS]
    check(create_all(staff, "activities", requests), "kind", STRINGS, 32, kept=lambda text: text or "note")


def test_names_of_people_tokens_and_statuses(owner, people):
    person = people("staff21")
    items = [batch_item("users/update-profile", {"name": text}) for text in STRINGS]
    check(batch_each(person, items), "name", STRINGS, 200, empty_is_refused=True)
    tokens = [batch_item("api-tokens/create", {"name": text, "permissions": ["customers.read"]}) for text in STRINGS[:90]]
    check(batch_each(person, tokens), "name", STRINGS[:90], 200, empty_is_refused=True)
    (status, *_) = owner.items("/api/statuses")
    moves = [batch_item("statuses/update", {"id": status["id"], "version": "*", "moves": [text]}) for text in STRINGS]
    for text, result in zip(STRINGS, batch_each(owner, moves)):
        assert result["status"] == 200 and result["body"]["moves"] == [text] or result["body"]["field"] == "moves"
    patch(owner, read(owner, status, "statuses"), "statuses", moves=status["moves"])


def test_names_of_people_show_in_history_and_feed(people):
    """The actor's name is other people's input to whoever reads a history."""
    person = people("staff20")
    for text in [text for text in STRINGS if text and len(text.encode()) <= 200][::20]:
        assert person.post("/api/users/update-profile", {"name": text}).status == 200
        record = create(person)
        assert person.get(f"/api/customers/{record['id']}/history")["items"][0]["actor"]["name"] == text


def test_labels_of_settings(owner):
    (settings,) = owner.items("/api/settings")
    items = [batch_item("settings/update", {"id": settings["id"], "version": "*", "labels": {text or "x": text}}) for text in STRINGS]
    for text, result in zip(STRINGS, batch_each(owner, items)):
        ok = result["status"] == 200 and result["body"]["labels"] == {text or "x": text}
        assert ok or result["body"]["field"] == "labels", (text, result)
    patch(owner, read(owner, settings, "settings"), "settings", labels=settings["labels"])


def test_search_and_filters_take_any_text(staff):
    """A query is answered, or refused by its parameter's name."""

    async def ask():
        async with harness.session(staff, connections=8) as http:

            async def one(name, text):
                async with http.get("/api/customers", params={name: text, "limit": "1"}) as response:
                    return name, text, response.status, await response.json()

            return await harness.at_once([one(name, text) for text in STRINGS for name in ("q", "status", "tags", "email")])

    for name, text, status, body in harness.run(ask()):
        assert status == 200 or (status == 422 and body["field"] == name), (name, text, status, body)


def test_in_paths_cursors_sorts_and_keys(staff):
    """Nothing but an answer: never a failure of the server, never a record that was not meant."""

    async def ask():
        async with harness.session(staff, connections=8) as http:

            async def one(method, path, **more):
                async with http.request(method, path, **more) as response:
                    return path, more, response.status

            calls = []
            for text in STRINGS:
                calls.append(one("GET", "/api/customers", params={"cursor": text or "x", "limit": "1"}))
                calls.append(one("GET", "/api/customers", params={"sort": text or "x", "limit": "1"}))
                calls.append(one("POST", "/api/customers/set-status", json={"id": text, "status": text}, headers={"Idempotency-Key": harness.unique_key()}))
                calls.append(one("POST", "/api/comments", json={"subject": text, "text": text}, headers={"Idempotency-Key": harness.unique_key()}))
            return await harness.at_once(calls)

    for path, more, status in harness.run(ask()):
        assert status in (200, 400, 404, 422), (path, more, status)
