"""Small surveys as plain values, written out as real exports are, and as they go wrong.

Here: what was answered, a way to write it, and the figure that a careful person gets by hand. Not here: any expectation,
and nothing of the house: what the answers mean is known because they are made up here.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import xlsxwriter
import yaml
from babel.dates import format_date

LANGUAGES: Final = ("en", "pl", "ru", "uk", "hr", "es", "de", "fr")
#: What may go wrong or may look odd, each by its own name.
ODDITIES: Final = (
    "names", "statement", "other_survey", "birth", "phone", "row_number", "replied", "created", "sent",
    "order", "bare_id", "bare_id_again", "person_id", "person_id_twice", "answer_id", "answer_id_again",
    "answer_id_anew", "e_mail_twice", "kinds", "totals", "short_rows", "line_feeds", "quoted_line_feeds",
    "zeros_blank", "swapped", "sentences", "errors", "row_twice",
)  # fmt: skip
SCALES: Final = ("0-10", "without zeros", "1-10", "index", "1-5")
SCORES: Final = ("plain", "decimal", "labelled", "out_of", "ends", "apostrophe", "wide", "spaces")
DATES: Final = {
    "iso": "%Y-%m-%d", "iso time": "%Y-%m-%d %H:%M:%S", "dots": "%d.%m.%Y", "slashes": "%d/%m/%Y", "american": "%m/%d/%Y",
    "dots time": "%d.%m.%Y %H:%M", "american time": "%m/%d/%Y %I:%M %p", "short": "%d.%m.%y", "names": "", "zoned": "",
    "seconds": "", "before words": "",
}  # fmt: skip
FORMATS: Final = ("csv", "csv", "csv", "xlsx", "jsonl", "two months", "grown", "csv and xlsx", "two scales")
UNANSWERED: Final = 0.05

Figure = Counter[tuple[str, str]]
"""How many answers of each month and group there are."""


@dataclass(frozen=True)
class Way:
    """How a survey went, and how it is written."""

    language: str = "en"
    seed: int = 0
    rows: int = 40
    scale: str = "0-10"
    scores: str = "plain"
    is_named_by_question: bool = True
    dates: str = "iso"
    early: bool = False
    """Whether all days are up to 12."""
    delimiter: str = ";"
    is_unicode: bool = True
    format: str = "csv"
    odd: frozenset[str] = field(default_factory=frozenset)
    e_mails: bool = True
    branches: bool = True
    comments: bool = True


@dataclass(frozen=True)
class Row:
    """One answer, or an invitation that was not answered."""

    number: int
    text: str
    """The number that was chosen, as it stands there; nothing where none was."""
    worth: int
    """What it means on 0-10."""
    at: datetime
    """In the zone of the business, which is UTC."""
    who: int
    town: str
    comment: str
    label: str
    """What stands beside the best and the worst answer."""

    @property
    def key(self) -> tuple[str, str]:
        """Month and group."""
        group = "promoter" if self.worth >= 9 else "passive" if self.worth >= 7 else "detractor"
        return f"{self.at:%Y-%m}", group


@dataclass(frozen=True)
class Survey:
    """Files, and what stands in them."""

    files: dict[str, bytes]
    right: Figure
    """By hand."""


Column = tuple[str, list[str]]
Table = list[list[str]]


@cache
def words() -> dict[str, dict[str, Any]]:
    """Headings and words by language."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("headings.yaml").read_text("utf-8"))
    return loaded


def survey(way: Way) -> Survey:
    """The files of a survey, and its figure."""
    rows = answers(way)
    files: dict[str, bytes] = {}
    for name, part in zip("ab", _parts(way, rows), strict=False):
        table = _table(way, part)
        form = way.format if way.format in ("xlsx", "jsonl") else "csv"
        files[f"survey_{name}.{form}"] = _written(table, form, way)
        if way.format == "csv and xlsx":
            files["survey_b.xlsx"] = _written(table, "xlsx", way)
    counted = [row for row in rows if row.text and _is_answer(way, row)]
    firsts = {part[0].number: part[0] for part in _parts(way, rows)}
    again = firsts.values() if "row_twice" in way.odd and not way.odd & {"answer_id", "answer_id_again"} else ()
    return Survey(files, Counter(row.key for row in [*counted, *again]))


