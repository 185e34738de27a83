# SPDX-License-Identifier: Apache-2.0
"""nginx in front of one server, configured as docs/operating/service.md says."""

import json
import shutil
import ssl
import subprocess

import aiohttp
import harness
import pytest
from files import pdf, upload
from flows import Events, create
from harness import wait_for
from pages import block, free_port, replaced


NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


@pytest.fixture
def behind(make_server, certificate, tmp_path):
    """A server that is reached through nginx; both are configured by the page, but for ports, paths and demo data."""
    secure, plain, inner = free_port(), free_port(), free_port()
    config = tmp_path / "interlock.toml"
    public_url = ("https://desk.example", f"https://127.0.0.1:{secure}")
    config.write_text(replaced(block("service", "toml", "trusted_proxies"), public_url))
    site = replaced(
        block("service", "nginx", "location /"),
        ("127.0.0.1:8080", f"127.0.0.1:{inner}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("/etc/ssl/certs/desk.example.pem", certificate[0]),
        ("/etc/ssl/private/desk.example.key", certificate[1]),
        ("desk.example", "127.0.0.1"),
    )
    for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        site += f"{name}_temp_path {tmp_path}/{name};\n"
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{site}}}\n"
    )
    nginx = subprocess.Popen([NGINX, "-p", tmp_path, "-c", main], stderr=subprocess.PIPE, text=True)
    # The server tells the address of nginx as its own: all that follows goes through it.
    server = make_server("--config", config, listen=f"127.0.0.1:{inner}", certificate=certificate[0])
    assert server.port == secure
    server.plain_port = plain
    yield server
    server.stop()
    nginx.terminate()
    nginx.wait(10)


def test_pages_calls_and_cookies_through_nginx(behind):
    assert behind.client().get("/").status == 200
    log_in = behind.client().post("/api/sessions", {"email": harness.OWNER, "password": harness.PASSWORD}, key=None)
    assert "; Secure" in log_in.headers["Set-Cookie"]
    staff = behind.login("staff01@demo.test")
    assert create(staff, name="through nginx")["version"] == 1
    # A page of this address may write with its cookie, one of another may not.
    cookie = log_in.headers["Set-Cookie"].split(";")[0]
    for origin, status in ((behind.url, 201), ("https://elsewhere.example", 403)):
        answer = behind.client().post("/api/customers", {"name": "x"}, headers={"Cookie": cookie, "Origin": origin})
        assert answer.status == status, answer
    assert harness.Client(f"http://127.0.0.1:{behind.plain_port}").get("/api/customers").status == 301


def test_nobody_outside_says_where_a_request_comes_from(behind):
    staff = behind.login("staff01@demo.test")
    claimed = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    number = staff.post("/api/customers", {"name": "x"}, headers=claimed).headers["X-Request-Id"]
    line = wait_for(lambda: next((line for line in behind.log if number in line), None), what="the request's line")
    assert json.loads(line)["address"] == "127.0.0.1"


def test_live_changes_come_through_nginx_as_they_happen(behind):
    staff = behind.login("staff01@demo.test")
    trust = ssl.create_default_context(cafile=behind.certificate)
    headers = {"Authorization": f"Bearer {staff.token}"}

    async def watch():
        transport = aiohttp.TCPConnector(ssl=trust)
        async with aiohttp.ClientSession(behind.url, headers=headers, connector=transport) as http:
            since = (await harness.send(http, "GET", "/api/customers?limit=1")).json()["seq"]
            async with harness.Feed(http, ["customers"], since) as feed:
                async with http.get(f"/api/events?collections=customers&since={since}") as events:
                    made = await harness.send(http, "POST", "/api/customers", {"name": "live"}, key=harness.AUTO)
                    seen = [await feed.next("change")]
                    async for _, event in Events(events):
                        if event["type"] == "change":
                            return made, [*seen, event]

    made, seen = harness.run(watch(), 20)
    assert [change["record"]["id"] for change in seen] == [made["id"]] * 2


def test_a_file_larger_than_nginx_takes_by_itself(behind):
    made = upload(behind.login("staff01@demo.test"), pdf("x" * (5 * 1024 * 1024)))
    assert made.status == 201, made
