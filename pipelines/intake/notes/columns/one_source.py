"""Many answers of a file that come from one hand: one address, one who asked, the mail of one firm.

Here: the notes on them; nobody is shown. Employees are left aside, whom such a sentence could tell. Not here: one id that
many answers share, of which but one counts (`pipelines.report`), branches (`parts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pipelines.adapters.words import plain, said
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.beside import Beside, Told
from pipelines.intake.once import IT_SAYS, ONE_FIRM, ONE_MIND, ONE_PLACE
from transforms.scores.shapes import FEWEST, all_alike, shapes_of, together, without

#: So many answers, and such a share of all, are of one address, where most addresses have one answer or two.
_SEVERAL: Final = 20
_PART: Final = 0.05
_FEW: Final = 2
#: The mail of one firm: so many answers, where most others are of the public's, and of no other firm there are so many.
_STAFF: Final = 10
_PUBLIC: Final = 0.5
_OTHERS: Final = 4
_DOMAIN: Final = r"^[^@\s]+@([^@\s]+\.[^@\s]+)$"
_BROWSER: Final = "user agent"
_WHO: Final = ("agent", "entered_by", "interviewer", "ip_address")


def from_one_place(beside: Beside, source: Source) -> Told:
    """One internet address with very many answers."""
    if source.metric == "enps" or not said("ip_address", *beside.names):
        return
    filled = beside.counting.filter(pl.col("text") != "")
    many = filled.group_by("file_no", "text").len()
    by_file = many.group_by("file_no").agg(
        pl.col("len").max().alias("most"), pl.col("len").median().alias("usual"), pl.col("len").sum()
    )
    for number, most, usual, answers in by_file.sort("file_no").iter_rows():
        if most >= max(_SEVERAL, _PART * answers) and usual <= _FEW:
            note = (
                f"{most:,} of {answers:,} answers {ONE_PLACE} '{beside.heading.label}'. Each counts. If one person or "
                "machine gave them, take their rows out of the file; if it is the address of a shop, an office or a "
                "terminal, all is well."
            )
            yield number, note


def of_one_mind(beside: Beside, source: Source) -> Told:
    """One who asked, or one address, whose answers are all alike, as those of the others are not."""
    if source.metric == "enps" or not _tells_who(beside):
        return
    filled = beside.counting.filter(pl.col("text") != "").filter(pl.len().over("file_no") >= FEWEST)
    for (number,), rows in filled.group_by("file_no", maintain_order=True):
        shapes = shapes_of(rows.select(name="text", number="answer"))
        every = together(shapes.values())
        for _, part in sorted(shapes.items()):
            given = all_alike(part, without(every, part))
            if given:
                low, high = given
                said_so = f"{low}" if low == high else f"{low} or {high}"
                note = (
                    f"All {sum(part):,} {ONE_MIND} '{beside.heading.label}' are {said_so}, as chance hardly has it beside "
                    "those of the others. Each counts. If they were made up, given in place of clients, or asked of "
                    "chosen ones only, take their rows out of the file; else all is well."
                )
                yield int(str(number)), note
                break


def of_staff(beside: Beside, source: Source) -> Told:
    """The mail of one firm amid that of the public: the company's own people, perhaps."""
    if source.metric == "enps":
        return
    addresses = beside.counting.filter(pl.col("text").str.contains("@", literal=True))
    if addresses.is_empty():
        return
    domain = pl.col("text").str.to_lowercase().str.extract(_DOMAIN, 1)
    rows = addresses.select("file_no", domain=domain).drop_nulls()
    rows = rows.filter(pl.len().over("file_no") >= 2 * _STAFF)
    for (number,), own in rows.group_by("file_no", maintain_order=True):
        many = own["domain"].value_counts(sort=True)
        is_public = _are_public(many["domain"].to_list())
        public, firms = many.filter(is_public), many.filter(~is_public)
        if firms.is_empty() or public["count"].sum() < _PUBLIC * own.height:
            continue
        name, first = firms.row(0)
        second = firms.row(1)[1] if firms.height > 1 else 0
        if first >= max(_STAFF, _PART * own.height, _OTHERS * second):
            note = (
                f"{first:,} of {own.height:,} answers {ONE_FIRM} '{beside.heading.label}', while most others are of the "
                "public's. Each counts. If they are of your own people or of testers, take their rows out of the file; "
                f"if they are of a client, all is well.{IT_SAYS}{name}."
            )
            yield int(str(number)), note


def _are_public(domains: Sequence[str]) -> pl.Series:
    """Which domains give mail to everybody."""
    return pl.Series([said("public_mail", each) is not None for each in domains], dtype=pl.Boolean)


def _tells_who(beside: Beside) -> bool:
    if beside.used_as:
        return beside.used_as == "agent"
    is_browser = any(_BROWSER in plain(each) for each in beside.names)
    return not is_browser and any(said(topic, *beside.names) for topic in _WHO)
