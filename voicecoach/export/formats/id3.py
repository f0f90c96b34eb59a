"""ID3v2.3: the tag in front of an MP3 file, with its chapters (CHAP and CTOC of the chapter frame addendum).

Chapters stand in the order in which they come, because many players go by that.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from voicecoach.export.tags import Chapter, Tags

_UNUSED = 0xFFFFFFFF
"""For a chapter's byte offsets: its times count."""
_TOP_LEVEL, _ORDERED = 2, 1
"""Flags of a table of contents."""
_LONGEST_TABLE = 255
"""Entries of a table of contents; their number is one byte."""


def tag(tags: Tags, rate: int) -> bytes:
    """The whole tag. Chapters' frames are at ``rate`` hertz; a tag holds milliseconds."""
    texts = ((b"TIT2", tags.title), (b"TPE1", tags.artist), (b"TALB", tags.album), (b"TRCK", tags.numbered))
    frames = [_text(name, text) for name, text in texts if text]
    if tags.language:
        frames.append(_text(b"TLAN", tags.language_code))
    if tags.comment:
        frames.append(_comment(tags.comment, tags.language_code))
    frames += _chapters(tags.chapters, rate)
    content = b"".join(frames)
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + content


def _frame(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">IH", len(content), 0) + content


def _encoded(text: str) -> tuple[bytes, bytes, bytes]:
    """The encoding's number, the text, and what ends it."""
    try:
        return b"\0", text.encode("latin-1"), b"\0"
    except UnicodeEncodeError:
        return b"\1", b"\xff\xfe" + text.encode("utf-16-le"), b"\0\0"


def _text(name: bytes, text: str) -> bytes:
    encoding, content, _ = _encoded(text)
    return _frame(name, encoding + content)


def _comment(text: str, language: str) -> bytes:
    """A comment without a description, which must be encoded as the comment itself is."""
    encoding, content, end = _encoded(text)
    description = (b"\xff\xfe" if encoding == b"\1" else b"") + end
    return _frame(b"COMM", encoding + language.encode("ascii") + description + content)


def _chapters(chapters: Sequence[Chapter], rate: int) -> Iterator[bytes]:
    """The tables that list the chapters, one level of them or where there are too many two, and the chapters."""
    names = [b"chp%d" % number for number in range(len(chapters))]
    tables = [names[at : at + _LONGEST_TABLE] for at in range(0, len(names), _LONGEST_TABLE)]
    if len(tables) == 1:
        yield _table(b"toc", names, _TOP_LEVEL)
    elif tables:
        lower = [b"toc%d" % number for number in range(len(tables))][:_LONGEST_TABLE]
        yield _table(b"toc", lower, _TOP_LEVEL)
        for name, entries in zip(lower, tables, strict=False):
            yield _table(name, entries, 0)
    for name, chapter in zip(names, chapters, strict=True):
        start, end = ((frame * 1000 + rate // 2) // rate for frame in (chapter.start, chapter.end))
        title = _text(b"TIT2", chapter.title) if chapter.title else b""
        yield _frame(b"CHAP", name + b"\0" + struct.pack(">IIII", start, end, _UNUSED, _UNUSED) + title)


def _table(name: bytes, entries: Sequence[bytes], flags: int) -> bytes:
    listed = b"".join(entry + b"\0" for entry in entries)
    return _frame(b"CTOC", name + b"\0" + bytes((flags | _ORDERED, len(entries))) + listed)
