"""A script and all that it uses, read and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from voicecoach.errors import AudioFileError, Problem, ScriptError, meant, shown
from voicecoach.script import audio, messages, own_voice, plan, references
from voicecoach.script import source as sources
from voicecoach.script.audio import Audible, Named
from voicecoach.script.cycles import DEEPEST
from voicecoach.script.document import Document
from voicecoach.script.limits import Cost, Costs
from voicecoach.script.model import Script, Workout
from voicecoach.script.own_voice import Recorded
from voicecoach.script.problems import Finding, placed
from voicecoach.script.source import Source
from voicecoach.store.folders import beside, is_file

MAX_VALUES = 250_000
"""Most values of one script, counting each key's and each element's."""
_NO_BLOCK = "the script has no [[block]]; it needs at least one, with steps"
MAX_FINDINGS = 5_000
"""Most findings of a file that are put in order."""


_Link = tuple[Path | None, str]
"""A script on the way to the one that is read: its file, and what a cycle calls it."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A script that is right, with what its users need to know; ``depth`` counts it and those it uses in a row."""

    workout: Workout
    cost: Cost
    depth: int
    step_names: frozenset[str]


class Loader:
    """Reads one script and those it uses, each once, and gathers every mistake of all of them.

    ``uses`` are the files that a ``use`` in a folder meant, ``files`` the contents of all of them. ``names_audio``
    tells whether any of the scripts names recordings or music; each of these is shown to ``audible``.
    """

    def __init__(self, audible: Audible | None = None) -> None:
        self.uses: dict[tuple[str, Path], Path] = {}
        self.files: dict[Path, bytes] = {}
        self.names_audio = False
        self._audible = audible
        self._unheard: dict[tuple[Path, bool], str] = {}
        self._contents: dict[Path, bytes] = {}
        self._loaded: dict[Path, _Loaded | None] = {}
        self._problems: list[list[Problem]] = []

    def load(self, source: Source) -> Workout:
        """The workout of a script. Raises ScriptError with all mistakes, file by file."""
        loaded = self._load(source, ())
        problems = [problem for file in self._problems for problem in file]
        if loaded is None or problems:
            raise ScriptError(tuple(problems))
        return loaded.workout

    def _load(self, source: Source, chain: tuple[_Link, ...]) -> _Loaded | None:
        problems: list[Problem] = []
        self._problems.append(problems)
        document = Document(source.text)
        loaded, findings = self._check(document, source, chain)
        problems.extend(placed(document, source.name, findings))
        return None if problems else loaded

    def _check(
        self, document: Document, source: Source, chain: tuple[_Link, ...]
    ) -> tuple[_Loaded | None, list[Finding]]:
        data = document.data
        if data is None:
            return None, []
        separators = sum(map(source.text.count, ",=["))  # each value stands behind one of these: quickly no more than
        if separators > MAX_VALUES and _count(data) > MAX_VALUES:
            return None, [((), f"the script has more than {MAX_VALUES:,} values")]
        chain = (*chain, (source.path and source.path.resolve(), _name(source)))
        included, findings = self._include(data, source, chain)
        script, wrong = _validated(data, source.folder)
        findings += wrong
        if document.complete and "block" not in data and "plan" not in data:
            findings.append((("block",), _NO_BLOCK))
        recordings = list(audio.recordings(data, source.folder))
        music, wrong = audio.music(data, source.folder)
        findings += wrong
        findings += islice(self._listen([*recordings, *music]), MAX_FINDINGS)
        recorded, wrong = _recorded(script, source.folder)
        findings += wrong
        self.names_audio = self.names_audio or bool(recordings or music or (script and script.voice.recordings))
        found = {use: other for use, other in included.items() if other is not None}
        if document.complete:
            names = [name for other in found.values() for name in other.step_names]
            known = names if len(found) == len(included) else None
            findings += islice(references.check(data, known), MAX_FINDINGS)
        if script is None or findings or document.faults or len(found) < len(included):
            return None, findings
        costs = Costs(script, {use: other.cost for use, other in found.items()})
        files = tuple(dict.fromkeys(named.file for named in music))
        return _joined(script, source, found, files, recorded, costs.total), list(costs.findings())

    def _listen(self, files: list[Named]) -> Iterator[Finding]:
        """Every file that cannot be heard, and why."""
        if self._audible is None:
            return
        for path, file, is_music in files:
            why = self._unheard.get((file, is_music))
            if why is None:
                why = ""
                try:
                    self._audible(file, is_music)
                except AudioFileError as error:
                    why = str(error)
                self._unheard[file, is_music] = why
            if why:
                yield path, why

    def _include(
        self, data: dict[str, Any], source: Source, chain: tuple[_Link, ...]
    ) -> tuple[dict[str, _Loaded | None], list[Finding]]:
        """The scripts that a script uses, by the words of its ``use``; None for one that is wrong."""
        included: dict[str, _Loaded | None] = {}
        findings: list[Finding] = []
        for path, use in references.uses(data):
            if use.startswith("#"):
                continue
            if not use.strip():
                findings.append((path, "the text is empty"))
                continue
            target = sources.used(use, source.folder)
            if target is None or not is_file(target):
                findings.append((path, _own(use, data, day=path[0] == "plan") or _not_found(use, source)))
                continue
            self.uses[use, source.folder] = target
            loaded, message = self._used(target, chain)
            included[use] = loaded
            if not message and loaded is not None and loaded.workout.plan:
                does = "a day of a plan" if path[0] == "plan" else "a step"
                message = f"{shown(use)} is a plan, which {does} cannot be (name one of its scripts)"
            if message:
                findings.append((path, message))
        return included, findings

    def _used(self, path: Path, chain: tuple[_Link, ...]) -> tuple[_Loaded | None, str]:
        """A script that is used, and what is wrong about using it here."""
        identity = path.resolve()
        known = [link for link, _ in chain]
        if identity in known:
            names = [name for _, name in chain[known.index(identity) :]]
            return None, f"the script uses itself: {' → '.join([*names, path.name])}"
        if identity not in self._loaded:
            if len(chain) >= DEEPEST:
                return None, f"from here scripts use one another more than {DEEPEST} deep"
            try:
                source = sources.read(path, str(path))
                self._contents[identity] = source.content
                self._loaded[identity] = self._load(source, chain)
            except ScriptError as error:
                self._loaded[identity] = None
                self._problems.append(list(error.problems))
        self.files[path] = self._contents.get(identity, b"")
        loaded = self._loaded[identity]
        if loaded is not None and loaded.depth + len(chain) > DEEPEST:
            return None, f"from here scripts use one another more than {DEEPEST} deep"
        return loaded, ""


