"""How well each voice is understood: ``python -m bench voices``.

    python -m bench voices [--voice NAME]… [--language TAG]… [--worst 10] [--floor PERCENT]

Every line of the workouts that ship is spoken by each voice, a recogniser writes it down, and the words that differ
are counted; one that is only written otherwise, and sounds the same, is right. ``--floor`` ends with exit code 1
where a voice has more than so many word errors in a hundred.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.recogniser import Recogniser, errors, sounds, unaccented, words
from voicecoach import pipeline, script
from voicecoach.errors import UnknownVoiceError
from voicecoach.script import plan
from voicecoach.speech import registry
from voicecoach.speech.pronounce import Pronunciations
from voicecoach.speech.registry import ChosenVoice
from voicecoach.speech.speaker import Speaker
from voicecoach.store import folders
from voicecoach.store.cache import Cache
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Line, Pronunciation, VoiceWish


class Result(NamedTuple):
    """A line, what was heard of it, and how many of its words are wrong."""

    line: Line
    heard: str
    wrong: int
    words: int


def main(arguments: Sequence[str]) -> None:
    """Reads the arguments, listens, prints."""
    parser = argparse.ArgumentParser(
        prog="python -m bench voices", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--voice", action="append", help="only this voice (more than once: these)")
    parser.add_argument("--language", action="append", help="only lines in this language (default: all that ship)")
    parser.add_argument("--worst", type=int, default=10, help="how many of the worst lines are shown of each voice")
    parser.add_argument("--floor", type=float, help="most word errors in a hundred, or the exit code is 1")
    wanted = parser.parse_args(arguments)
    recogniser = Recogniser()
    failed = False
    with tempfile.TemporaryDirectory(prefix="voicecoach-bench-") as folder:
        for language, lines in shipped_lines().items():
            if wanted.language is None or language in wanted.language:
                for voice in _voices(language, wanted.voice):
                    results = list(listen(voice, lines, recogniser, Cache(Path(folder))))
                    _print(voice, language, results, wanted.worst)
                    failed |= wanted.floor is not None and rate(results) > wanted.floor
    registry.close()
    sys.exit(1 if failed else 0)


def shipped_lines() -> dict[str, dict[Line, tuple[Pronunciation, ...]]]:
    """Every line that the workouts that ship have spoken, by language, and how its script has words said."""
    lines: dict[str, dict[Line, tuple[Pronunciation, ...]]] = {}
    for path in sorted(folders.shipped_scripts().glob("*.toml")):
        for workout in plan.workouts(script.load(path)):
            timeline = compile_workout(workout)
            for what in pipeline.contents(timeline):
                if isinstance(what, Line):
                    lines.setdefault(what.language, {})[what] = timeline.pronounce
    return dict(sorted(lines.items()))


def listen(
    voice: ChosenVoice, lines: Mapping[Line, tuple[Pronunciation, ...]], recogniser: Recogniser, cache: Cache
) -> Iterator[Result]:
    """Speaks each line in a voice, as it would be heard in a session, and has it written down."""
    for pronounce in dict.fromkeys(lines.values()):
        speaker = Speaker(voice, cache, pronunciations=Pronunciations(pronounce))
        said_so = [line for line, how in lines.items() if how == pronounce]
        speaker.prepare(said_so)
        for line in said_so:
            heard = recogniser.heard(speaker.clip(line), line.language)
            said, written = words(line.text, line.language), words(heard, line.language)
            yield Result(line, heard, _wrong(said, written, line.language), len(said))


def _wrong(said: Sequence[str], heard: Sequence[str], language: str) -> int:
    """How many words are wrong: as they are written without their accents, or as they sound, where that is fewer."""
    as_written = errors(list(map(unaccented, said)), list(map(unaccented, heard)))
    return min(as_written, errors(sounds(said, language), sounds(heard, language))) if as_written else 0


def rate(results: Sequence[Result]) -> float:
    """Word errors in a hundred words."""
    return 100 * sum(result.wrong for result in results) / max(1, sum(result.words for result in results))


def _voices(language: str, names: Sequence[str] | None) -> Iterator[ChosenVoice]:
    """The voices named, or the best of each engine for the language."""
    if names is not None:
        yield from (registry.choose(language, VoiceWish(name=name)) for name in names)
        return
    for name, engine in registry.engines().items():
        if name not in ("tone", "system") and engine.available() is None:
            try:
                yield registry.choose(language, VoiceWish(engine=name))
            except UnknownVoiceError:
                continue


def _print(voice: ChosenVoice, language: str, results: Sequence[Result], worst: int) -> None:
    right = sum(not result.wrong for result in results)
    name = f"{voice.info.engine}:{voice.info.name}"
    print(
        f"\n{name} in {language}: {rate(results):.1f} % word errors, {right} of {len(results)} lines right", flush=True
    )
    for result in sorted(results, key=lambda result: -result.wrong / max(1, result.words))[:worst]:
        if result.wrong:
            print(f"  {result.wrong}/{result.words}  {result.line.text}\n       heard: {result.heard}")
