"""Whether a file holds what clients did: orders, sales, cancellations, and no answers.

Here: the headings by which such files are known, and what nps.yaml would have to say of them. Not here: what a row means
(`transforms.rows.activity`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.adapters.ids import id_heading
from pipelines.adapters.row_marks import ticks
from pipelines.adapters.words import said
from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.columns.money import decimal_of, is_money
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.others.which import Client, client_of, which
from pipelines.sniff.proposal.date_formats import dates_block
from pipelines.sniff.sniffed import Findings
from transforms.rows.activity import EXCLUDED, KINDS

#: A column of so many texts says what rows are, and not what each is about.
_MOST_KINDS: Final = 12
#: So many columns of what became of a letter make a list of letters.
_FEWEST_STEPS: Final = 2
_WHEN: Final = "says when the client bought or left, as far as figures by month go"
_KIND: Final = (
    "says what a row is, and whether it counts (rows that another one says do not count, leave out of the export)"
)
_AMOUNT: Final = "holds what the client paid for the row as a whole"


@dataclass(frozen=True)
class ActivityColumns:
    """The columns of a file of what clients did."""

    columns: dict[str, int | str]
    """Of each canonical column which one it is, or the question."""
    client: Client
    kinds: Sequence[Seen]
    """What may say of each row what it is, or what became of it; where nothing does, all are `default`."""
    default: str
    """`purchase` or `cancel`; a question where a column speaks of cancellations, but not in all rows."""
    decimal: str | None
    """What stands before the decimals; a question where nobody can tell; None where nothing need be said."""


def activity_columns(found: Findings) -> ActivityColumns | None:
    """The columns of a file of orders or cancellations; None where it is none."""
    headings = [heading for each in found.columns for heading in each.headings]
    if any(each.filled and each.is_called("score_named") for each in found.columns) or _is_of_letters(found):
        return None
    client = client_of(found)
    money = [each for each in found.columns if each.speaks_of("amount") and is_money(each)]
    is_left = said("cancellation", found.stem, *headings) is not None
    is_bought = bool(money) and said("purchase", found.stem, *headings) is not None
    when = _when(found)
    if is_left and not is_bought and all(len(when) == 1 and _is_end(each) and not each.blank for each in when):
        # What stands beside a cancellation is no revenue.
        money = []
    if client is None or not when or not (is_bought or (is_left and not money)):
        return None
    told: dict[str, int | str] = {client.by: client.name, "occurred_at": which(when, _WHEN)}
    used = [*client.columns, *when, *money]
    numbers = [each for each in found.columns if each not in used and _is_number(each)]
    if numbers:
        # Of several, one that no two rows share tells all rows apart.
        number = min(numbers, key=lambda each: len(each.counts) < each.filled)
        told = {"activity_id": number.name, **told}
        used.append(number)
    kinds = [each for each in found.columns if _says_kind(each) and each not in used] if is_bought else []
    told |= {"kind": which(kinds, _KIND)} if kinds else {}
    told |= {"amount": which(money, _AMOUNT)} if money else {}
    currency = next((each for each in found.columns if each.speaks_of("currency")), None)
    told |= {"currency": currency.name} if currency and currency not in money else {}
    default = "purchase" if is_bought else _all_left(found, when)
    return ActivityColumns(told, client, kinds, default, decimal_of(money[0]) if money else None)


def _is_of_letters(found: Findings) -> bool:
    """Whether it says of letters that they were opened or clicked: who unsubscribes from these is no client who left."""
    steps = [each for each in found.columns if each.is_called("letter_step")]
    return len(steps) >= _FEWEST_STEPS


def activity_lines(found: Findings, told: ActivityColumns) -> Iterator[Line | Block]:
    """What nps.yaml says of the file beside how it is read."""
    by = told.client
    yield Block("columns", [by.line if name == by.by else Line(name, each) for name, each in told.columns.items()])
    if not told.kinds:
        yield Block("defaults", [Line("kind", told.default)])
    elif any(text.strip().lower() not in (*KINDS, EXCLUDED) for each in told.kinds for text, _ in each.counts):
        texts = "; or of ".join(map(_texts_of, told.kinds))
        yield Line(
            "kinds",
            f"? What do the texts of {texts}? Write each below purchase, renewal, refund, cancel or "
            "excluded, such as {purchase: [sale], excluded: [draft]}",
        )
    if told.decimal:
        yield Line("decimal", told.decimal)
    yield from dates_block([each for each in found.dates if each.column in _when(found)])


def _when(found: Findings) -> list[Seen]:
    """The columns of dates that may say when it was: those that speak of a purchase or cancellation, if there are any."""
    spoken = [each for each in found.dates if each.column.speaks_of(*_DEEDS)]
    return [each.column for each in spoken or found.dates]


def _all_left(found: Findings, when: Sequence[Seen]) -> str:
    """`cancel`, where each row is one; a question where a column may speak of some rows alone: `Refusal reason` of deals."""
    spoken = [each for each in found.columns if _is_end(each)]
    if said("cancellation", found.stem) or any(not each.blank for each in spoken) or any(map(_is_end, when)):
        return "cancel"
    return (
        (
            f"? Is each row a client who left? {spoken[0].pasted} says so, and is empty in {spoken[0].blank:,} of "
            f"{spoken[0].rows:,} rows. If each is, write cancel; else export those who left into a file of their own"
        )
        if spoken
        else "cancel"
    )


def _is_end(column: Seen) -> bool:
    return column.speaks_of("cancellation")


def _is_number(column: Seen) -> bool:
    """Whether it numbers orders: by its heading; or it speaks of them, and hardly any two cells are alike."""
    told = id_heading(*column.headings)
    is_said = told is not None and told.is_said and told.whose == "order_or_device"
    return is_said or (column.speaks_of("purchase") and len(column.counts) > column.filled / 2)


def _says_kind(column: Seen) -> bool:
    """Whether it may say what a row is, what became of it, or that it is a test or deleted."""
    if not 0 < len(column.counts) <= _MOST_KINDS:
        return False
    is_told = column.speaks_of("deed_kind", "deed_state")
    return is_told or bool(ticks(column.headings, [text for text, _ in column.counts]))


def _texts_of(column: Seen) -> str:
    """What stands in a column of kinds, most first."""
    most = sorted(column.counts, key=lambda each: (-each[1], each[0]))[:_MOST_KINDS]
    return f"{column.pasted} mean: " + ", ".join(f"{quoted(text)} ({rows:,})" for text, rows in most)


_DEEDS: Final = ("cancellation", "purchase")
