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
    head = content[:400]
    if head[1::2].count(0) > len(head) // 4:
        return content.decode("utf-16-le", "replace"), ""
    if head[::2].count(0) > len(head) // 4:
        return content.decode("utf-16-be", "replace"), ""
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