def _is_answer(way: Way, row: Row) -> bool:
    """Whether the row answers this question."""
    if "kinds" in way.odd and row.number % 3:
        return False
    return not _is_sentence(way, row) and not _is_error(way, row)


def _is_sentence(way: Way, row: Row) -> bool:
    return "sentences" in way.odd and row.number % 7 == 3


def _is_error(way: Way, row: Row) -> bool:
    return "errors" in way.odd and row.number % 9 == 4


#: What each number of a scale means on 0-10.
_WORTH: Final[dict[str, dict[int, int]]] = {
    "0-10": {x: x for x in range(11)},
    "without zeros": {x: x for x in range(1, 11)},
    "1-10": {x: x for x in range(1, 11)},
    "index": {x: x + 1 for x in range(10)},
    "1-5": {1: 0, 2: 3, 3: 6, 4: 8, 5: 10},
}


def answers(way: Way) -> list[Row]:
    """What was answered, by rows of the file."""
    random = Random(way.seed)  # noqa: S311 - a seed
    told, month, half = words()[way.language], random.randint(1, 9), way.rows // 2
    rows = []
    for number in range(way.rows):
        scale = "1-5" if way.format == "two scales" and number >= half else way.scale
        worth = _WORTH[scale]
        least, best = min(worth), max(worth)
        score = {0: best, 1: least, half: best}.get(number, random.choice([*worth, *list(worth)[-4:]]))
        if "zeros_blank" in way.odd and number % 6 == 5:
            score = least
        # Each person answers once a month, some in two months.
        day, hour, minute, second = (
            random.randint(x, y) for x, y in ((1, 12 if way.early else 28), (0, 23), (0, 59), (0, 59))
        )
        at = datetime(2024, month + number % 3, day, hour, minute, second)  # noqa: DTZ001 - of the business
        who = number - 1 if number % 3 and random.random() < 0.2 else number
        is_blank = number > 2 and random.random() < UNANSWERED
        rows.append(
            Row(
                number,
                "" if is_blank else str(score),
                worth[score],
                at,
                who,
                random.choice(told["towns"]),
                random.choice([*told["says"], "", ""]),
                {best: told["best"], least: told["worst"]}.get(score, ""),
            )
        )
    return rows


def _parts(way: Way, rows: list[Row]) -> list[list[Row]]:
    """Whose rows stand in which file."""
    half, by_date = len(rows) // 2, sorted(rows, key=lambda row: row.at)
    if way.format == "two months":
        return [by_date[:half], by_date[half:]]
    if way.format == "grown":
        return [by_date[:half], by_date]
    return [rows[:half], rows[half:]] if way.format == "two scales" else [rows]


# A table: its columns


def _table(way: Way, rows: Sequence[Row]) -> Table:
    random = Random(f"{way.seed} table")  # noqa: S311 - a seed
    told = words()[way.language]

    def heading(name: str) -> str:
        fitting = [each for each in told[name] if way.scale in ("0-10", "without zeros") or "10" not in each]
        return str(random.choice(fitting))

    score = heading("question" if way.is_named_by_question else "bare")
    columns: list[Column] = [
        (heading("date"), [_date(way, row.at, row.number) for row in rows]),
        (score, [_score(way, row) for row in rows]),
    ]
    if way.branches:
        columns.append((heading("branch"), [row.town for row in rows]))
    if way.comments:
        columns.append((heading("comment"), [_comment(way, row) for row in rows]))
    if way.e_mails:
        columns.append((heading("email"), [f"p{_person('e_mail_twice', way, row)}@example.com" for row in rows]))
    for name, (called, cell) in _ODD.items():
        if name in way.odd:
            columns.append((heading(called) if called in told else called, [cell(way, row) for row in rows]))
    if "row_number" in way.odd:
        columns.append(("№" if way.language in ("ru", "uk") else "#", [str(i + 1) for i, _ in enumerate(rows)]))
    random.shuffle(columns)
    last = score if "line_feeds" in way.odd else None if "short_rows" not in way.odd else "comment"
    columns.sort(key=lambda each: each[0] == last or (last == "comment" and each[0] in told["comment"]))
    table = [[name for name, _ in columns], *([cells[i] for _, cells in columns] for i, _ in enumerate(rows))]
    return _spoilt(way, table, [name for name, _ in columns].index(score))


