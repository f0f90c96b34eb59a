"""What voicecoach itself says, and how a script's text is spoken, in each language.

``of("de-AT")`` gives the phrases of a language. The words live in ``languages/``, one file a language; the code
knows no language. A new language is a new file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.wording.ambiguity import Ambiguity

if TYPE_CHECKING:
    from voicecoach.wording.phrases import Phrases

__all__ = ["Ambiguity", "of"]


def of(language: str) -> Phrases:
    """The phrases for a BCP 47 tag: "de-AT" gives the German ones.

    A language without any is not ``known`` to them: see :attr:`voicecoach.wording.phrases.Phrases.known`.
    """
    from voicecoach.wording import phrases  # its patterns take long to prepare

    return phrases.of(language)
