"""XML as a tree with lines: read strictly where it is well-formed, otherwise as far as can be; never any entity.

A well-formed document is read by defusedxml, which refuses document types, and with them entity bombs and external
entities. What is not well-formed is mended where it is plain what was meant (a quotation mark in a text, a bare "&"),
and read by a reader of tags that knows no entities but those of HTML.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from voicecoach.authoring.imports.plan import Note
from voicecoach.errors import WorkoutFileError

_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?P<key>[A-Za-z_][\w:.-]*\s*=\s*)(?P<quote>["'])(?P<inside>[^\n]{0,4000}?)(?P=quote)"""
    r"""(?=\s*[/\\]*>|\s+[A-Za-z_][\w:.-]*\s*=\s*["']|\s*$|[A-Za-z_][\w:.-]*\s*=\s*["'])""",
    re.MULTILINE,
)
_STRAY = re.compile(r"(?<=[0-9])['\"]+$")
_DEEPEST = 100
_LARGEST = 1_000_000
"""Characters of the longest document that is read though it is not well-formed."""


MOST_ELEMENTS = 100_000
"""Elements of the largest document that is read."""


class TooMuchError(Exception):
    """There are more elements than any workout has; its argument is the line of the first one too many."""


@dataclass(slots=True, eq=False)
class Node:
    """An element, its name and its attributes' names in lower case; ``line`` is that of its tag."""

    name: str
    attributes: dict[str, str]
    line: int
    pieces: list[str] = field(default_factory=list)
    inside: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands right inside, without its elements."""
        return "".join(self.pieces)

    def first(self, name: str) -> Node | None:
        """The first element of a name right inside."""
        return next((node for node in self.inside if node.name == name), None)

    def said(self, name: str) -> str:
        """The text of the first element of a name right inside, on one line."""
        node = self.first(name)
        return "" if node is None else " ".join(node.text.split())

    def walk(self) -> list[Node]:
        """This and every element inside, in the order of the file."""
        found, waiting = [], [self]
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += reversed(node.inside)
        return found


def tree(text: str, file: str) -> tuple[Node, Note | None]:
    """A document's nameless root, and why it is not well-formed, if it is not.

    Raises WorkoutFileError for a document that declares entities or a document type, or is larger than any workout.
    """
    try:
        return _tree(text, file)
    except TooMuchError as error:
        raise WorkoutFileError(
            f"{file}:{error.args[0]}: there are more than {MOST_ELEMENTS:,} elements in it; a workout has a few hundred"
        ) from None


def _tree(text: str, file: str) -> tuple[Node, Note | None]:
    declared = _DOCTYPE.search(text)
    if declared is not None and "<![CDATA[" not in text[: declared.start()]:
        raise WorkoutFileError(
            f"{file}:{text.count(chr(10), 0, declared.start()) + 1}: "
            "it declares a document type or entities, which are refused (take them out; a workout needs none)"
        )
    text = _DECLARATION.sub(lambda found: " " * len(found[0]), text, count=1)
    grown = _Tree()
    try:
        _strictly(text.lstrip(), text.count("\n", 0, len(text) - len(text.lstrip())), grown)
    except DefusedXmlException:
        raise WorkoutFileError(f"{file}: it declares entities, which are refused") from None
    except SAXParseException as error:
        skipped = text.count("\n", 0, len(text) - len(text.lstrip()))
        line = (error.getLineNumber() or 1) + skipped
        if len(text) > _LARGEST:
            raise WorkoutFileError(
                f"{file}:{line}: no well-formed XML ({error.getMessage()}), and too large to be mended"
            ) from None
        return _loosely(text), Note(line, f"no well-formed XML ({error.getMessage()}); read as far as it can be")
    return grown.root, None


class _Tree:
    """Grows by start tags, texts and end tags; an end tag that fits nothing is passed over."""

    def __init__(self) -> None:
        self.root = Node("", {}, 1)
        self._open = [self.root]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise TooMuchError(line)
        node = Node(name.lower(), attributes, line)
        self._open[-1].inside.append(node)
        if len(self._open) < _DEEPEST:
            self._open.append(node)

    def said(self, text: str) -> None:
        self._open[-1].pieces.append(text)

    def end(self, name: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].name == name.lower():
                del self._open[depth:]
                return


def _strictly(text: str, skipped: int, grown: _Tree) -> None:
    class Handler(ContentHandler):
        def startElement(self, name: str, attrs: object) -> None:  # noqa: N802
            line = parser.getLineNumber() + skipped
            keys = attrs.items()  # type: ignore[attr-defined]
            grown.start(name, {key.lower(): value for key, value in keys}, line)

        def endElement(self, name: str) -> None:  # noqa: N802
            grown.end(name)

        def characters(self, content: str) -> None:
            grown.said(content)

    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(Handler())
    parser.parse(io.StringIO(text))


def _loosely(text: str) -> Node:
    """As much of a document as can be told; behind the last ">" there is no tag."""
    text = text[: text.rfind(">") + 1]
    text = re.sub(r"<!\[CDATA\[(.*?)\]\]>", lambda found: _escaped(found[1]), text, flags=re.DOTALL)
    text = re.sub("<!(?!--)", "&lt;!", text).replace("\\>", "/>")
    mended = _ATTRIBUTE.sub(lambda found: f'{found["key"]}"{_escaped(found["inside"])}"', text)
    reader = _Loose()
    reader.feed(mended)
    reader.close()
    return reader.grown.root


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class _Loose(HTMLParser):
    """Takes every tag that it finds, whatever stands around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grown = _Tree()

    def set_cdata_mode(self, elem: str, **how: object) -> None:
        """In XML no element's name makes text of the tags inside it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.grown.start(tag, _first(attrs), self.getpos()[0])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.grown.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.grown.end(tag)

    def handle_data(self, data: str) -> None:
        self.grown.said(data)


def _first(attributes: list[tuple[str, str | None]]) -> dict[str, str]:
    """Attributes by name, figures without a quotation mark too many; of two of one name the first."""
    return {key.lower(): _STRAY.sub("", value or "") for key, value in reversed(attributes)}
