"""``voicecoach voices``: who can speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.arguments import checked_language, voice_options, wish
from voicecoach.cli.groups import Group

if TYPE_CHECKING:
    from voicecoach.sound.clip import Audio, Samples
    from voicecoach.speech.engine import VoiceInfo
    from voicecoach.speech.registry import ChosenVoice
    from voicecoach.timeline.model import Line, VoiceWish

_LOOK = 0.25
"""Seconds between two looks at whether a line has been heard; an interrupt is answered at the next."""


@click.group("voices", cls=Group, invoke_without_command=True)
@click.option(
    "--language",
    metavar="TAG",
    callback=checked_language,
    help='Only voices that speak it ("en", "pt-BR"); with --say and --compare, what it is said in.',
)
@click.option("--say", "text", metavar="TEXT", help="Speak this instead of listing, and show what is spoken.")
@click.option("--compare", metavar="TEXT", help="Speak this in each voice that suits, one after the other.")
@voice_options
@click.pass_context
def command(
    context: click.Context,
    language: str | None,
    text: str | None,
    compare: str | None,
    voice: str | None,
    rate: float | None,
) -> None:
    """Show every voice of every engine, and which one speaks if nothing else is asked for.

    --say speaks a text in the voice that would be chosen, or in the one that --voice names. --compare lets the ear
    decide; "voicecoach voices use NAME" keeps what it decides.
    """
    given = [option for option, value in (("--say", text), ("--compare", compare)) if value is not None]
    if given and context.invoked_subcommand is not None:
        raise click.UsageError(f'{given[0]} goes with "voices" alone, not with "{context.invoked_subcommand}"')
    if len(given) > 1:
        raise click.UsageError("--say and --compare do not go together: --compare says its text in each voice")
    if context.invoked_subcommand is not None:
        return
    from voicecoach.speech import registry

    wished, tongue = wish(voice, rate), language or "en"
    if compare is not None:
        _compare(compare, tongue, wished)
    elif text is not None:
        _say(_spoken(text, tongue, "--say"), _chosen(tongue, wished))
    else:
        wanted = _chosen(tongue, wished)
        chosen = registry.usable(wanted)
        output.table(("engine", "voice", "language", "default", "description", "licence"), _rows(language, chosen))
        _explain(tongue, chosen, wished, "" if chosen.info == wanted.info else _full_name(wanted.info))
        _recommend(tongue, chosen)


@command.command()
@click.argument("name")
def install(name: str) -> None:
    """Fetch a voice: one of hibari (hibari:emma), or a neural one of piper (en_US-lessac-medium).

    Its size, licence and checksum are shown. It comes into your voices folder, and is used when --voice, a script or
    your configuration names it ("voicecoach voices use NAME"). Voices of piper need the extra "voicecoach[piper]".
    """
    from voicecoach.cli.bar import progress
    from voicecoach.speech import hibari_install, piper, piper_install
    from voicecoach.speech.fetch import fetch_all

    engine, voice = _to_install(name)
    offer = hibari_install.offer(voice) if engine == "hibari" else piper_install.offer(voice)
    kind, _, digest = offer.files[-1].digest.partition(":")
    terms = f", {offer.licence}" if offer.licence else ""
    output.note(f"{offer.voice}: {units.format_size(offer.size)}{terms}, {kind} {digest}")
    with progress() as bar:
        model = fetch_all(offer, lambda come, total: bar(offer.voice, come / max(1, total)))
    output.note(f"{model}\nlicence: {offer.licence or piper.licence(model) or 'not stated'}")


def _to_install(name: str) -> tuple[str, str]:
    """The engine and the voice that a name means; those of piper have a hyphen in them."""
    from voicecoach.speech import registry

    whole = name.strip()
    engine, colon, voice = (part.strip() for part in whole.partition(":"))
    engine = engine.casefold()
    if not colon and engine in registry.SHIPPED:
        voice = ""
    elif not colon:
        engine, voice = "piper" if "-" in whole else "hibari", whole
    if engine not in ("hibari", "piper"):
        known = engine in registry.SHIPPED
        reason = f"no voice of {engine} is fetched: all come with it" if known else f'no engine is called "{engine}"'
        raise click.BadParameter(f"{reason} (there are voices of hibari and of piper)", param_hint="NAME")
    if not voice:
        example = {"hibari": "hibari:emma", "piper": "en_US-lessac-medium"}[engine]
        raise click.BadParameter(f'it names no voice (write it, as "{example}")', param_hint="NAME")
    return engine, voice


@command.command()
@click.argument("name")
@click.option(
    "--language",
    metavar="TAG",
    default="en",
    callback=checked_language,
    help="What it is to speak, where NAME is an engine.",
)
def use(name: str, language: str) -> None:
    """Write a voice, an engine, or ENGINE:VOICE into your configuration, as the one that speaks its language.

    All else in the configuration stays, comments too.
    """
    from voicecoach import config
    from voicecoach.config import edit
    from voicecoach.speech import registry
    from voicecoach.timeline.model import VoiceWish

    config.load()
    chosen = registry.choose(language, VoiceWish(name=name))
    whole = chosen.info.engine if name == chosen.info.engine else _full_name(chosen.info)
    edit.use_voice(whole)
    output.note(f"{whole} is written into {config.path()}")


def _rows(language: str | None, chosen: ChosenVoice) -> Iterator[tuple[str, ...]]:
    from voicecoach.speech import registry
    from voicecoach.speech.engine import EVERY_LANGUAGE, primary

    for engine in registry.engines().values():
        for info in sorted(engine.voices(), key=lambda info: (info.language, info.name)):
            wanted = language is None or info.language == EVERY_LANGUAGE or primary(info.language) == primary(language)
            if wanted:
                mark = "*" if info == chosen.info else ""
                tongue = "every" if info.language == EVERY_LANGUAGE else info.language
                yield engine.name, info.name, tongue, mark, info.label, info.licence


def _explain(language: str, chosen: ChosenVoice, wished: VoiceWish, unusable: str) -> None:
    from voicecoach import config
    from voicecoach.speech import hibari, registry

    if wished.name is not None:
        why = "--voice asks for it"
    elif unusable:
        why = f"{unusable} does not work here"
    elif chosen.unmet:
        why = "what is asked for is not to be had"
    elif config.load().voice.name is not None or config.load().voice.engine is not None:
        why = f"{config.path()} asks for it"
    else:
        why = f"it is inside the package; --voice, or [voice] in {config.path()}, chooses another"
    output.note(f'* speaks "{language}" unless a script wishes otherwise: {_full_name(chosen.info)} ({why})')
    for name, engine in registry.engines().items():
        reason = engine.available()
        if reason is not None:
            output.note(f"{name} does not work here: {reason}")
    for reason in hibari.damaged():
        output.note(f"a voice of hibari does not work here: {reason}")
    for name, reason in registry.broken().items():
        output.note(f"{name} does not work here: {reason}")


def _full_name(info: VoiceInfo) -> str:
    return f"{info.engine}:{info.name}"


def _chosen(language: str, wished: VoiceWish) -> ChosenVoice:
    from voicecoach import config, pipeline
    from voicecoach.speech import registry

    chosen = registry.choose(language, wished, config.load().voice)
    output.warn("voicecoach", pipeline.unmet(chosen))
    return chosen


def _recommend(language: str, chosen: ChosenVoice) -> None:
    """Which voice would be better, and how to have it."""
    from voicecoach.speech import recommend

    best, better = recommend.best(language), recommend.better(language)
    if best is not None and best != chosen.info and best.engine != chosen.info.engine:
        output.note(f'the best for "{language}" here: {_full_name(best)} (voicecoach voices use {_full_name(best)})')
    if better is not None:
        output.note(f'a better one for "{language}": {better}')


def _spoken(text: str, language: str, option: str) -> Line:
    from voicecoach import wording
    from voicecoach.speech.utterances import is_heard
    from voicecoach.timeline.model import Line

    spoken = wording.of(language).spoken(text).strip()
    if not is_heard(spoken):
        raise click.BadParameter("there is nothing to say in it", param_hint=option)
    return Line(spoken, language)


def _compare(text: str, language: str, wished: VoiceWish) -> None:
    """Says a text in each voice that suits, or in those of the engine that --voice names."""
    from dataclasses import replace

    from voicecoach.speech import recommend, registry

    line = _spoken(text, language, "--compare")
    found = recommend.suitable(language)
    if wished.name is not None:
        named = registry.choose(language, wished).info  # raises where there is no such voice, as --say does
        alone = wished.name.casefold() == named.engine
        found = tuple(info for info in found if info.engine == named.engine) if alone else (named,)
    if not found:
        raise click.UsageError(f'no such voice speaks "{language}" here')
    for info in found:
        chosen = _chosen(language, replace(wished, name=_full_name(info)))
        _say(line, chosen)
    registry.close()
    output.note(f"to keep one: voicecoach voices use {_full_name(found[0])}")


def _say(line: Line, chosen: ChosenVoice) -> None:
    from voicecoach import config, pipeline
    from voicecoach.play import sinks
    from voicecoach.speech import registry

    speaker = pipeline.speaker(chosen)
    told = registry.notes()
    speaker.expect([line])
    clip = speaker.clip(line)
    output.notes(note for note in registry.notes() if note not in told)
    output.note(f"{_full_name(speaker.who(line).info)}: {speaker.said(line)}")
    sink = sinks.open("device", config.load().device)
    try:
        sink.start(_Reader(clip).read, speaker.rate, 1)
        while not sink.wait(_LOOK):
            pass
    finally:
        sink.close()


class _Reader:
    """Gives a clip to a sink, block by block."""

    def __init__(self, clip: Audio) -> None:
        self._left = clip.part(0, clip.frames)

    def read(self, frames: int) -> Samples:
        block, self._left = self._left[:frames], self._left[frames:]
        return block
