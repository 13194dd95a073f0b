"""A report for the company, each region and each branch, and a page that leads to them: plain files, no script, no network.

Here: which pages there are, and their names. Not here: what a report says (`pipelines.pages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import Environment, StrictUndefined

from pipelines.errors import UserError
from pipelines.pages.figures import Figures, Subject, figures
from pipelines.pages.numbers import clock, filters, named, of_period
from pipelines.pages.report import page
from pipelines.pages.written import written
from pipelines.report.cells import Period
from warehouse.published.query import Ask

INDEX: Final = "index.html"
#: Pages of a site of before, which may be of branches that are no more.
_OURS: Final = ("company.html", "region-*.html", "branch-*.html")


@dataclass(frozen=True)
class Page:
    """A report of the site."""

    file: str
    figures: Figures


def write_site(ask: Ask, folder: Path, language: str, timezone: str) -> int:
    """Write all pages into a folder, all of one publication; gives how many. Raises `UserError`.

    Each page takes the place of the one before at once, the one that leads to them last.
    """
    pages = list(_pages(ask))
    for each in pages:
        html = page(each.figures, language, timezone)
        written(folder / each.file, lambda path, html=html: path.write_text(html, "utf-8"))  # type: ignore[misc]
    index = _index(pages, language, timezone)
    written(folder / INDEX, lambda path: path.write_text(index, "utf-8"))
    kept = {each.file for each in pages}
    for old in (file for pattern in _OURS for file in folder.glob(pattern) if file.name not in kept):
        old.unlink()
    return len(pages) + 1


def _pages(ask: Ask) -> Iterator[Page]:
    company = figures(ask, Subject(), None)
    yield Page("company.html", company)
    taken: set[str] = set()
    for dimension in ("region", "branch"):
        members = ask(f"select distinct {dimension} from marts.nps_by_{dimension} order by {dimension}").to_series()  # noqa: S608
        for member in members:
            if found := _found(ask, Subject(dimension, member), company.period):
                yield Page(_file(dimension, member, taken), found)


def _found(ask: Ask, subject: Subject, period: Period) -> Figures | None:
    """Of the same period as the company, or of the last one that it has. None where none of its periods has ended."""
    for each in (period, None):
        with suppress(UserError):
            return figures(ask, subject, each)
    return None


def _file(dimension: str, member: str, taken: set[str]) -> str:
    """A name that every file system bears; where two are alike the second has a number."""
    plain = f"{dimension}-{re.sub(r'[^a-z0-9]+', '-', member.casefold()).strip('-') or 'x'}"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name)
    return f"{name}.html"


def _index(pages: list[Page], language: str, timezone: str) -> str:
    words = yaml.safe_load((files("pipelines.pages") / "words.yaml").read_text("utf-8"))[language]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= filters(language)
    first, *others = pages
    html: str = environment.from_string((files(__package__) / "index.html").read_text("utf-8")).render(
        language=language,
        words=words,
        company=_row(first, words, language),
        groups={
            dimension: sorted(
                (_row(each, words, language) for each in others if each.figures.subject.dimension == dimension),
                key=lambda row: -row["head"]["nps"],
            )
            for dimension in ("region", "branch")
        },
        published=clock(first.figures.published["published_at"], language, timezone),
    )
    return html


def _row(each: Page, words: dict[str, str], language: str) -> dict[str, Any]:
    subject = each.figures.subject
    return {
        "file": each.file,
        "name": named(subject.name, words) or words["company"],
        "period": of_period(each.figures.period, language),
        "head": each.figures.headline,
    }
