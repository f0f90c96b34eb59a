"""The steps of the flow put together with the person's own configuration, cache and voice.

What the command line and the library share: from a timeline to an arrangement that can be heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import log, units
from voicecoach.arrange import arranger
from voicecoach.store import folders
from voicecoach.timeline.model import Line, StatedTime, VoiceWish

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.arrange.library import Library
    from voicecoach.script.audio import Audible
    from voicecoach.script.model import Workout
    from voicecoach.speech.registry import ChosenVoice
    from voicecoach.speech.speaker import Speaker
    from voicecoach.store.cache import Cache
    from voicecoach.store.history import History
    from voicecoach.timeline.course import Past
    from voicecoach.timeline.kept import Opened
    from voicecoach.timeline.model import Content, Pronunciation, RecordedLine, Timeline
    from voicecoach.timeline.progression import Growing

NO_WISH = VoiceWish()
"""Leaves everything to the configuration and the script."""
CALL, CONFIGURATION, SCRIPT = 0, 1, 2
"""Who wishes for a voice, in the order in which ``choose_voice`` listens."""


class Today(NamedTuple):
    """What the history says of a script for a day.

    Today's lengths of its progressions by their keys, how many sessions of it were finished, and the longest holds so
    far; both lengths are in seconds.
    """

    targets: Mapping[str, float]
    finished: int
    bests: Mapping[str, float] = MappingProxyType({})


def opened(source: str | Path) -> Opened:
    """A script: a path, the name of a workout, or ``"-"`` for standard input, which is read once.

    Recalled from the person's cache where it was read before. Raises ScriptError and ConfigError.
    """
    from voicecoach.script import source as sources
    from voicecoach.timeline.kept import Opened

    return Opened(sources.opened(source), cache(), audible())


def compiled(
    source: str | Path | Opened,
    *,
    seed: int = 0,
    targets: Mapping[str, float] | None = None,
    bests: Mapping[str, float] | None = None,
    finished: int = 0,
    live: bool = False,
) -> Timeline:
    """The timeline of a script, as ``opened`` finds it; ``targets``, ``bests`` and ``finished`` are what ``today``
    gives.

    Recalled from the person's cache where it was compiled before. Raises ScriptError and ConfigError.
    """
    name = source if isinstance(source, str | Path) else source.name
    with log.timed("%s compiled", name) as told:
        script = opened(source) if isinstance(source, str | Path) else source
        timeline = script.timeline(seed, targets, finished, bests=bests, live=live)
        told.append("which was kept" if script.recalled else "anew")
    return timeline


def today(
    script: Opened | Workout,
    *,
    day: date | None = None,
    session: int | None = None,
    history: History | None = None,
    left: int | None = None,
    now: date | None = None,
) -> Today:
    """What the history says of a script for a day, by default the day it is.

    ``session`` is the number of the session, from 1, where the history is not to be asked for it. ``history`` is by
    default the person's own. Of a session of that day that was ``left``, and goes on ``now``, nothing is seen, but
    targets that were set since are. Raises HistoryError, and ScriptError for a script that was opened and is wrong.
    """
    if history is None:
        if folders.is_missing(folders.history()):
            return Today({}, (session or 1) - 1)
        from voicecoach.store.history import History

        with History.open(to_read=True) as own:
            return today(script, day=day, session=session, history=own, left=left, now=now)
    day = day or date.today()
    finished = history.finished(script.identity, until=day) if session is None else session - 1
    if not history.progressions():
        return Today({}, finished)
    from voicecoach.timeline import progression

    targets: dict[str, float] = {}
    bests: dict[str, float] = {}
    for each in _progressions(script):
        held = history.held(each.key, before=day + timedelta(days=1), besides=left)
        wish = history.wished(each.key, until=now or day)
        if held or wish is not None:
            override = None if wish is None else (min(wish.day, day), wish.seconds)
            targets[each.key] = progression.target(each, held, day, override=override)
        if (longest := progression.best(held)) is not None:
            bests[each.key] = longest
    return Today(targets, finished, bests)


def past(
    script: Opened,
    day: date | None = None,
    history: History | None = None,
    *,
    left: int | None = None,
    now: date | None = None,
) -> Past:
    """What earlier sessions of a script have left to one of a day, by default today; nothing without a history.

    ``left`` is the number of the session itself where it goes on ``now``, with targets that were set since. Raises
    HistoryError and ScriptError.
    """
    from voicecoach.timeline import progression
    from voicecoach.timeline.course import NOTHING, Before, Past

    if history is None:
        return NOTHING
    day = day or date.today()
    due = today(script, day=day, history=history, left=left, now=now)

    def answered(question: str, side: str | None) -> Before | None:
        last = history.last_answer(script.identity, question, side=side, until=day)
        return None if last is None else Before.of(last[1], last[0], day)

    ahead = [each for each in _progressions(script) if each.unlocks] if history.progressions() else []
    return Past(
        targets=due.targets,
        bests=due.bests,
        finished=due.finished,
        answered=answered,
        at_goal={each.key: progression.at_goal(each, history.held(each.key, before=day)) for each in ahead},
        unlocks={each.key: each.unlocks.replace("-", " ") for each in ahead if each.unlocks},
    )


def _progressions(script: Opened | Workout) -> tuple[Growing, ...]:
    from voicecoach.timeline import progression
    from voicecoach.timeline.kept import Opened

    return script.outline().progressions if isinstance(script, Opened) else progression.progressions(script)


def audible() -> Audible:
    """Tells which audio files can be heard; what is found out about them is kept."""

    def listen(file: Path, is_music: bool) -> None:
        from voicecoach.sound import recordings  # costly to import, and few scripts name audio files

        if is_music:
            recordings.check_music(file, units.SAMPLE_RATE, keeping)
        else:
            recordings.frames(file, units.SAMPLE_RATE, keeping)

    keeping = cache()
    return listen


def arrange(timeline: Timeline, voice: ChosenVoice | None = None, *, rate: int = units.SAMPLE_RATE) -> Arrangement:
    """The arrangement of a timeline in a voice; in the one that ``choose_voice`` gives where None is named.

    ``rate`` is its sample rate in hertz. Lines are spoken, and passages placed, when they are first asked for; what has
    to be loaded for that begins to be. Raises UnknownVoiceError, VoiceError and ConfigError; asking for its passages
    raises VoiceError and AudioFileError.
    """
    return arranger.arrangement(timeline, library(timeline, voice or choose_voice(timeline), rate), rate=rate)


def arrange_spoken(
    timeline: Timeline,
    voice: ChosenVoice,
    *,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    rate: int = units.SAMPLE_RATE,
) -> Arrangement:
    """The arrangement of a timeline in a voice, at a sample rate in hertz, with every line spoken beforehand.

    ``jobs`` lines are spoken at once (None: as many as the voice can).
    ``progress`` is called with how many contents are done, and of how many.
    """
    speaking = library(timeline, voice, rate)
    with log.timed('what "%s" says made ready', timeline.title):
        speaking.prepare(contents(timeline), jobs, progress)
    return arranger.arrangement(timeline, speaking, rate=rate)


def arrange_estimated(timeline: Timeline, wish: VoiceWish = NO_WISH) -> Arrangement:
    """The arrangement as it will be about, by estimated lengths: to be looked at, not to be heard."""
    from voicecoach.arrange.estimate import Estimate

    lengths = Estimate(speed=speed(timeline, wish), cache=cache(), recorded=timeline.recorded)
    return arranger.arrangement(timeline, lengths)


def arrange_kept(timeline: Timeline, voice: ChosenVoice) -> Arrangement | None:
    """The arrangement as it will be heard in a voice, to be looked at; None unless every line of it is kept.

    Raises AudioFileError, VoiceError and ConfigError.
    """
    from voicecoach.arrange.estimate import Estimate

    speaking = speaker(voice, pronounce=timeline.pronounce, recorded=timeline.recorded)
    known: set[Content] = set()
    for what in contents(timeline):
        if what not in known:
            known.add(what)
            if isinstance(what, Line) and not speaking.keeps(what):
                return None
    return arranger.arrangement(timeline, Estimate(spoken=speaking.frames, cache=speaking.cache))


def choose_voice(timeline: Timeline, wish: VoiceWish = NO_WISH) -> ChosenVoice:
    """Who speaks: what the call wishes, then the person's configuration, then the script, then an embedded voice.

    Raises UnknownVoiceError, naming near ones, where the call wishes for a voice that is not here, and ConfigError.
    """
    from voicecoach import config
    from voicecoach.speech import registry

    voice = registry.choose(timeline.language, wish, config.load().voice, timeline.voice)
    log.record('%s:%s speaks "%s", %s', voice.info.engine, voice.info.name, timeline.language, voice.manner)
    return voice


def unmet(voice: ChosenVoice) -> Iterator[str]:
    """What is asked for and ``choose_voice`` could not give, a sentence each."""
    from voicecoach import config

    for by, what in unmet_by(voice):
        place = {None: "language", CONFIGURATION: f"{config.path()}: voice"}.get(by, "voice")
        yield f"{place}: {what}"


def unmet_by(voice: ChosenVoice) -> Iterator[tuple[int | None, str]]:
    """The same without its place: who wished for it (None: the script, for a language), and what became of it."""
    for by, why in voice.unmet:
        yield by, why if by == CALL else f"{why}; {voice.info.engine}:{voice.info.name} speaks instead"


def speed(timeline: Timeline, wish: VoiceWish = NO_WISH) -> float:
    """How fast lines will be spoken; 1.0 is natural. Needs no voice. Raises ConfigError."""
    from voicecoach import config

    rates = (wish.rate, config.load().voice.rate, timeline.voice.rate)
    return next((rate for rate in rates if rate is not None), 1.0)


def cache() -> Cache:
    """The person's cache, as large as the configuration allows. Raises ConfigError."""
    from voicecoach import config
    from voicecoach.store.cache import Cache

    return Cache(folders.cache(), config.load().cache_limit)


