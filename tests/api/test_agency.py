# SPDX-License-Identifier: Apache-2.0
"""A1, A2, A3: clients, partners, products, interested services and applications of an agency; who sees which."""

import asyncio
import uuid

import pytest

import harness
from flows import batch_atomic, batch_each, batch_item, create, history, new_id, patch, read, refused

STATES = {
    "draft": {"submitted", "withdrawn"},
    "submitted": {"draft", "offered", "refused", "withdrawn"},
    "offered": {"accepted", "refused", "withdrawn"},
    "accepted": {"withdrawn"},
    "refused": {"draft"},
    "withdrawn": {"draft"},
}


@pytest.fixture(scope="module")
def agency(people):
    """agency("staff01"): a client of `server` as that person of the demo agency."""
    return lambda name: people(f"{name}@agency.test")


@pytest.fixture(scope="module")
def boss(agency):
    return agency("admin")


@pytest.fixture(scope="module")
def ana(agency):
    return agency("staff01")


@pytest.fixture(scope="module")
def ben(agency):
    return agency("staff02")


@pytest.fixture(scope="module")
def product(boss):
    partner = create(boss, "partners", name="Riverside " + uuid.uuid4().hex[:6])
    return create(boss, "products", partner=partner["id"], name="Nursing", price_minor=250_000)


@pytest.fixture
def client_of_ana(boss, ana):
    return create(boss, assigned_to=ana.user["id"])


def service(who, customer, product, **more):
    return create(who, "interested-services", customer=customer["id"], product=product["id"], **more)


def convert(who, of, **more):
    return who.post("/api/interested-services/convert", {"id": of["id"], **more})


def converted(who, of):
    answer = convert(who, of)
    assert answer.status == 200, answer
    return answer["application"]


def delete(who, record, collection):
    return who.delete(f"/api/{collection}/{record['id']}", headers={"If-Match": "*"})


def restore(who, record, collection):
    return who.post(f"/api/{collection}/restore", {"id": record["id"]})


# ---- conversion ----------------------------------------------------------------------------------------------------------------------


def test_a_conversion_answers_both_records_and_tells_the_timeline(ana, client_of_ana, product):
    draft = service(ana, client_of_ana, product, note="In autumn", expected_start="2027-09-01")
    assert draft["status"] == "draft" and draft["application"] is None and draft["partner"] == product["partner"]
    answer = convert(ana, draft)
    assert answer.status == 200 and answer["created"] is True
    now, application = answer["interested_service"], answer["application"]
    assert now["status"] == "converted" and now["application"] == application["id"] and now["version"] == 2
    assert application["interested_service"] == draft["id"] and application["status"] == "draft"
    assert [application[name] for name in ("customer", "partner", "product")] == [client_of_ana["id"], product["partner"], product["id"]]
    assert application["assigned_to"] == ana.user["id"]
    timeline = ana.items("/api/activities", subject=client_of_ana["id"])
    assert [(entry["kind"], entry["text"].split(" · ")[0]) for entry in timeline] == [("conversion", "Nursing")]
    assert timeline[0]["created_by"] == ana.user["id"]


def test_whoever_reads_after_the_answer_sees_all_of_it(ana, boss, client_of_ana, product):
    """A3: the answer comes after the commit; no list is stale afterwards."""
    for number in range(20):
        answer = convert(ana, service(ana, client_of_ana, product))
        seen = {"Interlock-Min-Seq": str(answer.seq)}
        reader = boss if number % 2 else ana
        where = {"customer": client_of_ana["id"], "limit": 1000}
        for collection, member in (("interested-services", "interested_service"), ("applications", "application")):
            page = reader.get(f"/api/{collection}", headers=seen, **where)
            assert answer[member] in page["items"] and page["seq"] >= answer.seq
        assert read(reader, answer["application"], "applications") == answer["application"]
        assert len(reader.get("/api/activities", headers=seen, subject=client_of_ana["id"], limit=1000)["items"]) == number + 1


