# SPDX-License-Identifier: Apache-2.0
"""B9: everybody updates one customer on one stale version, and adds a comment in the same call.

The load script of the seed, written anew: with ids, 30 states of the test's own tenant, and the comment as a call of its
own. Exactly one plain success; the others are told of the conflict, or merged; nothing is lost.
"""

import collections

import pytest

import harness
from flows import accept, batch_item, comment, contiguous, create, history, invite, make_tenant, patch, read

STATES = [f"status_{n}" for n in range(30)]
PEOPLE = 30


@pytest.fixture(scope="module")
def load_tenant(server):
    """A tenant with 30 states, each of which leads to all others, and 30 people: (owner, clients)."""
    owner = make_tenant(server, "load")
    for position, name in enumerate(STATES):
        moves = [other for other in STATES if other != name]
        create(owner, "statuses", collection="customers", name=name, type="open", position=100 + position, moves=moves)
    new = next(row for row in owner.items("/api/statuses") if row["name"] == "new")
    patch(owner, new, "statuses", moves=STATES)
    people = []
    for number in range(PEOPLE):
        email = f"person{number}@load.test"
        answer = accept(server, invite(server, email, "load", "staff", f"Person {number}", ["customers:all", "comments:all"]))
        assert answer.status in (200, 201), answer
        client = server.client(answer["token"])
        client.user = answer["user"]
        people.append(client)
    return owner, people


def form(customer, number, change):
    """What one person's form sends: the change of fields and the comment, each for itself."""
    return {
        "mode": "each",
        "operations": [
            batch_item("customers/update", {"id": customer["id"], "updated_at": customer["updated_at"], **change}),
            batch_item("comments/create", {"subject": customer["id"], "text": f"Comment from user {number}"}),
        ],
    }


async def all_at_once(clients, forms, watcher, customer, changes):
    """Sends all forms together while somebody watches: (results, what the watcher saw)."""
    sessions = [harness.session(client) for client in clients]
    try:
        async with harness.session(watcher) as http:
            wanted = {"customers", "comments"}
            async with harness.Feed(http, wanted, since=watcher.get("/api/customers", limit=1)["seq"]) as feed:
                calls = [harness.send(sessions[n % len(sessions)], "POST", "/api/batch", body) for n, body in enumerate(forms)]
                answers = await harness.at_once(calls)
                results = [answer.json()["results"] for answer in answers]
                successes = sum(result[0]["status"] == 200 for result in results)
                seen = await feed.changes(successes + len(forms))
                return results, seen
    finally:
        for session in sessions:
            await session.close()


def check(owner, customer, results, seen, changed):
    """What must hold afterwards, whoever came first. `changed(n)`: the fields that number n sent."""
    count = len(results)
    kinds = collections.Counter()
    for number, (update, said) in enumerate(results):
        assert said["status"] == 201, said
        body = update["body"]
        if update["status"] == 200:
            kinds["merged" if body.get("merged") else "plain"] += 1
            assert {field: body[field] for field in changed(number)} == changed(number)
        else:
            kinds["conflict"] += 1
            assert update["status"] == 409 and body["code"] == "stale_version", update
            assert body["base"] == customer and body["yours"] == changed(number) and body["clashing_fields"]
            assert body["current"]["version"] > customer["version"]
    assert kinds["plain"] == 1 and sum(kinds.values()) == count, kinds

    entries = history(owner, customer)
    last = read(owner, customer)
    assert contiguous(entry["version"] for entry in entries), "versions without a gap"
    assert last["version"] == len(entries) == customer["version"] + kinds["plain"] + kinds["merged"]
    assert [entry["seq"] for entry in entries] == sorted((entry["seq"] for entry in entries), reverse=True)

    texts = [item["text"] for item in owner.items("/api/comments", subject=customer["id"], limit=1000)]
    assert sorted(texts) == sorted(f"Comment from user {number}" for number in range(count)), "all comments are kept"

    by_seq = {message["seq"]: message for message in seen}
    assert [message["seq"] for message in seen] == sorted(by_seq), "in one order, none twice"
    changes = [message for message in seen if message["collection"] == "customers"]
    told = {entry["seq"]: entry for entry in entries[:-1]}
    assert {message["seq"] for message in changes} == set(told), "history and feed agree"
    for message in changes:
        entry = told[message["seq"]]
        assert (message["version"], message["actor"], message["operation"]) == (entry["version"], entry["actor"], entry["operation"])
        for field, change in entry["changes"].items():
            assert message["record"][field] == change["to"]
    assert changes[-1]["record"] == last
    return kinds


