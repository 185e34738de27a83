# SPDX-License-Identifier: Apache-2.0
"""Users and tenant settings: versions as on every record, and who may change what (rows B1, F7)."""

import pytest

from flows import history, made, patch, read, refused, with_user


def settings_of(client):
    (record,) = client.items("/api/settings")
    return record


# ---- users --------------------------------------------------------------------------------------------------------------------


def test_everybody_on_the_staff_sees_the_members(staff):
    users = staff.items("/api/users", limit=1000)
    assert {"owner@demo.test", "staff01@demo.test", "guest@demo.test"} <= {user["email"] for user in users}
    assert all("password" not in str(user) for user in users)


def test_a_role_is_changed_on_a_version(owner):
    user = with_user(owner, "staff16@demo.test")
    where = f"/api/users/{user['id']}"
    refused(owner.patch(where, {"role": "viewer"}), 428, "precondition_required")
    viewer = patch(owner, user, "users", role="viewer")
    problem = refused(owner.patch(where, {"version": user["version"], "role": "admin"}), 409, "stale_version")
    assert problem["clashing_fields"] == ["role"]
    assert patch(owner, viewer, "users", role="staff")["version"] == user["version"] + 2


def test_only_owners_and_admins_change_members(staff, admin, owner):
    user = with_user(owner, "staff17@demo.test")
    for client in (staff,):
        refused(client.patch(f"/api/users/{user['id']}", {"version": user["version"], "role": "admin"}), 403, "forbidden")
    above = with_user(owner, "owner@demo.test")
    refused(admin.patch(f"/api/users/{above['id']}", {"version": above["version"], "role": "staff"}), 403, "forbidden")
    refused(admin.patch(f"/api/users/{user['id']}", {"version": user["version"], "role": "owner"}), 403, "forbidden")


def test_nobody_below_owner_touches_an_owner(server, owner):
    admin = server.login("admin@demo.test")
    invited = made(owner.post("/api/users/invite", {"email": "second.owner@demo.test", "role": "owner", "name": "Second"}))
    token = made(owner.post("/api/api-tokens/create", {"name": "x", "permissions": ["customers.read"]}))
    program = made(admin.post("/api/api-tokens/create", {"name": "x", "permissions": ["*"]}))["token"]
    for client in (admin, server.client(program)):
        for user in (with_user(owner, "owner@demo.test"), invited):
            for change in ({"name": "Not me"}, {"role": "staff"}, {"scopes": ["*:none"]}):
                answer = client.patch(f"/api/users/{user['id']}", {"version": user["version"], **change})
                refused(answer, 403, "forbidden", "role")
            refused(client.post("/api/users/disable", {"id": user["id"]}), 403, "forbidden", "role")
            refused(client.post("/api/users/reinvite", {"id": user["id"]}), 403, "forbidden", "role")
        refused(client.post("/api/api-tokens/revoke", {"id": token["id"]}), 403, "forbidden", "role")
        refused(client.post("/api/users/invite", {"email": "third@demo.test", "role": "owner"}), 403, "forbidden", "role")
    assert read(owner, invited, "users") == invited
    assert server.client(token["token"]).get("/api/customers", limit=1).status == 200
    assert owner.post("/api/users/reinvite", {"id": invited["id"]}).status == 200
    assert owner.post("/api/users/disable", {"id": invited["id"]}).status == 200


def test_the_last_owner_stays(owner):
    user = with_user(owner, "owner@demo.test")
    refused(owner.patch(f"/api/users/{user['id']}", {"version": user["version"], "role": "admin"}), 409, "last_owner")
    refused(owner.post("/api/users/disable", {"id": user["id"]}), 409, "last_owner")


def test_disable_and_enable_follow_their_table(owner, people):
    person = people("staff18")
    user = with_user(owner, "staff18@demo.test")
    disabled = owner.post("/api/users/disable", {"id": user["id"]})
    assert disabled.status == 200 and disabled["status"] == "disabled"
    refused(person.get("/api/customers"), 401, "unauthenticated")
    refused(owner.post("/api/users/disable", {"id": user["id"]}), 409, "no_transition")
    refused(owner.post("/api/users/enable", {"id": user["id"], "version": user["version"]}), 409, "stale_version")
    assert owner.post("/api/users/enable", {"id": user["id"]}).status == 200
    assert person.get("/api/customers", limit=1).status == 200


def test_everybody_changes_their_own_name(people, owner):
    person = people("viewer")
    answer = person.post("/api/users/update-profile", {"name": "Vera Viewer"})
    assert answer.status == 200 and answer["name"] == "Vera Viewer"
    assert with_user(owner, "viewer@demo.test")["name"] == "Vera Viewer"


@pytest.mark.parametrize("field, value", [("email", "new@demo.test"), ("role", "king"), ("scopes", ["customers"]), ("status", "gone")])
def test_a_member_takes_no_bad_values(owner, field, value):
    user = with_user(owner, "staff19@demo.test")
    answer = owner.patch(f"/api/users/{user['id']}", {"version": user["version"], field: value})
    assert answer.status == 422 and answer["field"] == field, answer


