# SPDX-License-Identifier: Apache-2.0
"""Create, change, delete and restore: what the contract says about answers, versions and stale bases (rows B1, B2, B3)."""

import datetime

import pytest

from flows import create, history, made, new_id, patch, read, refused
from harness import unique_key


def to_javascript(updated_at):
    """As `new Date(text).toISOString()` keeps it: milliseconds."""
    return updated_at[:23] + "Z" if "." in updated_at else updated_at[:19] + ".000Z"


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def stale_customer(client, theirs, **first):
    """A customer as it was (the base), and as it is since somebody else changed it."""
    base = create(client, **first)
    return base, patch(client, base, **theirs)


# ---- answers ---------------------------------------------------------------------------------------------------------


def test_a_create_answers_201_with_the_record_at_top_level(staff):
    answer = staff.post("/api/customers", {"name": "Ana", "email": "ana@example.test", "tags": ["vip", "new"]})
    record = made(answer)
    assert record["id"].startswith("customer_") and record["version"] == 1
    assert (record["name"], record["email"], record["tags"]) == ("Ana", "ana@example.test", ["vip", "new"])
    assert record["status"] == "new" and record["assigned_to"] is None and record["phone"] == ""
    assert record["created_at"] == record["updated_at"] and record["created_by"] == staff.user["id"]
    assert answer.seq > 0
    assert read(staff, record) == record


def test_only_the_name_is_required(staff):
    refused(staff.post("/api/customers", {"email": "a@b.test"}), 422, "required", "name")
    refused(staff.post("/api/customers", {"name": ""}), 422, "required", "name")
    first, second = create(staff, email="same@example.test"), create(staff, email="same@example.test")
    assert first["id"] != second["id"]


def test_an_update_answers_200_and_adds_one_version(staff):
    record = create(staff)
    answer = staff.patch(f"/api/customers/{record['id']}", {"version": 1, "phone": "+34 600"})
    assert answer.status == 200 and answer["version"] == 2 and answer["phone"] == "+34 600"
    assert answer["name"] == record["name"], "PATCH leaves other fields as they were"
    assert "merged" not in answer.json()
    assert time_of(answer["updated_at"]) > time_of(record["updated_at"])


def test_put_changes_fields_like_patch(staff):
    record = create(staff, phone="1", address="Here 1")
    answer = staff.put(f"/api/customers/{record['id']}", {"version": 1, "phone": "2"})
    assert answer.status == 200 and answer["phone"] == "2" and answer["address"] == "Here 1"


def test_a_whole_record_may_be_put_back(staff):
    record = create(staff, phone="1", tags=["a"])
    answer = staff.put(f"/api/customers/{record['id']}", {**record, "phone": "2"})
    assert answer.status == 200 and answer["version"] == 2 and answer["phone"] == "2"


def test_a_change_to_what_is_there_changes_nothing(staff):
    record = create(staff, phone="1")
    answer = staff.patch(f"/api/customers/{record['id']}", {"version": 1, "phone": "1"})
    assert answer.status == 200 and answer["version"] == 1
    assert len(history(staff, record)) == 1


def test_a_delete_answers_200_with_id_and_version(staff):
    record = create(staff)
    answer = staff.delete(f"/api/customers/{record['id']}", {"version": 1})
    assert answer.status == 200 and answer["id"] == record["id"] and answer["version"] == 2
    refused(staff.get(f"/api/customers/{record['id']}"), 404, "not_found")
    refused(staff.patch(f"/api/customers/{record['id']}", {"version": 2, "name": "x"}), 404, "not_found")


@pytest.mark.parametrize(
    "body, field",
    [
        ({"name": "Ana", "nickname": "A"}, "nickname"),
        ({"name": "Ana", "tenant": "other"}, "tenant"),
        ({"name": "Ana", "role": "owner"}, "role"),
        ({"name": "Ana", "tenant_id": "tenant_01"}, "tenant_id"),
    ],
)
def test_unknown_fields_are_refused_by_name(staff, body, field):
    refused(staff.post("/api/customers", body), 422, "unknown_field", field)
    record = create(staff)
    refused(
        staff.patch(f"/api/customers/{record['id']}", {**body, "version": 1}), 422, "unknown_field", field
    )


@pytest.mark.parametrize("field", ["created_at", "created_by", "deleted_at"])
def test_what_the_server_sets_is_not_taken_from_a_body(staff, field):
    value = staff.user["id"] if field == "created_by" else "2020-01-01T00:00:00Z"
    problem = refused(staff.post("/api/customers", {"name": "Ana", field: value}), 422, "invalid_value", field)
    assert "server" in problem["detail"]


