# SPDX-License-Identifier: Apache-2.0
"""SIGTERM: requests are answered, the server ends with 0 in at most ten seconds, whatever clients do."""

import signal
import threading

import harness
from flows import RawSocket, create, make_tenant, read

PARTIAL = "POST /api/sessions HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"


def test_an_idle_server_ends_without_waiting_for_a_limit(make_server):
    server = make_server()
    server.terminate()
    assert server.wait(harness.STOP_SECONDS) == 0
    assert not any("stop_cut_short" in line for line in server.log)


def test_a_client_that_keeps_a_request_open_does_not_hold_the_server(make_server):
    server = make_server()
    staff = server.login("staff01@demo.test")
    customer = create(staff)
    stopped = threading.Event()

    def trickle(client):
        while not stopped.wait(0.2):
            try:
                client.send(" ")
            except OSError:
                return

    with RawSocket(server) as sending, RawSocket(server) as silent, RawSocket(server) as feed:
        for client in (sending, silent):
            client.send(PARTIAL.format(server.host, server.port))
        feed.open_feed(staff)
        sender = threading.Thread(target=trickle, args=(sending,))
        sender.start()
        server.terminate()
        assert server.wait(harness.STOP_SECONDS) == 0
        stopped.set()
        sender.join()
    server.start()
    assert read(server.login("staff01@demo.test"), customer)["version"] == customer["version"]


def test_a_second_signal_changes_nothing(make_server):
    server = make_server()
    with RawSocket(server) as client:
        client.send(PARTIAL.format(server.host, server.port))
        server.terminate()
        server.process.send_signal(signal.SIGINT)
        assert server.wait(harness.STOP_SECONDS) == 0


def test_a_new_tenant_can_be_used_when_the_command_has_ended(make_server):
    server = make_server(demo=False)
    for number in range(5):
        owner = make_tenant(server, f"tenant{number}")
        assert owner.get("/api/customers").status == 200
