"""What is wrong where a text is no TOML, in words for a coach, and how to read on behind it."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from voicecoach import units
from voicecoach.errors import shown


class Mend(NamedTuple):
    """A change that lets the parser read on.

    Nothing is to be said about what stands between ``unsure`` and ``end``: one mistake is told once. ``lost`` where
    what stood there could not be kept.
    """

    start: int
    end: int
    text: str
    unsure: int | None = None
    lost: bool = False


class Fault(NamedTuple):
    """A mistake in the TOML itself, at an offset of the text, and what would let the parser go on."""

    offset: int
    message: str
    mend: Mend | None


LONGEST_KEY = 200
"""Characters before an equals sign that are looked at for its key."""
_HEADER = re.compile(r"[ \t]*\[{1,2}[ \t]*[\w\"'-][\w.\"' -]*\]{1,2}[ \t]*(#.*)?")
_BARE_VALUE = re.compile(r"[=,\[][ \t]*([^\s\"'\[\]{}=,#“”„«»][^\"'\[\]{}=,#\r\n]*)")
_CURLY = re.compile(r"[“”„«»]([^“”„«»\"\n]*)[“”„«»]")
_TOKEN = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
    r"|[\[\]{}]",
    re.DOTALL,
)
_PAIR = re.compile(r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*=""")
_KEY_BEFORE = re.compile(r"[\w\"'.-]+[ \t]*$")
_TABLE_NAME = re.compile(r"[ \t]*(\[{1,2})[ \t]*([\w.\"'-]+)[ \t]*(\]*)")
_LONG_KEY = re.compile(r"(?:[\w-]{1,40}[ \t]{0,4}\.[ \t]{0,4}){500}")
_DURATION = re.compile(rf"[\d.:hmins]+|{units.DURATION}")
_FLAGS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_FILLERS = (
    (re.compile(r"[ \t]*[\w.\"'-]+[ \t]*="), '""'),
    (re.compile(r"[ \t]*(?=\{)"), "{}"),
    (re.compile(r"[ \t]*(?=[\"'])"), '""'),
)
"""How a line begins, and what can stand behind that in place of the rest."""


def explain(text: str, offset: int, message: str) -> Fault:
    """The fault behind a parser's ``message`` about the place ``offset``."""
    for look in (
        _invisible,
        _unclosed_bracket,
        _table_name,
        _curly_quotes,
        _bare_value,
        _unclosed_text,
        _twice,
        _missing_comma,
    ):
        if (fault := look(text, offset, message)) is not None:
            return fault
    return _otherwise(text, offset, message)


def filler(text: str, offset: int) -> Mend:
    """A change that takes the whole line of an offset out, but keeps its key or its place in a list."""
    start, end = _line(text, offset)
    for beginning, value in _FILLERS:
        if (found := beginning.match(text, start, end)) is not None:
            comma = "," if text[start:end].rstrip().endswith(",") else ""
            return Mend(start, end, found.group() + value + comma, start, lost=True)
    return blank_line(text, offset)


def blank_line(text: str, offset: int) -> Mend:
    """A change that takes the whole line of an offset out."""
    start, end = _line(text, offset)
    return Mend(start, end, "", start, lost=True)


def too_deep(text: str) -> int:
    """Where lists, tables or the parts of a key lie too deep in one another."""
    if (key := _LONG_KEY.search(text)) is not None:
        return key.start()
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth > 100:
            return token.start()
    return 0


def _line(text: str, offset: int) -> tuple[int, int]:
    end = text.find("\n", offset)
    return text.rfind("\n", 0, offset) + 1, len(text) if end < 0 else end


def _open_brackets(text: str, end: int) -> list[tuple[int, str]]:
    """The brackets that are open at ``end``, each with its offset."""
    brackets: list[tuple[int, str]] = []
    for token in _TOKEN.finditer(text, 0, end):
        if token.group() in ("[", "{"):
            brackets.append((token.start(), token.group()))
        elif token.group() in ("]", "}") and brackets:
            brackets.pop()
    return brackets


