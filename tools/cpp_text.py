# SPDX-License-Identifier: Apache-2.0
"""Reads C++ just closely enough for tidy: text without comments, functions with their lengths, switches with their labels."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'                      # comments
    r'|R"(?P<tag>[^(\s]{0,16})\(.*?\)(?P=tag)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                    # strings
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",   # characters, but not digit separators
    re.DOTALL)


def _blank(text):
    return re.sub(r'[^\n]', ' ', text)


def without_comments(text):
    """The text with comments blanked out; strings stay, line numbers too."""
    return _TOKEN.sub(lambda m: _blank(m.group()) if m.group().startswith(('//', '/*')) else m.group(), text)


def code_only(text):
    """The text with comments and the content of strings blanked out; line numbers stay."""
    return _TOKEN.sub(lambda m: _blank(m.group()), text)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


@dataclass
class Function:
    name: str
    line: int
    lines: int


_SCOPE = re.compile(r'\b(namespace|class|struct|union|enum|extern)\b')
_CONTROL = re.compile(r'(?:^|[;{}\s])(if|for|while|switch|catch|do|else|try)\b[^;{}]*$')


def _is_function_head(head):
    """Is the text between the last ; { } and a block's opening brace the head of a function?"""
    head = re.sub(r'^\s*#.*$', '', head, flags=re.MULTILINE)
    head = re.sub(r'\b(template|requires)\s*<[^{}]*?>\s*(?=\w)', '', head)
    if ')' not in head or '=' in re.sub(r'operator\s*[=!<>+\-*/]+|[=!<>]=|\([^()]*\)|\[=', '', head):
        return False
    return not (_SCOPE.search(head.split('(')[0]) or _CONTROL.search(head))


def functions(text):
    """The functions of a file, each from the first line of its head to its closing brace; lambdas count to their function."""
    code = code_only(text)
    code = re.sub(r'^[ \t]*#(?:\\\n|[^\n])*', lambda m: _blank(m.group()), code, flags=re.MULTILINE)
    found, stack, head_start = [], [], 0
    for match in re.finditer(r'[{};]', code):
        at = match.start()
        inside_function = any(is_function for is_function, _, _ in stack)
        if match.group() == '{':
            initializer = at > 0 and not code[at - 1].isspace()  # `member_{x}`: no block
            head = code[head_start:at]
            is_function = not initializer and not inside_function and _is_function_head(head)
            start = head_start + len(head) - len(head.lstrip())
            stack.append((is_function, start, initializer))
            if not initializer:
                head_start = at + 1
        elif match.group() == '}':
            if not stack:
                continue
            is_function, start, initializer = stack.pop()
            if is_function:
                first = line_of(code, start)
                name = re.search(r'(operator\s*[^\s\w(]+|[~\w:]+)\s*\(', code[start:at])
                found.append(Function(name.group(1) if name else '?', first, line_of(code, at) - first + 1))
            if not initializer:
                head_start = at + 1
        elif not any(initializer for _, _, initializer in stack[-1:]):
            head_start = at + 1
    return found


def switches_with_default(text):
    """Lines of the `default:` labels in switches whose other labels are enum values (written with `::`)."""
    code = code_only(text)
    lines = []
    for switch in re.finditer(r'\bswitch\s*\(', code):
        opening = code.find('{', switch.end())
        depth, labels, default = 0, [], None
        for match in re.finditer(r'[{}]|\bcase\s+([\w:]+(?:\([^)]*\))?)\s*:(?!:)|\bdefault\s*:', code[opening:]):
            token = match.group()
            if token == '{':
                depth += 1
            elif token == '}':
                depth -= 1
                if depth == 0:
                    break
            elif depth == 1:
                if token.startswith('default'):
                    default = line_of(code, opening + match.start())
                else:
                    labels.append(match.group(1))
        if default and any('::' in label for label in labels):
            lines.append(default)
    return lines
