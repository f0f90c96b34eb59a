"""ID3: the tag in front of an MP3 file, with its chapters (CHAP and CTOC of the chapter frame addendum).

Version 2.3, which every player reads, or 2.4. Chapters stand in the order in which they come, because many players go
by that.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from voicecoach.errors import ExportError
from voicecoach.export.artwork import Artwork
from voicecoach.export.tags import Chapter, Lyric, Tags, TagVersion

_UNUSED = 0xFFFFFFFF
"""For a chapter's byte offsets: its times count."""
_TOP_LEVEL, _ORDERED = 2, 1
"""Flags of a table of contents."""
_LONGEST_TABLE = 255
"""Entries of a table of contents; their number is one byte."""


_LARGEST = 1 << 28
"""Bytes that a tag has room for."""
_FRONT_COVER = 3
_MILLISECONDS, _LYRICS = 2, 1
"""How synchronised lyrics count time, and what they are."""


class _Charset(NamedTuple):
    """How texts are written: its number, its name, what stands before a text, and what ends it."""

    number: bytes
    codec: str
    mark: bytes
    end: bytes


_LATIN = _Charset(b"\0", "latin-1", b"", b"\0")
_UTF_16 = _Charset(b"\1", "utf-16-le", b"\xff\xfe", b"\0\0")
_UTF_8 = _Charset(b"\3", "utf-8", b"", b"\0")
_CHARSETS: dict[TagVersion, tuple[_Charset, ...]] = {
    "2.3": (_LATIN, _UTF_16),
    "2.3-latin-1": (_LATIN,),
    "2.3-utf-16": (_UTF_16,),
    "2.4": (_UTF_8,),
}
"""Those to try for a text; in the last one, what it lacks is a question mark."""


def tag(tags: Tags, rate: int) -> bytes:
    """The whole tag. Frames of chapters and lyrics are at ``rate`` hertz; a tag holds milliseconds.

    Raises ExportError where it is longer than a tag can be.
    """
    content = b"".join(_Writer(tags.version).frames(tags, rate))
    if len(content) >= _LARGEST:
        raise ExportError("an MP3 has no room for such a large cover; take a smaller one")
    major = 4 if tags.version == "2.4" else 3
    return b"ID3" + bytes((major, 0, 0)) + _synchsafe(len(content)) + content


class _Writer:
    """Writes frames as a version wants them."""

    def __init__(self, version: TagVersion) -> None:
        self._charsets = _CHARSETS[version]
        self._newer = version == "2.4"

    def frames(self, tags: Tags, rate: int) -> Iterator[bytes]:
        """All that the tag holds."""
        language = tags.language_code
        texts = ((b"TIT2", tags.title), (b"TPE1", tags.artist), (b"TALB", tags.album), (b"TRCK", tags.numbered))
        for name, text in texts:
            if text:
                yield self._text(name, text)
        if tags.language:
            yield self._text(b"TLAN", language)
        if tags.comment:
            yield self._comment(tags.comment, language)
        yield from self._chapters(tags.chapters, rate)
        if tags.lyrics:
            yield self._lyrics(tags.lyrics, language, rate)
        if tags.cover is not None:
            yield self._cover(tags.cover)

    def _frame(self, name: bytes, content: bytes) -> bytes:
        size = _synchsafe(len(content)) if self._newer else struct.pack(">I", len(content))
        return name + size + b"\0\0" + content

    def _charset(self, text: str) -> _Charset:
        for charset in self._charsets[:-1]:
            try:
                text.encode(charset.codec)
            except UnicodeEncodeError:
                continue
            return charset
        return self._charsets[-1]

    def _text(self, name: bytes, text: str) -> bytes:
        charset = self._charset(text)
        return self._frame(name, charset.number + _encoded(text, charset))

    def _comment(self, text: str, language: str) -> bytes:
        """A comment without a description, which must be encoded as the comment itself is."""
        charset = self._charset(text)
        head = charset.number + language.encode("ascii") + charset.mark + charset.end
        return self._frame(b"COMM", head + _encoded(text, charset))

    def _lyrics(self, lyrics: Sequence[Lyric], language: str, rate: int) -> bytes:
        charset = self._charset("".join(lyric.text for lyric in lyrics))
        head = charset.number + language.encode("ascii") + bytes((_MILLISECONDS, _LYRICS)) + charset.mark + charset.end
        rows = [
            _encoded(text, charset) + charset.end + struct.pack(">I", _milliseconds(at, rate)) for at, text in lyrics
        ]
        return self._frame(b"SYLT", head + b"".join(rows))

    def _cover(self, cover: Artwork) -> bytes:
        head = b"\0" + cover.mime.encode("ascii") + b"\0" + bytes((_FRONT_COVER,)) + b"\0"
        return self._frame(b"APIC", head + cover.content)

    def _chapters(self, chapters: Sequence[Chapter], rate: int) -> Iterator[bytes]:
        """The tables that list the chapters, one level of them or where there are too many two, and the chapters."""
        names = [b"chp%d" % number for number in range(len(chapters))]
        tables = [names[at : at + _LONGEST_TABLE] for at in range(0, len(names), _LONGEST_TABLE)]
        if len(tables) == 1:
            yield self._table(b"toc", names, _TOP_LEVEL)
        elif tables:
            lower = [b"toc%d" % number for number in range(len(tables))][:_LONGEST_TABLE]
            yield self._table(b"toc", lower, _TOP_LEVEL)
            for name, entries in zip(lower, tables, strict=False):
                yield self._table(name, entries, 0)
        for name, chapter in zip(names, chapters, strict=True):
            start, end = (_milliseconds(frame, rate) for frame in (chapter.start, chapter.end))
            title = self._text(b"TIT2", chapter.title) if chapter.title else b""
            times = struct.pack(">IIII", start, end, _UNUSED, _UNUSED)
            yield self._frame(b"CHAP", name + b"\0" + times + title)

    def _table(self, name: bytes, entries: Sequence[bytes], flags: int) -> bytes:
        listed = b"".join(entry + b"\0" for entry in entries)
        return self._frame(b"CTOC", name + b"\0" + bytes((flags | _ORDERED, len(entries))) + listed)


def _encoded(text: str, charset: _Charset) -> bytes:
    return charset.mark + text.encode(charset.codec, "replace")


def _milliseconds(frame: int, rate: int) -> int:
    return (frame * 1000 + rate // 2) // rate


def _synchsafe(number: int) -> bytes:
    """A number in four bytes of seven bits."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