def _invisible(text: str, offset: int, _message: str) -> Fault | None:
    """A character that looks like a space, or like nothing, between what is written."""
    while text.startswith((" ", "\t"), offset):
        offset += 1
    end = offset
    while unicodedata.category(text[end : end + 1] or "x") in ("Zs", "Zl", "Zp", "Cf"):
        end += 1
    if end == offset:
        return None
    character = text[offset]
    name = unicodedata.name(character, "character without a name").lower()
    if unicodedata.category(character) == "Cf":
        name = f"invisible {name}"
    article = "an" if name[0] in "aeiou" else "a"
    message = f"{article} {name} (U+{ord(character):04X}) stands here (write an ordinary space, or nothing)"
    return Fault(offset, message, Mend(offset, end, " " if text[offset:end].isspace() else ""))


def _unclosed_bracket(text: str, offset: int, message: str) -> Fault | None:
    if not message.startswith(("Unclosed", "Invalid value", "Invalid initial", "Expected '='")):
        return None
    start, end = _line(text, offset)
    at_header = _HEADER.fullmatch(text, start, end) is not None
    at_end = not text[offset:].strip()
    next_step = text.startswith("{", offset) and not text[start:offset].strip() and message != "Unclosed array"
    if not at_header and not at_end and not next_step:
        return None
    brackets = _open_brackets(text, start if at_header else offset)
    if next_step:
        brackets = brackets[-1:]
    if not brackets:
        return None
    where, what = brackets[0][0], "list" if brackets[0][1] == "[" else "table"
    closers = "".join({"[": "]", "{": "}"}[bracket] for _, bracket in reversed(brackets))
    before = " before the next step" if next_step else "" if at_end else f" before {text[start:end].strip()}"
    at = start if at_header else offset
    mend = Mend(at, at, f"{closers}, " if next_step else f"{closers}\n")
    return Fault(where, f'the {what} that opens here is not closed ("{closers[-1]}" is missing{before})', mend)


def _table_name(text: str, offset: int, message: str) -> Fault | None:
    start, end = _line(text, offset)
    found = _TABLE_NAME.match(text, start, end)
    if found is None or not message.startswith(("Expected ']", "Expected newline", "Cannot")):
        return None
    opening, name, closing = found.groups()
    if len(opening) != len(closing):
        right = f"[[{name}]]" if max(len(opening), len(closing)) > 1 else f"[{name}]"
        return Fault(start, f"the brackets around a table's name do not match (write {right})", Mend(start, end, right))
    if message.startswith("Expected newline"):
        return Fault(offset, "a table's name stands on a line of its own", Mend(offset, offset, "\n"))
    return None


def _curly_quotes(text: str, offset: int, _message: str) -> Fault | None:
    if (found := _CURLY.match(text, offset)) is None:
        return None
    mend = Mend(offset, found.end(), f'"{found.group(1)}"')
    return Fault(offset, f'{found.group()[0]} is a typographic quotation mark (write " around a text)', mend)


def _bare_value(text: str, offset: int, message: str) -> Fault | None:
    if not message.startswith(("Invalid value", "Unclosed", "Expected newline")):
        return None
    start, end = _line(text, offset)
    for found in _BARE_VALUE.finditer(text, start, end):
        if found.start(1) <= offset <= found.end(1):
            word = found.group(1).rstrip()
            key = _KEY_BEFORE.search(text, max(start, found.start() - LONGEST_KEY), found.start())
            begin = found.start(1)
            flag = _FLAGS.get(word.lower())
            mend = Mend(begin, begin + len(word), flag or f"'{word}'", key.start() if key else begin)
            return Fault(begin, _not_quoted(word, flag), mend)
    if message == "Invalid value" and text[:offset].rstrip(" \t").endswith("="):
        return Fault(offset, 'a value is missing after "="', filler(text, offset))
    return None


def _not_quoted(word: str, flag: str | None) -> str:
    name = shown(word)[1:-1]
    if flag:
        return f"{name} is not a value (write {flag})"
    if word[0].isdigit() and _DURATION.fullmatch(word) is None:
        return f"{name} is not a value (a number stands alone, a text in quotes)"
    return f'{name} is not in quotes (write "{name}")'


