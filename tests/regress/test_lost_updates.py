# SPDX-License-Identifier: Apache-2.0
"""Updates that got lost in well-known products; what happened there must not be possible here."""

import threading

import pytest

import harness
from flows import batch_atomic, batch_item, comment, create, history, new_id, patch, read, refused, together, with_user


# races.md row 25: Directus #3558, PostgREST #1069, Open Mercato #2276 ----------------------------------------------------


def target(kind, owner, people):
    """(collection, record, a change, another change of the same field) of each type that people edit."""
    if kind == "settings":
        return "settings", owner.items("/api/settings")[0], {"currency": "USD"}, {"currency": "GBP"}
    if kind == "users":
        people("staff09")
        return "users", with_user(owner, "staff09@demo.test"), {"scopes": ["customers:all", "a:all"]}, {"scopes": ["b:all"]}
    if kind == "statuses":
        return "statuses", owner.items("/api/statuses")[-1], {"moves": ["new"]}, {"moves": ["contacted"]}
    if kind == "activities":
        record = create(owner, "activities", subject=create(owner)["id"], text="x")
        return "activities", record, {"text": "mine"}, {"text": "theirs"}
    return "customers", create(owner), {"name": "mine"}, {"name": "theirs"}


KINDS = ["customers", "activities", "statuses", "users", "settings"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_writer_silently_won_on_types_without_versions(owner, people, kind):
    collection, record, mine, theirs = target(kind, owner, people)
    where = f"/api/{collection}/{record['id']}"
    for method in (owner.patch, owner.put):
        refused(method(where, mine), 428, "precondition_required")
    now = patch(owner, record, collection, **theirs)
    problem = refused(owner.patch(where, {"version": record["version"], **mine}), 409, "stale_version")
    assert problem["current"] == now and problem["base"] == record and problem["clashing_fields"] == list(mine)
    assert read(owner, record, collection) == now
    field = next(iter(mine))
    patch(owner, now, collection, **{field: record[field]})


@pytest.mark.parametrize("kind", KINDS)
def test_two_editors_at_once_both_thought_they_had_saved(owner, people, kind):
    """Ten on one version: one is in, nine are told, on every type."""
    collection, record, mine, theirs = target(kind, owner, people)
    where = f"/api/{collection}/{record['id']}"
    bodies = [{"version": record["version"], **(mine if n % 2 else theirs)} for n in range(10)]
    answers = together(10, lambda n: owner.patch(where, bodies[n]))
    plain = [answer for answer in answers if answer.status == 200 and not answer.get("merged")]
    assert len(plain) == 1 and {answer.status for answer in answers} <= {200, 409}
    now = read(owner, record, collection)
    assert now["version"] == record["version"] + 1, "equal values clash with nothing and change nothing"
    field = next(iter(mine))
    patch(owner, now, collection, **{field: record[field]})


def test_a_list_kept_by_read_and_write_lost_entries(staff):
    """Eight threads each add ten entries by reading, adding and writing back on the version that they read."""
    record = create(staff)

    def add(thread):
        for entry in range(10):
            while True:
                seen = read(staff, record)
                answer = staff.patch(f"/api/customers/{record['id']}", {"version": seen["version"], "address": f"{seen['address']} {thread}.{entry}"})
                if answer.status == 200:
                    break
                assert answer.status == 409, answer

    together(8, add)
    entries = read(staff, record)["address"].split()
    assert sorted(entries) == sorted(f"{thread}.{entry}" for thread in range(8) for entry in range(10))
    assert len(history(staff, record)) == 81


# races.md row 23: Chatwoot PR 13359 ------------------------------------------------------------------------------------------


def test_a_lock_was_released_before_the_commit(staff, colleague):
    """Two appends by "find or create": the second must see what the first has done, committed, before it decides.

    Here the answer comes after the commit, so whoever was answered is seen by everyone who asks afterwards.
    """
    record = create(staff)
    for number in range(50):
        first, second = (staff, colleague) if number % 2 else (colleague, staff)
        answer = first.post("/api/comments", {"subject": record["id"], "text": str(number)})
        assert answer.status == 201
        seen = second.get("/api/comments", subject=record["id"], sort="-created_at", limit=1)
        assert seen["items"][0]["id"] == answer["id"] and seen.seq >= answer.seq


def test_two_workers_created_what_each_did_not_find(staff, colleague):
    """An id made by the clients stands for "the same thing": of twenty at once one makes it, the others are told."""
    for _ in range(10):
        wanted = new_id("customer")
        clients = [staff, colleague] * 10
        answers = together(20, lambda n: clients[n].post("/api/customers", {"id": wanted, "name": f"by {n}"}))
        assert sorted(answer.status for answer in answers) == [201] + [409] * 19
        assert {answer.code for answer in answers if answer.status == 409} == {"id_taken"}
        winner = next(answer for answer in answers if answer.status == 201)
        assert read(staff, {"id": wanted}) == winner.json()


def test_a_reader_between_write_and_commit_saw_half(staff):
    """A batch is there or it is not: nobody sees its first half."""
    done, halves = threading.Event(), []
    tag = harness.unique_key("half")[:40]

    def look():
        while not done.is_set():
            count = len(staff.get("/api/customers", tags=tag, limit=1000)["items"])
            if count % 10:
                halves.append(count)

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(20):
        items = [batch_item("customers/create", {"name": "x", "tags": [tag]}) for _ in range(10)]
        assert batch_atomic(staff, items).status == 200
    done.set()
    for reader in readers:
        reader.join()
    assert halves == [] and len(staff.items("/api/customers", tags=tag)) == 200


# races.md row 28: Convex JS PR 170 --------------------------------------------------------------------------------------------


def test_a_hot_record_exhausted_its_retries(people):
    """Two thousand changes of one record from thirty people, none of which may fail for having come at a bad moment."""
    crowd = [people(f"staff{n:02}") for n in range(1, 31)]
    record = create(crowd[0])

    async def everybody():
        sessions = [harness.session(client) for client in crowd]

        async def one(number):
            http = sessions[number % len(sessions)]
            if number % 2:
                return await harness.send(http, "POST", "/api/comments", {"subject": record["id"], "text": str(number)}, harness.AUTO)
            headers = {"If-Match": "*"}
            return await harness.send(http, "PATCH", f"/api/customers/{record['id']}", {"phone": str(number)}, None, headers)

        try:
            return await harness.at_once([one(number) for number in range(2000)])
        finally:
            for session in sessions:
                await session.close()

    answers = harness.run(everybody())
    assert {answer.status for answer in answers} == {200, 201}
    versions = sorted(answer["version"] for answer in answers if answer.status == 200)
    assert versions == list(range(2, 1002)), "every change counted, each once"
    assert comment(crowd[0], record)["version"] == 1 and read(crowd[0], record)["version"] == 1001
