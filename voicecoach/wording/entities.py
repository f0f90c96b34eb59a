"""HTML entities, which come along when a text is copied from a page: "&amp;", "&nbsp;", "&#39;"."""

from __future__ import annotations

import re

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def unescaped(text: str) -> str:
    """The text with what its entities stand for."""
    if _ENTITY.search(text) is None:
        return text
    from html import unescape  # its table of names is long to load

    return _ENTITY.sub(lambda entity: unescape(entity[0]).replace("\xa0", " "), text)
