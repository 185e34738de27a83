# SPDX-License-Identifier: Apache-2.0
"""What a browser of somebody else's page may make its user do: nothing."""

import aiohttp
import pytest

import harness
from flows import create, refused


def with_cookie(client, **headers):
    return {"Cookie": f"interlock_session={client.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}


def call(server, method, path, body=None, headers=None, key=harness.AUTO):
    return server.client().request(method, path, body, headers, key)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_cross_site_post_with_a_cookie_is_refused(server, staff, headers):
    record = create(staff)
    sent = with_cookie(staff, **headers)
    calls = [
        call(server, "POST", "/api/customers", {"name": "x"}, sent),
        call(server, "PATCH", f"/api/customers/{record['id']}", {"version": 1, "name": "x"}, sent),
        call(server, "DELETE", f"/api/customers/{record['id']}", {"version": 1}, sent),
        call(server, "POST", "/api/batch", {"mode": "atomic", "operations": []}, sent),
        call(server, "DELETE", "/api/sessions/current", None, sent),
    ]
    for answer in calls:
        refused(answer, 403, "cross_site")
    assert staff.get(f"/api/customers/{record['id']}").status == 200


def test_the_same_host_under_another_scheme_is_another_site(server, staff):
    origin = server.url.replace("http://", "https://")
    refused(call(server, "POST", "/api/customers", {"name": "x"}, with_cookie(staff, Origin=origin)), 403, "cross_site")
    body = {"email": "staff01@demo.test", "password": harness.PASSWORD}
    refused(call(server, "POST", "/api/sessions", body, {"Origin": origin}, key=None), 403, "cross_site")


def test_a_trusted_proxy_tells_the_scheme(make_server):
    server = make_server("--trusted-proxies", "127.0.0.1")
    staff = server.login("staff01@demo.test")
    plain, secure = server.url, server.url.replace("http://", "https://")
    for origin, scheme, status in ((secure, "https", 201), (plain, "https", 403), (plain, "http", 201), (secure, "http", 403)):
        sent = with_cookie(staff, Origin=origin, X_Forwarded_Proto=scheme)
        assert call(server, "POST", "/api/customers", {"name": "x"}, sent).status == status, (origin, scheme)


def test_ones_own_pages_and_programs_pass(server, staff):
    own = server.url
    for headers in ({"Origin": own}, {"Origin": own, "Sec-Fetch-Site": "same-origin"}, {}):
        assert call(server, "POST", "/api/customers", {"name": "x"}, with_cookie(staff, **headers)).status == 201
    program = {"Authorization": f"Bearer {staff.token}", "Origin": "https://elsewhere.example"}
    assert call(server, "POST", "/api/customers", {"name": "x"}, program).status == 201


def test_a_log_in_from_another_site_is_refused(server):
    body = {"email": "staff01@demo.test", "password": harness.PASSWORD}
    answer = call(server, "POST", "/api/sessions", body, {"Origin": "https://evil.example"}, key=None)
    refused(answer, 403, "cross_site")


@pytest.mark.parametrize("path", ["/api/feed"])
def test_a_websocket_of_another_site_with_a_cookie_is_refused(server, staff, path):
    async def connect(headers):
        async with harness.session(server.client()) as http:
            try:
                async with http.ws_connect(path, headers=headers):
                    return 101
            except aiohttp.WSServerHandshakeError as error:
                return error.status

    assert harness.run(connect(with_cookie(staff, Origin="https://evil.example"))) == 403
    assert harness.run(connect(with_cookie(staff, Origin=server.url))) == 101


def test_no_page_of_another_origin_reads_an_answer(server, staff):
    answer = call(server, "GET", "/api/customers?limit=1", None, {"Authorization": f"Bearer {staff.token}", "Origin": "https://evil.example"}, None)
    assert "Access-Control-Allow-Origin" not in answer.headers
    preflight = call(server, "OPTIONS", "/api/customers", None, {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, None)
    assert "Access-Control-Allow-Origin" not in preflight.headers


@pytest.mark.parametrize("path", ["/healthz", "/api/customers", "/api/openapi.json", "/nowhere.txt", "/api/sessions/current"])
def test_every_answer_has_strict_headers(server, staff, path):
    for client in (staff, server.client()):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src" in headers["Content-Security-Policy"]
        assert headers.get("X-Frame-Options") == "DENY" or "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] in ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
        if path != "/api/openapi.json":
            assert "no-store" in headers["Cache-Control"]


def test_a_request_can_be_found_in_the_log(make_server):
    server = make_server()
    staff = server.login("staff01@demo.test")
    answer = staff.post("/api/customers", {"name": "Ana\r\nFAKE {\"level\":\"error\"}"})
    number = answer.headers.get("X-Request-Id") or answer.headers.get("Request-Id")
    server.stop()
    lines = [line for line in server.log + server.output if "customers/create" in line]
    assert lines and all(line.startswith("{") for line in lines)
    assert number is None or any(number in line for line in lines)
    assert not any(line.startswith("FAKE") for line in server.log + server.output)
