# SPDX-License-Identifier: Apache-2.0
"""Lists, search and histories: filters, order, pages, and what a read reflects."""

import threading
import uuid

import pytest

from flows import batch_atomic, batch_item, comment, create, history, patch, refused


@pytest.fixture(scope="module")
def tag(people):
    """Forty customers of a test's own, by tag."""
    word = uuid.uuid4().hex
    staff = people("staff01")
    statuses = ["new", "contacted", "qualified", "active"]
    items = [
        batch_item(
            "customers/create",
            {"name": f"Person {n:02} {word[:8]}", "tags": [word, f"n{n % 2}"], "status": statuses[n % 4], "phone": f"{n % 10}"},
        )
        for n in range(40)
    ]
    assert batch_atomic(staff, items).status == 200
    return word


def names(items):
    return [item["name"] for item in items]


# ---- pages -----------------------------------------------------------------------------------------------------------------------


def test_a_list_answers_items_cursor_and_sequence(staff):
    page = staff.get("/api/customers")
    assert page.status == 200 and set(page.json()) == {"items", "next_cursor", "seq"}
    assert len(page["items"]) == 50 and page["next_cursor"] and page["seq"] == page.seq


def test_pages_cover_everything_once(staff, tag):
    for limit in (1, 7, 40, 1000):
        items = staff.items("/api/customers", tags=tag, limit=limit)
        assert len(items) == 40 and len({item["id"] for item in items}) == 40


@pytest.mark.parametrize("sort", ["name", "-name", "created_at", "-updated_at", "status", "-status", "phone", "id"])
def test_every_order_pages_without_gap_or_double(staff, tag, sort):
    by = sort.lstrip("-")
    items = staff.items("/api/customers", tags=tag, sort=sort, limit=7)
    values = [item[by] for item in items]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert len({item["id"] for item in items}) == 40


def test_a_page_does_not_move_when_records_are_added(staff, tag):
    page = staff.get("/api/customers", tags=tag, sort="name", limit=20)
    extra = create(staff, name="Aaa first", tags=[tag])
    rest = staff.get("/api/customers", tags=tag, sort="name", limit=1000, cursor=page["next_cursor"])
    assert len(page["items"]) == 20 and len(rest["items"]) == 20
    assert not {item["id"] for item in page["items"]} & {item["id"] for item in rest["items"]}
    staff.delete(f"/api/customers/{extra['id']}", {"version": 1})


@pytest.mark.parametrize("limit, ok", [(1, True), (1000, True), (0, False), (1001, False), (-1, False), ("x", False), ("", False)])
def test_the_limit_is_bounded(staff, limit, ok):
    answer = staff.get("/api/customers", limit=limit)
    if ok:
        assert answer.status == 200 and len(answer["items"]) == limit
    else:
        assert refused(answer, 422, "out_of_range", "limit")["limit"] == 1000


@pytest.mark.parametrize("cursor", ["x", "00", "ffffffff", "5b5d", "a" * 2000])
def test_a_foreign_cursor_is_refused(staff, cursor):
    assert staff.get("/api/customers", cursor=cursor).status in (400, 422)


def test_a_cursor_belongs_to_its_order(staff):
    cursor = staff.get("/api/customers", sort="name", limit=1)["next_cursor"]
    assert staff.get("/api/customers", sort="-updated_at", cursor=cursor).status in (400, 422)


@pytest.mark.parametrize("params, field", [({"colour": "red"}, "colour"), ({"sort": "colour"}, "sort"), ({"version": "x"}, "version"), ({"deleted": "maybe"}, "deleted"), ({"created_at.min": "yesterday"}, "created_at")])
def test_bad_parameters_are_refused_by_name(staff, params, field):
    answer = staff.get("/api/customers", **params)
    assert answer.status == 422 and answer["field"] == field, answer


# ---- filters ----------------------------------------------------------------------------------------------------------------------


