# SPDX-License-Identifier: Apache-2.0
"""./run adds only what the user did not say. Run in a tree of its own, where installing and building do nothing and the
server says what it was started with."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import harness

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def tree(tmp_path):
    """A tree with ./run and stubs of what it calls."""
    tree = tmp_path / "tree"
    stubs = {
        "tools/install-dependencies": 'echo "$@" >"$(dirname "$0")/installed"',
        "tools/build": 'echo "$@" >"$(dirname "$0")/built"',
        "build/release/interlock": 'printf "%s\\n" "$@"',
    }
    for name, line in stubs.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    shutil.copy(ROOT / "run", tree / "run")
    return tree


def started(tree, *args, env=None):
    """What the server was started with."""
    done = subprocess.run(
        [tree / "run", *args], capture_output=True, text=True, check=True, timeout=60, env=harness.clean_environment(env)
    )
    return done.stdout.splitlines()


def test_run_installs_builds_and_serves_the_tree_s_own_data_with_a_demo(tree):
    assert started(tree) == ["serve", "--data", str(tree / "data"), "--demo"]
    assert (tree / "tools/installed").read_text() == "run\n"
    assert (tree / "tools/built").read_text() == "release interlock\n"


def test_arguments_are_passed_on_as_they_are(tree):
    assert started(tree, "--no-demo", "--listen", "127.0.0.1:0", "--data", "with blank") == [
        "serve", "--listen", "127.0.0.1:0", "--data", "with blank"
    ]  # fmt: skip
    assert started(tree, "--demo", "--data=x") == ["serve", "--demo", "--data=x"]


def test_what_the_configuration_file_says_is_not_overridden(tree, tmp_path):
    file = tmp_path / "interlock.toml"
    own = ["--data", str(tree / "data")]
    file.write_text('# data = "elsewhere"\nlisten = "127.0.0.1:0"\n')
    assert started(tree, "--config", str(file)) == ["serve", *own, "--demo", "--config", str(file)]
    file.write_text('  data = "elsewhere"\n')
    assert started(tree, "--config", str(file)) == ["serve", "--demo", "--config", str(file)]
    file.write_text('"data" = "elsewhere"\ndemo = false\n')
    assert started(tree, f"--config={file}") == ["serve", f"--config={file}"]
    assert started(tree, env={"INTERLOCK_CONFIG": str(file)}) == ["serve"]


def test_what_the_environment_says_is_not_overridden(tree):
    assert started(tree, env={"INTERLOCK_DATA": "elsewhere", "INTERLOCK_LISTEN": "127.0.0.1:0"}) == ["serve", "--demo"]
    assert started(tree, env={"INTERLOCK_DEMO": "false"}) == ["serve", "--data", str(tree / "data")]


def test_the_real_server_takes_what_run_passes(tree, tmp_path):
    """The file's address and directory are used."""
    binary = tree / "build/release/interlock"
    binary.unlink()
    binary.symlink_to(os.path.abspath(harness.binary()))
    data = tmp_path / "data"
    file = tmp_path / "interlock.toml"
    file.write_text(f'listen = "127.0.0.1:0"\ndata = "{data}"\n')
    process = subprocess.Popen(
        [tree / "run", "--no-demo", "--config", file],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=harness.clean_environment(),
    )  # fmt: skip
    try:
        said = process.stdout.readline()
    finally:
        process.terminate()
        process.stdout.close()
        assert process.wait(harness.STOP_SECONDS) == 0
    assert f"serves {data} on http://127.0.0.1:" in said and ":8080" not in said
    assert not (tree / "data").exists()


def test_a_misspelt_variable_ends_the_program_before_it_does_anything(tmp_path):
    done = harness.interlock("serve", data=tmp_path / "data", env={"INTERLOCK_LISTN": "127.0.0.1:0"})
    assert done.returncode == 2 and "INTERLOCK_LISTN" in done.stderr and "INTERLOCK_LISTEN" in done.stderr
    assert not (tmp_path / "data").exists()


def test_help_installs_and_builds_nothing(tree):
    said = started(tree, "--help")
    assert any("--no-demo" in line for line in said)
    assert said[-2:] == ["serve", "--help"]
    assert not (tree / "tools/installed").exists() and not (tree / "tools/built").exists()
