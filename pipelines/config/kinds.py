"""What is known of kinds of files and of the systems that they come from: a file `pipelines/kinds/<name>.yaml` each.

It may hold `reader` (what reads such files; a system has none, its dumps come in any format), that reader's `version`,
`recognised` (how such a file is known by its first rows: `pipelines.sniff.opening`), and what nps.yaml need not say of
it: `source` (defaults for sources) and `dimensions` (for branches, accounts, employees). What nps.yaml says itself always
comes first, also that a column is none (`respondent: ~`).

Here: finding and merging them. Not here: what a setting means (`sources`), the readers (`pipelines.adapters.kinds`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from pipelines.config.patterns import group_names
from transforms.own_yaml import own_yaml

FOLDER: Final = Path(__file__).parents[1] / "kinds"

#: Settings of several keys, of which nps.yaml may override one and leave the others.
_MERGED: Final = ("columns", "defaults", "dates", "exclude", "unanswered_where", "where", "outcome", "asked")

Settings = Mapping[str, Any]
"""Keys of nps.yaml with their values, as YAML gives them."""


def kinds() -> list[str]:
    """What nps.yaml may call a kind of files."""
    return [name for name in _names() if "reader" in known(name)]


def systems() -> list[str]:
    """The systems that nps.yaml may name as a `preset`, whatever kind their files are of."""
    return [name for name in _names() if "reader" not in known(name)]


def reader_of(kind: str) -> str:
    """The name of the reader of a kind of files."""
    return str(known(kind)["reader"])


def version_of(reader: str) -> int:
    """The version of a reader. It is raised when it gives other rows for the same file: its files are then read anew."""
    return int(known(reader)["version"])


@cache
def known(name: str) -> Settings:
    """All that is known of a kind or a system; empty where there is none of the name."""
    if name not in _names():
        return {}
    found: Settings = own_yaml("pipelines", FOLDER.name, f"{name}.yaml")
    return found


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


class OneOf:
    """One of the names that a function lists, which is not called before one is looked at."""

    def __init__(self, names: Callable[[], list[str]]) -> None:
        """Nothing is read yet."""
        self._names = names

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the text after pydantic has seen that it is one."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """List the names for editors."""
        return {**handler(schema), "enum": self._names()}

    def _checked(self, given: str) -> str:
        if given not in (names := self._names()):
            *others, last = map(repr, names)
            expected = f"{', '.join(others)} or {last}"
            raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": expected})
        return given


def with_presets(given: object, *section: str) -> object:
    """The settings of a source or dimension, completed by the presets that its `kind` and its `preset` name.

    `section` is where a preset has them: `source`, or `dimensions` and the name of one. What is no mapping is given back
    as it is. A column of a preset gives way to a default or a group of the file's name that nps.yaml gives instead, and its
    score to the scores of `answers`.
    """
    if not isinstance(given, Mapping):
        return given
    settings: dict[str, Any] = {}
    for name in (given.get("kind"), given.get("preset")):
        settings = _merged(settings, _section(name, section))
    instead = {*_keys(given.get("defaults")), *_groups(given.get("file_name"))}
    if given.get("answers"):
        instead.add("score")
    if "columns" in settings:
        settings["columns"] = {name: column for name, column in settings["columns"].items() if name not in instead}
    return _without_none(_merged(settings, given), settings)


def _without_none(settings: Mapping[str, Any], presets: Settings) -> dict[str, Any]:
    """The settings without the columns of a preset that nps.yaml says are none."""
    columns, known = settings.get("columns"), presets.get("columns", {})
    if not isinstance(columns, Mapping):
        return dict(settings)
    return {
        **settings,
        "columns": {name: each for name, each in columns.items() if each is not None or name not in known},
    }


def _section(name: object, section: tuple[str, ...]) -> Settings:
    found: Any = known(name) if isinstance(name, str) else {}
    for key in section:
        found = found.get(key, {})
    return dict(found)


def _merged(under: Settings, over: Settings) -> dict[str, Any]:
    """Both, where `over` comes first."""
    both = {**under, **over}
    for name in _MERGED:
        if isinstance(under.get(name), Mapping) and isinstance(over.get(name), Mapping):
            both[name] = {**under[name], **over[name]}
    return both


def _keys(given: object) -> list[object]:
    return list(given) if isinstance(given, Mapping) else []


def _groups(pattern: object) -> list[str]:
    """The named groups of a pattern; none of what is no pattern, which is told elsewhere."""
    try:
        return list(group_names(pattern)) if isinstance(pattern, str) else []
    except ValueError:
        return []
