"""Columns that name the group of each answer: promoter, passive, detractor, in several languages.

Here: which texts name which. Not here: what is asked (`pipelines.sniff.proposal.groups_said`) or noted of such a column
(`pipelines.intake.notes.columns.groups_said`), what a score is (`transforms.scores.scales`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pipelines.adapters.words import said

GROUPS: Final = ("promoter", "passive", "detractor")
#: So many texts may name them.
MOST_GROUPS: Final = 6


@lru_cache
def groups_among(texts: tuple[str, ...]) -> dict[str, str]:
    """The group that each text of a column names, where each names one and at least two are named."""
    if not 1 < len(texts) <= MOST_GROUPS:
        return {}
    named = {text: [group for group in GROUPS if said(group, text)] for text in texts}
    if any(len(groups) != 1 for groups in named.values()):
        return {}
    found = {text: group for text, [group] in named.items()}
    return found if len({*found.values()}) > 1 else {}
