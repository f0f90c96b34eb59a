"""What is read otherwise than it may be meant: silent lines, other alphabets and languages, figures and short forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voicecoach import wording
from voicecoach.review.places import quoted
from voicecoach.script import idle, texts
from voicecoach.script.codes import Code
from voicecoach.script.model import Script
from voicecoach.wording import tongue
from voicecoach.wording.language import languages
from voicecoach.wording.misread import misread

LEAST_TOLD = 3
"""Words of a line that is told to be in another language; "Let's go!" is said in many."""
MISTAKEN_LANGUAGE = 3
"""So many lines in another language than the script's make it likelier that the script's is wrong."""


def of_script(script: Script) -> Iterator[idle.Finding]:
    """All there is to say of the words of a script, not of those it uses."""
    lines = list(texts.texts(script))
    yield from _language(script)
    yield from _wording(script, lines)
    yield from _tongues(script, lines)


def _language(script: Script) -> Iterator[idle.Finding]:
    """A language for which nothing built-in can be said."""
    if not wording.of(script.language).known and script.announce.style in ("voice", "both"):
        known = ", ".join(languages())
        message = f'there are no built-in phrases in "{script.language}" (there are: {known}); tones stand for them'
        yield ("language",), message, Code.NO_PHRASES


def _wording(script: Script, lines: list[texts.Text]) -> Iterator[idle.Finding]:
    """Lines in which there is nothing to say, and what is read otherwise than it may be meant."""
    phrases = wording.of(script.language)
    for path, text in lines:
        known = _without(text, script.pronounce)
        if phrases.silent(text):
            message = f"{quoted(text)} is silent: there is no word in it that a voice can say"
            yield path, message, Code.SILENT_LINE
        elif word := phrases.unreadable(known):
            yield (
                path,
                f'{quoted(word)} is in letters that voices for "{script.language}" cannot read: another spells it, '
                f"or it is silent (say in [pronounce] how it sounds)",
                Code.OTHER_ALPHABET,
            )
        elif phrases.known and (short := misread(said := phrases.spoken(known))):
            as_said = "as it stands" if said == text else f"as {quoted(said)}"
            yield (
                path,
                f"{quoted(short)} is no word, and a voice may spell it or leave it out: the line is said {as_said} "
                f"(write it in words, or say in [pronounce] how it sounds)",
                Code.MISREAD,
            )
        for written, said, other in phrases.ambiguities(text):
            remedy = f'if you mean "{other}", write it so' if other else "if you mean something else, write it in words"
            yield path, f'"{written}" is said "{said}" ({remedy})', Code.TWO_MEANINGS


def _tongues(script: Script, said: list[texts.Text]) -> Iterator[idle.Finding]:
    """Lines in another language than the script's; where that is most of them, it is the script's that is wrong."""
    lines = [(path, text) for path, text in said if path[-1] not in ("name", "label")]
    strange = [(path, text, other) for path, text in lines if (other := tongue.other(text, script.language))]
    tags = {other for *_, other in strange}
    own = sum(tongue.spelled(text, script.language) for _, text in lines) - sum(
        tongue.spelled(text, script.language) for _, text, _ in strange
    )
    if len(tags) == 1 and len(strange) >= MISTAKEN_LANGUAGE and own <= len(strange) // 2:
        tag = tags.pop()
        message = f'{len(strange)} of {len(lines)} lines are in "{tag}", and the script is in "{script.language}"'
        yield ("language",), f'{message} (write language = "{tag}")', Code.OTHER_LANGUAGE
        return
    for path, text, other in strange:
        if tongue.words(text) < LEAST_TOLD:
            continue
        message = f'{quoted(text)} looks like "{other}", and is read by a voice for "{script.language}"'
        yield path, message, Code.OTHER_LANGUAGE


def _without(text: str, words: Iterable[str]) -> str:
    """A text without words of which it is said how they sound."""
    for word in words:
        text = text.replace(word, " ")
    return text
