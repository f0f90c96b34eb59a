"""How long a script is and how many cues it has at most, from counts alone: nothing is expanded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from voicecoach import units
from voicecoach.script.model import MAX_CUES, Ask, Block, Play, Ready, Reps, Say, Script, Step, Timed, Use
from voicecoach.script.problems import Finding, Path
from voicecoach.units import MAX_SECONDS

FASTEST_SPEECH = 25.0
"""Characters a second that no voice exceeds; ordinary speech has about 15."""
CLOSEST_CUES = 6.0
"""Seconds between pool cues without a spacing of their own, at least."""
ANNOUNCED = 8
"""Name, duration, intro, tones, halfway, what comes next: more than any step has besides its counted cues."""


class Cost(NamedTuple):
    """At least so many seconds, at most so many cues; ``happens`` is false where no step is left to happen."""

    seconds: float
    cues: float
    happens: bool = True


_NOTHING = Cost(0.0, 0.0, happens=False)


class Costs:
    """What a script costs; ``included`` are the costs of the scripts it uses, by the words of its ``use``."""

    def __init__(self, script: Script, included: Mapping[str, Cost]) -> None:
        self._script = script
        self._included = included
        self._targets = {name: max(each.start, each.goal) for name, each in script.progression.items()}
        self._by_name = {block.name.strip(): block for block in script.block if block.name}
        self._known: dict[str, Cost] = {}
        self.blocks = [_NOTHING if block.aside else self._block(block) for block in script.block]

    @property
    def total(self) -> Cost:
        """All blocks together that do not stand aside, without the reminders."""
        return Cost(
            sum(cost.seconds for cost in self.blocks),
            sum(cost.cues for cost in self.blocks),
            any(cost.happens for cost in self.blocks),
        )

    def findings(self) -> Iterator[Finding]:
        """What is over the limits, each at the part that weighs most, and a script of which nothing happens."""
        if self._script.plan:
            yield from self._of_plan()
            return
        seconds, cues, happens = self.total
        heard = [number for number, block in enumerate(self._script.block) if not block.aside]
        if not heard:
            yield ("block", 0, "aside"), "nothing is ever heard: every block stands aside (let one of them not)"
        elif not happens:
            yield ("block", heard[0]), 'no step of the script ever happens: "rounds" leaves each of them out'
        reminders = [seconds / reminder.every for reminder in self._script.reminder]
        if seconds > MAX_SECONDS:
            heaviest = max(range(len(self.blocks)), key=lambda index: self.blocks[index].seconds)
            most = f"at most {_long(MAX_SECONDS)} are possible"
            yield ("block", heaviest), f"the script lasts {_long(seconds)}, the longest part of it here; {most}"
        if cues + sum(reminders) > MAX_CUES:
            heaviest = max(range(len(self.blocks)), key=lambda index: self.blocks[index].cues)
            path: tuple[str, int] = ("block", heaviest)
            if reminders and max(reminders) > self.blocks[heaviest].cues:
                path = ("reminder", reminders.index(max(reminders)))
            count = f"{_many(cues + sum(reminders))} cues, the largest part of them here"
            yield path, f"the script can have up to {count}; at most {_many(MAX_CUES)} are possible"

    def _of_plan(self) -> Iterator[Finding]:
        """The same of a plan, whose blocks are sessions of their own."""
        for number, week in enumerate(self._script.plan):
            for index, use in enumerate(week.days):
                if not use.startswith("#"):
                    continue
                seconds, cues, happens = self._used(use)
                path: Path = ("plan", number, "days", index)
                if not happens:
                    yield path, f'no step of {use} ever happens: "rounds" leaves each of them out'
                if seconds > MAX_SECONDS:
                    yield path, f"the session lasts {_long(seconds)}; at most {_long(MAX_SECONDS)} are possible"
                cues += sum(seconds / reminder.every for reminder in self._script.reminder)
                if cues > MAX_CUES:
                    yield path, f"the session can have up to {_many(cues)} cues; at most {_many(MAX_CUES)} are possible"

    def _block(self, block: Block) -> Cost:
        pauses = block.repeat - 1 if block.rest is not None else 0
        seconds, cues = block.rested, float(pauses * (ANNOUNCED + self._counted))
        happens = False
        for step in block.steps:
            for times, each in _as_done(step, block):
                once = self._step(each)
                seconds += times * once.seconds
                cues += times * once.cues
                happens = happens or (times > 0 and once.happens)
        if block.sides is not False:
            return Cost(2 * seconds + block.switch, 2 * cues + ANNOUNCED + self._counted, happens)
        return Cost(seconds, cues, happens)

    def _step(self, step: Step) -> Cost:
        match step:
            case Timed():
                return self._timed(step)
            case Say():
                return Cost(len(step.say) / FASTEST_SPEECH + step.pause, 1)
            case Ready():
                return Cost(step.wait, 1)
            case Use():
                return self._used(step.use)
            case Ask():
                answers = [[self._used(use) for use in answer.uses] for answer in step.answers]
                longest = max(sum(cost.seconds for cost in costs) for costs in answers)
                return Cost(longest, 1 + len(step.answers) + max(sum(cost.cues for cost in costs) for costs in answers))
            case Play():
                return Cost(0.0, 1)
        raise TypeError(f"no such step: {step.kind}")

    def _used(self, use: str) -> Cost:
        if not use.startswith("#"):
            return self._included[use]
        if use not in self._known:
            self._known[use] = self._block(self._by_name[use[1:].strip()])
        return self._known[use]

    @property
    def _counted(self) -> int:
        announce = self._script.announce
        return announce.countdown + len(announce.remaining)

    def _timed(self, step: Timed) -> Cost:
        seconds = step.seconds(self._targets)
        cues = float(ANNOUNCED + len(step.at)) + self._counted + (step.countdown or 0)
        if step.cues is not None:
            cues += seconds / (step.every or CLOSEST_CUES) + 1
        if step.cadence is not None:
            cues += seconds * step.cadence / 60
        if isinstance(step, Reps):
            cues += step.reps * len(step.tempo or (0,))
        if step.sides is False:
            return Cost(seconds, cues)
        return Cost(2 * seconds + step.switch, 2 * cues + ANNOUNCED + self._counted)


def _as_done(step: Step, block: Block) -> Iterator[tuple[int, Step]]:
    """A step as it is in the rounds of its block, and how often so."""
    if not step.varies:
        yield block.repeat if step.rounds is None else step.rounds.count(block.repeat), step
        return
    for number in range(1, block.repeat + 1):
        if step.rounds is None or step.rounds.includes(number, block.repeat):
            yield 1, step.in_round(number)


def _long(seconds: float) -> str:
    return units.format_duration(round(seconds)) if seconds < 1e9 else "longer than a life"


def _many(count: float) -> str:
    return f"{count:,.0f}" if count < 1e12 else "endlessly many"
