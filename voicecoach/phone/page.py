"""One HTML file: the table of a session, its audio, and the script and the style that every page has."""

from __future__ import annotations

import base64
import gzip
import html
import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Template
from typing import Any

from voicecoach.phone import document, table
from voicecoach.phone.document import ALONE, Around

TYPES = {
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
}
"""What a browser calls each format."""
SCRIPTS = ("session.js", "home.js", "page.js")
"""In their order; the first is the table's interpreter, and only the last touches anything of a browser."""
_WORTH = 0.75
"""Audio is packed where that makes less than this of it: browsers before 2023 cannot unpack it."""
_LINE = 96 * 1024
"""Characters of the audio in a line, a multiple of four."""


def page(data: Mapping[str, Any], audio: bytes, kind: str, around: Around = ALONE) -> Iterator[bytes]:
    """The page in pieces. ``data`` is what ``table.table`` gives, ``audio`` a file of the format ``kind``."""
    packed = gzip.compress(audio, 6, mtime=0)
    small = len(packed) < _WORTH * len(audio)
    script = _script()
    about = {**data, "type": TYPES[kind], "packed": small, "home": around.home}
    title = str(data["title"])
    before, _, after = document.source("page.html").partition("$audio")
    yield (
        Template(before)
        .substitute(
            head=document.head(title, document.look("page.css"), script, around),
            index=f'<a class="plain" href="{html.escape(around.index)}">All workouts</a>' if around.index else "",
            title=html.escape(title),
            summary=html.escape(str(data["summary"])),
            language=html.escape(str(data["language"]) or "und"),
            table=table.written(about),
            script=script,
        )
        .encode()
    )
    coded = packed if small else audio
    size = _LINE // 4 * 3
    for at in range(0, len(coded), size):
        yield base64.b64encode(coded[at : at + size]) + b"\n"
    yield after.encode()


@cache
def _script() -> str:
    """The scripts in a scope of their own, without their comments."""
    return "".join(('(() => {\n"use strict";\n', *(_bare(document.source(name)) for name in SCRIPTS), "})();\n"))


def _bare(script: str) -> str:
    """A script without the comments that have lines of their own, and without empty lines."""
    return re.sub(r"^\s*(?:/\*\*.*?\*/|//.*?)?\n", "", script, flags=re.MULTILINE | re.DOTALL)
