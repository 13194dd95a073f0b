"""Columns that say of a row that it is no answer, or several: tests, deleted and unfinished answers, counts.

Here: which columns do, by heading and values, and what has to be asked. Not here: rows of other questions (`questions`),
leaving rows out (`exclude` of nps.yaml).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from pipelines.adapters.table import column
from pipelines.adapters.words import named, plain
from pipelines.sniff.facts import Seen, quoted
from pipelines.sniff.groups import parted
from pipelines.sniff.lines import Line
from pipelines.sniff.sniffed import Findings

#: What ticks a box, in small letters, and what leaves it empty.
YES: Final = frozenset({
    "yes", "true", "on", "y", "x", "v", "1", "checked", "selected", "tak", "да", "так", "da", "si", "ja", "oui",
})  # fmt: skip
NO: Final = frozenset(
    {"no", "false", "off", "n", "0", "unchecked", "not selected", "nie", "нет", "ні", "ne", "nein", "non"}
)
#: What an exclusion may be called.
_REASONS: Final = ("flagged", "incomplete", "test", "preview")
_MOST_VALUES: Final = 4
#: More different texts are names of something, such as comments and products.
_MOST_STATES: Final = 12
_NEARLY: Final = 0.95
_DECIMAL: Final = r"^\d+(?:[.,]\d+)?$"
#: Weights that make up for who did not answer are about 1.
_LIGHT, _HEAVY = 0.5, 2.0
#: Percent of a form.
_WHOLE: Final = "100"
_ONE: Final = ("1", "1.0", "1,0")


@dataclass(frozen=True)
class Mark:
    """Texts of a column that mark rows as no answers."""

    column: Seen
    texts: Sequence[str]
    reason: str

    def rows(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows they mark."""
        texts = rows.get_column(column(self.column.position or 0)).str.strip_chars()
        return texts.is_in(list(self.texts)).fill_null(value=False)

    @property
    def rule(self) -> str:
        """What leaves them out, as nps.yaml has it."""
        name = self.column.name if isinstance(self.column.name, int) else quoted(self.column.name)
        return f"{{column: {name}, values: [{self._said}]}}"

    @property
    def told(self) -> str:
        """What the column says, and in how many rows."""
        rows = sum(count for text, count in (*self.column.counts, *self.column.silent) if text in self.texts)
        return f"{self.column.pasted} says {self._said} in {rows:,}"

    @property
    def _said(self) -> str:
        return ", ".join(quoted(each) for each in self.texts)


def exclude_lines(found: Findings) -> Iterator[Line]:
    """What is asked of columns that mark rows as no answers of people, where no preset says it already."""
    signature = found.signature.as_source() if found.signature else None
    known = signature and signature.settings.get("exclude")
    marks = [] if known else _marks(found)
    if not marks:
        yield from [] if known else _struck(found)
        return
    told = " and ".join(mark.told for mark in marks)
    pasted = ", ".join(f"{reason}: {mark.rule}" for reason, mark in _by_reason(marks).items())
    yield Line(
        "exclude",
        f"? {told} rows: if these are no answers of people, write {{{pasted}}}; if they count, take this line out",
    )


def _struck(found: Findings) -> Iterator[Line]:
    """What is asked of a column that says when rows with scores were deleted: no values can name these rows."""
    for seen in found.columns:
        texts = [text for text, _ in seen.counts]
        is_so = seen.filled and seen.blank and any(named("struck_at", parted(each)[1]) for each in seen.headings)
        if is_so and seen.position is not None and _has_scores(seen, texts, found):
            yield Line(
                "exclude",
                f"? {seen.pasted} is filled in {seen.filled:,} of {seen.rows:,} rows, as if these had been deleted: if they "
                "were, take them out of the file and begin again; if they count, take this line out",
            )
            return


def _marks(found: Findings) -> list[Mark]:
    """Columns that mark rows in any file of the source, but for those whose rows others mark already."""
    marks: dict[int | str, Mark] = {}
    for each in (found, *found.beside):
        for mark in _marks_of(each):
            known = marks.get(mark.column.name, mark)
            texts = list(dict.fromkeys([*known.texts, *mark.texts]))
            marks[mark.column.name] = replace(known, texts=texts)
    return list(marks.values())


def _marks_of(found: Findings) -> Iterator[Mark]:
    rows = found.opened.rows
    marked = pl.repeat(value=False, n=rows.height, eager=True)
    for seen in found.columns:
        mark = (_flag(seen) or _state(seen, found)) if seen.filled and seen.position is not None else None
        if mark is not None and (mark.rows(rows) & ~marked).any():
            marked |= mark.rows(rows)
            yield mark


def _by_reason(marks: Sequence[Mark]) -> dict[str, Mark]:
    """Each under a reason of its own, as an exclusion names one column."""
    found: dict[str, Mark] = {}
    for mark in marks:
        free = [reason for reason in (mark.reason, *_REASONS) if reason not in found]
        if free:
            found[free[0]] = mark
    return found


