"""What to do about a mistake in nps.yaml: a text that is no YAML, a key that is no setting.

Here: an advice for each mistake that people make, of settings by the place where they stand. Not here: which mistakes there
are, and where (`load`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from pipelines.config.models import Config
from pipelines.config.values import did_you_mean

Schema = dict[str, Any]

#: What the library that reads YAML says, in words of its own.
_ON_YAML: Final = (
    (r"'\\t'", "Indent with spaces: tabs are not allowed"),
    (
        r"expected <block end>, but found '<scalar>'",
        "Nothing may follow a text in quotes: put all of it in quotes",
    ),
    (
        r"expected <block end>|did not find expected '-'",
        "This line is indented otherwise than the lines that it belongs to: let them begin below one another",
    ),
    (
        "mapping values are not allowed",
        "A text with ': ' in it stands in quotes, such as score: 'How likely: 0-10'; a key begins below those beside it",
    ),
    ("unexpected end of stream|document separator", "A quote that is opened above is not closed"),
    (r"expected ',' or '[}\]]'", "A bracket that is opened above is not closed, or a comma is missing"),
    ("could not find expected ':'", "A key needs a colon and a space behind it, such as scale: 0-10"),
    (
        "expected alphabetic or numeric character, but found ['\"]+$",
        "A quote that is opened above is not closed, or a text that begins with * or & does not stand in quotes",
    ),
    ("undefined alias|expected alphabetic or numeric", "A text that begins with * or & stands in quotes"),
    ("cannot start any token", "A text that begins with such a sign stands in quotes"),
    ("unknown escape character", "In double quotes a backslash begins a sign: use single quotes"),
)
_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7})( |$)")


def advice_on(problem: str) -> str:
    """What to do about a problem that the library names, as a sentence behind it; nothing where that is not known."""
    return next((f". {advice}" for pattern, advice in _ON_YAML if re.search(pattern, problem)), "")


def conflict_in(text: str) -> int | None:
    """The line on which a conflict of a version control begins that nobody has resolved."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if _CONFLICT.match(line)), None)


def said_of(key: str) -> str:
    """What a setting is that must be given, as the end of a sentence; nothing where several are called so."""
    needed = [model for model in (_schema(), *_schema()["$defs"].values()) if key in model.get("required", ())]
    told = {model["properties"][key].get("description", "") for model in needed}
    return f". {said}" if len(told) == 1 and (said := told.pop()) else ""


def meant(place: Sequence[int | str], key: str) -> str:
    """The setting that a key may stand for, at its place or a step deeper, as the end of a sentence; nothing if none is."""
    here = _settings(_at(place))
    deeper = {name: f"{outer}.{name}" for outer, schema in here.items() for name in _settings(_kinds(schema))}
    alike = [deeper[name] for name in get_close_matches(key, deeper, n=1)]
    return did_you_mean(key, here) or "".join(f"; did you mean {setting}?" for setting in alike)


@cache
def _schema() -> Schema:
    return Config.model_json_schema()


def _at(place: Sequence[int | str]) -> list[Schema]:
    """What may stand at a place."""
    kinds = [_schema()]
    for key in place:
        kinds = [each for kind in kinds if (below := _below(kind, key)) for each in _kinds(below)]
    return kinds


def _below(kind: Schema, key: int | str) -> Schema | None:
    found: Schema | None = kind.get("items") if isinstance(key, int) else kind.get("properties", {}).get(key)
    return found or kind.get("additionalProperties") or None


def _kinds(schema: Schema) -> Iterator[Schema]:
    """What a setting may be, each without references."""
    if "$ref" in schema:
        yield _schema()["$defs"][schema["$ref"].rpartition("/")[2]]
    for one in schema.get("anyOf", ()):
        yield from _kinds(one)
    yield schema


def _settings(kinds: Iterator[Schema] | list[Schema]) -> dict[str, Schema]:
    return {name: schema for kind in kinds for name, schema in kind.get("properties", {}).items()}
