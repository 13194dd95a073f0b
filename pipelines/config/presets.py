"""Presets: what is known of a kind of export or of a CRM system, so that nps.yaml need not say it.

A file `pipelines/presets/<name>.yaml` may hold `reads` (the reader of such files, where it is not called like the kind),
`source` (defaults for sources) and `dimensions` (defaults for branches, accounts, employees). What nps.yaml says itself
always comes first, also that a column is none (`respondent: ~`).

Here: finding and merging them. Not here: what a setting means (`sources`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from pipelines.config.patterns import group_names

FOLDER: Final = Path(__file__).parents[1] / "presets"

#: Settings of several keys, of which nps.yaml may override one and leave the others.
_MERGED: Final = ("columns", "defaults", "dates", "exclude", "unanswered_where", "where")

Settings = Mapping[str, Any]
"""Keys of nps.yaml with their values, as YAML gives them."""


def preset_names() -> frozenset[str]:
    """The names of all presets."""
    return frozenset(file.stem for file in FOLDER.glob("*.yaml"))


def reader_of(kind: str) -> str:
    """The name of the reader of a kind of files: its preset's, or its own."""
    return str(_preset(kind).get("reads", kind))


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


@cache
def _preset(name: str) -> Settings:
    file = FOLDER / f"{name}.yaml"
    if name not in preset_names():
        return {}
    found: Settings = yaml.safe_load(file.read_text("utf-8"))
    return found


def _section(name: object, section: tuple[str, ...]) -> Settings:
    found: Any = _preset(name) if isinstance(name, str) else {}
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