def count_lines(found: Findings) -> Iterator[Line]:
    """What is asked of a column that may say how many answers a row stands for."""
    scores = {each.column.position for each in found.scores if each.certain}
    counts = next((each for each in found.columns if each.position not in scores and _is_count(each)), None)
    if counts is not None and scores:
        yield Line(
            "weight",
            f"? {counts.pasted} may say how many answers a row stands for: such a file cannot be counted, since here "
            "each row is one answer: export a row for each, and begin again. If each row is one answer, take this line out",
        )


def weight_lines(found: Findings) -> Iterator[Line]:
    """A column that says how much an answer weighs: asked about where the weights are not about 1."""
    named_so = (each for each in found.columns if any(named("weight_named", heading) for heading in each.headings))
    seen = next((each for each in named_so if each.filled and each.rows_like(_DECIMAL) == each.filled), None)
    if seen is None or all(text in _ONE for text, _ in seen.counts):
        return
    average = sum(float(text.replace(",", ".")) * count for text, count in seen.counts) / seen.filled
    if _LIGHT <= average <= _HEAVY:
        yield Line("weight", seen.name, "nps_weighted counts each answer so much; nps counts all alike")
    else:
        asked = (
            f"{seen.pasted} is {average:,.1f} on average: does it say how much an answer weighs, by which nps_weighted"
        )
        yield Line(
            "weight", f"? {asked} counts it? Then write its heading; if it says something else, take this line out"
        )


def _flag(seen: Seen) -> Mark | None:
    """What a column that marks rows says, and the exclusion that follows; None where it marks none, or all."""
    values = [text for text, _ in seen.counts]
    marks = [text for text in values if plain(text) in YES]
    is_flag = any(named("flag_named", parted(each)[1]) for each in seen.headings)
    if not is_flag or not marks or len(values) > _MOST_VALUES or (len(marks) == len(values) and not seen.blank):
        return None
    if not all(named("check_box", text) or plain(text) in YES or plain(text) == "0" for text in values):
        return None
    reason = "test" if any("test" in plain(each) or "тест" in plain(each) for each in seen.headings) else "flagged"
    return Mark(seen, marks, reason)


def _state(seen: Seen, found: Findings) -> Mark | None:
    """The same of a column that says in words what became of each row, such as `Preview`, where such rows have scores."""
    values = [text for text, _ in (*seen.counts, *seen.silent)]
    if len(values) > _MOST_STATES or any(seen.position == each.position for each in _answers_and_dates(found)):
        return None
    is_outcome = any(named("outcome_named", parted(each)[1]) for each in seen.headings)
    no_answers = ("row_no_answer", "row_unreached") if is_outcome else ("row_no_answer",)
    marks = [text for text in values if any(named(each, text) for each in no_answers)] or _unfinished(seen, values)
    if not 0 < len(marks) < len(values) or not _has_scores(seen, marks, found):
        return None
    words = [plain(each) for each in marks]
    test = any("test" in each or "тест" in each for each in words)
    preview = any("preview" in each for each in words)
    unfinished = not any(named(each, mark) for each in no_answers for mark in marks)
    reason = "incomplete" if unfinished else "test" if test else "preview" if preview else "flagged"
    return Mark(seen, marks, reason)


def _unfinished(seen: Seen, values: Sequence[str]) -> list[str]:
    """The values of rows that came to no end, where all values speak of that."""
    if any(named("finished_named", each) for each in seen.headings):
        return [text for text in values if plain(text) in NO]
    if (
        any(plain(each) == "progress" for each in seen.headings)
        and _WHOLE in values
        and all(map(str.isdecimal, values))
    ):
        return [text for text in values if text != _WHOLE]
    marks = [text for text in values if named("row_unfinished", text)]
    return marks if all(text in marks or named("row_finished", text) for text in values) else []


def _answers_and_dates(found: Findings) -> list[Seen]:
    return [each.column for each in found.scores if each.certain] + [each.column for each in found.dates]


def _has_scores(seen: Seen, marks: Sequence[str], found: Findings) -> bool:
    """Whether something stands where the score is in a row that a column marks, as far as the score is known."""
    scores = [each.column.position for each in found.scores if each.certain and each.column.position is not None]
    filled = [pl.col(column(each)).str.strip_chars().str.len_bytes() > 0 for each in scores]
    rows = found.opened.rows.filter(Mark(seen, marks, "").rows(found.opened.rows))
    return not rows.is_empty() and (not filled or not rows.filter(pl.any_horizontal(filled)).is_empty())


def _is_count(seen: Seen) -> bool:
    """Whether whole numbers above 1 stand below a heading that speaks of nothing but a count of answers."""
    if not any(named("count_named", parted(each)[1]) for each in seen.headings):
        return False
    numbers = [(int(text), count) for text, count in seen.counts if text.isdecimal()]
    whole = sum(count for _, count in numbers)
    return whole >= _NEARLY * seen.filled and any(number > 1 for number, _ in numbers)
