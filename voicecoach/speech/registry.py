"""Which engines there are, and which voice speaks.

Engines of other packages come in through the entry-point group ``voicecoach.engines``. It is asked only where a wish
names none that ships: to look through all installed packages takes time.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from voicecoach.errors import EngineError, UnknownVoiceError, VoiceError, near
from voicecoach.speech.engine import EVERY_LANGUAGE, Engine, Manner, VoiceInfo, primary, unknown_voice
from voicecoach.timeline.model import VoiceWish

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "voicecoach.engines"
EMBEDDED = ("hibari", "espeak")
"""The engines inside the package, the one that speaks where it can first; the last speaks nearly every language."""
_FALLBACK = "en"
"""What is read as if it were this: lines in a language that nobody speaks."""
SHIPPED = {
    "hibari": "voicecoach.speech.hibari:HibariEngine",
    "espeak": "voicecoach.speech.espeak:EspeakEngine",
    "kokoro": "voicecoach.speech.kokoro:KokoroEngine",
    "piper": "voicecoach.speech.piper:PiperEngine",
    "system": "voicecoach.speech.system:SystemEngine",
    "tone": "voicecoach.speech.tone:ToneEngine",
}
"""Module and class of each engine by name."""

_BREAKS = (
    ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip
"""What importing and starting somebody else's engine may raise."""

_lock = threading.RLock()
_made: dict[str, Engine] = {}
_notes: dict[str, None] = {}


class Unmet(NamedTuple):
    """A wish that cannot be met here, by its place among the wishes, and why; None is the wish for a language.

    That of the call itself, 0, is met all the same, by a voice of another language.
    """

    by: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenVoice:
    """A voice of an engine, and how it speaks; ``language`` is the BCP 47 tag of what it was chosen to say.

    ``unmet`` are the wishes in whose stead it speaks, or that it meets badly. ``asked`` says that the call itself asked
    for it: otherwise another may speak where its engine cannot be loaded.
    """

    engine: Engine
    info: VoiceInfo
    manner: Manner = field(default_factory=Manner)
    language: str = ""
    unmet: tuple[Unmet, ...] = ()
    asked: bool = True


def engines() -> dict[str, Engine]:
    """Every engine that can be loaded, by name, those inside the package first; each is made once."""
    unusable = broken()
    return {name: engine(name) for name in _known() if name not in unusable}


def engine(name: str) -> Engine:
    """The engine of that name. Raises UnknownVoiceError, naming near ones, or VoiceError where it cannot be loaded."""
    with _lock:
        if name not in _made:
            entry = SHIPPED.get(name) or _known().get(name)
            if entry is None:
                raise UnknownVoiceError(f'no engine is called "{name}"{near(name, _known())}')
            _made[name] = _load(name, entry)
        return _made[name]


def broken() -> dict[str, str]:
    """Engines that cannot be loaded, and why."""
    reasons = {}
    for name in _known():
        try:
            engine(name)
        except VoiceError as error:
            reasons[name] = str(error)
    return reasons


def close() -> None:
    """Ends whatever the engines keep running; they start again when they are needed."""
    with _lock:
        for made in _made.values():
            made.close()


def choose(language: str, *wishes: VoiceWish) -> ChosenVoice:
    """The voice for a language: field by field the first wish that is not None wins; without one ``embedded`` chooses.

    A wished name may be that of a voice, ``ENGINE:VOICE``, or that of an engine alone, which then takes its best voice
    for the language. Where engine and name come from different wishes and the engine has no such voice, the earlier of
    the two wins: the name takes its engine along, or the engine its own choice of voice. The first wish is that of
    the call itself, and is taken at its word; a name in a later one counts only where that voice speaks the language.

    What a later wish asks for and is not here, or does not speak the language, is passed over and told in ``unmet``,
    each reason once; so is a language that no voice speaks, which the English voice reads, and that the first wish is
    for a voice of another language. Raises UnknownVoiceError, naming near ones, where
    the first wish cannot be met, and VoiceError where there is no voice at all.
    """
    manner = Manner(
        rate=next((wish.rate for wish in wishes if wish.rate is not None), 1.0),
        pitch=next((wish.pitch for wish in wishes if wish.pitch is not None), 1.0),
        volume=next((wish.volume for wish in wishes if wish.volume is not None), 1.0),
    )
    unmet: dict[int | None, str] = {}

    def miss(place: int, why: str) -> None:
        if why not in unmet.values():
            unmet.setdefault(place, why)

    @contextmanager
    def passed_over(place: int) -> Iterator[None]:
        try:
            yield
        except VoiceError as error:
            if place == 0:
                raise
            miss(place, str(error))

    def voice(place: int, engine: Engine, info: VoiceInfo) -> ChosenVoice:
        engine.version(info)  # raises where the engine cannot speak here
        return told(ChosenVoice(engine=engine, info=info, manner=manner, language=language, asked=place == 0))

    def told(voice: ChosenVoice) -> ChosenVoice:
        return replace(voice, language=language, unmet=tuple(Unmet(place, why) for place, why in unmet.items()))

    by, wished = 0, None
    for place, wish in enumerate(wishes):
        if wish.engine is not None:
            with passed_over(place):
                engine(wish.engine)
                by, wished = place, wish.engine
                break
    for place, wish in enumerate(wishes):
        if wish.name is None:
            continue
        with passed_over(place):
            try:
                chosen, info = _named(wish.name, language, wished)
            except UnknownVoiceError:
                if wished is None or by == place:
                    raise
                if by < place:
                    continue
                chosen, info = _named(wish.name, language, None)
            speaks = _speaks(info, language)
            if not speaks:
                miss(place, f'{info.engine}:{info.name} speaks {info.language}, not "{language}"')
            if place == 0 or speaks:
                return voice(place, chosen, info)
    if wished is not None:
        with passed_over(by):
            return voice(by, engine(wished), engine(wished).default_voice(language))
    try:
        return told(embedded(language, manner, told=unmet.values()))
    except UnknownVoiceError:
        unmet[None] = f'no voice speaks the language "{language}" ("voicecoach voices" lists the languages)'
        return told(embedded(_FALLBACK, manner, told=unmet.values()))