def _unclosed_text(text: str, offset: int, message: str) -> Fault | None:
    newline = text.startswith("\n", offset) and message.startswith(("Illegal character", "Found invalid character"))
    if not newline and message not in ("Unterminated string", 'Expected "\'"', "Expected \"'''\""):
        return None
    begin = offset
    for token in _TOKEN.finditer(text, text.rfind("\n", 0, offset) + 1 if newline else 0):
        if token.start() >= offset:
            break
        if token.group()[0] in "\"'":
            begin = token.start()
        if token.group() in ('""', "''") and text.startswith(token.group()[0] * 3, begin):
            break  # three of them open a text, and nothing closes it
    quotes = text[begin : begin + 3] if text[begin : begin + 3] in ('"""', "'''") else text[begin : begin + 1]
    return Fault(begin, f"the text that begins here is not closed (a closing {quotes} is missing)", filler(text, begin))


def _twice(text: str, offset: int, message: str) -> Fault | None:
    start, end = _line(text, offset)
    header = _HEADER.fullmatch(text, start, end) is not None
    if header and message.startswith(("Cannot", "Duplicate")):
        name = text[start:end].partition("#")[0].strip()
        mend = Mend(start, end, f"[unread-{start}]", start, lost=True)
        return Fault(start, f"{name} stands twice, or is written differently elsewhere", mend)
    if message == "Cannot overwrite a value":
        pairs = list(re.finditer(r"(?m)^[ \t]*([\w.\"'-]+)[ \t]*=", text[:offset]))
    elif message.startswith("Duplicate inline table key"):
        key = re.escape(message.removeprefix("Duplicate inline table key ")[1:-1])
        pairs = list(re.finditer(rf"[{{,]\s*[\"']?({key})[\"']?[ \t]*=", text[:offset]))
    else:
        return None
    if not pairs:
        return None
    pair = pairs[-1]
    blank = re.sub(r"[^\n]", " ", text[pair.start() : offset])
    return Fault(pair.start(1), f"{shown(pair.group(1))} stands twice (keep one)", Mend(pair.start(), offset, blank))


def _missing_comma(text: str, offset: int, message: str) -> Fault | None:
    element = text.startswith(("{", '"', "'", "["), offset)
    if (message == "Unclosed array" and element) or (
        message == "Unclosed inline table" and _PAIR.match(text, offset) is not None
    ):
        before = len(text[:offset].rstrip())
        return Fault(before, "a comma is missing here", Mend(before, before, ","))
    return None


def _otherwise(text: str, offset: int, message: str) -> Fault:
    mend = filler(text, offset)
    character = text[offset : offset + 1]
    rest = shown(text[offset : _line(text, offset)[1]].strip())
    if character == "\r":
        rest_of_it = Mend(offset, len(text), text[offset:].replace("\r", "\n"))
        return Fault(
            offset, "a carriage return alone does not end a line (save the file with ordinary ones)", rest_of_it
        )
    if message.startswith("Expected '='"):
        if character == ":":
            return Fault(offset, 'write "=" between a key and its value, not ":"', Mend(offset, offset + 1, "="))
        return Fault(offset, f'expected "=" and a value after the key, found {rest}', mend)
    if message.startswith("Unescaped"):
        return Fault(max(0, offset - 2), r'a backslash in a text is written "\\"', mend)
    if message.startswith(("Invalid hex", "Escaped character")):
        return Fault(offset, r'"\u" needs the four digits of a character', mend)
    if message.startswith("Invalid date"):
        return Fault(offset, f"{rest} is not a date, and a script needs none (write texts in quotes)", mend)
    if message.startswith(("Illegal character", "Found invalid character")):
        return Fault(offset, f"a control character (U+{ord(character or ' '):04X}) cannot stand here", mend)
    if message.startswith(("Unclosed", "Expected newline")) and text[offset - 1 : offset] in ('"', "'"):
        remedy = r"a quotation mark inside a text is written \"; a text with an apostrophe goes in double quotes"
        return Fault(offset, f"unexpected {rest} after the text ({remedy})", mend)
    if message.startswith(("Invalid initial character", "Invalid statement")):
        return Fault(offset, f"expected a key, as name = value, found {rest}", mend)
    if message.startswith(("Cannot", "Duplicate")):
        return Fault(offset, "this is already written elsewhere and cannot be added to here", mend)
    return Fault(offset, f"unexpected {rest}", mend)
