"""JSON Lines, and what all JSON here has in common: values of bearable size, numbers as they are written.

Here: one record per line. Not here: lists of records (`text`).
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

_CHUNK: Final = 1 << 16
#: A record, or what stands beside the list of records.
LARGEST: Final = 8 << 20
#: Of larger ones the digits would be too many.
_EXPONENT: Final = re.compile(r"[eE][+-]?\d{1,2}$")
#: What a line of JSON Lines is that is no JSON.
BROKEN: Final = object()


class Number(str):
    """A number as it is written."""

    __slots__ = ()


def _fraction(text: str) -> Number:
    """A number with a fraction or an exponent: 10 is 1E+1 to some programs, and nobody else writes a score so."""
    return Number(f"{Decimal(text):f}") if _EXPONENT.search(text) else Number(text)


def _record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; what has a key a second time is kept under `key (2)`, so that no value takes the place of another one."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found, times = {}, Counter[str]()
    for key, value in pairs:
        times[key] += 1
        found[key if times[key] == 1 else f"{key} ({times[key]})"] = value
    return found


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_record, parse_float=_fraction, parse_int=Number, parse_constant=Number, strict=False
)


def has_lines(file: io.TextIOBase) -> bool:
    """Whether a file is JSON Lines: its first line is an object, and another one follows, or it holds no list."""
    first = file.readline(LARGEST)
    while first and not first.strip():
        first = file.readline(LARGEST)
    rest = file.read(_CHUNK).lstrip()
    file.seek(0)
    try:
        value = DECODER.decode(first.strip())
    except ValueError:
        return False
    if not isinstance(value, dict) or rest.startswith("{"):
        return isinstance(value, dict)
    inside = next(iter(value.values()), None) if len(value) == 1 else None
    by_key = _are_alike(value) or (isinstance(inside, dict) and _are_alike(inside))
    return not by_key and not any(map(_is_list_of_objects, value.values()))


def _are_alike(value: dict[str, Any]) -> bool:
    """Whether all that stands in an object are objects themselves: then it is no record of its own."""
    return bool(value) and all(isinstance(each, dict) for each in value.values())


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], dict))


def from_lines(file: io.TextIOBase, name: str) -> Iterator[Any]:
    """Yield the value of every line that is not blank; `BROKEN` for one that is no JSON."""
    number = 0
    while line := file.readline(LARGEST):
        number += 1
        if len(line) == LARGEST:
            raise FileRefusedError(Reason.FILE_TOO_LARGE, f"{name}: line {number:,} is longer than any record.")
        if text := line.strip():
            try:
                yield DECODER.decode(text)
            except ValueError:
                yield BROKEN