@pytest.mark.parametrize(
    "field, value, code, limit",
    [
        ("name", "x" * 201, "too_long", 200),
        ("phone", "x" * 65, "too_long", 64),
        ("email", "x" * 321, "too_long", 320),
        ("address", "x" * 1001, "too_long", 1000),
        ("name", "é" * 101, "too_long", 200),
        ("name", 7, "wrong_type", None),
        ("tags", "vip", "wrong_type", None),
        ("tags", ["x"] * 51, "too_long", 50),
        ("tags", ["x" * 65], "too_long", 64),
        ("tags", [1], "wrong_type", None),
        ("status", "nowhere", "invalid_value", None),
        ("assigned_to", "user_00000000000000000000000000", "unknown_reference", None),
        ("assigned_to", "nobody", "unknown_reference", None),
    ],
)
def test_a_bad_value_is_refused_with_field_and_bound(staff, field, value, code, limit):
    body = {"name": "Ana", field: value}
    problem = refused(staff.post("/api/customers", body), 422, code, field)
    assert problem.get("limit") == limit
    record = create(staff)
    refused(staff.patch(f"/api/customers/{record['id']}", {"version": 1, field: value}), 422, code, field)
    assert read(staff, record)["version"] == 1, "a refusal changes nothing"


# ---- preconditions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ['"1"', "1"])
def test_the_version_may_stand_in_if_match(staff, value):
    record = create(staff)
    answer = staff.patch(f"/api/customers/{record['id']}", {"phone": "2"}, headers={"If-Match": value})
    assert answer.status == 200 and answer["version"] == 2


def test_if_match_guards_a_delete(staff):
    record = patch(staff, create(staff), phone="2")
    refused(staff.delete(f"/api/customers/{record['id']}", headers={"If-Match": '"1"'}), 409, "stale_version")
    assert staff.delete(f"/api/customers/{record['id']}", headers={"If-Match": '"2"'}).status == 200


def test_updated_at_of_a_javascript_client_is_a_base(staff):
    record = create(staff)
    sent = to_javascript(record["updated_at"])
    answer = staff.patch(f"/api/customers/{record['id']}", {"updated_at": sent, "phone": "2"})
    assert answer.status == 200 and answer["version"] == 2
    again = staff.patch(f"/api/customers/{record['id']}", {"updated_at": sent, "phone": "3"})
    refused(again, 409, "stale_version")


def test_updated_at_rises_by_a_millisecond_at_least(staff):
    record = create(staff)
    times = [to_javascript(record["updated_at"])]
    for number in range(20):
        record = patch(staff, record, phone=str(number))
        times.append(to_javascript(record["updated_at"]))
    assert times == sorted(set(times))


def test_without_a_base_nothing_is_changed(staff):
    record = create(staff)
    where = f"/api/customers/{record['id']}"
    refused(staff.patch(where, {"phone": "2"}), 428, "precondition_required")
    refused(staff.put(where, {"phone": "2"}), 428, "precondition_required")
    refused(staff.delete(where), 428, "precondition_required")
    assert read(staff, record) == record


def test_bases_that_disagree_are_refused(staff):
    base, now = stale_customer(staff, {"phone": "2"})
    where = f"/api/customers/{base['id']}"
    change = {"address": "There 2"}
    answers = [
        staff.patch(where, {**change, "version": 2}, headers={"If-Match": '"1"'}),
        staff.patch(where, {**change, "version": 2, "updated_at": base["updated_at"]}),
        staff.patch(where, {**change, "version": 1, "updated_at": now["updated_at"]}),
        staff.patch(where, {**change, "updated_at": base["updated_at"]}, headers={"If-Match": "2"}),
    ]
    for answer in answers:
        refused(answer, 400, "precondition_invalid")
    agreeing = staff.patch(where, {**change, "version": 2, "updated_at": now["updated_at"]}, headers={"If-Match": "2"})
    assert agreeing.status == 200


@pytest.mark.parametrize("value", ["", "x", '"1', "1, 2", '"1", "2"', "-1", "0", '"0"', "1.0"])
def test_a_malformed_if_match_is_refused(staff, value):
    record = create(staff)
    answer = staff.patch(f"/api/customers/{record['id']}", {"phone": "2"}, headers={"If-Match": value})
    refused(answer, 400, "precondition_invalid")


@pytest.mark.parametrize("value", ["x", 0, -1, 1.5, True, [1], {"v": 1}])
def test_a_malformed_version_is_refused(staff, value):
    record = create(staff)
    answer = staff.patch(f"/api/customers/{record['id']}", {"phone": "2", "version": value})
    assert answer.status == 400, answer


