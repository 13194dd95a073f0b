"""Columns that say of a row that it is no answer: tests, deleted and unfinished ones.

Here: which columns do, by heading and values, and what has to be asked. Not here: rows of other questions (`questions`),
leaving rows out (`exclude` of nps.yaml), rows of several answers (`counts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from pipelines.adapters.row_marks import (
    MOST_CHECKED,
    MOST_STATES,
    TESTERS,
    checked,
    is_progress,
    left_early,
    reason_of,
    strays,
    tests_among,
    ticks,
    unfinished,
)
from pipelines.adapters.words import marked_as, named, said
from pipelines.config.kinds import Settings
from pipelines.config.patterns import found_in
from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.dates.answer_dates import ANSWERED, event
from pipelines.sniff.lines import Line
from pipelines.sniff.people.id_values import EMAIL
from pipelines.sniff.proposal.contacts import outcomes_of
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings
from transforms.scores.texts import stated
from transforms.texts.spelling import simple

#: What an exclusion may be called.
_REASONS: Final = ("flagged", "incomplete", "test", "preview", "duplicate", "bot")
_NEARLY: Final = 0.95


@dataclass(frozen=True)
class Mark:
    """Texts of a column that mark rows as no answers."""

    column: Seen
    texts: Sequence[str]
    reason: str

    def rows(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows they mark."""
        return rows.select(self.column.cell.is_in(list(self.texts))).to_series()

    @property
    def rule(self) -> str:
        """What leaves them out, as nps.yaml has it."""
        return self.column.rule(self.texts)

    @property
    def told(self) -> str:
        """What the column says, and in how many rows."""
        rows = sum(count for text, count in (*self.column.counts, *self.column.silent) if text in self.texts)
        return f"{self.column.pasted} says {', '.join(map(quoted, self.texts))} in {rows:,}"


def exclude_lines(found: Findings) -> Iterator[Line]:
    """What is asked of columns that mark rows as no answers of people, where no preset says it already."""
    signature = found.signature.as_source() if found.signature else None
    known: Settings = (signature.settings.get("exclude") if signature else None) or {}
    attempts = outcomes_of(found)
    listed = _listed(signature.settings) if signature else frozenset()
    marks = [
        each
        for each in (_unlisted(mark, known, listed) for mark in _marks(found, known))
        if each.texts and not (attempts and _is_of_attempts(each, attempts[0], found))
    ]
    if not marks:
        yield from [] if known else list(_struck(found)) or _by_testers(found)
        return
    told = " and ".join(mark.told for mark in marks)
    pasted = ", ".join(f"{reason}: {mark.rule}" for reason, mark in _by_reason(marks, known).items())
    yield Line(
        "exclude",
        f"? {told} rows: if these are no answers of people, write {{{pasted}}}; if they count, take this line out",
    )


def _struck(found: Findings) -> Iterator[Line]:
    """What is asked of a column that says when rows with scores were deleted: no values can name these rows."""
    for seen in found.columns:
        texts = [text for text, _ in seen.counts]
        is_so = seen.filled and seen.blank and seen.asks("struck_at")
        if is_so and seen.position is not None and has_scores(seen, texts, found):
            yield Line(
                "exclude",
                f"? {seen.pasted} is filled in {seen.filled:,} of {seen.rows:,} rows, as if these had been deleted: if they "
                "were, take them out of the file and begin again; if they count, take this line out",
            )
            return


def _by_testers(found: Findings) -> Iterator[Line]:
    """What is asked of addresses that are of nobody but testers; they are not shown, and nothing would name them."""
    for seen in found.columns:
        rows = seen.rows_like(TESTERS)
        if rows and seen.position is not None and seen.rows_like(EMAIL) >= _NEARLY * seen.filled:
            yield Line(
                "exclude",
                f"? {rows:,} addresses in {seen.pasted} begin with test or the like, as testers' do: "
                "if these are no answers of people, take their rows out of the file and begin again; if they count, take "
                "this line out",
            )
            return


def _marks(found: Findings, known: Settings) -> list[Mark]:
    """Columns that mark rows in any file of the source, but for those whose rows others mark already.

    Where a preset is `known` to leave rows out, texts alone are marks only in the columns by which it does.
    """
    marks: dict[int | str, Mark] = {}
    for each in (found, *found.beside):
        for mark in _marks_of(each, known):
            first = marks.get(mark.column.name, mark)
            texts = list(dict.fromkeys([*first.texts, *mark.texts]))
            marks[mark.column.name] = replace(first, texts=texts)
    return list(marks.values())


def _marks_of(found: Findings, known: Settings) -> Iterator[Mark]:
    rows = found.opened.rows
    marked = pl.repeat(value=False, n=rows.height, eager=True)
    for seen in found.columns:
        may = seen.filled and seen.position is not None
        by_words = not known or _is_of(known, seen)
        mark = (_flag(seen, found) or (_state(seen, found) if by_words else None)) if may else None
        if mark is not None and (mark.rows(rows) & ~marked).any():
            marked |= mark.rows(rows)
            yield mark


