"""What kind of export a file is, by `signatures.yaml`.

Here: comparing first rows with that list. Not here: opening files (`reading`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, Final, get_args

import yaml

from pipelines.adapters.headings import same_name, tidy
from pipelines.config.layouts import Kind
from pipelines.config.patterns import found_in
from pipelines.config.presets import Settings, with_presets

_ROWS: Final = 5


@dataclass(frozen=True)
class Signature:
    """One entry of `signatures.yaml`."""

    kind: str
    preset: str | None = None
    delivery: str | None = None
    dimension: str | None = None
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    cells_like: str | None = None
    of_preset: tuple[str, ...] = ()
    by_key: bool = False
    """Whether answers are keys of a telephone."""
    columns: dict[str, list[str]] = field(default_factory=dict)

    def fits(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the first rows of a file are those of such an export."""
        cells = [cell for row in rows[:_ROWS] for cell in row]
        names = {same_name(cell) for cell in cells}
        headings = [tidy(cell) for cell in rows[0]] if rows else []
        return (
            all(same_name(name) in names for name in self.all)
            and (not self.any or any(same_name(name) in names for name in self.any))
            and (not self.cells or any(each in cell for each in self.cells for cell in cells))
            and (self.cells_like is None or any(found_in(f"^(?:{self.cells_like})$", cells)))
            and all(self.column(name, headings) for name in self.of_preset)
        )

    def column(self, name: str, headings: Sequence[str]) -> str | None:
        """The heading under which this export is known to have a canonical column, or a setting that names a column."""
        known = {same_name(each) for each in self.columns.get(name, [])}
        pattern = _pattern(self.settings, name)
        fits = found_in(pattern, headings) if pattern else [False] * len(headings)
        return next((each for each, fit in zip(headings, fits, strict=True) if fit or same_name(each) in known), None)

    @property
    def settings(self) -> Settings:
        """What its presets say of sources or of its dimension."""
        section = ("dimensions", self.dimension) if self.dimension else ("source",)
        found = with_presets({"kind": self.kind, "preset": self.preset}, *section)
        return found if isinstance(found, Mapping) else {}

    def as_source(self) -> Signature:
        """The same export, where answers stand in it beside the members of a dimension."""
        return replace(self, dimension=None)


def _pattern(settings: Settings, name: str) -> str | None:
    column = settings.get("columns", {}).get(name) or settings.get(name, {})
    if isinstance(column, Mapping):
        column = column.get("column", column)
    found = column.get("matches") if isinstance(column, Mapping) else None
    return str(found) if found else None


def recognised(rows: Sequence[Sequence[str]]) -> Signature | None:
    """The signature that fits the first rows and is a kind that nps.yaml may name; None where none is."""
    return next((signature for signature in _signatures() if signature.fits(rows)), None)


def known_kinds() -> frozenset[str]:
    """Every kind that nps.yaml may name."""
    return frozenset(get_args(Kind))


@cache
def _signatures() -> tuple[Signature, ...]:
    return tuple(each for each in _listed() if each.kind in known_kinds())


def _listed() -> Iterator[Signature]:
    text = resources.files("pipelines.sniff").joinpath("signatures.yaml").read_text("utf-8")
    for entry in yaml.safe_load(text):
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        yield Signature(**given)
