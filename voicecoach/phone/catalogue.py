"""The list of several pages: one HTML file with what each workout is, and a search."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from string import Template
from urllib.parse import quote

from voicecoach import units
from voicecoach.phone import document
from voicecoach.phone.document import ALONE, Around

MANIFEST = "manifest.webmanifest"
"""The name of what tells a browser how to install a list that is served."""
WORKER = "worker.js"
"""The name of the script that keeps what was opened, for when there is no network."""
ICON = "icon.svg"
_STYLE = "catalogue.css"
_FROM = 8
"""So many workouts are searched; fewer are seen at one look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A workout as the list tells of it.

    ``page`` and ``audio`` are relative addresses, the second empty where there is none; ``seconds`` is None where its
    length is not known. ``trouble`` says why there is nothing to open.
    """

    title: str
    page: str
    summary: str = ""
    language: str = ""
    seconds: float | None = None
    audio: str = ""
    trouble: str = ""


def catalogue(entries: Iterable[Entry], *, title: str, feed: str = "", installable: bool = False) -> bytes:
    """The list of ``entries`` in their order; ``feed`` is the relative address of a podcast feed, if there is one.

    ``installable`` is one that is served together with the manifest, the worker and the icon.
    """
    rows = [_row(entry) for entry in entries]
    script = document.source("catalogue.js") + (document.source("install.js") if installable else "")
    around = Around(manifest=f"/{MANIFEST}") if installable else ALONE
    return (
        Template(document.source("catalogue.html"))
        .substitute(
            head=document.head(
                title, document.look(_STYLE), script, around, links=_feed_link(feed), images="'self' data:"
            ),
            title=html.escape(title),
            count=f"{len(rows)} workout{'' if len(rows) == 1 else 's'}",
            search="" if len(rows) >= _FROM else " hidden",
            rows="\n".join(rows),
            feed=f'<p class="foot"><a href="{_quoted(feed)}">Podcast feed</a></p>' if feed else "",
            script=script,
        )
        .encode()
    )


def message(title: str, text: str, *, again: bool = False, part: float | None = None) -> bytes:
    """A page that says one thing; ``again`` looks every second whether there is another, ``part`` of which is done."""
    script = document.source("again.js") if again else ""
    done = "" if part is None else f'<progress max="1" value="{part:.3f}" aria-label="How far it is"></progress>'
    return (
        Template(document.source("message.html"))
        .substitute(
            head=document.head(title, document.look(_STYLE), script),
            title=html.escape(title),
            text=html.escape(text),
            done=done,
            script=script,
        )
        .encode()
    )


def asset(name: str) -> bytes:
    """A file that lies beside a list that is served: the manifest, the worker or the icon."""
    return document.source(name).encode()


def _row(entry: Entry) -> str:
    language = html.escape(entry.language) or "und"
    name = f'<b lang="{language}">{html.escape(entry.title)}</b>'
    length = f"<span>{units.format_clock(entry.seconds)}</span>" if entry.seconds is not None else ""
    more = f'<small lang="{language}">{html.escape(entry.summary)}</small>' if entry.summary else ""
    if entry.trouble:
        return f"<li><div>{name}<small>{html.escape(entry.trouble)}</small></div></li>"
    listen = (
        f'<a class="listen" href="{_quoted(entry.audio)}" aria-label="{html.escape(entry.title)}: audio file">Audio</a>'
        if entry.audio
        else ""
    )
    return f'<li><a class="open" href="{_quoted(entry.page)}">{name}{length}{more}</a>{listen}</li>'


def _quoted(address: str) -> str:
    """A relative address that says no more than names: no scheme, no other host, no query."""
    quoted = html.escape(quote(address.encode("utf-8", "surrogateescape"), safe="/"))
    return f"./{quoted}" if not quoted.startswith("/") else "/" + quoted.lstrip("/")


def _feed_link(feed: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{_quoted(feed)}">' if feed else ""
