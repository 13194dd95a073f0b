"""What texts beside a score say of it: its group, and the best answer of its scale.

Here: which texts say what: promoter, passive, detractor in several languages; `0-10`, `1 to 5`. Not here: finding columns
that say it, what is asked (`pipelines.sniff.proposal`) or noted of them (`pipelines.intake.notes.columns`), what a score is
(`transforms.scores.scales`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pipelines.adapters.words import said
from transforms.tables import CATEGORIES

#: So many texts may name them.
MOST_GROUPS: Final = 6
#: The best answers of scales.
_BEST: Final = frozenset({5, 7, 10, 100})
_NUMBER: Final = re.compile(r"(?<!\d)\d{1,9}(?!\d)")


@lru_cache
def groups_among(texts: tuple[str, ...]) -> dict[str, str]:
    """The group that each text of a column names, where each names one and at least two are named."""
    if not 1 < len(texts) <= MOST_GROUPS:
        return {}
    named = {text: [group for group in CATEGORIES if said(group, text)] for text in texts}
    if any(len(groups) != 1 for groups in named.values()):
        return {}
    found = {text: group for text, [group] in named.items()}
    return found if len({*found.values()}) > 1 else {}


def best_answer(text: str) -> int | None:
    """The best answer of the scale that a text names; None where it names none."""
    numbers = [int(each) for each in _NUMBER.findall(text)]
    return numbers[-1] if numbers and numbers[-1] in _BEST else None
