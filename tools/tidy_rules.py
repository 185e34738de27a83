# SPDX-License-Identifier: Apache-2.0
"""The rules of tools/tidy. Each takes the files (path -> text) and yields findings (path, line, what is wrong)."""

import ast
import re
from pathlib import PurePosixPath

import cpp_text

file_lines_max = 600
function_lines_max = 70
beast_files_max = 4

# What may be excused: (rule, path) -> the reason. Everything that the rules let through stands here.
EXEMPTIONS = {
    ('bounds', 'src/base/json.cpp'): 'a threshold between two ways to do the same',
    ('bounds', 'src/base/random.cpp'): 'a threshold between two ways to do the same',
    ('bounds', 'src/http/channel.cpp'): 'the size of a TLS record',
    ('bounds', 'src/http/routes.cpp'): 'the size of a table in the program',
    ('bounds', 'src/store/sqlite/writer.cpp'): 'the bits of a mask',
    ('foreign_includes', 'src/testing/sim_vfs.cpp'): 'the disk of the simulator is a VFS of SQLite',
    ('words', 'tools/tidy_rules.py'): 'names the words that it looks for',
    ('words', 'tools/tidy_test.py'): 'shows the words to the rules',
    ('open_ends', 'tools/tidy_rules.py'): 'names the words that it looks for',
    ('open_ends', 'tools/tidy_test.py'): 'shows the words to the rules',
}

# Programs taken over as they are, to measure against: their layout is not ours.
TAKEN_OVER = ('benchmarks/peers/',)

# Which folder of src/ may include which. Tests and benchmarks may see more, since they put the parts together.
MAY_INCLUDE = {
    'base': {'base'},
    'model': {'model', 'base'},
    'domains': {'domains', 'model', 'base'},
    'store': {'store', 'model', 'base'},
    'store/sqlite': {'store/sqlite', 'store', 'model', 'base'},
    'store/postgres': {'store/postgres', 'store', 'model', 'base'},
    'engine': {'engine', 'store', 'model', 'base'},
    'providers': {'providers', 'engine', 'store', 'model', 'base'},
    'http': {'http', 'engine', 'store', 'model', 'base'},
    'server': {'server', 'http', 'providers', 'domains', 'store/sqlite', 'store/postgres', 'engine', 'store', 'model',
               'base'},
    'testing': {'testing', 'providers', 'domains', 'store/sqlite', 'engine', 'store', 'model', 'base'},
}
TESTS_MAY_INCLUDE = {
    'base': {'testing'},
    'model': {'testing'},
    'store': {'store/sqlite', 'store/postgres', 'testing'},
    'store/sqlite': {'testing'},
    'store/postgres': {'store/sqlite', 'testing'},
    'domains': {'engine', 'store', 'store/sqlite', 'testing'},
    'engine': {'store/sqlite', 'domains', 'testing'},
    'providers': {'store/sqlite', 'domains', 'testing'},
    'http': {'store/sqlite', 'domains', 'testing', 'providers'},
    'server': {'testing'},
    'testing': set(),
}

BANNED_OUTSIDE_BASE = [
    (r'\b(?:system|steady|high_resolution|utc)_clock\s*::\s*now\b', 'a clock: take a Clock (base/time.h)'),
    (r'(?<![\w.>:])(?:std::)?time\s*\(\s*(?:nullptr|NULL|0|&)', 'a clock: take a Clock (base/time.h)'),
    (r'\b(?:gettimeofday|clock_gettime|timespec_get)\s*\(', 'a clock: take a Clock (base/time.h)'),
    (r'\b(?:sleep_for|sleep_until|usleep|nanosleep)\s*\(', 'a sleep: wait on a condition or the Clock'),
    (r'(?<![\w.>])s?rand\s*\(', 'randomness: take a Random (base/random.h)'),
    (r'\brandom_device\b|\bmt19937(?:_64)?\b', 'randomness: take a Random (base/random.h)'),
    (r'\b(?:getrandom|getentropy|randombytes_\w+|RAND_bytes)\s*\(', 'randomness: take a Random (base/random.h)'),
]
BANNED_EVERYWHERE = [
    (r'(?<!\w)assert\s*\(|<cassert>|<assert\.h>', 'assert() can be compiled out: use INVARIANT (base/check.h)'),
    (r'\bNDEBUG\b', 'checks are never compiled out'),
    (r'\bGTEST_SKIP\b|\bDISABLED_', 'a test that does not test'),
]
# Looked for with comments in place: one that says why is enough.
BANNED_WITHOUT_A_WORD = [
    (r'\bcatch\s*\([^)]*\)\s*\{\s*\}', 'an error swallowed: handle it, pass it on, log it, or say why not'),
]
BANNED_IN_SQL = [(r'\bOR\s+ROLLBACK\b|\bRAISE\s*\(\s*ROLLBACK\b',
                  'ends the group\'s transaction, and what follows commits alone: use ABORT')]