def embedded(language: str, manner: Manner, reason: str = "", told: Collection[str] = ()) -> ChosenVoice:
    """The best voice inside the package for a language; ``reason`` is why none better speaks.

    ``notes`` tells that, unless it is one of those that were ``told``.

    Raises UnknownVoiceError where none speaks it.
    """
    *better, last = EMBEDDED
    for name in better:
        try:
            info = engine(name).default_voice(language)
            break
        except EngineError as error:
            reason = reason or str(error)
        except UnknownVoiceError:
            continue
    else:
        name, info = last, engine(last).default_voice(language)
    engine(name).version(info)  # raises where the engine cannot speak here
    if reason and reason not in told:
        note(f"{reason}; {info.engine}:{info.name} speaks instead")
    return ChosenVoice(engine=engine(name), info=info, manner=manner, language=language, asked=False)


def usable(voice: ChosenVoice) -> ChosenVoice:
    """The voice, or an embedded one where nobody asked for it in the call and its engine is found not to work.

    ``notes`` then tells why. Its engine is loaded to find out.
    """
    while not voice.asked and (reason := voice.engine.available()) is not None:
        other = embedded(voice.language, voice.manner, reason)
        if other.info == voice.info:
            break
        voice = replace(other, unmet=voice.unmet)
    return voice


def others(voice: ChosenVoice, language: str) -> Iterator[ChosenVoice]:
    """The embedded voices of other engines, the best first, for what ``voice`` has no sounds for in a language."""
    tags = (language,) if _speaks(voice.info, language) else (language, _FALLBACK)
    for made in (engine(name) for name in EMBEDDED if name != voice.engine.name):
        for tag in tags:
            try:
                info = made.default_voice(tag)
                made.version(info)  # raises where the engine cannot speak here
            except VoiceError:
                continue
            yield ChosenVoice(engine=made, info=info, manner=voice.manner, language=language, asked=False)
            break


def note(text: str) -> None:
    """Keeps what ``notes`` is to tell."""
    _notes[text] = None


def notes() -> tuple[str, ...]:
    """What was so far spoken by another voice than the chosen one, or by none, and why: a line each."""
    return tuple(_notes)


def _speaks(info: VoiceInfo, language: str) -> bool:
    return info.language == EVERY_LANGUAGE or primary(info.language) == primary(language)


def _named(name: str, language: str, wished: str | None) -> tuple[Engine, VoiceInfo]:
    """The voice a wish names, and its engine."""
    if wished is not None:
        return engine(wished), engine(wished).find_voice(name)
    engine_name, colon, voice_name = name.partition(":")
    if engine_name in SHIPPED or engine_name in _known():
        owner = engine(engine_name)
        return owner, owner.find_voice(voice_name) if colon else owner.default_voice(language)
    if name.endswith(".onnx"):
        return engine("piper"), engine("piper").find_voice(name)
    for candidate in engines().values():
        try:
            return candidate, candidate.find_voice(name)
        except VoiceError:
            continue
    raise unknown_voice("", name, [info.name for each in engines().values() for info in each.voices()])


@lru_cache(maxsize=1)
def _known() -> dict[str, str | EntryPoint]:
    """Where each engine is, those inside first, the others by name; no package can take the name of one that ships."""
    from importlib.metadata import entry_points

    found = {entry.name: entry for entry in entry_points(group=GROUP)} | SHIPPED
    order = {name: place for place, name in enumerate(EMBEDDED)}
    return dict(sorted(found.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))


def _load(name: str, entry: str | EntryPoint) -> Engine:
    try:
        if isinstance(entry, str):
            module, _, attribute = entry.partition(":")
            made: Engine = getattr(import_module(module), attribute)()
        else:
            made = entry.load()()
    except _BREAKS as error:
        raise VoiceError(f'the engine "{name}" cannot be loaded: {type(error).__name__}: {error}') from error
    return made
