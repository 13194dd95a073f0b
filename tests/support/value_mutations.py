"""Every way in which a value of a good file becomes a wrong one: one export, changed in a few hundred places.

Here: the good answers, and functions from their rows to the text of a changed file. Not here: any expectation. Files that
are broken as bytes are in `mutations`.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

HEADINGS = ("answer id", "score", "date", "branch", "comment")
ID, SCORE, DATE, BRANCH, COMMENT = range(5)
ROWS = 60

Row = list[str]
Change = Callable[[list[Row], random.Random], "list[Row] | str"]
"""From good rows, without headings, to other ones, or to the text of the whole file."""

_COMMENTS = ("", "dobro", "čekao sam, dugo", 'rekli su "ne"', "u redu", "brzo; ljubazno", "nikad više")


def good() -> list[Row]:
    """Sixty answers of four months: every score, every branch, and no day that a month could be taken for alone."""
    start = date(2024, 1, 3)
    return [
        [f"r{n:03}", str((n * 7) % 11), (start + timedelta(days=2 * n)).isoformat(), f"Branch {'ABC'[n % 3]}",
         _COMMENTS[n % len(_COMMENTS)]]
        for n in range(ROWS)
    ]  # fmt: skip


def text(rows: list[Row], delimiter: str = ";") -> str:
    """A whole file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([HEADINGS, *rows])
    return out.getvalue()


def cell(position: int, *values: str, times: int = 1) -> Change:
    """Another value in a few cells of a column; `{}` in it stands for the one before."""

    def change(rows: list[Row], chance: random.Random) -> list[Row]:
        for row in chance.sample(rows, times):
            row[position] = chance.choice(values).format(row[position])
        return rows

    return change


