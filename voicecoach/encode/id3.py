"""ID3v2.3: the tag in front of an MP3 file, with its chapters."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from mutagen.id3 import CHAP, COMM, CTOC, ID3, TALB, TIT2, TLAN, TPE1, Encoding, Frame

from voicecoach.encode.tags import Chapter, Tags

_UNUSED = 0xFFFFFFFF
"""For a chapter's byte offsets: its times count."""
_TOP_LEVEL, _ORDERED = 2, 1
"""Flags of a table of contents."""
_LONGEST_TABLE = 255
"""Entries of a table of contents; their number is one byte."""


def tag(tags: Tags, rate: int) -> bytes:
    """The whole tag. Chapters' frames are at ``rate`` hertz; a tag holds milliseconds."""
    texts = ((TIT2, tags.title), (TPE1, tags.artist), (TALB, tags.album))
    id3 = ID3()
    for kind, text in texts:
        if text:
            id3.add(kind(encoding=Encoding.UTF16, text=[text]))
    if tags.language:
        id3.add(TLAN(encoding=Encoding.LATIN1, text=[tags.language_code]))
    if tags.comment:
        id3.add(COMM(encoding=Encoding.UTF16, lang=tags.language_code, desc="", text=[tags.comment]))
    for frame in _chapters(tags.chapters, rate):
        id3.add(frame)
    file = io.BytesIO()
    id3.save(file, v1=0, v2_version=3, padding=lambda _: 0)
    return file.getvalue()


def _chapters(chapters: Sequence[Chapter], rate: int) -> Iterator[Frame]:
    """The chapters and the tables that list them: a second level of tables where there are more than one can list."""
    names = [f"chp{number}" for number in range(len(chapters))]
    for name, chapter in zip(names, chapters, strict=True):
        title = [TIT2(encoding=Encoding.UTF16, text=[chapter.title])] if chapter.title else []
        yield CHAP(
            element_id=name,
            start_time=_milliseconds(chapter.start, rate),
            end_time=_milliseconds(chapter.end, rate),
            start_offset=_UNUSED,
            end_offset=_UNUSED,
            sub_frames=title,
        )
    tables = [names[at : at + _LONGEST_TABLE] for at in range(0, len(names), _LONGEST_TABLE)]
    if len(tables) == 1:
        yield _table("toc", names, _TOP_LEVEL)
    elif tables:
        parts = [f"toc{number}" for number in range(len(tables))]
        yield _table("toc", parts[:_LONGEST_TABLE], _TOP_LEVEL)
        for part, entries in zip(parts, tables, strict=True):
            yield _table(part, entries, 0)


def _table(name: str, entries: Sequence[str], flags: int) -> Frame:
    return CTOC(element_id=name, flags=flags | _ORDERED, child_element_ids=list(entries), sub_frames=[])


def _milliseconds(frame: int, rate: int) -> int:
    return (frame * 1000 + rate // 2) // rate
