"""``voicecoach doctor``: what works on this machine, and what to do about what does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.hearing import microphone_option
from voicecoach.errors import ConfigError, SinkError, VoicecoachError, counted
from voicecoach.store import folders

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.config import Config

State = Literal["ok", "no", "optional"]
_COLUMNS, _LINES = 80, 24
"""The terminal that the play screen is made for, or a larger one."""
_SECONDS = 0.5
"""Length of the session that is encoded to see whether a format can be written."""


class Finding(NamedTuple):
    """One thing that was looked at. ``remedy`` is empty where it works; what is optional need not.

    ``personal`` is the part of ``what`` that nobody else need know.
    """

    area: str
    state: State
    what: str
    remedy: str = ""
    personal: str = ""


@click.command("doctor")
@click.option(
    "--report",
    "where",
    is_flag=False,
    flag_value="-",
    metavar="[FILE]",
    help="Print, or write to FILE, what to send with the report of a fault; it says nothing of you.",
)
@click.option("--listen", is_flag=True, help="Show what the microphone hears, and what would be a noise, until q.")
@microphone_option
@click.pass_context
def command(context: click.Context, where: str | None, listen: bool, microphone: str | None) -> None:
    """Show what works here: voices, devices, formats, cache, configuration and folders.

    Everything is tried, not guessed. Beside what does not work stands what to do. The exit code is 1 only where
    nothing can be played and no file can be written.
    """
    if listen and where is not None:
        raise click.UsageError("--listen and --report are two things")
    if microphone is not None and not listen:
        raise click.UsageError("--microphone is for --listen")
    if listen:
        from voicecoach.cli.meter import meter

        meter(microphone)
        return
    findings = list(_findings())
    if where is None:
        output.table(("area", "", "found", "what to do"), (finding[:4] for finding in findings))
    else:
        _report(findings, where)
    works = {finding.area for finding in findings if finding.state == "ok"}
    if "voice" not in works or not works & {"device", "format"}:
        context.exit(1)


def _report(findings: list[Finding], where: str) -> None:
    from voicecoach.cli.report import report

    rows = [(one.area, one.state, _told(one), one.remedy) for one in findings]
    text = report(rows, _config())
    if where == "-":
        output.echo(text, nl=False)
    else:
        Path(where).write_text(text, encoding="utf-8")
        output.note(f"{where} written: look through it before you send it")


def _told(finding: Finding) -> str:
    """To others."""
    return finding.what.replace(finding.personal, "…") if finding.personal else finding.what


def _findings() -> Iterator[Finding]:
    import platform
    from importlib.metadata import version

    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("voicecoach", "ok", f"{version('voicecoach')}, {python}")
    yield from _configuration()
    yield from _engines()
    yield from _voice()
    yield from _devices()
    yield from _microphones()
    yield from _desktop()
    yield from _formats()
    yield from _folders()
    yield from _terminal()


def _config() -> Config:
    """The configuration, or the defaults where it is wrong, which another finding tells."""
    from voicecoach import config

    try:
        return config.load()
    except ConfigError:
        return config.Config()


def _configuration() -> Iterator[Finding]:
    from voicecoach import config

    path = config.path()
    try:
        config.load()
    except ConfigError as error:
        yield Finding("configuration", "no", str(error), f"mend {path}")
        return
    yield Finding("configuration", "ok", f"{path}" if path.exists() else f"none, which is fine (would be {path})")


def _engines() -> Iterator[Finding]:
    from voicecoach.speech import hibari, registry

    for name, engine in registry.engines().items():
        reason = engine.available()
        if reason is None:
            yield Finding("engine", "ok", f"{name}: {counted(len(engine.voices()), 'voice')}")
        else:
            state: State = "no" if name == registry.EMBEDDED[-1] else "optional"
            yield Finding("engine", state, f"{name}: does not work here", reason)
    for reason in hibari.damaged():
        yield Finding("engine", "optional", "hibari: a voice is damaged", reason)
    for name, reason in registry.broken().items():
        yield Finding("engine", "optional", f"{name}: does not work here", reason)


def _voice() -> Iterator[Finding]:
    """Lets the voice that is used if nothing else is asked for say something."""
    from voicecoach.speech import registry, turns
    from voicecoach.speech.engine import Manner

    try:
        voice = registry.usable(registry.choose("en", _config().voice))
        turns.speak(voice.engine, "ready", voice.info, Manner())
    except VoicecoachError as error:
        yield Finding("voice", "no", str(error), 'choose another in the configuration ("voicecoach voices" shows them)')
        return
    yield Finding("voice", "ok", f"{voice.info.engine}:{voice.info.name} speaks, if nothing else is asked for")


def _devices() -> Iterator[Finding]:
    from voicecoach.play.sinks import device, simpleaudio

    wished = _config().device
    try:
        found = device.devices()
    except SinkError as error:
        found = ()
        yield Finding("device", "no", str(error))
    for each in found:
        yield Finding("device", "ok", f"{each.name} ({each.backend})", personal=each.name)
    if not found:
        yield Finding(
            "device",
            "no",
            "no sound device was found",
            'plug one in or start the sound server; "voicecoach export" needs none',
        )
    elif wished is not None and not any(wished.casefold() in each.name.casefold() for each in found):
        missing = f'"{wished}", which the configuration names, is not here'
        yield Finding("device", "no", missing, "connect it", personal=wished)
    reason = simpleaudio.why_not()
    if reason is not None:
        yield Finding("simpleaudio", "optional", "not usable, and not needed", reason)
    for limit in simpleaudio.LIMITS if reason is None else ():
        yield Finding("simpleaudio", "optional", limit, "leave it to the output device")


def _microphones() -> Iterator[Finding]:
    """A session is played without one all the same."""
    from voicecoach.play import capture

    found = capture.microphones()
    for each in found:
        yield Finding("microphone", "ok", f"{each.name} ({each.backend})", personal=each.name)
    if not found:
        yield Finding("microphone", "optional", "none: play --listen hears no clap", "plug one in, or allow its use")


def _desktop() -> Iterator[Finding]:
    """What a session asks of the system around it. Without either it is played all the same."""
    from voicecoach.play import awake, remote

    reason = remote.available()
    if reason is None:
        yield Finding("media keys", "ok", "media keys, headsets and desktops reach a session (MPRIS)")
    else:
        yield Finding("media keys", "optional", "no media key reaches a session; the keys of the terminal do", reason)
    reason = awake.available()
    if reason is None:
        yield Finding("stays awake", "ok", "the screen stays on during a session")
    else:
        yield Finding("stays awake", "optional", "the computer may fall asleep during a session", reason)


def _formats() -> Iterator[Finding]:
    """Writes a short file of each format."""
    from tempfile import TemporaryDirectory

    from voicecoach.export.exporter import export
    from voicecoach.export.formats import FORMATS

    arrangement = _short_session()
    with TemporaryDirectory(prefix="voicecoach-doctor-") as folder:
        for kind in FORMATS.values():
            try:
                export(arrangement, Path(folder) / f"short{kind.suffix}")
            except VoicecoachError as error:
                yield Finding("format", "no", f"{kind.name}: {error}", "install voicecoach anew, with its dependencies")
            else:
                yield Finding("format", "ok", kind.label)


def _short_session() -> Arrangement:
    """A sound and some silence, which need neither a voice nor a cache."""
    from voicecoach import units
    from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
    from voicecoach.arrange.library import Library
    from voicecoach.speech import registry
    from voicecoach.speech.speaker import Speaker
    from voicecoach.store.cache import Cache
    from voicecoach.timeline.model import Role, Sound, VoiceWish

    tone = registry.choose("en", VoiceWish(engine="tone"))
    library = Library(Speaker(tone, Cache(folders.cache(), 0)))
    tick = Sound("tick")
    placement = Placement(0, library.frames(tick), tick, Role.TICK, 0)
    passage = Passage(0, "doctor", 0, units.to_frames(_SECONDS, library.rate), (placement,))
    return Arrangement(title="doctor", summary="", language="en", rate=library.rate, passages=(passage,), clips=library)


def _folders() -> Iterator[Finding]:
    from voicecoach import script
    from voicecoach.store.cache import Cache

    cache = Cache(folders.cache(), _config().cache_limit)
    refused = _why_not_writable(cache.folder)
    if refused is None:
        holds = f"{units.format_size(cache.size())} of at most {units.format_size(cache.limit_bytes)}"
        yield Finding("cache", "ok", f"{cache.folder}: {holds}")
    else:
        yield Finding(
            "cache", "no", f"{cache.folder}: {refused}", "allow writing there, or nothing is kept between runs"
        )
    yield _history()
    own = sum(path.parent == folders.own_scripts() for _, path in script.names())
    yield Finding("scripts", "ok", f"{folders.own_scripts()}: {counted(own, 'workout')} of your own")
    yield Finding("voices", "ok", f"{folders.voices()}: neural voices that you install")


def _history() -> Finding:
    from voicecoach.errors import HistoryError
    from voicecoach.store.history import History

    path = folders.history()
    refused = _why_not_writable(path.parent)
    try:
        with History.open(to_read=True) as history:
            holds = counted(history.count(), "session")
    except HistoryError as error:
        return Finding("history", "no", str(error), "until then nothing is remembered of sessions")
    if refused is not None:
        return Finding("history", "no", f"{path}: {refused}", "allow writing there, or no session is remembered")
    return Finding("history", "ok", f"{path}: {holds}")


def _why_not_writable(folder: Path) -> str | None:
    """Tries it, in the nearest folder above that exists already."""
    from tempfile import TemporaryFile

    there = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        with TemporaryFile(dir=there):
            return None
    except OSError as error:
        return f"cannot be written ({(error.strerror or str(error)).lower()})"


def _terminal() -> Iterator[Finding]:
    if not sys.stdout.isatty():
        yield Finding("terminal", "optional", "none: play shows a line a step instead of its screen")
        return
    size = os.get_terminal_size()
    small = size.columns < _COLUMNS or size.lines < _LINES
    remedy = f"the play screen likes {_COLUMNS} by {_LINES} or more" if small else ""
    encoding = sys.stdout.encoding.lower().replace("-", "")
    yield Finding("terminal", "optional" if small else "ok", f"{size.columns} by {size.lines}, {encoding}", remedy)