def test_a_repeat_from_anyone_answers_the_application_that_there_is(ana, boss, client_of_ana, product):
    draft = service(ana, client_of_ana, product)
    key = harness.unique_key()
    body = {"id": draft["id"]}
    first = ana.post("/api/interested-services/convert", body, key=key)
    again = ana.post("/api/interested-services/convert", body, key=key)
    assert again.replayed and again.body == first.body
    for who in (ana, boss):
        other = convert(who, draft, version=draft["version"])
        assert other.status == 200 and other["created"] is False
        assert other["application"] == first["application"] and other["interested_service"] == first["interested_service"]
    assert len(history(ana, draft, "interested-services")) == 2
    assert len(ana.items("/api/applications", customer=client_of_ana["id"])) == 1


def test_the_changes_of_a_conversion_come_together(ana, client_of_ana, product):
    """A5: one message each for service, application and activity, of one operation, in one piece."""
    draft = service(ana, client_of_ana, product)

    async def work():
        async with harness.session(ana) as http:
            async with harness.Feed(http, ["interested-services", "applications", "activities"]) as feed:
                await feed.next("heartbeat")
                await asyncio.to_thread(convert, ana, draft)
                return await feed.changes(3)

    changes = harness.run(work())
    assert {change["collection"] for change in changes} == {"interested-services", "applications", "activities"}
    assert len({change["op_seq"] for change in changes}) == 1
    assert {change["operation"] for change in changes} == {"interested-services/convert"}


def test_a_conversion_in_a_batch_may_be_referred_to(ana, client_of_ana, product):
    application = new_id("application")
    items = [
        batch_item("interested-services/create", {"customer": client_of_ana["id"], "product": product["id"]}, **{"as": "s"}),
        batch_item("interested-services/convert", {"id": "$s.id", "application": application}),
        batch_item("tasks/create", {"subject": application, "title": "Ask for the passport"}),
    ]
    answer = batch_atomic(ana, items)
    assert answer.status == 200 and answer["results"][1]["body"]["created"] is True, answer
    assert [task["title"] for task in ana.items("/api/tasks", subject=application)] == ["Ask for the passport"]


def test_bad_conversions_are_told_what_is_wrong(ana, boss, client_of_ana, product):
    draft = service(ana, client_of_ana, product)
    refused(convert(ana, {"id": new_id("interested_service")}), 404, "not_found")
    refused(convert(ana, {"id": "nonsense"}), 404, "not_found")
    refused(convert(ana, {"id": client_of_ana["id"]}), 404, "not_found")
    refused(ana.post("/api/interested-services/convert", {}), 404, "not_found")
    refused(convert(ana, draft, version=7), 409, "stale_version")
    refused(convert(ana, draft, colour="red"), 422, "unknown_field", "colour")
    refused(ana.post("/api/interested-services/convert", {"id": draft["id"]}, key=None), 400, "key_missing")
    taken = converted(ana, service(ana, client_of_ana, product))
    refused(convert(ana, draft, application=taken["id"]), 409, "id_taken", "id")
    assert read(boss, draft, "interested-services") == draft
    assert delete(ana, draft, "interested-services").status == 200
    refused(convert(ana, draft), 404, "not_found")


def test_deleting_the_application_returns_its_service_to_draft(ana, client_of_ana, product):
    draft = service(ana, client_of_ana, product)
    application = converted(ana, draft)
    answer = delete(ana, application, "applications")
    assert answer.status == 200
    now = read(ana, draft, "interested-services")
    assert now["status"] == "draft" and now["application"] is None
    first, second = (history(ana, record, name)[0] for record, name in ((draft, "interested-services"), (application, "applications")))
    assert abs(first["seq"] - second["seq"]) == 1 and first["operation"] == second["operation"] == "applications/delete-any-version"
    assert converted(ana, draft)["id"] != application["id"]


def test_a_converted_service_cannot_be_deleted_nor_become_another(boss, ana, client_of_ana, product):
    draft = service(ana, client_of_ana, product)
    application = converted(ana, draft)
    problem = refused(delete(ana, draft, "interested-services"), 409, "interested_service_converted")
    assert problem["application"] == application["id"]
    other = create(boss, "products", partner=product["partner"], name="Design")
    now = read(ana, draft, "interested-services")
    answer = ana.patch(f"/api/interested-services/{draft['id']}", {"version": now["version"], "product": other["id"]})
    refused(answer, 409, "interested_service_converted")
    assert patch(ana, now, "interested-services", note="Still in autumn")["status"] == "converted"


