"""Parts of a file of an odd shape: turned around, since 0 was the best answer there, or multiplied from stars.

Here: finding such a part, a branch or a channel, and what is asked of it. Not here: parts that end low (`scale_parts`), the
shape of the whole file (`pipelines.sniff.scores`), scores that leap from one month to the next
(`pipelines.report.notes.odd_figures`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.lines import Line
from transforms.scores.never_given import any_of, never_given, own_scale
from transforms.scores.shapes import HIGHEST, is_turned, together, without


def odd_shape(line: Line, shapes: Sequence[tuple[Seen, Mapping[str, Sequence[int]]]]) -> Line:
    """The line of the scale: asked for where a part of the files has an odd shape; `shapes` are those of each column."""
    for seen, parts in shapes:
        every = together(parts.values())
        for name, part in parts.items():
            others = without(every, part)
            if sum(part) > sum(others):
                continue
            if is_turned(part, others):
                return _asked(line, seen, name, _mirrored(seen, name, sum(part)))
            if (skipped := never_given(dict(enumerate(part)))) and not never_given(dict(enumerate(others))):
                return _asked(line, seen, name, _multiplied(seen, name, sum(part), skipped))
    return line


def _asked(line: Line, seen: Seen, name: str, said: tuple[str, str]) -> Line:
    """The line with what is said of a part, and on which scale that would be read apart."""
    what, scale = said
    rule = seen.rule([name])
    asked = (
        f"{what} If so, copy this entry under another name, there with where: {rule} and {scale}, and here add exclude: "
        f"{{flagged: {rule}}}. If not, write {'0-10 or 1-10' if line.is_question else line.value}"
    )
    return replace(line, value=f"{line.value}. {asked}" if line.is_question else f"? {asked}")


def _mirrored(seen: Seen, name: str, answers: int) -> tuple[str, str]:
    words = ", ".join(f"'{number}': {HIGHEST - number}" for number in range(HIGHEST + 1))
    what = (
        f"{answers:,} answers of rows in which {seen.pasted} says {quoted(name)} look like the others in a mirror, as if 0 "
        "was the best answer there."
    )
    return what, f"a scale that turns them around, such as scales: {{turned: {{words: {{{words}}}}}}}"


def _multiplied(seen: Seen, name: str, answers: int, skipped: Sequence[int]) -> tuple[str, str]:
    what = (
        f"None of {answers:,} answers of rows in which {seen.pasted} says {quoted(name)} is {any_of(skipped)}, as where "
        "they were multiplied from a shorter scale, such as 1-5."
    )
    return what, f"a scale of its own, such as {own_scale(0)}"
