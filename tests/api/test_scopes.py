# SPDX-License-Identifier: Apache-2.0
"""F5: a scope (own, assigned, all) filters lists, gets, search, history, comments, leases, batch and feed alike."""

import uuid

import pytest

import harness
from flows import batch_each, batch_item, comment, create, new_id, set_scopes

PERSON = "staff26"


class Scene:
    """Four customers, each visible from another distance, and somebody who looks."""

    def __init__(self, owner, person):
        self.person = person
        self.word = uuid.uuid4().hex
        me = person.user["id"]
        self.own = create(person, name=f"{self.word} own", tags=[self.word])
        self.assigned = create(owner, name=f"{self.word} assigned", tags=[self.word], assigned_to=me)
        self.foreign = create(owner, name=f"{self.word} foreign", tags=[self.word])
        self.both = create(person, name=f"{self.word} both", tags=[self.word], assigned_to=me)
        self.records = {"own": self.own, "assigned": self.assigned, "foreign": self.foreign, "both": self.both}
        for record in self.records.values():
            comment(owner, record, "said " + self.word)

    def name_of(self, record_id):
        return next(name for name, record in self.records.items() if record["id"] == record_id)


@pytest.fixture(scope="module")
def scene(server, people):
    owner = server.login()
    set_scopes(owner, f"{PERSON}@demo.test", "customers:all", "*:all")
    return Scene(owner, people(PERSON))


@pytest.fixture(params=[("none", set()), ("own", {"own", "both"}), ("assigned", {"own", "assigned", "both"}), ("all", {"own", "assigned", "foreign", "both"})], ids=lambda p: p[0])
def seen(request, scene, owner):
    """What the person sees with one scope."""
    scope, names = request.param
    set_scopes(owner, f"{PERSON}@demo.test", f"customers:{scope}", "comments:all", "activities:all", "leases:all")
    return names


def allowed(scene, seen, statuses):
    """Asserts that `statuses` (by name) are fine for what is seen, and a 404 for all else."""
    for name in scene.records:
        if name in seen:
            assert statuses[name] < 300, (name, statuses)
        else:
            assert statuses[name] == 404, (name, statuses)


def test_lists(scene, seen):
    assert {scene.name_of(item["id"]) for item in scene.person.items("/api/customers", tags=scene.word, limit=1)} == seen


def test_search(scene, seen):
    assert {scene.name_of(item["id"]) for item in scene.person.items("/api/customers", q=scene.word)} == seen


def test_get_and_history(scene, seen):
    for suffix in ("", "/history"):
        allowed(scene, seen, {n: scene.person.get(f"/api/customers/{r['id']}{suffix}").status for n, r in scene.records.items()})


def test_an_invisible_record_is_the_same_404_as_an_absent_one(scene, seen):
    absent = scene.person.get(f"/api/customers/{new_id('customer')}")
    for name, record in scene.records.items():
        if name not in seen:
            answer = scene.person.get(f"/api/customers/{record['id']}")
            assert (answer.status, answer.body) == (absent.status, absent.body)


def test_changes_and_operations(scene, seen):
    statuses, moved = {}, {}
    for name, record in scene.records.items():
        statuses[name] = scene.person.patch(f"/api/customers/{record['id']}", {"phone": uuid.uuid4().hex}, headers={"If-Match": "*"}).status
        body = {"id": record["id"], "status": "nowhere"}
        moved[name] = scene.person.post("/api/customers/set-status", body).status
    allowed(scene, seen, statuses)
    assert {name for name, status in moved.items() if status == 422} == seen and set(moved.values()) <= {404, 422}


def test_comments_by_subject_and_all_together(scene, seen):
    by_subject = {name: scene.person.get("/api/comments", subject=record["id"]) for name, record in scene.records.items()}
    assert {name for name, answer in by_subject.items() if answer.json().get("items")} == seen
    ids = {record["id"] for record in scene.records.values()}
    subjects = {item["subject"] for item in scene.person.items("/api/comments", sort="-created_at", limit=1000) if item["subject"] in ids}
    assert {scene.name_of(subject) for subject in subjects} == seen


def test_writing_comments_and_activities(scene, seen):
    for collection in ("comments", "activities"):
        statuses = {n: scene.person.post(f"/api/{collection}", {"subject": r["id"], "text": "x"}).status for n, r in scene.records.items()}
        allowed(scene, seen, statuses)


