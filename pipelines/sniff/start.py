"""A workspace that starts from files of which nothing is known yet.

Here: one source for all files that look the same, their copies in landing, nps.yaml with the entries. Not here: looking
at a file (`sniff`), which files hold the same answers (`same`), whether they add up (`together`), files that cannot be
read (`unsettled`), the folders of a workspace (`pipelines.config.create`).
"""

from __future__ import annotations

import shutil
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.words import said
from pipelines.config.create import create_workspace
from pipelines.config.load import open_questions
from pipelines.sniff.lines import Block, Line, as_yaml
from pipelines.sniff.names import source_name
from pipelines.sniff.opening.reading import Opened
from pipelines.sniff.proposal.brands import with_programmes
from pipelines.sniff.proposal.scale_words import joined
from pipelines.sniff.several.same import Copied, Looked, same_answers, shared_rows, without_copies
from pipelines.sniff.several.together import Delivery, counted_twice, delivery_of, with_delivery
from pipelines.sniff.sniff import proposed
from pipelines.sniff.sniffed import Findings, Sniffed
from pipelines.sniff.unsettled import Unsettled, looked_at

_BEYOND_ASCII: Final = r"[^\x00-\x7f]"
#: Scores of one scale end in the same of these reaches.
_ENDS: Final = (5, 7, 10)
#: What nps.yaml has once, for all files.
_ONE_OF_EACH: Final = ("cases", "follow_up", "clients")


@dataclass(frozen=True)
class Started:
    """What was made."""

    made: list[str]
    """Names of files and folders in the workspace."""
    landed: list[str]
    """The copies, inside the workspace."""
    sources: list[Sniffed]
    copies: list[Copied]
    """The files that were left out, since others hold the same answers."""
    unsettled: list[Unsettled]
    """The files that could not be read."""
    questions: list[str]


def start(home: Path, files: Sequence[Path]) -> Started:
    """Make a workspace in a new or empty folder, with copies of the files and an entry for each layout among them.

    All files are looked at before anything is made. Raises `UserError` where there already is a workspace, a file is
    missing or is no file.
    """
    readable, unsettled = looked_at(dict.fromkeys(files))
    readable, copies = without_copies(readable)
    also = [Copied(odd.path, path) for odd in unsettled for path, found in readable if odd.holds_the_same(found)]
    copies += also
    unsettled = [odd for odd in unsettled if odd.path not in {each.path for each in also}]
    sources: list[Sniffed] = []
    landed: list[tuple[Path, str]] = []
    groups: list[list[Looked]] = []
    for group in _alike(readable):
        paths = [path for path, _ in group]
        source = _source(group, groups, {each.name for each in sources})
        sources.append(_naming(source, [each for each in copies if each.of in paths]))
        groups.append(group)
        beside = [each.path for _, found in group for each in found.opened.file.beside]
        landed += _copies(list(dict.fromkeys([*paths, *beside])), source.name)
    sources = with_programmes(sources, [group[0][0].stem for group in groups])
    blocks = [(each.name, block) for each in sources for block in each.blocks]
    for odd in unsettled:
        name = _unused(source_name(odd.path), {name for name, _ in blocks})
        blocks += [(name, block) for block in odd.block(name)]
        landed += [(odd.path, f"landing/{name}/{odd.path.name}")] if odd.may_be_copied else []
    sections = _sections(blocks)
    made = create_workspace(home, sections)
    for path, relative in landed:
        copy = home / relative
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    questions = [question for text in sections.values() for question in open_questions(text)]
    return Started(made, [relative for _, relative in landed], sources, copies, unsettled, questions)


def _source(group: Sequence[Looked], others: Iterable[Sequence[Looked]], taken: set[str]) -> Sniffed:
    """The source of files that look the same."""
    delivery = _twice(group, others) or (delivery_of(group) if len(group) > 1 else None)
    is_snapshot = None if delivery is None else delivery.proven == "snapshot"
    name = _unused(source_name(group[0][0]), taken)
    suffixes = {path.suffix for path, _ in group}
    suffix = suffixes.pop() if len(suffixes) == 1 else ""
    found = [replace(each, is_snapshot=is_snapshot) for each in _beside_each_other([found for _, found in group])]
    best = min((proposed(each, name, suffix) for each in found), key=lambda each: len(each.questions))
    return replace(best, blocks=[with_delivery(block, delivery) for block in best.blocks]) if delivery else best


