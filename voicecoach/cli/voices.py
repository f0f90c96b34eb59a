"""``voicecoach voices``: who can speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import voice_options, wish

if TYPE_CHECKING:
    from voicecoach.sound.clip import Audio, Samples
    from voicecoach.speech.engine import VoiceInfo
    from voicecoach.speech.registry import ChosenVoice
    from voicecoach.timeline.model import VoiceWish

_LOOK = 0.25
"""Seconds between two looks at whether a line has been heard; an interrupt is answered at the next."""


@click.group("voices", invoke_without_command=True)
@click.option(
    "--language", metavar="TAG", help='Only voices that speak it ("en", "pt-BR"); with --say, what it is said in.'
)
@click.option("--say", "text", metavar="TEXT", help="Speak this instead of listing.")
@voice_options
@click.pass_context
def command(
    context: click.Context, language: str | None, text: str | None, voice: str | None, rate: float | None
) -> None:
    """Show every voice of every engine, and which one speaks if nothing else is asked for.

    --say speaks a text in the voice that would be chosen, or in the one that --voice names.
    """
    if context.invoked_subcommand is not None:
        return
    wished = wish(voice, rate)
    if text is not None:
        _say(text, language or "en", wished)
        return
    chosen = _chosen(language or "en", wished)
    output.table(("engine", "voice", "language", "default", "description", "licence"), _rows(language, chosen))
    _explain(language or "en", chosen, wished)


@command.command()
@click.argument("name")
def install(name: str) -> None:
    """Fetch a neural voice of piper into your voices folder, as en_US-lessac-medium.

    It is used when --voice, a script or your configuration names it. Needs the extra: pip install "voicecoach[piper]".
    """
    from voicecoach.cli.progress import progress
    from voicecoach.speech import piper_install

    with progress() as bar:
        installed = piper_install.install(name, lambda come, total: bar(name, come / max(1, total)))
    output.note(f"{installed.path}\nlicence: {installed.licence or 'not stated'}")


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


def _explain(language: str, chosen: ChosenVoice, wished: VoiceWish) -> None:
    from voicecoach import config
    from voicecoach.speech import registry

    if wished.name is not None:
        why = "--voice asks for it"
    elif chosen.unmet:
        why = "what is asked for is not here"
    elif config.load().voice.name is not None or config.load().voice.engine is not None:
        why = f"{config.path()} asks for it"
    else:
        why = f"it is inside the package; --voice, or [voice] in {config.path()}, chooses another"
    output.note(f'* speaks "{language}" unless a script wishes otherwise: {_full_name(chosen.info)} ({why})')
    for name, engine in registry.engines().items():
        reason = engine.available()
        if reason is not None:
            output.note(f"{name} does not work here: {reason}")
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


def _say(text: str, language: str, wished: VoiceWish) -> None:
    from voicecoach import config, pipeline, wording
    from voicecoach.play import sinks
    from voicecoach.timeline.model import Line

    chosen = _chosen(language, wished)
    spoken = wording.of(language).spoken(text).strip()
    if not spoken:
        raise click.BadParameter("there is nothing to say in it", param_hint="--say")
    output.note(f"{_full_name(chosen.info)}: {spoken}")
    speaker = pipeline.speaker(chosen)
    sink = sinks.open("device", config.load().device)
    try:
        sink.start(_Reader(speaker.clip(Line(spoken, language))).read, speaker.rate, 1)
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
