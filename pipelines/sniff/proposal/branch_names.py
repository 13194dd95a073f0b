"""What is asked where no column speaks of branches, and sheets or files may be called after them.

Here: telling such names from those of months and parts. Not here: columns of branches (`pipelines.sniff.columns.roles`),
periods in names (`name_periods`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Final

from pipelines.adapters.sheets.excel import SHEET
from pipelines.adapters.words import plain, said
from pipelines.sniff.proposal.name_periods import periods_in_names
from pipelines.sniff.sniffed import Findings
from transforms.dates.names import names_a_month

_SHORTEST: Final = 2
#: The last sign that is no letter, before what differs.
_WHOLE_WORDS: Final = re.compile(r"^(.*[\W_])?")


def called_after_branches(found: Findings) -> str:
    """What is asked of sheets that are alike, or else of files; nothing where their names are of something else."""
    if found.sheets and found.sheets.alike:
        names = [found.sheets.chosen, *found.sheets.alike]
        if _are_parts(names):
            return ""
        return (
            f"no column speaks of branches: if sheets are called after them ({names[0]}, {names[1]}), write {SHEET}; if "
            "not, take this line out"
        )
    return _by_files([each.opened.file.name for each in (found, *found.beside)]) if found.beside else ""


def _by_files(names: Sequence[str]) -> str:
    """The question where names of files differ in one place, by words."""
    stems = [PurePosixPath(name).stem for name in names]
    before = _common(stems)
    after = _common([stem[len(before) :][::-1] for stem in stems])[::-1]
    differing = [stem[len(before) : len(stem) - len(after)] for stem in stems]
    are_words = all(len(each) >= _SHORTEST and not any(map(str.isdigit, each)) for each in differing)
    if not are_words or not (before or after) or _are_parts(differing) or said("file_of_part", *differing):
        return ""
    pattern = f"^{re.escape(before)}(?P<branch>.+?){re.escape(after)}\\."
    return (
        f"no column speaks of branches: if files are called after them ({differing[0]} in {names[0]}, {differing[1]} in "
        f"{names[1]}), take this line out and write below files file_name: '{pattern}'; a file that is called otherwise is "
        "refused then. If not, take it out"
    )


def _common(texts: Sequence[str]) -> str:
    """What all begin with, in whole words."""
    alike = takewhile(lambda signs: len({*signs}) == 1, zip(*texts, strict=False))
    found = _WHOLE_WORDS.match("".join(signs[0] for signs in alike))
    return (found[1] or "") if found else ""


def _are_parts(names: Sequence[str]) -> bool:
    """Whether they are of months or other periods, or numbered: `Siječanj`, `Sheet1`, `Q2`, but not `Store 12`."""
    if periods_in_names(names):
        return True
    if all(names_a_month(name.strip().casefold()) for name in names):
        return True
    words = {plain(name).rstrip("0123456789 ") for name in names}
    return len(words) == 1 and names[0][-1:].isdigit() and not said("branch", *words) and words != {""}
