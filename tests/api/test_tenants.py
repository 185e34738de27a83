# SPDX-License-Identifier: Apache-2.0
"""Nothing crosses tenants: every endpoint with another tenant's id answers as for an id that nobody has."""

import pytest

import harness
from flows import batch_atomic, batch_each, batch_item, comment, create, new_id, refused


@pytest.fixture(scope="module")
def foreign(people):
    """One record of each kind of the other tenant."""
    admin = people("admin@other.test")
    customer = create(admin)
    return {
        "customer": customer["id"],
        "comment": comment(admin, customer)["id"],
        "activity": create(admin, "activities", subject=customer["id"], text="x")["id"],
        "status": admin.items("/api/statuses")[0]["id"],
        "user": admin.user["id"],
        "token": admin.post("/api/api-tokens/create", {"name": "x", "permissions": ["*"]})["id"],
        "lease": admin.post("/api/leases/take", {"subject": customer["id"]}, key=None)["id"],
    }


COLLECTIONS = {
    "customer": "customers",
    "comment": "comments",
    "activity": "activities",
    "status": "statuses",
    "user": "users",
    "token": "api-tokens",
    "lease": "leases",
}


def same_answer(call, foreign_id, prefix):
    """call(id) answers for the foreign id exactly as for one that nobody has."""
    absent_id = new_id(prefix)
    theirs, nobodys = call(foreign_id), call(absent_id)
    swap = lambda answer, own: answer.body.replace(own.encode(), b"ID")
    assert theirs.status == nobodys.status, (theirs, nobodys)
    assert swap(theirs, foreign_id) == swap(nobodys, absent_id)
    return theirs


@pytest.mark.parametrize("prefix", COLLECTIONS)
def test_every_read_by_id(owner, foreign, prefix):
    path = f"/api/{COLLECTIONS[prefix]}"
    for suffix in ("", "/history"):
        answer = same_answer(lambda record: owner.get(f"{path}/{record}{suffix}"), foreign[prefix], prefix)
        assert answer.status == 404


@pytest.mark.parametrize("prefix", COLLECTIONS)
@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_every_change_by_id(owner, foreign, prefix, method):
    change = getattr(owner, method)
    answer = same_answer(lambda record: change(f"/api/{COLLECTIONS[prefix]}/{record}", {"version": 1}), foreign[prefix], prefix)
    assert answer.status in (404, 405)


@pytest.mark.parametrize(
    "operation, prefix, more",
    [
        ("customers/set-status", "customer", {"status": "contacted"}),
        ("customers/redact", "customer", {}),
        ("customers/restore", "customer", {}),
        ("comments/restore", "comment", {}),
        ("activities/pin", "activity", {}),
        ("activities/unpin", "activity", {}),
        ("users/disable", "user", {}),
        ("users/enable", "user", {}),
        ("users/reinvite", "user", {}),
        ("api-tokens/revoke", "token", {}),
    ],
)
def test_every_operation_on_a_record(owner, foreign, operation, prefix, more):
    call = lambda record: owner.post(f"/api/{operation}", {"id": record, **more})
    assert same_answer(call, foreign[prefix], prefix).status == 404


@pytest.mark.parametrize("verb", ["take", "renew", "release"])
def test_leases_on_foreign_records(owner, foreign, verb):
    call = lambda record: owner.post(f"/api/leases/{verb}", {"subject": record}, key=None)
    assert same_answer(call, foreign["customer"], "customer").status == 404


def test_references_to_foreign_records(owner, foreign):
    customer = create(owner)
    calls = [
        (lambda r: owner.post("/api/comments", {"subject": r, "text": "x"}), "customer"),
        (lambda r: owner.post("/api/comments", {"subject": customer["id"], "text": "x", "reply_to": r}), "comment"),
        (lambda r: owner.post("/api/activities", {"subject": r, "text": "x"}), "customer"),
        (lambda r: owner.post("/api/customers", {"name": "x", "assigned_to": r}), "user"),
        (lambda r: owner.patch(f"/api/customers/{customer['id']}", {"version": 1, "assigned_to": r}), "user"),
    ]
    for call, prefix in calls:
        assert 400 <= same_answer(call, foreign[prefix], prefix).status < 500


