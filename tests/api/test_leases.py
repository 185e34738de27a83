# SPDX-License-Identifier: Apache-2.0
"""Edit leases: "Ana is editing" (row B8). They expire by themselves, can be taken over, and bind where a setting says so."""

import datetime

import pytest

from flows import create, new_id, patch, read, refused


def call(client, verb, subject, **more):
    return client.post(f"/api/leases/{verb}", {"subject": subject, **more}, key=None)


@pytest.fixture
def customer(staff):
    return create(staff)


@pytest.fixture
def binding(owner):
    """While it lasts, leases on customers bind."""
    (record,) = owner.items("/api/settings")
    changed = patch(owner, record, "settings", binding_leases=["customers"])
    yield
    patch(owner, changed, "settings", binding_leases=[])


def test_a_lease_names_its_holder_and_its_end(staff, customer):
    answer = call(staff, "take", customer["id"])
    assert answer.status == 200
    lease = answer.json()
    assert lease["subject"] == customer["id"] and lease["user"] == staff.user["id"]
    assert lease["user_name"] == staff.user["name"]
    ends = datetime.datetime.fromisoformat(lease["expires_at"].replace("Z", "+00:00"))
    left = ends - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(seconds=5) < left < datetime.timedelta(minutes=5)


def test_somebody_elses_lease_is_told_with_its_holder(staff, colleague, customer):
    call(staff, "take", customer["id"])
    for verb in ("take", "renew", "release"):
        problem = refused(call(colleague, verb, customer["id"]), 423, "leased")
        assert problem["holder"]["id"] == staff.user["id"] and problem["holder"]["name"] == staff.user["name"]
        assert problem["holder"]["expires_at"]


def test_a_lease_can_be_taken_over(staff, colleague, customer):
    call(staff, "take", customer["id"])
    answer = call(colleague, "take", customer["id"], take_over=True)
    assert answer.status == 200 and answer["user"] == colleague.user["id"]
    refused(call(staff, "renew", customer["id"]), 423, "leased")


def test_taking_twice_is_renewing(staff, customer):
    first = call(staff, "take", customer["id"])
    second = call(staff, "take", customer["id"])
    third = call(staff, "renew", customer["id"])
    assert first["expires_at"] < second["expires_at"] < third["expires_at"]


def test_a_released_lease_is_free(staff, colleague, customer):
    call(staff, "take", customer["id"])
    assert call(staff, "release", customer["id"])["released"] is True
    assert call(staff, "release", customer["id"])["released"] is False
    assert call(colleague, "take", customer["id"]).status == 200


def test_a_lease_is_advice_unless_a_setting_makes_it_bind(staff, colleague, customer):
    call(staff, "take", customer["id"])
    assert patch(colleague, customer, phone="1")["version"] == 2


def test_a_binding_lease_keeps_others_out(staff, colleague, customer, binding):
    call(staff, "take", customer["id"])
    where = f"/api/customers/{customer['id']}"
    refused(colleague.patch(where, {"version": 1, "phone": "theirs"}), 423, "leased")
    refused(colleague.delete(where, {"version": 1}), 423, "leased")
    refused(colleague.post("/api/customers/set-status", {"id": customer["id"], "status": "contacted"}), 423, "leased")
    assert colleague.post("/api/comments", {"subject": customer["id"], "text": "still welcome"}).status == 201
    assert read(colleague, customer)["version"] == 1
    assert patch(staff, customer, phone="mine")["version"] == 2
    call(colleague, "take", customer["id"], take_over=True)
    assert colleague.patch(where, {"version": 2, "phone": "theirs"}).status == 200
    refused(staff.patch(where, {"version": 3, "phone": "mine"}), 423, "leased")


def test_a_lease_does_not_change_its_record(staff, customer):
    call(staff, "take", customer["id"])
    assert read(staff, customer) == customer


def test_the_lease_of_a_record_can_be_listed(staff, customer):
    call(staff, "take", customer["id"])
    (lease,) = staff.items("/api/leases", subject=customer["id"])
    assert lease["user"] == staff.user["id"]


def test_who_may_not_change_a_record_holds_no_lease(people, staff, customer):
    refused(call(people("viewer"), "take", customer["id"]), 403, "forbidden")


@pytest.mark.parametrize("subject", ["nonsense", new_id("customer"), "robot_00000000000000000000000000"])
def test_an_absent_subject_is_not_found(staff, subject):
    refused(call(staff, "take", subject), 404, "not_found")
