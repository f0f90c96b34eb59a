"""What is said, and when, as text beside the audio: captions, lyrics and chapters.

WebVTT (W3C), SubRip, LRC, and the JSON chapters of Podcasting 2.0, version 1.2. The same session gives the same text.
A tone is a caption too, because lines refer to it ("lift on the tone"); a metronome is none. Lyrics are read while one
listens, on small players, and leave tones out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from voicecoach.arrange.arrangement import Arrangement, Placement
from voicecoach.errors import UnknownFormatError
from voicecoach.export.formats import FORMATS
from voicecoach.export.tags import Lyric, Tags
from voicecoach.timeline.model import Content, Sound
from voicecoach.wording import pauses

LEAST = 1.0
"""Seconds a caption stays at least, unless the next one comes: a number that is counted takes half a second."""
LINGER = 3.0
"""Seconds a line of lyrics stays after it was said, unless the next one comes: a player shows it until then."""
_SIGNS = {"start": "▶", "end": "■", "halfway": "½", "countdown": "●"}
"""What stands for a tone, in every language."""
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
_VTT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SRT = str.maketrans("<>{}", "‹›()")
_LRC = str.maketrans("[]<>", "()‹›")
"""SubRip and LRC know no escapes: what their players obey becomes what looks like it."""


class Caption(NamedTuple):
    """A text, shown from ``start`` up to ``end``: seconds from the start of the session, whole milliseconds."""

    start: float
    end: float
    text: str


def captions(arrangement: Arrangement) -> tuple[Caption, ...]:
    """All that is said, in order, one at a time; a tone gives way to what is said at the same moment."""
    return tuple(caption for caption, _ in _captions(arrangement))


def _captions(arrangement: Arrangement) -> Iterator[tuple[Caption, bool]]:
    """Each caption, and whether it is a tone's."""
    rate, frames = arrangement.rate, arrangement.frames
    texts: dict[Content, str] = {}

    def text(one: Placement) -> str:
        if one.what not in texts:
            texts[one.what] = _text(one.what)
        return texts[one.what]

    heard = sorted(filter(text, arrangement.placements()), key=_moment)
    for one, after in zip_longest(heard, heard[1:]):
        following = frames if after is None else after.start
        end = min(max(one.end, one.start + int(LEAST * rate)), following)
        start, end = (_milliseconds(frame, rate) for frame in (one.start, end))
        if end > start:
            yield Caption(start / 1000, end / 1000, text(one)), isinstance(one.what, Sound)


def lyrics(arrangement: Arrangement) -> tuple[Lyric, ...]:
    """What is said, at its frame; an empty text where the one before is old."""
    return tuple(Lyric(round(at * arrangement.rate), text) for at, text in _lines(arrangement))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text beside the audio: the ``suffix`` of its file, ``label`` for people, and how it is ``written``."""

    suffix: str
    label: str
    written: Callable[[Arrangement, Tags], str]


def written(kind: str, arrangement: Arrangement, about: Tags) -> str:
    """The text of a kind, with the title, language and chapters that ``about`` has. Raises UnknownFormatError."""
    return kind_of(kind).written(arrangement, about)


def beside(audio: Path, kind: str) -> Path:
    """Where the text of a kind stands beside an audio file: its name, with another suffix in place of its own."""
    own = {format.suffix for format in FORMATS.values()}
    stem = audio.stem if audio.suffix.lower() in own else audio.name
    return audio.with_name(stem + kind_of(kind).suffix)


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises UnknownFormatError, naming those there are."""
    if name not in KINDS:
        raise UnknownFormatError(f'no captions are called "{name}" (available: {", ".join(KINDS)})')
    return KINDS[name]


def _moment(one: Placement) -> tuple[int, bool]:
    return one.start, not isinstance(one.what, Sound)


def _text(what: Content) -> str:
    """What a reader sees of it, on one line; nothing for a sound without a sign."""
    if isinstance(what, Sound):
        return _SIGNS.get(what.name, "")
    shown = pauses.shown(what.text).translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")
    return " ".join(shown.split())


def _milliseconds(frame: int, rate: int) -> int:
    return (frame * 1000 + rate // 2) // rate


def _lines(arrangement: Arrangement) -> Iterator[tuple[float, str]]:
    said = [caption for caption, is_tone in _captions(arrangement) if not is_tone]
    for caption, following in zip_longest(said, said[1:]):
        yield caption.start, caption.text
        gone = round(caption.end + LINGER, 3)
        if following is not None and following.start > gone:
            yield gone, ""


def _vtt(arrangement: Arrangement, about: Tags) -> str:
    head = "WEBVTT\n" + (f"Language: {about.language}\n" if about.language else "")
    cues = (
        f"\n{_clock(start, '.')} --> {_clock(end, '.')}\n{text.translate(_VTT)}\n"
        for start, end, text in captions(arrangement)
    )
    return head + "".join(cues)


def _srt(arrangement: Arrangement, about: Tags) -> str:
    return "\n".join(
        f"{number}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{text.translate(_SRT)}\n"
        for number, (start, end, text) in enumerate(captions(arrangement), start=1)
    )


def _lrc(arrangement: Arrangement, about: Tags) -> str:
    heads = {"ti": about.title, "ar": about.artist, "al": about.album, "la": about.language}
    rows = [f"[{name}:{' '.join(text.translate(_LRC).split())}]" for name, text in heads.items() if text]
    rows += [f"[{_short_clock(at)}]{text.translate(_LRC)}" for at, text in _lines(arrangement)]
    return "\n".join(rows) + "\n"


def _chapters(arrangement: Arrangement, about: Tags) -> str:
    rate = arrangement.rate
    rows = [
        (_milliseconds(one.start, rate) / 1000, _milliseconds(one.end, rate) / 1000, one.title)
        for one in about.chapters
    ]
    return chapters_json(rows, about.title)


def chapters_json(chapters: Sequence[tuple[float, float, str]], title: str = "") -> str:
    """Chapters, each with start and end in seconds and its name, as the JSON that players of podcasts read."""
    document: dict[str, Any] = {"version": "1.2.0"}
    if title:
        document["title"] = title
    document["chapters"] = [
        {"startTime": start, "endTime": end} | ({"title": name} if name else {}) for start, end, name in chapters
    ]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def written_chapters(text: str) -> tuple[tuple[float, float, str], ...] | None:
    """The chapters of a text as ``chapters_json`` writes it; None for any other text."""
    try:
        document = json.loads(text)
        found = tuple((one["startTime"], one["endTime"], one.get("title", "")) for one in document["chapters"])
        ours = chapters_json(found, document.get("title", "")) == text
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return found if ours else None


def _clock(seconds: float, point: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{milliseconds:03}"


def _short_clock(seconds: float) -> str:
    """Minutes, as many as there are, seconds, and hundredths: LRC knows no hours."""
    whole, hundredths = divmod(round(seconds * 100), 100)
    return f"{whole // 60:02}:{whole % 60:02}.{hundredths:02}"


KINDS = {
    "vtt": Kind(".vtt", "WebVTT: captions for browsers and phones", _vtt),
    "srt": Kind(".srt", "SubRip: captions for everything else", _srt),
    "lrc": Kind(".lrc", "LRC: lyrics for music players", _lrc),
    "chapters": Kind(".chapters.json", "Podcasting 2.0: chapters for players of podcasts", _chapters),
}
"""By name, in the order in which to offer them."""
