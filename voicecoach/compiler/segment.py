"""One step as it happens becomes a segment: what is said before its clock, and every cue against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from voicecoach.compiler import order, texts
from voicecoach.compiler.expand import Happening
from voicecoach.timeline import Cue, Line, Recording, Role, Segment, Sound
from voicecoach.workout import Ask, CueLine, Hold, Play, Ready, Reps, Rest, Run, Say, Timed, Walk

HALFWAY_FROM = 20.0
"""Shortest step, in seconds, whose half is announced unless it asks for it."""
REMAINING_FROM = 3
"""A mark such as "ten seconds left" is made in steps at least this many times as long."""
CLOSEST_CUES = 6.0
"""Pool cues without a spacing of their own come no closer than this, in seconds."""
NAME_AGAIN_FROM = 20.0
"""After a rest of this many seconds the name, said as the rest began, is said again."""
COUNT_UP_EVERY = 15.0
"""Seconds between the times called out in a hold without an end."""
CUE_ROOM = 1.5
"""Seconds a pool cue is given before the countdown, or the end, of its step."""
SHORTEST_PHASE = 1.0
"""A phase of a tempo shorter than this, in seconds, ticks: no word fits it."""
ASK_PAUSE = "[pause 4s]"
"""In a file, the time to find one's own answer before the answers are spoken."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a step needs to know of the steps around it."""

    before: Happening | None
    after: Happening | None
    """The next step with a name, past anything that only speaks."""

    @property
    def after_rest(self) -> bool:
        return self.before is not None and isinstance(self.before.step, Rest)