FORBIDDEN_WORDS = re.compile(r'/work/|\.\./shared|/root/|registry\.npmjs|registry\.yarnpkg|deb\.debian\.org|pypi\.org')
OPEN_ENDS = re.compile(r'\b(TODO|FIXME|XXX|HACK)\b')

LINES_LIMITED = ('.cpp', '.h', '.def', '.py', '.ts', '.tsx', '.sh', '.cmake')
REQUIREMENTS = [f'{letter}{number}' for letter, count in dict(A=7, B=9, C=11, D=10, E=11, F=8).items()
                for number in range(1, count + 1)]


def is_cpp(path):
    return not path.startswith(TAKEN_OVER) and path.endswith(('.cpp', '.h'))


def is_test(path):
    return path.endswith(('_test.cpp', '_bench.cpp', '_test.h')) or bool(re.search(r'/test_\w+\.h$', path))


def is_data(path):
    return path.startswith(('tests/data/', 'tests/fuzz/corpus/', *TAKEN_OVER)) or '/generated/' in path or 'LICENSE' in path


def folder_of(path):
    """The library that a path below src/ belongs to, or None."""
    parts = PurePosixPath(path).parts
    if len(parts) < 3 or parts[0] != 'src':
        return None
    return '/'.join(parts[1:3]) if parts[1:3] in (('store', 'sqlite'), ('store', 'postgres')) else parts[1]


def includes(text):
    return [(number, match.group(2)) for number, line in enumerate(text.split('\n'), 1)
            if (match := re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line))]


def include_direction(files):
    for path, text in files.items():
        folder = folder_of(path)
        if folder not in MAY_INCLUDE or path.endswith('_main.cpp'):
            continue
        allowed = MAY_INCLUDE[folder] | (TESTS_MAY_INCLUDE[folder] if is_test(path) else set())
        for line, name in includes(text):
            target = folder_of('src/' + name)
            if target in MAY_INCLUDE and target not in allowed:
                yield path, line, f'{folder} must not see {target}'


def foreign_includes(files):
    for path, text in files.items():
        folder = folder_of(path)
        if folder is None:
            continue
        for line, name in includes(text):
            if name.startswith('sqlite3') and folder != 'store/sqlite':
                yield path, line, 'only store/sqlite sees SQLite'
            if name.startswith('libpq') and folder != 'store/postgres':
                yield path, line, 'only store/postgres sees libpq'
            if name.startswith('boost/beast') and folder != 'http':
                yield path, line, 'only http sees Beast'
            if name.startswith('boost/') and folder in ('model', 'domains'):
                yield path, line, f'{folder} includes no Boost'
            if name.startswith('boost/') and folder == 'base' and path.endswith('.h'):
                yield path, line, 'a header of base includes no Boost: model and domains would see it'


def beast_files(files):
    """Files that read Beast's headers, through whichever of ours; each costs seconds of every build."""
    def sees_beast(path, visited):
        for _, name in includes(files.get(path, '')):
            if name.startswith('boost/beast'):
                return True
            own = 'src/' + name
            if own in files and own not in visited and sees_beast(own, visited | {own}):
                return True
        return False

    seeing = sorted(path for path in files
                    if path.startswith('src/') and path.endswith('.cpp') and sees_beast(path, {path}))
    for path in seeing[beast_files_max:]:
        yield path, 1, f'Beast is compiled in {len(seeing)} files, at most {beast_files_max}: {", ".join(seeing)}'


def sizes(files):
    for path, text in files.items():
        if is_data(path) or not path.endswith(LINES_LIMITED):
            continue
        lines = text.count('\n')
        if lines >= file_lines_max:
            yield path, lines, f'{lines} lines; files stay under {file_lines_max}'
        for function in cpp_text.functions(text) if is_cpp(path) else python_functions(path, text):
            if function.lines > function_lines_max:
                yield path, function.line, f'{function.name} has {function.lines} lines, at most {function_lines_max}'