def _spoilt(way: Way, table: Table, at: int) -> Table:
    """The table with rows twice, short rows, or totals; the score stands in column `at`."""
    told, below = words()[way.language], []
    if "row_twice" in way.odd:  # two people may answer alike
        below = [list(table[1])]
    if "answer_id_again" in way.odd:  # the same answers are delivered again
        below = [list(row) for row in table[2:7]]
    if "totals" in way.odd:
        numbers = [int(row[at]) for row in table[1:] if row[at].isascii() and row[at].isdigit()]
        # An average may look like an answer, the more so where a pivot repeats the date.
        total = [
            cell if way.seed % 2 and name in told["date"] else ""
            for name, cell in zip(table[0], table[-1], strict=True)
        ]
        is_mean = way.seed % 3
        total[at] = str(round(sum(numbers) / max(len(numbers) if is_mean else 1, 1)))
        free = [i for i, name in enumerate(table[0]) if i != at and name not in (*told["comment"], *told["date"])]
        # Where there is no other place, the word stands for the date.
        free += [i for i, name in enumerate(table[0]) if name in told["date"]]
        total[free[0]] = told["total"][-1 if is_mean else 0]
        below = [*below, total]
    table = [*table, *below]
    return [table[0], *map(_shortened, table[1:])] if "short_rows" in way.odd else table


