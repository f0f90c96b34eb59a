"""The boxes of an MPEG-4 file with one track of AAC: all that stands before its packets.

The layout is that of ISO/IEC 14496-12 (boxes) and 14496-1 (how AAC is described), with what QuickTime, Nero and iTunes
have added and players look for: chapters as a track of titles and as a list, and tags. Box by box it is the one that
FFmpeg writes.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from voicecoach.export.tags import Chapter, Tags

PACKET = 1024
"""Frames in a packet of AAC."""
_CHUNK = 1024
"""Packets in a chunk: where each begins stands in a table."""
_LARGEST_PACKET = 768
"""Bytes of a packet and a channel at most (ISO/IEC 13818-7, 8.2.2)."""
_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
"""Sample rates, by the number that stands for them (ISO/IEC 14496-3, table 1.18)."""
_SOUND, _TITLES = 1, 2
"""Numbers of the tracks."""
_KIND = struct.pack(">I4s4sI4s4s4s", 28, b"ftyp", b"M4A ", 0x200, b"M4A ", b"isom", b"iso2")
_ENABLED, _IN_MOVIE = 1, 2
"""Flags of a track."""
_UTF_8, _JPEG, _PNG = 1, 13, 14
"""Kinds of what a tag holds."""
_MATRIX = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
"""A picture neither turned nor moved; the head of every track has one."""
_TITLE_LOOK = struct.pack(">6xHII", 1, 1, 0) + bytes(14) + struct.pack(">HHI", 1, 0, 0)
"""How a title is shown, which nobody does: flags, place, colours, font."""
_TITLE_FONTS = struct.pack(">I4sHHB", 13, b"ftab", 1, 1, 0)
_TITLE_PLACE = struct.pack(">H8IH", 1, 0, 0, 0, 1, 0, 0, 0, 0x4000, 0)
_TITLE_GRAPHICS = struct.pack(">4H4x", 0x40, 0x8000, 0x8000, 0x8000)
_TITLE_END = struct.pack(">I4sI", 12, b"encd", 0x100)
"""Behind each title: it is UTF-8."""
_MOST_CHAPTERS = _LONGEST_CHAPTER = 255
"""Of Nero's list, and bytes of a title in it."""
_LONGEST_TITLE = 0xFFFF
_LONGEST = (1 << 32) - 1
"""Frames of a title: a day and more."""
_TICKS = 10_000_000
"""Of that list in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movie:
    """A file of so many ``packets`` at ``rate`` hertz; ``frames`` are heard, behind those that are ``skipped``.

    ``bit_rate`` is in bits a second.
    """

    rate: int
    channels: int
    bit_rate: int
    packets: int
    skipped: int
    frames: int
    tags: Tags

    def front(self, sizes: array[int] | None = None, length: int = 0) -> bytes:
        """All that stands before the packets, which have those sizes.

        It tells places in the file, and so its own ``length``, which is the same before sizes are known.
        """
        known = array("I", bytes(4 * self.packets)) if sizes is None else sizes
        chunks = [sum(known[at : at + _CHUNK]) for at in range(0, self.packets, _CHUNK)]
        titles = b"".join(self._titles())
        tracks = [self._sound(known, chunks, length)]
        if self.tags.chapters:
            tracks.append(self._chapters(max(0, length - len(titles))))
        moov = _box(b"moov", self._head(len(tracks)), *tracks, _box(b"udta", self._tags(), self._chapter_list()))
        size = len(titles) + sum(chunks)
        if self._wide:
            mdat = struct.pack(">I4sQ", 1, b"mdat", size + 16)
        else:
            mdat = struct.pack(">I4sI4s", 8, b"free", size + 8, b"mdat")
        return _KIND + moov + mdat + titles

    @property
    def _wide(self) -> bool:
        """Whether it may take more than 32 bits to count its bytes."""
        return self.packets * self.channels * _LARGEST_PACKET >= 1 << 31

    def _titles(self) -> Iterator[bytes]:
        for chapter in self.tags.chapters:
            text = _cut(chapter.title, _LONGEST_TITLE)
            yield struct.pack(">H", len(text)) + text + _TITLE_END

    def _head(self, tracks: int) -> bytes:
        rest = struct.pack(">IH10x36s24xI", 1 << 16, 1 << 8, _MATRIX, tracks + 1)
        return _dated(b"mvhd", 0, struct.pack(">I", self.rate), self.frames, rest)

    def _sound(self, sizes: array[int], chunks: Sequence[int], start: int) -> bytes:
        seconds = self.skipped + self.frames
        last = seconds - (self.packets - 1) * PACKET
        times = [(self.packets, PACKET)] if last == PACKET else [(self.packets - 1, PACKET), (1, last)]
        starts = [*accumulate(chunks[:-1], initial=start)]
        full, rest = divmod(self.packets, _CHUNK)
        runs = [(1, _CHUNK, 1)] * bool(full) + [(full + 1, rest, 1)] * bool(rest)
        average = 8 * sum(chunks) * self.rate // seconds
        table = (
            _full(b"stsd", struct.pack(">I", 1), self._aac(max(self.bit_rate, average), average)),
            _rows(b"stts", ">II", times),
            _rows(b"stsc", ">III", runs),
            _full(b"stsz", struct.pack(">II", 0, self.packets), _big_endian(sizes)),
            _rows(b"co64", ">Q", zip(starts)) if self._wide else _rows(b"stco", ">I", zip(starts)),
            _full(b"sgpd", struct.pack(">4sIIh", b"roll", 2, 1, -1), version=1),
            _full(b"sbgp", struct.pack(">4sIII", b"roll", 1, self.packets, 1)),
        )
        chapters = [_box(b"tref", _box(b"chap", struct.pack(">I", _TITLES)))] if self.tags.chapters else []
        head = _full(b"smhd", bytes(4))
        media = self._media(seconds, _language(self.tags.language_code), b"soun", b"SoundHandler", head, table)
        return _box(b"trak", *self._placed(_SOUND, self.skipped), *chapters, media)

    def _chapters(self, start: int) -> bytes:
        titles = [len(title) for title in self._titles()]
        lengths = (min(chapter.end - chapter.start, _LONGEST) for chapter in self.tags.chapters)
        entry = _box(b"text", _TITLE_LOOK, _TITLE_FONTS)
        table = (
            _full(b"stsd", struct.pack(">I", 1), entry),
            _rows(b"stts", ">II", ((len([*same]), length) for length, same in groupby(lengths))),
            _rows(b"stsc", ">III", [(1, len(titles), 1)]),
            _full(b"stsz", struct.pack(">II", 0, len(titles)), _big_endian(array("I", titles))),
            _rows(b"stco", ">I", [(start,)]),
        )
        head = _box(b"gmhd", _full(b"gmin", _TITLE_GRAPHICS), _box(b"text", _TITLE_PLACE))
        media = self._media(self.frames, 0, b"text", b"SubtitleHandler", head, table)
        return _box(b"trak", *self._placed(_TITLES, 0), media)

    def _placed(self, track: int, skipped: int) -> tuple[bytes, bytes]:
        """The head of a track, and its list of edits: what of it is heard."""
        sounds = track == _SOUND
        flags = _IN_MOVIE | (_ENABLED if sounds else 0)
        rest = struct.pack(">8xHHH2x36s8x", 0, int(sounds), int(sounds) << 8, _MATRIX)
        head = _dated(b"tkhd", flags, struct.pack(">II", track, 0), self.frames, rest)
        wide = max(self.frames, skipped) >= 1 << 32
        edit = struct.pack(">IQQI" if wide else ">IIII", 1, self.frames, skipped, 1 << 16)
        return head, _box(b"edts", _full(b"elst", edit, version=int(wide)))

    def _media(
        self, length: int, language: int, kind: bytes, name: bytes, head: bytes, table: tuple[bytes, ...]
    ) -> bytes:
        about = _dated(b"mdhd", 0, struct.pack(">I", self.rate), length, struct.pack(">HH", language, 0))
        handler = _full(b"hdlr", struct.pack(">I4s12x", 0, kind), name + b"\0")
        own = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
        return _box(b"mdia", about, handler, _box(b"minf", head, own, _box(b"stbl", *table)))

    def _aac(self, most: int, average: int) -> bytes:
        """The packets' kind: AAC-LC, and no finer band above it (ISO/IEC 14496-3, 1.6.2.1)."""
        special = struct.pack(">HHB", 2 << 11 | _RATES.index(self.rate) << 7 | self.channels << 3, 0x56E5, 0)
        decoder = struct.pack(">BB3xII", 0x40, 0x15, most, average) + _descriptor(5, special)
        stream = struct.pack(">HB", _SOUND, 0) + _descriptor(4, decoder) + _descriptor(6, b"\x02")
        about = struct.pack(">6xH8xHH4xI", 1, self.channels, 16, self.rate << 16)
        return _box(b"mp4a", about, _full(b"esds", _descriptor(3, stream)))

    def _tags(self) -> bytes:
        tags = self.tags
        texts = ((b"nam", tags.title), (b"ART", tags.artist), (b"alb", tags.album), (b"cmt", tags.comment))
        held = [_tag(b"\xa9" + name, _UTF_8, text.encode("utf-8")) for name, text in texts if text]
        if tags.cover is not None:
            held.append(_tag(b"covr", _PNG if tags.cover.mime == "image/png" else _JPEG, tags.cover.content))
        if tags.track:
            held.append(_tag(b"trkn", 0, struct.pack(">HHHH", 0, tags.track, tags.tracks, 0)))
        handler = _full(b"hdlr", struct.pack(">I4s4s9x", 0, b"mdir", b"appl"))
        return _full(b"meta", handler, _box(b"ilst", *held))

    def _chapter_list(self) -> bytes:
        chapters = self.tags.chapters[:_MOST_CHAPTERS]
        if not chapters:
            return b""
        return _full(b"chpl", struct.pack(">IB", 0, len(chapters)), *map(self._listed, chapters), version=1)

    def _listed(self, chapter: Chapter) -> bytes:
        text = _cut(chapter.title, _LONGEST_CHAPTER)
        ticks = (2 * chapter.start * _TICKS + self.rate) // (2 * self.rate)
        return struct.pack(">QB", ticks, len(text)) + text


