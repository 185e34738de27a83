# SPDX-License-Identifier: Apache-2.0
"""Each rule of tidy: what it finds, and what looks alike and is fine."""

import pytest

import cpp_text
import tidy_rules


def found(rule, files):
    return [(path, line) for path, line, _ in rule(files)]


@pytest.mark.parametrize('path, included, allowed', [
    ('src/model/tx.h', 'base/ids.h', True),
    ('src/base/ids.h', 'model/tx.h', False),
    ('src/domains/crm/customer.cpp', 'domains/platform/user.h', True),
    ('src/domains/crm/customer.cpp', 'engine/lane.h', False),
    ('src/domains/crm/customer_test.cpp', 'engine/lane.h', True),
    ('src/engine/lane.cpp', 'store/store.h', True),
    ('src/engine/lane.cpp', 'store/sqlite/file.h', False),
    ('src/engine/lane_test.cpp', 'store/sqlite/file.h', True),
    ('src/store/sqlite/file.cpp', 'store/store.h', True),
    ('src/store/store.cpp', 'store/sqlite/file.h', False),
    ('src/http/routes.cpp', 'server/config.h', False),
    ('src/http/routes_test.cpp', 'server/config.h', False),
    ('src/testing/sim_main.cpp', 'http/server.h', True),
    ('tests/fuzz/fuzz_json.cpp', 'http/server.h', True),
])
def test_include_direction(path, included, allowed):
    assert (found(tidy_rules.include_direction, {path: f'#include "{included}"\n'}) == []) == allowed


@pytest.mark.parametrize('path, included, allowed', [
    ('src/store/sqlite/file.cpp', 'sqlite3.h', True),
    ('src/store/postgres/connection.cpp', 'libpq-fe.h', True),
    ('src/engine/lane.cpp', 'libpq-fe.h', False),
    ('src/store/postgres/writer.cpp', 'sqlite3.h', False),
    ('src/engine/lane.cpp', 'sqlite3.h', False),
    ('src/testing/disk.cpp', 'sqlite3.h', False),
    ('src/http/stream.cpp', 'boost/beast/http.hpp', True),
    ('src/server/main.cpp', 'boost/beast/http.hpp', False),
    ('src/base/json.cpp', 'boost/json/basic_parser_impl.hpp', True),
    ('src/base/json.h', 'boost/json/basic_parser.hpp', False),
    ('src/model/field.cpp', 'boost/json/basic_parser.hpp', False),
    ('src/domains/crm/customer.h', 'boost/url.hpp', False),
])
def test_foreign_includes(path, included, allowed):
    assert (found(tidy_rules.foreign_includes, {path: f'#include <{included}>\n'}) == []) == allowed


def test_beast_is_counted_through_our_own_headers():
    files = {'src/http/stream.h': '#include <boost/beast/http.hpp>\n'}
    for number in range(5):
        files[f'src/http/part{number}.cpp'] = '#include "http/stream.h"\n'
    assert found(tidy_rules.beast_files, files) == [('src/http/part4.cpp', 1)]
    del files['src/http/part0.cpp']
    assert found(tidy_rules.beast_files, files) == []


def function_of(lines):
    return 'int f(int x) {\n' + '  g();\n' * (lines - 2) + '}\n'


def test_sizes():
    assert found(tidy_rules.sizes, {'src/base/a.cpp': function_of(70)}) == []
    assert found(tidy_rules.sizes, {'src/base/a.cpp': '\n' + function_of(71)}) == [('src/base/a.cpp', 2)]
    assert found(tidy_rules.sizes, {'src/base/a.cpp': '\n' * 599}) == []
    assert found(tidy_rules.sizes, {'src/base/a.cpp': '\n' * 600}) == [('src/base/a.cpp', 600)]
    assert found(tidy_rules.sizes, {'src/web/generated/a.ts': '\n' * 900}) == []
    assert found(tidy_rules.sizes, {'tools/a.py': 'def f():\n' + '    g()\n' * 70}) == [('tools/a.py', 1)]


