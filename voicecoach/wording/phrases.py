"""The phrases of a language, ready to be spoken."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType

from voicecoach.wording import pauses
from voicecoach.wording.ambiguity import Ambiguity, Reading
from voicecoach.wording.language import Language, read
from voicecoach.wording.numbers import Numbers
from voicecoach.wording.quantities import Quantities
from voicecoach.wording.spoken import Spoken

_SPOKEN_KEPT = 4096
_STOPS = " .,;:!?…"
_FIRST_PICTURE, _LAST_PICTURE = "\u2190", "\u2bff"
"""Arrows, dingbats and circled letters, which no engine is given."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Phrases:
    """What is said in one language. Every text given and returned is plain; those returned are in spoken form.

    A ``duration`` argument is the text :meth:`duration` gives; a ``side`` is a label as a script has it.
    """

    language: str
    """The tag of these phrases: English ("en") where there are none in the language asked for."""
    known: bool = True
    """Whether there are phrases in the language asked for.

    Where there are none, what is built in (names of steps, sides and all sentences) is English, and not to be spoken;
    numbers and durations are figures, as every engine reads them in its own language, and texts keep theirs.
    """
    sides: tuple[str, str]
    """The labels of the two sides where a script gives none, the left one first."""
    halfway: str
    session_halfway: str
    complete: str
    as_long_as_you_can: str
    """Said in place of the duration of a hold without an end."""
    waiting: str
    """Said now and then while a session waits for the person."""
    reached: str
    """Said when a hold has reached its target."""
    go_on: str
    """Said where a long pause ends."""
    tempo: tuple[str, str, str, str]
    """One word for each phase of a rep: down, held, up, held."""
    step_names: Mapping[str, str]
    """The name of a step that has none, by its kind: hold, work, run, walk, rest, reps."""
    _sentences: Mapping[str, str]
    _side_names: Mapping[str, str]
    _quantities: Quantities
    _spoken: Callable[[str], Reading] = field(compare=False)

    def number(self, n: int) -> str:
        """A whole number in words, as one counts: "twelve"."""
        return self._quantities.numbers.cardinal(n)

    def duration(self, seconds: float) -> str:
        """Seconds in words: "forty-five seconds", "one minute thirty", "two hours ten minutes".

        Under a minute to tenths ("two and a half seconds"), from there on to whole seconds.
        """
        return self._quantities.duration(seconds)

    def spoken(self, text: str) -> str:
        """A script author's text as it is to be spoken: see :class:`voicecoach.wording.spoken.Spoken`."""
        return self._spoken(text).said

    def ambiguities(self, text: str) -> tuple[Ambiguity, ...]:
        """What in a text is read one way and could be meant another: "5m" as minutes, or metres."""
        return self._spoken(text).ambiguities

    def silent(self, text: str) -> bool:
        """Whether there is nothing in a text that a voice can say, and no pause either."""
        said, *more = pauses.texts(self.spoken(text))
        return not more and not any(mark.isalnum() and not _FIRST_PICTURE <= mark <= _LAST_PICTURE for mark in said)

    def unreadable(self, text: str) -> str:
        """The first word of a text in an alphabet that its language is not written in; empty where there is none.

        A single Greek letter is a sign that is read as any other. Of a language without phrases nothing is known.
        """
        if text.isascii() or not self.known:
            return ""
        for foreign, letters in groupby(text, _is_foreign):
            word = "".join(letters)
            if foreign and not (len(word) == 1 and "GREEK" in unicodedata.name(word, "")):
                return word
        return ""

    def sentence(self, text: str) -> str:
        """The text with its first letter in upper case."""
        for place, letter in enumerate(text):
            if letter.isalpha():
                upper = letter.upper()
                return text[:place] + (upper if len(upper) == 1 else letter) + text[place + 1 :]
            if letter.isdigit():
                break
        return text

    def announce(self, name: str, duration: str | None = None, side: str | None = None) -> str:
        """What comes now: "Bridge, left side, forty-five seconds." """
        return self._listed(name, None if side is None else self.side(side), duration)

    def rest(self, duration: str) -> str:
        """ "Rest, thirty seconds." """
        return self._sentences["rest"].format(duration=duration)

    def next(self, name: str, duration: str | None = None) -> str:
        """What comes after this: "Next: Single-leg bridge, twenty seconds." The name keeps its case."""
        return self._sentences["next"].format(what=self._listed(name, duration, capital=False))

    def switch(self, side: str) -> str:
        """ "Switch sides. Right side." """
        return self._sentences["switch"].format(side=self._listed(self.side(side)))

    def side(self, label: str) -> str:
        """A side's label as it is said: "left" is "left side"; a label of the script's own stays."""
        return self._side_names.get(label) or self.spoken(label)

    def remaining(self, duration: str) -> str:
        """ "Ten seconds left." """
        return self.sentence(self._sentences["remaining"].format(duration=duration))

    def round(self, number: int, rounds: int) -> str:
        """ "Round two of three.", and for the last "Last round." """
        if number >= rounds:
            return self._sentences["last_round"]
        return self._sentences["round"].format(number=self.number(number), rounds=self.number(rounds))

    def position(self, number: int, total: int) -> str:
        """ "Three of eight." """
        said = self._sentences["position"].format(number=self.number(number), total=self.number(total))
        return self.sentence(said)

    def plan_day(self, week: int | None, day: int) -> str:
        """Which day of a plan it is: "Week three, day two.", or "Day twelve." where there are no weeks."""
        return f"{self.sentence(self._day(week and self.number(week), self.number(day)))}."

    def plan_day_written(self, week: int | None, day: int) -> str:
        """The same in figures, as it is read within a line: "week 3, day 2"."""
        return self._day(week and str(week), str(day))

    def _day(self, week: str | int | None, day: str) -> str:
        return self._sentences["day" if week is None else "day_of_week"].format(week=week, day=day)

    def option(self, number: int, label: str) -> str:
        """One answer of a question: "Two: Hamstring." """
        return f"{self.sentence(self.number(number))}: {self._listed(self.spoken(label))}"

    def slipped(self, duration: str) -> str:
        """ "Twenty-three seconds, clean. Good that you stopped." """
        return self.sentence(self._sentences["slipped"].format(duration=duration))

    def held(self, duration: str) -> str:
        """ "Fifty seconds. Well held." """
        return self.sentence(self._sentences["held"].format(duration=duration))

    def last_time(self, answer: str, *, last_week: bool = False) -> str:
        """ "Last time: Hamstring.", or "Last week: Hamstring." """
        sentence = self._sentences["last_week" if last_week else "last_time"]
        return sentence.format(answer=self.spoken(answer).rstrip(_STOPS))

    def unlocked(self, what: str) -> str:
        """ "Next time, try Single-leg bridge." """
        return self._sentences["unlocked"].format(what=self.spoken(what).rstrip(_STOPS))

    def reps(self, n: int) -> str:
        """ "ten reps" """
        return self._quantities.say(n, self._quantities.units["rep"])

    def _listed(self, *parts: str | None, capital: bool = True) -> str:
        """The parts as one sentence. The stop at the end of each part but the last gives way to a comma."""
        said = [part for part in parts if part and part.strip(_STOPS)]
        if not said:
            return ""
        text = ", ".join([*(part.rstrip(_STOPS) for part in said[:-1]), said[-1].rstrip()])
        if text[-1] not in ".!?…":
            text += "."
        return self.sentence(text) if capital else text


