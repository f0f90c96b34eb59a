"""Marks of other tools, which here would be read aloud: SSML and other tags, "[beat]", "[[beep]]", "{pause}"."""

from __future__ import annotations

import re
from typing import NamedTuple

from voicecoach import units
from voicecoach.wording.entities import unescaped
from voicecoach.wording.patterns import compiled

_SILENCES = (
    "pause|paused|pausa|pauze|silence|silent|silencio|silenzio|silêncio|stille|stilte|wait|warten?|attendre|attends|"
    "espera|esperar|attesa|attendi|wacht|beat|break|delay|gap|quiet|slnc|sleep|uv_break|lbreak"
)
_SOUNDS = (
    "beep|beeps|bell|ding|gong|chime|whistle|buzzer|sound|sfx|music|tone|click|clap|applause|laugh|laughs|laughter|"
    "laughing|chuckles|whisper|whispers|whispering|whispered|shout|shouts|shouting|sigh|sighs|inhales|exhales|breath|"
    "breathes|coughs|excited|cheerful|emphasis|emphasized|prosody|voice|audio|ssml|rate|pitch|volume|rset|pbas|emph"
)
_LENGTH = r"[0-9]+(?:[.,][0-9]+)?\s*(?:m?s|m?secs?|(?:milli)?se[ck]\w*|seg\w*|mins?|min\w*|m|beats?)?"
_ATTRIBUTES = r"(?:\s+[^<>]*=[^<>]*)?\s*/?"
TAG = (
    rf"</?[A-Za-z][\w:.-]*{_ATTRIBUTES}>|<(?:(?:mstts:)?(?:{_SILENCES}))\b[^<>]*>"
    r"|<!--.*?-->|<[?!][^<>]*>|<\#[^<>\#]*\#>|<\|[^<>|]*\|>"
)
"""A pattern for a tag, in any case and with any line breaks."""
_FOREIGN = rf"""{TAG}
    | \[\[ (?!\s*pause\b) [^\[\]]* \]\]
    | \[ \s* pause \s* [:=,/-] [^\[\]]* \]
    | [\[{{]{{1,2}} \s? (?:/\s?)? (?! pause (?:\s[^\]]*)? \] ) (?:
          (?: (?:short|long|brief|medium|small|dramatic|half|one)\s+ )? (?:{_SILENCES}) \b
            (?: \s* [:=,/-]? \s* (?:for\s+)? {_LENGTH} )?
        | {_LENGTH} \s+ (?:of\s+)? (?:{_SILENCES}) | [0-9]+\s*ms
        | (?:{_SOUNDS}) (?: \s+{_LENGTH} | \s*[:=][^\[\]{{}}]* )?
        | /\w[\w-]* | [^\W\d_][\w-]*=[^\[\]{{}}]* | [^\W\d_][\w-]*:[0-9.]+\w*
      ) \s* /? \s* [\]}}]{{1,2}}"""
_SILENT = rf"\W*(?:(?:mstts:)?(?:{_SILENCES})|\#|[0-9])|[^<]*\bpause\b"
_SPACES = re.compile(r"\s+")
_TIME = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)?|[.][0-9]+)\s*(?P<unit>[^\W\d_]*)")
_STRENGTH = re.compile(r"strength\s*=\s*[\"']?([a-z-]+)")
_STRENGTHS = {"x-weak": 0.2, "weak": 0.3, "medium": 0.5, "strong": 1.0, "x-strong": 2.0}
"""Seconds that SSML engines rest at breaks of a named strength, about."""
_MILLISECONDS = 100
"""From here on a time without a unit is one in milliseconds."""


class Mark(NamedTuple):
    """A mark of another tool. ``pause`` is the silence that it asks for, as a script has it, where that can be told."""

    written: str
    pause: str | None = None


def foreign(text: str) -> Mark | None:
    """The first mark in a text by which another tool would pause or sound, and which here would be read aloud.

    SSML and other tags, bracket marks such as "[beat]" and "[[beep]]", and a pause in braces. Prose in brackets, a "<"
    that compares, and ``[pause 2s]`` itself are none.
    """
    if not any(mark in text for mark in "<[{&"):
        return None
    found = compiled(_FOREIGN, re.VERBOSE | re.IGNORECASE | re.DOTALL).search(_SPACES.sub(" ", unescaped(text)))
    return Mark(found[0], pause(found[0])) if found is not None else None


def pause(written: str) -> str | None:
    """The silence that a mark asks for, as "[pause 2s]"; None where it asks for none, or too long a one for a line."""
    if compiled(_SILENT, re.IGNORECASE).match(written) is None:
        return None
    lower = written.lower()
    strength = _STRENGTH.search(lower)
    time = _TIME.search(lower)
    seconds = 0.0
    if strength is not None:
        seconds = _STRENGTHS.get(strength[1], 0.0)
    elif time is not None:
        seconds, unit = float(time["number"].replace(",", ".")), time["unit"]
        bare = not unit and seconds >= _MILLISECONDS
        if bare or unit.startswith(("ms", "milli")) or "msec" in lower or "slnc" in lower:
            seconds /= 1000
        elif unit.startswith("m"):
            seconds *= 60
    return f"[pause {units.format_duration(seconds)}]" if 0 < seconds <= units.MAX_PAUSE else None
