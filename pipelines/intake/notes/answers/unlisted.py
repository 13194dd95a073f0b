"""Texts that nps.yaml does not list: labels of scores, and outcomes of attempts, tickets and deeds.

Here: saying what to write. Not here: which texts are listed (`transforms.scores`, `transforms.contact_status`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.config.sources import Source
from pipelines.shown import counted, in_quotes
from transforms.scores.scales import Scale
from warehouse.intake.tally import Tally

_SHOWN: Final = 5
_REPEATED: Final = 3
_LONGEST: Final = 40
#: How the note on labels that nothing knows begins.
UNLISTED: Final = "Unreadable scores:"


def unlisted_labels(source: Source, scale: Scale, tally: Tally) -> Iterator[str]:
    """What to write where labels repeat that nothing knows."""
    found = [(text, number, rows) for text, number, rows in tally.labels if number in scale.answers]
    if not found:
        return
    words = ", ".join(f"{in_quotes(text)}: {number}" for text, number, _ in found)
    rows, what = sum(rows for *_, rows in found), "a text" if len(found) == 1 else f"{len(found)} texts"
    yield (
        f"{UNLISTED} {rows:,} rows hold {what} with a number, which may be a label. If the number is the answer, write "
        f"below scales: in nps.yaml (only the words, where the scale stands there already): "
        f"{source.scale}: {{words: {{{words}}}}}"
    )


def unlisted_outcomes(tally: Tally, which: str, become: str, what: str = "an outcome") -> Iterator[str]:
    """What people should know of outcomes that nothing lists: which rows say them, and what becomes of these.

    What stands once or twice may be what somebody wrote, and is not shown.
    """
    blank = sum(rows for text, rows in tally.outcomes if not text)
    if blank:
        yield (
            f"{counted(blank, 'row')} {which} {'has' if blank == 1 else 'have'} no outcome: it is blank. {become}. If it "
            "means something else, write '' below that."
        )
    told = [(text, rows) for text, rows in tally.outcomes if text]
    if not told:
        return
    shown = [f"{in_quotes(text)} ({rows:,})" for text, rows in told if rows >= _REPEATED and len(text) <= _LONGEST]
    said = f", such as {', '.join(shown[:_SHOWN])}" if shown else ""
    rows = sum(rows for _, rows in told)
    yield (
        f"{counted(rows, 'row')} {which} {'says' if rows == 1 else 'say'} {what} that nps.yaml does not list{said}. "
        f"{become}. Write each below what it means."
    )
