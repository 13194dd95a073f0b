"""Somebody who knows everything that is published, and the code, tries to find out employees, in thousands of small waves.

`python -m proofs.employees --waves 2000` runs it. Small organisations are enumerated: each world that agrees with what is
shown, also when one answer is known, and those of them in which the same would have been shown. Then mistakes are planted in
what chooses, and the same attacker must find what they give away. It shares nothing with the auditor: sums over tables of
worlds, no exchanges and no solver. Not here: waves of thousands of people (`benchmarks.waves`).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import polars as pl

from proofs.told import NotProvedError
from transforms import choice, closing
from transforms.closing import Closed, close

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
_CLOSED: Final = 40
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
    counted = parts.with_columns(responses=pl.sum_horizontal(KINDS), nonstandard_responses=pl.lit(0))
    return close(counted, TABLES, MINIMUM)


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


def narrow(true: Worlds, before: Worlds, after: Worlds, hidden: Sequence[Sequence[int]]) -> bool:
    """Whether a hidden group is closer known than it may be, by what is shown or by that and any one answer."""
    insiders = [None, *zip(*(each.tolist() for each in np.nonzero(true)), strict=True)]
    for known in insiders:
        old, new = (found if known is None else found[found[:, known[0], known[1]] > 0] for found in (before, after))
        answers = np.array([true[list(group)].sum() - (known is not None and known[0] in group) for group in hidden])
        need = np.minimum(np.where(answers > 2, 2, 1)[:, None], widths(old, hidden))  # noqa: PLR2004 - two apart from three on
        if (widths(new, hidden) < need).any():
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


def same(
    parts: pl.DataFrame, found: Closed, agreeing: Worlds, hidden: Sequence[Sequence[int]], need: np.ndarray
) -> str:
    """Whether hidden counts are open, pinned or unsettled among the worlds in which the same would have been shown."""
    order = np.random.default_rng(len(agreeing)).permutation(len(agreeing))
    alike = [parts.select(KINDS).to_numpy()]
    for place in order[:_CLOSED]:
        world = agreeing[place]
        otherwise = parts.with_columns(pl.Series(kind, world[:, at]) for at, kind in enumerate(KINDS))
        alike += [world] if shown_by(closed(otherwise)) == shown_by(found) else []
        if (widths(np.array(alike), hidden) >= need).all():
            return "open"
    return "pinned" if len(order) <= _CLOSED else "unsettled"


def attack(seed: int, found: Found, *, knows_code: bool = True) -> None:
    """Try everything on one wave."""
    parts = organisation(np.random.default_rng(seed))
    if parts.is_empty():
        return
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
        outcome = same(parts, shown, after, hidden, np.minimum(1, widths(before, hidden)))
        found.counts[f"{outcome} to who knows the code"] += 1
        if outcome == "pinned":
            found.leaks.append(f"wave {seed}: a group that is not shown can be worked out by who knows the code")


def nothing(*_: object, **__: object) -> None:
    """In place of what leaves groups out."""


#: Mistakes, planted in what chooses and in the gate: what of which module is replaced, and by what.
PLANTED: Final[dict[str, dict[tuple[Any, str], Any]]] = {
    "small and unanimous groups are shown": {
        (choice._Table, "_may_stand"): lambda *_: True, (choice._Table, "settle"): nothing,  # noqa: SLF001
        (choice, "leaks"): lambda *_: [], (closing, "is_open"): lambda *_: False,
    },
    "what is left beside shown groups is not looked at": {
        (choice._Table, "settle"): nothing, (choice, "leaks"): lambda *_: [],  # noqa: SLF001
        (closing, "is_open"): lambda *_: False,
    },
    "nobody audits": {(choice, "leaks"): lambda *_: [], (closing, "is_open"): lambda *_: False},
}  # fmt: skip


def planted(seeds: Sequence[int]) -> Iterator[str]:
    """That each mistake is found; raises `NotProvedError` for one that is not."""
    for says, instead in PLANTED.items():
        found = Found()
        patches = [patch.object(where, name, other) for (where, name), other in instead.items()]
        for each in patches:
            each.start()
        for seed in seeds:
            attack(seed, found, knows_code=False)
        for each in patches:
            each.stop()
        if not found.leaks:
            raise NotProvedError(f"the attacker does not find that {says}")
        yield f"planted, {says}: {len(found.leaks)} leaks in {found.counts['waves']} waves"


def prove(waves: int, seed: int = 0) -> Iterator[str]:
    """Sentences about so many waves; raises `NotProvedError` where one of them gives anybody away."""
    found, began = Found(), time.process_time()
    for each in range(seed, seed + waves):
        attack(each, found)
    yield ", ".join(f"{number} {what}" for what, number in found.counts.items())
    yield f"{(time.process_time() - began) / waves:.2f} CPU s a wave"
    if found.leaks:
        raise NotProvedError("; ".join(found.leaks[:5]) + f" ({len(found.leaks)} in all)")
    yield from planted(range(seed, seed + min(waves, 300)))


def main() -> int:
    """Prove it, of as many waves as are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0, help="the first of them")
    given = parser.parse_args()
    try:
        for sentence in prove(given.waves, given.seed):
            print(f"employees: {sentence}", flush=True)
    except NotProvedError as error:
        print(f"employees: NOT PROVED: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
