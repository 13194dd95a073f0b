"""What kind of export a file is, by what `pipelines/kinds` says under `recognised`.

Headings are compared without case, spaces and underscores. `all` must be there, and `any` of these; `cells` must stand in
one of the first rows, or one that is like `cells_like`; `of_preset` are columns of `source` or `dimensions` that must be
there. `columns` name what is known of the export where those do not; `delivery` is how it arrives, `dimension` what it
lists. The first that fits is taken: kinds before systems, and of kinds those of a low `rank` first.

Here: comparing first rows with that. Not here: opening files (`reading`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from operator import attrgetter
from typing import Any, Final

from pipelines.adapters.headings import same_name, tidy
from pipelines.config.kinds import Settings, kinds, known, systems, with_presets
from pipelines.config.patterns import found_in

_ROWS: Final = 5
#: Whatever format the dumps of a system come in.
_OF_SYSTEMS: Final = "crm"


@dataclass(frozen=True)
class Signature:
    """One way to know a kind of files, or the files of a system."""

    kind: str
    preset: str | None = None
    rank: int = 0
    delivery: str | None = None
    dimension: str | None = None
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    cells_like: str | None = None
    of_preset: tuple[str, ...] = ()
    by_key: bool = False
    """Whether answers are keys of a telephone."""
    is_of_contacts: bool = False
    """Whether its rows say who was asked, and hold no answers."""
    columns: dict[str, list[str]] = field(default_factory=dict)

    def fits(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the first rows of a file are those of such an export."""
        cells = list(dict.fromkeys(cell for row in rows[:_ROWS] for cell in row))
        names = {same_name(cell) for cell in cells}
        headings = [tidy(cell) for cell in dict.fromkeys(rows[0])] if rows else []
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

    def used(self, headings: Sequence[str]) -> set[str]:
        """The headings of columns that its presets speak of."""
        names = [*self.settings.get("columns", {}), "outcome", "unanswered_where"]
        return {heading for name in names if (heading := self.column(name, headings))}

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
    """The signature that fits the first rows; None where none is."""
    return next((signature for signature in _signatures() if signature.fits(rows)), None)


@cache
def _signatures() -> tuple[Signature, ...]:
    of_kinds = sorted((each for kind in kinds() for each in _listed(kind, kind)), key=attrgetter("rank"))
    return (*of_kinds, *(each for system in systems() for each in _listed(system, _OF_SYSTEMS, system)))


def _listed(name: str, kind: str, preset: str | None = None) -> Iterator[Signature]:
    for entry in known(name).get("recognised", ()):
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        yield Signature(kind, preset, **given)