def python_functions(path, text):
    if not path.endswith('.py'):
        return []
    return [cpp_text.Function(node.name, node.lineno, node.end_lineno - node.lineno + 1)
            for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def _matches(path, text, banned):
    for pattern, reason in banned:
        for match in re.finditer(pattern, text):
            yield path, cpp_text.line_of(text, match.start()), f'`{match.group().strip()}`: {reason}'


def banned_calls(files):
    for path, text in files.items():
        if not is_cpp(path) or not path.startswith(('src/', 'tests/')):
            continue
        code = cpp_text.code_only(text)
        yield from _matches(path, code, BANNED_EVERYWHERE)
        yield from _matches(path, text, BANNED_WITHOUT_A_WORD)
        if path.startswith('src/') and folder_of(path) != 'base':
            yield from _matches(path, code, BANNED_OUTSIDE_BASE)
        if not is_test(path):
            yield from _matches(path, cpp_text.without_comments(text).upper(), BANNED_IN_SQL)


def bounds(files):
    """Bounds stand in base/limits.h; one that is made of others may be named where it is used."""
    declared = re.compile(r'\bconstexpr\b[^;=(){]*?\b(\w+_(?:max|tries|depth|backlog))\s*[={]([^;]*);')
    for path, text in files.items():
        if not is_cpp(path) or folder_of(path) in (None, 'testing') or is_test(path) or path == 'src/base/limits.h':
            continue
        code = cpp_text.code_only(text)
        for match in declared.finditer(code):
            if 'limits::' not in match.group(2):
                yield path, cpp_text.line_of(code, match.start(1)), f'`{match.group(1)}`: bounds stand in base/limits.h'


def switch_defaults(files):
    for path, text in files.items():
        if is_cpp(path):
            for line in cpp_text.switches_with_default(text):
                yield path, line, 'a switch over an enum has no default: the compiler shall find the missing case'


def first_lines(files):
    for path, text in files.items():
        name = PurePosixPath(path).name
        lines = text.split('\n', 2)
        script = lines[0].startswith('#!')
        if is_data(path) or not (script or name == 'CMakeLists.txt' or path.endswith(LINES_LIMITED)):
            continue
        if 'SPDX-License-Identifier: Apache-2.0' not in (lines[1] if script and len(lines) > 1 else lines[0]):
            yield path, 1, 'begins with its SPDX line (scripts: the second line)'
        if path.endswith('.h') and '#pragma once' not in text:
            yield path, 1, 'a header says #pragma once'


def layout(files):
    for path, text in files.items():
        if is_data(path):
            continue
        for number, line in enumerate(text.split('\n'), 1):
            if '\t' in line:
                yield path, number, 'a tab'
        name = PurePosixPath(path).name
        if path.endswith(('.cpp', '.h', '.py', '.def')) and not re.fullmatch(r'[a-z0-9_]+\.(cpp|h|py|def)', name):
            yield path, 1, 'file names are snake_case'
        if path.startswith('docs/') and path.endswith('.md') and not re.fullmatch(r'[a-z0-9-]+\.md|README\.md', name):
            yield path, 1, 'pages are named in kebab-case'


def words(files):
    for path, text in files.items():
        if is_data(path):
            continue
        for match in FORBIDDEN_WORDS.finditer(text):
            yield path, cpp_text.line_of(text, match.start()), f'`{match.group()}` means nothing to a reader elsewhere'
        # A workspace's own packages are resolved to their folders: those may stay.
        if path.endswith('package-lock.json') and re.search(r'"resolved": "[^"]*:', text):
            yield path, 1, 'a lock file names no host: leave "resolved" out, keep "integrity"'


def open_ends(files):
    for path, text in files.items():
        if is_data(path):
            continue
        for match in OPEN_ENDS.finditer(text):
            yield path, cpp_text.line_of(text, match.start()), f'`{match.group()}`: finish it, or take it out'


def _named_test_exists(name, files):
    """`path`, `path::test`, `path::Class::test` or `Suite.test` as in gtest."""
    path, _, inner = name.partition('::')
    if '/' in path:
        known = path in files or any(other.startswith(path.rstrip('/') + '/') for other in files)
        return known and all(part in files.get(path, '') for part in inner.split('::') if part)
    suite, _, test = name.rpartition('.')
    if not suite:
        return False
    macro = re.compile(r'\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\s*\(\s*%s\s*,\s*%s\s*[,)]'
                       % (re.escape(suite), re.escape(test)))
    return any(macro.search(text) for other, text in files.items() if other.endswith('_test.cpp'))


def requirements_map(files):
    """docs/requirements.md: a table row per requirement that names its tests in backticks, or says `later: topic`."""
    page = 'docs/requirements.md'
    if page not in files:
        return
    rows = {}
    for number, line in enumerate(files[page].split('\n'), 1):
        if match := re.match(r'\|\s*\**([A-F]\d+)\**\s*\|(.*)\|\s*$', line):
            rows[match.group(1)] = (number, match.group(2))
    for requirement in REQUIREMENTS:
        if requirement not in rows:
            yield page, 1, f'no row for {requirement}'
            continue
        number, text = rows[requirement]
        names = re.findall(r'`([^`\s]+(?:/|\.|::)[^`\s]+)`', text.split('|')[-1])
        if not names and not re.search(r'\blater: \S', text):
            yield page, number, f'{requirement} names neither a test nor `later: topic`'
        for name in names:
            if not _named_test_exists(name, files):
                yield page, number, f'{requirement} names `{name}`, which is not in the tree'


RULES = [include_direction, foreign_includes, beast_files, sizes, banned_calls, bounds, switch_defaults, first_lines, layout,
         words, open_ends, requirements_map]


def findings(files, exemptions=None):
    """All findings as (rule, path, line, text), without the exempted ones."""
    exempt = EXEMPTIONS if exemptions is None else exemptions
    return [(rule.__name__, path, line, text) for rule in RULES for path, line, text in rule(files)
            if (rule.__name__, path) not in exempt]


def stale_exemptions(files):
    """Exemptions that excuse nothing any more."""
    used = {(rule, path) for rule, path, _, _ in findings(files, exemptions={})}
    return [key for key in EXEMPTIONS if key not in used]
