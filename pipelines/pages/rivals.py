"""Brands over time as a chart: the own one in colour, rivals in greys that differ in their dashes, each named at its end.

Here: how they are drawn. Not here: which (`sections`), all other charts (`charts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import matplotlib as mpl

from pipelines.pages.charts import BLUE, STYLE, Points, Row, axes_of, horizontal, plain, svg

_DASHES: Final = ("-", "--", ":", "-.")
_GREY: Final = "#6b7075"
#: Names at the end of lines stand apart by this part of the height at least.
_APART: Final = 0.085


def lines(rows: Sequence[Row], labels: Sequence[str], points: Points, title: str) -> str:
    """Scores of brands by period; `labels` name the periods. Nothing where there is a single one."""
    starts = sorted({row["period_start"] for row in rows})
    if len(starts) < 2:  # noqa: PLR2004 - two points make a line
        return ""
    with mpl.rc_context({**STYLE, "svg.hashsalt": f"rivals {title}"}):
        figure, axes = axes_of(2.7)
        rivals = sorted({row["brand"] for row in rows if not row["is_own"]})
        ends: list[tuple[float, str, str, bool]] = []
        for brand in [*rivals, *sorted({row["brand"] for row in rows if row["is_own"]})]:
            of_brand = {row["period_start"]: row for row in rows if row["brand"] == brand}
            told = [of_brand[start]["nps"] if start in of_brand else float("nan") for start in starts]
            is_own = any(row["is_own"] for row in of_brand.values())
            colour = BLUE if is_own else _GREY
            dashes = "-" if is_own else _DASHES[rivals.index(brand) % len(_DASHES)]
            width = 2.4 if is_own else 1.3
            axes.plot(told, dashes, color=colour, linewidth=width, marker="o", markersize=5 if is_own else 3)
            if starts[-1] in of_brand:
                last = of_brand[starts[-1]]
                ends.append((last["nps"], f"{plain(last['name'])} {points(last['nps'])}", colour, is_own))
        step = max(1, len(starts) // 8)
        shown = [number for number in range(len(starts)) if (len(starts) - 1 - number) % step == 0]
        axes.set_xticks(shown, [labels[number] for number in shown])
        horizontal(axes, points)
        for (_, text, colour, is_own), place in zip(sorted(ends), _spread(sorted(ends), axes.get_ylim()), strict=True):
            axes.annotate(text, (1.01, place), xycoords="axes fraction", color=colour, va="center",
                          fontweight="bold" if is_own else "normal")  # fmt: skip
        return svg(figure, title)


def _spread(ends: Sequence[tuple[float, str, str, bool]], limits: tuple[float, float]) -> list[float]:
    """Where names stand beside the ends of lines, from 0 to 1, the lowest first: none over another."""
    low, high = limits
    places: list[float] = []
    for nps, *_ in ends:
        at = (nps - low) / (high - low)
        places.append(max(at, places[-1] + _APART) if places else at)
    return places
