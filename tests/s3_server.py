# SPDX-License-Identifier: Apache-2.0
"""A store that speaks the S3 protocol, for tests: buckets in memory, requests that are signed wrongly refused.

It verifies AWS Signature Version 4 by itself, as
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html describes it, so that what
the server under test signs is compared with a second reading of the standard. Faults: `fail_next` answers, each used
once, in place of what was asked for.
"""

import email.utils
import hashlib
import hmac
import http.server
import re
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

ACCESS_KEY = "test-access"
SECRET_KEY = "test-secret/with+signs"
REGION = "test-region-1"
SKEW_SECONDS = 900


class Fault(Exception):
    def __init__(self, status, code, message):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def signature(secret, date, region, scope, text):
    key = f"AWS4{secret}".encode()
    for part in (date, region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def canonical_query(query):
    pairs = [one.partition("=")[::2] for one in query.split("&") if one]
    coded = [[urllib.parse.quote(urllib.parse.unquote(part), safe="-_.~") for part in pair] for pair in pairs]
    return "&".join("=".join(pair) for pair in sorted(coded))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def refuse(self, fault):
        body = f'<?xml version="1.0"?><Error><Code>{fault.code}</Code><Message>{escape(fault.message)}</Message></Error>'
        self.answer(fault.status, body.encode())

    def answer(self, status, body=b"", headers=None):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def authorize(self, body):
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
            self.headers.get("Authorization", ""))
        if not found:
            raise Fault(403, "AccessDenied", "Access Denied")
        access, date, region, signed, given = found.groups()
        if access != ACCESS_KEY:
            raise Fault(403, "InvalidAccessKeyId", "The access key does not exist in our records.")
        if region != self.server.region:
            raise Fault(400, "AuthorizationHeaderMalformed", f"the region '{region}' is wrong; expecting '{self.server.region}'")
        names = signed.split(";")
        assert names == sorted(names) and {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names), names
        at = self.headers["x-amz-date"]
        if not at.startswith(date) or abs(time.time() - email.utils.mktime_tz(
                (*time.strptime(at, "%Y%m%dT%H%M%SZ")[:9], 0))) > SKEW_SECONDS:
            raise Fault(403, "RequestTimeTooSkewed", "The difference between the clocks is too large.")
        if self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            raise Fault(400, "XAmzContentSHA256Mismatch", "The provided hash does not match the body.")
        path, _, query = self.path.partition("?")
        lines = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names)
        request = "\n".join((self.command, path, canonical_query(query), lines, signed, self.headers["x-amz-content-sha256"]))
        scope = f"{date}/{region}/s3/aws4_request"
        text = "\n".join(("AWS4-HMAC-SHA256", at, scope, hashlib.sha256(request.encode()).hexdigest()))
        if not hmac.compare_digest(signature(SECRET_KEY, date, region, scope, text), given):
            raise Fault(403, "SignatureDoesNotMatch", "The signature that was computed does not match.")

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.requests.append((self.command, self.path))
            fault = self.server.fail_next.pop(0) if self.server.fail_next else self.server.fail_always
        try:
            if fault == "cut":
                self.close_connection = True
                return
            if isinstance(fault, Fault):
                raise fault
            self.authorize(body)
            path, _, query = self.path.partition("?")
            bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
            if bucket not in self.server.buckets:
                raise Fault(404, "NoSuchBucket", "The specified bucket does not exist")
            with self.server.lock:
                self.on_bucket(self.server.buckets[bucket], key, dict(urllib.parse.parse_qsl(query)), body, fault)
        except Fault as raised:
            self.refuse(raised)

    def on_bucket(self, objects, key, query, body, fault):
        if not key:
            assert self.command == "GET" and query.get("list-type") == "2"
            return self.answer(200, self.listing(objects, query))
        if self.command == "PUT":
            objects[key] = (body, time.time())
            return self.answer(200)
        if self.command == "DELETE":
            objects.pop(key, None)
            return self.answer(204)
        if key not in objects:
            raise Fault(404, "NoSuchKey", "The specified key does not exist.")
        content, kept_at = objects[key]
        headers = {"Last-Modified": email.utils.formatdate(kept_at, usegmt=True)}
        if self.command == "HEAD":
            self.send_response(200)
            for name, value in {"Content-Length": len(content), **headers}.items():
                self.send_header(name, str(value))
            return self.end_headers()
        begin, end = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups())
        if fault == "half":  # the connection breaks in the middle of the content
            self.close_connection = True
            self.send_response(206)
            self.send_header("Content-Length", str(end + 1 - begin))
            self.end_headers()
            return self.wfile.write(content[begin:(begin + end + 1) // 2])
        return self.answer(206, content[begin:end + 1], headers)

    def listing(self, objects, query):
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
        most = min(int(query.get("max-keys", 1000)), self.server.list_names_max)
        found = {}
        for key in objects:
            if key.startswith(prefix):
                rest = key[len(prefix):]
                rolled = delimiter and delimiter in rest
                found[prefix + rest.split(delimiter)[0] + delimiter if rolled else key] = rolled
        after = query.get("continuation-token") or query.get("start-after", "")
        names = [name for name in sorted(found) if name > after]
        page = names[:most]
        parts = [f"<CommonPrefixes><Prefix>{n}</Prefix></CommonPrefixes>" if found[n] else f"<Contents><Key>{n}</Key></Contents>"
                 for n in page]
        more = len(names) > len(page)
        token = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if more else ""
        return (f'<?xml version="1.0"?><ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}'
                f'{"".join(parts)}</ListBucketResult>').encode()

    do_GET = do_PUT = do_HEAD = do_DELETE = handle_one


class S3Server(http.server.ThreadingHTTPServer):
    """`with S3Server() as s3:` on a free port of the loopback address."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.RLock()
        self.buckets = {"interlock-test": {}}
        self.region = REGION
        self.requests = []
        self.fail_next = []  # each "cut", "half", None or a Fault
        self.fail_always = None
        self.list_names_max = 1000
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def url(self, bucket="interlock-test", prefix="/files/here"):
        return f"s3://{bucket}{prefix}?endpoint={self.endpoint}&region={REGION}"

    def keys(self):
        with self.lock:
            return sorted(self.buckets["interlock-test"])


KEYS = {"INTERLOCK_FILES_ACCESS_KEY": ACCESS_KEY, "INTERLOCK_FILES_SECRET_KEY": SECRET_KEY}
