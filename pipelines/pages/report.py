"""A report: one page of HTML that needs nothing else, for those who do not ask a database.

Here: words, numbers and charts put into their places. Not here: which figures (`figures`), how they are drawn (`charts`),
the command (`pipelines.cli.files`). Nothing is computed but the shares of the three groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from pipelines.pages import charts
from pipelines.pages.figures import Figures, Row
from pipelines.report.cells import Period
from transforms.dimensions import UNKNOWN

LANGUAGES: Final = ("en", "hr", "pl", "ru")
_PARTS: Final = {"promoters": charts.BLUE, "passives": "#dfe1e5", "detractors": charts.RED}


def page(figures: Figures, language: str, timezone: str) -> str:
    """The page of a report, in one of `LANGUAGES`; clocks are those of the business timezone."""
    words = _words()[language]
    points, change = partial(_points, language=language), partial(_points, language=language, signed=True)
    filters: dict[str, Callable[..., str]] = {
        "points": points,
        "change": change,
        "count": partial(format_decimal, locale=language),
        "share": partial(format_percent, format="#,##0 %" if language != "en" else "#,##0%", locale=language),
    }
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters |= filters
    template = made.from_string((files(__package__) / "report.html").read_text("utf-8"))
    head, whole = figures.headline, figures.headline["nps"]
    return template.render(
        language=language,
        words=words,
        name=_name(figures.subject.name, words) or words["company"],
        period=_period(figures.period, language),
        headline=head,
        verdict=words[_verdict(head)],
        split=[_part(head, name, words) for name in _PARTS],
        trend=_trend(figures, words, language, points),
        groups=[
            {"dimension": name, "chart": _chart(charts.dots(_called(rows, words), points, words[name], whole))}
            for name, rows in figures.groups.items()
        ],
        drivers=_chart(charts.effects(_called(figures.drivers, words), change, words["drivers"])),
        employees=figures.employees,
        left_out=figures.left_out,
        published=_clock(figures.published["published_at"], language, timezone),
        data_through=format_date(figures.published["data_through"], "long", locale=language),
        version=figures.published["code_version"],
    )


def _words() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load((files(__package__) / "words.yaml").read_text("utf-8"))
    return found


def _called(rows: Sequence[Row], words: Mapping[str, str]) -> list[Row]:
    return [{**row, "name": _name(row["name"], words)} for row in rows]


def _name(name: str, words: Mapping[str, str]) -> str:
    return words["unknown"] if name == UNKNOWN else name


def _points(value: float, language: str, *, signed: bool = False) -> str:
    # No minus before what is rounded to 0, and the sign of that name, which is as wide as a plus.
    written: str = format_decimal(round(value, 1) + 0.0, "+0.0;-0.0" if signed else "0.0", locale=language)
    return written.replace("-", "\N{MINUS SIGN}")


def _verdict(head: Row) -> str:
    if head["is_significant"] is None:
        return "untested"
    if not head["is_significant"]:
        return "same"
    return "rose" if head["change"] > 0 else "fell"


def _part(head: Row, name: str, words: Mapping[str, str]) -> dict[str, Any]:
    share = head[name] / head["responses"]
    return {"name": name, "label": words[name], "answers": head[name], "share": share, "colour": _PARTS[name]}


def _trend(figures: Figures, words: Mapping[str, str], language: str, points: charts.Points) -> Markup:
    labels = [format_date(row["period_start"], "LLL\ny", locale=language) for row in figures.trend]
    return _chart(charts.trend(figures.trend, labels, points, words["trend"]))


def _chart(drawn: str) -> Markup:
    return Markup(drawn)  # noqa: S704 - drawn by us, of names that the library has escaped


def _period(period: Period, language: str) -> str:
    if period.grain == "quarter":
        quarters = Locale(language).quarters["format"]["wide"]
        return f"{quarters[(period.start.month + 2) // 3]} {period.start.year}"
    written: str = format_skeleton({"month": "yMMMM", "year": "y"}[period.grain], period.start, locale=language)
    return written


def _clock(at: Any, language: str, timezone: str) -> str:  # noqa: ANN401 - as the published file has it
    local = at.astimezone(ZoneInfo(timezone))
    return f"{format_date(local, 'long', locale=language)}, {format_time(local, 'short', locale=language)}"
