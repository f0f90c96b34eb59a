"""Scripts written as nobody should: broken anywhere, with comments wherever TOML 1.1 allows one.

The same number gives the same text, whatever the machine.
"""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import script_maker
import tomli

COMMENTS = (
    "# short", "#", "#:schema ./x.json", "# [block]", '# steps = [ { hold = "20s" },', "# it's \"so\"   ",
    "# ü 🏃 \t end", "# }]", "## = ,", "# " + "long " * 30,
)  # fmt: skip
TEXTS = (
    "[1] #2, {3}", 'a "quoted" word', "back\\slash", "[[block]]", "= , =", "Grüße, 体幹 🏃", "it's", "x" * 130,
    "''' \"\"\"", "tab\tinside", "two\nlines # here",
)  # fmt: skip
SAID = (
    'A "quoted" word, # and a hash.', "back\\slash = no", "Close it ] and }} here.", "Grüße, 体幹 🏃", "It's on.",
    "Long and easy, " * 9 + "yes.", "a \"\"\" b ''' c", "two\nlines # here", "[[ no heading",
)  # fmt: skip
"""Lines that a script may say, all the same."""


def script(number: int) -> tuple[str, list[str]]:
    """The ``number``-th text, and its comments in order, without blanks at their ends."""
    source = Random(f"scattered {number}")
    data = tomli.loads(script_maker.script(number))
    data.pop("music", None)
    data["summary"] = source.choice(TEXTS)
    data["cues"]['odd "key" #1' if source.random() < 0.2 else "own"] = source.choices(SAID, k=source.randint(1, 4))
    for block in data["block"]:
        for step in block["steps"]:
            if "hold" in step and source.random() < 0.5:
                step["at"] = {"1s": source.choice(SAID), "half": {"text": source.choice(SAID)}}
                step["cues"] = source.choices(SAID, k=source.randint(1, 3))
    return _Writer(source).document(data)


class _Writer:
    def __init__(self, source: Random) -> None:
        self._source = source
        self._parts: list[str] = []
        self._messy = source.choice([0.0, 0.05, 0.3])

    def document(self, data: dict[str, Any]) -> tuple[str, list[str]]:
        tables = {key: value for key, value in data.items() if isinstance(value, dict | list) and self._chance(0.7)}
        self._lines()
        for key, value in data.items():
            if key not in tables:
                self._pair(key, value)
                self._lines(begun=False)
        for key, value in tables.items():
            for one in value if isinstance(value, list) else [value]:
                brackets = 2 if isinstance(value, list) else 1
                self._put(self._blank(), "[" * brackets, self._blank(), _key(key), self._blank(), "]" * brackets)
                self._lines(begun=False)
                for name, inside in one.items():
                    self._pair(name, inside)
                    self._lines(begun=False)
        text = "".join(self._parts)
        comments = [part.rstrip() for part in self._parts if part.startswith("#")]
        return text, comments

    def _pair(self, key: str, value: Any) -> None:
        self._put(self._blank(), _key(key), self._blank(), "=", self._blank())
        self._value(value)

    def _value(self, value: Any) -> None:
        if isinstance(value, list | dict):
            opening, closing = "[]" if isinstance(value, list) else "{}"
            self._put(opening)
            self._gap()
            for number, inside in enumerate(value):
                if isinstance(value, dict):
                    self._pair(inside, value[inside])
                else:
                    self._value(inside)
                self._gap()
                if number < len(value) - 1 or self._chance(0.2):
                    self._put(",")
                    self._gap()
            self._put(closing)
        else:
            self._put(self._scalar(value))

    def _scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        written = json.dumps(value, ensure_ascii=self._chance(0.1) and max(value, default="") < "\ud800")
        match self._source.randint(0, 5):
            case 0 if not re.search(r"['\n\t]", value):
                return f"'{value}'"
            case 1 if "'''" not in value and not value.endswith("'"):
                return f"'''{value}'''"
            case 2:
                return '""' + written + '""'
            case 3 if " " in value:
                return '""' + written.replace(" ", " \\\n    ", 1) + '""' if "\\" not in written else written
        return written

    def _gap(self) -> None:
        """Between the parts of a list or table."""
        self._put(self._blank())
        while self._chance(self._messy):
            self._put(self._source.choice(["\n", "\n\n  \n", "\t", self._comment() + "\n", self._comment() + "\n"]))

    def _lines(self, *, begun: bool = True) -> None:
        """Between the lines of a document."""
        if not begun:
            self._put(self._blank())
            if self._chance(self._messy):
                self._comment_alone()
            self._put("\n")
        while self._chance(self._messy):
            self._put(self._blank())
            if self._chance(0.5):
                self._comment_alone()
            self._put("\n")

    def _comment_alone(self) -> None:
        self._put(self._source.choice(COMMENTS))

    def _comment(self) -> str:
        return self._source.choice(COMMENTS)

    def _blank(self) -> str:
        return self._source.choice(["", " ", "  ", "\t"]) if self._chance(self._messy) else " "

    def _chance(self, of: float) -> bool:
        return self._source.random() < of

    def _put(self, *parts: str) -> None:
        for part in parts:
            comment, end, rest = part.partition("\n") if part.startswith("#") else (part, "", "")
            self._parts += [one for one in (comment, end + rest) if one]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
