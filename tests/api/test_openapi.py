# SPDX-License-Identifier: Apache-2.0
"""/api/openapi.json validates, is complete, and tells the truth."""

import json
import re

import jsonschema
import pytest

import harness
from flows import comment, create, history, new_id

METHODS = ("get", "put", "post", "delete", "patch")
PLATFORM_ONLY = ("sessions/create", "passwords/rehash", "tenant/set-up", "users/admit", "users/activate")


@pytest.fixture(scope="module")
def document(server):
    answer = server.client().get("/api/openapi.json")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("application/json")
    return answer.json()


def calls(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield method, path, operation


def walk(node, at="#"):
    yield at, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in children:
        yield from walk(child, f"{at}/{name}")


def resolve(document, reference):
    node = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def schema_of(document, path, method="get", status="200"):
    return resolve_schema(document, document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"])


def resolve_schema(document, schema):
    """A schema that a validator can use by itself."""
    return {**schema, "components": document["components"], "$schema": "https://json-schema.org/draft/2020-12/schema"}


def test_no_member_stands_twice(server):
    """A JSON parser keeps one of them, and which one is chance."""

    def once(pairs):
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
        return dict(pairs)

    json.loads(server.client().get("/api/openapi.json").body, object_pairs_hook=once)


def test_the_document_is_openapi_3_1(document):
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"] and document["info"]["version"]
    assert set(document) <= {"openapi", "info", "jsonSchemaDialect", "servers", "paths", "webhooks", "components", "security", "tags", "externalDocs"}
    assert all(path.startswith("/") for path in document["paths"])
    assert document["security"], "what needs no session says so itself"


def test_every_reference_leads_somewhere(document):
    references = [node["$ref"] for _, node in walk(document) if isinstance(node, dict) and isinstance(node.get("$ref"), str)]
    assert references
    for reference in references:
        assert resolve(document, reference), reference


def test_every_call_is_well_formed(document):
    names = [operation["operationId"] for _, _, operation in calls(document)]
    assert len(names) == len(set(names))
    for method, path, operation in calls(document):
        where = f"{method} {path}"
        assert operation["summary"] and operation["responses"], where
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5](\d\d|XX)|default", status), where
            assert "$ref" in response or response["description"], where
        assert "requestBody" not in operation or method in ("post", "put", "patch"), where
        parameters = operation.get("parameters", [])
        for parameter in parameters:
            assert parameter["in"] in ("query", "path", "header", "cookie") and parameter["name"], where
            assert "schema" in parameter or "content" in parameter, where
            assert parameter["in"] != "path" or parameter["required"] is True, where
        keys = [(parameter["name"], parameter["in"]) for parameter in parameters]
        assert len(keys) == len(set(keys)), where
        in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path)), where


def test_every_schema_is_a_json_schema(document):
    schemas = [node["schema"] for _, node in walk(document["paths"]) if isinstance(node, dict) and "schema" in node]
    schemas += list(document["components"]["schemas"].values())
    assert len(schemas) > 50
    for schema in schemas:
        jsonschema.Draft202012Validator.check_schema(schema)
    for at, node in walk(document["components"]["schemas"]):
        if isinstance(node, dict) and isinstance(node.get("required"), list) and "properties" in node:
            assert set(node["required"]) <= set(node["properties"]), at


def test_every_route_of_it_is_served(server, document):
    """Without a session: 401 where one is needed; nothing is 404 or 405."""
    nobody = server.client()
    for method, path, operation in calls(document):
        if path in ("/api/feed",):
            continue
        answer = nobody.request(method.upper(), re.sub(r"\{\w+\}", "x", path), {} if method != "get" else None)
        is_open = operation.get("security") == []
        expected = (200, 201, 400, 401, 409, 410, 422, 429) if is_open else (401,)
        assert answer.status in expected, (method, path, answer)


