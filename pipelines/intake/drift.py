"""Columns that are called otherwise, stand elsewhere, are new or missing: a file held against the one before it.

Here: naming the differences, and refusing a file in which a position of nps.yaml means another column than before.
Not here: finding the columns of a file (`pipelines.adapters.headings`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipelines.adapters.finding import other_delimiter, position_of
from pipelines.adapters.headings import same_name
from pipelines.config.columns import Column, Matches
from pipelines.config.follow_up import Tickets
from pipelines.config.layouts import Layout
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Dimension, Source
from pipelines.errors import FileRefusedError
from pipelines.intake.history import Earlier
from transforms.reasons import Reason

_SHOWN: Final = 5
_SHOWN_LENGTH: Final = 60
_SIMILAR: Final = 0.7


def last_alike(before: Iterable[Earlier], now: Sequence[str]) -> Earlier | None:
    """The last file before with headings, or without any where this one has none: nps.yaml may have said otherwise then."""
    return next((each for each in before if each.headings and (not now or any(each.headings) == any(now))), None)


def refuse_shifted(layout: Layout, now: Sequence[str], before: Earlier) -> None:
    """Raise `FileRefusedError` (file_layout) where a column that nps.yaml names by position is called otherwise than before.

    What stands at its position might be other numbers. Upper and lower case, spaces and underscores do not matter.
    """
    for purpose, wanted in wanted_columns(layout):
        if isinstance(wanted, int) and 0 < wanted <= len(before.headings):
            was, heading = before.headings[wanted - 1], _at(now, wanted - 1)
            if same_name(was) != same_name(heading):
                if hint := other_delimiter(now):
                    raise FileRefusedError(
                        Reason.FILE_LAYOUT,
                        f"{purpose} should be column {wanted}, which was {_quoted(was)} in {before.path}, the export "
                        f"before; now the whole row of headings is one.{hint}",
                    )
                raise FileRefusedError(
                    Reason.FILE_LAYOUT,
                    f"{purpose} should be column {wanted}, which was {_quoted(was)} in {before.path}, the export before; "
                    f"now {_quoted(heading) if heading else 'no heading'} stands there{_elsewhere(was, now)}. Name the "
                    "column in nps.yaml by its heading, or by a pattern that fits both: {matches: ...}.",
                )


def missing(layout: Layout, now: Sequence[str], before: Earlier) -> str:
    """The sentence about columns that nps.yaml names, and that the file before had but this one lacks; empty if none.

    Of a file whose headings were not parted nothing is said: none of them was renamed.
    """
    if other_delimiter(now):
        return ""
    gone = [
        at
        for _, wanted in wanted_columns(layout)
        if not isinstance(wanted, int) and not _is_optional(wanted) and position_of(wanted, now) is None
        for at in [position_of(wanted, before.headings)]
        if at is not None
    ]
    renamed = _renamed(before.headings, now)
    told = [
        f"had {_quoted(before.headings[at])} as column {at + 1}{_now(at, renamed, now)}"
        for at in sorted(set(gone))[:_SHOWN]
    ]
    return f"{before.path}, the export before, {' It '.join(told)}" if told else ""


def _now(at: int, renamed: dict[int, int], now: Sequence[str]) -> str:
    to = renamed.get(at)
    if to is None:
        return "; it is gone."
    name = _quoted(now[to])
    new = f"where now {name} stands" if to == at else f"and column {to + 1} is now {name}"
    return f", {new}: was it renamed?"


def differences(now: Sequence[str], before: Earlier) -> tuple[str, ...]:
    """A note on how the columns differ from those of the file before: renamed, moved, new, missing; none if they do not."""
    old = before.headings
    if not old or not now or [*map(same_name, old)] == [*map(same_name, now)]:
        return ()
    if not any(now) and not any(old):
        told = (
            f"It has {len(now):,} columns, and {before.path}, the export before, {len(old):,}. None has a heading, so "
            "nps.yaml names them by their position: behind one that is new or gone, another column is read. If the right "
            "ones are read, all is well; else take the file back (nps withdraw)."
        )
        return (told,)
    renamed = _renamed(old, now)
    names, old_names = {same_name(name) for name in now}, {same_name(name) for name in old}
    lost = [at for at, name in enumerate(old) if name and same_name(name) not in names and at not in renamed]
    new = [at for at, name in enumerate(now) if name and same_name(name) not in old_names]
    parts = [
        ("renamed", [f"{_quoted(old[at])} to {_quoted(now[to])}" for at, to in renamed.items()]),
        ("moved", [f"{_quoted(name)} from column {at + 1} to {to + 1}" for name, at, to in _moved(old, now)]),
        ("new", [_quoted(now[at]) for at in new if at not in renamed.values()]),
        ("missing", [_quoted(old[at]) for at in lost]),
    ]
    told = "; ".join(f"{kind}: {_listed(items)}" for kind, items in parts if items)
    return (f"Its columns are not those of {before.path}, the export before: {told}.",) if told else ()


def wanted_columns(layout: Layout) -> Iterator[tuple[str, Column]]:
    """Every column that nps.yaml names, with what it is used for."""
    if isinstance(layout, Source | Dimension | Tickets | Activity | ClientList):
        yield from ((str(name), column) for name, column in layout.columns.items())
    if isinstance(layout, Source):
        yield from ((f"exclude.{reason}", rule.column) for reason, rule in layout.exclude.items())
        yield from ((f"extras: {name}", name) for name in layout.extras)
        if layout.dates.clock is not None:
            yield "dates.clock", layout.dates.clock
        if layout.where is not None:
            yield "where", layout.where.column
        if layout.unanswered_where is not None:
            yield "unanswered_where", layout.unanswered_where.column
        if layout.contacts:
            asked = layout.asked
            told = {"outcome.column": layout.outcome.column if layout.outcome else None, "asked.at": asked.at}
            told |= {"asked.wave": asked.wave, "asked.reminder": asked.reminder}
            yield from ((name, column) for name, column in told.items() if column is not None)


def _is_optional(wanted: Column) -> bool:
    return isinstance(wanted, Matches) and wanted.optional


def _renamed(old: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """Which columns have another name now: where a similar one is new, or another stands between the same neighbours."""
    old_names, names = [*map(same_name, old)], [*map(same_name, now)]
    gone = [at for at, name in enumerate(old_names) if name and name not in names]
    new = [at for at, name in enumerate(names) if name and name not in old_names]
    found: dict[int, int] = {}
    for at in gone:
        left = {names[to]: to for to in new if to not in found.values()}
        near = difflib.get_close_matches(old_names[at], left, n=1, cutoff=_SIMILAR)
        if near:
            found[at] = left[near[0]]
    for kind, i, i_end, j, j_end in difflib.SequenceMatcher(None, old_names, names, autojunk=False).get_opcodes():
        shift = j - i if i_end - i == j_end - j else 0
        for at in range(i, i_end) if kind == "replace" else ():
            to = at + shift
            if at in gone and to in new and j <= to < j_end and at not in found and to not in found.values():
                found[at] = to
    return dict(sorted(found.items()))


def _moved(old: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Columns that stand in another order among those that both have: name, old and new position."""
    positions = {same_name(name): at for at, name in enumerate(now) if name}
    both = [(same_name(name), name, at) for at, name in enumerate(old) if name and same_name(name) in positions]
    before = [name for name, _, _ in both]
    after = sorted(before, key=lambda name: positions[name])
    kept: set[str] = set()
    for block in difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        kept.update(before[block.a : block.a + block.size])
    moved = ((heading, at, positions[name]) for name, heading, at in both if name not in kept)
    yield from (each for each in moved if each[1] != each[2])


def _elsewhere(was: str, now: Sequence[str]) -> str:
    at = position_of(was, now) if was else None
    return f", and {_quoted(was)} is column {at + 1}" if at is not None else ""


def _at(headings: Sequence[str], position: int) -> str:
    return headings[position] if position < len(headings) else ""


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def _quoted(text: str) -> str:
    return f"'{text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + '…'}'"
