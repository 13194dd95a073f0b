"""Ids that several rows of a file share, each with one score: a row for each leg of a call or line of an order.

Here: the note on a file that is in. Not here: counting such rows (`transforms.rows.told_again`), the question about a
first file (`pipelines.sniff.several.told_again`), answers that have a time in common (`repeated`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.adapters.ids import id_heading
from pipelines.adapters.words import said
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.beside import Beside, Told
from pipelines.intake.once import LEGS
from transforms.rows.told_again import rows_again, rows_of_a_day

_FEWEST: Final = 20
_NEARLY: Final = 0.9
_AN_ID: Final = r"^[^\s@]*\d[^\s@]*$"
_A_DATE: Final = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|^\d{1,2}:\d{2}"
_OF_PEOPLE: Final = ("email", "phone", "ip_address", "person_name")


def told_by_legs(beside: Beside, source: Source) -> Told:
    """Rows that have the id and the score of one above them, in a file of which nothing else says who answered."""
    if beside.used_as or {"respondent", "response_id"} & {*source.columns} or _names_people(beside):
        return
    text = pl.col("text")
    shares = beside.counting.group_by("file_no").agg(
        pl.len(), filled=(text != "").sum(), different=text.filter(text != "").n_unique(),
        ids=(text.str.contains(_AN_ID) & ~text.str.contains(_A_DATE)).sum(),
    )  # fmt: skip
    is_possible = (pl.col("len") >= _FEWEST) & (pl.col("different") < pl.col("filled"))
    may_be = shares.filter(is_possible & (pl.col("ids") >= _NEARLY * pl.col("filled")))["file_no"]
    for (number,), rows in beside.counting.filter(pl.col("file_no").is_in(may_be.implode())).group_by("file_no"):
        if of_a_day := rows_of_a_day(rows.rename({"text": "id"}), ["apart"]):
            note = (
                f"{of_a_day:,} of {rows.height:,} answers are of one day with another one {LEGS} '{beside.heading.label}', "
                "of another score, as where each key, question or attempt of a call is a row. Each counts. If the last of "
                "them is the answer, read response_id from that column; if they answer different questions, name this one "
                "under where; if each is an answer of its own, all is well."
            )
            yield int(str(number)), note
        elif again := rows_again(rows["text"], rows["score"]):
            note = (
                f"{again:,} of {rows.height:,} answers have the score of another one {LEGS} '{beside.heading.label}', "
                "as where each leg of a call or each line of an order is a row. Each counts. If those rows are one "
                "answer, read response_id from that column; if each is an answer of its own, all is well."
            )
            yield int(str(number)), note


def _names_people(beside: Beside) -> bool:
    heading = id_heading(*beside.names)
    is_person = heading is not None and heading.whose == "person"
    return is_person or any(said(topic, *beside.names) for topic in _OF_PEOPLE)
