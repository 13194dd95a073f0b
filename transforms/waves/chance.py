"""Groups of employees that a wave leaves out for no reason, so that nobody can tell why a group is not shown.

A group whose answers are alike is not shown, and whoever knows the code would know of each large one that is missing that
its answers are. So others are missing too, as often as answers are alike where nothing is known of them. Which ones follows
from the wave's scores, of which nobody is told: it is the same each time, and nobody else can work it out.
Not here: groups that are left out for a reason (`transforms.waves.choice`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from transforms.waves.groups import Group

#: No group is left out more often than this for no reason.
_AT_MOST: Final = 0.5
_BYTES: Final = 8


def left_out(parts: pl.DataFrame, groups: Mapping[str, Sequence[Group]]) -> frozenset[frozenset[int]]:
    """Groups that are left out whatever they answered, each as the places of its `parts`.

    `score_sum` of parts, the sum of their scores, is what nobody is told.
    """
    texts = parts.select(pl.concat_str(pl.all().cast(pl.String), separator="|", ignore_nulls=True)).to_series()
    lines = [text or "" for text in texts.to_list()]
    wave = hashlib.sha256("\n".join(sorted(lines)).encode()).digest()
    every = {group.parts: group.counts[0] for found in groups.values() for group in found}
    return frozenset(
        group
        for group, responses in every.items()
        if len(group) < parts.height and _drawn(wave, (lines[part] for part in group)) < chance(responses)
    )


def chance(responses: int) -> float:
    """How likely all answers of a group are alike, or all but one, where each split into three kinds is equally likely."""
    # Of (n + 1)(n + 2) / 2 splits nine are: all of one kind, or all but one, which is of one of the two others.
    return min(_AT_MOST, 18 / ((responses + 1) * (responses + 2)))


def _drawn(wave: bytes, lines: Iterable[str]) -> float:
    digest = hashlib.sha256(wave + "\n".join(sorted(lines)).encode()).digest()
    return int.from_bytes(digest[:_BYTES], "big") / 256**_BYTES
