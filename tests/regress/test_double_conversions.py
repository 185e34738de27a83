# SPDX-License-Identifier: Apache-2.0
"""Conversions that were done twice in well-known products; what happened there must not be possible here."""

import asyncio
import random

import pytest

import harness
from flows import create, history, together

# races.md row 21: EspoCRM #3499, NPSP #2683 ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(people):
    """Everybody of the agency who may convert."""
    return [people(f"{name}@agency.test") for name in ("owner", "admin", "staff01", "staff02", "staff03")]


@pytest.fixture(scope="module")
def product(crowd):
    partner = create(crowd[0], "partners", name="Riverside")
    return create(crowd[0], "products", partner=partner["id"], name="Nursing")


@pytest.fixture
def everybody(crowd):
    """All of them see all clients for this test."""
    return crowd[:2]


def draft(who, product):
    customer = create(who)
    return create(who, "interested-services", customer=customer["id"], product=product["id"])


def convert(who, service, key=harness.AUTO):
    return who.post("/api/interested-services/convert", {"id": service["id"]}, key=key)


def check_one(who, service, answers):
    assert {answer.status for answer in answers} == {200}
    assert [answer["created"] for answer in answers if not answer.replayed].count(True) == 1
    assert len({answer["application"]["id"] for answer in answers}) == 1
    held = who.items("/api/applications", customer=service["customer"])
    assert [one["id"] for one in held] == [answers[0]["application"]["id"]]
    assert len(who.items("/api/activities", subject=service["customer"])) == 1, "the timeline tells it once"
    assert len(history(who, service, "interested-services")) == 2


def test_ten_people_at_once_made_ten_applications(crowd, product):
    for _ in range(10):
        service = draft(crowd[0], product)
        answers = together(10, lambda n: convert(crowd[n % 2], service))
        check_one(crowd[0], service, answers)


def test_ten_quick_clicks_made_several_applications(crowd, product):
    for _ in range(10):
        service, key = draft(crowd[0], product), harness.unique_key()
        answers = together(10, lambda n: convert(crowd[0], service, key))
        check_one(crowd[0], service, answers)
        assert len({answer.body for answer in answers}) == 1


def test_a_click_from_each_of_four_pages_made_four_applications(crowd, product):
    """The pages of client, user, partner and product, open side by side, each with a key and a user of its own."""
    admin = crowd[1]
    for person in crowd[2:]:
        customer = create(admin, assigned_to=person.user["id"])
        service = create(admin, "interested-services", customer=customer["id"], product=product["id"])
        pages = [crowd[0], admin, person, person]
        check_one(admin, service, together(4, lambda n: convert(pages[n], service)))


def test_conversions_deletions_and_restores_crossed(crowd, product):
    """Whatever comes between: a service has one live application while it is converted, and none while it is a draft."""
    owner = crowd[0]
    service = draft(owner, product)
    chosen = random.Random(21)  # the seed repeats the order of the requests, not their timing
    known = []

    async def work():
        async with harness.session(owner) as http, harness.session(crowd[1]) as other:

            async def one(number):
                kind = chosen.random()
                client = other if number % 2 else http
                if kind < 0.5 or not known:
                    body = {"id": service["id"]}
                    answer = await harness.send(client, "POST", "/api/interested-services/convert", body, harness.AUTO)
                    assert answer.status == 200, answer
                    known.append(answer["application"]["id"])
                elif kind < 0.8:
                    path = f"/api/applications/{chosen.choice(known)}"
                    answer = await harness.send(client, "DELETE", path, None, None, {"If-Match": "*"})
                    assert answer.status in (200, 404), answer
                else:
                    body = {"id": chosen.choice(known)}
                    answer = await harness.send(client, "POST", "/api/applications/restore", body, harness.AUTO)
                    assert answer.status == 200 or answer.code == "interested_service_converted", answer

            async def look():
                """One view at a time: a page of services and one of applications as of the same sequence, or a later one."""
                for _ in range(60):
                    page = await harness.send(http, "GET", f"/api/applications?customer={service['customer']}")
                    assert len(page["items"]) <= 1, page
                    await asyncio.sleep(0)

            await asyncio.gather(look(), *(one(number) for number in range(300)))

    harness.run(work())
    now = owner.get(f"/api/interested-services/{service['id']}")
    held = owner.items("/api/applications", customer=service["customer"])
    assert [one["id"] for one in held] == ([now["application"]] if now["status"] == "converted" else [])


def test_a_conversion_after_a_lost_answer_made_another(make_server):
    """The server is killed after the commit, before the client has heard: the repeat finds the application."""
    server = make_server()
    owner = server.login("owner@agency.test")
    product = owner.get("/api/products", limit=1)["items"][0]
    service, key = draft(owner, product), harness.unique_key()
    first = convert(owner, service, key)
    server.kill()
    server.start()
    owner = server.login("owner@agency.test")
    again = convert(owner, service, key)
    assert again.replayed and again.body == first.body
    other = convert(owner, service)
    assert other["created"] is False and other["application"] == first["application"]
    assert len(owner.items("/api/applications", customer=service["customer"])) == 1
