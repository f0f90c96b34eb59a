"""A script author's text, turned into what is to be spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicecoach.phrases.quantities import Quantities

_UNSPEAKABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+"
)
_LINE_BREAK = re.compile(r"\s*[\t\n\x0b\x0c\r\x85\u2028\u2029]\s*")


class Spoken:
    """Called with a text, gives its spoken form."""

    def __init__(self, data: Mapping[str, Any], quantities: Quantities) -> None:
        self._quantities = quantities

    def __call__(self, text: str) -> str:
        return _LINE_BREAK.sub(" ", _UNSPEAKABLE.sub("", text))
