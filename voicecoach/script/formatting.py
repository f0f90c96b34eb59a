"""A script's file laid out anew, and compared with what it said before."""

from __future__ import annotations

import codecs

import tomli

from voicecoach.script import layout
from voicecoach.script import source as sources
from voicecoach.script.loader import Loader
from voicecoach.script.model import Workout
from voicecoach.script.source import Source


def formatted(source: Source) -> bytes:
    """What a script's file holds when it is laid out, with the mark at its beginning and the line ends that it had.

    Where some lines end otherwise than most, they end as most. Raises ScriptError with every mistake of the script,
    and where what is laid out would not say the same, or have the same comments.
    """
    workout = Loader().load(source)
    text = layout.laid_out(source.text)
    content = _with_ends(text, source.content)
    if content == source.content:
        return content
    after = sources.decoded(source.name, source.path, source.folder, content)
    same = (
        repr(tomli.loads(after.text)) == repr(tomli.loads(source.text))  # which knows the order of keys
        and layout.comments(after.text) == layout.comments(source.text)
        and _meaning(Loader().load(after)) == _meaning(workout)
    )
    if not same:
        raise sources.refused(source.name, "it would not say the same if it was laid out, and is left as it is")
    return content


def _with_ends(text: str, written: bytes) -> bytes:
    ends = "\r\n" if 2 * written.count(b"\r\n") > written.count(b"\n") else "\n"
    return codecs.BOM_UTF8 * written.startswith(codecs.BOM_UTF8) + text.replace("\n", ends).encode("utf-8")


def _meaning(workout: Workout) -> Workout:
    """The workout without what tells where it was read and how it was written."""
    return workout.model_copy(update={"digest": "", "source": None})
