# SPDX-License-Identifier: Apache-2.0
"""F4: set-up without demo, invitations and resets by one-time links, change of password, log-out everywhere."""

import json
import re

import pytest

import harness
from flows import accept, create, invite, link_token, made, make_tenant, refused, together, with_user

NEW = "another-password"


def log_in(server, email, password):
    return server.client().post("/api/sessions", {"email": email, "password": password}, key=None)


def reset_token(server, email):
    done = server.command("user", "reset-password", email)
    assert done.returncode == 0, done.stderr
    return link_token(done.stdout)


def reset(server, token, password=NEW):
    return server.client().post("/api/passwords/reset", {"token": token, "password": password}, key=None)


def change(client, old=harness.PASSWORD, new=NEW):
    return client.post("/api/passwords/change", {"password": old, "new_password": new}, key=None)


# ---- first start -----------------------------------------------------------------------------------------------------------


def set_up_token(server):
    def printed():
        found = re.findall(r"\b[0-9a-f]{32,}\b", "\n".join(server.output + server.log))
        return found[0] if found else None

    return harness.wait_for(printed, what="the set-up token")


def set_up_body(token, **more):
    return {
        "token": token,
        "slug": "first",
        "tenant_name": "First",
        "email": "owner@first.test",
        "password": harness.PASSWORD,
        "name": "Olga Owner",
        **more,
    }


def set_up(server, body):
    return server.client().post("/api/set-up", body, key=None)


@pytest.fixture
def empty(make_server):
    return make_server(demo=False)


def test_the_first_start_asks_for_a_tenant_and_its_owner(empty):
    assert empty.client().get("/api/set-up").json()["needs_set_up"] is True
    answer = set_up(empty, set_up_body(set_up_token(empty), currency="EUR", time_zone="Europe/Madrid", language="es"))
    assert answer.status == 201, answer
    harness.wait_for(lambda: log_in(empty, "owner@first.test", harness.PASSWORD).status == 201, what="the first log-in")
    owner = empty.login("owner@first.test")
    settings = owner.items("/api/settings")[0]
    assert (settings["currency"], settings["time_zone"], settings["language"]) == ("EUR", "Europe/Madrid", "es")
    assert create(owner)["status"] == "new"
    assert empty.client().get("/api/set-up").json()["needs_set_up"] is False


def test_the_first_start_switches_on_what_the_company_does(empty):
    modules = ["crm", "catalogue", "agency"]
    answer = set_up(empty, set_up_body(set_up_token(empty), modules=modules))
    assert answer.status == 201, answer
    owner = empty.login("owner@first.test")
    settings = owner.items("/api/settings")[0]
    assert (settings["modules"], settings["version"]) == (modules, 1)
    assert made(owner.post("/api/partners", {"name": "Partner"}))["name"] == "Partner"


def test_a_set_up_that_cannot_be_is_refused_by_name_and_leaves_the_server_waiting(empty):
    token = set_up_token(empty)
    for field, value, code in (
        ("modules", ["crm", "booking"], "invalid_value"),
        ("modules", "crm", "wrong_type"),
        ("modules", ["crm"] * 51, "too_many"),
        ("time_zone", "Mars/Olympus", "invalid_value"),
        ("currency", "eur", "invalid_value"),
        ("email", "owner@first", "invalid_value"),
    ):
        answer = set_up(empty, set_up_body(token, **{field: value}))
        assert 400 <= answer.status < 500, answer
        assert (answer.json()["code"], answer.json()["field"]) == (code, field), answer
        assert empty.client().get("/api/set-up").json()["needs_set_up"] is True
    assert set_up(empty, set_up_body(token)).status == 201


def test_set_up_happens_once(empty):
    token = set_up_token(empty)
    answers = together(5, lambda n: set_up(empty, set_up_body(token, slug=f"t{n}", email=f"o{n}@first.test")))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 4
    refused(set_up(empty, set_up_body(token)), 409, "already_set_up")


def test_set_up_is_for_who_reads_the_servers_output(empty):
    for token in ("0" * 64, "x"):
        refused(set_up(empty, set_up_body(token)), 401, "login_failed")
    assert empty.client().get("/api/set-up").json()["needs_set_up"] is True


def test_a_demo_needs_no_set_up(server):
    assert server.client().get("/api/set-up").json()["needs_set_up"] is False
    refused(set_up(server, set_up_body("0" * 64)), 409, "already_set_up")


