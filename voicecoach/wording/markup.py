"""Marks that writers leave in a text and nobody is to hear: Markdown, HTML entities, list bullets, tags."""

from __future__ import annotations

import re
from collections.abc import Callable

from voicecoach.wording import foreign_marks, pauses
from voicecoach.wording.entities import unescaped
from voicecoach.wording.patterns import BREAKS, UNSPEAKABLE, compiled

_STRIPPED = re.compile(f"[{UNSPEAKABLE}]+")
_BREAK = re.compile(rf"\s*[{BREAKS}]\s*")
_BRACKETS = re.compile(r"[\[\]]+")
_START = rf"(?P<start>\A\s*|[{BREAKS}]\s*)"
_BULLET = r"[-–—*•‣◦▪●○·+](?=\s+[^\W\d_]|\s+[*_`(\[]|(?<!\+)\s+[0-9])"
_LIST = rf"""{_START} (?: {_BULLET} \s+ (?: \[[ xX]?\] \s+ )?
      | \(?[0-9]{{1,2}}\) \s+ (?=\S)
      | [a-hA-H]\) \s+ (?=\S)
      | (?P<number>[0-9]{{1,2}})\. \s+ (?=(?P<word>[^\W\d_]+)) (?! [^{BREAKS}]* \b[0-9]{{1,2}}\.\s )
      | \#{{2,6}} \s+ | \# \s+ (?=[^\W\d_]) | >+ \s* (?=[^\W\d_]) )"""
_RULE = rf"(?:(?<=[{BREAKS}])|\A)[ ]*(?:-{{3,}}|\*{{3,}}|_{{3,}}|={{3,}}|\#+)[ ]*(?=[{BREAKS}]|\Z)"
_MARKDOWN = (
    ("](", r"(?i)!?\[(?!\s*pause\b)([^\[\]]*)\]\([^()\s]*[./#][^()\s]*\)", r"\1"),
    ("---", _RULE, ""),
    ("***", _RULE, ""),
    ("___", _RULE, ""),
    ("===", _RULE, ""),
    ("*", r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]+?)(?<=[^\s*])\1(?![\w*])", r"\2"),
    ("_", r"(?s)(?<![^\W_])(_{1,3})(?=[^\s_])(.+?)(?<=[^\s_])\1(?![^\W_])", r"\2"),
    ("**", r"\*{2,}", ""),
    ("~~", r"~{2,}", ""),
    ("`", r"(?<=[^\W\d_])`(?=[^\W\d_]{1,2}\b(?!`))", "'"),
    ("`", r"`+", ""),
    ("_", r"(?<=\w)_+(?=\w)", " "),
    ("_", r"_+", ""),
    ("#", r"(?<![\w&#])#+(?=[^\W\d_])", ""),
    (">", r"\s?[-=]{1,2}>\s?", " → "),
)
"""What must be there, a pattern, and what it becomes."""
_TAGGED = rf"(?is)\s*(?P<tag>{foreign_marks.TAG})\s*"
_MARKED = re.compile(
    rf"[&<>`_#*~\[]|->|=>|---|{_START}(?:[-–—•‣◦▪●○·+]\s|[0-9]{{1,2}}\.\s|\(?[0-9]{{1,2}}\)|[a-hA-H]\))"
)
_ENDED = (".", ",", ";", ":", "!", "?", "…")


def lines_joined(text: str) -> str:
    """The text in one line, without what no voice can say."""
    return text if text.isprintable() else _BREAK.sub(" ", _STRIPPED.sub("", text))


def unmarked(text: str) -> str:
    """A text as it is spoken in a language nothing else is known of: no mark in it that nobody is to hear."""
    said = pauses.around(lines_joined(plain(text)), unbracketed)
    return said if said == text else unmarked(said)


def unbracketed(text: str) -> str:
    """The text without square brackets."""
    return _BRACKETS.sub("", text)


def plain(text: str, counts: Callable[[str], bool] = lambda word: False) -> str:
    """The words of a text without Markdown, entities, tags and bullets; its lines stay.

    ``counts`` tells whether "1." before a word, where a line begins, merely counts the lines of a list.
    """
    while _MARKED.search(text):
        before = text
        text = _STRIPPED.sub("", unescaped(text))
        if "<" in text:
            text = compiled(_TAGGED).sub(_silence, text)
        text = compiled(_LIST, re.VERBOSE).sub(lambda found: _list_start(found, counts), text)
        for sign, pattern, replacement in _MARKDOWN:
            if sign in text:
                text = compiled(pattern).sub(replacement, text)
        if text == before:
            break
    return text


def _silence(found: re.Match[str]) -> str:
    """What a tag comes to: the pause that it asks for, or nothing."""
    inside = found.start() > 0 and found.end() < len(found.string)
    pause = foreign_marks.pause(found["tag"])
    return f" {pause} " if pause is not None else " " if inside else ""


def _list_start(found: re.Match[str], counts: Callable[[str], bool]) -> str:
    before = found.string[: found.start()].rstrip()
    if found["number"] and not (
        counts(found["word"])
        and (not before or re.search(rf"(?:\A|[{BREAKS}])\s*{int(found['number']) - 1}\.\s", found.string))
    ):
        return found[0]
    if before and not before.endswith(_ENDED):
        return ". "
    return found["start"]