def test_a_single_comment_follows_its_subject(scene, seen, owner):
    statuses = {}
    for name, record in scene.records.items():
        said = owner.get("/api/comments", subject=record["id"], limit=1)["items"][0]
        statuses[name] = scene.person.get(f"/api/comments/{said['id']}").status
        assert scene.person.get(f"/api/comments/{said['id']}/history").status == statuses[name]
    allowed(scene, seen, statuses)


def test_leases(scene, seen):
    take = lambda record: scene.person.post("/api/leases/take", {"subject": record["id"]}, key=None).status
    allowed(scene, seen, {name: take(record) for name, record in scene.records.items()})
    for record in scene.records.values():
        scene.person.post("/api/leases/release", {"subject": record["id"]}, key=None)


def test_batch(scene, seen):
    items = [batch_item("customers/update", {"id": r["id"], "version": "*", "phone": uuid.uuid4().hex}) for r in scene.records.values()]
    results = batch_each(scene.person, items)
    allowed(scene, seen, dict(zip(scene.records, (result["status"] for result in results))))


def test_references_do_not_tell_either(scene, seen):
    """A reply to a comment on what one does not see is as unknown as any."""
    for name, record in scene.records.items():
        answer = scene.person.post("/api/comments", {"subject": record["id"], "text": "x", "reply_to": new_id("comment")})
        assert answer.status == 404 and answer["field"] == ("reply_to" if name in seen else "subject")


def test_feed_live_and_resumed(scene, seen, owner):
    async def work():
        start = owner.get("/api/customers", limit=1)["seq"]
        async with harness.session(scene.person) as http:
            async with harness.Feed(http, ["customers"], filter={"tags": scene.word}) as live:
                await live.next("heartbeat")
                for record in scene.records.values():
                    owner.patch(f"/api/customers/{record['id']}", {"phone": uuid.uuid4().hex}, headers={"If-Match": "*"})
                first = {message["id"] for message in await live.changes(len(seen))}
            async with harness.Feed(http, ["customers"], since=start, filter={"tags": scene.word}) as resumed:
                if not seen:  # what was missed comes before the heartbeat: nothing may
                    assert (await resumed.next("change", "gone", "heartbeat"))["type"] == "heartbeat"
                again = {message["id"] for message in await resumed.changes(len(seen))}
            return first, again

    first, again = harness.run(work())
    assert {scene.name_of(record) for record in first} == {scene.name_of(record) for record in again} == seen


def test_presence(scene, seen):
    async def work(record):
        async with harness.session(scene.person) as http, harness.Feed(http, ["customers"]) as feed:
            await feed.next("heartbeat")
            await feed.socket.send_json({"type": "presence", "subject": record["id"], "state": "viewing"})
            await feed.socket.send_json({"type": "presence", "subject": "nonsense", "state": "viewing"})
            errors = [await feed.next("error")]
            if errors[0].get("field") == "subject" and record["id"] not in visible:
                errors.append(await feed.next("error"))
            return len(errors)

    visible = {scene.records[name]["id"] for name in seen}
    for record in scene.records.values():
        assert harness.run(work(record)) == (1 if record["id"] in visible else 2)


# ---- roles ------------------------------------------------------------------------------------------------------------------------


def test_a_guest_sees_only_what_is_theirs(people, owner):
    guest = people("guest")
    assert guest.items("/api/customers") == []
    hidden = create(owner)
    assert guest.get(f"/api/customers/{hidden['id']}").status == 404
    assert guest.get("/api/users").status == 403 and guest.get("/api/activities").status == 403


def test_a_viewer_reads_and_changes_nothing(people, staff):
    viewer, record = people("viewer"), create(staff)
    assert viewer.get(f"/api/customers/{record['id']}").status == 200
    calls = [
        viewer.post("/api/customers", {"name": "x"}),
        viewer.patch(f"/api/customers/{record['id']}", {"version": 1, "name": "x"}),
        viewer.delete(f"/api/customers/{record['id']}", {"version": 1}),
        viewer.post("/api/comments", {"subject": record["id"], "text": "x"}),
        viewer.post("/api/customers/set-status", {"id": record["id"], "status": "contacted"}),
        viewer.post("/api/leases/take", {"subject": record["id"]}, key=None),
        viewer.post("/api/users/invite", {"email": "x@demo.test", "role": "staff"}),
    ]
    assert {answer.status for answer in calls} == {403}


def test_without_any_scope_staff_see_what_they_are_assigned(owner, people):
    person = people("staff22")
    set_scopes(owner, "staff22@demo.test")
    word = uuid.uuid4().hex
    mine = create(owner, tags=[word], assigned_to=person.user["id"])
    create(owner, tags=[word])
    assert [item["id"] for item in person.items("/api/customers", tags=word)] == [mine["id"]]
