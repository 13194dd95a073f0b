"""What kind of export a file is, by `signatures.yaml`.

Here: comparing first rows with that list. Not here: opening files (`reading`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final, get_args

import yaml

from pipelines.adapters.headings import same_name
from pipelines.config import models

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
    columns: dict[str, list[str]] = field(default_factory=dict)

    def fits(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the first rows of a file are those of such an export."""
        cells = [cell for row in rows[:_ROWS] for cell in row]
        names = {same_name(cell) for cell in cells}
        if not all(same_name(name) in names for name in self.all):
            return False
        if self.any and not any(same_name(name) in names for name in self.any):
            return False
        if self.cells and not any(each in cell for each in self.cells for cell in cells):
            return False
        return self.cells_like is None or any(re.fullmatch(self.cells_like, cell) for cell in cells)

    def column(self, name: str, headings: Sequence[str]) -> str | None:
        """The heading that this export is known to have for a canonical name."""
        known = {same_name(each) for each in self.columns.get(name, [])}
        return next((heading for heading in headings if same_name(heading) in known), None)


def recognised(rows: Sequence[Sequence[str]]) -> Signature | None:
    """The signature that fits the first rows and is a kind that nps.yaml may name; None where none is."""
    return next((signature for signature in _signatures() if signature.fits(rows)), None)


def known_kinds() -> frozenset[str]:
    """Every kind that nps.yaml may name."""
    return frozenset(get_args(models.Kind))


@cache
def _signatures() -> tuple[Signature, ...]:
    return tuple(each for each in _listed() if each.kind in known_kinds())


def _listed() -> Iterator[Signature]:
    presets = get_args(getattr(models, "Preset", None))
    for entry in yaml.safe_load(resources.files("pipelines.sniff").joinpath("signatures.yaml").read_text("utf-8")):
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
        if given.get("preset") not in presets:
            given.pop("preset", None)
        yield Signature(**given)
