"""Columns that say of a row that it is no answer, or several: tests, deleted answers, counts.

Here: which columns do, by heading and values, and what has to be asked. Not here: rows of other questions (`questions`),
leaving rows out (`exclude` of nps.yaml).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.adapters.words import named, plain
from pipelines.sniff.facts import Seen, quoted
from pipelines.sniff.groups import parted
from pipelines.sniff.lines import Line
from pipelines.sniff.sniffed import Findings

_YES: Final = frozenset({
    "yes", "true", "on", "y", "x", "v", "1", "checked", "selected", "tak", "да", "так", "da", "si", "ja", "oui",
})  # fmt: skip
_MOST_VALUES: Final = 4
_NEARLY: Final = 0.95


def exclude_lines(found: Findings) -> Iterator[Line]:
    """What is asked of columns that mark rows as no answers of people, where no preset says it already."""
    signature = found.signature.as_source() if found.signature else None
    known = signature and signature.settings.get("exclude")
    flags = [flag for each in found.columns if each.filled and (flag := _flag(each))]
    if not flags or known:
        return
    told, parts = " and ".join(told for told, _ in flags), dict(part for _, part in flags)
    pasted = ", ".join(f"{reason}: {rule}" for reason, rule in parts.items())
    yield Line(
        "exclude",
        f"? {told} rows: if these are no answers of people, write {{{pasted}}}; if they count, take this line out",
    )


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


def _flag(seen: Seen) -> tuple[str, tuple[str, str]] | None:
    """What a column that marks rows says, and the exclusion that follows; None where it marks none, or all."""
    values = [text for text, _ in seen.counts]
    marks = [text for text in values if plain(text) in _YES]
    is_flag = any(named("flag_named", parted(each)[1]) for each in seen.headings)
    if not is_flag or not marks or len(values) > _MOST_VALUES or (len(marks) == len(values) and not seen.blank):
        return None
    if not all(named("check_box", text) or plain(text) in _YES or plain(text) == "0" for text in values):
        return None
    reason = "test" if any("test" in plain(each) or "тест" in plain(each) for each in seen.headings) else "flagged"
    name = seen.name if isinstance(seen.name, int) else quoted(seen.name)
    rows = sum(count for text, count in seen.counts if text in marks)
    said = ", ".join(quoted(each) for each in marks)
    return f"{seen.pasted} says {said} in {rows:,}", (reason, f"{{column: {name}, values: [{said}]}}")


def _is_count(seen: Seen) -> bool:
    """Whether whole numbers above 1 stand below a heading that speaks of nothing but a count of answers."""
    if not any(named("count_named", parted(each)[1]) for each in seen.headings):
        return False
    numbers = [(int(text), count) for text, count in seen.counts if text.isdecimal()]
    whole = sum(count for _, count in numbers)
    return whole >= _NEARLY * seen.filled and any(number > 1 for number, _ in numbers)