def test_a_demo_tells_one_log_in_of_each_role(server, empty):
    """F8: the log-in page offers them; a server with data of its own tells nothing."""
    demo = server.client().get("/api/set-up").json()["demo"]
    roles = [(one["tenant"], one["role"]) for one in demo["accounts"]]
    wanted = {(tenant, role) for tenant in ("demo", "agency") for role in ("owner", "admin", "staff", "viewer", "guest")}
    assert len(roles) == len(set(roles)) and set(roles) == wanted | {("other", "admin")}
    for one in demo["accounts"]:
        assert log_in(server, one["email"], demo["password"]).status == 201
    assert "demo" not in empty.client().get("/api/set-up").json()


# ---- invitations -----------------------------------------------------------------------------------------------------------


def test_an_invitation_makes_a_member(server, owner):
    token = invite(server, "ines@demo.test", "demo", "staff", "Ines")
    assert with_user(owner, "ines@demo.test")["status"] == "invited"
    refused(log_in(server, "ines@demo.test", harness.PASSWORD), 401, "login_failed")
    answer = accept(server, token, name="Inés")
    assert answer.status in (200, 201) and answer["token"], answer
    user = with_user(owner, "ines@demo.test")
    assert user["status"] == "active" and user["name"] == "Inés" and user["role"] == "staff"
    assert log_in(server, "ines@demo.test", harness.PASSWORD).status == 201


