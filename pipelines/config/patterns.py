"""Patterns of nps.yaml and of presets, on an engine whose work grows with the text alone: polars' own.

Here: whether a pattern is one, its named groups, what it finds. Not here: which settings are patterns (`values`).
Python's own engine takes longer than a night over some patterns and texts, and nobody would know why the night hangs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import polars as pl


def check_pattern(pattern: str) -> str:
    """The pattern itself. Raises `ValueError`, with a sentence, for what is none."""
    _groups(pattern)
    return pattern


def group_names(pattern: str) -> frozenset[str]:
    """The named groups of a pattern. Raises `ValueError` as `check_pattern` does."""
    return frozenset(name for name in _groups(pattern) if not name.isdigit())


def found_in(pattern: str, texts: Sequence[str]) -> list[bool]:
    """Of each text, whether the pattern is found anywhere in it."""
    return list(_found_in(pattern, tuple(texts)))


@lru_cache(maxsize=1 << 10)  # a look at a file holds its headings against the same patterns again and again
def _found_in(pattern: str, texts: tuple[str, ...]) -> tuple[bool, ...]:
    return tuple(pl.Series(texts, dtype=pl.String).str.contains(pattern))


def groups_in(pattern: str, text: str) -> dict[str, str] | None:
    """What the named groups of a pattern hold where it is first found in a text; None where it is not found."""
    if not found_in(pattern, [text])[0]:
        return None
    found = pl.Series([text]).str.extract_groups(pattern).to_list()[0] or {}
    return {name: value for name, value in found.items() if value is not None and not name.isdigit()}


def _groups(pattern: str) -> list[str]:
    try:
        found = pl.Series([""]).str.extract_groups(pattern).dtype
        found_in(pattern, [""])
    except pl.exceptions.ComputeError as error:
        raise ValueError(f"{pattern!r} is no regular expression that can be used: {_reason(error)}") from error
    return [each.name for each in found.fields] if isinstance(found, pl.Struct) else []


def _reason(error: Exception) -> str:
    """What the engine says is wrong: the line that begins with `error: `, else its first line."""
    lines = str(error).splitlines()
    said = next((line.removeprefix("error: ") for line in lines if line.startswith("error: ")), lines[0])
    return said.removeprefix("regex error: ").rstrip(".")