def _twice(group: Sequence[Looked], others: Iterable[Sequence[Looked]]) -> Delivery | None:
    """The question where rows of these files stand in those of another source too."""
    for other in others:
        for (path, found), (known, before) in ((one, two) for one in group for two in other):
            if shared := shared_rows(found, before) or same_answers(found, before):
                return counted_twice((path.name, found.opened.rows.height), known.name, shared)
    return None


def _naming(source: Sniffed, copies: Sequence[Copied]) -> Sniffed:
    """The same source, whose entry names the files that hold the same answers."""
    if not copies:
        return source
    [section, *more] = source.blocks
    [entry, *others] = section.lines
    lines = [Line("", None, each.told) for each in copies]
    named = replace(entry, lines=[*lines, *entry.lines]) if isinstance(entry, Block) else entry
    return replace(source, blocks=[replace(section, lines=[named, *others]), *more])


def _alike(looked_at: Iterable[tuple[Path, Findings]]) -> list[list[tuple[Path, Findings]]]:
    """Files of the same kind with the same headings, whose scores go as far, together."""
    groups: dict[tuple[object, ...], list[tuple[Path, Findings]]] = {}
    for path, found in looked_at:
        opened = found.opened
        headings = tuple(heading.label for heading in opened.table.headings)
        key = (opened.kind, headings, _reach(found), _other_survey(path), opened.encoding)
        groups.setdefault(key, []).append((path, found))
    for plain in [key for key, group in groups.items() if all(_is_ascii(found) for _, found in group)]:
        twins = [key for key in groups if key != plain and key[:-1] == plain[:-1] and _holds_ascii(str(key[-1]))]
        if len(twins) == 1:
            groups[twins[0]] += groups.pop(plain)
    return list(groups.values())


def _is_ascii(found: Findings) -> bool:
    """Whether a text holds nothing by which encodings differ."""
    rows, table = found.opened.rows, found.opened.table
    cells = rows.select(pl.any_horizontal(pl.col(pl.String).str.contains(_BEYOND_ASCII).any()).fill_null(value=False))
    return (
        found.opened.delimiter is not None
        and not found.opened.declared
        and all(heading.label.isascii() for heading in table.headings)
        and not (cells.width and cells.item())
    )


def _holds_ascii(encoding: str) -> bool:
    """Whether text of ASCII alone is the same text in an encoding."""
    ascii_letters = string.printable
    return ascii_letters.encode() == ascii_letters.encode(encoding)


def _other_survey(path: Path) -> bool:
    """Whether the file's name speaks of another survey, so that a bare `Score` below the same headings is not this one."""
    return said("other_survey", path.stem) is not None and said("score_certain", path.stem) is None


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
    telling = next((each.opened for each in group if each.opened.encoding != "utf-8"), None)
    if telling and len({each.opened.encoding for each in group}) > 1:
        group = [each if each.opened.encoding == telling.encoding else _read_like(each, telling) for each in group]
    return [replace(each, beside=tuple(other for other in group if other is not each)) for each in group]


def _read_like(found: Findings, other: Opened) -> Findings:
    """The findings of a text in ASCII alone, which is read in the encoding of others of its source."""
    read = replace(
        found.opened, encoding=other.encoding, confidence=other.confidence, doubt=other.doubt, hint=other.hint
    )
    return replace(found, opened=read)


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


def _sections(blocks: Iterable[tuple[str, Block]]) -> dict[str, str]:
    """The text of the keys of nps.yaml, as far as there are any, from what each source says."""
    sections: dict[str, Block] = {}
    for name, block in blocks:
        before = sections[block.key].lines if block.key in sections else []
        if block.key == "scales":
            sections[block.key] = Block(block.key, joined([*before, *block.lines]))
            continue
        if before and block.key in _ONE_OF_EACH:
            continue
        names = {line.key for line in before}
        lines = [line if line.key not in names else _second(line.key, name) for line in block.lines]
        sections[block.key] = Block(block.key, [*before, *lines])
    return {key: as_yaml([block]) for key, block in sections.items()}


def _second(key: str, name: str) -> Line:
    """What stands for a dimension that another file gave already: there is one of each."""
    return Line("", None, f"landing/{name} looks like {key} too: one dimension has one layout, so it is left out.")
