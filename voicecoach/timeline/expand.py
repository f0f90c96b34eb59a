"""The steps of a workout as they happen: rounds, sides and included scripts unrolled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from voicecoach import wording
from voicecoach.script.model import Block, CueLine, Hold, Ready, Reps, Rest, Run, Step, Timed, Use, Walk, Work, Workout
from voicecoach.wording import Phrases


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The script a step was written in: its pools, its defaults and its language; ``outer`` is the one that uses it."""

    workout: Workout
    phrases: Phrases
    outer: Scope | None = None

    def chain(self) -> Iterator[Scope]:
        """This script and those around it, from the inside out."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    @property
    def spoken(self) -> bool:
        """Whether names, times and counts are spoken."""
        return self.workout.announce.style in ("voice", "both")

    @property
    def beeps(self) -> bool:
        """Whether tones mark starts and ends."""
        return self.workout.announce.style in ("beep", "both")

    def lines(self, cues: str | tuple[CueLine, ...]) -> tuple[CueLine, ...]:
        """The lines of a pool by its name, or as listed in the step."""
        return self.workout.cues[cues] if isinstance(cues, str) else cues


@dataclass(frozen=True, slots=True, eq=False)
class Happening:
    """One step as it happens. ``starts_round`` marks the first step under a clock of a round."""

    step: Step
    scope: Scope
    block: str
    round: int = 1
    rounds: int = 1
    side: str | None = None
    second_side: bool = False
    starts_round: bool = False

    def duration(self, targets: Mapping[str, float]) -> float | None:
        """Seconds under the clock; None where the step lasts as long as what it says."""
        match self.step:
            case Hold(hold="max", cap=cap):
                return cap
            case Hold(hold=str(), progression=str(name)):
                return targets[name] if name in targets else self.scope.workout.progression[name].start
            case (
                Hold(hold=float(seconds))
                | Work(work=seconds)
                | Run(run=seconds)
                | Walk(walk=seconds)
                | Rest(rest=seconds)
            ):
                return seconds
            case Reps() as reps:
                return reps.reps * reps.rep_seconds
            case Ready(wait=seconds):
                return seconds
        return None

    @property
    def name(self) -> str:
        """What the step is called: its own name, or its kind's; empty for a step that is not under a clock."""
        own = getattr(self.step, "name", None)
        return own or self.scope.phrases.step_names.get(self.step.kind, "")


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a step: the one before, the one right after, and the next under a clock that is no rest."""

    before: Happening | None = None
    following: Happening | None = None
    upcoming: Happening | None = None

    @property
    def rested(self) -> float | None:
        """Seconds of the rest right before; None where there is none."""
        step = self.before.step if self.before is not None else None
        return step.rest if isinstance(step, Rest) else None


def happenings(workout: Workout, outer: Scope | None = None) -> Iterator[Happening]:
    """Every step of a workout in the order it happens."""
    scope = Scope(workout, wording.of(workout.language), outer)
    for block in workout.block:
        yield from _block(block, scope)


def _block(block: Block, scope: Scope) -> Iterator[Happening]:
    name = block.name or ""
    for number in range(1, block.repeat + 1):
        if number > 1 and block.rest is not None:
            pause = Rest.model_construct(rest=block.rest)
            yield Happening(pause, scope, name, number - 1, block.repeat)
        announced = block.repeat == 1
        for step in block.steps:
            if step.rounds is not None and not step.rounds.includes(number, block.repeat):
                continue
            if isinstance(step, Use):
                yield from _used(step, scope)
                continue
            starts = not announced and isinstance(step, Timed) and not isinstance(step, Rest)
            announced = announced or starts
            for index, side in enumerate(_sides(step, scope)):
                yield Happening(step, scope, name, number, block.repeat, side, index == 1, starts and index == 0)


def _used(step: Use, scope: Scope) -> Iterator[Happening]:
    if step.use.startswith("#"):
        wanted = step.use.removeprefix("#").strip()
        yield from _block(next(block for block in scope.workout.block if block.name == wanted), scope)
    else:
        yield from happenings(scope.workout.included[step.use], scope)


def _sides(step: Step, scope: Scope) -> tuple[str | None, ...]:
    match step:
        case Timed(sides=True):
            return scope.phrases.sides
        case Timed(sides=(first, second)):
            return (first, second)
    return (None,)
