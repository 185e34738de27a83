# SPDX-License-Identifier: Apache-2.0
"""Many tenants for P11: made through the server's control socket, as the command line does."""

import json
import os
import socket
import time
import uuid

from harness import PASSWORD, NotMeasured, Server, settle

BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
TENANT_S_MAX = 30  # from its creation until its lane has answered
STAFF = "staff01@demo.test"  # belongs to `demo`; the busy tenants admit the same person


def new_type_id(prefix):
    """A TypeID: a UUIDv7 in 26 characters of Crockford's base32."""
    number = (time.time_ns() // 1_000_000 << 80) | (7 << 76) | (2 << 62)
    number |= uuid.uuid4().int & ((1 << 62) - 1) | (uuid.uuid4().int & 0xFFF) << 64
    digits = ""
    for _ in range(26):
        digits = BASE32[number & 31] + digits
        number >>= 5
    return f"{prefix}_{digits}"


class Control:
    """One connection to the control socket in a data directory: a JSON object a line, one line back."""

    def __init__(self, data):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(os.path.join(data, "control.sock"))
        self.answers = self.socket.makefile("r")

    def call(self, **request):
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(self.answers.readline() or '{"error":"the server closed the control socket"}')
        if "error" in answer:
            raise NotMeasured(f"{request.get('operation') or request.get('verb')}: {answer['error']}")
        return answer["result"]

    def operate(self, tenant, operation, request):
        """One operation as the system; its answer's body."""
        answer = self.call(tenant=tenant, operation=operation, request=request)
        if answer["status"] >= 300:
            raise NotMeasured(f"{operation}: {answer['body']}")
        return answer["body"]

    def close(self):
        self.answers.close()
        self.socket.close()


def make_tenant(control, slug):
    tenant = new_type_id("tenant")
    control.operate("platform", "tenants/create", {"id": tenant, "slug": slug, "name": f"Bench {slug}"})
    until = time.monotonic() + TENANT_S_MAX
    while not control.call(verb="await_active", tenant=slug):
        if time.monotonic() > until:
            raise NotMeasured(f"tenant {slug} did not become active")
    return tenant


def admit_staff(control, tenant):
    person = {"email": STAFF, "name": "Staff"}
    admitted = control.operate("platform", "members/admit", {"tenant": tenant, "user": new_type_id("user"), **person})
    control.operate(tenant, "users/admit", {"id": admitted["user"], "role": "staff", "scopes": ["customers:all"],
                                            **person})


def make_tenants(bench, tenants, busy, records, *arguments):
    """A data directory with so many tenants besides the demo's, of which the busy ones have records and a member of
    staff. Answers the directory and the log-ins of the busy ones. `arguments` go to the server."""
    data = bench.demo_data()
    logins = []
    with Server(bench, data, *arguments) as server:
        control = Control(data)
        for number in range(tenants):
            slug = f"bench-{number:04d}"
            tenant = make_tenant(control, slug)
            if number < busy:
                admit_staff(control, tenant)
                logins.append(f"{slug}/{STAFF}:{PASSWORD}")
        control.close()
        for login in logins:
            bench.load("create", server.url, "--connections", 64, "--operations", records, "--warmup", 0,
                       "--ordered-keys", logins=[login])
    settle()
    return data, logins