def added(*rows: tuple[str, ...]) -> Change:
    """One more row, below or among the others."""

    def change(old: list[Row], chance: random.Random) -> list[Row]:
        old.insert(chance.choice((0, len(old) // 2, len(old))), list(chance.choice(rows)))
        return old

    return change


def lines(do: Callable[[list[str], random.Random], list[str]]) -> Change:
    """The lines of the file changed."""
    return lambda rows, chance: "\n".join(do(text(rows).splitlines(), chance)) + "\n"


def _split_in_comment(rows: list[Row], chance: random.Random) -> str:
    """A line feed in a comment that nobody quoted, the score behind it."""
    order = [ID, DATE, BRANCH, COMMENT, SCORE]
    chance.choice(rows)[COMMENT] = "prvi red\ndrugi red"
    table = [[HEADINGS[at] for at in order], *([row[at] for at in order] for row in rows)]
    return "".join(";".join(each.replace(";", ",") for each in row) + "\n" for row in table)


def _swallowed(old: list[str], chance: random.Random) -> list[str]:
    """A quote that opens in one comment and closes in another, rows below."""
    first = chance.randrange(5, 40)
    last = first + chance.randrange(2, 8)
    for at, form in ((first, '"{}'), (last, '{}"')):
        *head, comment = old[at].split(";", COMMENT)
        old[at] = ";".join([*head, form.format(comment.replace('"', "") or "x")])
    return old


def _half_swapped(rows: list[Row], _: random.Random) -> list[Row]:
    """What a spreadsheet of another locale makes of text dates with the day first."""
    for row in rows:
        year, month, day = row[DATE].split("-")
        row[DATE] = f"{year}-{day}-{month}" if int(day) <= 12 else f"{day}.{month}.{year}"
    return rows


def _repeated(rows: list[Row], chance: random.Random) -> list[Row]:
    one, other = chance.sample(rows, 2)
    other[ID] = one[ID]
    return rows


def _blanks_for_zeros(rows: list[Row], _: random.Random) -> list[Row]:
    for row in rows:
        row[SCORE] = "" if row[SCORE] == "0" else row[SCORE]
    return rows


def _other_digits(rows: list[Row], chance: random.Random) -> list[Row]:
    """Full-width and Arabic-Indic ones."""
    row = chance.choice(rows)
    zero = chance.choice((0xFF10, 0x0660))
    row[SCORE] = "".join(chr(zero + int(digit)) for digit in row[SCORE])
    return rows


def _shifted(rows: list[Row], chance: random.Random) -> list[Row]:
    row = chance.choice(rows)
    row.insert(chance.randrange(len(row)), chance.choice(("", "x", "7")))
    return rows


def _exchanged(rows: list[Row], chance: random.Random) -> list[Row]:
    # Of a row without a comment nobody could tell that its blank score is one.
    row = chance.choice([row for row in rows if row[COMMENT]])
    one, other = chance.sample(range(5), 2)
    row[one], row[other] = row[other], row[one]
    return rows


def _cut_short(old: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(1, len(old))
    old[at] = ";".join(old[at].split(";")[: chance.choice((1, 2))])
    return old


CHANGES: dict[str, Change] = {
    "a sentence for a score": cell(
        SCORE, "10 minutes on hold", "9. I waited nine weeks", "10 years", "never again", "ok 9 ok"
    ),
    "words beside a score": cell(SCORE, "{} stars", "{} ⭐", "about {}", "{} or so", "{}?", "minus {}"),
    "another scale": cell(SCORE, "9/5", "3 of 5", "100", "85 %", "55"),
    "no whole number": cell(SCORE, "7.5", "8,5", "1e1", "0x9", "10, 9", "9-10", "½"),
    "out of scale": cell(SCORE, "11", "-1", "99", "1000000"),
    "an error for a score": cell(SCORE, "#N/A", "#REF!", "#DIV/0!", "#VALUE!"),
    "marks that nobody sees": cell(SCORE, "\u200b{}", "{}\u200b", "\u200e{}\u200f", "\ufeff{}", "\u00a0{} "),
    "other digits": _other_digits,
    "of the highest": cell(SCORE, "{}/10", "{} of 10", "{} из 10", "{} od 10"),
    "an impossible date": cell(DATE, "2024-02-30", "2024-13-01", "2024-00-10", "31.04.2024", "0000-00-00", "soon"),
    "a date of another time": cell(DATE, "2099-01-01", "1970-01-01", "2567-03-04", "24-03-04", "0024-03-04"),
    "no date": cell(DATE, "", "-", "NULL"),
    "a date with the day first": cell(DATE, "04/03/2024", "3.4.2024", "5-6-2024"),
    "half of all dates swapped": _half_swapped,
    "a total": added(
        ("Total", "345", "", "", ""), ("", "5.75", "", "Average", ""), ("Ukupno", "60", "2024-04-30", "", ""),
        ("Итого", "10", "2024-04-30", "", ""), ("Summe", "9", "2024-04-30", "", ""), ("", "9", "2024-04-30", "Total", ""),
    ),
    "headings again": added(HEADINGS),
    "an id repeated": _repeated,
    "a row twice": lambda rows, chance: [*rows, list(chance.choice(rows))],
    "an unquoted line feed": _split_in_comment,
    "a quote that swallows rows": lines(_swallowed),
    "a row cut short": lines(_cut_short),
    "a cell too many": _shifted,
    "two cells exchanged": _exchanged,
    "zeros that became blanks": _blanks_for_zeros,
    "a row of nothing but a remark": added(("exported on 2024-05-01", "", "", "", ""), ("", "", "", "", "n = 60")),
}  # fmt: skip


def changed(seeds: int) -> Iterator[tuple[str, str]]:
    """Names and texts of files, each change made with so many seeds; those that change nothing are left out."""
    for name, change in CHANGES.items():
        for seed in range(seeds):
            made = change(good(), random.Random(seed))  # noqa: S311 - places to change, no secret
            content = made if isinstance(made, str) else text(made)
            if content != text(good()):
                yield f"{name} {seed}", content
