"""Records in JSON text, one at a time: an array, an object that holds one list of them, or JSON Lines.

Here: where records start and end, in bounded memory. Not here: what their keys become (`records`).
Numbers come as the text that stands there (`Number`): no id is rounded and 9.0 stays 9.0.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.adapters.headings import look_like_answers
from pipelines.adapters.json.lines import DECODER, LARGEST, Number, from_lines, has_lines
from pipelines.adapters.json.shapes import keyed, lists_within, with_key
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

_CHUNK: Final = 1 << 16
LINES: Final = frozenset({".jsonl", ".ndjson"})
_NO_SPACE: Final = re.compile(r"[^ \t\n\r]")
#: An object, or an array of objects, arrays or texts.
_BEGINS: Final = re.compile(r"\s*(?:\{|\[\s*(?:[\[{\"\]]|$))")
_NAMED: Final = 20
#: So many keys are kept of an object that may be a list of records by their keys.
_SAMPLE: Final = 100_000


class _BrokenError(ValueError):
    """Text that is no JSON."""


def records(
    path: Path, name: str, under: str | None, *, lines: bool = False, around: dict[str, Any] | None = None
) -> Iterator[Any]:
    """Yield every record of a UTF-8 file; `BROKEN` for a line of JSON Lines that is none.

    `name` is the file's for messages, `under` the dotted path to the list where an object holds it; what stands beside
    the list is put into `around`. Raises `FileRefusedError`: file_unreadable (no JSON, with the place), file_layout (no
    list, or several), file_too_large; and `RecursionError` for a record nested deeper than the interpreter bears.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        if lines or Path(name).suffix.lower() in LINES or (not under and has_lines(file)):
            yield from from_lines(file, name)
        else:
            keys = None if under else _keyed(file, name)
            reader = _Reader(file, name, {} if around is None else around)
            yield from reader.records(under.split(".") if under else None) if keys is None else reader.keyed(keys)


def _keyed(file: io.TextIOBase, name: str) -> tuple[str, ...] | None:
    """Under which key, if any, a file is an object with a record for each of its keys; None where it is none."""
    try:
        return _Reader(file, name, {}).keyed_under()
    except (_BrokenError, FileRefusedError, RecursionError):
        return None
    finally:
        file.seek(0)