def library(timeline: Timeline, voice: ChosenVoice, rate: int = units.SAMPLE_RATE) -> Library:
    """How everything of a session sounds in a voice, at a sample rate in hertz.

    What has to be loaded to speak its lines begins to be. Raises VoiceError and ConfigError.
    """
    from voicecoach.arrange.library import Library

    speaking = speaker(voice, rate, timeline.pronounce, timeline.recorded)
    speaking.expect(what for what in contents(timeline) if isinstance(what, Line))
    return Library(speaking, rate)


def speaker(
    voice: ChosenVoice,
    rate: int = units.SAMPLE_RATE,
    pronounce: tuple[Pronunciation, ...] = (),
    recorded: tuple[RecordedLine, ...] = (),
) -> Speaker:
    """Who speaks lines in a voice, and keeps them, at a sample rate in hertz.

    Words are said as the person's configuration says, then as ``pronounce`` does; lines that are ``recorded`` are heard
    as that. Raises ConfigError.
    """
    from voicecoach import config
    from voicecoach.speech.pronounce import Pronunciations
    from voicecoach.speech.speaker import Speaker

    return Speaker(voice, cache(), rate, Pronunciations((*config.load().pronounce, *pronounce)), recorded)


def contents(timeline: Timeline) -> Iterator[Content]:
    """All that is heard in a session, in its order, as often as it is heard."""
    for segment in timeline.segments:
        for cue in (*segment.lead, *segment.cues):
            if not isinstance(cue.what, StatedTime):
                yield cue.what
                continue
            from voicecoach.timeline.stated import OF_SESSION, stated  # brings the words of a language

            if not OF_SESSION.intersection(cue.what.parts):  # those are known when it is arranged
                yield stated(cue.what, cue.at)