def test_members_are_neither_created_nor_deleted_directly(owner):
    user = with_user(owner, "staff19@demo.test")
    assert owner.post("/api/users", {"name": "x", "email": "x@demo.test", "role": "staff"}).status in (403, 404, 405)
    assert owner.delete(f"/api/users/{user['id']}", {"version": user["version"]}).status in (403, 404, 405)


def test_changes_of_members_have_a_history(owner):
    user = with_user(owner, "staff20@demo.test")
    patch(owner, user, "users", scopes=["customers:own"])
    entry = history(owner, user, "users")[0]
    assert entry["changes"]["scopes"]["to"] == ["customers:own"] and entry["actor"]["id"] == owner.user["id"]
    patch(owner, read(owner, user, "users"), "users", scopes=user["scopes"])


# ---- settings -------------------------------------------------------------------------------------------------------------------


def test_a_tenant_has_one_settings_record(staff):
    record = settings_of(staff)
    assert record["currency"] and record["language"] and record["time_zone"] and "crm" in record["modules"]
    assert read(staff, record, "settings") == record


def test_settings_are_changed_on_a_version(owner):
    record = settings_of(owner)
    where = f"/api/settings/{record['id']}"
    refused(owner.patch(where, {"currency": "USD"}), 428, "precondition_required")
    changed = patch(owner, record, "settings", currency="USD")
    merged = owner.patch(where, {"version": record["version"], "first_day_of_week": 7})
    assert merged.status == 200 and merged["merged"] is True and merged["currency"] == "USD"
    problem = refused(owner.patch(where, {"version": record["version"], "currency": "GBP"}), 409, "stale_version")
    assert problem["clashing_fields"] == ["currency"] and problem["current"]["version"] == changed["version"] + 1
    patch(owner, settings_of(owner), "settings", currency=record["currency"], first_day_of_week=record["first_day_of_week"])


@pytest.mark.parametrize(
    "field, value",
    [
        ("language", "klingonisch!"),
        ("currency", "EURO"),
        ("currency", "XYZW"),
        ("time_zone", "half past nine"),
        ("first_day_of_week", 0),
        ("first_day_of_week", 8),
        ("country", "Spain"),
        ("labels", {"customer": 7}),
        ("labels", "x"),
    ],
)
def test_settings_take_no_bad_values(owner, field, value):
    record = settings_of(owner)
    answer = owner.patch(f"/api/settings/{record['id']}", {"version": record["version"], field: value})
    assert answer.status == 422 and answer["field"] == field, answer
    assert settings_of(owner) == record


def test_labels_say_what_a_tenant_calls_things(owner):
    record = settings_of(owner)
    changed = patch(owner, record, "settings", labels={"customer": "client"})
    assert changed["labels"] == {"customer": "client"}
    patch(owner, changed, "settings", labels=record["labels"])


def test_settings_are_for_owners_and_admins(staff, admin):
    record = settings_of(staff)
    refused(staff.patch(f"/api/settings/{record['id']}", {"version": record["version"], "currency": "USD"}), 403, "forbidden")
    assert patch(admin, record, "settings", currency=record["currency"])["version"] == record["version"]


def test_a_module_that_is_off_is_off(make_server):
    server = make_server()
    owner = server.login()
    record = settings_of(owner)
    off = patch(owner, record, "settings", modules=[])
    refused(owner.post("/api/customers", {"name": "x"}), 403, "module_off")
    patch(owner, off, "settings", modules=["crm"])
    assert owner.post("/api/customers", {"name": "x"}).status == 201


# ---- statuses: transition tables that are tenant data -----------------------------------------------------------------------------


def test_a_tenant_has_statuses_of_its_own(make_server):
    server = make_server()
    owner, staff = server.login(), server.login("staff01@demo.test")
    body = {"collection": "customers", "name": "churned", "type": "lost", "position": 60, "moves": ["new"]}
    refused(staff.post("/api/statuses", body), 403, "forbidden")
    assert owner.post("/api/statuses", body).status == 201
    refused(owner.post("/api/statuses", body), 409, "not_unique", "name")
    new = next(row for row in owner.items("/api/statuses") if row["name"] == "new")
    patch(owner, new, "statuses", moves=["contacted", "churned"])
    customer = staff.post("/api/customers", {"name": "Ana"}).json()
    move = lambda status: staff.post("/api/customers/set-status", {"id": customer["id"], "status": status})
    assert move("churned").status == 200 and move("new").status == 200
    contacted = next(row for row in owner.items("/api/statuses") if row["name"] == "contacted")
    answer = owner.delete(f"/api/statuses/{contacted['id']}", {"version": contacted["version"]})
    refused(answer, 409, "referenced")
