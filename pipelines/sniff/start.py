"""A workspace that starts from files of which nothing is known yet.

Here: one source for all files that look the same, their copies in landing, nps.yaml with the entries. Not here: looking at
a file (`sniff`), the folders of a workspace (`pipelines.config.create`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipelines.config.create import create_workspace
from pipelines.sniff.lines import Block, Line, as_yaml
from pipelines.sniff.names import source_name
from pipelines.sniff.sniff import look, proposed
from pipelines.sniff.sniffed import Findings, Sniffed

#: Scores of one scale end in the same of these reaches.
_ENDS: Final = (5, 7, 10)


@dataclass(frozen=True)
class Started:
    """What was made."""

    made: list[str]
    """Names of files and folders in the workspace."""
    landed: list[str]
    """The copies, inside the workspace."""
    sources: list[Sniffed]
    questions: list[str]


def start(home: Path, files: Sequence[Path]) -> Started:
    """Make a workspace in a new or empty folder, with copies of the files and an entry for each layout among them.

    All files are looked at before anything is made. Raises `UserError` where there already is a workspace or a file is
    missing, `FileRefusedError` where one cannot be read.
    """
    alike = _alike((path, look(path)) for path in dict.fromkeys(files))
    sources: list[Sniffed] = []
    copies: list[tuple[Path, str]] = []
    for group in alike:
        paths = [path for path, _ in group]
        name = _unused(source_name(paths[0]), {each.name for each in sources})
        suffixes = {path.suffix for path in paths}
        suffix = suffixes.pop() if len(suffixes) == 1 else ""
        together = _beside_each_other([found for _, found in group])
        sources.append(min((proposed(found, name, suffix) for found in together), key=lambda each: len(each.questions)))
        beside = [each.path for _, found in group for each in found.opened.file.beside]
        copies += _copies(list(dict.fromkeys([*paths, *beside])), name)
    made = create_workspace(home, _sections(sources))
    for path, relative in copies:
        copy = home / relative
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return Started(made, [relative for _, relative in copies], sources, [q for each in sources for q in each.questions])


def _alike(looked_at: Iterable[tuple[Path, Findings]]) -> list[list[tuple[Path, Findings]]]:
    """Files of the same kind with the same headings, whose scores go as far, together."""
    groups: dict[object, list[tuple[Path, Findings]]] = {}
    for path, found in looked_at:
        opened = found.opened
        headings = tuple(heading.label for heading in opened.table.headings)
        key = (opened.kind, headings, opened.encoding, _reach(found))
        groups.setdefault(key, []).append((path, found))
    return list(groups.values())


def _reach(found: Findings) -> object:
    """How far the scores of a file go: answers on 1-5 and on 0-10 below the same headings are two surveys."""
    score = next(iter(found.scores), None)
    if score is None:
        return None
    return next((end for end in _ENDS if score.highest is not None and score.highest <= end), "more")


def _beside_each_other(group: Sequence[Findings]) -> list[Findings]:
    """The findings of each file, with those of the others of its source; no delimiter is declared where theirs differ."""
    if len({each.opened.delimiter for each in group}) > 1:
        group = [replace(each, opened=replace(each.opened, delimiter=None)) for each in group]
    return [replace(each, beside=tuple(other for other in group if other is not each)) for each in group]


def _copies(paths: Sequence[Path], name: str) -> list[tuple[Path, str]]:
    """Where each file is copied to; files of one name from different folders get numbers."""
    taken: set[str] = set()
    found = []
    for path in paths:
        stem = _unused(path.stem, taken)
        taken.add(stem)
        found.append((path, f"landing/{name}/{stem}{path.suffix}"))
    return found


def _unused(name: str, taken: set[str]) -> str:
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _sections(sources: Sequence[Sniffed]) -> dict[str, str]:
    """The text of `sources` and `dimensions` of nps.yaml, as far as there are any."""
    sections: dict[str, Block] = {}
    for each in sources:
        for block in each.blocks:
            before = sections[block.key].lines if block.key in sections else []
            names = {line.key for line in before}
            lines = [line if line.key not in names else _second(line.key, each.name) for line in block.lines]
            sections[block.key] = Block(block.key, [*before, *lines])
    return {key: as_yaml([block]) for key, block in sections.items()}


def _second(key: str, name: str) -> Line:
    """What stands for a dimension that another file gave already: there is one of each."""
    return Line("", None, f"landing/{name} looks like {key} too: one dimension has one layout, so it is left out.")
