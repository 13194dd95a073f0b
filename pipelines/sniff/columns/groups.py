"""Headings that name the group of a question before the question itself, as form builders write them.

Here: `nps_group/How likely ...`, `data.nps.score`, `[visit] Score`, parted. Not here: what either says (`scores`).
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.adapters.words import said

_IN_BRACKETS: Final = re.compile(r"\[([^\]]{1,80})\]\s*(\S.*)", re.DOTALL)
#: Names of groups have no spaces: `friends/family` within a sentence is no group.
_NAMED: Final = re.compile(r"((?:[\w-]+[/.])*[\w-]+)[/.](?=[^\s/.])(.*[^\W\d_].*)", re.DOTALL)
_LABELLED: Final = re.compile(r"([^/]{1,80})/(?=\S)(.*)", re.DOTALL)
#: Longer ones have no group: to look for it would take as long as the square of their length.
_LONGEST: Final = 1_000
_GROUP: Final = re.compile(r"(?<![^\W_])(?:group|grp|section|block|page|survey|form|data)(?![^\W_])", re.IGNORECASE)


def parted(heading: str) -> tuple[str, str]:
    """The group, without words that only say that it is one, and the question; no group where the heading has none."""
    text = heading.strip()
    if len(text) > _LONGEST:
        return "", heading
    found = _IN_BRACKETS.fullmatch(text) or _NAMED.fullmatch(text)
    if not found:
        labelled = _LABELLED.fullmatch(text)
        found = labelled if labelled and said("score_certain", labelled[2]) else None
    if not found:
        return "", heading
    return _GROUP.sub(" ", found[1]).strip(" _/."), found[2]