def _listed(settings: Settings) -> frozenset[str]:
    """The texts of rows that a preset leaves out, or takes for no answers."""
    rules = [*(settings.get("exclude") or {}).values(), settings.get("unanswered_where") or {}]
    return frozenset(simple(value) for rule in rules for value in rule.get("values", ()))


def _unlisted(mark: Mark, known: Settings, listed: frozenset[str]) -> Mark:
    """A mark without the texts that a preset knows, where it reads that column."""
    if not _is_of(known, mark.column):
        return mark
    return replace(mark, texts=[text for text in mark.texts if simple(text) not in listed])


def _is_of(known: Settings, seen: Seen) -> bool:
    """Whether a preset says already which rows of a column are left out."""
    columns = [str(rule["column"].get("matches")) for rule in known.values()]
    return any(any(found_in(each, [str(seen.name)])) for each in columns)


def _by_reason(marks: Sequence[Mark], known: Settings) -> dict[str, Mark]:
    """Each under a reason of its own, as an exclusion names one column."""
    found: dict[str, Mark] = {}
    for mark in marks:
        free = [reason for reason in (mark.reason, *_REASONS) if reason not in {*found, *known}]
        if free:
            found[free[0]] = mark
    return found


def _flag(seen: Seen, found: Findings) -> Mark | None:
    """What a column that marks rows with scores says, and the exclusion that follows; None where it marks none, or all."""
    values, headings = [text for text, _ in seen.counts], seen.questions
    marks = ticks(headings, values) or checked(headings, values)
    if not marks or (len(marks) == len(values) and not seen.blank) or not has_scores(seen, marks, found):
        return None
    return Mark(seen, marks, reason_of(headings, marks, are_ticks=True))


def _state(seen: Seen, found: Findings) -> Mark | None:
    """The same of a column that says in words what became of each row, such as `Preview`, where such rows have scores."""
    values, headings = [text for text, _ in (*seen.counts, *seen.silent)], seen.questions
    is_of_ends = any(marked_as("finished_named", each) for each in headings)
    if any(seen.position == each.position for each in _answers_and_dates(found)) and not is_of_ends:
        return None
    if len(values) > (MOST_CHECKED if is_progress(headings) else MOST_STATES):
        is_comment = any(seen.position == each.column.position for each in found.candidates.get("comment", ()))
        written = tests_among(values) if is_comment else []
        return Mark(seen, written, "test") if written and has_scores(seen, written, found) else None
    marks = strays(headings, values) or unfinished(headings, values) or _left_early(headings, values, found)
    marks = marks or _zeros_of_nobody(seen, headings, values, found)
    are_all = len(marks) == len(values) and not seen.blank and not strays(headings, values)
    if not marks or are_all or not has_scores(seen, marks, found):
        return None
    return Mark(seen, marks, reason_of(headings, marks, are_ticks=False))


def _left_early(headings: Sequence[str], values: Sequence[str], found: Findings) -> list[str]:
    """Last pages before the last one, where no date says which answers were sent: without it such rows are rejected."""
    is_said = any(event(each) == ANSWERED and each.column.blank for each in found.dates)
    return [] if is_said else left_early(headings, values)


def _zeros_of_nobody(seen: Seen, headings: Sequence[str], values: Sequence[str], found: Findings) -> list[str]:
    """States of letters that nobody answered, where a 0 stands for the score in nearly all of their rows."""
    is_state = any(said("outcome_named", each) for each in headings)
    marks = [text for text in values if named("letter_unanswered", text)] if is_state else []
    scores = _in_numbers(found)
    if not marks or not scores or scores[0].column.position is None:
        return []
    rows = found.opened.rows.filter(Mark(seen, marks, "").rows(found.opened.rows))
    given = stated(rows.select(scores[0].column.cell).to_series()).drop_nulls()
    return marks if (given == 0).sum() > _NEARLY * len(given) else []


def _answers_and_dates(found: Findings) -> list[Seen]:
    return [each.column for each in _in_numbers(found)] + [each.column for each in found.dates]


def _in_numbers(found: Findings) -> list[ScoreColumn]:
    """Scores but for columns of words, of which the heading alone speaks: `Include in NPS`."""
    return [each for each in found.scores if each.certain and each.highest is not None]


def has_scores(seen: Seen, marks: Sequence[str], found: Findings) -> bool:
    """Whether something stands where the score is in a row that a column marks, as far as the score is known."""
    filled = [each.column.cell != "" for each in _in_numbers(found) if each.column.position is not None]
    rows = found.opened.rows.filter(Mark(seen, marks, "").rows(found.opened.rows))
    return not rows.is_empty() and (not filled or not rows.filter(pl.any_horizontal(filled)).is_empty())


def _is_of_attempts(mark: Mark, outcome: Seen, found: Findings) -> bool:
    """Whether it marks attempts to ask somebody that came to nothing and have no score: they stay contacts."""
    if mark.column.position != outcome.position:
        return False
    rows = found.opened.rows.filter(mark.rows(found.opened.rows))
    scores = [each.column for each in found.scores if each.column.position is not None]
    return all(stated(rows.select(each.cell).to_series()).null_count() == rows.height for each in scores)