def run(owner, clients, customer, changes):
    forms = [form(customer, number, change) for number, change in enumerate(changes)]
    results, seen = harness.run(all_at_once(clients, forms, owner, customer, changes), 300)
    return check(owner, customer, results, seen, lambda number: changes[number])


def test_thirty_people_set_thirty_states(load_tenant):
    """The seed's load script: the status is never merged, so one wins and 29 are told."""
    owner, people = load_tenant
    customer = create(owner)
    kinds = run(owner, people, customer, [{"status": STATES[number]} for number in range(30)])
    assert kinds == {"plain": 1, "conflict": 29}


def test_thirty_people_change_different_fields(load_tenant):
    """Who changes what nobody else has changed is merged, who clashes is told."""
    owner, people = load_tenant
    customer = create(owner)
    fields = ["name", "email", "phone", "address"]
    changes = [{"status": STATES[number]} if number % 5 == 4 else {fields[number % 5]: f"by {number}"} for number in range(30)]
    kinds = run(owner, people, customer, changes)
    assert 2 <= kinds["merged"] <= 4 and kinds["conflict"] == 29 - kinds["merged"]


def test_thirty_retry_until_everything_is_in(load_tenant):
    """Who is told of a conflict takes the new version and asks again: all thirty come through, none is overwritten."""
    owner, people = load_tenant
    customer = create(owner, tags=[])

    async def persist(number, http):
        base = customer
        for _ in range(PEOPLE + 1):
            change = {"version": base["version"], "tags": base["tags"] + [f"t{number}"]}
            answer = await harness.send(http, "PATCH", f"/api/customers/{customer['id']}", change)
            if answer.status == 200:
                return
            assert answer.status == 409, answer
            base = answer["current"]
        raise AssertionError("somebody never came through")

    async def everybody():
        sessions = [harness.session(client) for client in people]
        try:
            await harness.at_once([persist(number, http) for number, http in enumerate(sessions)])
        finally:
            for session in sessions:
                await session.close()

    harness.run(everybody())
    last = read(owner, customer)
    assert sorted(last["tags"]) == sorted(f"t{number}" for number in range(PEOPLE)) and last["version"] == 1 + PEOPLE


def test_a_thousand_clients_update_one_customer(load_tenant):
    owner, people = load_tenant
    customer = create(owner)
    fields = ["phone", "address"]
    changes = [{"status": STATES[n % 30]} if n % 3 == 2 else {fields[n % 3]: f"by {n}"} for n in range(1000)]
    kinds = run(owner, people, customer, changes)
    assert kinds["conflict"] >= 997


def test_a_thousand_clients_set_one_state_by_its_operation(load_tenant):
    """Without any version the table guards: once moved, the others are told that this move is none."""
    owner, people = load_tenant
    customer = create(owner)
    before = comment(owner, customer)

    async def everybody():
        sessions = [harness.session(client) for client in people]
        body = {"id": customer["id"], "status": STATES[7]}
        try:
            calls = [harness.send(sessions[n % PEOPLE], "POST", "/api/customers/set-status", body, harness.AUTO) for n in range(1000)]
            return await harness.at_once(calls)
        finally:
            for session in sessions:
                await session.close()

    answers = harness.run(everybody(), 300)
    statuses = collections.Counter(answer.status for answer in answers)
    assert statuses == {200: 1, 409: 999}, statuses
    assert read(owner, customer)["version"] == 2 and before["version"] == 1
