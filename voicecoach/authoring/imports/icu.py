"""The text in which intervals.icu has workouts: ``- 10m ramp 50-75% 90rpm``, ``Main set 3x``, timed prompts.

As forum.intervals.icu/t/123701 describes it: ``m`` is minutes and ``mtr`` metres; what stands before the length of a
step is its prompt, of which ``33^`` puts the part behind it at 33 seconds, and ``<!>`` ends the prompts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from voicecoach.authoring.imports import distances, numbers
from voicecoach.authoring.imports.distances import Distances
from voicecoach.authoring.imports.plan import (
    LONGEST,
    MOST_ROUNDS,
    Effort,
    Part,
    Plan,
    Segment,
    Target,
    Text,
    Unit,
    Wishes,
    shown,
)
from voicecoach.errors import WorkoutFileError

_STEP = re.compile(r"^\s*[-*•–]\s*(?P<step>\S.*)$")
_ROUNDS = re.compile(
    r"^(?P<name>.*?)\s*\(?\b(?P<rounds>[0-9]{1,6})\s*[x×](?=\W|$)\)?:?\s*$|^(?P<first>[0-9]{1,6})\s*[x×]\s+(?P<then>\D.*)$",
    re.IGNORECASE,
)
_TIME = (
    r"(?:[0-9]+(?:\.[0-9]+)?h(?:[0-9]+m(?:[0-9]+s?)?)?|[0-9]+(?:\.[0-9]+)?m[0-9]+s?"
    r"|[0-9]+(?:\.[0-9]+)?(?:min|m|sec|s)|[0-9]+['′][0-9]*[\"″]?|[0-9]+[\"″])"
)
_DISTANCE = r"(?:[0-9]+(?:[.,][0-9]+)?\s?(?:mtr|meters?|metres?|km|miles?|mi|yards?|yrds?|yds?|y))"
_LENGTH = re.compile(rf"(?<![\w.:/])(?:(?P<time>{_TIME})|(?P<distance>{_DISTANCE}))(?![\w%/'])", re.IGNORECASE)
_PROMPT = re.compile(r"(?:(?<=\s)|(?<=>)|^)(?P<at>-?[0-9]{1,5})\^")
_END = "<!>"
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_PACE = r"[0-9]{1,2}:[0-5][0-9]"
_TARGETS = re.compile(
    rf"""(?P<pace>{_PACE})(?:/(?P<unit1>km|mi|100m|100y|250m|400m|500m))?(?:\s?[-–]\s?(?P<pace2>{_PACE}))?
           (?:/(?P<unit2>km|mi|100m|100y|250m|400m|500m))?(?:\s*pace)?
      | (?P<low>{_NUMBER})\s?%?\s?(?:[-–]\s?(?P<high>{_NUMBER})\s?)?%\s*(?P<of>HR|LTHR|pace|FTP|MMP(?:\s*{_TIME})?)?
      | (?P<watt>{_NUMBER})\s?w?\s?(?:[-–]\s?(?P<watt2>{_NUMBER})\s?)?w(?:atts?)?
      | (?P<custom>C?)Z(?P<zone>[1-9])(?:\s?[-–]\s?C?Z?(?P<zone2>[1-9]))?\s*(?P<zone_of>HR|pace|power)?
      | (?P<rpm>{_NUMBER})\s?(?:[-–]\s?(?P<rpm2>{_NUMBER})\s?)?(?P<turns>rpm|spm)
      | (?P<bpm>{_NUMBER})\s?(?:[-–]\s?(?P<bpm2>{_NUMBER})\s?)?bpm""",
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = re.compile(
    r"\b(?P<word>ramp|free\s?ride|maxeffort|press\s+lap|(?:intensity|power|hr|pace)=\w+|hidepower)\b", re.IGNORECASE
)
_TIMES = re.compile(r"(?:^|\s)[0-9]{1,4}\s?[x×]\s*$", re.IGNORECASE)
"""Rounds that stand before the length of one step."""
_MANY_MINUTES = re.compile(r"([1-9][0-9]{2,4})m", re.IGNORECASE)
_METRES_FROM = 400
"""So many minutes nobody means: it is metres, though intervals.icu has "mtr" for them."""
_METRES = {"km": 1000.0, "mi": 1609.344, "100m": 100.0, "100y": 91.44, "250m": 250.0, "400m": 400.0, "500m": 500.0}
_LENGTHS = {"km": 1000.0, "mi": 1609.344, "y": 0.9144}
"""Metres of a unit of length, by how it begins; any other is metres."""
_POOL = re.compile(r"pool\s+length\b", re.IGNORECASE)
"""A line of settings, in which there is nothing to be heard."""
_KINDS = (
    (re.compile(r"\bwarm", re.IGNORECASE), Effort.WARM),
    (re.compile(r"\bcool", re.IGNORECASE), Effort.COOL),
    (re.compile(r"\b(?:recover|easy|rest)", re.IGNORECASE), Effort.EASY),
)


def looks_so(text: str) -> bool:
    """Whether a text is of this format: a step with a length in it, and a target or rounds."""
    steps = [found["step"] for line in text.split("\n")[:500] if (found := _STEP.match(line)) is not None]
    lengths = [step for step in steps if _LENGTH.search(step)]
    known = [step for step in lengths if _TARGETS.search(step) or _WORDS.search(step)]
    return bool(known) and 2 * len(lengths) >= len(steps)


def read(text: str, file: str, wishes: Wishes) -> Plan:
    """The plan of a text. Raises WorkoutFileError where no step is in it."""
    plan = Plan()
    reader = _Reader(plan, Distances(plan, wishes, distances.RUN))
    for line, written in enumerate(text.split("\n"), 1):
        reader.line(line, written)
    reader.end()
    reader.unused()
    if not reader.plan.parts:
        line = next((note.line for note in sorted(plan.notes)), 1)
        raise WorkoutFileError(f'{file}:{line}: there is no step in it (write one as "- 10m 75%", with a dash)')
    return reader.plan


@dataclass(slots=True)
class _Reader:
    plan: Plan
    distances: Distances
    name: str = ""
    rounds: int = 1
    segments: list[Segment] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    lasts: float = 0.0
    """Seconds of the segments of one round."""
    header: int = 0

    def line(self, line: int, written: str) -> None:
        step = _STEP.match(written)
        if step is not None:
            rounds = _ROUNDS.match(step["step"])
            if rounds is not None and not _LENGTH.search(
                step["step"].replace(rounds["rounds"] or rounds["first"], "", 1)
            ):
                self._header(line, rounds)
                return
            self._step(line, step["step"])
            return
        said = written.strip().strip("#").strip()
        if not said:
            if self.segments and self.rounds > 1:
                self.end()
            return
        rounds = _ROUNDS.match(said)
        if rounds is not None:
            self._header(line, rounds)
        elif _LENGTH.search(said) and _TARGETS.search(said):
            self.plan.note(line, f"a line without a dash is no step, and is left out: {shown(said)}")
        else:
            self.end()
            if not self.plan.title and not self.plan.parts and self.header == 0 and not self._kind(said):
                self.plan.title = said
            elif not self.plan.parts and len(said) > 60:
                self.plan.about = f"{self.plan.about} {said}".strip()
            else:
                self.unused()
                self.name = said
            self.header = line

    def _header(self, line: int, found: re.Match[str]) -> None:
        self.end()
        named = (found["name"] or found["then"] or "").strip(" -:")
        if named:
            self.unused()
        rounds = int(found["rounds"] or found["first"])
        if not 1 <= rounds <= MOST_ROUNDS:
            self.plan.note(line, f"{rounds} rounds are not taken; it is done once")
            rounds = 1
        self.rounds = rounds
        self.name = named or self.name
        self.header = line

    def unused(self) -> None:
        """Lists a line that names no steps."""
        if self.name and not _POOL.match(self.name):
            self.plan.note(self.header, f"no step stands below {shown(self.name)}")
        self.name = ""

    @staticmethod
    def _kind(said: str) -> Effort | None:
        return next((effort for pattern, effort in _KINDS if pattern.search(said)), None)

    def end(self) -> None:
        """What was begun is a part."""
        if self.segments:
            texts = (
                replace(text, seconds=text.seconds + number * self.lasts)
                for number in range(self.rounds)
                for text in self.texts
            )
            self.plan.parts.append(Part(tuple(self.segments), tuple(texts), self.rounds, self.name))
            self.name = ""
        elif self.rounds > 1:
            self.plan.note(self.header, f"no step stands below {shown(f'{self.name} {self.rounds}x'.strip())}")
            self.name = ""
        if self.segments or self.rounds > 1:
            self.rounds = 1
        self.segments, self.texts, self.lasts = [], [], 0.0

    def _step(self, line: int, step: str) -> None:
        prompts, divider, definition = step.rpartition(_END)
        if not divider:
            found = _LENGTH.search(step)
            if found is None:
                self.plan.note(line, f"a step without a length is left out: {shown(step)}")
                return
            prompts, definition = step[: found.start()], step[found.start() :]
            # a target may stand before the length
            before = _TARGETS.search(prompts.rstrip())
            if before is not None and before.end() == len(prompts.rstrip()) and "^" not in prompts[before.start() :]:
                definition = f"{prompts[before.start() :]} {definition}"
                prompts = prompts[: before.start()]
        length = _LENGTH.search(definition)
        if length is None:
            self.plan.note(line, f"a step without a length is left out: {shown(step)}")
            return
        rest = f"{definition[: length.start()]} {definition[length.end() :]}"
        targets, left = self._targets(rest)
        words = {found["word"].lower() for found in _WORDS.finditer(f"{prompts} {left}")}
        prompts = _WORDS.sub(" ", prompts) if any("lap" in word for word in words) else prompts
        left = " ".join(_WORDS.sub(" ", left).split()).strip("-–@,;: ")
        if left == "0" and not targets:
            words.add("intensity=rest")  # a target of nothing is a rest
            left = ""
        if (times := _TIMES.search(prompts)) is not None:
            prompts = prompts[: times.start()]
            told = shown(times[0].strip())
            self.plan.note(line, f"{told} before one step is left out (rounds stand in a line above their steps)")
        seconds = self._seconds(line, length, targets)
        if not 0 < seconds <= LONGEST:
            self.plan.note(line, f"a step that lasts {shown(length[0])} is left out")
            return
        if left:
            self.plan.note(line, f"not understood: {shown(left)}")
        self._add(line, seconds, targets, words, prompts)

    def _add(self, line: int, seconds: float, targets: list[Target], words: set[str], prompts: str) -> None:
        name, timed = self._prompts(line, prompts, seconds)
        kind = self._kind(name) or (self._kind(self.name) if self.name and len(name) == 0 else None)
        effort = kind or Effort.STEADY
        free = any(word.startswith("free") for word in words)
        if "ramp" in words and kind is None:
            effort = Effort.RAMP
        elif free:
            effort = Effort.FREE
        elif "maxeffort" in words:
            effort = Effort.ALL_OUT
        elif "intensity=rest" in words:
            effort = Effort.REST
        elif "intensity=recovery" in words:
            effort = Effort.EASY
        if any(target.unit in (Unit.PACE, Unit.MILE_PACE, Unit.PACE_SHARE, Unit.PACE_ZONE) for target in targets):
            self.plan.move = "run"
        if len(name) > 40:
            timed = [Text(0.0, name, line), *timed]
            name = ""
        self.texts += [replace(text, seconds=self.lasts + text.seconds) for text in timed]
        if any("lap" in word for word in words):
            self.plan.note(line, 'the step ends by itself, not by "press lap"')
        self.segments.append(Segment(effort, seconds, line, tuple(targets), name=name))
        self.lasts += seconds

    def _seconds(self, line: int, length: re.Match[str], targets: list[Target]) -> float:
        many = _MANY_MINUTES.fullmatch(length[0])
        if many is not None and int(many[1]) >= _METRES_FROM:
            self.plan.note(line, f"{shown(length[0])} is taken for metres (intervals.icu reads it as minutes)")
            return self.distances.seconds(float(many[1]), line, tuple(targets))
        if many is not None:
            self.plan.note(line, f"{shown(length[0])} is minutes, as intervals.icu reads it (metres are mtr)")
        if length["time"]:
            written = length["time"].lower().replace("′", "'").replace("″", '"')
            if "'" in written or '"' in written:
                minutes, _, seconds = written.rpartition("'") if "'" in written else ("0", "", written)
                return float(minutes or 0) * 60 + float(seconds.strip('"') or 0)
            return numbers.length(re.sub(r"(?<=m)([0-9]+)$", r"\1s", written)) or 0.0
        number = re.match(_NUMBER, length["distance"])
        unit = length["distance"][number.end() :].strip().lower() if number else ""
        scale = next((metres for begin, metres in _LENGTHS.items() if unit.startswith(begin)), 1.0)
        metres = float(number[0].replace(",", ".")) * scale if number else 0.0
        return self.distances.seconds(metres, line, tuple(targets)) if metres else 0.0

    def _prompts(self, line: int, prompts: str, seconds: float) -> tuple[str, list[Text]]:
        """What a step is called, and what is said in it at its second."""
        marks = list(_PROMPT.finditer(prompts))
        first = prompts[: marks[0].start()] if marks else prompts
        name = " ".join(first.replace(_END, " ").split()).strip(" -–:")
        texts = []
        for mark, after in zip_longest(marks, marks[1:]):
            said = prompts[mark.end() : after.start() if after is not None else None].replace(_END, " ")
            said = " ".join(said.split())
            at = float(mark["at"])
            if not said:
                self.plan.note(line, f"nothing stands behind {mark[0]}")
                continue
            texts.append(Text(max(0.0, seconds + at if mark["at"].startswith("-") else at), said, line))
        return name, texts

    @staticmethod
    def _targets(text: str) -> tuple[list[Target], str]:
        """The targets of a step, and what is none."""
        targets = []
        for found in _TARGETS.finditer(text):
            targets += _target(found)
        return targets, _TARGETS.sub(" ", text)


def _target(found: re.Match[str]) -> list[Target]:
    def ends(first: str, second: str) -> tuple[float, float]:
        low = float(found[first].replace(",", "."))
        return low, float(found[second].replace(",", ".")) if found[second] else low

    if found["pace"]:
        low = numbers.seconds(found["pace"]) or 0.0
        high = numbers.seconds(found["pace2"]) or 0.0 if found["pace2"] else low
        unit = (found["unit2"] or found["unit1"] or "km").lower()
        if unit == "mi":
            return [Target(Unit.MILE_PACE, low, high)]
        scale = 1000 / _METRES[unit]
        return [Target(Unit.PACE, low * scale, high * scale)]
    if found["low"]:
        low, high = (end / 100 for end in ends("low", "high"))
        of = (found["of"] or "").upper()
        kind = {"HR": Unit.HEART_MAX, "LTHR": Unit.HEART_THRESHOLD, "PACE": Unit.PACE_SHARE}.get(of, Unit.FTP)
        return [Target(kind, low, high)]
    if found["watt"]:
        return [Target(Unit.WATT, *ends("watt", "watt2"))]
    if found["zone"]:
        of = (found["zone_of"] or "").upper()
        kind = {"HR": Unit.HEART_ZONE, "PACE": Unit.PACE_ZONE}.get(of, Unit.ZONE)
        return [Target(kind, *ends("zone", "zone2"))]
    if found["rpm"]:
        return [Target(Unit.STEPS if found["turns"].lower() == "spm" else Unit.TURNS, *ends("rpm", "rpm2"))]
    return [Target(Unit.BEATS, *ends("bpm", "bpm2"))]