def test_filters_by_foreign_ids_find_nothing(owner, foreign):
    for path, name, prefix in [
        ("/api/comments", "subject", "customer"),
        ("/api/customers", "assigned_to", "user"),
        ("/api/customers", "created_by", "user"),
        ("/api/customers", "id", "customer"),
        ("/api/comments", "reply_to", "comment"),
    ]:
        answer = same_answer(lambda record: owner.get(path, **{name: record}), foreign[prefix], prefix)
        assert answer.json().get("items", []) == []


@pytest.mark.parametrize("run", [batch_each, lambda client, items: [batch_atomic(client, items)]], ids=["each", "atomic"])
def test_batches(owner, foreign, run):
    def outcome(record):
        (result,) = run(owner, [batch_item("customers/update", {"id": record, "version": 1, "name": "x"})])
        return (result["status"], result.get("code") or result["body"]["code"])

    assert outcome(foreign["customer"]) == outcome(new_id("customer")) == (404, "not_found")


def test_lists_search_and_audit_show_ones_own_tenant_only(owner, foreign):
    for collection in ("customers", "comments", "activities", "users", "api-tokens", "statuses", "settings"):
        ids = {item["id"] for item in owner.items(f"/api/{collection}", limit=1000)}
        assert not ids & set(foreign.values()), collection
    text = owner.get("/api/audit", limit=1000).text
    assert not any(record in text for record in foreign.values())


def test_the_feed_shows_ones_own_tenant_only(owner, stranger):
    async def work():
        async with harness.session(owner) as http:
            async with harness.Feed(http, ["customers", "comments"]) as feed:
                await feed.next("heartbeat")
                theirs = create(stranger)
                comment(stranger, theirs)
                mine = create(owner)
                return mine, await feed.next()

    mine, message = harness.run(work())
    assert message["id"] == mine["id"]


def test_presence_on_foreign_records_is_refused(owner, foreign):
    async def work(record):
        async with harness.session(owner) as http, harness.Feed(http, ["customers"]) as feed:
            await feed.next("heartbeat")
            await feed.socket.send_json({"type": "presence", "subject": record, "state": "viewing"})
            return await feed.next()

    theirs, nobodys = harness.run(work(foreign["customer"])), harness.run(work(new_id("customer")))
    assert theirs == nobodys and theirs["code"] == "not_found"


def test_a_client_made_id_of_another_tenant_tells_nothing(owner, foreign):
    """Ids belong to a tenant's own records: a create neither fails nor touches the other one."""
    answer = owner.post("/api/customers", {"id": foreign["customer"], "name": "mine"})
    assert answer.status == 201 and answer["version"] == 1


def test_a_token_is_good_for_its_tenant_only(server, stranger, owner):
    token = stranger.post("/api/api-tokens/create", {"name": "x", "permissions": ["*"]})["token"]
    mine = create(owner)
    program = server.client(token)
    refused(program.get(f"/api/customers/{mine['id']}"), 404, "not_found")
    tenant = token.split("_")[1]
    forged = token.replace(tenant, "0" * len(tenant))
    refused(server.client(forged).get("/api/customers"), 401, "unauthenticated")


def test_sequences_of_tenants_are_independent(owner, stranger):
    before = stranger.get("/api/customers", limit=1).seq
    for _ in range(3):
        create(owner)
    assert stranger.get("/api/customers", limit=1).seq == before


def test_a_suspended_tenant_is_out(make_server):
    server = make_server()
    admin = server.login("admin@other.test")
    assert server.command("tenant", "suspend", "other").returncode == 0
    harness.wait_for(lambda: admin.get("/api/customers").status == 401, 5, "the end of its sessions")
    body = {"email": "admin@other.test", "password": harness.PASSWORD}
    refused(server.client().post("/api/sessions", body, key=None), 401, "login_failed")
    assert server.login("staff01@demo.test").get("/api/customers", limit=1).status == 200
    assert server.command("tenant", "resume", "other").returncode == 0
    assert server.login("admin@other.test").get("/api/customers", limit=1).status == 200
