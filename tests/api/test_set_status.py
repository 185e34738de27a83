# SPDX-License-Identifier: Apache-2.0
"""Named transitions of customers: guarded by their table, the version is optional (B1)."""

import pytest

from flows import contiguous, create, history, new_id, patch, read, refused, together

DEFAULT_MOVES = {
    "new": {"contacted"},
    "contacted": {"qualified", "new"},
    "qualified": {"active", "contacted"},
    "active": {"inactive", "qualified"},
    "inactive": {"active", "contacted"},
}


def set_status(client, record, status, **more):
    return client.post("/api/customers/set-status", {"id": record["id"], "status": status, **more})


@pytest.mark.parametrize("before", DEFAULT_MOVES)
@pytest.mark.parametrize("after", DEFAULT_MOVES)
def test_every_pair_of_the_default_table(staff, before, after):
    record = create(staff, status=before)
    answer = set_status(staff, record, after)
    if after in DEFAULT_MOVES[before]:
        assert answer.status == 200 and answer["status"] == after and answer["version"] == 2
    else:
        refused(answer, 409, "no_transition", "status")
        assert read(staff, record) == record


def test_the_answer_is_the_record(staff):
    record = create(staff, phone="1")
    answer = set_status(staff, record, "contacted").json()
    assert answer == read(staff, record)


def test_an_unknown_status_is_refused_by_name(staff):
    refused(set_status(staff, create(staff), "nowhere"), 422, "invalid_value", "status")


def test_expected_status_guards_the_move(staff):
    record = create(staff, status="contacted")
    problem = refused(set_status(staff, record, "qualified", expected_status="new"), 409, "status_mismatch")
    assert problem["current"]["status"] == "contacted"
    assert set_status(staff, record, "qualified", expected_status="contacted").status == 200


def test_a_version_is_optional_and_guards_if_given(staff):
    record = patch(staff, create(staff), phone="1")
    problem = refused(set_status(staff, record, "contacted", version=1), 409, "stale_version")
    assert problem["current"]["version"] == 2
    assert set_status(staff, record, "contacted", version=2).status == 200


def test_if_match_guards_it_too(staff):
    record = patch(staff, create(staff), phone="1")
    body = {"id": record["id"], "status": "contacted"}
    refused(staff.post("/api/customers/set-status", body, headers={"If-Match": '"1"'}), 409, "stale_version")
    assert staff.post("/api/customers/set-status", body, headers={"If-Match": '"2"'}).status == 200


def test_absent_ids_and_missing_fields(staff):
    refused(set_status(staff, {"id": new_id("customer")}, "contacted"), 404, "not_found")
    refused(set_status(staff, {"id": "nonsense"}, "contacted"), 404, "not_found")
    record = create(staff)
    refused(staff.post("/api/customers/set-status", {"id": record["id"]}), 422, "required", "status")
    refused(set_status(staff, record, "contacted", colour="red"), 422, "unknown_field", "colour")


def test_ten_at_once_move_it_once(staff):
    record = create(staff)
    answers = together(10, lambda _: set_status(staff, record, "contacted"))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 9
    assert {answer.code for answer in answers if answer.status == 409} == {"no_transition"}
    assert contiguous(entry["version"] for entry in history(staff, record)) and read(staff, record)["version"] == 2