def test_a_restored_application_has_its_service_again_or_is_refused(ana, client_of_ana, product):
    draft = service(ana, client_of_ana, product)
    first = converted(ana, draft)
    delete(ana, first, "applications")
    assert restore(ana, first, "applications").status == 200
    assert read(ana, draft, "interested-services")["application"] == first["id"]
    delete(ana, first, "applications")
    second = converted(ana, draft)
    problem = refused(restore(ana, first, "applications"), 409, "interested_service_converted")
    assert problem["application"] == second["id"]
    assert ana.get(f"/api/applications/{first['id']}").status == 404
    assert [one["id"] for one in ana.items("/api/applications", customer=client_of_ana["id"])] == [second["id"]]


# ---- applications ------------------------------------------------------------------------------------------------------------------------


def test_an_application_can_be_added_directly_and_deleted(ana, client_of_ana, product):
    made = create(ana, "applications", customer=client_of_ana["id"], product=product["id"], due_date="2026-12-24")
    assert made["interested_service"] is None and made["status"] == "draft" and made["due_date"] == "2026-12-24"
    assert delete(ana, made, "applications").status == 200
    assert ana.items("/api/applications", customer=client_of_ana["id"]) == []


@pytest.mark.parametrize("start", STATES)
def test_status_moves_as_the_table_says(ana, client_of_ana, product, start):
    for end in STATES:
        made = create(ana, "applications", customer=client_of_ana["id"], product=product["id"], status=start)
        answer = ana.post("/api/applications/set-status", {"id": made["id"], "status": end})
        if end in STATES[start]:
            assert answer.status == 200 and answer["status"] == end
        else:
            refused(answer, 409, "no_transition", "status")
    refused(ana.post("/api/applications/set-status", {"id": made["id"], "status": "lost"}), 422, "invalid_value", "status")


def test_what_is_wrong_with_a_new_one_is_named(ana, client_of_ana, product):
    good = {"customer": client_of_ana["id"], "product": product["id"]}
    for collection in ("applications", "interested-services"):
        for field in good:
            refused(ana.post(f"/api/{collection}", {**good, field: None}), 422, "required", field)
            refused(ana.post(f"/api/{collection}", {**good, field: "nonsense"}), 422, "unknown_reference", field)
            refused(ana.post(f"/api/{collection}", {**good, field: new_id(field)}), 422, "unknown_reference", field)
        refused(ana.post(f"/api/{collection}", {**good, "partner": product["partner"]}), 422, "invalid_value", "partner")
    refused(ana.post("/api/applications", {**good, "due_date": "2026-02-30"}), 422, "invalid_value", "due_date")
    refused(ana.post("/api/applications", {**good, "status": "lost"}), 422, "invalid_value", "status")
    refused(ana.post("/api/interested-services", {**good, "status": "converted"}), 422, "invalid_value", "status")
    backwards = {"expected_start": "2027-01-02", "expected_end": "2027-01-01"}
    refused(ana.post("/api/interested-services", {**good, **backwards}), 422, "invalid_value", "expected_end")


def test_what_others_refer_to_stays(boss, ana, client_of_ana, product):
    made = create(ana, "applications", customer=client_of_ana["id"], product=product["id"])
    for record, collection in ((client_of_ana, "customers"), (product, "products"), ({"id": product["partner"]}, "partners")):
        refused(delete(boss, record, collection), 409, "referenced")
    delete(ana, made, "applications")
    assert delete(boss, client_of_ana, "customers").status == 200


# ---- catalogue -----------------------------------------------------------------------------------------------------------------------------


def test_the_products_of_a_partner_page_by_page(boss, ana):
    partner = create(boss, "partners", name="Alpine", website="https://alpine.example", kind="university", tags=["preferred"])
    names = sorted(f"Course {uuid.uuid4().hex[:6]}" for _ in range(7))
    for name in names:
        create(boss, "products", partner=partner["id"], name=name, kind="diploma")
    assert [one["name"] for one in ana.items("/api/products", partner=partner["id"], limit=3)] == names
    assert [one["id"] for one in ana.items("/api/products", q=names[0])] and ana.items("/api/partners", tags="preferred", kind="university")


