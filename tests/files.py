# SPDX-License-Identifier: Apache-2.0
"""Files for the tests of them: small ones of each kind, and how they are sent and fetched."""

import hashlib
import http.client
import socket
import subprocess
import urllib.parse
import zlib

import harness


def png(text="a"):
    """A picture of one dot, told from others by a text."""

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    note = chunk(b"tEXt", b"note\0" + text.encode())
    return b"\x89PNG\r\n\x1a\n" + header + note + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def pdf(text="a"):
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + text.encode() + b"\n%%EOF\n"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def upload_path(name="offer.pdf", **more):
    return "/api/files?" + urllib.parse.urlencode({"name": name, **more})


def upload(client, content=None, name="offer.pdf", content_type="application/octet-stream", key=harness.AUTO, headers=None, **more):
    body = pdf() if content is None else content
    sent = {"Content-Type": content_type, **(headers or {})}
    return client.request("POST", upload_path(name, **more), body, sent, key, timeout=60)


def upload_in_chunks(client, chunks, name="offer.pdf"):
    """The same without saying how long it is."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(client.url).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {client.token}", "Idempotency-Key": harness.unique_key()}
    try:
        connection.request("POST", upload_path(name), iter(chunks), headers, encode_chunked=False)
        response = connection.getresponse()
        return harness.Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def begin_upload(server, client, length, path=None, headers=""):
    """A connection on which the head of an upload was sent; the body is the caller's."""
    connection = socket.create_connection((server.host, server.port), timeout=20)
    head = (
        f"POST {path or upload_path()} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
        f"Idempotency-Key: {harness.unique_key()}\r\nContent-Length: {length}\r\n{headers}\r\n"
    )
    connection.sendall(head.encode())
    return connection


def uploaded(client, content=None, name="offer.pdf", **more):
    answer = upload(client, content, name, **more)
    assert answer.status == 201, answer
    return answer.json()


def content_of(client, file, headers=None, query=""):
    return client.request("GET", f"/api/files/{file['id']}/content{query}", headers=headers)


def in_database(server, sql):
    """What one statement answers, a line for each row."""
    command = ["psql", "-qAt", "-d", harness.database_of(server.data), "-c", f"set search_path = interlock; {sql}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def blobs(server):
    """All contents that are kept, drafts not among them."""
    if harness.POSTGRES:
        return sorted(in_database(server, "select name from blobs"))
    return sorted(path.name for path in (server.data / "blobs").rglob("*") if path.is_file() and path.parent.name != "drafts")


def blob_path(server, file):
    found = list((server.data / "blobs").rglob(file["sha256"]))
    assert len(found) == 1
    return found[0]


def lose_blob(server, file):
    """As if whoever looks after the disk had removed it by mistake."""
    if harness.POSTGRES:
        for table in ("blobs", "blob_pieces"):
            in_database(server, f"delete from {table} where name = '{file['sha256']}'")
    else:
        blob_path(server, file).unlink()


def damage_blob(server, file):
    """Its first byte is another one."""
    if harness.POSTGRES:
        in_database(server, f"update blob_pieces set content = set_byte(content, 0, 120) where name = '{file['sha256']}'")
    else:
        path = blob_path(server, file)
        path.write_bytes(b"x" + path.read_bytes()[1:])


def drafts(server):
    return list((server.data / "blobs/drafts").glob("*"))
