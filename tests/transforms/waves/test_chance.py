"""Groups of employees that are left out for no reason: drawn by scores that nobody is told."""

from __future__ import annotations

from itertools import combinations_with_replacement

import polars as pl
import pytest

from transforms.waves.chance import chance, left_out
from transforms.waves.closing import close
from transforms.waves.groups import Group, groups_of

TABLES = {"by_region": ("region",), "by_branch": ("branch",)}
MINIMUM = 3
#: Branches of 5, 6 and 6 people, of which the last but one is left out as all but one of its answers are alike.
FOUND_OUT = [(2, 1, 2), (5, 1, 0), (0, 2, 4)]


def wave(answers: list[tuple[int, int, int]], scores: int) -> pl.DataFrame:
    rows = [
        {
            "region": f"R{place // 2}",
            "branch": f"B{place}",
            "responses": d + u + p,
            "promoters": p,
            "passives": u,
            "detractors": d,
        }
        for place, (d, u, p) in enumerate(answers)
    ]
    return pl.DataFrame(rows).with_columns(nonstandard_responses=pl.lit(0), score_sum=pl.lit(scores))


def drawn(parts: pl.DataFrame) -> set[int]:
    return {part for group in left_out(parts, groups_of(parts, TABLES)) for part in group}


def shown(answers: list[tuple[int, int, int]], scores: int) -> set[tuple[str, ...]]:
    return {group.members for group in close(wave(answers, scores), TABLES, MINIMUM).groups}


@pytest.mark.parametrize("responses", [5, 8, 30])
def test_as_many_are_left_out_for_no_reason_as_are_alike_among_all_splits(responses: int) -> None:
    splits = [[kinds.count(kind) for kind in "dup"] for kinds in combinations_with_replacement("dup", responses)]
    assert chance(responses) == pytest.approx(sum(max(each) >= responses - 1 for each in splits) / len(splits))


def test_of_small_groups_no_more_than_half_are() -> None:
    assert chance(3) == chance(4) == 0.5


def test_the_same_scores_leave_out_the_same_and_others_others() -> None:
    answers = [(2, 1, 2), (2, 2, 2), (1, 2, 4), (3, 3, 3)] * 5
    found = [drawn(wave(answers, scores)) for scores in (90, 90, 91)]
    assert found[0] == found[1] != found[2]
    turned = wave(answers, 90).sort("branch", descending=True)
    names = turned.get_column("branch")
    assert {names[part] for part in drawn(turned)} == {f"B{part}" for part in found[0]}, "whatever the order of rows"


def test_the_company_itself_is_never_left_out() -> None:
    for scores in range(20):
        parts = wave([(3, 3, 3)], scores)
        assert not left_out(parts, {"all": [Group("all", (), frozenset([0]), (9, 3, 3, 3, 0))]})


def test_who_knows_the_code_cannot_tell_which_of_two_hidden_branches_is_alike() -> None:
    """Of each world that agrees with what is shown there are scores with which the same is shown."""
    worlds = [
        FOUND_OUT,
        [(2, 1, 2), (2, 2, 2), (3, 1, 2)],
        [(2, 1, 2), (3, 0, 3), (2, 3, 1)],
        [(2, 1, 2), (1, 1, 4), (4, 2, 0)],
    ]
    for world in worlds:
        assert any(shown(world, scores) == {("B0",)} for scores in range(200)), world
