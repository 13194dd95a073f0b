"""XML that is a list of records (`<Responses><Response><QID1>9</QID1>...`), rewritten as CSV by stream.

Here: elements to rows, in bounded memory, whatever the document tries. Not here: what the columns mean (`export`).
A document type or an entity of its own is refused: nobody's export needs one, and a few lines of them can unpack to
gigabytes or read other files.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.parsers import expat

from pipelines.adapters.sparse import refuse_many, refuse_sparse
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

#: What the parser is given at once: a tag that goes on is looked at anew from its beginning each time.
_CHUNK: Final = 1 << 20
_MB: Final = 1 << 20
#: A record of more characters, or a single tag of more bytes, is none.
_LONGEST_RECORD: Final = 16 * _MB
_MOST_FIELDS: Final = 20_000
_LONGEST_NAME: Final = 1_000
_DEEPEST: Final = 50
_RECORD: Final = 2


def xml_to_csv(path: Path, scratch: Path) -> Path:
    """A CSV file in `scratch`, UTF-8 and comma-separated: a row of names, then a row for each child of the root.

    The columns are the elements within the records, in the order in which they first come; an element within another is
    `outer.inner`, the texts of one that comes twice are joined by `; `.
    Raises `FileRefusedError` (file_unreadable, file_unsafe, file_layout, file_too_large).
    """
    names = _names(path)
    if not names:
        raise FileRefusedError(Reason.FILE_LAYOUT, f"{path.name} is XML, but no list of records with fields.")
    scratch.mkdir(parents=True, exist_ok=True)
    handle, copy = tempfile.mkstemp(prefix="xml-", suffix=".csv", dir=scratch)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([record.get(name, "") for name in names] for record in _records(path))
    return Path(copy)


def _names(path: Path) -> dict[str, None]:
    """The names of all elements within the records, in the order in which they first come."""
    names: dict[str, None] = {}
    filled = 0
    for number, record in enumerate(_records(path), 1):
        names.update(dict.fromkeys(record))
        filled += len(record)
        refuse_many(path.name, len(names), _MOST_FIELDS)
        refuse_sparse(path.name, number, len(names), filled)
    return names


def _records(path: Path) -> Iterator[dict[str, str]]:
    reader = _Reader(path)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.EntityDeclHandler = reader.refuse_doctype
    fed = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > _LONGEST_RECORD:
                    raise reader.too_long()
                yield from reader.taken()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{path.name} is damaged or incomplete: it stops being XML in line {parser.CurrentLineNumber:,}. "
            "Export it again.",
        ) from error
    yield from reader.taken()


class _Reader:
    """What the parser found since it was last asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: list[str] = []
        self._texts: list[list[str]] = []
        self._record: dict[str, list[str]] = {}
        self._size = 0
        self._done: list[dict[str, str]] = []

    def taken(self) -> list[dict[str, str]]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(name) > _LONGEST_NAME:  # each element in it would copy its name
            raise FileRefusedError(Reason.FILE_LAYOUT, f"{self._path.name} is XML, but no list of records with fields.")
        self._open.append(name)
        self._texts.append([])
        if len(self._open) > _DEEPEST:
            raise FileRefusedError(
                Reason.FILE_LAYOUT, f"{self._path.name} is XML, but no list of records: it is too deep."
            )

    def text(self, text: str) -> None:
        if len(self._open) > _RECORD:
            self._texts[-1].append(text)
            self._size += len(text)
            if self._size > _LONGEST_RECORD:
                raise self.too_long()

    def end(self, _name: str) -> None:
        text = "".join(self._texts.pop())
        if len(self._open) > _RECORD:
            self._keep(".".join(self._open[_RECORD:]), text)
        elif len(self._open) == _RECORD:
            self._done.append({name: "; ".join(texts) for name, texts in self._record.items()})
            self._record, self._size = {}, 0
        self._open.pop()

    def _keep(self, name: str, text: str) -> None:
        texts = self._record.setdefault(name, [])
        if texts and not texts[0]:
            texts.clear()
        texts.append(text)
        if len(self._record) > _MOST_FIELDS:
            raise FileRefusedError(
                Reason.FILE_LAYOUT, f"{self._path.name}: a record of more than {_MOST_FIELDS:,} fields."
            )

    def too_long(self) -> FileRefusedError:
        return FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{self._path.name} holds a record of more than {_LONGEST_RECORD // _MB} MB: it is no table.",
        )

    def refuse_doctype(self, *_about: object) -> None:
        raise FileRefusedError(
            Reason.FILE_UNSAFE,
            f"{self._path.name} brings a document type (<!DOCTYPE ...>), with which XML can unpack to any size or read "
            "other files. Exports of answers have none: export it again, or as CSV.",
        )
