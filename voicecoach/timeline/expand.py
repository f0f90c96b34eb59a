"""The steps of a workout as they happen: rounds, sides, included scripts and the answers given unrolled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from voicecoach import wording
from voicecoach.script.model import Ask, Block, CueLine, Hold, Ready, Rest, Say, Step, Timed, Use, Workout
from voicecoach.script.plan import Day
from voicecoach.timeline import progression
from voicecoach.timeline.model import Done, Ends, Origin
from voicecoach.wording.phrases import Phrases

OPENING_PAUSE = 1.0
"""Seconds of silence behind the words that tell which day of a plan it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The script a step was written in: its pools, its defaults and its language; ``outer`` is the one that uses it.

    ``uses`` are the words of the ``use`` steps that lead to it.
    """

    workout: Workout
    phrases: Phrases
    outer: Scope | None = None
    uses: tuple[str, ...] = ()

    def chain(self) -> Iterator[Scope]:
        """This script and those around it, from the inside out."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    @property
    def spoken(self) -> bool:
        """Whether names, times and counts are spoken: where the script's language has words for them."""
        return self.phrases.known and self.workout.announce.style in ("voice", "both")

    @property
    def beeps(self) -> bool:
        """Whether tones mark starts and ends: also in place of words that there are not."""
        style = self.workout.announce.style
        return style in ("beep", "both") or (style == "voice" and not self.phrases.known)

    def lines(self, cues: str | tuple[CueLine, ...]) -> tuple[CueLine, ...]:
        """The lines of a pool by its name, or as listed in the step."""
        return self.workout.cues[cues] if isinstance(cues, str) else cues


@dataclass(frozen=True, slots=True, eq=False)
class Happening:
    """One step as it happens. ``starts_round`` marks the first step under a clock of a round.

    ``switches`` marks the rest in which sides are changed; ``side`` is then the one that comes. One that ``varies`` is
    another in each round, and in a ``quiet`` one no reminder and no cue of a pool is heard. ``asked`` is the index of
    the question whose answer brought it here, −1 for a step that comes anyway.
    """

    step: Step
    scope: Scope
    block: str
    origin: Origin
    rounds: int = 1
    switches: bool = False
    starts_round: bool = False
    varies: bool = False
    quiet: bool = False
    asked: int = -1

    @property
    def round(self) -> int:
        """The round of its block, from 1."""
        return self.origin.round

    @property
    def side(self) -> str | None:
        """The label of the side it is for."""
        return self.origin.side

    @property
    def ends(self) -> Ends:
        """What ends it."""
        match self.step:
            case Hold(hold="max") | Ready() | Ask():
                return Ends.PERSON
            case Timed():
                return Ends.CLOCK
        return Ends.SPEECH

    def duration(self, targets: Mapping[str, float]) -> float | None:
        """Seconds under the clock; None where the step lasts as long as what it says.

        ``targets`` are today's lengths of progressions by their keys.
        """
        workout = self.scope.workout
        if not workout.progression:
            return self.step.seconds({})
        starts = {name: each.start for name, each in workout.progression.items()}
        return self.step.seconds(
            {name: targets.get(progression.key(workout.identity, name), start) for name, start in starts.items()}
        )

    def best(self, bests: Mapping[str, float]) -> float | None:
        """The longest hold so far, in seconds, of the progression that it follows; None where there is none.

        ``bests`` are those of progressions by their keys.
        """
        if not isinstance(self.step, Hold) or not self.step.progression:
            return None
        return bests.get(progression.key(self.scope.workout.identity, self.step.progression))

    @property
    def side_known(self) -> bool:
        """Whether it has no side, or one that its whole block has, and not for the first time."""
        own = isinstance(self.step, Timed) and self.step.sides is not False
        return self.side is None or (not own and self.round > 1)

    @property
    def effort(self) -> bool:
        """Whether it is a step under a clock that is no rest."""
        return isinstance(self.step, Timed) and not isinstance(self.step, Rest)

    @property
    def name(self) -> str:
        """What the step is called: its own name, or its kind's; empty for a step that is not under a clock."""
        if self.switches:
            return self.scope.phrases.switch("").strip(" .")
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


def happenings(workout: Workout, path: Sequence[Done] = (), day: Day | None = None) -> list[Happening]:
    """Every step of a workout in the order it happens; behind a question that was answered stands what follows from it.

    Where ``path`` does not reach, nobody has answered yet. Where it is done on a ``day`` of a plan, that is said first.
    """
    unrolling = _Unrolling(path)
    scope = Scope(workout, wording.of(workout.language))
    if day is not None and scope.spoken:
        which = Say.model_construct(say=scope.phrases.plan_day(day.week, day.day), pause=OPENING_PAUSE)
        unrolling.found.append(Happening(which, scope, "", Origin()))
    unrolling.script(scope)
    return unrolling.found


def around(steps: Sequence[Happening]) -> list[Around]:
    """What lies around each step, as it is known when it happens: no answer is seen before it is given."""
    effort_after = [len(steps)] * (len(steps) + 1)
    for index in range(len(steps) - 1, 0, -1):
        effort_after[index - 1] = index if steps[index].effort else effort_after[index]

    def known(index: int, later: int, after: Callable[[int], int]) -> Happening | None:
        while later < len(steps) and steps[later].asked >= index:
            later = after(later)
        return steps[later] if later < len(steps) else None

    return [
        Around(
            steps[index - 1] if index else None,
            known(index, index + 1, lambda later: later + 1),
            known(index, effort_after[index], effort_after.__getitem__),
        )
        for index in range(len(steps))
    ]