def test_a_star_overwrites_on_purpose_and_is_audited_as_such(staff):
    base, _ = stale_customer(staff, {"phone": "theirs"})
    answer = staff.patch(f"/api/customers/{base['id']}", {"phone": "mine"}, headers={"If-Match": "*"})
    assert answer.status == 200 and answer["phone"] == "mine" and "merged" not in answer.json()
    entry = history(staff, base)[0]
    assert entry["version"] == 3 and "any" in entry["operation"], entry
    ordinary = patch(staff, read(staff, base), phone="again")
    assert "any" not in history(staff, ordinary)[0]["operation"]


# ---- stale bases (B2, B3) ---------------------------------------------------------------------------------------------


def test_a_stale_change_of_other_fields_is_merged(staff):
    base, _ = stale_customer(staff, {"phone": "theirs"}, phone="base")
    answer = staff.patch(f"/api/customers/{base['id']}", {"version": 1, "address": "mine"})
    assert answer.status == 200 and answer["merged"] is True
    assert (answer["version"], answer["phone"], answer["address"]) == (3, "theirs", "mine")


@pytest.mark.parametrize("field", ["name", "email", "phone", "address", "tags"])
def test_every_field_but_status_and_assigned_to_merges(staff, field):
    value = ["mine"] if field == "tags" else "mine"
    theirs = {"email": "theirs"} if field == "name" else {"name": "theirs"}
    base, _ = stale_customer(staff, theirs)
    answer = staff.patch(f"/api/customers/{base['id']}", {"version": 1, field: value})
    assert answer.status == 200 and answer["merged"] is True and answer[field] == value


@pytest.mark.parametrize("field", ["status", "assigned_to"])
def test_status_and_assigned_to_never_merge(staff, field):
    base, _ = stale_customer(staff, {"name": "theirs"})
    mine = "contacted" if field == "status" else staff.user["id"]
    problem = refused(
        staff.patch(f"/api/customers/{base['id']}", {"version": 1, field: mine}), 409, "stale_version"
    )
    assert problem["clashing_fields"] == [field] and problem["yours"] == {field: mine}
    assert read(staff, base)["version"] == 2


def test_a_clash_answers_base_current_and_yours(staff):
    base, now = stale_customer(staff, {"phone": "theirs", "email": "theirs"}, phone="base")
    answer = staff.patch(f"/api/customers/{base['id']}", {"version": 1, "phone": "mine", "address": "mine"})
    problem = refused(answer, 409, "stale_version")
    assert problem["base"] == base and problem["current"] == now
    assert problem["yours"] == {"phone": "mine", "address": "mine"}
    assert problem["clashing_fields"] == ["phone"]
    assert read(staff, base) == now, "nothing was overwritten"


def test_tags_are_merged_as_a_whole(staff):
    base, _ = stale_customer(staff, {"tags": ["a", "theirs"]}, tags=["a"])
    problem = refused(
        staff.patch(f"/api/customers/{base['id']}", {"version": 1, "tags": ["a", "mine"]}), 409, "stale_version"
    )
    assert problem["clashing_fields"] == ["tags"]


def test_equal_values_never_clash(staff):
    base, _ = stale_customer(staff, {"phone": "same", "email": "theirs"})
    answer = staff.patch(f"/api/customers/{base['id']}", {"version": 1, "phone": "same", "address": "mine"})
    assert answer.status == 200 and answer["merged"] is True and answer["address"] == "mine"


def test_a_stale_put_of_the_whole_record_changes_only_what_was_edited(staff):
    base, _ = stale_customer(staff, {"phone": "theirs", "status": "contacted"}, phone="base", tags=["a"])
    answer = staff.put(f"/api/customers/{base['id']}", {**base, "address": "mine"})
    assert answer.status == 200 and answer["merged"] is True
    assert (answer["phone"], answer["status"], answer["address"]) == ("theirs", "contacted", "mine")


def test_a_stale_base_by_updated_at_merges_too(staff):
    base, _ = stale_customer(staff, {"phone": "theirs"})
    body = {"updated_at": to_javascript(base["updated_at"]), "address": "mine"}
    answer = staff.patch(f"/api/customers/{base['id']}", body)
    assert answer.status == 200 and answer["merged"] is True and answer["phone"] == "theirs"


def test_merge_may_be_switched_off(staff):
    base, now = stale_customer(staff, {"phone": "theirs"})
    body = {"version": 1, "address": "mine", "merge": False}
    problem = refused(staff.patch(f"/api/customers/{base['id']}", body), 409, "stale_version")
    assert problem["clashing_fields"] == [] and problem["current"] == now
    allowed = staff.patch(f"/api/customers/{base['id']}", {**body, "merge": True})
    assert allowed.status == 200 and allowed["merged"] is True


