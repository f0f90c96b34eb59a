"""What ``check`` can say, each under its code: what it means, why it matters, and what to do."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tomli

from voicecoach.errors import near
from voicecoach.script.codes import Code

_FILE = Path(__file__).parent / "catalogue.toml"
_WIDTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What there is to know of a code; ``wrong`` is a script of which it is told, ``right`` one of which it is not.

    Both are empty where no script by itself is to blame.
    """

    code: Code
    name: str
    title: str
    why: str
    remedy: str
    wrong: str = ""
    right: str = ""

    @property
    def severity(self) -> str:
        """``error`` for a mistake, else ``warning``."""
        return severity(self.code)


def severity(code: str) -> str:
    """``error`` for the code of a mistake, else ``warning``."""
    return "error" if code.startswith("VC0") else "warning"


@lru_cache(maxsize=1)
def entries() -> dict[Code, Entry]:
    """Everything, in the order of the codes."""
    written = tomli.loads(_FILE.read_text(encoding="utf-8"))
    return {Code(code): Entry(code=Code(code), **entry) for code, entry in written.items()}


def entry(asked: str) -> Entry:
    """The entry of a code or a name, in any case. Raises LookupError, which names near ones."""
    for known in entries().values():
        if asked.casefold() in (known.code.casefold(), known.name):
            return known
    words = [word for known in entries().values() for word in (known.code, known.name)]
    raise LookupError(f'there is no code "{asked}"{near(asked, words)}')


def explained(about: Entry) -> str:
    """An entry to be read on a terminal."""
    parts = [f"{about.code} {about.name} ({about.severity})", about.title, about.why, f"What to do: {about.remedy}"]
    text = "\n\n".join(textwrap.fill(part, _WIDTH, break_on_hyphens=False) for part in parts)
    for heading, example in (("Told of", about.wrong), ("Not told of", about.right)):
        if example:
            text += f"\n\n{heading}:\n\n{textwrap.indent(example.strip(), '    ')}"
    return text
