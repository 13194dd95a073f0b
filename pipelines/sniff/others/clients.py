"""Whether a file lists clients: since when they are, what they are worth, who sent them; and no answers.

Here: the headings by which such lists are known, and what nps.yaml would have to say of them. Not here: lists of accounts by
branch and industry (`lookups`), what a list means (`transforms.rows.clients`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipelines.adapters.words import said
from pipelines.sniff.columns.facts import Seen
from pipelines.sniff.columns.money import decimal_of, is_money
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.others.invitations import may_hold_scores
from pipelines.sniff.others.which import Client, client_of
from pipelines.sniff.proposal.date_formats import dates_block
from pipelines.sniff.sniffed import Findings

#: What a column may be called with one word, where nothing is told of clients that changes: branch, industry.
_BARE: Final = {"first_seen": "since_named", "value": "value_named", "acquisition": "channel"}
_CHANGING: Final = ("branch", "region", "industry", "department", "manager")
#: Columns that only a list of clients has, and the topics that their headings speak of.
_TELLING: Final = {"first_seen": "client_since", "value": "client_value", "referred_by": "referred_by"}


@dataclass(frozen=True)
class ClientColumns:
    """The columns of a list of clients."""

    client: Client
    columns: dict[str, Seen]
    """Beside the client."""
    since: DateColumn | None


def client_columns(found: Findings) -> ClientColumns | None:
    """The columns of a list in which each row is another client; None where the file is none, or may hold answers."""
    columns = _told(found)
    others = [each for each in found.columns if each not in columns.values()]
    rest = replace(found, columns=others, every_row=others)
    client = client_of(rest)
    headings = [found.stem, *(each for of in found.columns for each in of.headings)]
    if columns.keys().isdisjoint(_TELLING) or client is None or may_hold_scores(rest) or said("employee", *headings):
        return None
    if any(each.blank or len(each.counts) != each.rows for each in client.columns[:1]):
        return None
    since = next((each for each in found.dates if each.column is columns.get("first_seen")), None)
    return ClientColumns(client, columns, since)


def _told(found: Findings) -> dict[str, Seen]:
    columns: dict[str, Seen] = {}
    dated = [each.column for each in found.dates]
    for name, topic in (*_TELLING.items(), ("acquisition", "acquisition")):
        told = (each for each in found.columns if each.speaks_of(topic) and each not in columns.values())
        fits = [each for each in told if _fits(name, each, dated)]
        columns |= {name: fits[0]} if fits else {}
    changes = any(each.speaks_of(*_CHANGING) for each in found.columns)
    if changes:
        return columns
    bare = _bare(found, dated)
    since = bare.get("first_seen")
    # Beside a value or who sent them, `Since` alone says since when they are clients.
    beside = {"first_seen": since} if since and since not in columns.values() else {}
    return {**beside, **columns} if columns else bare


def _bare(found: Findings, dated: list[Seen]) -> dict[str, Seen]:
    """Columns called `Since`, `Value`, `Channel` and no more: of clients where all others only name these."""
    columns: dict[str, Seen] = {}
    for name, topic in _BARE.items():
        told = (each for each in found.columns if each.is_called(topic))
        fits = [each for each in told if each not in columns.values() and _fits(name, each, dated)]
        columns |= {name: fits[0]} if fits else {}
    return columns if "first_seen" in columns else {}


def _fits(name: str, column: Seen, dated: list[Seen]) -> bool:
    if name == "first_seen":
        return column in dated
    return is_money(column) if name == "value" else column.filled > 0


def client_lines(told: ClientColumns) -> Iterator[Line | Block]:
    """What nps.yaml says of the list beside how it is read."""
    yield Block("columns", [told.client.line, *(Line(name, each.name) for name, each in told.columns.items())])
    decimal = decimal_of(told.columns["value"]) if "value" in told.columns else None
    if decimal:
        yield Line("decimal", decimal)
    yield from dates_block([told.since])
