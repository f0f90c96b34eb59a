"""What every page for the phone has around its body: its head, what it may do, and the look that all share."""

from __future__ import annotations

import base64
import hashlib
import html
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What lies around a page, as addresses; empty for what there is not.

    ``index`` is the list that it is in, ``home`` takes the sessions that were done, and ``manifest`` tells a browser
    how to install it.
    """

    index: str = ""
    home: str = ""
    manifest: str = ""


ALONE = Around()
"""A page that is a file of its own."""


def head(title: str, style: str, script: str, around: Around = ALONE, *, links: str = "", images: str = "data:") -> str:
    """What stands before the body of a page that has a ``style``, as ``look`` gives it, and one ``script``.

    ``links`` are more of its head, and ``images`` where its pictures may come from, as its policy names that.
    """
    return Template(source("head.html")).substitute(
        policy=_policy(style, script, around, images),
        links=_links(around.manifest) + links,
        title=html.escape(title),
        style=style,
    )


def look(name: str) -> str:
    """The style of a page: what all share, and a file of its own."""
    return source("base.css") + source(name)


@cache
def source(name: str) -> str:
    """A file that a page is made of."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str, around: Around, images: str) -> str:
    """What a page may do (Content Security Policy, level 3): run its own script and style, and play what it holds.

    Where it is served it may also ask the place that it comes from.
    """
    served = "connect-src 'self'; " if around.home else ""
    installed = "manifest-src 'self'; worker-src 'self'; " if around.manifest else ""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; {served}{installed}"
        f"media-src blob: data:; img-src {images}; base-uri 'none'; form-action 'none'"
    )


def _links(manifest: str) -> str:
    """What tells a browser in the head of a page how to install it."""
    if not manifest:
        return ""
    # with the cookie that whoever serves it asks for
    return f'<link rel="manifest" href="{html.escape(manifest)}" crossorigin="use-credentials">'


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