def test_prices_are_whole_minor_units_with_a_currency(boss):
    partner = create(boss, "partners", name="Alpine")
    make = lambda **more: boss.post("/api/products", {"partner": partner["id"], "name": "x", **more})
    assert make(price_minor=12_50)["currency"] == "AUD", "the tenant's own"
    assert make(price_minor=12_50, currency="CHF")["currency"] == "CHF" and make()["currency"] == ""
    refused(make(price_minor=-1), 422, "out_of_range", "price_minor")
    refused(make(price_minor=1, currency="XX"), 422, "invalid_value", "currency")
    refused(boss.post("/api/partners", {"name": "x", "website": "javascript:alert(1)"}), 422, "invalid_value", "website")


# ---- who may, who sees ------------------------------------------------------------------------------------------------------------------------


def test_each_role_may_what_it_may(agency, boss, ana, client_of_ana, product):
    draft = service(ana, client_of_ana, product)
    for collection in ("partners", "products", "interested-services", "applications", "tasks", "notes", "checklist-items"):
        assert agency("viewer").get(f"/api/{collection}").status == 200, collection
        refused(agency("guest").get(f"/api/{collection}"), 403, "forbidden")
        refused(agency("viewer").post(f"/api/{collection}", {}), 403, "forbidden")
    for name in ("viewer", "guest"):
        refused(convert(agency(name), draft), 403, "forbidden")
    refused(delete(ana, product, "products"), 403, "forbidden")
    assert patch(ana, product, "products", duration="2 years")["duration"] == "2 years"


def test_the_module_is_off_where_the_tenant_has_not_chosen_it(people, owner):
    """The demo company has no agency; its customers can have notes and tasks all the same."""
    refused(owner.post("/api/interested-services", {"customer": "x", "product": "y"}), 403, "module_off")
    refused(owner.post("/api/partners", {"name": "x"}), 403, "module_off")
    customer = create(owner)
    create(owner, "notes", subject=customer["id"], text="x")
    create(owner, "tasks", subject=customer["id"], title="x")


def test_another_tenants_ids_are_the_same_404(ana, stranger, client_of_ana, product):
    draft = service(ana, client_of_ana, product)
    for record, collection in ((draft, "interested-services"), (converted(ana, draft), "applications"), (product, "products")):
        prefix = record["id"].rsplit("_", 1)[0]
        foreign = stranger.get(f"/api/{collection}/{record['id']}")
        absent = stranger.get(f"/api/{collection}/{new_id(prefix)}")
        assert foreign.status == 404 and foreign.body == absent.body
        assert stranger.get(f"/api/{collection}/{record['id']}/history").status == 404


class Scene:
    """Two clients with everything that can hang on one: Ana's, and one that is nobody's."""

    def __init__(self, boss, ana, product):
        self.word = "w" + uuid.uuid4().hex
        self.mine = create(boss, assigned_to=ana.user["id"], name=f"{self.word} mine")
        self.hidden = create(boss, name=f"{self.word} hidden")
        self.records = {who["id"]: self.fill(boss, who, product) for who in (self.mine, self.hidden)}

    def fill(self, boss, customer, product):
        draft = service(boss, customer, product)
        application = converted(boss, draft)
        on = {"subject": application["id"]}
        return {
            "interested-services": read(boss, draft, "interested-services"),
            "applications": application,
            "tasks": create(boss, "tasks", title=self.word, **on),
            "notes": create(boss, "notes", text=self.word, **on),
            "checklist-items": create(boss, "checklist-items", name=self.word, **on),
            "activities": create(boss, "activities", text=self.word, **on),
            "comments": create(boss, "comments", text=self.word, **on),
        }


@pytest.fixture(scope="module")
def scene(boss, ana, product):
    return Scene(boss, ana, product)