def _box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def _full(kind: bytes, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return _box(kind, struct.pack(">I", version << 24 | flags), *content)


def _dated(kind: bytes, flags: int, before: bytes, length: int, behind: bytes) -> bytes:
    """A box with times of making and of change, which are left out, and a length, in as many bytes as that takes."""
    wide = length >= 1 << 32
    lasts = struct.pack(">Q" if wide else ">I", length)
    return _full(kind, bytes(16 if wide else 8), before, lasts, behind, version=int(wide), flags=flags)


def _rows(kind: bytes, row: str, values: Iterable[tuple[int, ...]]) -> bytes:
    """A table: how many rows, and each of them."""
    rows = [struct.pack(row, *each) for each in values]
    return _full(kind, struct.pack(">I", len(rows)), *rows)


def _big_endian(values: array[int]) -> bytes:
    ordered = values[:]
    if sys.byteorder == "little":
        ordered.byteswap()
    return ordered.tobytes()


def _descriptor(number: int, content: bytes) -> bytes:
    """What describes a stream (ISO/IEC 14496-1, 8.3.3), its length in four bytes of seven bits."""
    length = len(content)
    return bytes((number, *(0x80 | length >> shift & 0x7F for shift in (21, 14, 7)), length & 0x7F)) + content


def _tag(name: bytes, kind: int, content: bytes) -> bytes:
    return _box(name, _box(b"data", struct.pack(">II", kind, 0), content))


def _language(code: str) -> int:
    """Three letters, five bits each."""
    first, second, third = (ord(letter) - 0x60 for letter in code)
    return first << 10 | second << 5 | third


def _cut(text: str, most: int) -> bytes:
    """A text in UTF-8, of so many bytes at most."""
    return text.encode("utf-8")[:most].decode("utf-8", "ignore").encode("utf-8")
