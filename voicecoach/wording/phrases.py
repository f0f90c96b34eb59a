"""The phrases of a language, ready to be spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from voicecoach.wording.language import Language, read
from voicecoach.wording.numbers import Numbers
from voicecoach.wording.quantities import Quantities
from voicecoach.wording.spoken import Spoken

_SPOKEN_KEPT = 4096
_STOPS = " .,;:!?…"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Phrases:
    """What is said in one language. Every text given and returned is plain; those returned are in spoken form.

    A ``duration`` argument is the text :meth:`duration` gives; a ``side`` is a label as a script has it.
    """

    language: str
    """The tag of these phrases: English ("en") where there are none in the language asked for."""
    sides: tuple[str, str]
    """The labels of the two sides where a script gives none, the left one first."""
    halfway: str
    session_halfway: str
    complete: str
    as_long_as_you_can: str
    """Said in place of the duration of a hold without an end."""
    tempo: tuple[str, str, str, str]
    """One word for each phase of a rep: down, held, up, held."""
    step_names: Mapping[str, str]
    """The name of a step that has none, by its kind: hold, work, run, walk, rest, reps."""
    _texts: Mapping[str, str]
    _side_names: Mapping[str, str]
    _quantities: Quantities
    _spoken: Callable[[str], str] = field(compare=False)

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
        return self._spoken(text)

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
        return self._texts["rest"].format(duration=duration)

    def next(self, name: str, duration: str | None = None) -> str:
        """What comes after this: "Next: Single-leg bridge, twenty seconds." The name keeps its case."""
        return self._texts["next"].format(what=self._listed(name, duration, capital=False))

    def switch(self, side: str) -> str:
        """ "Switch sides. Right side." """
        return self._texts["switch"].format(side=self._listed(self.side(side)))

    def side(self, label: str) -> str:
        """A side's label as it is said: "left" is "left side"; a label of the script's own stays."""
        return self._side_names.get(label) or self.spoken(label)

    def remaining(self, duration: str) -> str:
        """ "Ten seconds left." """
        return self.sentence(self._texts["remaining"].format(duration=duration))

    def round(self, number: int, rounds: int) -> str:
        """ "Round two of three.", and for the last "Last round." """
        if number >= rounds:
            return self._texts["last_round"]
        return self._texts["round"].format(number=self.number(number), rounds=self.number(rounds))

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


def of(language: str) -> Phrases:
    """The phrases for a BCP 47 tag: "de-AT" gives the German ones, an unknown language the English ones."""
    return _phrases(read(language).tag)


@lru_cache(maxsize=32)
def _phrases(tag: str) -> Phrases:
    language: Language = read(tag)
    data = language.data
    texts = data["phrases"]
    quantities = Quantities(data, Numbers(data["numbers"]))
    left, right = data["sides"]["labels"]
    down, held, up, held_up = texts["tempo"]
    return Phrases(
        language=language.tag,
        sides=(left, right),
        halfway=texts["halfway"],
        session_halfway=texts["session_halfway"],
        complete=texts["complete"],
        as_long_as_you_can=texts["as_long_as_you_can"],
        tempo=(down, held, up, held_up),
        step_names=MappingProxyType(data["steps"]),
        _texts=MappingProxyType(
            {key: texts[key] for key in ("rest", "next", "switch", "remaining", "round", "last_round")}
        ),
        _side_names=MappingProxyType(dict(zip((left, right), data["sides"]["spoken"], strict=True))),
        _quantities=quantities,
        _spoken=lru_cache(maxsize=_SPOKEN_KEPT)(Spoken(data, quantities)),
    )