def test_a_base_that_never_was_is_a_conflict(staff):
    base, now = stale_customer(staff, {"phone": "theirs"})
    problem = refused(staff.patch(f"/api/customers/{base['id']}", {"version": 99, "address": "x"}), 409, "stale_version")
    assert problem["base"] is None and problem["current"] == now


def test_a_stale_delete_is_refused_with_the_current_record(staff):
    base, now = stale_customer(staff, {"phone": "theirs"})
    problem = refused(staff.delete(f"/api/customers/{base['id']}", {"version": 1}), 409, "stale_version")
    assert problem["current"] == now


# ---- delete, restore, ids of clients ----------------------------------------------------------------------------------


def test_a_deleted_record_can_be_restored(staff):
    """F6: within 30 days; the record is as it was, one version on for the deletion and one for the restoring."""
    record = create(staff, phone="1", tags=["a"])
    assert staff.delete(f"/api/customers/{record['id']}", {"version": 1}).status == 200
    answer = staff.post("/api/customers/restore", {"id": record["id"]})
    assert answer.status == 200 and answer["version"] == 3 and answer["phone"] == "1" and "deleted_at" not in answer.json()
    assert read(staff, record)["tags"] == ["a"]
    assert [entry["version"] for entry in history(staff, record)] == [3, 2, 1]


def test_deleted_records_are_listed_on_request_only(staff):
    record = create(staff, tags=["gone-" + unique_key()[:20]])
    tag = record["tags"][0]
    staff.delete(f"/api/customers/{record['id']}", {"version": 1})
    assert staff.items("/api/customers", tags=tag) == []
    assert [item["id"] for item in staff.items("/api/customers", tags=tag, deleted="true")] == [record["id"]]


def test_restoring_what_is_not_deleted_changes_nothing(staff):
    record = create(staff)
    answer = staff.post("/api/customers/restore", {"id": record["id"]})
    assert answer.status == 200 and answer["version"] == 1


def test_a_create_may_bring_its_id(staff):
    mine = new_id("customer")
    record = create(staff, id=mine)
    assert record["id"] == mine and read(staff, record)["id"] == mine


def test_an_id_that_is_taken_is_refused_also_if_its_record_is_deleted(staff):
    record = create(staff, id=new_id("customer"))
    refused(staff.post("/api/customers", {"id": record["id"], "name": "Twin"}), 409, "id_taken")
    staff.delete(f"/api/customers/{record['id']}", {"version": 1})
    refused(staff.post("/api/customers", {"id": record["id"], "name": "Twin"}), 409, "id_taken")


@pytest.mark.parametrize("bad", ["customer_123", "comment_01jx0000000000000000000000", "x", "", 7, None])
def test_a_client_made_id_must_be_a_typeid_of_the_collection(staff, bad):
    assert staff.post("/api/customers", {"id": bad, "name": "Ana"}).status == 422


@pytest.mark.parametrize("bad", ["customer_00000000000000000000000000", "customer_x", "x", "comment_01jx", "..%2F"])
def test_malformed_and_absent_ids_are_the_same_404(staff, bad):
    absent = staff.get(f"/api/customers/{new_id('customer')}")
    refused(absent, 404, "not_found")
    answer = staff.get(f"/api/customers/{bad}")
    assert (answer.status, answer.body) == (absent.status, absent.body)


# ---- status: a field with a table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["patch", "put"])
def test_a_change_of_status_follows_its_table(staff, method):
    record = create(staff)
    change = getattr(staff, method)
    where = f"/api/customers/{record['id']}"
    problem = refused(change(where, {"version": 1, "status": "active"}), 409, "no_transition", "status")
    assert "contacted" in problem["detail"], "the refusal names what is possible"
    answer = change(where, {"version": 1, "status": "contacted"})
    assert answer.status == 200 and answer["status"] == "contacted"


def test_staleness_is_told_before_the_table(staff):
    base, _ = stale_customer(staff, {"phone": "theirs"})
    answer = staff.patch(f"/api/customers/{base['id']}", {"version": 1, "status": "active"})
    refused(answer, 409, "stale_version")


def test_an_update_without_a_key_and_with_one(staff):
    """A versioned update may go without a key; with one it is replayed."""
    record = create(staff)
    key = unique_key()
    first = staff.patch(f"/api/customers/{record['id']}", {"version": 1, "phone": "2"}, key=key)
    again = staff.patch(f"/api/customers/{record['id']}", {"version": 1, "phone": "2"}, key=key)
    assert again.replayed and again.body == first.body
    assert read(staff, record)["version"] == 2