def test_every_operation_of_it_is_known_to_the_server(people, document):
    """With a session and an empty request: a complaint about the request, never that there is no such thing."""
    owner = people("owner@agency.test")  # where all modules are on
    for method, path, _ in calls(document):
        if method != "post" or path.count("/") != 3 or path.startswith(("/api/sessions", "/api/passwords", "/api/invitations")):
            continue
        answer = owner.post(path, {})
        assert answer.status in (200, 201, 404, 422), (path, answer)
        if answer.status == 404:
            assert "no such operation" not in answer.get("detail", ""), path


def test_what_the_contract_offers_is_described(document):
    offered = {
        "/api/sessions": {"post", "delete"},
        "/api/sessions/current": {"get", "delete"},
        "/api/customers": {"get", "post"},
        "/api/customers/{id}": {"get", "patch", "put", "delete"},
        "/api/customers/{id}/history": {"get"},
        "/api/customers/set-status": {"post"},
        "/api/customers/restore": {"post"},
        "/api/comments": {"get", "post"},
        "/api/comments/{id}": {"get"},
        "/api/activities": {"get", "post"},
        "/api/activities/pin": {"post"},
        "/api/leases/take": {"post"},
        "/api/leases/renew": {"post"},
        "/api/leases/release": {"post"},
        "/api/users": {"get"},
        "/api/users/{id}": {"get", "patch"},
        "/api/users/invite": {"post"},
        "/api/settings/{id}": {"get", "patch"},
        "/api/batch": {"post"},
        "/api/feed": {"get"},
        "/api/events": {"get"},
        "/api/openapi.json": {"get"},
        "/metrics": {"get"},
        "/healthz": {"get"},
        "/readyz": {"get"},
    }
    for path, methods in offered.items():
        assert methods <= set(document["paths"].get(path, {})), path


def test_internal_operations_are_not_described(document):
    text = " ".join(document["paths"])
    assert not [name for name in PLATFORM_ONLY if name in text]
    assert "password_hash" not in str(document) and "token_digest" not in str(document)


def test_answers_are_as_described(document, staff):
    record = create(staff, phone="1", tags=["a"], assigned_to=staff.user["id"])
    said = comment(staff, record)
    shown = [
        (record, schema_of(document, "/api/customers", "post", "201")),
        (staff.get(f"/api/customers/{record['id']}").json(), schema_of(document, "/api/customers/{id}")),
        (staff.get("/api/customers", limit=5).json(), schema_of(document, "/api/customers")),
        (said, schema_of(document, "/api/comments", "post", "201")),
        (staff.get("/api/comments", limit=5).json(), schema_of(document, "/api/comments")),
        (staff.get("/api/users", limit=5).json(), schema_of(document, "/api/users")),
        (staff.get("/api/settings").json(), schema_of(document, "/api/settings")),
        (staff.get(f"/api/customers/{record['id']}/history").json(), schema_of(document, "/api/customers/{id}/history")),
    ]
    for answer, schema in shown:
        jsonschema.validate(answer, schema, jsonschema.Draft202012Validator)
    described = set(document["components"]["schemas"]["customer"]["properties"])
    assert set(record) <= described
    assert history(staff, record)


