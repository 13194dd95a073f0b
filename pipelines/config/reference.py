"""`docs/nps-yaml.md`: every setting of nps.yaml, from the JSON Schema that editors check with.

Here: the schema as tables for people. Not here: what a setting means (the descriptions of the models beside this).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipelines.config.models import Config

Part = Mapping[str, Any]

#: More names than these fill a cell: they stand in a list of their own.
_NAMES_IN_A_CELL: Final = 6
_OF_ONE: Final = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_OF_MANY: Final = {
    "string": "texts", "integer": "whole numbers", "number": "numbers", "boolean": "true or false",
}  # fmt: skip
#: How the schema's parts are headed, in the order in which somebody who writes nps.yaml meets them.
_TITLES: Final = {
    "Source": "A source", "AnswerDates": "Dates of answers", "Dates": "Dates", "Matches": "A column by a pattern",
    "Exclusion": "Rows by a column",
    "Answer": "An answer of several", "MatchingSheets": "Sheets by a pattern", "DeclaredScale": "A scale",
    "Outcome": "What became of contacts", "Asked": "When and how contacts were made",
    "Fatigue": "How often clients may be asked", "Price": "A tariff",
    "Prices": "What calls cost", "Dimensions": "Dimensions", "Dimension": "A dimension", "Agents": "Agents",
    "Industries": "Industries", "Target": "A target", "Benchmark": "A benchmark",
    "NewWords": "Newly frequent words", "FollowUp": "Following up", "Due": "By when", "Tickets": "Tickets",
    "Activity": "What clients did", "ClientList": "Lists of clients", "Referral": "Referrals",
    "Gates": "Gates", "Publish": "Publishing",
    "Nightly": "The night", "Limits": "Limits",
}  # fmt: skip


def reference() -> str:
    """The document: a table for each part of nps.yaml."""
    schema = Config.model_json_schema()
    parts = schema["$defs"]
    lines = [_ABOUT, *_table(schema, parts), *_lists(parts)]
    for name in [*_TITLES, *sorted(parts.keys() - _TITLES.keys())]:
        lines += [f"\n## {_TITLES.get(name, name)}\n", f"{parts[name]['description']}\n", *_table(parts[name], parts)]
    return "\n".join([*lines, ""])


def _table(part: Part, parts: Mapping[str, Part]) -> Iterator[str]:
    required = part.get("required", [])
    yield "| key | value | unless said | means |\n|---|---|---|---|"
    for key, setting in part["properties"].items():
        unless = "must be said" if key in required else _default(setting.get("default"))
        means = setting.get("description") or parts[_part_of(setting)]["description"]
        yield f"| `{key}` | {_value(setting)} | {unless} | {_plain(means)} |"


def _default(value: object) -> str:
    return "" if value is None else f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _part_of(setting: Part) -> str:
    return str(setting["$ref"].rpartition("/")[2])


def _value(setting: Part, words: Mapping[str, str] = _OF_ONE) -> str:
    """What may stand as a value, in words."""
    if "anyOf" in setting:
        return _either([_value(each, words) for each in setting["anyOf"] if each.get("type") != "null"])
    if "$ref" in setting:
        title = _TITLES.get(_part_of(setting), _part_of(setting)).lower()
        return f"[{title}](#{title.replace(' ', '-')})"
    if "enum" in setting:
        return _either([f"`{name}`" for name in setting["enum"]])
    if setting["type"] == "array":
        return f"list of {_value(setting['items'], _OF_MANY)}"
    if setting["type"] == "object":
        return f"{_keys(setting)}: {_value(setting['additionalProperties'])}"
    return words[setting["type"]] + _bounds(setting)


def _bounds(setting: Part) -> str:
    if "minimum" in setting and "maximum" in setting:
        return f" from {setting['minimum']} to {setting['maximum']}"
    if "minimum" in setting:
        return f" from {setting['minimum']}"
    return f" above {setting['exclusiveMinimum']}" if "exclusiveMinimum" in setting else ""


def _keys(setting: Part) -> str:
    names = _names(setting)
    if len(names) > _NAMES_IN_A_CELL:
        return "[canonical name](#canonical-names)"
    return f"each of {', '.join(f'`{name}`' for name in names)}" if names else "name"


def _names(setting: Part) -> list[str]:
    """The keys that may stand in a setting; those that people choose are left out."""
    kind = setting.get("propertyNames", {})
    return list(kind.get("enum") or next((each["enum"] for each in kind.get("anyOf", []) if "enum" in each), []))


def _lists(parts: Mapping[str, Part]) -> Iterator[str]:
    """The names of columns that are too many for a cell."""
    yield "\n## Canonical names\n"
    for part, of in (("Source", "Of a source's columns"), ("Dimension", "Of a dimension's columns")):
        names = _names(parts[part]["properties"]["columns"])
        yield f"{of}: {', '.join(f'`{name}`' for name in names)}.\n"
    yield "And of a source each name that `dimensions.extra` declares.\n"
    yield "What each of a source's means: [sources.md](sources.md)."


def _either(choices: list[str]) -> str:
    return " or ".join([", ".join(choices[:-1]), choices[-1]]) if len(choices) > 1 else choices[0]


def _plain(description: str) -> str:
    """A description that no table and no renderer of Markdown takes for more than text."""
    return re.sub(r"([|<>*\\])", r"\\\1", " ".join(description.split()))


_ABOUT: Final = """# Reference of nps.yaml

Made from the JSON Schema of `nps schema` by `make docs`; a test holds it against that. What is not named here is a mistake,
which `nps run` tells with its line. `nps schema > nps.schema.json` lets editors complete and check the file.

## The whole file
"""
