"""What a wave of employees shows by group when it closes, also where earlier publications told something of it before.

Here: from the parts of a wave to what the ledger keeps. Not here: which groups leave the others hidden
(`transforms.waves.choice`), the ledger itself (`warehouse.published.waves`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from transforms.waves.audit import is_open, leaks
from transforms.waves.chance import left_out
from transforms.waves.choice import shown
from transforms.waves.groups import (
    Group,
    counts_of,
    groups_of,
    hidden_from,
    is_told_apart,
    shown_as,
)
from transforms.waves.worlds import Counts

#: shown; withheld: what it would show tells too much; lost: the ledger lacks what was shown of it; compromised: what was
#: told of it before differs from what is counted now; renamed: another closed wave showed these answers.
Outcome = Literal["shown", "withheld", "lost", "compromised", "renamed"]
Parts = frozenset[int]


@dataclass(frozen=True)
class Told:
    """What earlier publications told of a wave, as groups of its parts."""

    groups: frozenset[Parts] = frozenset()
    """Whose counts they told, of this wave alone."""
    suspected: frozenset[Parts] = frozenset()
    """Whose counts may follow from figures of several waves together."""
    differs: bool = False
    """Whether something that they told is not what is counted now."""


@dataclass(frozen=True)
class Closed:
    """What a wave shows."""

    outcome: Outcome
    groups: list[Group] = field(default_factory=list)
    withheld: dict[str, int] = field(default_factory=dict)
    """Table: how many of its groups are not shown."""
    compromised: int = 0
    """How many groups could be worked out from what earlier publications told."""
    shown_as: tuple[str, date] | None = None
    """The wave that shows these answers already."""


def told_of(parts: pl.DataFrame, rows: pl.DataFrame) -> Told:
    """`rows` of a wave as `warehouse.published.earlier.Earlier.told` has them, as groups of its `parts`."""
    groups: set[Parts] = set()
    suspected: set[Parts] = set()
    placed = parts.with_row_index("part")
    for by, named in rows.filter("is_same").group_by("by"):
        names = list(by[0])
        found = placed.group_by(pl.concat_list(names).alias("members")).agg("part")
        for is_alone, part in named.join(found, on="members").select("is_alone", "part").iter_rows():
            (groups if is_alone else suspected).add(frozenset(part))
    return Told(frozenset(groups), frozenset(suspected), differs=not rows.get_column("is_same").all())


def lost(parts: pl.DataFrame, tables: Mapping[str, Sequence[str]]) -> Closed:
    """A wave of which the ledger lacks what it showed: counted anew, it would differ from copies that others keep."""
    return _closed("lost", [], groups_of(parts, tables))


def renamed(shown_as: tuple[str, date]) -> Closed:
    """A wave of which another one showed the answers, that count there no more: what it shows stays.

    It keeps a row of no table, so that what the other one shows is not taken for a part of a month or a quarter.
    """
    return Closed("renamed", shown_as=shown_as)


def close(parts: pl.DataFrame, tables: Mapping[str, Sequence[str]], minimum: int, told: Told | None = None) -> Closed:
    """The groups that a wave shows.

    What was told before is known to everybody. Where it gives hidden groups away, only groups that were told are shown: that
    tells nobody more. Where it differs from what is counted now, nothing is: the difference would be single answers.
    """
    told = told or Told()
    groups, true = groups_of(parts, tables), counts_of(parts)
    if told.differs:
        return _closed("compromised", [], groups)
    known = told.groups | told.suspected
    given_away = _given_away(groups, true, minimum, known)
    if given_away:
        groups_told = {mart: [group for group in found if group.parts in told.groups] for mart, found in groups.items()}
        candidates, known = groups_told, frozenset()
    else:
        candidates = groups
    let_out = shown(candidates, true, minimum, groups, known, by_chance=left_out(parts, groups))
    beside, hidden = shown_as(known, len(true)), hidden_from(groups, len(true))
    is_withheld = False
    while let_out and is_open(true, shown_as([group.parts for group in let_out], len(true)), hidden, minimum, beside):
        # The finest table goes first.
        let_out, is_withheld = [group for group in let_out if group.mart != let_out[-1].mart], True
    if is_withheld and not let_out:
        return _closed("withheld", [], groups, given_away)
    return _closed("shown", let_out, groups, given_away)


def _given_away(groups: Mapping[str, Sequence[Group]], true: Counts, minimum: int, known: Iterable[Parts]) -> int:
    """How many groups earlier publications give away: too small or too much alike, or to be worked out from others."""
    told = [group for group in known if len(group) < len(true)]
    if not told:
        return 0
    bare = [group for group in told if not is_told_apart(true[sorted(group)].sum(axis=0).tolist(), minimum)]
    return len(bare) + len(leaks(true, shown_as(told, len(true)), hidden_from(groups, len(true))))


def _closed(
    outcome: Outcome, let_out: list[Group], groups: Mapping[str, Sequence[Group]], compromised: int = 0
) -> Closed:
    withheld = {mart: len(found) - sum(group.mart == mart for group in let_out) for mart, found in groups.items()}
    return Closed(outcome, let_out, withheld, compromised)
