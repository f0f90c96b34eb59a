"""Zwift's workout files (``.zwo``).

Elements and attributes as github.com/h4l/zwift-workout-file-reference lists them, in any case. Powers are shares of
the FTP, in runs of the pace of a race (``pace``: 0 one mile, 1 5 km, 2 10 km, 3 half-marathon, 4 marathon). Offsets of
texts count from the start of their segment, in ``IntervalsT`` from that of all its rounds.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from voicecoach.authoring.imports import distances, markup, numbers
from voicecoach.authoring.imports.distances import Distances
from voicecoach.authoring.imports.markup import Node
from voicecoach.authoring.imports.plan import (
    LONGEST,
    MOST_ROUNDS,
    Effort,
    Part,
    Plan,
    Segment,
    Target,
    Text,
    Wishes,
    shown,
)
from voicecoach.authoring.imports.segment_targets import SegmentTargets
from voicecoach.errors import WorkoutFileError

_TEXTS = frozenset({"textevent", "textnotification"})
_ROOTS = frozenset({"workout_file", "workout"})
_SEGMENTS = {
    "warmup": Effort.WARM,
    "cooldown": Effort.COOL,
    "steadystate": Effort.STEADY,
    "solidstate": Effort.STEADY,
    "ramp": Effort.RAMP,
    "freeride": Effort.FREE,
    "maxeffort": Effort.ALL_OUT,
}
_KNOWN = frozenset(
    re.findall(
        r"\w+",
        """
        duration power powerlow powerhigh cadence cadencelow cadencehigh cadenceresting zone pace repeat onduration
        offduration onpower offpower poweronlow poweronhigh powerofflow poweroffhigh poweronzone poweroffzone text
        label onlabel offlabel cadencerestinglow cadencerestinghigh flatroad ftptest ramptest quantize units show_avg
        neverfails failthresholdduration forced_performance_test slop target replacement_prescription replacement_verb
        overunder endatroadtime
        """,
    )
)
"""Attributes of segments that are taken, then those in which there is nothing to be heard."""
_SILENT = frozenset(
    re.findall(
        r"\w+",
        """
        gameplayevent tags tag name n description author sporttype sport_type activitysavename author_alias authoricon
        category categoryindex categoryoverride subcategory entid ftpoverride overridehash painindex showcp20 skippable
        test_details visibleaftertime visibleoutsideplan workoutlength workoutlengthtype workoutplan durationtype
        thresholdsecperkm uniqueid legacyidhash nameimperial namemetric
        """,
    )
)
"""Elements in which there is nothing to be heard, or nothing more than is taken of them."""
_OPENING = re.compile(r"<\s*([A-Za-z_]+)")
_RUNS, _SWIMS = frozenset({"run", "running"}), frozenset({"swim", "swimming"})
_NO_NAME = "text"
"""What Zwift's own files have where a segment could have a name."""


def _uncommented(text: str) -> str:
    """A text with nothing but line ends in its comments."""
    pieces, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join([*pieces, text[at:]])


def looks_so(text: str) -> bool:
    """Whether a text is of this format."""
    head = text[:20_000].lower()
    return "<workout_file" in head or ("<workout" in head and any(f"<{name}" in head for name in _SEGMENTS))


def read(text: str, file: str, wishes: Wishes) -> Plan:
    """The plan of a file's text. Raises WorkoutFileError where there is none in it."""
    root, why = markup.tree(text, file)
    reader = _Reader(root, wishes)
    if why is not None:
        reader.plan.notes.append(why)
    reader.read()
    reader.plan.parts = _ramps_within(reader.plan.parts)
    reader.count(text)
    plan = reader.plan
    speaks = plan.texts or (plan.title and not reader.unreadable)
    if not plan.parts and why is None and speaks and root.first("workout_file") is not None:
        # a day of rest: there is nothing to do, but something to say
        plan.before = plan.title
        plan.note(0, "there is no segment in it that lasts; it only speaks")
    elif not plan.parts:
        notes = sorted(set(reader.plan.notes))
        told = "; ".join(f"line {note.line}: {note.what}" for note in notes[:3])
        line = next((note.line for note in ([why] if why is not None else notes)), root.line)
        outer = next((node.name for node in root.inside), "")
        if outer and outer not in _ROOTS:
            told = f"its outermost element is <{outer}>, not <workout_file>"
        raise WorkoutFileError(
            f"{file}:{line}: there is no segment in it that lasts"
            + (f" ({told})" if told else ' (write one as <SteadyState Duration="60" Power="0.7"/> in its <workout>)')
        )
    return reader.plan


