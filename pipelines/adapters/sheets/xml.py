"""XML of untrusted workbooks, read by expat: no document types, no tag without end.

Here: parsers, and the elements of a small part. Not here: what any element means (`book`, `scan`).
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

_MB: Final = 1 << 20
#: A longer tag is none.
_LONGEST_TAG: Final = 4 * _MB


class UnsafeXmlError(Exception):
    """XML that brings a document type: with one it can unpack to any size."""


def elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Each element's name, without a prefix, and its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = new_parser()
    parser.StartElementHandler = lambda name, given: found.append((name.rpartition(":")[2], given))
    if content:
        parser.Parse(content, True)
    return found


def new_parser() -> expat.XMLParserType:
    """A parser that refuses document types (`UnsafeXmlError`)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def refuse_long_tag(parser: expat.XMLParserType, fed: int) -> None:
    """Raise `ValueError` where a tag does not end: with each chunk the parser looks at all of it again."""
    if fed - parser.CurrentByteIndex > _LONGEST_TAG:
        raise ValueError("a tag that does not end")


def _refuse_doctype(*_about: object) -> None:
    raise UnsafeXmlError
