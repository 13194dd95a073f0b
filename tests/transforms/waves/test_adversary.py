"""Somebody who knows the code tries what they can on waves that closed: subtraction, enumeration, our own mistakes.

Not here: whether auditor and enumeration agree (`test_groups`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.waves import choice
from transforms.waves.audit import is_open
from transforms.waves.closing import Closed, close
from transforms.waves.groups import counts_of, groups_of, hidden_from, is_told_apart, shown_as
from transforms.waves.worlds import walks

TABLES = {
    "by_region": ("region",), "by_branch": ("branch",), "by_department": ("department",), "by_manager": ("manager",),
    "by_region_department": ("region", "department"), "by_branch_department": ("branch", "department"),
}  # fmt: skip
MINIMUM = 5
DIMENSIONS = ["region", "branch", "department", "manager"]


def organisation(seed: int, branches: int, departments: int, managers: int, largest: int = 12) -> pl.DataFrame:
    """Parts of 0 to `largest` people each, some of whom do not answer."""
    dice = Random(seed)  # noqa: S311 - the same every time
    rows = []
    for branch in range(branches):
        for department in range(departments):
            mood = dice.choice(["dup", "dup", "dduup", "pppu", "p"])
            for manager in range(managers):
                answers = [dice.choice(mood) for _ in range(dice.randint(0, largest) // managers)]
                d, u, p = (answers.count(kind) for kind in "dup")
                names = (f"R{branch // 2}", f"B{branch}", f"D{department}", f"M{(branch + manager) % 4}")
                rows += [(*names, d + u + p, p, u, d, 0, dice.randint(0, 2))] if answers else []
    counts = ["responses", "promoters", "passives", "detractors", "nonstandard_responses", "silent"]
    return pl.DataFrame(rows, schema=[*DIMENSIONS, *counts], orient="row").group_by(DIMENSIONS).sum().sort(DIMENSIONS)


def subtracted(shown: Sequence[frozenset[int]]) -> Iterator[frozenset[int]]:
    """What follows from shown groups by taking one, two or three that share nobody from another."""
    for whole in shown:
        inside = [group for group in shown if group < whole]
        for number in (1, 2, 3):
            for taken in combinations(inside, number):
                if sum(map(len, taken)) == len(frozenset[int]().union(*taken)):
                    yield whole.difference(*taken)


def hides(parts: pl.DataFrame, closed: Closed, minimum: int = MINIMUM) -> bool:
    """Whether no group that is shown or follows by subtraction is small or alike."""
    true = counts_of(parts)
    shown = [frozenset(range(len(true))), *(group.parts for group in closed.groups)]
    told = [group for group in (*shown, *subtracted(list(dict.fromkeys(shown)))) if group]
    return not closed.groups or all(is_told_apart(true[sorted(group)].sum(axis=0).tolist(), minimum) for group in told)


@law(8)
@given(st.integers(0, 1 << 30), st.integers(1, 4), st.integers(1, 4), st.integers(1, 2))
def test_no_small_or_unanimous_group_is_shown_or_follows_by_subtraction(
    seed: int, branches: int, departments: int, managers: int
) -> None:
    parts = organisation(seed, branches, departments, managers)
    if parts.height:
        assert hides(parts, close(parts, TABLES, MINIMUM))


@pytest.mark.parametrize("seed", range(1))
def test_who_knows_the_algorithm_cannot_tell_which_hidden_part_is_which(seed: int) -> None:
    """Of the worlds that agree with what is shown, those in which the same would have been shown leave every part open."""
    parts = organisation(seed, 4, 2, 1)
    closed, true = close(parts, TABLES, MINIMUM), counts_of(parts)
    told = shown_as([group.parts for group in closed.groups], len(true))
    shown = {(group.mart, group.members) for group in closed.groups}
    same = [true]
    for world in walks(true, told, steps=200)[1:9]:
        otherwise = parts.with_columns(
            detractors=world[:, 0], passives=world[:, 1], promoters=world[:, 2], silent=world[:, 3]
        ).with_columns(responses=pl.sum_horizontal("detractors", "passives", "promoters"))
        found = close(otherwise.with_columns(pl.col("responses").cast(pl.Int64)), TABLES, MINIMUM)
        same += [world] if {(group.mart, group.members) for group in found.groups} == shown else []
    assert len(same) > 1
    is_shown = {frozenset(group.tolist()) for group in told}
    for part in range(len(true)):
        if frozenset([part]) not in is_shown and true[part, :3].sum() > 1:
            assert len({tuple(world[part].tolist()) for world in same}) > 1, part


# Mistakes of ours: each is planted in what chooses, and the gate, which shares nothing with it, finds what comes of it.


def nothing(*_: object, **__: object) -> None:
    """In place of what leaves groups out."""


def anything(*_: object, **__: object) -> bool:
    return True


@pytest.mark.parametrize(
    ("mutated", "says"),
    [
        ({"settle": nothing}, "what is left beside shown groups is not looked at"),
        ({"_may_stand": anything, "settle": nothing}, "small and unanimous groups are shown"),
    ],
)
def test_the_gate_finds_what_a_mistake_in_the_choice_would_show(
    mutated: dict[str, object], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, instead in mutated.items():
        monkeypatch.setattr(choice._Table, name, instead)  # noqa: SLF001 - the mistake is planted there
    monkeypatch.setattr(choice, "leaks", lambda *_: [])
    found = 0
    for seed in range(3):
        parts = organisation(seed, 4, 3, 1)
        groups, true = groups_of(parts, TABLES), counts_of(parts)
        told = choice.shown(groups, true, MINIMUM)
        gate = is_open(true, shown_as([g.parts for g in told], len(true)), hidden_from(groups, len(true)), MINIMUM)
        if not hides(parts, Closed("shown", told)):
            assert gate, says
            found += 1
        assert hides(parts, close(parts, TABLES, MINIMUM)), "and the wave goes out without it"
    assert found, says


def test_without_the_auditor_the_gate_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "leaks", lambda *_: [])
    outcomes = [close(organisation(seed, 4, 3, 1), TABLES, MINIMUM) for seed in range(2)]
    monkeypatch.undo()
    for seed, closed in enumerate(outcomes):
        parts = organisation(seed, 4, 3, 1)
        groups, true = groups_of(parts, TABLES), counts_of(parts)
        told = shown_as([group.parts for group in closed.groups], len(true))
        assert not is_open(true, told, hidden_from(groups, len(true)), MINIMUM)


def test_an_unanimous_branch_of_a_hundred_is_not_shown() -> None:
    parts = organisation(3, 4, 2, 1)
    alike = pl.col("branch") == "B1"
    everybody = parts.with_columns(
        promoters=pl.when(alike).then(50).otherwise("promoters"),
        passives=pl.when(alike).then(0).otherwise("passives"),
        detractors=pl.when(alike).then(0).otherwise("detractors"),
    ).with_columns(responses=pl.sum_horizontal("detractors", "passives", "promoters"))
    closed = close(everybody.cast({"responses": pl.Int64}), TABLES, MINIMUM)
    assert ("B1",) not in {group.members for group in closed.groups}
    assert hides(everybody, closed)
