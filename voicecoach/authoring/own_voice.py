"""Puts the recordings of lines into the folder beside their script, and the folder's name into the script."""

from __future__ import annotations

import io
import os
import re
import wave
from collections.abc import Sequence
from pathlib import Path

import tomli

from voicecoach.authoring import layout
from voicecoach.errors import AuthoringError
from voicecoach.script import own_voice, source
from voicecoach.script.document import Document
from voicecoach.script.own_voice import INDEX, Recorded
from voicecoach.sound.clip import Clip
from voicecoach.store.atomic import make_folder, writing
from voicecoach.store.folders import beside
from voicecoach.timeline.model import Line

SUFFIX = ".voice"
_TABLE = re.compile(r"^[ \t]*\[[ \t]*(?:voice|\"voice\"|'voice')[ \t]*\][^\n]*(?:\n|\Z)", re.MULTILINE)
_ANY_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


class Folder:
    """The recordings of a script, of which each is on the disk once it is put there.

    What the script itself names as its folder is that; where it names none it is NAME.voice beside it, and the script
    is told with the first recording.
    """

    def __init__(self, script: Path) -> None:
        """Raises AuthoringError where the script, or what its folder says, cannot be read."""
        self._script = script
        named = _named(script)
        self._linked = named is not None
        self.path = beside(script.parent, named or f"{source.known_as(script)}{SUFFIX}")
        self._recorded = self._read()

    @property
    def lines(self) -> frozenset[Line]:
        """Those that are recorded and whose files are there."""
        return frozenset(line for line, one in self._recorded.items() if one.file.is_file())

    def put(self, line: Line, name: str, clip: Clip) -> Path:
        """Keeps a line's recording, in place of the one before, as 16-bit WAV; ``name`` is what a new one is called.

        A file that the folder's index does not know is not written over. Raises ExportError and AuthoringError.
        """
        self._recorded = self._read()  # somebody else may record, too
        known = self._recorded.get(line)
        file = known.file if known is not None and known.file.suffix == ".wav" else self._new(name)
        make_folder(self.path)
        self._link()
        with writing(file) as written:
            written.write(_wav(clip))
        self._recorded[line] = Recorded(line.text, line.language, file)
        with writing(self.path / INDEX) as written:
            written.write(own_voice.written(self._recorded.values()).encode())
        return file

    def _read(self) -> dict[Line, Recorded]:
        try:
            return {Line(one.text, one.language): one for one in own_voice.read(self.path)}
        except ValueError as error:
            raise AuthoringError(f"{self._script}: {error}") from None

    def _new(self, name: str) -> Path:
        taken = {one.file for one in self._recorded.values()}
        file, again = self.path / f"{name}.wav", 1
        while os.path.lexists(file) or file in taken:
            again += 1
            file = self.path / f"{name}-{again}.wav"
        return file

    def _link(self) -> None:
        if self._linked or _named(self._script) is not None:
            return
        content = self._script.read_bytes()
        linked = with_recordings(content.decode("utf-8"), self.path.name)
        if linked is None:
            raise AuthoringError(
                f"{self._script}: write it in yourself, under [voice]: recordings = {layout.value(self.path.name)}"
            )
        with writing(self._script) as file:
            file.write(linked.encode())
        self._linked = True


def with_recordings(text: str, folder: str) -> str | None:
    """A script that says where its recordings are, and is otherwise as it was; None where it cannot be written in."""
    ends = "\r\n" if "\r\n" in text else "\n"
    line = f"recordings = {layout.value(folder)}"
    for changed in _candidates(text, line, ends):
        if _says_only_more(text, changed, folder):
            return changed
    return None


def _candidates(text: str, line: str, ends: str) -> Sequence[str]:
    """The places where it may be written, of which not each will do."""
    found = []
    if table := _TABLE.search(text):
        head = table.group() if table.group().endswith("\n") else table.group() + ends
        found.append(f"{text[: table.start()]}{head}{line}{ends}{text[table.end() :]}")
    data = _read(text)
    if "voice" in data:
        at = Document(text.replace("\r\n", "\n")).offset(("voice",)) if "\r" not in text else text.find("voice")
        if inline := re.compile(r"voice[ \t]*=[ \t]*\{[ \t]*").match(text, at):
            more = "" if text[inline.end() : inline.end() + 1] == "}" else ", "
            found.append(f"{text[: inline.end()]}{line}{more or ' '}{text[inline.end() :]}")
        found.append(f"{text[:at]}voice.{line}{ends}{text[at:]}")
    else:
        for first in _ANY_TABLE.finditer(text):
            above = _with_its_comments(text, first.start())
            found.append(f"{text[:above]}[voice]{ends}{line}{ends}{ends}{text[above:]}")
        found.append(f"{text.rstrip()}{ends}{ends}[voice]{ends}{line}{ends}")
    return found


def _with_its_comments(text: str, at: int) -> int:
    """Where the comments begin that stand right above a line."""
    while at:
        before = text.rfind("\n", 0, at - 1) + 1
        if not text[before:at].lstrip().startswith("#"):
            break
        at = before
    return at


def _says_only_more(text: str, changed: str, folder: str) -> bool:
    before, after = _read(text), _read(changed)
    voice = before.get("voice", {})
    return isinstance(voice, dict) and after == before | {"voice": voice | {"recordings": folder}}


def _read(text: str) -> dict[str, object]:
    try:
        return tomli.loads(text.removeprefix("\ufeff"))
    except tomli.TOMLDecodeError:
        return {}


def _named(script: Path) -> str | None:
    try:
        voice = _read(script.read_bytes().decode("utf-8")).get("voice")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"{script}: cannot be read ({str(error).lower()})") from None
    named = voice.get("recordings") if isinstance(voice, dict) else None
    return named if isinstance(named, str) and named else None


def _wav(clip: Clip) -> bytes:
    from voicecoach.sound.pcm import to_int16

    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes(to_int16(clip.samples).tobytes())
    return written.getvalue()
