# SPDX-License-Identifier: Apache-2.0
"""Many clients that send a byte a second: others are served meanwhile, and the slow ones are closed."""

import asyncio

import harness

EACH = 150


async def drip(server, head):
    """Sends a head, then a byte a second: what the server said until it closed."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    answer = asyncio.create_task(reader.read())
    try:
        writer.write(head)
        while not answer.done():
            await asyncio.wait([answer], timeout=1)
            writer.write(b"x")
        return await answer
    except ConnectionError:
        return b""
    finally:
        answer.cancel()
        writer.close()


def test_dripping_headers_and_bodies_hold_nobody_up(server, staff):
    host = f"Host: {server.host}:{server.port}\r\n".encode()
    heads = [b"GET /api/customers HTTP/1.1\r\n" + host + b"X-Slow: "] * EACH
    heads += [b"POST /api/sessions HTTP/1.1\r\n" + host + b"Content-Length: 100000\r\n\r\n"] * EACH
    heads += [b""] * EACH

    async def together():
        slow = [asyncio.create_task(drip(server, head)) for head in heads]
        served = 0
        async with harness.session(staff) as http:
            while not all(one.done() for one in slow):
                answer = await harness.send(http, "GET", "/api/customers?limit=1")
                assert answer.status == 200
                served += 1
                await asyncio.wait(slow, timeout=0.2)
        return served, [await one for one in slow]

    served, said = harness.run(together(), 60)  # each of them was closed
    assert served > 5
    assert not [answer for answer in said if answer and b" 408 " not in answer.split(b"\r\n")[0]]
    assert sum(1 for answer in said if answer) > EACH
    assert server.client().get("/healthz").status == 200
