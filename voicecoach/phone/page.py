"""One HTML file: the table of a session, its audio, and the script and the style that every page has."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from voicecoach.phone import table

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What lies around a page, as addresses; empty for what there is not.

    ``index`` is the list that it is in, ``home`` takes the sessions that were done, and ``manifest`` tells a browser
    how to install it.
    """

    index: str = ""
    home: str = ""
    manifest: str = ""


ALONE = Around()
"""A page that is a file of its own."""


def page(data: Mapping[str, Any], audio: bytes, kind: str, around: Around = ALONE) -> Iterator[bytes]:
    """The page in pieces. ``data`` is what ``table.table`` gives, ``audio`` a file of the format ``kind``."""
    packed = gzip.compress(audio, 6, mtime=0)
    small = len(packed) < _WORTH * len(audio)
    style, script = _style(), _script()
    about = {**data, "type": TYPES[kind], "packed": small, "home": around.home}
    title = str(data["title"])
    before, _, after = _file("page.html").partition("$audio")
    yield (
        Template(before)
        .substitute(
            policy=policy(style, script, around),
            head=links(around.manifest),
            index=f'<a class="plain" href="{html.escape(around.index)}">All workouts</a>' if around.index else "",
            title=html.escape(title),
            summary=html.escape(str(data["summary"])),
            language=html.escape(str(data["language"]) or "und"),
            style=style,
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


def policy(style: str, script: str, around: Around = ALONE) -> str:
    """What a page may do (Content Security Policy, level 3): run its own script and style, and play what it holds.

    Where it is served it may also ask the place that it comes from.
    """
    served = "connect-src 'self'; " if around.home else ""
    installed = "manifest-src 'self'; worker-src 'self'; " if around.manifest else ""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; {served}{installed}"
        "media-src blob: data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def links(manifest: str) -> str:
    """What tells a browser in the head of a page how to install it."""
    if not manifest:
        return ""
    # with the cookie that whoever serves it asks for
    return f'<link rel="manifest" href="{html.escape(manifest)}" crossorigin="use-credentials">'


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _style() -> str:
    return _file("page.css")


@cache
def _script() -> str:
    """Both scripts in a scope of their own, without their comments."""
    return "".join(('(() => {\n"use strict";\n', *(_bare(_file(name)) for name in SCRIPTS), "})();\n"))


def _bare(script: str) -> str:
    """A script without the comments that have lines of their own, and without empty lines."""
    return re.sub(r"^\s*(?:/\*\*.*?\*/|//.*?)?\n", "", script, flags=re.MULTILINE | re.DOTALL)


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
