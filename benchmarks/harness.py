# SPDX-License-Identifier: Apache-2.0
"""What every figure needs: a place on a real disk, programs that are started and stopped, and the load generator."""

import json
import os
import pwd
import select
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request

BENCHMARKS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCHMARKS)
PASSWORD = "demo-password"
RECORDS = 10_000
CONNECTIONS = 64
START_S_MAX = 120
STOP_S_MAX = 15


class NotMeasured(Exception):
    """A figure that could not be taken, with the reason."""


def say(text):
    print(text, flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def median(values):
    return statistics.median(values)


class Process:
    """A program in the background whose output goes to a file; stopped by its process id."""

    def __init__(self, command, log, **options):
        self.log_path = log
        with open(log, "ab") as output:
            self.popen = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, **options)
        self.pid = self.popen.pid

    def stop(self, how=signal.SIGTERM):
        if self.popen.poll() is None:
            self.popen.send_signal(how)
            try:
                self.popen.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        return self.popen.returncode

    def tail(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()[-600:]

    def wait_for(self, condition, what):
        until = time.monotonic() + START_S_MAX
        while time.monotonic() < until:
            if condition():
                return
            if self.popen.poll() is not None:
                raise NotMeasured(f"{what} ended with {self.popen.returncode}: {self.tail()}")
            time.sleep(0.005)
        self.stop()
        raise NotMeasured(f"{what} was not ready in {START_S_MAX} s: {self.tail()}")


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


class Server(Process):
    """`interlock serve` on a data directory of its own, stopped at the end of a `with`."""

    def __init__(self, bench, data, *arguments, demo=True):
        self.port = free_port()
        self.url = f"127.0.0.1:{self.port}"
        self.data = data
        binary = bench.program("interlock")
        command = [binary, "serve", "--listen", self.url, "--data", data]
        self.started = time.monotonic()
        super().__init__(command + (["--demo"] if demo else []) + list(arguments), bench.path("server.log"))
        self.wait_for(lambda: answers(f"http://{self.url}/healthz"), "the server")
        self.first_answer_s = time.monotonic() - self.started

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def memory_kib(self):
        """Resident and proportional set size."""
        sizes = {}
        with open(f"/proc/{self.pid}/smaps_rollup") as rollup:
            for line in rollup:
                name, _, rest = line.partition(":")
                if name in ("Rss", "Pss"):
                    sizes[name.lower()] = int(rest.split()[0])
        return sizes

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Postgres:
    """A private PostgreSQL cluster with Debian's defaults, on a free port; runs as `postgres` when we are root."""

    def __init__(self, bench):
        self.bin = next((p for p in ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin",
                                     "/usr/lib/postgresql/17/bin") if os.path.exists(p)), None)
        if not self.bin:
            raise NotMeasured("PostgreSQL is not installed (apt-get install postgresql)")
        self.dir = bench.path("postgres")
        os.makedirs(self.dir)
        self.user = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.dir, owner.pw_uid, owner.pw_gid)
            self.user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        self.port = free_port()
        self.url = f"postgres://bench@127.0.0.1:{self.port}/postgres"
        cluster = os.path.join(self.dir, "cluster")
        subprocess.run([f"{self.bin}/initdb", "-D", cluster, "-A", "trust", "-U", "bench", "--locale=C.UTF-8"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/", **self.user)
        self.process = Process([f"{self.bin}/postgres", "-D", cluster, "-p", str(self.port), "-k", self.dir,
                                "-c", "listen_addresses=127.0.0.1"], bench.path("postgres.log"), cwd="/", **self.user)
        ready = [f"{self.bin}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        self.process.wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")

    def stop(self):
        self.process.stop(signal.SIGINT)


class NodePeer(Process):
    """The peer of P4: Fastify and pg. Its packages are installed beside the measurements, never into the tree."""

    def __init__(self, bench, postgres):
        home = bench.path("node-postgres")
        if not os.path.isdir(home):
            shutil.copytree(os.path.join(BENCHMARKS, "peers", "node-postgres"), home,
                            ignore=shutil.ignore_patterns("node_modules"))
            done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home,
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                shutil.rmtree(home)
                raise NotMeasured("npm ci of the Node.js peer failed: " + done.stderr[-300:])
        port = free_port()
        self.url = f"127.0.0.1:{port}"
        environment = dict(os.environ, DATABASE_URL=postgres.url, PORT=str(port), RECORDS=str(RECORDS))
        log = bench.path(f"node-{port}.log")
        super().__init__(["node", "server.js"], log, cwd=home, env=environment)
        self.wait_for(lambda: "ready" in self.tail(), "the Node.js peer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Bench:
    """One run: the options, the work directory, and the results so far."""

    def __init__(self, build, work_parent, repetitions, seconds):
        self.build = build
        self.repetitions = repetitions
        self.seconds = seconds
        self.work = tempfile.mkdtemp(prefix="interlock-bench-", dir=work_parent)
        os.chmod(self.work, 0o755)
        self.results = []
        self.kept = {}

    def path(self, *parts):
        return os.path.join(self.work, *parts)

    def program(self, name):
        for folder in ("", "benchmarks", "src/server", "bin"):
            candidate = os.path.join(self.build, folder, name)
            if os.access(candidate, os.X_OK) and os.path.isfile(candidate):
                return candidate
        raise NotMeasured(f"{name} is not built in {self.build}")

    def demo_data(self):
        """A fresh copy of a seeded data directory, so that every repetition starts from the same bytes."""
        template = self.path("demo-template")
        if not os.path.isdir(template):
            os.makedirs(template)
            Server(self, template).stop()
        copy = tempfile.mkdtemp(prefix="data-", dir=self.work)
        shutil.rmtree(copy)
        shutil.copytree(template, copy, ignore=shutil.ignore_patterns("*.sock", "*.lock", "control*"))
        settle()
        return copy

    def load(self, mode, url, *arguments, logins=("demo",), check=True):
        """Runs the load generator and returns its line."""
        command = self.load_command(mode, url, *arguments, logins=logins)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
        if done.returncode != 0:
            raise NotMeasured("load generator: " + done.stderr[-400:])
        line = json.loads(done.stdout)
        if check and line.get("ok") == 0:
            raise NotMeasured(f"no 2xx answer: {line.get('statuses')} {line.get('first_failure', '')}")
        return line

    def load_command(self, mode, url, *arguments, logins=("demo",)):
        command = [self.program("interlock-load"), mode, "--url", url]
        for login in logins:
            if login == "demo":
                for user in range(1, 9):
                    command += ["--login", f"staff{user:02d}@demo.test:{PASSWORD}"]
            else:
                command += ["--login", login]
        return command + [str(argument) for argument in arguments]

    def raw(self, operations, group=CONNECTIONS, records=RECORDS, keys="random"):
        """Operations a second of the raw SQLite loop, on the same disk."""
        folder = tempfile.mkdtemp(prefix="raw-", dir=self.work)
        settle()
        done = subprocess.run([self.program("raw-sqlite"), str(group), str(operations), str(records), keys],
                              cwd=folder, capture_output=True, text=True, check=True)
        shutil.rmtree(folder)
        return float(done.stdout.split("keys: ")[1].split()[0])

    def add(self, figure, workload, measured, unit, against, ratio, must, goal, lower_is_better=False, **details):
        row = {"figure": figure, "workload": workload, "measured": measured, "unit": unit, "against": against,
               "ratio": ratio, "must": must, "goal": goal, "details": details}
        row["verdict"] = verdict(ratio, must, goal, lower_is_better)
        self.results.append(row)
        say(f"   {figure} {workload}: {shown(measured)} {unit}, figure {shown(ratio)} "
            f"(must {shown(must)}, goal {shown(goal)}): {row['verdict']}")

    def remove_work(self):
        shutil.rmtree(self.work, ignore_errors=True)


def settle():
    """Writes of the preparation must not be paid for by the measurement."""
    os.sync()


def verdict(value, must, goal, lower_is_better):
    if must is None:
        return "shown"
    sign = -1 if lower_is_better else 1
    if sign * value >= sign * goal:
        return "goal"
    return "must" if sign * value >= sign * must else "BELOW MUST"


def shown(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def syncs_us(folder, count=400):
    """One sync of the disk: an append of 4 KiB and fdatasync, as a log does. Sorted microseconds."""
    path = os.path.join(folder, "sync-probe")
    block = os.urandom(4096)
    samples = []
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(count):
            os.write(descriptor, block)
            begin = time.monotonic_ns()
            os.fdatasync(descriptor)
            samples.append((time.monotonic_ns() - begin) / 1e3)
    finally:
        os.close(descriptor)
        os.unlink(path)
    return sorted(samples)


def disk_of(path):
    """The type of the file system that holds `path`."""
    done = subprocess.run(["findmnt", "-n", "-o", "FSTYPE", "-T", path], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def read_until_ready(process):
    """Waits for the line `ready` of a load generator's standard error."""
    until = time.monotonic() + START_S_MAX
    seen = ""
    while time.monotonic() < until:
        readable, _, _ = select.select([process.stderr], [], [], 0.1)
        if readable:
            part = os.read(process.stderr.fileno(), 4096).decode(errors="replace")
            seen += part
            if "ready" in seen:
                return
            if not part:
                break
    process.kill()
    process.wait()
    raise NotMeasured("subscribers: " + seen[-400:])
