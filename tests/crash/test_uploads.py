# SPDX-License-Identifier: Apache-2.0
"""The process is killed with -9 in the middle of uploads, again and again: no record is without its content, what was
acknowledged is there with the right bytes, and what was cut off leaves no draft behind the next start."""

import http.client
import os
import random
import threading

import harness
from files import content_of, drafts, pdf, sha256, upload, uploaded
from harness import wait_for

SEED = int(os.environ.get("INTERLOCK_CRASH_SEED") or random.randrange(1 << 32))
KILLS = int(os.environ.get("INTERLOCK_CRASH_KILLS") or 12)
UPLOADERS = 6
LOST = (OSError, http.client.HTTPException)


class Uploads:
    """What was sent, by key, and what was answered."""

    def __init__(self, server):
        self.server = server
        self.chance = random.Random(SEED)
        self.sent, self.answered = {}, {}
        self.mutex = threading.Lock()

    def next(self):
        with self.mutex:
            key = harness.unique_key()
            content = pdf(f"{SEED} {len(self.sent)} " + "x" * self.chance.randrange(400_000))
            self.sent[key] = content
            return key, content

    def work(self, client):
        while True:
            key, content = self.next()
            try:
                answer = upload(client, content, key=key)
            except LOST:
                return
            assert answer.status == 201, answer
            with self.mutex:
                self.answered[key] = answer.json()

    def round(self):
        """Uploads until some were answered, kills the server in the middle of others, and starts it again."""
        client = self.server.login()
        before = len(self.answered)
        threads = [threading.Thread(target=self.work, args=(client,)) for _ in range(UPLOADERS)]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(self.answered) >= before + self.chance.randrange(1, 20), what="uploads")
        self.server.kill()
        for thread in threads:
            thread.join()
        self.server.start()


def test_kill_9_in_the_middle_of_uploads(make_server):
    print(f"INTERLOCK_CRASH_SEED={SEED}")
    server = make_server()
    uploads = Uploads(server)
    for _ in range(KILLS):
        uploads.round()
        assert drafts(server) == []
        assert server.command("check").returncode == 0, server.command("check").stdout
    client = server.login()
    for key, file in uploads.answered.items():
        assert content_of(client, file).body == uploads.sent[key]
        assert upload(client, uploads.sent[key], key=key).json() == file
    for key in uploads.sent.keys() - uploads.answered.keys():
        answer = upload(client, uploads.sent[key], key=key)
        assert answer.status == 201 and answer["sha256"] == sha256(uploads.sent[key])
    there = client.items("/api/files", limit=1000)
    assert len(there) == len(uploads.sent), "each key made one record"
    uploaded(client, pdf("and on it goes"))
