"""``voicecoach serve``: the pages of workouts, for the phone at home."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output, pages
from voicecoach.cli.arguments import complete_script, not_empty, seed_option, voice_options, wish
from voicecoach.cli.remembered import history_options
from voicecoach.cli.sessions import Wanted, stem
from voicecoach.errors import ScriptError, ServerError, counted

if TYPE_CHECKING:
    from datetime import date

    from voicecoach.export.batch import Job
    from voicecoach.serve.door import Door
    from voicecoach.timeline.model import VoiceWish

_MARGIN = 2
"""Modules around a QR code: what readers need of the four that the standard wants, on a screen."""


@click.command("serve")
@click.argument("sources", metavar="[SCRIPT]...", shell_complete=complete_script, nargs=-1)
@click.option("--lan", is_flag=True, help="Let the local network in: phones in the same Wi-Fi.")
@click.option(
    "--host",
    metavar="ADDRESS",
    callback=not_empty,
    help="Listen on this address instead, as 192.168.1.5; this machine only (127.0.0.1) if left out.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="NUMBER",
    help="Listen on this port (0: any); the first that is free from 8000 on if left out.",
)
@click.option("--plain", is_flag=True, help="Show no QR code, only addresses.")
@history_options
@voice_options
@seed_option
def command(
    sources: tuple[str, ...],
    lan: bool,
    host: str | None,
    port: int | None,
    plain: bool,
    today: date | None,
    no_history: bool,
    voice: str | None,
    rate: float | None,
    seed: int,
) -> None:
    """Give the phone at home the pages of each SCRIPT, or of all workouts there are, until Ctrl-C.

    It prints an address, and with --lan a QR code for the phone. The address holds a token that is another one each
    time; who does not have it gets nothing. A page is made when it is first opened. What was done on the phone comes
    into your history by itself.
    """
    if lan and host is not None:
        raise click.UsageError("--lan and --host exclude each other")
    if "-" in sources:
        raise click.UsageError("standard input is read once, and a page is made when somebody opens it: name a file")
    _check()
    from voicecoach.serve import addresses, server
    from voicecoach.serve import app as answers
    from voicecoach.serve.shelf import Shelf
    from voicecoach.serve.workouts import Workouts

    found = _found(sources)
    if not found():
        raise ServerError("there is no workout to serve")
    hosts, shown = _hosts(lan, host)
    sockets = addresses.listening(hosts, port)
    door = _door(sockets[0].getsockname()[1], hosts, shown, lan)
    plan = Wanted(seed, None, today, no_history)
    with closing(Workouts(found)) as workouts, closing(Shelf(_jobs(plan, wish(voice, rate)))) as shelf:
        workouts.entries()
        for source in dict.fromkeys(sources):
            shelf.page(source)
        take = answers.taking(output.note)
        server.run(
            answers.app(door, workouts, shelf, take),
            sockets,
            lambda: _tell(door, shown, counted(len(found()), "workout"), plain=plain),
        )
        output.note("ended: nobody is served any more")


def _check() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("segno", "starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise ServerError(
            f'serving needs the extra "serve" (pip install "voicecoach[serve]"): there is no {", ".join(missing)}'
        )


def _found(sources: tuple[str, ...]) -> Callable[[], Mapping[str, str]]:
    """The scripts that are served by name; all there are, as they come and go, where none is named."""
    from voicecoach import script
    from voicecoach.script import source as finding
    from voicecoach.serve.workouts import named

    if not sources:
        return lambda: {name: str(path) for name, path in script.names()}
    for source in sources:
        finding.find(source)
    try:
        known = named((stem(source), source) for source in dict.fromkeys(sources))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return lambda: known


def _hosts(lan: bool, host: str | None) -> tuple[list[str], list[str]]:
    """What is listened on, and under which addresses it is reached, the one for a phone first."""
    from voicecoach.serve import addresses

    if lan:
        ours = addresses.local()
        if not ours:
            raise ServerError("this machine is in no local network (join the Wi-Fi that the phone is in)")
        return [*ours, addresses.LOOPBACK], [*ours, addresses.LOOPBACK]
    if host is None:
        return [addresses.LOOPBACK], [addresses.LOOPBACK]
    if addresses.is_any(host):
        return [host], [*addresses.local(), addresses.LOOPBACK]
    return [host], [host]


def _door(port: int, hosts: list[str], shown: list[str], lan: bool) -> Door:
    from voicecoach.serve import addresses
    from voicecoach.serve.door import Door

    names = {one.lower() for one in (*hosts, *shown)}
    if any(map(addresses.is_loopback, names)):
        names |= {"localhost", addresses.LOOPBACK}
    return Door(
        port=port,
        names=frozenset(names),
        any_address=any(map(addresses.is_any, hosts)),
        near_only=lan or all(map(addresses.is_loopback, hosts)),
    )


def _jobs(plan: Wanted, voice: VoiceWish) -> Callable[[str, Path], Job]:
    """What makes the page of a script as it is now; of a plan, of its day that comes now."""

    def job(source: str, path: Path) -> Job:
        from voicecoach.serve.app import AROUND

        found, problems = plan.of((source,))
        if problems:
            raise ScriptError(tuple(problems))
        return pages.job(plan, found[0], path, voice, around=AROUND)

    return job


def _tell(door: Door, shown: list[str], what: str, *, plain: bool) -> None:
    """The addresses on standard output, and what to do with them beside."""
    from voicecoach.serve import addresses

    outside = [one for one in shown if not addresses.is_loopback(one)]
    if outside and not plain and sys.stdout.isatty():
        _draw(door.address(outside[0]))
    for one in shown:
        output.echo(door.address(one))
    if not outside:
        output.note("for this machine only; --lan lets a phone in the same Wi-Fi in")
    output.note(f"serving {what}; Ctrl-C ends it")


def _draw(address: str) -> None:
    """A QR code, dark on light whatever the terminal's colours are."""
    import segno
    from rich.text import Text

    rows = [*map(bytes, segno.make(address, micro=False).matrix_iter(border=_MARGIN))]
    console = output.console()
    if console.width < len(rows[0]) or console.is_dumb_terminal:
        return
    rows += [bytes(len(rows[0]))] * (len(rows) % 2)
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        console.print(Text("".join(_halves(upper, lower)), "black on bright_white"), no_wrap=True)


def _halves(upper: bytes, lower: bytes) -> Iterator[str]:
    for above, below in zip(upper, lower, strict=True):
        yield {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}[above, below]
