"""A report: one page of HTML that needs nothing else, for those who do not ask a database.

Here: words, numbers and charts put into their places. Not here: which figures (`figures`, `sections`), how numbers are
written (`numbers`), how charts are drawn (`charts`), the command (`pipelines.cli.files`). Nothing is computed but shares of
what stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from pipelines.pages import charts
from pipelines.pages.figures import Figures, Row
from pipelines.pages.numbers import clock, count, day, filters, named, of_period, points, short
from pipelines.pages.parts import parts
from pipelines.report.cells import Period
from pipelines.shown import shown
from transforms.own_yaml import own_yaml

LANGUAGES: Final = ("en", "hr", "pl", "ru")
_PARTS: Final = {"promoters": charts.BLUE, "passives": "#dfe1e5", "detractors": charts.RED}


def page(figures: Figures, language: str, timezone: str, about: str = "") -> str:
    """The page of a report, in one of `LANGUAGES`; clocks are those of the business timezone.

    `about` stands in its head, for programs.
    """
    words = _words()[language]
    head = figures.headline
    html: str = template(language).render(
        language=language,
        about=about,
        words=words,
        name=named(figures.subject.name, words) or words["company"],
        period=of_period(figures.period, language),
        headline=head,
        verdict=words[_verdict(head)],
        split=[_part(head, name, words) for name in _PARTS],
        ends=_ends(figures, words),
        trend=_trend(figures, words, language),
        groups=_groups(figures, words, language),
        branches_now=_branches_now(figures, words, language),
        drivers=_drivers(figures, words, language),
        employees=figures.employees,
        left_out=[{**row, "says": words["why"].get(row["reason"], row["reason"])} for row in figures.left_out],
        published=clock(figures.published["published_at"], language, timezone),
        data_through=day(figures.published["data_through"], language),
        version=figures.published["code_version"],
        **parts(figures.sections, words, language, figures.period),
    )
    # Of names that files brought nothing may turn the text behind it around.
    return shown(html, lines=True)


def template(language: str, name: str = "report.html") -> Any:  # noqa: ANN401 - a template of jinja2
    """A page, or a part of one, that writes numbers as a language has them."""
    here = FunctionLoader(lambda name: (files(__package__) / name).read_text("utf-8"))
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=here)
    made.filters |= filters(language)
    return made.get_template(name)


def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = own_yaml("pipelines.pages", "words.yaml")
    return found


def _called(rows: Sequence[Row], words: Mapping[str, Any]) -> list[Row]:
    return [{**row, "name": named(row["name"], words)} for row in rows]


def _verdict(head: Row) -> str:
    if head["is_significant"] is None:
        return "untested"
    if not head["is_significant"]:
        return "same"
    return "rose" if head["change"] > 0 else "fell"


def _part(head: Row, name: str, words: Mapping[str, str]) -> dict[str, Any]:
    share = head[name] / head["responses"]
    return {"name": name, "label": words[name], "answers": head[name], "share": share, "colour": _PARTS[name]}


def _ends(figures: Figures, words: Mapping[str, Any]) -> list[Row]:
    """The best and the worst of the branches that are ranked, or else of industries."""
    of = next((figures.groups[name] for name in ("branch", "industry") if name in figures.groups), [])
    ranked = _called([row for row in of if row["rank"] is not None], words)
    if len(ranked) < 2:  # noqa: PLR2004 - one is neither
        return []
    return [{**ranked[at], "label": words[label]} for label, at in (("strongest", 0), ("weakest", -1))]


def _trend(figures: Figures, words: Mapping[str, Any], language: str) -> Markup:
    labels = [short(Period.of("month", row["period_start"]), language) for row in figures.trend]
    return _chart(charts.trend(figures.trend, labels, partial(points, language=language), words["trend"]))


def _groups(figures: Figures, words: Mapping[str, Any], language: str) -> list[Row]:
    write, whole = partial(points, language=language), figures.headline["nps"]
    return [
        {"dimension": name, "chart": _chart(charts.dots(_called(rows, words), write, words[name], whole))}
        for name, rows in figures.groups.items()
    ]


def _branches_now(figures: Figures, words: Mapping[str, Any], language: str) -> str:
    """What to know of a region whose branches of today had other answers than it has: some have moved, or are not shown."""
    answers, of_region = (
        sum(row["responses"] for row in figures.groups.get("branch", ())),
        figures.headline["responses"],
    )
    if figures.subject.dimension != "region" or answers == of_region:
        return ""
    said: str = words["branches_now"].format(count=count(answers, language), all=count(of_region, language))
    return said


def _drivers(figures: Figures, words: Mapping[str, Any], language: str) -> Markup:
    write = partial(points, language=language, signed=True)
    return _chart(charts.effects(_called(figures.drivers, words), write, words["drivers"]))


def _chart(drawn: str) -> Markup:
    return Markup(drawn)  # noqa: S704 - drawn by us, of names that the library has escaped
