# SPDX-License-Identifier: Apache-2.0
"""A1: documents of clients and applications: uploaded first, then named, seen through the record that they are about."""

import pytest

from files import pdf, sha256, upload
from flows import create, made, new_id, patch, read, refused


@pytest.fixture
def customer(staff):
    return create(staff)


def document(who, subject, content=None, **fields):
    file = made(upload(who, content))
    return create(who, "documents", subject=subject["id"], file=file["id"], **fields)


def test_an_uploaded_file_becomes_a_document(staff, colleague, customer):
    shown = document(staff, customer, pdf("hers"), kind="passport")
    assert shown["name"] == "offer.pdf" and shown["kind"] == "passport"
    content = colleague.get(f"/api/files/{shown['file']}/content")
    assert content.status == 200 and sha256(content.body) == sha256(pdf("hers"))
    assert patch(colleague, shown, "documents", name="Her passport")["name"] == "Her passport"
    assert [one["id"] for one in staff.items("/api/documents", subject=customer["id"], kind="passport")] == [shown["id"]]
    assert [one["id"] for one in staff.items("/api/documents", subject=customer["id"], q="her pass")] == [shown["id"]]


def test_a_file_is_one_document_and_ones_own(staff, colleague, customer):
    shown = document(staff, customer)
    again = {"subject": customer["id"], "file": shown["file"]}
    refused(staff.post("/api/documents", again), 409, "file_attached", "file")
    others = made(upload(staff))
    refused(colleague.post("/api/documents", {"subject": customer["id"], "file": others["id"]}), 404, "not_found", "file")
    refused(staff.post("/api/documents", {"subject": customer["id"], "file": new_id("file")}), 404, "not_found", "file")
    refused(staff.post("/api/documents", {"subject": new_id("customer"), "file": others["id"]}), 404, "not_found", "subject")
    refused(staff.post("/api/documents", {"subject": customer["id"]}), 422, "required", "file")
    assert read(staff, others, "files")["subject"] is None, "a refusal leaves the file as it was"


def test_a_file_that_nobody_would_see_is_refused(staff, customer):
    """On what hangs on the file itself, or on the last record of the longest chain."""
    file = made(upload(staff))
    note = create(staff, "notes", subject=file["id"], text="about the file")
    refused(staff.post("/api/documents", {"subject": file["id"], "file": file["id"]}), 404, "not_found", "subject")
    refused(staff.post("/api/documents", {"subject": note["id"], "file": file["id"]}), 404, "not_found", "subject")
    refused(staff.post("/api/files/attach", {"id": file["id"], "subject": note["id"]}), 404, "not_found", "subject")
    chain = [customer]
    for _ in range(4):
        chain.append(create(staff, "notes", subject=chain[-1]["id"], text="one further"))
    last = chain[-1]
    refused(staff.post("/api/documents", {"subject": chain[-2]["id"], "file": file["id"]}), 404, "not_found", "subject")
    refused(staff.post("/api/files/attach", {"id": file["id"], "subject": last["id"]}), 404, "not_found", "subject")
    refused(upload(staff, subject=last["id"]), 404, "not_found", "subject")
    assert read(staff, file, "files")["subject"] is None, "a refusal leaves the file as it was"


def test_it_goes_and_comes_back_with_its_content(staff, customer):
    shown = document(staff, customer)
    refused(staff.delete(f"/api/files/{shown['file']}", {"version": 2}), 409, "referenced")
    assert staff.delete(f"/api/documents/{shown['id']}", {"version": 1}).status == 200
    assert staff.get(f"/api/files/{shown['file']}/content").status == 404
    assert staff.post("/api/documents/restore", {"id": shown["id"]}).status == 200
    assert staff.get(f"/api/files/{shown['file']}/content").status == 200


def test_who_does_not_see_the_client_sees_neither_document_nor_content(people):
    admin, ana, ben = (people(f"{name}@agency.test") for name in ("admin", "staff01", "staff02"))
    product = admin.get("/api/products", limit=1)["items"][0]
    customer = create(admin, assigned_to=ana.user["id"])
    application = create(ana, "applications", customer=customer["id"], product=product["id"])
    for subject in (customer, application):
        shown = document(ana, subject)
        for path in (f"documents/{shown['id']}", f"files/{shown['file']}", f"files/{shown['file']}/content"):
            assert ana.get(f"/api/{path}").status == 200 and ben.get(f"/api/{path}").status == 404, path
        assert ben.get("/api/documents", subject=subject["id"]).status == 404
        assert shown["id"] not in {one["id"] for one in ben.items("/api/documents")}


def test_a_document_checks_off_what_was_waited_for(staff, customer):
    item = create(staff, "checklist-items", subject=customer["id"], name="Passport")
    shown = document(staff, customer)
    checked = patch(staff, item, "checklist-items", document=shown["id"])
    assert checked["received"] is True and checked["received_at"]
    assert staff.delete(f"/api/documents/{shown['id']}", {"version": 1}).status == 200
    now = read(staff, item, "checklist-items")
    assert now["document"] is None and now["received"] is False
    refused(staff.patch(f"/api/checklist-items/{item['id']}", {"version": now["version"], "document": shown["id"]}), 422, "unknown_reference", "document")
