# SPDX-License-Identifier: Apache-2.0
"""Passwords, tokens, one-time links and cookies stand in their own answer (links: in their mail) and nowhere else."""

import json

import harness
from flows import Events, RawSocket, accept, batch_item, create, invite, link_token, made, refused, with_user

COLLECTIONS = ("users", "api-tokens", "settings", "customers", "comments", "activities", "statuses")
DEMO_PASSWORD = harness.PASSWORD  # printed at the start of a demo, on purpose


class Secrets:
    """What must not be found, by name; each is long enough to be found by its text."""

    def __init__(self):
        self.known = {}

    def add(self, name, text):
        assert len(text) >= 16, name
        self.known[name] = text
        return text

    def found_in(self, text):
        return [name for name, secret in self.known.items() if secret in text]


def log_in(server, email, password):
    return server.client().post("/api/sessions", {"email": email, "password": password}, key=None)


def make_accounts(server, owner, secrets):
    """Invitation, reset, change and log-in: right and wrong ones."""
    link = secrets.add("invitation", invite(server, "sara@demo.test", "demo", "admin", "Sara"))
    refused(accept(server, secrets.add("wrong link", "f00dfeed" * 8)), 410, "link_invalid")
    answer = accept(server, link, secrets.add("first password", "First-Password-7f3a9"))
    secrets.add("session of the invitation", answer["token"])
    made(owner.post("/api/users/invite", {"email": "mailed@demo.test", "role": "staff"}))
    invited = made(owner.post("/api/users/invite", {"email": "handed@demo.test", "role": "staff"}))
    key = harness.unique_key()
    handed = made(owner.post("/api/users/invitation-link", {"id": invited["id"]}, key=key))
    secrets.add("link handed over", handed["token"])
    refused(owner.post("/api/users/invitation-link", {"id": invited["id"]}, key=key), 409, "secret_shown_once")
    reset = secrets.add("reset link", link_token(server.command("user", "reset-password", "sara@demo.test").stdout))
    body = {"token": reset, "password": secrets.add("second password", "Second-Password-81bc2")}
    assert server.client().post("/api/passwords/reset", body, key=None).status == 200
    server.client().post("/api/passwords/request-reset", {"email": "sara@demo.test"}, key=None)
    refused(log_in(server, "sara@demo.test", secrets.add("wrong password", "Wrong-Password-55e0d")), 401, "login_failed")
    sara = server.login("sara@demo.test", "Second-Password-81bc2")
    secrets.add("session", sara.token)
    body = {"password": "Second-Password-81bc2", "new_password": secrets.add("third password", "Third-Password-c94f1")}
    assert sara.post("/api/passwords/change", body, key=None).status == 200
    return sara


def make_tokens(server, sara, secrets):
    body, key = {"name": "reports", "permissions": ["customers.read", "audit.read"]}, harness.unique_key()
    secrets.add("API token", made(sara.post("/api/api-tokens/create", body, key=key))["token"])
    refused(sara.post("/api/api-tokens/create", body, key=key), 409, "secret_shown_once")
    items = [batch_item("api-tokens/create", body)]
    answer = made(sara.post("/api/batch", {"mode": "each", "operations": items}, key=None), 200)
    secrets.add("API token of a batch", answer["results"][0]["body"]["token"])
    printed = server.command("token", "create", "cli", "--tenant", "demo", "--user", "sara@demo.test", "--permission", "customers.read")
    assert printed.returncode == 0, printed.stderr
    secrets.add("API token of the command line", next(word for word in printed.stdout.split() if word.startswith("il_")))
    assert server.client(secrets.known["API token"]).get("/api/customers", limit=1).status == 200


def put_secrets_in_wrong_places(server, sara, secrets):
    """What a careless program does: none of it may end in a log."""
    for secret in list(secrets.known.values()):
        sara.get(f"/api/customers/{secret}")
        sara.get(f"/{secret}/{secret}")
        sara.get("/api/customers", name=secret, **{secret: "x"})
        sara.post(f"/api/customers/{secret}", {})
        sara.post(f"/api/{secret}", {secret: secret})
        sara.post("/api/batch", {"mode": "each", "operations": [batch_item(secret, {secret: secret})]}, key=None)
        sara.get(f"/api/events?collections={secret}")
        server.client(secret).get("/api/customers")
        server.client().post("/api/sessions", {"email": secret, "password": secret, secret: secret}, key=None)
        server.client().post("/api/sessions", '{"email":"sara@demo.test","password":"' + secret, key=None)
        for headers in (
            {"Cookie": f"interlock_session={secret}"},
            {"Authorization": f"Basic {secret}"},
            {"Idempotency-Key": f"{secret}\u00ff"},
            {"If-Match": secret},
            {"X-Request-Id": secret},
            {"X-Forwarded-For": secret},
            {"Origin": f"https://{secret}", "Cookie": f"interlock_session={secret}"},
        ):
            server.client().request("POST", "/api/customers", {"name": "x"}, headers)
        with RawSocket(server) as wire:
            wire.send(f"GET /api/customers HTTP/1.1\nAuthorization: Bearer {secret}\n\n")
        with RawSocket(server) as wire:
            wire.open_feed(sara)
            wire.send_text_frame(json.dumps({"type": secret, secret: secret}))