def test_a_link_is_used_once(server):
    token = invite(server, "uma@demo.test", "demo")
    answers = together(5, lambda _: accept(server, token))
    assert sorted(answer.status // 100 for answer in answers) == [2, 4, 4, 4, 4]
    refused(accept(server, token, NEW), 410, "link_invalid")
    refused(log_in(server, "uma@demo.test", NEW), 401, "login_failed")


@pytest.mark.parametrize("token", ["0" * 64, "x", "é", "a" * 63])
def test_an_unknown_link_is_refused(server, token):
    refused(accept(server, token), 410, "link_invalid")
    refused(reset(server, token), 410, "link_invalid")


def test_links_are_good_for_their_purpose_only(server):
    refused(reset(server, invite(server, "pia@demo.test", "demo")), 410, "link_invalid")
    refused(accept(server, reset_token(server, "staff10@demo.test")), 410, "link_invalid")


def test_the_password_of_a_new_account_is_bounded(server):
    token = invite(server, "kim@demo.test", "demo")
    for password in ("", "short", "x" * 1025):
        answer = accept(server, token, password)
        assert answer.status == 422 and answer["field"] == "password", answer
    assert accept(server, token, "x" * 10).status in (200, 201), "a refusal does not use the link"


def test_an_invitation_of_an_account_takes_its_password_and_never_changes_it(server):
    token = invite(server, "staff11@demo.test", "other")
    refused(accept(server, token, NEW), 401, "login_failed")
    assert accept(server, token).status in (200, 201)
    answer = log_in(server, "staff11@demo.test", harness.PASSWORD)
    assert {tenant["slug"] for tenant in answer["tenants"]} == {"demo", "other"}


def test_an_admin_invites_over_the_api(admin, staff, server):
    body = {"email": "Lea@Demo.test", "name": "Lea", "role": "viewer", "scopes": ["customers:assigned"]}
    refused(staff.post("/api/users/invite", body), 403, "forbidden")
    user = made(admin.post("/api/users/invite", body))
    assert user["email"] == "lea@demo.test" and user["status"] == "invited" and user["scopes"] == ["customers:assigned"]
    assert "token" not in user, "the link goes to the person, not to the inviter"
    refused(admin.post("/api/users/invite", body), 409, "not_unique", "email")
    refused(admin.post("/api/users/invite", {**body, "email": "o@demo.test", "role": "owner"}), 403, "forbidden", "role")
    refused(admin.post("/api/users/invite", {**body, "email": "r@demo.test", "role": "king"}), 422, "invalid_value", "role")
    for email in ("nonsense", "a@b", "a@b."):
        refused(admin.post("/api/users/invite", {**body, "email": email}), 422, "invalid_value", "email")


def show(server, token):
    return server.client().post("/api/invitations/show", {"token": token}, key=None)


def test_without_a_mail_server_the_inviter_hands_the_link_over(admin, owner, staff, server):
    assert server.client().get("/api/set-up").json()["mail"] is False
    user = made(admin.post("/api/users/invite", {"email": "eva@demo.test", "role": "staff", "name": "Eva"}))
    refused(staff.post("/api/users/invitation-link", {"id": user["id"]}), 403, "forbidden")
    link = made(admin.post("/api/users/invitation-link", {"id": user["id"]}))
    assert link["id"] == user["id"] and link["expires_at"]
    # The platform hears of it by a message.
    harness.wait_for(lambda: show(server, link["token"]).status == 200, what="a good link")
    assert show(server, link["token"]).json() == {
        "tenant_name": "Demo Company",
        "invited_by": with_user(owner, "admin@demo.test")["name"],
        "name": "Eva",
        "email": "eva@demo.test",
        "has_password": False,
    }
    assert accept(server, link["token"]).status == 201
    refused(admin.post("/api/users/invitation-link", {"id": user["id"]}), 409, "no_transition")
    refused(show(server, link["token"]), 410, "link_invalid")


def test_an_invitation_says_nothing_to_who_has_no_good_link(admin, server):
    wrong = refused(show(server, "0" * 64), 410, "link_invalid")
    token = invite(server, "ole@demo.test", "demo", name="Ole")
    said = show(server, token).json()
    assert (said["name"], said["invited_by"], said["has_password"]) == ("Ole", "", False)
    assert show(server, invite(server, "staff12@demo.test", "other")).json()["has_password"] is True
    disabled = made(admin.post("/api/users/disable", {"id": with_user(admin, "ole@demo.test")["id"]}), 200)
    assert disabled["status"] == "disabled"
    reset = reset_token(server, "staff13@demo.test")
    assert refused(show(server, token), 410, "link_invalid") == refused(show(server, reset), 410, "link_invalid") == wrong


def test_an_invited_person_may_be_invited_again_and_disabled_before(admin, server):
    user = made(admin.post("/api/users/invite", {"email": "mia@demo.test", "role": "staff"}))
    assert admin.post("/api/users/reinvite", {"id": user["id"]}).status == 200
    token = invite(server, "noa@demo.test", "demo")
    noa = with_user(admin, "noa@demo.test")
    assert admin.post("/api/users/disable", {"id": noa["id"], "version": noa["version"]}).status == 200
    answer = accept(server, token)
    assert answer.status in (401, 403, 410), "who was disabled does not come in by an old link"
    assert log_in(server, "noa@demo.test", harness.PASSWORD).status == 401


def test_a_tenant_of_ones_own(make_server):
    server = make_server()
    owner = make_tenant(server, "fresh")
    assert owner.tenant["slug"] == "fresh" and owner.items("/api/customers") == []
    assert [status["name"] for status in owner.items("/api/statuses")] == ["new", "contacted", "qualified", "active", "inactive"]


# ---- passwords -------------------------------------------------------------------------------------------------------------


def test_a_reset_sets_a_new_password_once_and_ends_all_sessions(server):
    email = "staff12@demo.test"
    before = server.login(email)
    token = reset_token(server, email)
    answers = together(4, lambda n: reset(server, token, f"{NEW}-{n}"))
    assert sorted(answer.status for answer in answers) == [200, 410, 410, 410]
    winner = [answer.status for answer in answers].index(200)
    refused(before.get("/api/customers"), 401, "unauthenticated")
    refused(log_in(server, email, harness.PASSWORD), 401, "login_failed")
    assert log_in(server, email, f"{NEW}-{winner}").status == 201


def test_one_reset_spends_all_reset_links(server):
    first, second = (reset_token(server, "staff13@demo.test") for _ in range(2))
    assert reset(server, second).status == 200
    refused(reset(server, first), 410, "link_invalid")


def test_asking_for_a_reset_tells_nothing(server):
    ask = lambda email: server.client().post("/api/passwords/request-reset", {"email": email}, key=None)
    known, unknown = ask("staff14@demo.test"), ask("nobody@demo.test")
    assert (known.status, known.body) == (unknown.status, unknown.body) == (200, known.body)


def test_a_change_of_password_ends_the_other_sessions(server):
    email = "staff15@demo.test"
    here, elsewhere = server.login(email), server.login(email)
    refused(change(here, "wrong-password"), 401, "login_failed")
    answer = change(here, new="short")
    assert answer.status == 422, answer
    assert change(here).status == 200
    refused(elsewhere.get("/api/customers"), 401, "unauthenticated")
    assert here.get("/api/customers", limit=1).status == 200, "this session goes on"
    refused(log_in(server, email, harness.PASSWORD), 401, "login_failed")
    assert log_in(server, email, NEW).status == 201


def test_a_token_cannot_change_a_password(server, colleague):
    token = made(colleague.post("/api/api-tokens/create", {"name": "x", "permissions": ["*"]}))["token"]
    refused(change(server.client(token)), 403, "forbidden")


def test_no_secret_reaches_the_log(make_server):
    server = make_server("--log-level", "debug")
    token = server.login("staff01@demo.test").token
    log_in(server, "staff01@demo.test", "a-wrong-secret-1")
    link = reset_token(server, "staff02@demo.test")
    reset(server, link, "a-new-secret-22")
    server.stop()
    text = "\n".join(server.log + server.output)
    for secret in (token, harness.PASSWORD, "a-wrong-secret-1", "a-new-secret-22", link):
        assert secret not in text or secret == harness.PASSWORD, "secrets are never logged"
    for line in server.log:
        if line.startswith("{"):
            json.loads(line)
