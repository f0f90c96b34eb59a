"""Bytes of a text file of whatever encoding, as text."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_OLD = "cp1252"
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive (unpack it, and import the file that is in it)"),
    (b"\x1f\x8b", "packed by gzip (unpack it first)"),
    (b"%PDF", 'a PDF document (copy its text into a file for "voicecoach new NAME --from-text FILE")'),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
_MOST_CONTROLS = 0.05
"""Of a text, the most that may be characters that no text has."""


def binary(content: bytes) -> str:
    """What a file is that is no text, and what helps; empty for a text, in whatever encoding."""
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            return what
    head = content[:2000]
    if any(head.startswith(mark) for mark, _ in _MARKS) or _wide(head):
        return ""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return "no text, and no FIT file (export the workout as text)" if controls > _MOST_CONTROLS * len(head) else ""


def _wide(content: bytes) -> str:
    """The encoding of a text that has two bytes a character and no mark; empty for any other."""
    head = content[:400]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) // 4 else ""


def text(content: bytes) -> tuple[str, str]:
    """The text, with ``\\n`` at its line ends, and a remark where its encoding was not plain; empty where it was."""
    remark = ""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            decoded = content[len(mark) :].decode(encoding, "replace")
            break
    else:
        decoded, remark = _unmarked(content)
    if not remark and "\ufffd" in decoded:
        remark = "some bytes are no text in the encoding of the file; each is read as \ufffd"
    return decoded.replace("\r\n", "\n").replace("\r", "\n"), remark


def _unmarked(content: bytes) -> tuple[str, str]:
    if encoding := _wide(content):
        return content.decode(encoding, "replace"), ""
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.match(content)
    if declared is not None and (encoding := _single_byte(declared[1].decode("ascii"))):
        return content.decode(encoding, "replace"), ""
    return content.decode(_OLD, "replace"), f"the file is no UTF-8; it is read as {_OLD}, as Windows wrote it"


def _single_byte(name: str) -> str:
    """The codec of a declared encoding, if it is one of a byte a character; empty otherwise."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return found if found.startswith(("iso8859", "cp12", "cp8", "mac-", "koi8")) else ""
