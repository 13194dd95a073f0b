"""What scores are held against, as plain values and as tables: targets, benchmarks, words for scores.

Here: from settings to what `models/scores/measured.sql` reads. Not here: nps.yaml (`pipelines.config.standards`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from transforms.texts.spelling import key
from warehouse.engine import frame_table, quoted, run_model


@dataclass(frozen=True)
class Standards:
    """What nps.yaml says that scores are held against."""

    targets: tuple[tuple[str, str, date, float], ...] = ()
    """Dimension (none for all) and its member, the day from which on, and the points."""
    benchmarks: tuple[tuple[str | None, int, float, str, str | None], ...] = ()
    """Industry (None for all), year, points, who published it, and how it was found."""
    bands: Mapping[str, float] = field(default_factory=lambda: {"any": -100.0})
    """A word for scores: from where on it holds. The bound itself has the word before it, unless it is 0 or less."""

    @property
    def words(self) -> str:
        """The bands as JSON, from the lowest."""
        return json.dumps(dict(sorted(self.bands.items(), key=lambda band: band[1])), ensure_ascii=False)


def register(
    connection: duckdb.DuckDBPyConnection, standards: Standards, shown: Sequence[tuple[str, str]] = ()
) -> None:
    """The tables `targets` and `benchmarks`, and the macro `band_of`.

    `shown` are the names that tables show, with what each is of: a target is of what it names in whatever spelling.
    """
    labels = {(attribute, key(label)): label for attribute, label in shown}

    def as_shown(dimension: str, name: str) -> str:
        return name if (dimension, name) in shown else labels.get((dimension, key(name)), name)

    schema = {"dimension": pl.String, "member": pl.String, "valid_from": pl.Date, "nps": pl.Float64}
    targets = [(dimension, as_shown(dimension, name), *rest) for dimension, name, *rest in standards.targets]
    frame_table(connection, "targets", pl.DataFrame(targets, schema=schema, orient="row"))
    columns = {"industry": pl.String, "year": pl.Int64, "nps": pl.Float64, "source": pl.String, "method": pl.String}
    benchmarks = [(name and as_shown("industry", name), *rest) for name, *rest in standards.benchmarks]
    frame_table(connection, "benchmarks", pl.DataFrame(benchmarks, schema=columns, orient="row"))
    bounds = sorted(standards.bands.items(), key=lambda band: -band[1])
    cases = " ".join(f"when nps {'>=' if bound <= 0 else '>'} {bound} then {quoted(band)}" for band, bound in bounds)
    run_model(connection, "bands", bands=f"case {cases} end")
