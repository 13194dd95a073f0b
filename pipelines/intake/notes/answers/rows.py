"""What is odd about the rows of a file by their counts: how many there are, and in dumps and lists what they lack.

Here: files of any kind, tickets and what clients did. Not here: answers (`doubts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.intake.notes.answers.unlisted import unlisted_outcomes
from pipelines.shown import counted
from warehouse.intake.tally import Tally
from warehouse.lake.ledgers import TICKETS

#: As many rows as sheets hold, with a heading or two or without, and as other programmes write at most.
_LIMITS: Final = frozenset(
    {16_383, 16_384, *range(65_533, 65_537), *range(1_048_573, 1_048_577)}
    | {first * 10**zeros for first in (1, 2, 5) for zeros in (4, 5, 6)} | {5_000, 25_000, 250_000}
)  # fmt: skip


def odd_number_of_rows(tally: Tally) -> Iterator[str]:
    """What people should know of a file without rows, or of as many as a programme writes at most."""
    if not tally.rows_read:
        yield "It has no rows. If it should have any, export it again."
    if tally.rows_read in _LIMITS:
        yield (
            f"It has {tally.rows_read:,} rows, which is as many as some programmes export at most. If it was cut off there, "
            "the rest is lost: export it in parts. If there were so many, all is well."
        )


def unread_tickets(tally: Tally) -> Iterator[str]:
    """What people should know of a dump of tickets of which not all rows can be read."""
    if tally.rejected:
        says = "says" if tally.rejected == 1 else "say"
        yield (
            f"{tally.rejected:,} of its {tally.rows_read:,} rows {says} nothing of any case: a date cannot be read or "
            f"is missing, or neither answer nor client is named. See them with: nps rejects --source {TICKETS}"
        )
    if tally.backwards:
        were = "was" if tally.backwards == 1 else "were"
        yield (
            f"{tally.backwards:,} of its tickets {were} closed or called about before being opened, or closed before "
            f"anybody called (the first: row {tally.first_backwards:,}). They count as they stand, so hours and calls in "
            "time may be wrong. Do opened_at, first_contact_at and closed_at of nps.yaml name the right columns, and "
            "dates.formats day and month in the right order? Else mend the file."
        )
    yield from odd_number_of_rows(tally)
    yield from unlisted_outcomes(tally, "of tickets", "Counted as closed with no outcome that is known")


def odd_activity(name: str, tally: Tally) -> Iterator[str]:
    """What people should know of a file of what clients did, or a list of them."""
    if tally.rejected:
        yield (
            f"{counted(tally.rejected, 'row')} of {tally.rows_read:,} cannot be read, and "
            f"{'counts' if tally.rejected == 1 else 'count'} nowhere. See them with: nps rejects --source {name}"
        )
    yield from odd_number_of_rows(tally)
    yield from unlisted_outcomes(tally, "of what clients did", "Not counted", what="a kind")
    if tally.lines:
        yield (
            f"{counted(tally.lines, 'row')} have their activity_id with another row of the file: they count as lines of one "
            "order, and their amounts are added. If they are the same order twice, mend the file."
        )
    if tally.taken_back:
        are, they = (
            ("is a purchase", "it counts as a refund")
            if tally.taken_back == 1
            else ("are purchases", "they count as refunds")
        )
        yield (
            f"{counted(tally.taken_back, 'row')} {are} with an amount below 0: {they}, so the client bought nothing by it. "
            "If the file writes all purchases with a minus, as ledgers do, turn its amounts round."
        )
    if tally.amountless:
        yield (f"{counted(tally.amountless, 'row')} have no amount: they count as purchases, and in no revenue.")
