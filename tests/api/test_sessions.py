# SPDX-License-Identifier: Apache-2.0
"""Log-in and log-out: what is answered, what ends a session, what slows a guesser down."""

import http.cookies

import pytest

import harness
from flows import accept, invite, refused, together

STAFF = "staff01@demo.test"


def log_in(server, email=STAFF, password=harness.PASSWORD, headers=None, **more):
    return server.client().post("/api/sessions", {"email": email, "password": password, **more}, key=None, headers=headers)


def works(client):
    return client.get("/api/customers", limit=1).status == 200


def test_a_log_in_answers_token_user_and_tenant(server):
    answer = log_in(server)
    assert answer.status == 201
    assert answer["user"]["id"].startswith("user_") and answer["user"]["name"]
    assert answer["tenant"]["slug"] == "demo" and answer["tenant"]["id"].startswith("tenant_")
    assert works(server.client(answer["token"]))


@pytest.mark.parametrize("email", ["STAFF01@demo.test", "Staff01@Demo.Test"])
def test_the_case_of_an_address_does_not_matter(server, email):
    assert log_in(server, email).status == 201


def test_every_log_in_is_a_session_of_its_own(server):
    first, second = log_in(server), log_in(server)
    assert first["token"] != second["token"]
    assert server.client(first["token"]).delete("/api/sessions/current").status == 200
    assert not works(server.client(first["token"])) and works(server.client(second["token"]))


def test_a_browser_gets_a_cookie_that_no_script_reads(server):
    answer = log_in(server)
    cookie = http.cookies.SimpleCookie(answer.headers["Set-Cookie"])
    (name,) = cookie
    assert cookie[name].value == answer["token"]
    assert cookie[name]["httponly"] and cookie[name]["samesite"] == "Strict" and cookie[name]["path"] == "/"
    with_cookie = {"Cookie": f"{name}={answer['token']}"}
    assert server.client().get("/api/customers", headers=with_cookie, limit=1).status == 200
    out = server.client().delete("/api/sessions/current", headers=with_cookie)
    assert out.status == 200 and "Max-Age=0" in out.headers["Set-Cookie"] and "SameSite=Strict" in out.headers["Set-Cookie"]
    assert server.client().get("/api/customers", headers=with_cookie, limit=1).status == 401


def test_a_session_tells_who_it_is(server, staff):
    answer = staff.get("/api/sessions/current")
    assert answer.status == 200 and answer["user"]["id"] == staff.user["id"] and answer["tenant"] == staff.tenant
    assert "customers.read" in answer["user"]["permissions"]


@pytest.mark.parametrize("body", [{}, {"email": STAFF}, {"password": "x"}, {"email": "", "password": "x"}, {"email": 7, "password": "x"}, [], "x"])
def test_a_malformed_log_in_is_refused(server, body):
    answer = server.client().post("/api/sessions", body, key=None)
    assert answer.status in (400, 422), answer


@pytest.mark.parametrize("field", ["role", "user", "tenant_id", "scopes"])
def test_a_log_in_takes_nothing_but_its_own_fields(server, field):
    answer = log_in(server, **{field: "owner"})
    assert answer.status == 422 and answer.code == "unknown_field", answer


def test_unknown_accounts_and_wrong_passwords_answer_the_same(make_server):
    server = make_server()
    wrong = log_in(server, STAFF, "wrong-password")
    refused(wrong, 401, "login_failed")
    for email in ("nobody@demo.test", "not an address", "x" * 300):
        answer = log_in(server, email, "wrong-password")
        assert (answer.status, answer.body) == (wrong.status, wrong.body), email
    elsewhere = log_in(server, STAFF, harness.PASSWORD, tenant="other")
    unknown = log_in(server, STAFF, harness.PASSWORD, tenant="no-such-tenant")
    assert (elsewhere.status, elsewhere.body) == (unknown.status, unknown.body) == (wrong.status, wrong.body)


def test_failures_alone_are_throttled_per_account(make_server):
    server = make_server()
    assert {log_in(server).status for _ in range(12)} == {201}, "whoever knows the password may come as often as they like"
    assert [log_in(server, STAFF, "wrong-password").status for _ in range(10)] == [401] * 10
    blocked = log_in(server, STAFF, "wrong-password")
    refused(blocked, 429, "too_many")
    assert int(blocked.headers["Retry-After"]) > 0
    assert log_in(server, STAFF).status == 429, "a guess that would be right does not show either"
    assert log_in(server, "staff02@demo.test").status == 201, "others are not concerned"


def test_failures_of_one_address_are_throttled_over_all_accounts(make_server):
    server = make_server()
    answers = together(10, lambda n: [log_in(server, f"nobody{n}-{i}@demo.test", "wrong-password").status for i in range(11)])
    statuses = [status for some in answers for status in some]
    assert statuses.count(401) <= 102 and statuses.count(429) >= 8, "100 per address, and those that were under way"
    refused(log_in(server, "staff03@demo.test", "wrong-password"), 429, "too_many")


