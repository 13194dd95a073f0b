"""Dates, encodings and JSON as other places write them, each through `init --from`: the right figure, or a word about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import FileRefusedError
from pipelines.sniff.sniff import sniff
from tests.sniff.test_sniff_law import Got, got
from tests.support.arrived import rows_of, table_of
from tests.support.scenario import land, source, taken_in, workspace

SCORES = [(7 * i) % 11 for i in range(60)]
DAYS = [date(2024, 1, 2) + timedelta(days=3 * i) for i in range(40)]
EVERY_OTHER = [date(2024, 1, 1) + timedelta(days=2 * i) for i in range(60)]
Way = Callable[[date], str]


def category(score: int) -> str:
    return "promoter" if score > 8 else "passive" if score > 6 else "detractor"


def survey(texts: Sequence[str], heading: str = "Datum") -> bytes:
    rows = "".join(f"{text};{score}\n" for text, score in zip(texts, SCORES, strict=False))
    return f"{heading};NPS\n{rows}".encode()


def dated(days: Sequence[date], way: Way) -> tuple[Got, Counter[tuple[str, str]]]:
    """What becomes of a survey of these days, and what is right."""
    right = Counter((f"{day:%Y-%m}", category(score)) for day, score in zip(days, SCORES, strict=False))
    return got(right, {"survey.csv": survey([way(day) for day in days])}), right


# Dates

IN_GERMAN = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
LEFT_TO_RIGHT = "\u200e"


@pytest.mark.parametrize(
    "way",
    [
        lambda d: f"{d:%d.%m.%Y}, 10:05 Uhr",
        lambda d: f"{d.day}. {d.month}. {d.year}.",
        lambda d: f"{d:%Y. %m. %d}. 10:05",
        lambda d: f"{d:%d/%m/%Y} 10h05",
        lambda d: f"{d.day}.{d.month}.{d.year} 10.05.33",
        lambda d: f"{IN_GERMAN[d.weekday()]}, {d:%d.%m.%Y}",
        lambda d: f"10:05 AM {d:%m/%d/%Y}",
        lambda d: f"{d:%Y%m%d}T101500Z",
        lambda d: f"{d:%Y%m%d}101500",
        lambda d: f"{d:%Y/%m/%d} 10:05:33 a. m. UTC+1",
        lambda d: f"'{d:%d.%m.%Y}",
        lambda d: f"{d:%d/%m/%Y}".translate({48 + digit: 0x660 + digit for digit in range(10)}),
        lambda d: "/".join(f"{LEFT_TO_RIGHT}{part}" for part in (d.day, d.month, d.year)),
    ],
)  # fmt: skip
def test_dates_of_other_places_are_read_without_a_question(way: Way) -> None:
    found, right = dated(DAYS, way)
    assert (found.questions, found.figure) == ([], right)


@pytest.mark.parametrize(
    ("way", "asked"),
    [
        (lambda d: f"{d:%y-%m-%d}", "have two digits"),
        (lambda d: f"{d:%y/%m/%d} 10:00", "have two digits"),
        (lambda d: f"{d:%y-%b-%d}", "have two digits"),
        (lambda d: f"{d.day}/{d.month}/67", "decades ahead"),
        (lambda d: f"{d:%d.%m.%Y} - {d:%d.%m.%Y}", "in a shape that is not understood"),
        (lambda d: f"{d:%Y/%m/%d} 3:36:27 nachm. MEZ", "say MEZ, which is no zone for certain"),
        (lambda d: f"{d:%Y/%m/%d} 10:05:33 пп EET", "say EET, which is no zone for certain"),
        (lambda d: f"{d:%Y/%m/%d} 10:05:33 p. m. CET", "say CET, which is no zone for certain"),
        (lambda d: f"{d:%Y-%m-%d}Z", "in a shape that is not understood"),
        (lambda d: str(133_803_687_071_234_544 + d.toordinal()), "in a shape that is not understood"),
    ],
)
def test_dates_that_may_be_others_are_asked(way: Way, asked: str) -> None:
    found, _ = dated(DAYS, way)
    assert any(asked in question for question in found.questions), found


@pytest.mark.parametrize("way", ["%d.%m.%y", "%d-%b-%y", "%m/%d/%y"])
def test_years_that_vary_less_than_days_are_years(way: str) -> None:
    found, right = dated(DAYS, lambda day: f"{day:{way}}")
    assert (found.questions, found.figure) == ([], right)


def test_a_file_may_have_a_time_in_its_name() -> None:
    found = got(Counter(), {"export 2024-06-01T10:05:00.csv": survey([f"{day}" for day in DAYS])})
    assert found.questions == []
    assert found.figure.total() == len(DAYS)


# Half-swapped


def swapped(day: date, early: str, late: str = "%d/%m/%Y") -> str:
    """A day above 12 as it is, any other as a spreadsheet of another locale has it."""
    turned = date(day.year, day.day, day.month) if day.day <= 12 else day
    return f"{day:{late}}" if day.day > 12 else f"{turned:{early}}".replace("_0", "").replace("_", "")


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("%d/%m/%Y", "%d/%m/%Y"),
        ("_%d/_%m/%Y", "%d/%m/%Y"),
        ("%d-%b-%Y", "%d/%m/%Y"),
        ("%Y-%m-%dT00:00:00Z", "%d/%m/%Y"),
        ("%Y-%m-%d", "%d %B %Y"),
    ],
)
def test_dates_are_half_swapped_too_where_only_zeros_or_months_tell_it(early: str, late: str) -> None:
    found, _ = dated(EVERY_OTHER, lambda day: swapped(day, early, late))
    assert any("a spreadsheet of another locale" in question for question in found.questions)


@pytest.mark.parametrize(
    ("name", "way", "status"),
    [
        ("zeros", lambda day: swapped(day, "_%d/_%m/%Y"), "held"),
        ("months", lambda day: swapped(day, "%d/%m/%Y"), "held"),
        ("none", lambda day: f"{day.day}/{day.month}/{day.year}", "accepted"),
        ("all", lambda day: f"{day:%d/%m/%Y}", "accepted"),
    ],
)
def test_later_files_whose_dates_are_half_swapped_are_held_under_one_format(
    name: str, way: Way, status: str, tmp_path: Path
) -> None:
    columns = {"score": "NPS", "responded_at": "Datum"}
    home = workspace(tmp_path, {"sources": {"a": source("a", columns=columns, dates={"formats": ["%d/%m/%Y"]})}})
    land(home, f"a/{name}.csv", survey([way(day) for day in EVERY_OTHER]))
    [verdict] = taken_in(home).values()
    assert verdict["status"] == status, verdict
    assert status == "accepted" or "dates_are_not_half_swapped" in verdict["detail"] or "up to 12" in verdict["detail"]


def test_files_of_one_source_that_write_day_and_month_in_different_order_are_asked_about() -> None:
    january, february = ([date(2024, month, 1 + i) for i in range(28)] for month in (1, 2))
    files = {
        "jan.csv": survey([f"{day:%d/%m/%Y}" for day in january]),
        "feb.csv": survey([f"{day:%m/%d/%Y}" for day in february]),
    }
    [question] = got(Counter(), files).questions
    assert "mixes both orders: 16 dates prove day before month, 16 month before day" in question
    assert "need sources of their own" in question


# Encodings


def places(*names: str) -> str:
    rows = (f"{day};{names[at % len(names)]};{SCORES[at]}\n" for at, day in enumerate(DAYS))
    return "date;branch;NPS\n" + "".join(rows)


@pytest.mark.parametrize(
    ("name", "encoding", "read"),
    [("İstanbul", "windows-1254", "Ýstanbul"), ("دبي", "iso-8859-6", "ПИк"), ("Málaga", "windows-1252", "Málaga")],
)
def test_a_text_whose_encoding_one_word_tells_is_noted_with_that_word(
    name: str, encoding: str, read: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(places(name, "Split").encode(encoding))
    found = sniff(tmp_path / "a.csv")
    assert (found.questions, "encoding: windows" in found.entry) == ([], False)
    assert f"'{read}'" in found.entry
    [note] = table_of(tmp_path / "a.csv", tmp_path / "scratch").notes
    assert f"'{read}'" in note


def test_a_text_with_many_words_is_not_noted(tmp_path: Path) -> None:
    names = (
        "Đakovo",
        "Čakovec",
        "Šibenik",
        "Požega",
        "Županja",
        "Omiš",
        "Ćuk",
        "čekao",
        "dođem",
        "riješeno",
        "osoblje brže",
    )
    more = "Niš", "Bač", "Varaždin", "Križevci", "Našice", "Đurđevac", "Vukovar"
    (tmp_path / "a.csv").write_bytes(places(*names, *more).encode("windows-1250"))
    assert table_of(tmp_path / "a.csv", tmp_path / "scratch").notes == ()


def test_json_in_another_encoding_is_noted_as_a_text_is(tmp_path: Path) -> None:
    records = [{"date": f"{day}", "branch": "İstanbul", "NPS": score} for day, score in zip(DAYS, SCORES, strict=False)]
    (tmp_path / "a.json").write_bytes(json.dumps(records, ensure_ascii=False).encode("windows-1254"))
    [note] = table_of(tmp_path / "a.json", tmp_path / "scratch", kind="json").notes
    assert "'Ýstanbul'" in note


@pytest.mark.parametrize(
    ("names", "one", "other"),
    [
        (("Москва", "Казань", "долго ждал", "хорошо"), "windows-1251", "koi8-r"),
        (("Łódź", "Świdnica", "Kraśnik", "Żory"), "windows-1250", "iso-8859-2"),
    ],
)
def test_more_pairs_of_encodings_in_one_file_are_asked_about(
    names: tuple[str, ...], one: str, other: str, tmp_path: Path
) -> None:
    lines = places(*names).encode("utf-8").splitlines(keepends=True)
    halves = (lines[: len(lines) // 2], lines[len(lines) // 2 :])
    parts = [b"".join(half).decode("utf-8").encode(name) for half, name in zip(halves, (one, other), strict=True)]
    (tmp_path / "a.csv").write_bytes(b"".join(parts))
    with pytest.raises(FileRefusedError, match=f"{one} in lines .* {other} in lines"):
        sniff(tmp_path / "a.csv")


# Airbyte


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("as_text", [True, False])
def test_raw_records_of_airbyte_are_read_from_tables_too(kind: str, as_text: bool, tmp_path: Path) -> None:
    records = [{"score": score, "at": f"{day}"} for day, score in zip(DAYS, SCORES, strict=False)]
    data = [json.dumps(each) if as_text or kind == "csv" else each for each in records]
    table = pl.DataFrame({"_airbyte_raw_id": [f"id {at}" for at in range(len(data))], "_airbyte_data": data})
    path = tmp_path / f"a.{kind}"
    table.write_csv(path) if kind == "csv" else table.write_parquet(path)
    found = table_of(path, tmp_path / "scratch", kind=kind)
    assert [heading.text for heading in found.headings] == ["score", "at"]
    assert rows_of(found) == [[str(each["score"]), each["at"]] for each in records]
    assert found.rows.collect().get_column("source_row").min() == (2 if kind == "csv" else 1)


def test_a_raw_record_that_is_no_json_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('_airbyte_data,x\n"{""score"": 9}",\n"{""score"": ",\n')
    rows = table_of(tmp_path / "a.csv", tmp_path / "scratch").rows.collect().sort("source_row")
    assert rows.get_column("malformed").to_list() == [False, True]
