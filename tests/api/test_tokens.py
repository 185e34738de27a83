# SPDX-License-Identifier: Apache-2.0
"""API tokens: what a program may do, never more than its owner may at that moment."""

import datetime

import pytest

from flows import create, made, patch, read, refused, with_user


def make_token(client, *permissions, **more):
    return made(client.post("/api/api-tokens/create", {"name": "till", "permissions": list(permissions), **more}))


def in_future(**delta):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**delta)).isoformat()


def test_a_token_does_what_its_permissions_say(server, staff):
    customer = create(staff)
    reader = server.client(make_token(staff, "customers.read")["token"])
    assert read(reader, customer) == customer
    refused(reader.post("/api/customers", {"name": "x"}), 403, "forbidden")
    refused(reader.patch(f"/api/customers/{customer['id']}", {"version": 1, "name": "x"}), 403, "forbidden")
    refused(reader.get("/api/comments"), 403, "forbidden")
    refused(reader.get("/api/users"), 403, "forbidden")
    writer = server.client(make_token(staff, "customers.*")["token"])
    assert writer.post("/api/customers", {"name": "x"}).status == 201


def test_a_token_never_exceeds_its_owner(server, staff):
    everything = server.client(make_token(staff, "*")["token"])
    assert everything.post("/api/customers", {"name": "x"}).status == 201
    refused(everything.post("/api/users/invite", {"email": "a@b.test", "role": "staff"}), 403, "forbidden")
    refused(everything.get("/api/audit"), 403, "forbidden")


def test_what_a_token_does_is_its_owners_doing(server, staff):
    customer = create(server.client(make_token(staff, "customers.*")["token"]))
    assert customer["created_by"] == staff.user["id"]


def test_a_token_makes_no_tokens(server, staff):
    program = server.client(make_token(staff, "*")["token"])
    refused(program.post("/api/api-tokens/create", {"name": "more", "permissions": ["*"]}), 403, "forbidden")


def test_everybody_makes_tokens_of_their_own(staff, colleague):
    answer = staff.post("/api/api-tokens/create", {"name": "x", "permissions": ["*"], "user": colleague.user["id"]})
    refused(answer, 403, "forbidden", "user")


@pytest.mark.parametrize("permissions", [["nonsense"], ["customers"], [".read"], ["customers.read.all"], []])
def test_permissions_are_checked(staff, permissions):
    answer = staff.post("/api/api-tokens/create", {"name": "x", "permissions": permissions})
    assert answer.status == 422 and answer["field"] == "permissions", answer


def test_a_revoked_token_ends_at_once(server, staff):
    token = make_token(staff, "customers.read")
    program = server.client(token["token"])
    assert program.get("/api/customers", limit=1).status == 200
    answer = staff.post("/api/api-tokens/revoke", {"id": token["id"]})
    assert answer.status == 200 and answer["revoked_at"]
    refused(program.get("/api/customers", limit=1), 401, "unauthenticated")


def test_a_token_of_somebody_else_is_not_there(staff, colleague, owner):
    token = make_token(staff, "customers.read")
    assert token["id"] not in [item["id"] for item in colleague.items("/api/api-tokens")]
    refused(colleague.post("/api/api-tokens/revoke", {"id": token["id"]}), 404, "not_found")
    assert token["id"] in [item["id"] for item in owner.items("/api/api-tokens")]


def test_a_token_lives_until_it_expires(staff):
    refused(staff.post("/api/api-tokens/create", {"name": "x", "permissions": ["*"], "expires_at": "2020-01-01T00:00:00Z"}), 422, "out_of_range", "expires_at")
    assert make_token(staff, "customers.read", expires_at=in_future(days=1))["expires_at"]


def test_a_token_ends_with_the_membership(server, owner, people):
    person = people("staff28")
    program = server.client(make_token(person, "customers.read")["token"])
    user = with_user(owner, "staff28@demo.test")
    assert owner.post("/api/users/disable", {"id": user["id"], "version": user["version"]}).status == 200
    for client in (program, person):
        refused(client.get("/api/customers", limit=1), 401, "unauthenticated")
    again = with_user(owner, "staff28@demo.test")
    assert owner.post("/api/users/enable", {"id": user["id"], "version": again["version"]}).status == 200
    assert program.get("/api/customers", limit=1).status == 200


def test_fewer_rights_of_the_owner_are_fewer_rights_of_the_token(server, owner, people):
    program = server.client(make_token(people("staff27"), "customers.*")["token"])
    assert program.post("/api/customers", {"name": "x"}).status == 201
    user = patch(owner, with_user(owner, "staff27@demo.test"), "users", role="viewer")
    refused(program.post("/api/customers", {"name": "x"}), 403, "forbidden")
    patch(owner, user, "users", role="staff")


def test_a_token_has_no_session_to_end(server, staff):
    program = server.client(make_token(staff, "*")["token"])
    assert program.delete("/api/sessions/current").status == 403
    assert program.delete("/api/sessions").status == 403


def test_tokens_of_the_command_line(server, staff):
    done = server.command("token", "create", "till", "--tenant", "demo", "--user", "staff01@demo.test", "--permission", "customers.read")
    assert done.returncode == 0, done.stderr
    token = next(word for word in done.stdout.split() if word.startswith("il_"))
    assert server.client(token).get("/api/customers", limit=1).status == 200
    listed = server.command("token", "list", "--tenant", "demo")
    assert listed.returncode == 0 and token not in listed.stdout


def test_a_token_gives_no_rights_that_it_does_not_have(owner):
    made_token = owner.post("/api/api-tokens", {"name": "t", "permissions": ["users.*"]})
    assert made_token.status == 201, made_token
    token = type(owner)(owner.url, made_token["token"])
    for role in ("owner", "admin", "staff"):
        answer = token.post("/api/users/invite", {"email": f"risen-{role}@demo.test", "name": "x", "role": role})
        assert answer.status == 403 and answer.code == "forbidden", answer
