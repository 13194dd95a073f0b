"""Attacks on employees by what changes later, and across waves: late answers, corrections, erasures, quarters.

What was published before and after is one table of counts to the attacker, in which an answer that came, changed or went
has a row of its own, and each month its rows. Two people change at once, as the company's own figure tells what one alone
did (docs/privacy.md). One who enumerates all worlds, and shares nothing with the code, and the auditor look at the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from proofs.attacker import KINDS, Worlds, closed, counted, every_group, narrow, organisation, scored, worlds
from transforms.waves.audit import leaks
from warehouse.engine import frame_table
from warehouse.lake.store import Lake
from warehouse.published import waves

SEEDS = range(12)
SEEDS_OF_QUARTERS = range(24)
#: What becomes of two answers after a wave has closed: whether they were there before, and are after.
EVENTS = {"late answers": (False, True), "corrections": (True, True), "erasures": (True, False)}
JANUARY = date(2025, 1, 1)
Groups = list[tuple[int, ...]]


@dataclass(frozen=True)
class Known:
    """What somebody knows who kept all that was ever published."""

    true: np.ndarray
    first: Groups
    """What is told of the company, and of groups by what was published first, or of each month alone."""
    later: Groups
    """What is told by group beside."""
    hidden: Groups
    before: Worlds
    after: Worlds

    def worked_out(self) -> bool:
        """Whether one who enumerates all worlds finds out more by what is told later."""
        return narrow(self.true, self.before, self.after, self.secret)

    def audited(self, told: Groups) -> int:
        """How many groups the auditor finds open to who is told this."""
        true = np.column_stack([self.true, np.zeros(len(self.true), np.int64)])
        every = [np.arange(len(true)), *map(np.array, told)]
        return len(leaks(true, every, [*map(np.array, self.secret)]))

    @property
    def secret(self) -> Groups:
        return [group for group in self.hidden if group not in {*self.first, *self.later}]


def shown(parts: pl.DataFrame) -> Groups:
    return [tuple(sorted(group.parts)) for group in closed(parts).groups if len(group.parts) < parts.height]


def counts(parts: pl.DataFrame, rows: np.ndarray) -> pl.DataFrame:
    return parts.with_columns(pl.Series(kind, rows[:, at]) for at, kind in enumerate(KINDS))


def nights(ledgers: Iterable[Path], every: Iterable[pl.DataFrame]) -> list[list[tuple[set[str], tuple[int, ...]]]]:
    """What each night shows by group of one wave: the names of a group, and its counts."""
    found = []
    for ledger, parts in zip(ledgers, every, strict=True):
        facts = counted(parts).with_columns(survey=pl.lit("staff"), month=pl.lit(JANUARY), metric=pl.lit("enps"))
        with duckdb.connect() as connection:
            frame_table(connection, "facts", facts)
            connection.execute("create table about as select date '2025-06-01' as today")
            connection.execute(
                "create table dimension_versions as select 'branches' as dimension, branch as member_key, "
                "any_value(region) as region, date '2000-01-01' as valid_from, date '2100-01-01' as valid_to "
                "from facts group by branch"
            )
            waves.close_waves(connection, Lake(ledger), waves.Closing(7, 3, datetime(2025, 6, 1, tzinfo=UTC), []))
            rows = connection.execute(
                "select members, detractors, passives, promoters from waves where kind = 'group'"
            ).fetchall()
        found.append([({*members}, tuple(counts)) for members, *counts in rows])
    return found


def changed(seed: int, ledgers: Iterable[Path], *, was_there: bool, is_there: bool) -> Known | None:
    """A wave in which two people of two branches, a detractor and a promoter, answer later, otherwise or not at all."""
    parts = organisation(np.random.default_rng(seed))
    rest = parts.select(KINDS).to_numpy().copy()
    if not len(rest) or not (rest[:, 0] > 1).any() or not (rest[:, 2] > 1).any():
        return None
    at = [int(np.argmax(rest[:, 0] > 1)), int(len(rest) - 1 - np.argmax(rest[::-1, 2] > 1))]
    if at[0] == at[1]:
        return None
    # Who changes is taken out of a part; what they said before and after are answers of their own.
    rest[at, [0, 2]] -= 1
    single = np.eye(3, dtype=np.int64)
    true, published = rest, [[[place] for place in range(len(rest))] for _ in range(2)]
    nobody = single[:0]
    answers = [single[[0, 2]] if was_there else nobody, single[[1, 1] if was_there else [0, 2]] if is_there else nobody]
    for said, places in zip(answers, published, strict=True):
        for part, answer in zip(at, said, strict=bool(len(said))):
            places[part].append(len(true))
            true = np.concatenate([true, answer[None]])
    sums = [np.array([true[part].sum(axis=0) for part in places]) for places in published]
    shown_then = nights(ledgers, [scored(parts, each, np.random.default_rng(seed)) for each in sums])
    told: list[Groups] = [[], []]
    for night, groups in enumerate(shown_then):
        for names, counts_shown in groups:
            group = [place for place, row in enumerate(parts.rows()) if names <= {*row}]
            # A figure is of the answers that it adds up to.
            is_first = tuple(sums[0][group].sum(axis=0)) == counts_shown
            told[night] += stacked(published[0 if is_first else 1], [tuple(group)])
    whole = [tuple(sorted(chain.from_iterable(places))) for places in published]
    hidden = [stacked(places, every_group(parts)) for places in published]
    people = [(place,) for place in range(len(rest), len(true))]
    first, later = [*whole, *told[0]], [group for group in told[1] if group not in told[0]]
    before, after = worlds(true, first), worlds(true, [*first, *later])
    if not told[0] or before is None or after is None:
        return None
    return Known(true, first, later, sorted({*chain(*hidden), *people}), before, after)


def stacked(places: list[list[int]], groups: Iterable[tuple[int, ...]]) -> Groups:
    return [tuple(sorted(chain.from_iterable(places[part] for part in group))) for group in groups]


def quarter(seed: int, *, sums_what_is_hidden: bool) -> Known | None:
    """Two months of the same organisation, and sums of groups over both: of those that both show, or that one shows."""
    parts = organisation(np.random.default_rng(seed))
    size, rows = parts.height, parts.select(KINDS).to_numpy()
    if not 2 < size < 5:
        return None
    # In another month each branch answers as the next one of this.
    months = [rows, np.roll(rows, 1, axis=0)]
    shown_in = [shown(counts(parts, each)) for each in months]
    whole = tuple(range(size))
    found = [worlds(each, [whole, *told]) for each, told in zip(months, shown_in, strict=True)]
    one, two = found
    if one is None or two is None or len(one) * len(two) > 90_000:
        return None
    before = np.concatenate([np.repeat(one, len(two), axis=0), np.tile(two, (len(one), 1, 1))], axis=1)
    summed = [
        group
        for group in every_group(parts)
        if (group in shown_in[0]) + (group in shown_in[1]) > 1 - sums_what_is_hidden
    ]
    places = [[[place] for place in range(size)], [[size + place] for place in range(size)]]
    first = list(chain(*(stacked(each, [whole, *told]) for each, told in zip(places, shown_in, strict=True))))
    later = stacked([[*a, *b] for a, b in zip(*places, strict=True)], summed)
    true = np.concatenate(months)
    agree = [(before[:, list(group)].sum(axis=1) == true[list(group)].sum(axis=0)).all(axis=1) for group in later]
    after = before[np.all(agree, axis=0)] if agree else before
    hidden = list(chain(*(stacked(each, every_group(parts)) for each in places)))
    return Known(true, first, later, hidden, before, after)


def attempts(event: str, folder: Path, *, planted: bool) -> Iterator[Known]:
    """Small organisations; planted is that the ledger is lost from night to night, or that quarters sum what is hidden."""
    for seed in SEEDS_OF_QUARTERS if event == "quarters" else SEEDS:
        if event == "quarters":
            known = quarter(seed, sums_what_is_hidden=planted)
        else:
            was_there, is_there = EVENTS[event]
            ledgers = [folder / f"{seed}", folder / f"{seed}{'-lost' if planted else ''}"]
            known = changed(seed, ledgers, was_there=was_there, is_there=is_there)
        if known is not None:
            yield known


@pytest.mark.parametrize("event", [*EVENTS, "quarters"])
def test_nothing_more_follows_from_what_changes_later(event: str, tmp_path: Path) -> None:
    found = [known.worked_out() for known in attempts(event, tmp_path, planted=False)]
    assert found
    assert not any(found)


@pytest.mark.parametrize("event", [*EVENTS, "quarters"])
def test_a_wave_that_closes_anew_or_a_quarter_of_what_is_hidden_is_found_by_both(event: str, tmp_path: Path) -> None:
    found = [known for known in attempts(event, tmp_path, planted=True) if known.worked_out()]
    assert all(known.audited([*known.first, *known.later]) for known in found)
    assert any(known.audited(known.first) < known.audited([*known.first, *known.later]) for known in found)
