"""The parts of a report that are no scores, ready for the template: funnel, themes, movement, rivals.

Here: rows of `sections` with names in the reader's language, and the steps and sums that a page shows of them. Not here: how
they look (`sections.html`, `charts`, `rivals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from markupsafe import Markup

from pipelines.pages import charts, rivals
from pipelines.pages.numbers import Words, named, of_period, points, short
from pipelines.pages.outcomes import parts_of_outcomes
from pipelines.pages.sections import HORIZON, Row, Sections
from pipelines.report.cells import Period
from transforms.dimensions import OWN

_STEPS: Final = (
    ("invited_people", None), ("deliverable", "delivery_rate"), ("reached", "reach_rate"), ("answered", "cooperation_rate"),
)  # fmt: skip
#: What has no theme, and what has no reason.
_RESTS: Final = ("untagged", "none")
#: Told without colours, too.
_MARKS: Final = {"moved_up": "▲", "stayed": "=", "moved_down": "▼"}
_GROUPS: Final = ("promoters", "passives", "detractors")


def parts(of: Sections, words: Words, language: str, period: Period) -> dict[str, Any]:
    """What the template shows, by name."""
    return {
        "funnel": [_funnel(row, words) for row in of.funnel],
        "costs": of.costs,
        "themes": _why(of.themes, "theme", words, language),
        "reasons": _why(of.reasons, "reason_code", words, language),
        "loop": of.loop,
        "loops": [{**row, "name": named(row["name"], words)} for row in of.loops],
        "outcomes": _outcomes(of.outcomes, words, language),
        **parts_of_outcomes(of, words, language),
        "movement": _movement(of.movement, words),
        "rivals": _rivals(of, words, language, period),
    }


def _funnel(row: Row, words: Words) -> Row:
    """Steps, each with the part of those asked that came so far and the share of the step before."""
    steps = [
        {
            "label": words[name],
            "people": row[name],
            "width": 100 * row[name] / row["invited_people"],
            "share": row[rate] if rate else None,
        }
        for name, rate in _STEPS
        # Where nothing says who could not be asked, that is no step.
        if name != "deliverable" or row["undeliverable"]
    ]
    return {**row, "steps": steps}


def _why(rows: Sequence[Row], of: str, words: Words, language: str) -> Row | None:
    if all(row[of] in _RESTS for row in rows):
        return None
    named_rows = [{**row, "name": named(row[of], words), "is_rest": row[of] in _RESTS} for row in rows]
    drawn = [
        {**row, "effect": row["impact"], **_interval(row)}
        for row in named_rows
        if row["impact"] is not None and not row["is_rest"]
    ]
    write = partial(points, language=language, signed=True)
    return {"rows": named_rows, "chart": _chart(charts.effects(drawn, write, words[f"{of.removesuffix('_code')}s"]))}


def _interval(row: Row) -> Row:
    return {} if row["impact_ci_low"] is None else {"interval": (row["impact_ci_low"], row["impact_ci_high"])}


def _outcomes(rows: Sequence[Row], words: Words, language: str) -> Row | None:
    if not rows:
        return None
    period = Period.of(rows[0]["period_grain"], rows[0]["period_start"])
    about = words["outcomes_about"].format(days=HORIZON, period=of_period(period, language))
    return {"about": about, "rows": [{**row, "name": words[f"{row['category']}s"]} for row in rows]}


def _movement(rows: Sequence[Row], words: Words) -> Row | None:
    """How many people are in each place, and how many of them rose, fell and stayed."""
    if not rows:
        return None
    people = {(row["from_group"], row["to_group"]): row["people"] for row in rows}
    whole = sum(people.values())
    by_way = {way: sum(number for (was, now), number in people.items() if _way(was, now) == way) for way in _MARKS}
    table = [
        {
            "label": words[was],
            "cells": [{"people": people.get((was, now), 0), **_told(_way(was, now))} for now in _GROUPS],
            "people": sum(people.get((was, now), 0) for now in _GROUPS),
        }
        for was in _GROUPS
    ]
    ways = [
        {"label": words[way], "people": number, "share": number / whole, **_told(way)} for way, number in by_way.items()
    ]
    return {"table": table, "heads": [words[now] for now in _GROUPS], "ways": ways, "people": whole}


def _way(was: str, now: str) -> str:
    place = {name: number for number, name in enumerate(_GROUPS)}
    return "stayed" if was == now else "moved_up" if place[now] < place[was] else "moved_down"


def _told(way: str) -> Row:
    return {"way": way, "mark": _MARKS[way]}


def _rivals(of: Sections, words: Words, language: str, period: Period) -> list[Row]:
    """For each programme that asks about rivals: its brands now, and a chart of them over time."""
    programmes = list(dict.fromkeys(row["programme"] for row in of.rivals))
    found = []
    for programme in programmes:
        now, before = (_called([row for row in rows if row["programme"] == programme], words)
                       for rows in (of.rivals, of.rivals_before))  # fmt: skip
        starts = sorted({row["period_start"] for row in before})
        labels = [short(Period.of(period.grain, start), language) for start in starts]
        drawn = rivals.lines(before, labels, partial(points, language=language), f"{words['rivals']} {programme}")
        found.append({"programme": programme if len(programmes) > 1 else "", "brands": now, "chart": _chart(drawn)})
    return found


def _called(rows: Sequence[Row], words: Words) -> list[Row]:
    return [{**row, "name": named(row["brand"], words), "is_own": row["brand"] == OWN} for row in rows]


def _chart(drawn: str) -> Markup:
    return Markup(drawn)  # noqa: S704 - drawn by us, of names that the library has escaped
