"""What a file says about itself: title, artist, language, chapters, lyrics, cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from voicecoach.arrange.arrangement import Arrangement, Passage

if TYPE_CHECKING:
    from voicecoach.export.artwork import Artwork

ARTIST = "voicecoach"
TagVersion = Literal["2.3", "2.3-latin-1", "2.3-utf-16", "2.4"]
"""Which ID3 an MP3 has: 2.3 in Latin-1 where that suffices, otherwise in UTF-16; in one of them only; 2.4 in UTF-8."""

_ISO_639_2 = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng",
    "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle", "gl": "glg",
    "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn",
    "ko": "kor", "lt": "lit", "lv": "lav", "ms": "msa", "nb": "nob", "nl": "nld", "nn": "nno", "no": "nor",
    "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp",
    "sv": "swe", "sw": "swa", "ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "zho",
}  # fmt: skip


def two_letters(language: str) -> str:
    """A language as BCP 47 writes it, from the three letters that a file has; empty for none."""
    known = {long: short for short, long in _ISO_639_2.items()}
    return "" if language == "und" else known.get(language.lower(), language)


class Chapter(NamedTuple):
    """A named stretch, from frame ``start`` up to ``end``."""

    start: int
    end: int
    title: str


class Lyric(NamedTuple):
    """A text that is shown from frame ``start`` until the next; an empty one clears it away."""

    start: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What players show. ``language`` is a BCP 47 tag; chapters follow one another without a gap.

    ``track`` is the file's number, from 1, among the ``tracks`` of its album; 0 where it is not one of several.
    Lyrics go into an MP3 only, and ``version`` is that of its tag; a cover goes into all but WAV.
    """

    title: str
    artist: str = ARTIST
    album: str = ""
    language: str = ""
    comment: str = ""
    chapters: tuple[Chapter, ...] = ()
    lyrics: tuple[Lyric, ...] = ()
    cover: Artwork | None = None
    version: TagVersion = "2.3"
    track: int = 0
    tracks: int = 0

    @property
    def numbered(self) -> str:
        """The number of the track and of how many, "3/12"; empty where it is not one of several."""
        return f"{self.track}/{self.tracks}" if self.track else ""

    @property
    def language_code(self) -> str:
        """The language in ISO 639-2 (three letters), as ID3 and MPEG-4 want it; "und" where it has none there."""
        primary = self.language.split("-")[0].lower()
        return _ISO_639_2.get(primary, primary if len(primary) == 3 and primary.isascii() else "und")

    def but(self, changes: Mapping[str, str]) -> Tags:
        """The same with some texts replaced, by field: ``title``, ``artist``, ``album``, ``language``, ``comment``."""
        unknown = changes.keys() - {"title", "artist", "album", "language", "comment"}
        if unknown:
            raise ValueError(f"no tag is called {', '.join(sorted(unknown))}")
        texts: dict[str, Any] = {name: _clean(text) for name, text in changes.items()}
        return replace(self, **texts)


def _clean(text: str) -> str:
    """Without what ends a text early in one format or cannot be written in another."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip()


def of(arrangement: Arrangement, frames: int) -> Tags:
    """What an arrangement of so many frames says about itself.

    The album is the title, so that players keep a workout together.
    """
    return Tags(
        title=_clean(arrangement.title),
        album=_clean(arrangement.title),
        language=_clean(arrangement.language),
        comment=_clean(arrangement.summary),
        chapters=chapters(arrangement.passages, frames),
    )


def chapters(passages: Iterable[Passage], frames: int) -> tuple[Chapter, ...]:
    """One for each passage, from the end of the one before; those without a name belong to the one before."""
    found: list[Chapter] = []
    reached = 0
    for passage in passages:
        end = min(frames, max(reached, passage.end))
        if end > reached:
            name = _clean(passage.name)
            if name or not found:
                found.append(Chapter(reached, end, name))
            else:
                found[-1] = found[-1]._replace(end=end)
            reached = end
    if found and reached < frames:
        found[-1] = found[-1]._replace(end=frames)
    return tuple(found) if any(chapter.title for chapter in found) else ()