def _shortened(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def _person(twice: str, way: Way, row: Row) -> int:
    """Who it is; where some answer twice in a month, each answers four times."""
    return row.number // 4 if twice in way.odd else row.who


def _near(way: Way, row: Row, days: int) -> str:
    return _date(way, row.at + timedelta(days=days + row.number % 17 * (1 if days > 0 else -1)), row.number)


_ODD: Final[dict[str, tuple[str, Callable[[Way, Row], str]]]] = {
    "names": ("name", lambda _, row: f"{('Ana', 'Ivan', 'Eva')[row.who % 3]} {('Nowak', 'Meier')[row.who % 2]}"),
    "statement": ("statement", lambda _, row: str(1 + row.number * 7 % 5)),
    "other_survey": ("other_survey", lambda way, row: str(row.number * 7 % (11 if way.seed % 2 else 6))),
    "birth": ("birth", lambda _, row: f"{1950 + row.who % 50}-{1 + row.who % 12:02}-{1 + row.who % 28:02}"),
    "phone": ("Phone", lambda _, row: f"+385 91 {100000 + row.who}"),
    "replied": ("replied", lambda way, row: _near(way, row, 20)),
    "created": ("created", lambda way, row: _near(way, row, -20)),
    "sent": ("sent", lambda way, row: _near(way, row, -10)),
    "order": ("order_id", lambda _, row: f"OR-{5000 + row.number // 4}"),
    "bare_id": ("ID", lambda _, row: str(700 + row.number)),
    "bare_id_again": ("ID", lambda _, row: str(700 + row.number % 11)),
    "person_id": ("person_id", lambda _, row: f"C{1000 + row.who}"),
    "person_id_twice": ("person_id", lambda way, row: f"C{1000 + _person('person_id_twice', way, row)}"),
    "answer_id": ("answer_id", lambda _, row: f"R-{90000 + row.number}"),
    "answer_id_again": ("answer_id", lambda _, row: f"R-{90000 + row.number}"),
    "answer_id_anew": ("answer_id", lambda way, row: str(1 + row.number % (way.rows // 2 + 1))),
    "kinds": ("kind", lambda _, row: ("NPS", "CSAT", "CES")[row.number % 3]),
}  # fmt: skip


# Cells


def _date(way: Way, at: datetime, number: int) -> str:
    if "swapped" in way.odd:  # a spreadsheet of the other order took what it could for dates, and left the rest
        return f"{at.year}-{at.day:02}-{at.month:02}" if at.day <= 12 else f"{at:%d/%m/%Y}"
    if way.dates == "names":
        return format_date(at.date(), "d MMMM y", locale=way.language)
    if way.dates == "before words":
        return format_date(at.date(), "EEE d MMM y", locale=way.language)
    if way.dates == "zoned":
        zone = timezone(timedelta(hours=(2, -5, 0)[number % 3]))
        return at.replace(tzinfo=UTC).astimezone(zone).isoformat()
    if way.dates == "seconds":
        return str(int(at.replace(tzinfo=UTC).timestamp()))
    return at.strftime(DATES[way.dates])


def _score(way: Way, row: Row) -> str:
    told, text = words()[way.language], row.text
    if _is_sentence(way, row):
        return f"{9 + row.number % 2} {told['says'][0].lower()}"
    if _is_error(way, row):
        return "#N/A"
    if not text or ("zeros_blank" in way.odd and text == "0"):
        return ""
    highest = 5 if way.scale == "1-5" else 10
    forms = {
        "decimal": f"{text}{'.' if way.language == 'en' else ','}0",
        "labelled": f"{text} - {row.label}" if row.label else text,
        "ends": f"{row.label} ({text})" if row.label else text,
        "out_of": f"{text} {told['out_of'][0]} {highest}" if way.seed % 2 else f"{text}/{highest}",
        "apostrophe": f"'{text}",
        "wide": text.translate({ord("0") + i: chr(0xFF10 + i) for i in range(10)}),
        "spaces": f"\u00a0{text} \u200b",
    }
    return forms.get(way.scores, text)


def _comment(way: Way, row: Row) -> str:
    if way.odd & {"line_feeds", "quoted_line_feeds"} and row.number % 5 == 2:
        return f"{row.comment or 'Hm'}\n{words()[way.language]['says'][1]}"
    return row.comment


# Files


def _written(table: Table, form: str, way: Way) -> bytes:
    if form == "xlsx":
        return _sheet(table)
    if form == "jsonl":
        headings, *rows = table
        records = ({name: row[i] if i < len(row) else "" for i, name in enumerate(headings)} for row in rows)
        return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records).encode()
    out = io.StringIO(newline="")
    if "line_feeds" in way.odd:
        out.write("".join(way.delimiter.join(_bare(cell, way.delimiter) for cell in row) + "\n" for row in table))
    else:
        csv.writer(out, delimiter=way.delimiter, lineterminator="\r\n").writerows(table)
    encoding = (
        "utf-8-sig"
        if way.is_unicode and way.seed % 2
        else "utf-8"
        if way.is_unicode
        else words()[way.language]["encoding"]
    )
    try:
        return out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return out.getvalue().encode()


def _bare(cell: str, delimiter: str) -> str:
    return cell.replace(delimiter, " ").replace('"', "")


def _sheet(table: Table) -> bytes:
    """A workbook with numbers as numbers and ISO dates as dates."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        cells, shown = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(table):
            for position, cell in enumerate(row):
                if number and cell.isascii() and cell.isdigit():
                    cells.write_number(number, position, int(cell))
                elif number and len(cell) == 10 and cell[4:5] == "-" and cell[:4].isdigit():
                    cells.write_datetime(number, position, date.fromisoformat(cell), shown)
                elif cell:
                    cells.write_string(number, position, cell)
    return packed.getvalue()
