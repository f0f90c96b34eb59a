"""``voicecoach sync``: sessions onto a watch or player that is plugged in."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import click

from voicecoach.cli import albums, failures, outcomes, output, plans
from voicecoach.cli.arguments import (
    complete_script,
    jobs_option,
    not_empty,
    path_if_any,
    seed_option,
    voice_options,
    wish,
)
from voicecoach.cli.bar import stretch
from voicecoach.cli.remembered import history_options, session_option
from voicecoach.cli.sessions import Session, Wanted, sessions_option, stem, wanted
from voicecoach.errors import DeviceError, Problem, ScriptError, VoicecoachError, counted, near, shown
from voicecoach.export.formats import FORMATS
from voicecoach.units import format_size

if TYPE_CHECKING:
    from voicecoach.cli.bar import Bar
    from voicecoach.devices.album import Wish
    from voicecoach.devices.delivery import Action, Delivery, Item
    from voicecoach.devices.device import Device
    from voicecoach.devices.manifest import Content, Files
    from voicecoach.devices.profile import Profile
    from voicecoach.export.batch import Job
    from voicecoach.export.cuts import Split

_MADE, _LOOKED = 0.3, 0.4
"""How far the bar is when all is made, and when the device was looked at; copying has the rest."""
_DONE: dict[str, tuple[Action, ...]] = {"copied": ("copy", "replace"), "kept": ("keep",), "removed": ("remove",)}


@click.command("sync")
@click.argument("sources", metavar="[SCRIPT]...", shell_complete=complete_script, nargs=-1)
@click.option(
    "--for",
    "device",
    metavar="DEVICE",
    required=True,
    callback=not_empty,
    help='The watch or player that it is ("voicecoach devices" shows them).',
)
@click.option(
    "--to",
    "where",
    type=click.Path(),
    callback=path_if_any,
    metavar="PATH",
    help="Where it is mounted, or a folder that stands for it; found by itself if left out.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and touch nothing on it.")
@click.option(
    "--remove", is_flag=True, help="Take away what was put there: of each SCRIPT, or everything if none is named."
)
@albums.album_options
@click.option(
    "--format",
    "kind",
    type=click.Choice(tuple(FORMATS), case_sensitive=False),
    help="The kind of files; the best that it takes if left out.",
)
@click.option(
    "--bitrate", type=click.IntRange(1), metavar="KBITS", help="Kilobits a second; what suits it if left out."
)
@albums.fit_option
@session_option
@sessions_option
@plans.day_option
@plans.all_option
@history_options
@voice_options
@seed_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    device: str,
    where: Path | None,
    dry_run: bool,
    remove: bool,
    cut: Split | None,
    spoken_position: bool,
    size_limit: int | None,
    kind: str | None,
    bitrate: int | None,
    with_fit: bool,
    session: int | None,
    several: range | None,
    which_day: str | None,
    all_days: bool,
    today: date | None,
    no_history: bool,
    voice: str | None,
    rate: float | None,
    seed: int,
    jobs: int | None,
) -> None:
    """Copy each SCRIPT onto a watch or player, as it wants it.

    Only what was put there before is replaced or taken away, and only what has changed is copied; where it was pulled
    out half-way, the next call mends it. What is on it then is told on standard output.

    The exit code is 1 where something could not be made, or is in the way.
    """
    from voicecoach.cli.bar import progress
    from voicecoach.devices import manifest
    from voicecoach.devices.album import Wish
    from voicecoach.devices.device import Device
    from voicecoach.devices.profile import load

    if not sources and not remove:
        raise click.UsageError("Missing argument 'SCRIPT...'.")
    profile = load(device)
    numbers = wanted(session, several, which_day, all_days=all_days)
    beside = albums.beside(with_fit)
    there = Device(_top(where, profile), profile)
    noted = there.notes()
    known = "where there are files of it, they stay" if remove else "what is as it would be put there is taken for ours"
    output.notes(f"{why}: {known}" for why in there.unread.values())
    problems: list[Problem] = []
    code = 0
    broken: BaseException | None = None
    with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder, progress() as bar:
        staging = Path(folder)
        if remove:
            orders = [_Order(name, name, []) for name in _kept(sources, numbers, noted, there.top)]
            if not orders:
                output.note(f"{there.top}: nothing of voicecoach's is there")
        else:
            found, problems = Wanted(seed, numbers, today, no_history, which_day, all_days).of(sources)
            made_as = Wish(
                profile=profile,
                split=cut,
                format=kind,
                bit_rate=None if bitrate is None else 1000 * bitrate,
                size_limit=size_limit,
                numbered=spoken_position,
            )
            work = [
                (one, album, albums.job(one, album, staging, wish(voice, rate), beside))
                for one, album in albums.albums(found, made_as, noted)
            ]
            for name, files in noted.items():  # so that names are chosen as they would be there
                manifest.write(staging, name, files, there.scripts.get(name, ""))
            orders, code = _made(work, staging, jobs, bar)
        deliveries = _planned(orders, noted, there, profile, staging, bar)
        if not dry_run:
            there.check_places(deliveries)
            there.check_room(deliveries)
            broken = _carry(deliveries, there, staging, bar)
    if dry_run:
        _show(deliveries, there)
    else:
        _tell(deliveries, there, broken_off=broken is not None)
    if broken is not None:
        raise broken
    if problems:
        raise ScriptError(tuple(problems))
    context.exit(max(code, _told(deliveries, there)))


class _Order(NamedTuple):
    """What is to be on the device under a name: files in playing order; none where it is to be taken away."""

    name: str
    title: str
    items: list[Item]
    script: str = ""


def _top(where: Path | None, profile: Profile) -> Path:
    """The folder that the device is."""
    from voicecoach.devices import names, volumes

    if where is None:
        return volumes.find(profile, volumes.mounted())
    if not where.is_dir():
        what = "is a file, not a folder" if where.exists() else "is not there: is it plugged in?"
        raise DeviceError(f"{where}: {what}")
    top = volumes.top(where.absolute(), profile)
    inner = PurePosixPath(profile.folder).name
    if inner and names.key(top.name) == names.key(inner) and volumes.below(top, profile.folder) is None:
        raise click.UsageError(
            f"{where} is where audio goes; name the folder around it: --to {where.absolute().parent}"
        )
    return top


def _kept(sources: Sequence[str], numbers: range | None, noted: Mapping[str, Files], top: Path) -> list[str]:
    """The albums of some scripts that are on a device; of all where none is named."""
    if not sources:
        return list(noted)
    found: list[str] = []
    for source in sources:
        of = {name: re.fullmatch(rf"{re.escape(stem(source))}(?:-(\d{{2,}}))?", name) for name in noted}
        mine = [
            name
            for name, match in of.items()
            if match is not None and (numbers is None or (match[1] is not None and int(match[1]) in numbers))
        ]
        if not mine:
            raise DeviceError(f"{top}: nothing of {shown(stem(source))} is there{near(stem(source), noted)}")
        found += mine
    return list(dict.fromkeys(found))


def _made(
    work: Sequence[tuple[Session, Wish, Job]],
    staging: Path,
    jobs: int | None,
    bar: Bar,
) -> tuple[list[_Order], int]:
    """Makes sessions in a folder of this computer, which holds the device's notes; and the exit code of the worst that
    became of one.
    """
    from voicecoach.devices import manifest
    from voicecoach.devices.delivery import Item

    orders: list[_Order] = []
    code = 0
    told: set[str] = set()
    share = _MADE / max(1, len(work))
    for place, (session, album, job) in enumerate(work):
        try:
            outcome = outcomes.made(job, session.name, jobs, bar, share * place, share * (place + 1))
        except VoicecoachError as error:
            output.tell(failures.described(error))
            code = max(code, error.exit_code)
            continue
        outcomes.tell_notes(outcome, told)
        output.warn(session.source, outcome.unmet)
        outcomes.report_left_out(outcome)
        output.notes(f"{session.source}: {note}" for _, one in outcome.beside for note in one.notes)
        held = manifest.read(staging, session.name)
        paths = [path.relative_to(staging).as_posix() for path in outcome.files]
        items = [Item(path, content) for path in paths if (content := held[path]) is not None]
        orders.append(_Order(session.name, album.title, items, album.script))
    return orders, code


def _planned(
    orders: Sequence[_Order],
    noted: Mapping[str, Files],
    device: Device,
    profile: Profile,
    staging: Path,
    bar: Bar,
) -> list[Delivery]:
    """What is to be done for each, once the device was looked at."""
    from voicecoach.devices import delivery

    looked: list[tuple[_Order, dict[str, Content | None]]] = [
        (order, {**dict.fromkeys(item.path for item in order.items), **noted.get(order.name, {})}) for order in orders
    ]
    show = _shown(bar, "looking at", _bytes(paths.values() for _, paths in looked), _MADE, _LOOKED)
    deliveries = []
    for order, paths in looked:
        found = device.look(paths, show)
        torn = device.damaged(order.items, noted.get(order.name, {}), found, staging)
        ours = delivery.adopted(order.items, found, torn) if order.name in device.unread else noted.get(order.name, {})
        deliveries.append(
            delivery.planned(order.name, order.title, order.items, ours, found, profile, torn, order.script)
        )
    own = {order.name for order in orders}
    delivery.check(deliveries, _bytes(files.values() for name, files in noted.items() if name not in own), profile)
    return deliveries


def _carry(deliveries: Sequence[Delivery], device: Device, staging: Path, bar: Bar) -> BaseException | None:
    """Does it, one after the other; what breaks it off, so that it can first be told what is there then."""
    size = _bytes([step.content for step in one.of("copy", "replace")] for one in deliveries)
    show = _shown(bar, "copying", size, _LOOKED, 1)
    try:
        for one in deliveries:
            device.carry(one, staging, show)
    except (VoicecoachError, OSError, KeyboardInterrupt) as error:
        return error
    return None


def _shown(bar: Bar, what: str, total: int, begin: float, end: float) -> Callable[[str, int], None]:
    done = 0

    def show(path: str, size: int) -> None:
        nonlocal done
        done += size
        stretch(bar, f"{what} {path}", begin, end)(min(done, total), total)

    return show


def _bytes(files: Iterable[Iterable[Content | None]]) -> int:
    return sum(held.size for each in files for held in each if held is not None)


def _show(deliveries: Sequence[Delivery], device: Device) -> None:
    """The plan, a line a file."""
    rows = [
        (step.action, step.path, format_size(held.size) if (held := step.content or step.there) is not None else "")
        for one in deliveries
        for step in one.steps
    ]
    output.table(("", "file", "size"), rows)
    output.note(f"{device.top}: {device.room(deliveries)}; nothing was touched")
    device.check_places(deliveries)
    device.check_room(deliveries)


def _tell(deliveries: Sequence[Delivery], device: Device, *, broken_off: bool = False) -> None:
    """What is on the device now, a line a workout, and what was done for it."""
    rows = []
    for one in deliveries:
        tracks, where = counted(len(one.tracks), "track"), str(device.top)
        if broken_off:  # nobody looks where it may be gone
            one, of = one.so_far(device.done), tracks
            tracks = f"{len(one.tracks)} of {of}"
        else:
            where = _place(one, device)
        done = [f"{len(one.of(*actions))} {word}" for word, actions in _DONE.items()]
        rows.append((one.name, tracks, format_size(one.size), *done, where))
    output.table(("workout", "on it", "size", "files", "", "", "where"), rows)
    if not device.whole:
        output.note("it has no drive: files were sent whole, and those that were there are known by their sizes")


def _place(one: Delivery, device: Device) -> str:
    """The folder of its tracks, or its only one."""
    if not one.tracks:
        return str(device.top)
    first = device.path(one.tracks[0].path)
    return str(first if len(one.tracks) == 1 else first.parent)


def _told(deliveries: Sequence[Delivery], device: Device) -> int:
    """Tells what is in the way, and what the device may not like; the exit code."""
    output.notes(device.crowded(deliveries))
    code = 0
    for one in deliveries:
        for step in one.of("stay"):
            output.tell(output.one_line(f"{device.path(step.path)}: {step.why}"))
            code = 1
    return code