def test_the_servers_own_answers_are_as_described(server, document, staff):
    def described(path, method="get", status="200"):
        return schema_of(document, path, method, status)

    record = create(staff)
    item = {"operation": "customers/create", "request": {"name": "b"}}
    atomic = {"mode": "atomic", "operations": [item]}
    log_in = {"email": "staff01@demo.test", "password": harness.PASSWORD}
    changed = staff.patch(f"/api/customers/{record['id']}", {"version": 1, "phone": "1"}).json()
    shown = [
        (staff.get("/api/sessions/current").json(), described("/api/sessions/current")),
        (server.client().post("/api/sessions", log_in, key=None).json(), described("/api/sessions", "post", "201")),
        (staff.post("/api/batch", atomic).json(), described("/api/batch", "post")),
        (changed, described("/api/customers/{id}", "patch")),
        (staff.delete(f"/api/customers/{record['id']}", {"version": 2}).json(), described("/api/customers/{id}", "delete")),
        (server.login().get("/api/audit", limit=5).json(), described("/api/audit")),
    ]
    for answer, schema in shown:
        jsonschema.validate(answer, schema, jsonschema.Draft202012Validator)
        assert list(jsonschema.Draft202012Validator(schema).iter_errors({})), "an empty answer would be no answer"
    request = document["paths"]["/api/batch"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator(resolve_schema(document, request))
    validator.validate(atomic)
    for bad in ({}, {"mode": "some", "operations": [item]}, {"mode": "each", "operations": []}, {"mode": "each", "operations": [{}]}):
        assert list(validator.iter_errors(bad)), bad


def test_what_a_list_takes_is_typed(document):
    parameters = {one["name"]: one["schema"] for one in document["paths"]["/api/customers"]["get"]["parameters"]}
    assert parameters["limit"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}
    assert parameters["deleted"] == {"type": "boolean", "default": False}
    assert parameters["sort"] == {"type": "string", "default": "-updated_at"}
    comments = {one["name"]: one["schema"] for one in document["paths"]["/api/comments"]["get"]["parameters"]}
    assert comments["sort"]["default"] == "created_at"


def test_a_record_has_all_of_its_members(document, staff):
    schema = document["components"]["schemas"]["customer"]
    assert set(schema["required"]) == set(schema["properties"]) - {"deleted_at"} == set(create(staff))


def problem_schema(document, method, path, status):
    reference = document["paths"][path][method]["responses"][status]["$ref"]
    schema = resolve(document, reference)["content"]["application/problem+json"]["schema"]
    return jsonschema.Draft202012Validator(resolve_schema(document, schema))


def test_conflicts_and_leases_are_described(make_server):
    server = make_server()
    owner, other = server.login(), server.login("staff01@demo.test")
    document = owner.get("/api/openapi.json").json()
    record = create(owner)
    path = f"/api/customers/{record['id']}"
    owner.patch(path, {"version": 1, "phone": "1"})
    stale = owner.patch(path, {"version": 1, "phone": "2"})
    assert stale.status == 409
    problem_schema(document, "patch", "/api/customers/{id}", "409").validate(stale.json())
    settings = owner.get("/api/settings")["items"][0]
    owner.patch(f"/api/settings/{settings['id']}", {"version": settings["version"], "binding_leases": ["customers"]})
    assert other.post("/api/leases/take", {"subject": record["id"]}, key=None).status == 200
    leased = owner.patch(path, {"version": 2, "phone": "3"})
    assert leased.status == 423 and leased["holder"]["id"] == other.user["id"]
    problem_schema(document, "patch", "/api/customers/{id}", "423").validate(leased.json())


def test_how_long_keys_are_kept_is_published(make_server):
    server = make_server("--key-retention-hours", "48")
    document = server.client().get("/api/openapi.json").json()
    assert document["info"]["x-keys-kept-seconds"] == 48 * 3600
    assert server.login().get("/api/sessions/current")["keys_kept_seconds"] == 48 * 3600


def test_a_secret_that_is_shown_once_is_described_where_it_is_shown(document, staff):
    body = schema_of(document, "/api/api-tokens", "post", "201")
    made = staff.post("/api/api-tokens/create", {"name": "robot", "permissions": ["customers.read"]}).json()
    assert set(made) == set(body["properties"]) == set(body["required"])
    assert "token" in made and "token" not in document["components"]["schemas"]["token"]["properties"]


def test_problems_are_as_described(document, staff):
    schema = resolve_schema(document, document["components"]["schemas"]["problem"])
    for answer in (staff.post("/api/customers", {}), staff.get(f"/api/customers/{new_id('customer')}"), staff.post("/api/customers", {"name": "x"}, key=None)):
        jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)


def test_requests_are_as_described(document):
    body = document["paths"]["/api/customers"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator(resolve_schema(document, body))
    validator.validate({"name": "Ana", "tags": ["a"], "id": new_id("customer")})
    for bad in ({}, {"name": "x" * 201}, {"name": "x", "colour": "red"}, {"name": 7}, {"name": "x", "tags": ["a"] * 51}):
        assert list(validator.iter_errors(bad)), bad