def _ramps_within(parts: list[Part]) -> list[Part]:
    """Parts with warm-ups and cool-downs in the midst of a workout as what they are, ramps."""
    efforts = [part.segments[0].effort for part in parts]
    first = next((at for at, effort in enumerate(efforts) if effort is not Effort.WARM), len(parts))
    last = next((at for at in range(len(parts), 0, -1) if efforts[at - 1] is not Effort.COOL), 0)
    found = []
    for at, (part, effort) in enumerate(zip(parts, efforts, strict=True)):
        within = (effort is Effort.WARM and at > first) or (effort is Effort.COOL and at < last)
        ramp = replace(part.segments[0], effort=Effort.RAMP) if within and part.segments[0].targets else None
        found.append(part if ramp is None else replace(part, segments=(ramp,)))
    return found


@dataclass(slots=True)
class _Reader:
    root: Node
    wishes: Wishes
    plan: Plan = None  # type: ignore[assignment]
    metres: bool = False
    """Whether durations are metres."""
    distances: Distances = None  # type: ignore[assignment]
    targets: SegmentTargets = None  # type: ignore[assignment]
    unknown: set[str] = field(default_factory=set)
    unreadable: bool = False
    """Whether a segment has a length that is no number."""
    lasts: float = 0.0
    """Seconds of all parts so far."""

    def __post_init__(self) -> None:
        self.plan = Plan()

    def read(self) -> None:
        nodes = self.root.walk()
        head = next((node for node in nodes if node.name == "workout_file"), self.root)
        self._texts_by_another_name(nodes)
        for wanted in ("name", "description", "author"):
            named = (wanted, "n") if wanted == "name" else (wanted,)
            node = next((each for name in named for each in nodes if each.name == name and each.text.strip()), None)
            said = " ".join(node.text.split()) if node is not None else ""
            match wanted:
                case "name":
                    self.plan.title = said
                case "description":
                    self.plan.about = said
                case _:
                    self.plan.author = said
        sport = next((node.text.strip().lower() for node in nodes if node.name in ("sporttype", "sport_type")), "")
        if sport in _RUNS:
            self.plan.move = "run"
        kind = next(
            (node.text.strip().lower() for node in nodes if node.name in ("durationtype", "workoutlengthtype")), ""
        )
        self.metres = kind == "distance"
        usual = distances.RUN if sport in _RUNS else distances.SWIM if sport in _SWIMS else distances.RIDE
        self.distances = Distances(self.plan, self.wishes, usual)
        threshold = next(
            (numbers.number(node.text.strip()) for node in nodes if node.name == "thresholdsecperkm"), None
        )
        self.distances.threshold = threshold if threshold is not None and 60 <= threshold <= 3600 else None
        override = next((node for node in nodes if node.name == "ftpoverride" and node.text.strip()), None)
        self.targets = SegmentTargets(self.plan, override)
        workouts = [node for node in nodes if node.name == "workout"]
        if not workouts and any(node.name in _SEGMENTS for node in nodes):
            self.plan.note(head.line, "no <workout> around the segments; they are taken as they come")
            workouts = [self.root]
        for workout in workouts[:1]:
            self._workout(workout)
        for workout in workouts[1:]:
            if workout not in workouts[0].walk():
                self.plan.note(workout.line, "a second <workout> in the file; its segments follow those of the first")
                self._workout(workout)

    def _texts_by_another_name(self, nodes: list[Node]) -> None:
        """What has a message and its time is a text event, whatever its element is called."""
        for node in nodes:
            if node.name not in _TEXTS and {"message", "timeoffset"} <= node.attributes.keys():
                self.plan.note(node.line, f"<{node.name}> is taken for a text event")
                node.name = "textevent"

    def count(self, text: str) -> None:
        """Lists the lines of texts and segments that the file seems to have and that were not met."""
        met = Counter((node.line, node.name) for node in self.root.walk())
        for number, line in enumerate(_uncommented(text).split("\n"), 1):
            there = Counter(name.lower() for name in _OPENING.findall(line))
            for name, count in there.items():
                if count > met[number, name] and (name in _TEXTS or name in _SEGMENTS or name == "intervalst"):
                    what = "a text event" if name in _TEXTS else "a segment"
                    self.plan.note(number, f"{what} that cannot be read is lost: {shown(line, 120)}")

    def _workout(self, workout: Node) -> None:
        for node in workout.inside:
            self._node(node)
        if workout.name == "workout" and workout.text.strip():
            self.plan.note(workout.line, f"words between the segments are lost: {shown(workout.text)}")

    def _node(self, node: Node) -> None:
        inside = [child for child in node.walk()[1:] if child.name not in _TEXTS]
        known = node.name in _SEGMENTS or node.name == "intervalst"
        if node.name in _TEXTS:
            self._loose_text(node)
        elif node.name == "intervalst":
            self._intervals(node)
        elif known:
            self._segment(node)
        elif node.name == "restday":
            self.plan.note(node.line, "a day of rest has nothing to be heard, and is left out")
        elif node.name in ("workout", "workout_file") or any(
            child.name in {*_SEGMENTS, "intervalst"} for child in inside
        ):
            if node.name not in _ROOTS:
                self.plan.note(node.line, f"<{node.name}> is not known; what stands in it is taken")
            for child in node.inside:
                self._node(child)
            return
        elif node.name not in _SILENT and self._known_head(node):
            if numbers.seconds(node.attributes.get("duration")):
                known = True
                self.plan.note(node.line, f"<{node.name}> is not known; it is taken for a steady segment")
                self._segment(node)
            else:
                self._left_out(node)
                for child in node.walk()[1:]:
                    if child.name in _TEXTS:
                        self._loose_text(child)
        # where a tag was never closed, the segments behind it stand inside it
        if known or node.name in _TEXTS:
            for child in node.inside:
                if child.name in _SEGMENTS or child.name == "intervalst" or child.name == "workout":
                    self._node(child)
                elif child.name not in _TEXTS and child.name not in _SILENT:
                    self._left_out(child)
                elif node.name in _TEXTS and child.name in _TEXTS:
                    self._loose_text(child)

    def _left_out(self, node: Node) -> None:
        said = f": {shown(node.text)}" if node.text.strip() else ""
        self.plan.note(node.line, f"<{node.name}> is not known, and is left out{said}")

    def _known_head(self, node: Node) -> bool:
        """Whether an element that is no segment stands where a segment is expected, and not at the top of the file."""
        return self.root.name == "" and node not in self.root.inside

    def _loose_text(self, node: Node) -> None:
        """A text right in the workout: it counts from the start of the workout."""
        self.plan.note(node.line, "a text event outside of the segments counts from the start of the workout")
        self.plan.texts += self._texts([node])

    def _segment(self, node: Node) -> None:
        effort = _SEGMENTS.get(node.name, Effort.STEADY)
        self._unknown(node)
        targets = self.targets.of(node, effort)
        if effort is Effort.STEADY and numbers.number(node.attributes.get("power")) == 0:
            effort = Effort.EASY
        seconds = self._seconds(node, "duration", targets)
        if seconds is None:
            self._no_length(node)
            return
        segment = Segment(effort, seconds, node.line, targets, name=self._named(node, "text", "label"))
        self._add(segment, texts=self._said_in(node))

    def _intervals(self, node: Node) -> None:
        self._unknown(node)
        hard, easy = self.targets.of_intervals(node)
        on, off = self._seconds(node, "onduration", hard), self._seconds(node, "offduration", easy)
        rounds = self._rounds(node)
        if on is None and off is None:
            self._no_length(node)
            return
        segments = []
        if on:
            segments.append(Segment(Effort.STEADY, on, node.line, hard, name=self._named(node, "onlabel")))
        if off:
            segments.append(Segment(Effort.EASY, off, node.line, easy, name=self._named(node, "offlabel")))
        self._add(*segments, texts=self._said_in(node), rounds=rounds)

    def _add(self, *segments: Segment, texts: tuple[Text, ...], rounds: int = 1) -> None:
        self.plan.add(*segments, texts=texts, rounds=rounds)
        self.lasts += rounds * sum(segment.seconds for segment in segments)

    @staticmethod
    def _named(node: Node, *keys: str) -> str:
        """What a segment is called in its file; empty where it has no name."""
        names = (" ".join(node.attributes.get(key, "").split()) for key in keys)
        return next((name for name in names if name and name != _NO_NAME), "")

    def _rounds(self, node: Node) -> int:
        written = node.attributes.get("repeat")
        rounds = numbers.number(written)
        if rounds is None or rounds < 1 or rounds != int(rounds):
            self.plan.note(node.line, f"IntervalsT has no number of rounds ({shown(written or '')}); it is done once")
            return 1
        if rounds > MOST_ROUNDS:
            self.plan.note(node.line, f"IntervalsT has {rounds:.0f} rounds; {MOST_ROUNDS} of them are taken")
            return MOST_ROUNDS
        return int(rounds)

    @staticmethod
    def _own(node: Node) -> list[Node]:
        """The texts of a segment, wherever they stand in it."""
        found, waiting = [], node.inside[::-1]
        while waiting:
            child = waiting.pop()
            if child.name in _SEGMENTS or child.name == "intervalst":
                continue
            if child.name in _TEXTS:
                found.append(child)
            waiting += reversed(child.inside)
        return found

    def _said_in(self, node: Node, start: float = 0.0) -> tuple[Text, ...]:
        """The texts of a segment; words that stand in it without an element of their own are heard as it starts."""
        texts = self._texts(self._own(node), start)
        words = " ".join(node.text.split())
        if not words:
            return texts
        self.plan.note(node.line, f"words inside <{node.name}> are heard as it starts: {shown(words)}")
        return (Text(start, words, node.line), *texts)

    def _no_length(self, node: Node) -> None:
        self.plan.note(node.line, f"<{node.name}> has no length, and is left out")
        self.plan.texts += self._said_in(node, self.lasts)

    def _seconds(self, node: Node, key: str, targets: tuple[Target, ...]) -> float | None:
        """How long a segment lasts; None if that cannot be told."""
        written = node.attributes.get(key)
        value = numbers.seconds(written)
        if value is None and written is not None and not self.metres:
            value = numbers.length(written)
            if value:
                self.plan.note(node.line, f"{key} {shown(written)} is taken for {value:g} s")
        if not value:
            if written is not None and value is None:
                self.unreadable = True
                self.plan.note(node.line, f"{key} {shown(written)} is no number of seconds")
            return None
        if self.metres:
            return self.distances.seconds(value, node.line, targets)
        if value > LONGEST:
            self.plan.note(node.line, f"{key} {shown(written or '')} is more than 48 hours")
            return None
        return value

    def _texts(self, nodes: list[Node], start: float = 0.0) -> tuple[Text, ...]:
        """Texts with their seconds; the metres that some are given by become time."""
        texts = []
        for node in nodes:
            message = self._message(node)
            if not message.strip():
                self.plan.note(node.line, "a text event without a text is left out")
                continue
            offset = next((value for key, value in node.attributes.items() if key == "timeoffset"), None)
            metres = numbers.number(node.attributes.get("distoffset"))
            at = numbers.seconds(offset)
            if at is None and offset is not None and (negative := numbers.number(offset)) is not None:
                self.plan.note(
                    node.line,
                    f"a text event {-negative:g} s before its segment is heard as that starts: {shown(message)}",
                )
                at = 0.0
            if metres is not None and not at:
                at = self.distances.seconds(metres, node.line) if metres > 0 else 0.0
            if at is None:
                self.plan.note(
                    node.line, f"a text event without a time is heard as its segment starts: {shown(message)}"
                )
                at = 0.0
            texts.append(Text(start + at, message, node.line))
        return tuple(texts)

    def _message(self, node: Node) -> str:
        """What a text event says; a key that is misspelt is noted."""
        attributes = node.attributes
        message = next((attributes[key] for key in ("message", "text") if attributes.get(key, "").strip()), "")
        if message or node.text.strip():
            return message or node.text
        near = get_close_matches("message", [key for key in attributes if attributes[key].strip()], n=1, cutoff=0.7)
        if not near:
            return ""
        self.plan.note(node.line, f'"{near[0]}" is taken for "message": {shown(attributes[near[0]])}')
        return attributes[near[0]]

    def _unknown(self, node: Node) -> None:
        """Notes attributes of a segment that are not known, each where it is first met."""
        for key in node.attributes:
            known = key in _KNOWN or key in self.unknown or key.startswith("xmlns")
            if not known and key.replace(":", "_").replace("-", "_").isidentifier():
                self.unknown.add(key)
                self.plan.note(node.line, f"the attribute {key} of <{node.name}> is not known, and is left out")
