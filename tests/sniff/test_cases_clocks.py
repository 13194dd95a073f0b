"""Logs with the day in one column and the time of day in another one: both are read, or the day alone."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import openpyxl
import pytest
import yaml

from pipelines.sniff.sniff import sniff
from tests.support.scenario import land, night, nps, published, workspace


def log(folder: Path, headings: str, times: list[str], day: str = "{:02}.01.2024") -> Path:
    """Forty answers of the days from 1 to 28 January."""
    rows = [f"{day.format(1 + row % 28)};{times[row % len(times)]};{row % 11}" for row in range(40)]
    path = folder / "log.csv"
    path.write_text("\n".join([f"{headings};NPS", *rows, ""]), "utf-8")
    return path


def proposed(path: Path) -> dict[str, object]:
    """What is said of its dates."""
    [source] = yaml.safe_load(sniff(path).entry)["sources"].values()
    told: dict[str, object] = {"responded_at": source["columns"].get("responded_at"), **source.get("dates", {})}
    return told


@pytest.mark.parametrize(
    "headings",
    [
        "Date;Time", "Call date;Call time", "Date of call;Time of call", "Datum;Uhrzeit", "Anrufdatum;Anrufzeit",
        "Data rozmowy;Godzina rozmowy", "Дата звонка;Время звонка", "Дата;Час", "Datum razgovora;Vrijeme razgovora",
        "Fecha;Hora", "Date;Heure", "Data;Ora", "Data;Hora", "Datum;Tijd", "Datum;Čas", "Arama tarihi;Arama saati",
        "Dato;Klokkeslæt", "Päivämäärä;Kellonaika", "Dátum;Időpont", "Датум;Време", "日付;時刻",
    ],
)  # fmt: skip
def test_the_time_of_the_day_beside_it_is_read(headings: str, tmp_path: Path) -> None:
    day, clock = headings.split(";")
    told = proposed(log(tmp_path, headings, ["09:05", "23:59"]))
    assert told == {"responded_at": day, "clock": clock, "formats": ["%d.%m.%Y %H:%M"]}


@pytest.mark.parametrize(
    ("times", "formats"),
    [
        (["9:05:10 AM", "11:59:59 PM"], ["%d.%m.%Y %I:%M:%S %p"]),
        (["9.05", "23.59"], ["%d.%m.%Y %H.%M"]),
        (["09:05", "23:59:10"], ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"]),
        (["09:05", ""], ["%d.%m.%Y %H:%M", "%d.%m.%Y"]),
    ],
)
def test_the_formats_say_both_in_every_way_in_which_times_are_written(
    times: list[str], formats: list[str], tmp_path: Path
) -> None:
    assert proposed(log(tmp_path, "Date;Time", times))["formats"] == formats


@pytest.mark.parametrize(
    "headings", ["Date;Talk time", "Date;Wait time", "Data;Czas oczekiwania", "Datum;Gesprächszeit"]
)
def test_a_time_of_something_else_is_not(headings: str, tmp_path: Path) -> None:
    assert "clock" not in proposed(log(tmp_path, headings, ["09:05", "03:59"]))


def test_what_may_be_minutes_and_seconds_is_not(tmp_path: Path) -> None:
    assert "clock" not in proposed(log(tmp_path, "Date;Time", ["00:03:10", "00:41:09"]))


def test_of_two_times_of_day_none_is_chosen(tmp_path: Path) -> None:
    path = log(tmp_path, "Date;Time;Hour", ["09:05;10:05", "23:59;23:59"])
    assert "clock" not in proposed(path)


def test_the_formats_are_those_of_all_files_of_a_source(tmp_path: Path) -> None:
    first = log(tmp_path, "Date;Time", ["9:05", "23:59"]).rename(tmp_path / "log_1.csv")
    second = log(tmp_path, "Date;Time", ["09:05:10", "10:10:10"], "{:02}.02.2024").rename(tmp_path / "log_2.csv")
    assert nps("init", tmp_path / "home", "--from", first, second).code == 0
    said = (tmp_path / "home" / "nps.yaml").read_text("utf-8")
    assert "formats: ['%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M']" in said


def workbook(path: Path, days: list[date]) -> Path:
    """Forty answers, an hour after one another."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Date", "Time", "NPS"])
    for row in range(40):
        sheet.append([days[row % len(days)], time(row % 24, 5, 10), row % 11])
    book.save(path)
    return path


def of_new_york(home: Path, file: Path, **settings: object) -> dict[str, int]:
    """The answers by month of Zagreb, whose clock is six hours ahead of that of the file."""
    source = {
        "metric": "nps", "files": f"landing/ivr/*{file.suffix}", "delivery": "incremental",
        "columns": {"score": "NPS", "responded_at": "Date"}, **settings,
    }  # fmt: skip
    workspace(home, {"timezone": "Europe/Zagreb", "sources": {"ivr": source}})
    land(home, f"ivr/{file.name}", file)
    night(home)
    by_month = "select strftime(month, '%Y-%m'), sum(responses)::int from marts.fct_nps group by all order by all"
    return dict(published(home, by_month))


def test_a_workbook_shows_both_as_moments_and_they_are_one(tmp_path: Path) -> None:
    file = workbook(tmp_path / "log.xlsx", [date(2024, 1, day) for day in range(1, 29)])
    assert sniff(file).questions == []
    assert proposed(file) == {"responded_at": "Date", "clock": "Time"}
    late = workbook(tmp_path / "late.xlsx", [date(2024, 1, 31)])
    dates = {"clock": "Time", "timezone": "America/New_York"}
    assert of_new_york(tmp_path / "home", late, kind="excel", dates=dates) == {"2024-01": 34, "2024-02": 6}


def test_by_the_clock_of_another_zone_an_answer_may_be_of_another_month(tmp_path: Path) -> None:
    rows = ["31/01/2024,17:59,9", "31/01/2024,18:01,8", "31/01/2024,,7"]
    (tmp_path / "log.csv").write_text("\n".join(["Date,Time,NPS", *rows, ""]), "utf-8")
    dates = {"clock": "Time", "formats": ["%d/%m/%Y %H:%M", "%d/%m/%Y"], "timezone": "America/New_York"}
    found = of_new_york(tmp_path / "home", tmp_path / "log.csv", kind="csv", dates=dates)
    assert found == {"2024-01": 2, "2024-02": 1}


def test_a_shorter_scale_at_the_end_is_asked_about_where_the_time_stands_beside_the_day(tmp_path: Path) -> None:
    scores = [*((10, 9, 0, 8, 7, 3)[at % 6] for at in range(90)), *(1 + at % 5 for at in range(30))]
    rows = [f"2024-0{1 + at // 30}-{1 + at % 28:02},1{at % 10}:2{at % 7},{score}" for at, score in enumerate(scores)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["Date,Time,How likely are you to recommend us? (0-10)", *rows, ""]), "utf-8")
    [asked] = sniff(path).questions
    assert "go from 1 to 5 in all" in asked
    assert "where others go up to 10" in asked
