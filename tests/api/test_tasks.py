# SPDX-License-Identifier: Apache-2.0
"""A1: tasks with reminders, document checklists, notes: what hangs on applications, customers and any other record."""

import datetime
import json

import pytest

import harness
from flows import create, history, make_tenant, new_id, patch, read, refused


def soon(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat()


def test_a_task_is_done_and_open_again(staff):
    task = create(staff, "tasks", subject=create(staff)["id"], title="Call", due_at="2026-12-01T09:00:00Z")
    assert task["done"] is False and task["done_at"] is None and task["reminder"] == "none"
    done = patch(staff, task, "tasks", done=True)
    assert done["done_at"] is not None
    assert patch(staff, done, "tasks", done=False)["done_at"] is None
    refused(staff.post("/api/tasks", {"subject": task["subject"], "title": ""}), 422, "required", "title")
    refused(staff.post("/api/tasks", {"subject": new_id("customer"), "title": "x"}), 404, "not_found", "subject")


def test_open_tasks_of_a_person_by_due_time_page_by_page(staff, colleague):
    customer = create(staff)
    days = [None, "2026-12-03T09:00:00Z", "2026-12-01T09:00:00Z", None, "2026-12-02T09:00:00Z"]
    for day in days:
        create(staff, "tasks", subject=customer["id"], title="x", due_at=day, assigned_to=colleague.user["id"])
    create(staff, "tasks", subject=customer["id"], title="x", done=True, assigned_to=colleague.user["id"])
    create(staff, "tasks", subject=customer["id"], title="x")
    mine = colleague.items("/api/tasks", subject=customer["id"], assigned_to="me", done="false", limit=2)
    assert [task["due_at"] and task["due_at"][:10] for task in mine] == [None, None, "2026-12-01", "2026-12-02", "2026-12-03"]
    until = colleague.items("/api/tasks", subject=customer["id"], **{"due_at.max": "2026-12-02T23:00:00Z"})
    assert len(until) == 2, "what has no time is not due"


@pytest.fixture
def quiet(make_server):
    """A tenant of the test's own, whose outbox holds nothing but its mails."""
    server = make_server(demo=False)
    return server, make_tenant(server, "quiet")


def reminders(server):
    """What went out for the provider of mails, by its template."""
    mails = [json.loads(path.read_text()) for path in (server.data / "outbox").glob("*.json")]
    return [mail for mail in mails if mail["payload"].get("template") == "task_reminder"]


def test_a_due_reminder_becomes_one_mail_and_one_activity(quiet):
    server, owner = quiet
    customer = create(owner)
    task = create(owner, "tasks", subject=customer["id"], title="Call Ana", remind_at=soon(1), assigned_to=owner.user["id"])
    late = create(owner, "tasks", subject=customer["id"], title="Never", remind_at=soon(3600))
    assert task["reminder"] == "waiting"
    sent = lambda: (now := read(owner, task, "tasks"))["reminder"] == "sent" and now
    now = harness.wait_for(sent, what="the reminder")
    assert now["reminded_at"] >= now["remind_at"] and now["version"] == 2
    harness.wait_for(lambda: reminders(server), what="the mail")
    server.restart()
    owner = server.login("owner@quiet.test", tenant="quiet")
    (mail,) = reminders(server)
    assert mail["destination"] == "owner@quiet.test" and mail["payload"]["title"] == "Call Ana" and mail["subject"] == task["id"]
    (entry,) = owner.items("/api/activities", subject=customer["id"])
    assert (entry["kind"], entry["text"], entry["created_by"]) == ("reminder", "Call Ana", None)
    assert [one["version"] for one in history(owner, task, "tasks")] == [2, 1]
    assert read(owner, late, "tasks")["reminder"] == "waiting"


def test_a_reminder_whose_time_came_while_the_server_was_off(quiet):
    server, owner = quiet
    task = create(owner, "tasks", subject=create(owner)["id"], title="Call Ana", remind_at=soon(1))
    server.stop()
    harness.wait_for(lambda: datetime.datetime.now(datetime.timezone.utc).isoformat() > task["remind_at"], what="its time")
    server.start()
    owner = server.login("owner@quiet.test", tenant="quiet")
    harness.wait_for(lambda: read(owner, task, "tasks")["reminder"] == "sent", what="the reminder")
    harness.wait_for(lambda: len(reminders(server)) == 1, what="the mail")


def test_a_checklist_knows_what_has_come(staff):
    customer = create(staff)
    names = ["Passport", "Transcript", "Photo"]
    items = [create(staff, "checklist-items", subject=customer["id"], name=name, position=n) for n, name in enumerate(names)]
    assert items[0]["required"] is True and items[0]["received"] is False and items[0]["received_at"] is None
    assert patch(staff, items[1], "checklist-items", received=True)["received_at"] is not None
    patch(staff, items[2], "checklist-items", required=False)
    listed = staff.items("/api/checklist-items", subject=customer["id"])
    assert [(one["name"], one["required"], one["received"]) for one in listed] == [("Passport", True, False), ("Transcript", True, True), ("Photo", False, False)]


def test_a_note_is_edited_by_several_and_merged(staff, colleague):
    note = create(staff, "notes", subject=create(staff)["id"], title="Budget", text="Up to 30,000")
    patch(staff, note, "notes", title="Means")
    merged = colleague.patch(f"/api/notes/{note['id']}", {"version": 1, "text": "Up to 40,000"})
    assert merged.status == 200 and merged["merged"] is True and merged["title"] == "Means"
    refused(staff.patch(f"/api/notes/{note['id']}", {"version": 1, "text": "Nothing"}), 409, "stale_version")
    assert [one["id"] for one in staff.items("/api/notes", subject=note["subject"], q="40,000")] == [note["id"]]


def test_what_hangs_on_a_record_goes_and_comes_back_with_it(staff):
    customer = create(staff)
    made = {name: create(staff, name, subject=customer["id"], **fields) for name, fields in (("tasks", {"title": "x"}), ("notes", {"text": "x"}), ("checklist-items", {"name": "x"}))}
    staff.delete(f"/api/customers/{customer['id']}", {"version": 1})
    for name, record in made.items():
        assert staff.get(f"/api/{name}/{record['id']}").status == 404
    staff.post("/api/customers/restore", {"id": customer["id"]})
    for name, record in made.items():
        assert read(staff, record, name) == record
