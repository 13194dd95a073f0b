"""Which settings there are, by the place where they stand: for advice on a key that is none.

Here: what the schema of nps.yaml knows. Not here: mistakes and their sentences (`load`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

from pipelines.config.models import Config
from pipelines.config.values import did_you_mean

Schema = dict[str, Any]


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
