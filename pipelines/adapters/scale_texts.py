"""What a text says of a scale: `0-10`, `1 to 5`, a best answer of 10.

Here: its best answer. Not here: finding columns that say it, and what follows (`pipelines.sniff.proposal.scale_columns`,
`pipelines.intake.notes.columns.apart`).
"""

from __future__ import annotations

import re
from typing import Final

#: The best answers of scales.
_BEST: Final = frozenset({5, 7, 10, 100})
_NUMBER: Final = re.compile(r"(?<!\d)\d{1,9}(?!\d)")


def best_answer(text: str) -> int | None:
    """The best answer of the scale that a text names; None where it names none."""
    numbers = [int(each) for each in _NUMBER.findall(text)]
    return numbers[-1] if numbers and numbers[-1] in _BEST else None