def test_filters_combine(staff, tag):
    assert len(staff.items("/api/customers", tags=tag, status="new")) == 10
    assert len(staff.items("/api/customers", tags=tag, status=["new", "active"])) == 20
    assert len(staff.items("/api/customers", **{"tags": tag, "status.ne": "new"})) == 30
    both = staff.items("/api/customers", tags=[tag, "n1"])
    assert len(both) == 20
    assert len(staff.items("/api/customers", tags=tag, phone="3")) == 4


def test_ranges(staff, tag):
    items = staff.items("/api/customers", tags=tag, sort="name")
    middle = items[20]["name"]
    assert len(staff.items("/api/customers", **{"tags": tag, "name.min": middle})) == 20
    assert len(staff.items("/api/customers", **{"tags": tag, "name.max": middle})) == 21
    assert staff.items("/api/customers", **{"tags": tag, "created_at.max": "2020-01-01T00:00:00Z"}) == []


def test_assigned_to_me_and_to_nobody(staff, colleague):
    word = uuid.uuid4().hex
    mine = create(staff, tags=[word], assigned_to=staff.user["id"])
    create(staff, tags=[word], assigned_to=colleague.user["id"])
    free = create(staff, tags=[word])
    ids = lambda value: [item["id"] for item in staff.items("/api/customers", tags=word, assigned_to=value)]
    assert ids("me") == ids(staff.user["id"]) == [mine["id"]] and ids("null") == [free["id"]]


# ---- search -------------------------------------------------------------------------------------------------------------------------


def test_search_finds_words_of_name_email_and_phone(staff):
    word = uuid.uuid4().hex[:10]
    record = create(staff, name=f"Äna Müller-{word}", email=f"{word}x@example.test", phone="+34 600 123 987")
    for query in (word, f"müller {word}", f"MÜLLER {word}", f"{word}x", f"{word}x@example.test", f"{word} 987", word[:6]):
        assert record["id"] in [item["id"] for item in staff.items("/api/customers", q=query)], query
    assert staff.items("/api/customers", q=f"{word} nobody") == []


def test_search_follows_every_change(staff):
    before, after = uuid.uuid4().hex, uuid.uuid4().hex
    record = create(staff, name=before)
    record = patch(staff, record, name=after)
    assert staff.items("/api/customers", q=before) == []
    assert [item["id"] for item in staff.items("/api/customers", q=after)] == [record["id"]]
    staff.delete(f"/api/customers/{record['id']}", {"version": 2})
    assert staff.items("/api/customers", q=after) == []


def test_search_combines_with_filter_and_pages(staff, tag):
    found = staff.items("/api/customers", q=tag[:8], status="new", limit=3)
    assert len(found) == 10 and {item["status"] for item in found} == {"new"}


@pytest.mark.parametrize("q", ['"', "'", "*", "a*", "(", "AND", "NOT x", "name:x", "-", "%", "\\", "a OR", "^a", "{x}"])
def test_search_takes_any_text(staff, q):
    assert staff.get("/api/customers", q=q, limit=5).status == 200


def test_a_long_search_is_refused_by_name(staff):
    assert refused(staff.get("/api/customers", q="x" * 201), 422, "too_long", "q")["limit"] == 200


# ---- history ---------------------------------------------------------------------------------------------------------------------------


def test_history_tells_who_when_from_and_to(staff, colleague):
    record = create(staff, name="Ana", phone="1")
    changed = patch(colleague, record, phone="2", tags=["vip"])
    second, first = history(staff, record)
    assert (first["version"], second["version"]) == (1, 2) and first["seq"] < second["seq"]
    assert first["operation"] == "customers/create" and second["operation"] == "customers/update"
    assert first["actor"] == {"id": staff.user["id"], "name": staff.user["name"]}
    assert second["actor"]["id"] == colleague.user["id"]
    assert second["changes"] == {"phone": {"from": "1", "to": "2"}, "tags": {"from": [], "to": ["vip"]}}
    assert first["changes"]["name"] == {"from": None, "to": "Ana"}
    assert second["at"] and changed["updated_at"] >= record["updated_at"]