def _validated(data: dict[str, Any], folder: Path) -> tuple[Script | None, list[Finding]]:
    try:
        script = Script.model_validate(data, context={"folder": folder}, by_alias=True, by_name=False)
    except ValidationError as error:
        findings = []
        for item in islice(error.errors(include_url=False), MAX_FINDINGS):
            words = messages.message(item["type"], item["loc"], item["input"], item.get("ctx", {}))
            if words is not None:
                findings.append((messages.path_of(item["loc"], data), words))
        return None, _once(findings, data)
    return script, []


def _once(findings: list[Finding], data: dict[str, Any]) -> list[Finding]:
    """The findings, with what only follows from a table within a block told as that."""
    for strays, words in messages.swallowed(data):
        missing = [path for path, _ in findings if len(path) == 3 and path[0] == "block" and path[2] == "steps"]
        follows = (*strays, *(missing[-1:] if (*strays[0][:-1], "steps") in strays else ()))
        findings = [finding for finding in findings if not any(finding[0][: len(path)] == path for path in follows)]
        findings.append((strays[0], words))
    return findings


def _recorded(script: Script | None, folder: Path) -> tuple[tuple[Recorded, ...], list[Finding]]:
    """The lines that a person has recorded; a folder that is not there holds none."""
    if script is None or script.voice.recordings is None:
        return (), []
    try:
        return own_voice.read(beside(folder, script.voice.recordings)), []
    except ValueError as error:
        return (), [(("voice", "recordings"), str(error))]


def _joined(
    script: Script,
    source: Source,
    included: dict[str, _Loaded],
    music: tuple[Path, ...],
    recorded: tuple[Recorded, ...],
    cost: Cost,
) -> _Loaded:
    digest = hashlib.sha256(source.content)
    for use in sorted(included):
        digest.update(f"\0{use}\0{included[use].workout.digest}".encode())
    workout = Workout.model_construct(
        **dict(script),
        digest=digest.hexdigest(),
        included={use: other.workout for use, other in included.items()},
        music_files=music,
        recorded=recorded,
        source=source,
    )
    own = (getattr(step, "name", None) for block in script.block for step in block.steps)
    names = {name for name in own if name}.union(*(other.step_names for other in included.values()))
    depth = 1 + max((other.depth for other in included.values()), default=0)
    return _Loaded(workout, cost, depth, frozenset(names))


def _own(use: str, data: dict[str, Any], *, day: bool) -> str:
    """What to say of a name that is meant for a block of the script, or for a day of rest; empty where it is not."""
    wanted = use.strip()
    meant_for = ""
    if day and wanted.casefold() == plan.REST:
        meant_for = f'"{plan.REST}"'
    elif any(block.get("name") == wanted for block in references.tables(data, "block")):
        meant_for = f'the block "#{wanted}"'
    return f"there is no workout called {shown(use)} (did you mean {meant_for}?)" if meant_for else ""


def _not_found(use: str, source: Source) -> str:
    if not sources.is_path(use):
        return sources.unknown(use, source.folder)
    path = beside(source.folder, use)
    if path.is_dir():
        return f"{shown(use)} is a folder, not a script"
    try:
        others = [other for other in path.parent.glob(f"*{sources.SUFFIX}") if other.name != _name(source)]
    except (OSError, ValueError):
        others = []
    # names are near to one another, not what all of them have in common
    alike = sorted(other.name for other in others if meant(other.stem, (path.stem,)))
    question = meant(use, tuple(f"{use.removesuffix(path.name)}{name}" for name in alike))
    return f"there is no script at {shown(use)} (looked in {path.parent})" + (f" ({question})" if question else "")


def _name(source: Source) -> str:
    """What cycles and suggestions call a script."""
    return source.path.name if source.path else source.name


def _count(data: dict[str, Any]) -> int:
    """How many values data holds; stops soon after there are too many."""
    count, waiting = 0, list[Any]([data])
    while waiting and count <= MAX_VALUES:
        value = waiting.pop()
        count += len(value)
        inside = value.values() if isinstance(value, dict) else value
        waiting += [each for each in inside if isinstance(each, dict | list)]
    return count
