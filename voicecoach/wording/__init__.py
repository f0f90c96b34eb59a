"""What voicecoach itself says, and how a script's text is spoken, in each language.

``of("de-AT")`` gives the phrases of a language. The words live in ``languages/``, one file a language; the code
knows no language. A new language is a new file.
"""

from voicecoach.wording.phrases import Phrases, of

__all__ = ["Phrases", "of"]