def test_history_of_a_deletion_and_of_a_restoring(staff):
    record = create(staff)
    staff.delete(f"/api/customers/{record['id']}", {"version": 1})
    assert [entry["version"] for entry in history(staff, record)] == [2, 1], "it can be read of a deleted record too"
    staff.post("/api/customers/restore", {"id": record["id"]})
    restored, deleted, _ = history(staff, record)
    assert deleted["changes"]["deleted_at"]["to"] and restored["changes"]["deleted_at"]["to"] is None


def test_history_is_paged_newest_first(staff):
    record = create(staff)
    for number in range(25):
        record = patch(staff, record, phone=str(number))
    pages, cursor = [], None
    while True:
        page = staff.get(f"/api/customers/{record['id']}/history", limit=10, **({"cursor": cursor} if cursor else {}))
        assert set(page.json()) == {"items", "next_cursor", "seq"}
        pages.append([entry["version"] for entry in page["items"]])
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert [version for page in pages for version in page] == list(range(26, 0, -1)) and len(pages) == 3


def test_the_audit_trail_is_for_owners_and_admins(owner, staff):
    record = create(staff)
    refused(staff.get("/api/audit"), 403, "forbidden")
    entry = owner.get("/api/audit", limit=1)["items"][0]
    assert entry["id"] == record["id"] and entry["collection"] == "customers" and entry["actor"]["id"] == staff.user["id"]
    seqs = [entry["seq"] for entry in owner.get("/api/audit", limit=1000)["items"]]
    assert seqs == list(range(seqs[0], seqs[0] - 1000, -1)), "sequences run without a gap"


# ---- what a read reflects ---------------------------------------------------------------------------------------------------------------


def test_every_answer_carries_the_sequence(staff):
    record = create(staff)
    answers = [
        staff.get("/api/customers", limit=1),
        staff.get(f"/api/customers/{record['id']}"),
        staff.get(f"/api/customers/{record['id']}/history"),
        staff.post("/api/customers", {"name": "x"}),
        staff.post("/api/customers", {}),
        staff.get("/api/customers/nonsense"),
        staff.patch(f"/api/customers/{record['id']}", {}),
    ]
    numbers = [answer.seq for answer in answers]
    assert numbers == sorted(numbers) and numbers[0] > 0


def test_a_read_after_a_write_shows_it(staff):
    for _ in range(20):
        answer = staff.post("/api/customers", {"name": "Ana"})
        listed = staff.get("/api/customers", sort="-created_at", limit=1)
        assert listed.seq >= answer.seq and listed["items"][0]["id"] == answer["id"]


def test_a_read_waits_until_it_can_show_what_was_asked_for(staff, colleague):
    now = staff.get("/api/customers", limit=1).seq
    answers = []
    wait = lambda: answers.append(staff.get("/api/customers", headers={"Interlock-Min-Seq": str(now + 1)}, sort="-created_at", limit=1))
    reader = threading.Thread(target=wait)
    reader.start()
    made = create(colleague)
    reader.join(20)
    assert answers[0].status == 200 and answers[0].seq > now and answers[0]["items"][0]["id"] == made["id"]


def test_a_read_that_cannot_be_is_answered_in_bounded_time(staff):
    now = staff.get("/api/customers", limit=1).seq
    answer = staff.get("/api/customers", headers={"Interlock-Min-Seq": str(now + 1_000_000)})
    assert answer.status == 503, answer
    assert staff.get("/api/customers", headers={"Interlock-Min-Seq": "soon"}).status == 400


def test_comments_of_one_subject_among_many(staff):
    one, other = create(staff), create(staff)
    comment(staff, one, "1")
    comment(staff, other, "2")
    assert [item["text"] for item in staff.items("/api/comments", subject=one["id"])] == ["1"]
