"""An attacker who knows all that is shown of a small wave of employees, and the code: what they can find out.

Small organisations are enumerated: each world that agrees with what is shown, also when one answer is known, and those of
them in which the same would have been shown. It shares nothing with the auditor: sums over tables of worlds, no exchanges
and no solver. Not here: how many waves are attacked, and mistakes that are planted (`proofs.employees`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from math import prod
from typing import Final
from unittest.mock import patch

import numpy as np
import polars as pl

from transforms.waves import chance, closing
from transforms.waves.closing import Closed, close
from transforms.waves.groups import groups_of, is_told_apart

TABLES: Final = {
    "by_region": ("region",), "by_branch": ("branch",), "by_department": ("department",), "by_manager": ("manager",),
    "by_branch_department": ("branch", "department"),
}  # fmt: skip
NAMES: Final = ("region", "branch", "department", "manager")
KINDS: Final = ("detractors", "passives", "promoters")
#: The least that nps.yaml may say: of small organisations something is shown then.
MINIMUM: Final = 3
_MOST_WORLDS: Final = 100_000
#: So many other worlds are closed, to see whether the same would have been shown.
_CLOSED: Final = 100
#: So many of the scores that a world may have are to draw the same.
_MANY: Final = 20
Worlds = np.ndarray
"""`worlds, parts, kinds`."""


@dataclass
class Found:
    """What came of the waves."""

    counts: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)


def organisation(random: np.random.Generator) -> pl.DataFrame:
    """Two to six parts of up to seven people, most of them of several minds."""
    branches, departments = [(1, 3), (2, 1), (2, 2), (2, 2), (3, 1), (3, 2), (4, 1)][random.integers(7)]
    most = 8 if branches * departments < 5 else 5  # noqa: PLR2004 - so that their worlds can be enumerated
    rows = []
    for branch, department in product(range(branches), range(departments)):
        mood = random.dirichlet([1.0 + 3 * random.integers(3)] * 3)
        answers = random.multinomial(random.integers(most // 3, most), mood).tolist()
        names = (f"R{branch // 2}", f"B{branch}", f"D{department}", f"M{(branch + department) % 3}")
        rows += [(*names, *answers)] if sum(answers) else []
    return pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String) | dict.fromkeys(KINDS, pl.Int64), orient="row")


def closed(parts: pl.DataFrame) -> Closed:
    """What is shown of them."""
    return close(counted(parts), TABLES, MINIMUM)


def counted(parts: pl.DataFrame) -> pl.DataFrame:
    """Parts as a closing wave has them."""
    return parts.with_columns(responses=pl.sum_horizontal(KINDS), nonstandard_responses=pl.lit(0))


def every_group(parts: pl.DataFrame) -> list[tuple[int, ...]]:
    """All groups of all tables, and all parts, as places of parts."""
    found = {(place,) for place in range(parts.height)}
    for by in TABLES.values():
        found |= {
            tuple(places) for (places,) in parts.with_row_index("at").group_by(by).agg("at").select("at").iter_rows()
        }
    return sorted(found)


def worlds(true: Worlds, told: Sequence[Sequence[int]]) -> Worlds | None:
    """Every world in which each part has its people and each told group its counts; None where there are too many."""
    sums = [true[list(group)].sum(axis=0) for group in told]
    found = np.zeros((1, 0, len(KINDS)), np.int64)
    for part, people in enumerate(true.sum(axis=1).tolist()):
        ways = np.array([(d, u, people - d - u) for d in range(people + 1) for u in range(people + 1 - d)])
        if len(found) * len(ways) > 8 * _MOST_WORLDS:
            return None
        found = np.concatenate([np.repeat(found, len(ways), axis=0), np.tile(ways, (len(found), 1))[:, None]], axis=1)
        for group, wanted in zip(told, sums, strict=True):
            seen = found[:, [each for each in group if each <= part]].sum(axis=1)
            is_whole = max(group) <= part
            found = found[(seen == wanted).all(axis=1) if is_whole else (seen <= wanted).all(axis=1)]
    return found if len(found) <= _MOST_WORLDS else None


def widths(found: Worlds, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """How far each count of each group may be from itself: `groups, kinds`."""
    return np.array([np.ptp(found[:, list(group)].sum(axis=1), axis=0) for group in groups])


def needed(
    true: np.ndarray, before: Worlds, hidden: Sequence[Sequence[int]], known: tuple[int, int] | None = None
) -> np.ndarray:
    """How far each count of each hidden group must be from itself: no further than the whole alone leaves it."""
    answers = np.array([true[list(group)].sum() - (known is not None and known[0] in group) for group in hidden])
    return np.asarray(np.minimum(np.where(answers > 2, 2, 1)[:, None], widths(before, hidden)))  # noqa: PLR2004 - two apart from three on


def narrow(true: Worlds, before: Worlds, after: Worlds, hidden: Sequence[Sequence[int]]) -> bool:
    """Whether a hidden group is closer known than it may be, by what is shown or by that and any one answer."""
    insiders = [None, *zip(*(each.tolist() for each in np.nonzero(true)), strict=True)]
    for known in insiders:
        old, new = (found if known is None else found[found[:, known[0], known[1]] > 0] for found in (before, after))
        if (widths(new, hidden) < needed(true, old, hidden, known)).any():
            return True
    return False


def is_bare(true: Worlds, told: Sequence[Sequence[int]]) -> bool:
    """Whether a told group, or one told less others inside of it, is small or alike."""
    sums = {frozenset(group) for group in told}
    for _ in range(2):
        sums |= {one - other for one, other in product(sums, sums) if other < one}
    counts = [true[sorted(group)].sum(axis=0) for group in sums if group]
    return any(each.sum() < MINIMUM or each.max() >= each.sum() - 1 for each in counts)


def shown_by(found: Closed) -> set[tuple[str, tuple[str, ...]]]:
    """The names of what is shown."""
    return {(group.mart, group.members) for group in found.groups}


def scored(parts: pl.DataFrame, world: np.ndarray, random: np.random.Generator) -> pl.DataFrame:
    """The parts as a world has them, with scores of 0 to 10 that nobody is told."""
    sums = [
        int(random.integers(0, 7, d).sum() + random.integers(7, 9, u).sum() + random.integers(9, 11, p).sum())
        for d, u, p in world.tolist()
    ]
    return parts.with_columns(
        *(pl.Series(kind, world[:, at]) for at, kind in enumerate(KINDS)), pl.Series("score_sum", sums, pl.Int64)
    )


def same(
    parts: pl.DataFrame, found: Closed, agreeing: Worlds, hidden: Sequence[Sequence[int]], need: np.ndarray
) -> str:
    """Whether hidden counts are open, pinned or unsettled among the worlds in which the same would have been shown."""
    order = np.random.default_rng(len(agreeing)).permutation(len(agreeing))
    alike = parts.select(KINDS).to_numpy()[None]
    closed_ones = 0
    for world in agreeing[order]:
        more = np.concatenate([alike, world[None]])
        if (np.minimum(widths(more, hidden), need) == np.minimum(widths(alike, hidden), need)).all():
            continue
        closed_ones += 1
        alike = more if could_be(parts, found, world) else alike
        if (widths(alike, hidden) >= need).all():
            return "open"
        if closed_ones == _CLOSED:
            return "unsettled"
    return "pinned"


def could_be(parts: pl.DataFrame, found: Closed, world: np.ndarray) -> bool:
    """Whether the same would have been shown of a world, with one at least of the scores that it may have.

    What is left out for no reason is drawn by these scores, as good as at random: where there are many more of them than it
    takes to draw what is missing and nothing else, one does.
    """
    otherwise = parts.with_columns(pl.Series(kind, world[:, at]) for at, kind in enumerate(KINDS))
    groups = {group.parts: group for group in chain.from_iterable(groups_of(counted(otherwise), TABLES).values())}
    told = {group.parts for group in found.groups if len(group.parts) < len(world)}
    missing = {each for each in groups if each not in told and len(each) < len(world)}
    drawn = {each for each in missing if is_told_apart(groups[each].counts[3:0:-1], MINIMUM)}
    draws = {each: chance.chance(groups[each].counts[0]) for each in groups}
    spared = prod(1 + 6 * d + u + p for d, u, p in world.tolist()) * prod(1 - draws[each] for each in told)

    def leads_to_it(instead: set[frozenset[int]]) -> bool:
        with patch.object(closing, "left_out", lambda *_: instead):
            return shown_by(closed(otherwise)) == shown_by(found)

    if leads_to_it(set()):
        return bool(spared >= _MANY)
    if not leads_to_it(drawn):
        return False
    left = [drawn]
    while left and spared * prod(draws[one] for one in drawn) < _MANY:
        some = left.pop()
        if leads_to_it(drawn - some):
            drawn -= some
        elif len(some) > 1:
            ordered = sorted(some, key=sorted)
            left += [set(ordered[::2]), set(ordered[1::2])]
    return bool(spared * prod(draws[one] for one in drawn) >= _MANY)


def attack(seed: int, found: Found, *, knows_code: bool = True) -> None:
    """Try everything on one wave."""
    random = np.random.default_rng(seed)
    parts = organisation(random)
    if parts.is_empty():
        return
    parts = scored(parts, parts.select(KINDS).to_numpy(), random)
    true, shown = parts.select(KINDS).to_numpy(), closed(parts)
    whole = tuple(range(len(true)))
    told = [whole, *(tuple(sorted(group.parts)) for group in shown.groups)]
    found.counts["waves"] += 1
    if {*told} == {whole}:
        return
    found.counts["of which a group below the company is shown"] += 1
    hidden = [group for group in every_group(parts) if group not in told]
    if is_bare(true, told):
        found.leaks.append(f"wave {seed}: a group that is shown, or is left by subtraction, is small or alike")
    before, after = worlds(true, [whole]), worlds(true, told)
    if before is None or after is None:
        found.counts["of too many worlds to enumerate"] += 1
        return
    found.counts["enumerated"] += 1
    if not hidden:
        return
    if narrow(true, before, after, hidden):
        found.leaks.append(f"wave {seed}: a group that is not shown can be worked out")
    if knows_code:
        outcome = same(parts, shown, after, hidden, needed(true, before, hidden))
        found.counts[f"{outcome} to who knows the code"] += 1
        if outcome == "pinned":
            found.leaks.append(f"wave {seed}: a group that is not shown can be worked out by who knows the code")