def test_a_hundred_log_ins_at_once_are_all_answered(server):
    """Hashing is bounded in memory: they queue, and nobody is refused without being told when to come again."""

    async def all_at_once():
        async with harness.session(server.client()) as http:
            body = {"email": STAFF, "password": harness.PASSWORD}
            return await harness.at_once([harness.send(http, "POST", "/api/sessions", body) for _ in range(100)])

    answers = harness.run(all_at_once())
    assert {answer.status for answer in answers} <= {201, 503}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status == 503)
    assert sum(answer.status == 201 for answer in answers) >= 50


def test_log_out_ends_this_session_at_once(server):
    one, other = server.login(STAFF), server.login(STAFF)
    assert one.delete("/api/sessions/current").status == 200
    refused(one.get("/api/customers"), 401, "unauthenticated")
    refused(one.delete("/api/sessions/current"), 401, "unauthenticated")
    assert works(other)


def test_log_out_everywhere_ends_all_sessions_of_the_account(make_server):
    server = make_server()
    sessions = [server.login(STAFF) for _ in range(3)]
    colleague = server.login("staff02@demo.test")
    assert sessions[0].delete("/api/sessions").status == 200
    assert [works(session) for session in sessions] == [False] * 3
    assert works(colleague) and works(server.login(STAFF))


def test_log_out_closes_the_feeds_of_the_session(server):
    async def outlive():
        one = server.login(STAFF)
        async with harness.session(one) as http, harness.Feed(http, ["customers"]) as feed:
            await harness.send(http, "GET", "/api/customers?limit=1")
            assert (await harness.send(http, "DELETE", "/api/sessions/current")).status == 200
            async for _ in feed.socket:
                pass
            return feed.socket.close_code

    assert harness.run(outlive(), 20) is not None


def test_sessions_survive_a_restart(make_server):
    server = make_server()
    staff = server.login(STAFF)
    server.restart()
    staff.url = server.url
    assert works(staff)


@pytest.mark.parametrize("value", ["", "Basic eDp4", "Bearer", "Bearer ", "Bearer x y", "Bearer " + "0" * 64, "Bearer il_x_y"])
def test_what_is_no_session_is_401(server, value):
    answer = server.client().get("/api/customers", headers={"Authorization": value})
    refused(answer, 401, "unauthenticated")
    assert "Bearer" in answer.headers["WWW-Authenticate"]


# ---- several tenants ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_two_tenants(server):
    """Somebody of both tenants."""
    answer = accept(server, invite(server, "staff30@demo.test", "other", "staff"))
    assert answer.status in (200, 201), answer
    return "staff30@demo.test"


def test_an_account_with_several_tenants_chooses(server, with_two_tenants):
    answer = log_in(server, with_two_tenants)
    assert answer.status == 201 and "token" not in answer.json()
    assert "Set-Cookie" not in answer.headers
    assert {tenant["slug"] for tenant in answer["tenants"]} == {"demo", "other"}
    for tenant in answer["tenants"]:
        for name in (tenant["slug"], tenant["id"]):
            chosen = log_in(server, with_two_tenants, tenant=name)
            assert chosen.status == 201 and chosen["tenant"]["slug"] == tenant["slug"]


def test_a_session_sees_its_tenant_only(server, with_two_tenants, stranger):
    here = server.login(with_two_tenants, tenant="demo")
    there = server.login(with_two_tenants, tenant="other")
    mine = here.post("/api/customers", {"name": "Ana of demo"})
    assert mine.status == 201
    assert there.get(f"/api/customers/{mine['id']}").status == 404
    assert here.get(f"/api/customers/{mine['id']}").status == 200


def test_a_wrong_password_shows_no_tenants(server, with_two_tenants):
    refused(log_in(server, with_two_tenants, "wrong-password"), 401, "login_failed")


def test_one_goes_on_in_another_tenant_of_the_account(server, with_two_tenants):
    """The session of the tenant that was left ends with the switch."""
    first = server.login(with_two_tenants, tenant="demo")
    offered = first.get("/api/sessions/current")
    assert offered["user"]["email"] == with_two_tenants
    assert {each["slug"] for each in offered["tenants"]} == {"demo", "other"}
    moved = first.post("/api/sessions/switch", {"tenant": "other"}, key=None)
    assert moved.status == 201 and moved["tenant"]["slug"] == "other"
    second = server.client(moved["token"])
    assert works(second) and not works(first)
    refused(second.post("/api/sessions/switch", {"tenant": "nowhere"}, key=None), 404, "not_found")
    assert works(second)


def test_nobody_goes_to_a_tenant_that_is_not_theirs(server):
    person = server.client(log_in(server)["token"])
    refused(person.post("/api/sessions/switch", {"tenant": "other"}, key=None), 404, "not_found")
    assert works(person)