class UnknownPhrases(Phrases):
    """Stands in where there are no phrases: figures are left to the engine, and nothing is put into words."""

    __slots__ = ()

    def number(self, n: int) -> str:
        """The number in figures."""
        return str(n)

    def duration(self, seconds: float) -> str:
        """Seconds in figures, with the symbols that all languages share: "1 min 30 s"."""
        tenths = max(0, round(seconds * 10))
        if tenths < 600 and tenths % 10:
            return f"{tenths / 10} s"
        total = round(tenths / 10)
        counted = ((total // 3600, "h"), (total // 60 % 60, "min"), (total % 60, "s"))
        return " ".join(f"{count} {unit}" for count, unit in counted if count) or "0 s"

    def side(self, label: str) -> str:
        """A label of the script's own; nothing for the built-in ones."""
        return "" if label in self.sides else self.spoken(label)

    def reps(self, n: int) -> str:
        """The number in figures."""
        return str(n)


def of(language: str) -> Phrases:
    """The phrases for a BCP 47 tag: "de-AT" gives the German ones.

    For a language without any they are not ``known``: see :attr:`Phrases.known`.
    """
    found = read(language)
    return _phrases(found.tag if found.known else "")


def _is_foreign(mark: str) -> bool:
    """Whether it is a letter, and none of the Latin ones in which all our languages are written."""
    if mark.isascii() or not mark.isalpha() or mark in "ªºµ":
        return False
    return unicodedata.category(mark) != "Lm" and "LATIN" not in unicodedata.name(mark, "")


@lru_cache(maxsize=32)
def _phrases(tag: str) -> Phrases:
    language: Language = read(tag)
    data = language.data
    sentences = data["phrases"]
    quantities = Quantities(data, Numbers(data["numbers"]))
    left, right = data["sides"]["labels"]
    down, held, up, held_up = sentences["tempo"]
    kind = Phrases if language.known else UnknownPhrases
    spoken = Spoken(data, quantities) if language.known else _unworded
    return kind(
        language=language.tag,
        known=language.known,
        sides=(left, right),
        halfway=sentences["halfway"],
        session_halfway=sentences["session_halfway"],
        complete=sentences["complete"],
        as_long_as_you_can=sentences["as_long_as_you_can"],
        waiting=sentences["waiting"],
        reached=sentences["reached"],
        go_on=sentences["go_on"],
        tempo=(down, held, up, held_up),
        step_names=MappingProxyType(data["steps"]),
        _sentences=MappingProxyType(
            {key: said for key, said in sentences.items() if isinstance(said, str) and "{" in said}
            | {"last_round": sentences["last_round"]}
        ),
        _side_names=MappingProxyType(dict(zip((left, right), data["sides"]["spoken"], strict=True))),
        _quantities=quantities,
        _spoken=lru_cache(maxsize=_SPOKEN_KEPT)(spoken),
    )


def _unworded(text: str) -> Reading:
    """The text without marks that nobody is to hear; its figures and signs stay."""
    from voicecoach.wording.markup import unmarked  # where there are phrases, few texts need it

    return Reading(unmarked(text))
