"""The steps of a workout as they happen: rounds, sides, included scripts and the answers given unrolled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from voicecoach import wording
from voicecoach.script.model import Ask, Block, CueLine, Hold, Ready, Rest, Say, Step, Timed, Use, Workout
from voicecoach.timeline import progression
from voicecoach.timeline.model import Done, Ends, Origin
from voicecoach.wording.phrases import Phrases


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

    ``switches`` marks the rest in which sides are changed; ``side`` is then the one that comes. ``asked`` is the index
    of the question whose answer brought it here, −1 for a step that comes anyway.
    """

    step: Step
    scope: Scope
    block: str
    origin: Origin
    rounds: int = 1
    switches: bool = False
    starts_round: bool = False
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
        return self.side is None or (self.scope.workout.block[self.origin.block].sides is not False and self.round > 1)

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


def happenings(workout: Workout, path: Sequence[Done] = ()) -> list[Happening]:
    """Every step of a workout in the order it happens; behind a question that was answered stands what follows from it.

    Where ``path`` does not reach, nobody has answered yet.
    """
    found: list[Happening] = []
    _script(Scope(workout, wording.of(workout.language)), path, found)
    return found


def around(steps: Sequence[Happening]) -> list[Around]:
    """What lies around each step, as it is known when it happens: no answer is seen before it is given."""
    found: list[Around] = []
    after: list[Happening | None] = [None] * (len(steps) + 1)
    for index in range(len(steps) - 1, -1, -1):
        following = index + 1
        while following < len(steps) and steps[following].asked >= index:
            following += 1
        next_step = steps[following] if following < len(steps) else None
        after[index] = next_step if next_step is not None and next_step.effort else after[following]
        found.append(Around(steps[index - 1] if index else None, next_step, after[index]))
    return found[::-1]


def _script(scope: Scope, path: Sequence[Done], found: list[Happening]) -> None:
    for number, block in enumerate(scope.workout.block):
        if not block.aside:
            _block(number, scope, path, found)


def _block(number: int, scope: Scope, path: Sequence[Done], found: list[Happening]) -> None:
    block = scope.workout.block[number]
    for place, side in enumerate(_sides(block, scope)):
        if place and side is not None and block.switch:
            _switch(block.switch, Origin(scope.uses, number, None, block.repeat, side), block, scope, found)
        for turn in range(1, block.repeat + 1):
            if turn > 1 and block.rest is not None:
                pause = Rest.model_construct(rest=block.rest)
                origin = Origin(scope.uses, number, None, turn - 1)
                found.append(Happening(pause, scope, block.name or "", origin, block.repeat))
            _round(Origin(scope.uses, number, None, turn, side), block, scope, path, found)


def _round(around: Origin, block: Block, scope: Scope, path: Sequence[Done], found: list[Happening]) -> None:
    announced = block.repeat == 1
    for index, step in enumerate(block.steps):
        if step.rounds is not None and not step.rounds.includes(around.round, block.repeat):
            continue
        if isinstance(step, Use):
            _used(step.use, scope, path, found)
            continue
        sides = _sides(step, scope) if isinstance(step, Timed) else (None,)
        for place, own in enumerate(sides):
            side = own if own is not None else around.side if isinstance(step, Timed) else None
            origin = around._replace(step=index, side=side)
            if place and isinstance(step, Timed) and step.switch:
                _switch(step.switch, origin, block, scope, found)
            happening = Happening(step, scope, block.name or "", origin, block.repeat)
            starts = not announced and happening.effort
            announced = announced or starts
            found.append(replace(happening, starts_round=True) if starts else happening)
        if isinstance(step, Ask):
            _answered(step, path, found)


def _switch(seconds: float, origin: Origin, block: Block, scope: Scope, found: list[Happening]) -> None:
    """The rest in which sides are changed."""
    pause = Rest.model_construct(rest=seconds)
    found.append(Happening(pause, scope, block.name or "", origin, block.repeat, switches=True))


def _answered(step: Ask, path: Sequence[Done], found: list[Happening]) -> None:
    """What the answer to a question brings: its line, and the steps it uses."""
    asked = len(found) - 1
    given = path[asked].answer if asked < len(path) else None
    if given is None:
        return
    question, answer = found[-1], step.answers[given]
    if answer.say:
        found.append(replace(question, step=Say.model_construct(say=answer.say)))
    if answer.use:
        _used(answer.use, question.scope, path, found)
    for index in range(asked + 1, len(found)):
        found[index] = replace(found[index], asked=max(asked, found[index].asked))


def _used(use: str, scope: Scope, path: Sequence[Done], found: list[Happening]) -> None:
    if use.startswith("#"):
        wanted = use.removeprefix("#").strip()
        names = [(block.name or "").strip() for block in scope.workout.block]
        _block(names.index(wanted), scope, path, found)
    else:
        workout = scope.workout.included[use]
        _script(Scope(workout, wording.of(workout.language), scope, (*scope.uses, use)), path, found)


def _sides(done: Block | Timed, scope: Scope) -> tuple[str | None, ...]:
    match done.sides:
        case True:
            return scope.phrases.sides
        case (first, second):
            return (first, second)
    return (None,)
