"""The parts of a report about what became of clients: how long they stay, cohorts, recommendations, revenue to come.

Here: rows of `sections` in the reader's words, and the curve. Not here: which rows (`sections`), the page (`sections.html`).
None of it says that an answer makes anybody do anything, and none of the words may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes

from pipelines.pages.charts import BLUE, RED, STYLE, axes_of, dots, horizontal, svg
from pipelines.pages.numbers import named, of_period, points, share, whole
from pipelines.pages.sections import COHORTS, Row, Sections
from pipelines.report.cells import Period

Words = Mapping[str, Any]

#: How each curve is told from the others: in black and white by its dashes and its name.
_LINES: Final = {"promoter": (BLUE, "-"), "passive": ("#6b7075", "--"), "detractor": (RED, "-.")}
#: Names at the ends of lines stand apart by this part of the height at least.
_APART: Final = 0.085
#: What nps.yaml says of factors that nobody named a source of.
SEED: Final = "seed assumption"


def parts_of_outcomes(of: Sections, words: Words, language: str) -> dict[str, Any]:
    """What the template shows, by name."""
    return {
        "stays": Markup(_curve(of.stays, words, language)),  # noqa: S704 - drawn by us
        "cohorts": [_cohort(name, of.cohorts, words, language) for name in COHORTS if _has(name, of.cohorts)],
        "referral": [_referral(row, words, language) for row in of.referral],
        "forecast": _forecast(of.forecast, words, language),
    }


def _has(cohort: str, rows: Sequence[Row]) -> bool:
    """Whether there is more than one band to compare."""
    return len([row for row in rows if row["cohort"] == cohort and row["band_days"] is not None]) > 1


def _cohort(cohort: str, rows: Sequence[Row], words: Words, language: str) -> Row:
    bands = words["bands"]
    drawn = [
        {**row, "name": bands.get(row["band"]) or named(row["band"], words)}
        for row in rows
        # Very few of whom nothing is known would make the scale of all others small.
        if row["cohort"] == cohort and (row["band_days"] is not None or not row["is_low_sample"])
    ]
    return {"name": words[cohort], "chart": Markup(dots(drawn, partial(points, language=language), words[cohort]))}  # noqa: S704


def _referral(row: Row, words: Words, language: str) -> Row:
    said = words["seed_assumption"] if row["source_of_factor"] == SEED else row["source_of_factor"]
    factors = {name: _factor(row[f"per_{name}"], language) for name in ("promoter", "detractor")}
    return {**row, "about": words["referral_about"].format(source=said, **factors)}


def _factor(value: float, language: str) -> str:
    return whole(value, language) if value == round(value) else points(value, language, signed=True)


def _forecast(rows: Sequence[Row], words: Words, language: str) -> Row | None:
    """The forecast of each branch by the model that erred least on quarters that it had not seen."""
    if not rows:
        return None
    best = min(rows, key=lambda row: (row["backtest_mae"], row["model"]))
    write = partial(points, language=language)
    period = of_period(Period.of(best["period_grain"], best["period_start"]), language)
    about = words["forecast_about"].format(
        period=period, error=write(best["backtest_mae"]), naive=write(best["naive_mae"])
    )
    by_score = words["forecast_with_score" if best["beats_without_nps"] else "forecast_without_score"]
    chosen = [{**row, "name": named(row["name"], words)} for row in rows if row["model"] == best["model"]]
    return {"about": f"{about} {by_score}", "rows": chosen}


def _curve(rows: Sequence[Row], words: Words, language: str) -> str:
    """Shares of clients who have not cancelled, as steps that fall, each with its interval; nothing where nobody did."""
    if not any(row["events"] for row in rows):
        return ""
    with mpl.rc_context({**STYLE, "svg.hashsalt": "stays"}):
        figure, axes = axes_of(2.9)
        ends: list[tuple[float, str, str]] = []
        for category, (colour, dashes) in _LINES.items():
            found = [row for row in rows if row["category"] == category]
            if not found:
                continue
            days = [row["day"] for row in found]
            stay = [row["survival"] for row in found]
            low, high = ([row[end] if row[end] is not None else row["survival"] for row in found]
                         for end in ("survival_low", "survival_high"))  # fmt: skip
            axes.fill_between(days, low, high, step="post", color=colour, alpha=0.13, linewidth=0)
            axes.step(days, stay, where="post", color=colour, linestyle=dashes, linewidth=1.7)
            ends.append((stay[-1], f"{words[f'{category}s']} {share(stay[-1], language)}", colour))
        horizontal(axes, lambda value: share(value, language))
        axes.set_xlabel(words["stays_days"])
        _name_ends(axes, sorted(ends))
        return svg(figure, words["stays"])


def _name_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """The names of lines beside their ends, the lowest first, none over another."""
    low, high = axes.get_ylim()
    below = -1.0
    for value, text, colour in ends:
        below = max((value - low) / (high - low), below + _APART)
        axes.annotate(text, (1.01, below), xycoords="axes fraction", color=colour, va="center")