class Pools:
    """The running order of every pool: a pool goes on where it was, from round to round and side to side."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._running: dict[tuple[int, str], Iterator[CueLine]] = {}

    def next_line(self, lines: tuple[CueLine, ...], how: order.Order) -> CueLine:
        """The line whose turn it is."""
        key = (id(lines), how)
        if key not in self._running:
            source = Random(f"{self._seed}:{len(self._running)}")
            self._running[key] = order.endless(lines, how, source)
        return next(self._running[key])


class StepCompiler:
    """Compiles one happening at a time; keeps only the running order of the pools."""

    def __init__(self, seed: str, targets: Mapping[str, float]) -> None:
        self._pools = Pools(seed)
        self._targets = targets

    def segment(self, index: int, happening: Happening, around: Surroundings) -> Segment:
        """The segment of one step as it happens."""
        step = happening.step
        duration = step.wait if isinstance(step, Ready) else happening.duration(self._targets)
        lead: list[Cue] = []
        cues: list[Cue]
        lead_in = pause = 0.0
        if isinstance(step, Timed) and duration is not None:
            values = self._values(happening, around, duration)
            lead, cues, lead_in = _opening(happening, around, values)
            cues += self._under_clock(step, happening, duration, values)
            cues.sort(key=lambda cue: cue.at)
        else:
            values = self._values(happening, around, duration or 0.0)
            cues = _spoken(happening, values)
            pause = step.pause if isinstance(step, Say) else 0.0
        return Segment(
            index=index,
            kind=step.kind,
            name=happening.name,
            block=happening.block,
            round=happening.round,
            rounds=happening.rounds,
            duration=duration,
            side=happening.side,
            lead=tuple(lead),
            lead_in=lead_in,
            pause=pause,
            cues=tuple(cues),
            open_ended=isinstance(step, Hold) and step.hold == "max",
        )

    def _values(self, happening: Happening, around: Surroundings, duration: float) -> dict[str, str]:
        """What the placeholders stand for, but those that change within the step."""
        phrases, step = happening.scope.phrases, happening.step
        spoken_duration = phrases.duration(duration)
        return {
            "name": happening.name,
            "next": around.after.name if around.after is not None else "",
            "duration": spoken_duration,
            "remaining": spoken_duration,
            "elapsed": phrases.duration(0),
            "rep": phrases.number(1),
            "reps": phrases.number(step.reps) if isinstance(step, Reps) else "",
            "round": phrases.number(happening.round),
            "rounds": phrases.number(happening.rounds),
            "side": phrases.side(happening.side) if happening.side is not None else "",
            "block": happening.block,
            "target": spoken_duration,
            "best": spoken_duration,
        }

    def _under_clock(self, step: Timed, happening: Happening, duration: float, values: dict[str, str]) -> list[Cue]:
        phrases, announce = happening.scope.phrases, happening.scope.workout.announce
        spoken, beeps = announce.style in ("voice", "both"), announce.style in ("beep", "both")
        ticking = announce.style == "beep"
        countdown = announce.countdown if step.countdown is None else step.countdown
        endless = isinstance(step, Hold) and step.hold == "max"
        cues: list[Cue] = []

        def moment(at: float) -> dict[str, str]:
            left = max(0.0, duration - at)
            now = {"elapsed": phrases.duration(round(at)), "remaining": phrases.duration(round(left))}
            if isinstance(step, Reps):
                now["rep"] = phrases.number(min(step.reps, int(at / step.rep_seconds) + 1))
            return values | now

        def say(at: float, text: str, role: Role) -> None:
            cues.append(Cue(at, texts.line(text, phrases, moment(at) if "{" in text else None), role))

        for place, text in step.at.items():
            # a place beyond today's length of a growing hold is not reached yet
            if 0 <= (at := place.within(duration)) <= duration:
                say(at, text, Role.AT)
        half_taken = any(place.share == 0.5 for place in step.at)
        halfway = announce.halfway if step.halfway is None else step.halfway
        own_wish = step.halfway is not None
        plain = not endless and not isinstance(step, Reps | Rest)
        if halfway and not half_taken and (own_wish or (plain and duration >= HALFWAY_FROM)):
            if isinstance(halfway, str):
                say(duration / 2, halfway, Role.ANNOUNCE)
            elif spoken:
                say(duration / 2, phrases.halfway, Role.ANNOUNCE)
            elif ticking:
                cues.append(Cue(duration / 2, Sound("halfway"), Role.BOUNDARY))
        if spoken and plain:
            for mark in announce.remaining:
                if duration >= REMAINING_FROM * mark:
                    say(duration - mark, phrases.remaining(phrases.duration(mark)), Role.ANNOUNCE)
        if spoken and endless:
            for count in range(1, int((duration - 1) / COUNT_UP_EVERY) + 1):
                at = count * COUNT_UP_EVERY
                say(at, phrases.sentence(phrases.duration(at)) + ".", Role.ANNOUNCE)
        if isinstance(step, Reps):
            cues += _rep_cues(step, happening, spoken, ticking)
        elif not endless and (spoken or ticking) and duration > countdown:
            cues += _countdown(countdown, duration, happening, spoken)
        else:
            countdown = 0
        if beeps and not isinstance(step, Rest):
            cues.append(Cue(duration, Sound("end"), Role.BOUNDARY))
        if step.cadence is not None:
            beat = 60 / step.cadence
            ticks = int(duration / beat - 1e-9) + 1
            cues += [Cue(number * beat, Sound("tick"), Role.TICK) for number in range(ticks)]
        if step.cues is not None:
            lines = happening.scope.lines(step.cues)
            for at in _cue_times(step, len(lines), duration, duration - countdown - CUE_ROOM):
                cue = self._pools.next_line(lines, step.order)
                cues.append(Cue(at, texts.pool_line(cue, phrases, moment(at)), Role.CUE))
        return cues


def _cue_times(step: Timed, lines: int, duration: float, last: float) -> Iterator[float]:
    """Where pool cues want to be, in seconds, none later than ``last``."""
    every = step.every or max(CLOSEST_CUES, duration / (lines + 1))
    at = every if step.first is None else step.first
    number = 0
    while at + number * every <= last:
        yield at + number * every
        number += 1


def _countdown(numbers: int, end: float, happening: Happening, spoken: bool) -> Iterator[Cue]:
    """The last seconds before ``end``, each number on its second."""
    phrases = happening.scope.phrases
    for number in range(numbers, 0, -1):
        what = Line(phrases.number(number), phrases.language) if spoken else Sound("countdown")
        yield Cue(end - number, what, Role.COUNTDOWN)


def _rep_cues(step: Reps, happening: Happening, spoken: bool, ticking: bool) -> Iterator[Cue]:
    """The number as each rep starts, and a word or a tick as each later phase does."""
    if not (spoken or ticking):
        return
    phrases = happening.scope.phrases
    for rep in range(step.reps):
        at = rep * step.rep_seconds
        number = Line(phrases.number(rep + 1), phrases.language) if spoken else Sound("countdown")
        yield Cue(at, number, Role.COUNTDOWN)
        for phase, seconds in enumerate(step.tempo or ()):
            if phase and seconds:
                if spoken and seconds >= SHORTEST_PHASE:
                    yield Cue(at, Line(phrases.tempo[phase], phrases.language), Role.COUNTDOWN)
                else:
                    yield Cue(at, Sound("tick"), Role.TICK)
            at += seconds


def _opening(
    happening: Happening, around: Surroundings, values: Mapping[str, str]
) -> tuple[list[Cue], list[Cue], float]:
    """What a step under a clock opens with: its lead, the cues as its clock starts, the least length of the lead."""
    step, scope = happening.step, happening.scope
    assert isinstance(step, Timed)
    phrases, announce = scope.phrases, scope.workout.announce
    spoken, beeps = announce.style in ("voice", "both"), announce.style in ("beep", "both")
    words = _announcement(happening, around, values) if spoken else ""
    announcement = [Cue(0.0, texts.line(words, phrases), Role.ANNOUNCE)] if words else []
    intro = [Cue(0.0, texts.line(step.intro, phrases, values), Role.INTRO)] if step.intro is not None else []
    if isinstance(step, Rest):
        return intro, announcement, 0.0
    goes_on = isinstance(step, Run | Walk)
    lead_in = announce.lead_in
    if happening.second_side:
        lead, cues, lead_in = [*announcement, *intro], [], max(step.switch, lead_in or 0.0)
    elif around.after_rest or (lead_in is None and not goes_on) or lead_in:
        lead, cues = [*announcement, *intro], []
        if lead_in and not around.after_rest and announce.style != "none":
            cues += _countdown(min(announce.countdown, int(lead_in)), 0.0, happening, spoken)
    else:
        lead, cues = intro, announcement
    gapless = not lead and not lead_in and around.before is not None
    ended_with_tone = gapless and isinstance(getattr(around.before, "step", None), Timed)
    if beeps and not ended_with_tone:
        cues.append(Cue(0.0, Sound("start"), Role.BOUNDARY))
    return lead, cues, lead_in or 0.0


def _announcement(happening: Happening, around: Surroundings, values: Mapping[str, str]) -> str:
    """What the person is told a step is; empty where the rest before it has said so."""
    step, phrases = happening.step, happening.scope.phrases
    if isinstance(step, Rest):
        words = (
            phrases.rest(values["duration"])
            if step.name is None
            else (phrases.announce(step.name, values["duration"], None))
        )
        if happening.scope.workout.announce.next and around.after is not None:
            words += " " + phrases.next(around.after.name)
        return words
    if happening.second_side and happening.side is not None:
        return phrases.switch(happening.side)
    words = phrases.round(happening.round, happening.rounds) if happening.starts_round else ""
    match step:
        case Hold(hold="max"):
            length = phrases.as_long_as_you_can
        case Reps():
            length = phrases.reps(step.reps)
        case _:
            length = values["duration"]
    if around.after_rest and around.before is not None:
        told = happening.scope.workout.announce.next
        if told and (around.before.duration({}) or 0.0) < NAME_AGAIN_FROM and happening.side is None:
            return words
    return f"{words} {phrases.announce(happening.name, length, happening.side)}".strip()


def _spoken(happening: Happening, values: Mapping[str, str]) -> list[Cue]:
    """The cues of a step that is not under a clock: they follow one another."""
    step, phrases = happening.step, happening.scope.phrases

    def said(text: str) -> Cue:
        return Cue(0.0, texts.line(text, phrases, values), Role.SAY)

    match step:
        case Say():
            return [said(step.say)]
        case Ready():
            return [said(step.ready)]
        case Ask():
            answers = [
                said(f"{answer.label}: {answer.say}" if answer.say else f"{answer.label}.") for answer in step.answers
            ]
            return [said(f"{step.ask} {ASK_PAUSE}"), *answers]
        case Play():
            return [Cue(0.0, Recording(step.play, step.name or step.play.stem), Role.SAY)]
    raise AssertionError(step.kind)
