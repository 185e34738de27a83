# SPDX-License-Identifier: Apache-2.0
"""What pages for operators tell others to write, taken from the pages themselves, so that it is what is tried."""

import re
import socket
from pathlib import Path

OPERATING = Path(__file__).resolve().parents[2] / "docs/operating"


def block(page, language, beginning=""):
    """The first fenced block of that language in docs/operating/<page>.md that contains `beginning`."""
    for found in re.findall(rf"^```{language}\n(.*?)^```", (OPERATING / f"{page}.md").read_text(), re.M | re.S):
        if beginning in found:
            return found
    raise AssertionError(f"{page}.md has no block of {language} with {beginning!r}")


def replaced(text, *pairs):
    """The text with each (old, new) applied; an old that is not there is a page that has changed."""
    for old, new in pairs:
        assert old in text, f"{old!r} is not on the page any more"
        text = text.replace(old, str(new))
    return text


def free_port():
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