def test_clients_assigned_to_me_get_and_history(scene, ana, ben):
    for collection, record in scene.records[scene.mine["id"]].items():
        for suffix in ("", "/history"):
            assert ana.get(f"/api/{collection}/{record['id']}{suffix}").status == 200, collection
            assert ben.get(f"/api/{collection}/{record['id']}{suffix}").status == 404, collection
    for collection, record in scene.records[scene.hidden["id"]].items():
        absent = ana.get(f"/api/{collection}/{new_id(record['id'].rsplit('_', 1)[0])}")
        hidden = ana.get(f"/api/{collection}/{record['id']}")
        assert (hidden.status, hidden.body) == (404, absent.body), collection


def test_clients_assigned_to_me_lists_and_search(scene, ana, ben, product):
    for collection in scene.records[scene.mine["id"]]:
        wanted = scene.records[scene.mine["id"]][collection]["id"]
        hidden = scene.records[scene.hidden["id"]][collection]["id"]
        where = {"product": product["id"]} if collection in ("interested-services", "applications") else {"created_at.min": scene.mine["created_at"]}
        ids = {one["id"] for one in ana.items(f"/api/{collection}", **where)}
        assert wanted in ids and hidden not in ids, collection
        assert wanted not in {one["id"] for one in ben.items(f"/api/{collection}", **where)}, collection
    for collection in ("tasks", "notes"):
        assert [one["id"] for one in ana.items(f"/api/{collection}", q=scene.word)] == [scene.records[scene.mine["id"]][collection]["id"]]
    for collection, by in (("interested-services", "customer"), ("applications", "customer"), ("tasks", "subject"), ("comments", "subject")):
        subject = scene.hidden if by == "customer" else scene.records[scene.hidden["id"]]["applications"]
        assert ana.get(f"/api/{collection}", **{by: subject["id"]}).status == 404, collection


def test_clients_assigned_to_me_writing_and_batch(scene, ana, product):
    hidden = scene.records[scene.hidden["id"]]
    application = hidden["applications"]["id"]
    for collection, fields in (("tasks", {"title": "x"}), ("notes", {"text": "x"}), ("checklist-items", {"name": "x"}), ("comments", {"text": "x"}), ("activities", {"text": "x"})):
        refused(ana.post(f"/api/{collection}", {"subject": application, **fields}), 404, "not_found", "subject")
    for collection in ("interested-services", "applications"):
        body = {"customer": scene.hidden["id"], "product": product["id"]}
        refused(ana.post(f"/api/{collection}", body), 422, "unknown_reference", "customer")
    refused(convert(ana, hidden["interested-services"]), 404, "not_found")
    refused(ana.post("/api/applications/set-status", {"id": application, "status": "submitted"}), 404, "not_found")
    items = [batch_item("interested-services/convert", {"id": hidden["interested-services"]["id"]})]
    items += [batch_item(f"{name}/delete", {"id": record["id"], "version": "*"}) for name, record in hidden.items() if name not in ("comments", "activities")]
    assert {result["status"] for result in batch_each(ana, items)} == {404}


def test_clients_assigned_to_me_feed(scene, ana, boss):
    """Live, and what was missed: changes of one's own clients' things only; they go with the client and come back."""
    collections = ["interested-services", "applications", "tasks", "notes", "checklist-items", "comments"]
    start = boss.get("/api/customers", limit=1)["seq"]

    async def work():
        async with harness.session(ana) as http:
            async with harness.Feed(http, collections) as live:
                await live.next("heartbeat")
                for customer in (scene.hidden, scene.mine):
                    task = read(boss, scene.records[customer["id"]]["tasks"], "tasks")
                    patch(boss, task, "tasks", title=scene.word + " changed")
                first = await live.next("change")
                moved = read(boss, scene.mine)
                patch(boss, moved, assigned_to=None)
                gone = await live.next("gone", "change")
                patch(boss, read(boss, scene.mine), assigned_to=ana.user["id"])
                back = await live.next("back", "change", "gone")
            async with harness.Feed(http, collections, since=start) as resumed:
                again = await resumed.next("change")
            return first, gone, back, again

    first, gone, back, again = harness.run(work())
    assert first["id"] == again["id"] == scene.records[scene.mine["id"]]["tasks"]["id"]
    assert (gone["type"], gone["id"], gone["dependants"]) == ("gone", scene.mine["id"], "gone")
    assert (back["type"], back["id"], back["dependants"]) == ("back", scene.mine["id"], "back")
