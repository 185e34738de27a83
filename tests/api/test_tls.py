# SPDX-License-Identifier: Apache-2.0
"""A server with a certificate: HTTPS and secure WebSockets, and nothing else on that port."""

import json
import socket
import ssl

import aiohttp
import harness
import pytest
from flows import create, read

HSTS = "Strict-Transport-Security"


@pytest.fixture
def tls_server(make_server, certificate):
    return make_server("--tls-certificate", certificate[0], "--tls-key", certificate[1], certificate=certificate[0])


def test_https_works_and_browsers_are_told_to_stay_with_it(tls_server, server):
    assert tls_server.url.startswith("https://127.0.0.1:")
    staff = tls_server.login("staff01@demo.test")
    customer = create(staff, name="over TLS")
    assert read(staff, customer)["name"] == "over TLS"
    assert int(staff.get("/healthz").headers[HSTS].removeprefix("max-age=")) >= 180 * 86400
    answer = tls_server.client().post("/api/sessions", {"email": harness.OWNER, "password": harness.PASSWORD}, key=None)
    assert "; Secure" in answer.headers["Set-Cookie"] and "; HttpOnly" in answer.headers["Set-Cookie"]
    assert HSTS not in server.client().get("/healthz").headers


def test_the_feed_works_over_wss(tls_server):
    staff = tls_server.login("staff01@demo.test")
    made = staff.post("/api/customers", {"name": "seen over TLS"})

    async def watch():
        context = ssl.create_default_context(cafile=tls_server.certificate)
        headers = {"Authorization": f"Bearer {staff.token}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            url = tls_server.url.replace("https://", "wss://") + "/api/feed"
            async with http.ws_connect(url, ssl=context) as feed:
                await feed.send_json({"type": "subscribe", "collections": ["customers"], "since": made.seq - 1})
                async for message in feed:
                    content = json.loads(message.data)
                    if content["type"] == "change":
                        return content

    assert harness.run(watch())["seq"] == made.seq


def test_plain_http_on_the_tls_port_is_ended_at_once_and_harms_nobody(tls_server):
    with socket.create_connection((tls_server.host, tls_server.port), timeout=harness.WAIT_SECONDS) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        said = b""
        try:
            while got := plain.recv(4096):
                said += got
        except ConnectionResetError:
            pass
    assert b" 200 " not in said and b"status" not in said
    assert tls_server.client().get("/healthz").status == 200


def test_a_certificate_without_its_key_ends_the_start_with_a_reason(certificate, tmp_path):
    flags = ["serve", "--listen", "127.0.0.1:0", "--tls-certificate", certificate[0]]
    alone = harness.interlock(*flags, data=tmp_path / "data")
    assert alone.returncode == 2 and "tls_key" in alone.stderr
    wrong = harness.interlock(*flags, "--tls-key", certificate[0], data=tmp_path / "data")
    assert wrong.returncode != 0 and str(certificate[0]) in wrong.stderr