def feed_of(client, since):
    """Everything after a sequence as the WebSocket and the event stream tell it, up to a change made at the end."""

    async def work():
        last = create(client, name="the last one")
        texts = []
        readable = [name for name in COLLECTIONS if name != "settings"]
        async with harness.session(client) as http:
            async with harness.Feed(http, readable, since=since) as feed:
                while last["id"] not in (texts or [""])[-1]:
                    texts.append(json.dumps(await feed.next("change", "gone", "reset")))
            async with http.get(f"/api/events?collections={','.join(readable)}&since={since}") as response:
                async for _, message in Events(response):
                    texts.append(json.dumps(message))
                    if last["id"] in texts[-1]:
                        break
        return "\n".join(texts)

    return harness.run(work())


def exported(server):
    texts = []
    for collection in COLLECTIONS:
        for form in ("csv", "jsonl"):
            done = server.command("export", collection, "--tenant", "demo", "--format", form)
            assert done.returncode == 0, done.stderr
            texts.append(done.stdout)
    return "\n".join(texts)


def told_by_the_api(owner):
    """Records, deleted ones too, their histories, the audit trail and the description."""
    texts = []
    for collection in COLLECTIONS:
        items = owner.items(f"/api/{collection}", limit=1000)
        texts.append(json.dumps(items))
        if collection in ("users", "api-tokens", "settings"):
            texts += [owner.get(f"/api/{collection}/{item['id']}/history").text for item in items]
    texts.append(json.dumps(owner.items("/api/audit", limit=1000)))
    texts.append(owner.get("/api/openapi.json").text)
    return "\n".join(texts)


def test_secrets_stand_nowhere_but_in_their_own_answers(make_server):
    server = make_server("--log-level", "debug")
    owner = server.login()
    secrets = Secrets()
    secrets.add("owner's session", owner.token)
    since = owner.get("/api/customers", limit=1)["seq"]
    sara = make_accounts(server, owner, secrets)
    make_tokens(server, sara, secrets)
    for mail in harness.wait_for(lambda: list((server.data / "outbox").glob("*.json")), what="the mails"):
        if "token=" in mail.read_text():
            secrets.add(mail.name, link_token(mail.read_text()))
    put_secrets_in_wrong_places(server, sara, secrets)
    assert with_user(owner, "sara@demo.test")["status"] == "active"

    places = {
        "feed": feed_of(owner, since),
        "records, histories, audit, description": told_by_the_api(owner),
        "export": exported(server),
        "metrics": server.client().get("/metrics").text,
        "lists of the command line": "".join(
            server.command(*words).stdout for words in (["user", "list", "--tenant", "demo"], ["token", "list", "--tenant", "demo"])
        ),
    }
    server.stop()
    places["log"] = "\n".join(server.log)
    places["standard output"] = "\n".join(server.output)
    assert places["log"].count('"event":"request"') > 100, "the log is at debug level"
    assert "sara@demo.test" in places["feed"] and "sara@demo.test" in places["export"]
    for place, text in places.items():
        assert secrets.found_in(text) == [], place
        for trace in ("token_digest", "password_hash", "$argon2"):
            assert trace not in text, (place, trace)


def test_passwords_and_tokens_are_not_in_the_data(make_server):
    """Links wait in the outbox until they are mailed; everything else is kept as a digest from the beginning."""
    server = make_server()
    secrets = Secrets()
    sara = make_accounts(server, server.login(), secrets)
    make_tokens(server, sara, secrets)
    server.kill()
    kept = {name: text for name, text in secrets.known.items() if "invitation" != name and "link" not in name}
    for path in server.data.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert [name for name, text in kept.items() if text.encode() in data] == [], path