@pytest.mark.parametrize('text, expected', [
    ('int f() {\n  return 1;\n}\n', [('f', 1, 3)]),
    ('namespace a {\nstruct S {\n  int f() const noexcept {\n    return 1;\n  }\n};\n}\n', [('f', 3, 3)]),
    ('S::S(int x)\n    : x_{x},\n      y_{x} {\n  go();\n}\n', [('S::S', 1, 5)]),
    ('void f() {\n  auto g = [](int x) {\n    if (x) {\n    }\n  };\n}\n', [('f', 1, 6)]),
    ('TEST(Lane, answers_after_commit) {\n  EXPECT_EQ(1, 1);\n}\n', [('TEST', 1, 3)]),
    ('template <class T>\nauto f(T t) -> std::vector<int>\n{\n}\n', [('f', 1, 4)]),
    ('bool operator==(A a, A b) {\n  return true;\n}\n', [('operator==', 1, 3)]),
    ('const auto table = make({\n  {1, 2},\n  {3, 4},\n});\n', []),
    ('constexpr int a[] = {\n  f(1),\n};\n', []),
    ('enum class Color {\n  red,\n};\n', []),
    ('// f() {\nauto text = "g() {";\nauto raw = R"(h() {)";\n', []),
    ('#define X(a) \\\n  void a() {}\nint f() {\n}\n', [('f', 3, 2)]),
    ('int n = 1\'000;\nint f() {\n}\n', [('f', 2, 2)]),
])
def test_functions(text, expected):
    assert [(f.name, f.line, f.lines) for f in cpp_text.functions(text)] == expected


@pytest.mark.parametrize('path, text, bad', [
    ('src/engine/a.cpp', 'auto t = std::chrono::steady_clock::now();', True),
    ('src/base/time.cpp', 'auto t = std::chrono::steady_clock::now();', False),
    ('src/engine/a.cpp', 'std::chrono::steady_clock::time_point t;', False),
    ('src/engine/a.cpp', 'auto t = time(nullptr);', True),
    ('src/engine/a.cpp', 'auto t = clock.time(nullptr);', False),
    ('src/engine/a.cpp', 'std::this_thread::sleep_for(1ms);', True),
    ('src/engine/a.cpp', '// never sleep_for(1ms) here', False),
    ('src/engine/a.cpp', 'std::random_device device;', True),
    ('src/engine/a.cpp', 'auto operand = x; operand(3);', False),
    ('src/engine/a.cpp', 'randombytes_buf(p, 8);', True),
    ('src/base/a.cpp', 'assert(x);', True),
    ('src/base/a.cpp', 'static_assert(x);', False),
    ('src/base/a.cpp', 'try { f(); } catch (...) {\n}', True),
    ('src/base/a.cpp', 'try { f(); } catch (...) { stop(); }', False),
    ('src/base/a.cpp', 'try { f(); } catch (...) {\n  // the next heartbeat looks again\n}', False),
    ('src/base/a_test.cpp', 'TEST(A, DISABLED_b) {}', True),
    ('src/store/sqlite/schema.cpp', 'exec("insert or rollback into a values (1)");', True),
    ('src/store/sqlite/schema.cpp', 'exec("select raise(rollback, \'no\')");', True),
    ('src/store/sqlite/schema.cpp', '// OR ROLLBACK is banned', False),
    ('src/store/sqlite/traps_test.cpp', 'exec("insert or rollback into a values (1)");', False),
])
def test_banned_calls(path, text, bad):
    assert bool(found(tidy_rules.banned_calls, {path: text + '\n'})) == bad


@pytest.mark.parametrize('path, text, bad', [
    ('src/engine/a.cpp', 'constexpr int retries_max = 5;', True),
    ('src/engine/a.h', 'inline constexpr std::size_t queue_max{5};', True),
    ('src/engine/a.h', 'class A {\n  static constexpr std::size_t\n      queue_depth = 5;\n};', True),
    ('src/base/limits.h', 'inline constexpr int retries_max = 5;', False),
    ('src/engine/a.cpp', 'constexpr int steps_max = limits::retries_max / 2;', False),
    ('src/engine/a.cpp', '// constexpr int retries_max = 5;', False),
    ('src/engine/a.cpp', 'const auto left = retries_max - 5;', False),
    ('src/engine/a.cpp', 'constexpr int block_bytes = 64;', False),
    ('src/engine/a_test.cpp', 'constexpr int retries_max = 5;', False),
    ('src/testing/sim_a.cpp', 'constexpr int retries_max = 5;', False),
    ('tests/fuzz/a.cpp', 'constexpr int retries_max = 5;', False),
])
def test_bounds(path, text, bad):
    assert bool(found(tidy_rules.bounds, {path: text + '\n'})) == bad