class _Unrolling:
    """Finds the steps of a workout, one after the other."""

    def __init__(self, path: Sequence[Done]) -> None:
        self.found: list[Happening] = []
        self._path = path
        self._then: dict[str, int] = {}
        """What answers lead to behind the block that is on, and which question brought each first."""

    def script(self, scope: Scope, side: str | None = None) -> None:
        """All blocks that are heard in their place; ``side`` is the one that the whole script is done for."""
        outer = self._then
        for number, block in enumerate(scope.workout.block):
            if block.aside:
                continue
            self._then = {}
            self._block(number, scope, side)
            done: set[str] = set()
            while (use := next((use for use in self._then if use not in done), None)) is not None:
                done.add(use)
                first = len(self.found)
                self._used(use, scope, side)
                self._brought(first, self._then[use])
        self._then = outer

    def _block(self, number: int, scope: Scope, around: str | None) -> None:
        """A block; one without sides of its own is done for the side ``around`` it."""
        block, begun = scope.workout.block[number], len(self.found)
        for place, own in enumerate(_sides(block, scope)):
            side = around if own is None else own
            if place and own is not None and block.switch:
                self._switch(block.switch, Origin(scope.uses, number, None, block.repeat, side), block, scope)
            for turn in range(1, block.repeat + 1):
                if turn > 1 and block.rest is not None:
                    pause = Rest.model_construct(rest=block.rest_before(turn))
                    origin = Origin(scope.uses, number, None, turn - 1)
                    self.found.append(Happening(pause, scope, block.name or "", origin, block.repeat))
                self._round(Origin(scope.uses, number, None, turn, side), block, scope)
        if block.quiet:
            self._hush(begun)

    def _hush(self, begun: int) -> None:
        """Makes what happens from there on quiet."""
        self.found[begun:] = (replace(happening, quiet=True) for happening in self.found[begun:])

    def _round(self, around: Origin, block: Block, scope: Scope) -> None:
        announced = block.repeat == 1
        for index, step in enumerate(block.steps):
            if step.rounds is not None and not step.rounds.includes(around.round, block.repeat):
                continue
            if isinstance(step, Use):
                begun = len(self.found)
                self._used(step.use, scope, around.side)
                if step.quiet:
                    self._hush(begun)
                continue
            if varies := step.varies:
                step = step.in_round(around.round)
            for place, own in enumerate(_sides(step, scope) if isinstance(step, Timed) else (None,)):
                origin = around._replace(step=index, side=around.side if own is None else own)
                if place and isinstance(step, Timed) and step.switch:
                    self._switch(step.switch, origin, block, scope)
                quiet = isinstance(step, Timed) and step.quiet
                happening = Happening(step, scope, block.name or "", origin, block.repeat, varies=varies, quiet=quiet)
                starts = not announced and happening.effort
                announced = announced or starts
                self.found.append(replace(happening, starts_round=True) if starts else happening)
            if isinstance(step, Ask):
                self._answered(step)

    def _switch(self, seconds: float, origin: Origin, block: Block, scope: Scope) -> None:
        """The rest in which sides are changed."""
        pause = Rest.model_construct(rest=seconds)
        self.found.append(Happening(pause, scope, block.name or "", origin, block.repeat, switches=True))

    def _answered(self, step: Ask) -> None:
        """What the answer to a question brings: its line, and the steps it uses."""
        asked = len(self.found) - 1
        given = self._path[asked].answer if asked < len(self._path) else None
        if given is None:
            return
        question, answer = self.found[-1], step.answers[given]
        if answer.say:
            self.found.append(replace(question, step=Say.model_construct(say=answer.say)))
        if answer.use:
            self._used(answer.use, question.scope, question.side)
        self._brought(asked + 1, asked)
        if answer.then:
            self._then.setdefault(answer.then, asked)

    def _brought(self, first: int, asked: int) -> None:
        """The steps from ``first`` on are there because a question was answered."""
        for index in range(first, len(self.found)):
            self.found[index] = replace(self.found[index], asked=max(asked, self.found[index].asked))

    def _used(self, use: str, scope: Scope, side: str | None) -> None:
        if use.startswith("#"):
            wanted = use.removeprefix("#").strip()
            names = [(block.name or "").strip() for block in scope.workout.block]
            self._block(names.index(wanted), scope, side)
        else:
            workout = scope.workout.included[use]
            inner = Scope(workout, wording.of(workout.language), scope, (*scope.uses, use))
            self.script(inner, _translated(side, scope.phrases, inner.phrases))


def _translated(side: str | None, language: Phrases, other: Phrases) -> str | None:
    """What a side is called in another language; a label of the script's own stays."""
    return other.sides[language.sides.index(side)] if side in language.sides else side


def _sides(done: Block | Timed, scope: Scope) -> tuple[str | None, ...]:
    match done.sides:
        case True:
            return scope.phrases.sides
        case (first, second):
            return (first, second)
    return (None,)
