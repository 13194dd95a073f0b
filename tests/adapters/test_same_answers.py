"""The same answers give the same staged rows, in whatever encoding, delimiter, date order, packing or format they come."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support.arrived import judged, source
from tests.support.laws import law
from tests.support.variants import Answer, Way, written

#: Remarks that the encodings of a language can write, with the signs that disturb delimited text.
REMARKS = {
    "English": ("", "fine", "good; but slow", 'they said "no", twice', "line one\nline two", "a|b\tc"),
    "Croatian": ("", "čekao sam, dugo", "žuri se; šteta", 'rekli su "ne"', "đak\nmeće", "ćup|čaša"),
    "Polish": ("", "długo czekałem", "źle; bardzo źle", 'powiedzieli "nie"', "są\nmiłe", "gęś|żółw"),
    "Spanish": ("", "señor, qué tal", "atención; lenta", 'dijeron "no"', "mañana\nmás", "áéí|óú"),
    "Russian": ("", "долго ждал", "хорошо; но медленно", 'сказали "нет"', "первая строка\nвторая", "да|нет"),  # noqa: RUF001
}
LANGUAGE = {
    "cp1250": "Croatian", "iso-8859-2": "Polish", "cp852": "Croatian", "cp1252": "Spanish", "cp850": "Spanish",
    "mac-roman": "Spanish", "cp1251": "Russian", "cp866": "Russian", "koi8-r": "Russian",
}  # fmt: skip
ENCODINGS = (*LANGUAGE, "utf-8", "utf-8-sig", "utf-16", "utf-32")
DATES = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d/%m/%y %H:%M:%S",
    "%d-%b-%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y%m%d %H%M%S",
)  # fmt: skip

WAYS = [
    *(Way(encoding=encoding, declared=declared) for encoding in ENCODINGS for declared in (True, False)),
    *(Way(delimiter=delimiter, declared=declared) for delimiter in ";\t|" for declared in (True, False)),
    *(Way(line_end=line_end) for line_end in ("\r\n", "\r")),
    *(Way(decimal=decimal, whole=whole, delimiter=";") for decimal in ".," for whole in ("", ".0")),
    *(Way(dates=dates) for dates in DATES),
    *(Way(format=each, packing=packed) for each in ("xlsx", "json", "jsonl", "parquet") for packed in ("", "gz", "zip")),
    *(Way(packing=packed, encoding=encoding) for packed in ("gz", "zst", "zip") for encoding in ("utf-8", "cp1251")),
    Way(columns=(5, 3, 1, 0, 4, 2)),
]  # fmt: skip


def answers_in(language: str, number: int = 60) -> list[Answer]:
    """Answers whose remarks are in a language, as different from one another as they come."""
    remarks = REMARKS[language]
    start = datetime(2024, 1, 15, 9, 30)  # noqa: DTZ001 - as clocks on walls show it
    return [
        Answer(f"r-{n}", n % 11, start + timedelta(days=5 * n, minutes=7 * n), f"B{n % 4}", 0.5 + n % 3, remarks[n % 6])
        for n in range(number)
    ]


def staged_rows(path: Path, way: Way, scratch: Path) -> list[tuple[object, ...]]:
    """What the house makes of a file, without where each row stood and how its score was written."""
    settings = way.settings
    rows = judged(path, source(settings.pop("columns"), settings.pop("kind"), **settings), scratch)
    columns = ["response_id", "outcome", "score", "category", "responded_at", "month", "branch", "weight", "comment"]
    return rows.select(columns).sort("response_id").rows()


def meant(answers: Sequence[Answer]) -> list[tuple[object, ...]]:
    """The same rows, from what the answers mean."""
    rows: list[tuple[object, ...]] = []
    for each in answers:
        group = "promoter" if each.score >= 9 else "passive" if each.score >= 7 else "detractor"
        at = each.at.replace(tzinfo=UTC)
        remark = each.comment.strip() or None
        rows.append(
            (each.id, "accepted", each.score, group, at, at.date().replace(day=1), each.branch, each.weight, remark)
        )
    return sorted(rows, key=lambda row: str(row[0]))


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_same_answers_give_the_same_rows(way: Way, tmp_path: Path) -> None:
    answers = answers_in(LANGUAGE.get(way.encoding, "English"))
    path = written(answers, way, tmp_path / "landing")
    assert staged_rows(path, way, tmp_path / "scratch") == meant(answers)


# What is left out of a comment would not come back: addresses, telephone numbers and what spreadsheets write for errors.
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=20).filter(
    lambda text: re.search(r"@|\d(?:\D{0,3}\d){5}|^#", text) is None
)
tables = st.lists(
    st.builds(
        Answer,
        id=st.uuids().map(str),
        score=st.integers(0, 10),
        at=st.datetimes(datetime(2001, 1, 2), datetime(2024, 12, 30)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
        branch=st.sampled_from(["ZG", "ST", "RI"]),
        weight=st.sampled_from([0.0, 0.5, 1.0, 2.25]),
        comment=texts,
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda answer: answer.id,
)
ways = st.builds(
    Way,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    decimal=st.sampled_from(".,"),
    whole=st.sampled_from(["", ".0", ".00"]),
    dates=st.sampled_from(DATES),
    packing=st.sampled_from(["", "gz", "zst", "zip"]),
    format=st.sampled_from(["delimited", "xlsx", "json", "jsonl", "parquet"]),
    columns=st.permutations(range(6)).map(tuple),
)


@law(120)
@given(answers=tables, way=ways)
def test_any_table_in_any_layout_is_read_back_as_it_was_meant(answers: list[Answer], way: Way) -> None:
    # JSON is UTF-8 wherever it is exchanged; the other encodings of it are no layout that anybody exports.
    assume(way.format in ("delimited", "xlsx", "parquet") or way.encoding == "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = written(answers, way, Path(folder) / "landing")
        assert staged_rows(path, way, Path(folder) / "scratch") == meant(answers)


@law(40)
@given(answers=tables, way=ways, random=st.randoms(use_true_random=False))
def test_rows_in_another_order_are_the_same_answers(answers: list[Answer], way: Way, random: Random) -> None:
    shuffled = answers.copy()
    random.shuffle(shuffled)
    plain = replace(way, encoding="utf-8", format="delimited")
    with tempfile.TemporaryDirectory() as folder:
        for name, some in (("as they were", answers), ("shuffled", shuffled)):
            path = written(some, plain, Path(folder) / name)
            assert staged_rows(path, plain, Path(folder) / "scratch") == meant(answers)


def test_a_thousand_answers_in_one_encoding_after_another_stay_the_same(tmp_path: Path) -> None:
    answers = answers_in("Russian", 1_000)
    found = [
        pl.DataFrame(
            staged_rows(written(answers, way, tmp_path / way.encoding), way, tmp_path / "scratch"), orient="row"
        )
        for way in (Way(encoding=encoding) for encoding in ("utf-8", "utf-16", "cp1251", "cp866", "koi8-r"))
    ]
    assert all(each.equals(found[0]) for each in found)
