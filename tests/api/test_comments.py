# SPDX-License-Identifier: Apache-2.0
"""Comments are appended entries on any record, never a field to overwrite (B4)."""

import pytest

from flows import batch_each, batch_item, comment, create, new_id, patch, read, refused, together


def comments_on(client, record, **more):
    return client.items("/api/comments", subject=record["id"], **more)


def test_a_comment_has_author_time_and_text(staff):
    customer = create(staff)
    made = comment(staff, customer, "called, no answer")
    assert made["id"].startswith("comment_") and made["version"] == 1
    assert (made["subject"], made["text"], made["reply_to"]) == (customer["id"], "called, no answer", None)
    assert made["created_by"] == staff.user["id"] and made["created_at"]


def test_comments_are_listed_oldest_first(staff, colleague):
    customer = create(staff)
    written = [comment(client, customer, f"number {n}")["id"] for n, client in enumerate([staff, colleague] * 3)]
    assert [item["id"] for item in comments_on(staff, customer)] == written
    assert [item["id"] for item in comments_on(staff, customer, limit=2)] == written, "page by page too"


def test_replies_name_what_they_answer(staff, colleague):
    customer = create(staff)
    first = comment(staff, customer, "question")
    answer = comment(colleague, customer, "answer", reply_to=first["id"])
    assert answer["reply_to"] == first["id"]
    comment(staff, customer, "thanks", reply_to=answer["id"])
    assert [item["reply_to"] for item in comments_on(staff, customer)] == [None, first["id"], answer["id"]]


def test_a_reply_stays_on_its_subject(staff):
    here, there = create(staff), create(staff)
    elsewhere = comment(staff, there)
    for reply_to in (elsewhere["id"], new_id("comment")):
        answer = staff.post("/api/comments", {"subject": here["id"], "text": "x", "reply_to": reply_to})
        refused(answer, 404, "not_found", "reply_to")
    assert comments_on(staff, here) == []


def test_a_reply_outlives_what_it_answers(staff, owner):
    """F6: the reference of a reply is cleared when its comment is deleted."""
    customer = create(staff)
    first = comment(staff, customer, "question")
    answer = comment(staff, customer, "answer", reply_to=first["id"])
    refused(staff.delete(f"/api/comments/{first['id']}", {"version": 1}), 403, "forbidden")
    assert owner.delete(f"/api/comments/{first['id']}", {"version": 1}).status == 200
    (left,) = comments_on(staff, customer)
    assert left["id"] == answer["id"] and left["reply_to"] is None
    assert owner.post("/api/comments/restore", {"id": first["id"]}).status == 200
    assert len(comments_on(staff, customer)) == 2


def test_comments_are_append_only(staff):
    customer = create(staff)
    made = comment(staff, customer)
    for method in (staff.patch, staff.put):
        answer = method(f"/api/comments/{made['id']}", {"version": 1, "text": "rewritten"})
        assert answer.status in (403, 404, 405), answer
    assert read(staff, made, "comments")["text"] == "seen"


def test_comments_never_make_their_subject_stale(staff, colleague):
    customer = create(staff)
    comment(colleague, customer)
    assert read(staff, customer) == customer
    assert patch(staff, customer, phone="1")["version"] == 2


@pytest.mark.parametrize("subject", ["nonsense", "", "customer_00000000000000000000000000", "robot_01jx0000000000000000000000"])
def test_an_unknown_subject_is_not_found(staff, subject):
    answer = staff.post("/api/comments", {"subject": subject, "text": "x"})
    assert answer.status == 404, answer
    assert answer["field"] == "subject"


def test_a_subject_of_another_tenant_is_the_same_as_none(staff, stranger):
    foreign = create(stranger)
    absent = staff.post("/api/comments", {"subject": new_id("customer"), "text": "x"})
    answer = staff.post("/api/comments", {"subject": foreign["id"], "text": "x"})
    assert (answer.status, answer.json()) == (absent.status, absent.json()) and answer.status == 404
    seen = staff.get("/api/comments", subject=foreign["id"])
    assert seen.json().get("items", []) == []


def test_a_deleted_subject_takes_no_comments(staff):
    customer = create(staff)
    staff.delete(f"/api/customers/{customer['id']}", {"version": 1})
    refused(staff.post("/api/comments", {"subject": customer["id"], "text": "x"}), 404, "not_found", "subject")


def test_what_hangs_on_a_deleted_record_goes_and_comes_with_it(staff):
    customer = create(staff)
    said = comment(staff, customer)
    visit = create(staff, "activities", subject=customer["id"], text="visit")
    assert staff.post("/api/leases/take", {"subject": customer["id"]}).status == 200

    def shown():
        found = {}
        for collection in ("comments", "activities", "leases"):
            found[collection] = [i["id"] for i in staff.items(f"/api/{collection}") if i["subject"] == customer["id"]]
        return found["comments"], found["activities"], len(found["leases"])

    def history_status():
        return staff.get(f"/api/comments/{said['id']}/history").status

    assert shown() == ([said["id"]], [visit["id"]], 1) and history_status() == 200
    assert staff.delete(f"/api/customers/{customer['id']}", {"version": 1}).status == 200
    assert shown() == ([], [], 0) and history_status() == 404
    assert staff.get(f"/api/comments/{said['id']}").status == 404
    assert staff.post("/api/customers/restore", {"id": customer["id"]}).status == 200
    assert shown() == ([said["id"]], [visit["id"]], 1) and history_status() == 200


def test_text_is_required_and_bounded(staff):
    customer = create(staff)
    refused(staff.post("/api/comments", {"subject": customer["id"]}), 422, "required", "text")
    long = staff.post("/api/comments", {"subject": customer["id"], "text": "x" * 10_001})
    assert refused(long, 422, "too_long", "text")["limit"] == 10_000
    assert len(comment(staff, customer, "x" * 10_000)["text"]) == 10_000


def test_thirty_people_comment_at_once(people):
    """30 comments, in one order that everyone sees."""
    customer = create(people("staff01"))
    crowd = [people(f"staff{n:02}") for n in range(1, 31)]
    written = together(30, lambda n: comment(crowd[n], customer, f"by {n}"))
    orders = [[item["id"] for item in comments_on(client, customer)] for client in crowd]
    assert sorted(orders[0]) == sorted(item["id"] for item in written)
    assert all(order == orders[0] for order in orders)
    assert read(crowd[0], customer)["version"] == 1


def test_the_comment_is_kept_though_the_fields_clash(staff, colleague):
    """A form that changes fields and adds a comment sends both in one call, each for itself."""
    customer = create(staff)
    patch(colleague, customer, phone="theirs")
    change, said = batch_each(
        staff,
        [
            batch_item("customers/update", {"id": customer["id"], "version": 1, "phone": "mine"}),
            batch_item("comments/create", {"subject": customer["id"], "text": "kept"}),
        ],
    )
    assert change["status"] == 409 and change["body"]["clashing_fields"] == ["phone"]
    assert said["status"] == 201
    assert [item["text"] for item in comments_on(staff, customer)] == ["kept"]
    assert read(staff, customer)["version"] == 2