def looks_like_json(path: Path) -> bool:
    """Whether a UTF-8 file begins as JSON does; `[3] Would you recommend us?` is a heading."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return _BEGINS.match(file.read(_CHUNK)) is not None


def _among(keys: Sequence[str]) -> str:
    """Which keys there are, where they are few and not of people."""
    return f" among {', '.join(keys)}" if 0 < len(keys) <= _NAMED and not look_like_answers(keys) else ""


def _skip(text: str, at: int) -> int:
    """Where the next character stands that is no white space; the length of the text where none does."""
    found = _NO_SPACE.search(text, at)
    return found.start() if found else len(text)


class _Reader:
    """A window on the text that moves on as values are taken from it."""

    def __init__(self, file: io.TextIOBase, name: str, around: dict[str, Any]) -> None:
        self._file = file
        self._name = name
        self._around = around
        self._text = ""
        self._at = 0
        self._line = 1
        self._taken = 0
        self._kept = 0
        self._ended = False

    def records(self, under: Sequence[str] | None) -> Iterator[Any]:
        """Yield every record of the one list that is meant; after it nothing may follow."""
        try:
            first = self._peek()
            if first == "[" and not under:
                yield from self._list()
            elif first == "{":
                yield from self._of_object(under)
            elif first == "[":
                raise self._layout("is a list itself: leave out records in nps.yaml")
            else:
                raise self._unreadable("begins with neither [ nor {")
            if self._peek():
                raise self._unreadable("goes on after its end. If each line is a record, declare kind: jsonl")
        except _BrokenError as error:
            raise self._unreadable(str(error)) from error

    def keyed_under(self) -> tuple[str, ...] | None:
        """As `_keyed` says; all of the file is looked at, or as much as tells that it is none."""
        keys: list[str] = []
        counts: Counter[str] = Counter()
        number, only = 0, {}
        if self._peek() != "{":
            return None
        for number, key in enumerate(self._keys(), 1):
            value = self._value() if self._peek() == "{" else None
            if not isinstance(value, dict):
                return None
            keys += [key] if number <= _SAMPLE else []
            counts.update(value.keys())
            if len(counts) > _SAMPLE:  # what most of the records have is among the most common
                counts = Counter(dict(counts.most_common(_SAMPLE // 2)))
            only = value
        if look_like_answers(keys):  # of people, whom no message names
            return None
        if number == 1 and keyed(only) and not look_like_answers(only):
            return (keys[0],)
        is_one = number == 1 and keyed({keys[0]: only})
        return () if is_one or (number > 1 and 2 * max(counts.values(), default=0) > number) else None

    def keyed(self, under: Sequence[str]) -> Iterator[Any]:
        """Yield every record of an object of records, each with its key."""
        try:
            self._take("{")
            self._at -= 1
            for key in self._keys():
                if under:
                    yield from self._by_key()
                else:
                    yield with_key(key, self._value())
            if self._peek():
                raise self._unreadable("goes on after its end")
        except _BrokenError as error:
            raise self._unreadable(str(error)) from error

    def _by_key(self) -> Iterator[Any]:
        for key in self._keys():
            if self._peek() != "{":
                raise self._layout("holds something else than records by their keys")
            yield with_key(key, self._value())

    def _of_object(self, under: Sequence[str] | None) -> Iterator[Any]:
        """The records in an object: of the list at `under`, or of its only list of objects, however deep it lies."""
        found: list[str] = []
        keys: list[str] = []
        for key in self._keys():
            keys.append(key)
            if under is not None and key == under[0]:
                found.append(key)
                yield from self._below(under[1:])
            elif under is None and self._peek() == "[" and self._holds_objects():
                found.append(key)
                if len(found) > 1:
                    break
                yield from self._list()
            else:
                self._around[key] = self._beside()
        within = lists_within(self._around) if under is None and not found else {}
        if len(within) == 1:
            yield from within.popitem()[1]
        elif len(found) != 1:
            found = found or [*within][:_NAMED]
            many = f"holds several lists: {', '.join(found)}" if found else f"has no list{_among(keys)}"
            raise self._layout(f"{many}. Name the one of the answers in nps.yaml: records: {(found or ['data'])[0]}")

    def _beside(self) -> Any:  # noqa: ANN401 - JSON may be anything
        """Take a value that is no list of records, and is kept."""
        start = self._taken + self._at
        value = self._value()
        self._kept += self._taken + self._at - start
        if self._kept > LARGEST:
            raise FileRefusedError(
                Reason.FILE_TOO_LARGE,
                f"{self._name} holds more than {LARGEST >> 20} MB beside its list of records, if any. If the list "
                "lies deeper, say where in nps.yaml, such as records: result.items.",
            )
        return value

    def _below(self, under: Sequence[str]) -> Iterator[Any]:
        first = self._peek()
        if under and first == "{":
            yield from self._of_object(under)
        elif not under and first == "[":
            yield from self._list()
        elif not under and first == "{":
            yield from self._by_key()
        else:
            raise self._layout("has no list where records of nps.yaml says")

    def _keys(self) -> Iterator[str]:
        """The keys of the object that begins here; the value of each must be taken before the next."""
        self._take("{")
        while self._peek() != "}":
            key = self._value()
            if not isinstance(key, str) or isinstance(key, Number):
                raise _BrokenError("has a key that is no text")
            self._take(":")
            yield key
            if self._peek() != "}":
                self._take(",")
        self._take("}")

    def _list(self) -> Iterator[Any]:
        self._take("[")
        while self._peek() != "]":
            yield self._value()
            if self._peek() != "]":
                self._take(",")
        self._take("]")

    def _holds_objects(self) -> bool:
        """Whether the list that begins here is empty or begins with an object."""
        while True:
            at = _skip(self._text, self._at + 1)
            if at < len(self._text):
                return self._text[at] in ("{", "]")
            if self._ended:
                return False
            self._more()

    def _take(self, character: str) -> None:
        if self._peek() != character:
            raise _BrokenError(f"should go on with {character}")
        self._at += 1

    def _peek(self) -> str:
        """The next character that is no white space; nothing at the end."""
        while True:
            self._at = _skip(self._text, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more()

    def _value(self) -> Any:  # noqa: ANN401 - JSON may be anything
        """Take the next value, reading on until all of it is there."""
        self._peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended:
                    raise _BrokenError(f"is broken: {error.msg.lower()}") from error
            else:
                # A number may go on in what is not read yet.
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            if len(self._text) - self._at > LARGEST:
                raise FileRefusedError(
                    Reason.FILE_TOO_LARGE,
                    f"{self._name} holds a record of more than {LARGEST >> 20} MB, or is broken there.",
                )
            self._more()

    def _more(self) -> None:
        """Read on, at least as much as is kept: a value that is tried again and again is read twice at most."""
        self._line += self._text.count("\n", 0, self._at)
        self._taken += self._at
        self._text = self._text[self._at :]
        self._at = 0
        more = self._file.read(max(_CHUNK, len(self._text)))
        self._ended = not more
        self._text += more

    def _unreadable(self, problem: str) -> FileRefusedError:
        line = self._line + self._text.count("\n", 0, self._at)
        return FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{self._name} cannot be read as JSON: near line {line:,} it {problem}. Export it again.",
        )

    def _layout(self, problem: str) -> FileRefusedError:
        return FileRefusedError(Reason.FILE_LAYOUT, f"{self._name} {problem}.")
