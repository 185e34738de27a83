# SPDX-License-Identifier: Apache-2.0
"""The timeline of a record: what happened with it; what matters can be pinned."""

from flows import create, new_id, patch, read, refused


def activity(client, customer, **fields):
    return create(client, "activities", subject=customer["id"], **{"text": "called", **fields})


def test_kind_and_time_have_defaults(staff):
    made = activity(staff, create(staff))
    assert made["kind"] == "note" and made["at"] and made["pinned"] is False and made["created_by"] == staff.user["id"]


def test_the_timeline_is_newest_first(staff):
    customer = create(staff)
    days = ["2026-01-02T10:00:00Z", "2026-01-01T10:00:00Z", "2026-01-03T10:00:00Z"]
    made = {day: activity(staff, customer, kind="call", at=day)["id"] for day in days}
    items = staff.items("/api/activities", subject=customer["id"])
    assert [item["id"] for item in items] == [made[day] for day in sorted(days, reverse=True)]


def test_pin_and_unpin(staff):
    made = activity(staff, create(staff))
    pin = lambda verb, **more: staff.post(f"/api/activities/{verb}", {"id": made["id"], **more})
    pinned = pin("pin")
    assert pinned.status == 200 and pinned["pinned"] is True and pinned["version"] == 2
    assert pin("pin")["version"] == 2, "pinned already: nothing to do"
    refused(pin("unpin", version=1), 409, "stale_version")
    assert pin("unpin", version=2)["pinned"] is False


def test_pinned_is_set_by_its_operations_only(staff):
    customer = create(staff)
    refused(staff.post("/api/activities", {"subject": customer["id"], "text": "x", "pinned": True}), 422, "invalid_value", "pinned")


def test_an_activity_is_edited_on_a_version(staff, colleague):
    made = activity(staff, create(staff))
    patch(staff, made, "activities", kind="meeting")
    merged = colleague.patch(f"/api/activities/{made['id']}", {"version": 1, "text": "met"})
    assert merged.status == 200 and merged["merged"] is True and merged["kind"] == "meeting"
    refused(colleague.patch(f"/api/activities/{made['id']}", {"version": 1, "kind": "visit"}), 409, "stale_version")


def test_its_subject_is_fixed_and_must_exist(staff):
    here, there = create(staff), create(staff)
    made = activity(staff, here)
    answer = staff.patch(f"/api/activities/{made['id']}", {"version": 1, "subject": there["id"]})
    assert answer.status == 422 and answer["field"] == "subject", answer
    refused(staff.post("/api/activities", {"subject": new_id("customer"), "text": "x"}), 404, "not_found", "subject")
    assert read(staff, made, "activities") == made


def test_activities_never_make_their_subject_stale(staff):
    customer = create(staff)
    activity(staff, customer)
    assert read(staff, customer) == customer