@pytest.mark.parametrize('text, lines', [
    ('switch (c) {\n  case Color::red: return 1;\n  default: return 2;\n}\n', [3]),
    ('switch (c) {\n  case Color::red: return 1;\n}\n', []),
    ('switch (c) {\n  case \'a\': return 1;\n  default: return 2;\n}\n', []),
    ('switch (c) {\n  case Color::red:\n    switch (n) {\n      case 1: break;\n      default: break;\n    }\n}\n', []),
    ('switch (n) {\n  case 1: {\n    f(A::b);\n  }\n  default: break;\n}\n', []),
])
def test_switches(text, lines):
    assert cpp_text.switches_with_default(text) == lines


SPDX = 'SPDX-License-Identifier: Apache-2.0\n'


@pytest.mark.parametrize('path, text, bad', [
    ('src/base/a.cpp', f'// {SPDX}', False),
    ('src/base/a.cpp', f'\n// {SPDX}', True),
    ('src/base/a.h', f'// {SPDX}#pragma once\n', False),
    ('src/base/a.h', f'// {SPDX}', True),
    ('run', f'#!/bin/sh\n# {SPDX}', False),
    ('run', '#!/bin/sh\n', True),
    ('README.md', '# Interlock\n', False),
    ('tests/data/a.py', '', False),
])
def test_first_lines(path, text, bad):
    assert bool(found(tidy_rules.first_lines, {path: text})) == bad


@pytest.mark.parametrize('rule, path, text, bad', [
    (tidy_rules.layout, 'src/base/a.cpp', '\tint x;', True),
    (tidy_rules.layout, 'src/base/a.cpp', '  int x;', False),
    (tidy_rules.layout, 'src/base/aB.cpp', '', True),
    (tidy_rules.layout, 'docs/guides/first-domain.md', '', False),
    (tidy_rules.layout, 'docs/guides/first_domain.md', '', True),
    (tidy_rules.words, 'README.md', 'see /work/main', True),
    (tidy_rules.words, 'packaging/package-lock.json', '"resolved": "https://host/a.tgz"', True),
    (tidy_rules.words, 'web/package-lock.json', '"resolved": "client"', False),
    (tidy_rules.words, 'packaging/package-lock.json', '"integrity": "sha512-a"', False),
    (tidy_rules.open_ends, 'src/base/a.cpp', '// TODO: more', True),
    (tidy_rules.open_ends, 'src/base/a.cpp', '// to do it', False),
])
def test_text_rules(rule, path, text, bad):
    assert bool(found(rule, {path: text})) == bad


TREE = {
    'src/engine/lane_test.cpp': 'TEST_F(Lane, answers_after_commit) {}\n',
    'tests/api/test_customers.py': 'class TestMerge:\n    def test_clash(self): ...\n',
}


@pytest.mark.parametrize('cell, problems', [
    ('`Lane.answers_after_commit`', 0),
    ('`Lane.answers_before_commit`', 1),
    ('`tests/api/test_customers.py`', 0),
    ('`tests/api/test_customers.py::test_clash`, `Lane.answers_after_commit`', 0),
    ('`tests/api/test_customers.py::TestMerge::test_clash`', 0),
    ('`tests/api/test_customers.py::test_other`', 1),
    ('`tests/api/test_nothing.py`', 1),
    ('later: court booking', 0),
    ('by and by', 1),
])
def test_requirements_map(cell, problems):
    rows = ''.join(f'| {name} | what | later: a topic |\n' for name in tidy_rules.REQUIREMENTS if name != 'B1')
    page = rows + f'| B1 | what | {cell} |\n'
    assert len(found(tidy_rules.requirements_map, {**TREE, 'docs/requirements.md': page})) == problems


def test_a_requirement_without_a_row_is_found():
    assert len(found(tidy_rules.requirements_map, {'docs/requirements.md': '# Requirements\n'})) == 56


def test_exemptions_are_by_rule_and_path():
    files = {'src/base/a.cpp': '// XXX\n'}
    assert [rule for rule, *_ in tidy_rules.findings(files)] == ['first_lines', 'open_ends']
    assert [rule for rule, *_ in tidy_rules.findings(files, {('open_ends', 'src/base/a.cpp'): 'shown'})] == ['first_lines']
