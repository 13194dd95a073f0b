"""Groups of employees: none that is not shown can be found out, by somebody who enumerates all worlds; nor is all hidden.

The one who enumerates shares nothing with the code: plain loops over everything that could be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import numpy as np
import polars as pl
import pytest

from tests.support.laws import some_of
from transforms.waves.audit import is_open, leaks
from transforms.waves.choice import shown
from transforms.waves.groups import COUNTS, Group, counts_of, groups_of, hidden_from, is_told_apart, shown_as

TABLES = {
    "by_region": ("region",), "by_branch": ("branch",), "by_department": ("department",),
    "by_region_department": ("region", "department"), "by_branch_department": ("branch", "department"),
}  # fmt: skip
MINIMUM = 5
Counts = tuple[int, int, int, int]
"""Detractors, passives, promoters, silent."""


def wave(parts: dict[tuple[str, str], Counts]) -> pl.DataFrame:
    """The smallest parts of a wave, by branch and department; two branches are a region."""
    rows = [
        {
            "region": f"R{int(branch[1:]) // 2}", "branch": branch, "department": department, "responses": d + u + p,
            "promoters": p, "passives": u, "detractors": d, "nonstandard_responses": 0, "silent": silent,
        }
        for (branch, department), (d, u, p, silent) in parts.items()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def dice_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same every time


def random_wave(dice: Random, branches: int, departments: int, largest: int) -> pl.DataFrame:
    parts = {}
    for branch, department in product(range(branches), range(departments)):
        people = [dice.choice("ddduuupppps") for _ in range(dice.randint(0, largest))]
        if set(people) - {"s"}:
            counts = tuple(people.count(kind) for kind in "dups")
            parts[f"B{branch}", f"D{department}"] = counts
    return wave(parts)  # type: ignore[arg-type]


def of(parts: pl.DataFrame) -> tuple[dict[str, list[Group]], np.ndarray, list[Group]]:
    groups, true = groups_of(parts, TABLES), counts_of(parts)
    return groups, true, shown(groups, true, MINIMUM)


# Worlds, one by one


def splits(people: int) -> Iterator[Counts]:
    for d, u, p in product(range(people + 1), repeat=3):
        if d + u + p <= people:
            yield d, u, p, people - d - u - p


def worlds(true: np.ndarray, told: Sequence[Sequence[int]]) -> Iterator[list[Counts]]:
    """Every world in which the groups `told` have the counts that they have."""
    for world in product(*(list(splits(int(row.sum()))) for row in true)):
        if all(
            sum(world[part][kind] for part in group) == true[list(group), kind].sum()
            for group in told
            for kind in range(4)
        ):
            yield list(world)


def width(seen: Sequence[list[Counts]], group: Sequence[int], kind: int) -> int:
    values = {sum(world[part][kind] for part in group) for world in seen}
    return max(values) - min(values)


def found_out(true: np.ndarray, chosen: Sequence[Sequence[int]], hidden: Sequence[Sequence[int]]) -> bool:
    """Whether enumeration pins a hidden group closer than the whole alone does, also where one answer is known."""
    whole = list(range(len(true)))
    before, after = list(worlds(true, [whole])), list(worlds(true, [whole, *chosen]))
    insiders = [None, *((part, kind) for part in whole for kind in range(3) if true[part, kind])]
    for known in insiders:
        old, new = ([world for world in seen if known is None or world[known[0]][known[1]]] for seen in (before, after))
        for group in hidden:
            answers = true[list(group), :3].sum() - (known is not None and known[0] in group)
            for kind in range(4):
                need = min(2 if answers > 2 else 1, width(old, group, kind))
                if width(new, group, kind) < need:
                    return True
    return False


@pytest.mark.parametrize("seed", some_of(range(10)))
def test_the_auditor_and_one_who_enumerates_all_worlds_agree(seed: int) -> None:
    dice = dice_of(seed)
    true = np.zeros((4, 4), np.int64)
    for part, _ in product(range(4), range(2)):
        true[part, dice.randrange(4)] += 1
    places = [[0, 1], [2, 3], [0, 2], [1, 3], [0], [1], [2], [3]]
    chosen = dice.sample(places, dice.randint(1, 2))
    hidden = [group for group in places if group not in chosen]
    told = [np.arange(4), *map(np.array, chosen)]
    assert bool(leaks(true, told, list(map(np.array, hidden)))) == found_out(true, chosen, hidden)


@pytest.mark.parametrize(
    ("silent", "of_five"), [((0, 0), {5}), ((1, 0), {4, 5}), ((1, 1), {3, 4, 5}), ((2, 2), {1, 2, 3, 4, 5})]
)
def test_headcounts_tell_how_many_took_part_but_not_what_they_said(silent: tuple[int, int], of_five: set[int]) -> None:
    """The example of docs/privacy.md: two hidden departments of five and four people, and what is left for both."""
    true = np.array([(2, 1, 2, 0), (1, 1, 2, 0)])
    for part, number in enumerate(silent):
        for _ in range(number):
            kind = int(true[part, :3].argmax())
            true[part, [kind, 3]] += (-1, 1)
    seen = list(worlds(true, [[0, 1]]))
    assert {sum(five[:3]) for five, _ in seen} == of_five
    # Opinions are as open as to who knows of each who took part, which is what the auditor holds everybody to know.
    who = [world for world in seen if [each[3] for each in world] == [*silent]]
    for part, kind in product(range(2), range(3)):
        assert width(seen, [part], kind) >= width(who, [part], kind) > 0


# What is chosen


@pytest.mark.parametrize("seed", some_of(range(12)))
def test_nothing_that_is_not_shown_can_be_subtracted_and_nothing_alike_is_shown(seed: int) -> None:
    dice = dice_of(seed)
    groups, true, chosen = of(random_wave(dice, dice.randint(1, 5), dice.randint(1, 4), 12))
    told = {frozenset(range(len(true))), *(group.parts for group in chosen)}
    for group in chosen:
        assert is_told_apart(true[sorted(group.parts)].sum(axis=0).tolist(), MINIMUM)
    secret = {group.parts for found in groups.values() for group in found} - told
    for one, other in product(told, told):
        assert one - other not in secret or not other < one
    assert not is_open(
        true, shown_as([group.parts for group in chosen], len(true)), hidden_from(groups, len(true)), MINIMUM
    )


def test_a_small_group_hides_with_the_smallest_of_its_like() -> None:
    sizes = {"D0": (6, 6, 6, 2), "D1": (5, 5, 5, 2), "D2": (4, 4, 4, 2), "D3": (1, 1, 1, 1)}
    _, _, chosen = of(wave({("B0", name): counts for name, counts in sizes.items()}))
    assert {group.members for group in chosen if group.mart == "by_department"} == {("D0",), ("D1",)}


def test_most_employees_are_in_a_group_below_the_company() -> None:
    dice = dice_of(1)
    covered = people = 0
    for _ in range(1):
        _, true, chosen = of(random_wave(dice, 6, 3, 14))
        inside = frozenset[int]().union(*(group.parts for group in chosen if len(group.parts) < len(true)))
        covered, people = covered + int(true[sorted(inside)].sum()), people + int(true.sum())
    assert covered >= 0.8 * people


# Planted mistakes


PLAIN = wave({(f"B{b}", f"D{d}"): (3, 4, 4, 2) for b in range(4) for d in range(2)})


@pytest.mark.parametrize(
    ("planted", "why"),
    [
        ([{0, 1, 2}], "a sibling alone is left of the whole"),
        ([{0, 1}, {0}], "a part is what its branch leaves of the other"),
        ([{0, 1}, {2, 3}, {4, 5}], "the last branch is left"),
        ([{3}], "a group too small"),
    ],
)
def test_the_auditor_finds_what_was_planted(planted: list[set[int]], why: str) -> None:
    groups, true = groups_of(PLAIN, TABLES), counts_of(PLAIN)
    minimum = 5
    if why == "a group too small":
        true[3] = (1, 1, 1, 4)
    if len(planted) == 1 and planted[0] == {0, 1, 2}:
        planted = [set(range(7))]
    told = [np.arange(8), *(np.array(sorted(group)) for group in planted)]
    assert is_open(true, told, hidden_from(groups, 8), minimum), why


def test_a_group_of_which_all_but_one_answer_alike_is_open() -> None:
    groups, true = groups_of(PLAIN, TABLES), counts_of(PLAIN)
    true[0] = (0, 1, 9, 3)
    assert is_open(true, [np.arange(8), np.array([0])], hidden_from(groups, 8), 5)


def test_a_table_whose_groups_are_made_of_those_of_another_comes_before_it() -> None:
    parts = wave({(branch, name): (4, 4, 4, 0) for branch in ("B0", "B1", "B2") for name in ("IT", "HR", "Legal")})
    inside = pl.col("department").replace_strict({"IT": "office", "HR": "people", "Legal": "people"})
    parts = parts.with_columns(division=inside, manager=pl.col("branch") + pl.col("department"))
    tables = {name: (name,) for name in ("manager", "department", "branch", "division")}
    assert [*groups_of(parts, tables)] == ["branch", "division", "department", "manager"]


def test_what_one_table_leaves_out_no_other_shows_by_another_name() -> None:
    for seed in range(3):
        parts = random_wave(dice_of(seed), 4, 3, 8)
        parts = parts.with_columns(manager=pl.col("branch") + pl.col("department"))
        tables = {"pairs": ("branch", "department"), "manager": ("manager",)}
        both = shown(groups_of(parts, tables), counts_of(parts), MINIMUM)
        pairs, managers = ({group.parts for group in both if group.mart == mart} for mart in tables)
        assert pairs == managers


def test_what_is_shown_does_not_depend_on_the_order_of_rows() -> None:
    parts = random_wave(dice_of(7), 3, 2, 14)
    orders = [[(group.mart, group.members) for group in of(rows)[2]] for rows in (parts, parts.sort("region"))]
    assert orders[0] == orders[1]
    assert set(COUNTS) < set(parts.columns)
