"""Files whose dates were misread, or taken for those of something else: each ends in the right months, or in a question."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import yaml
from babel.dates import format_datetime

from pipelines.adapters.zones import zone_in, zone_word
from pipelines.sniff.dates.date_shapes import shapes_of
from pipelines.sniff.sniff import sniff
from tests.support.built import built
from tests.support.cases import own, settle, shared
from tests.support.scenario import land, nps, source, taken_in, workspace
from transforms.dates.instants import SERIAL, UNDECLARED, DateReading, instant
from transforms.dates.names import LANGUAGES
from transforms.dates.swapped import TYPED, half_swapped

TRUE_MONTHS = {"2024-01": (15, -40.0), "2024-02": (15, -33.3), "2024-03": (15, 0.0), "2024-04": (15, 20.0)}
SWAPPED = "a spreadsheet of another locale"
#: Of the answers of 36 days in `tests/cases/dates`.
OWN_MONTHS = {"2024-01": (10, -40.0), "2024-02": (10, -50.0), "2024-03": (10, -40.0), "2024-04": (6, -66.7)}


def test_half_swapped_dates_are_held_until_a_person_says_what_they_are(tmp_path: Path) -> None:
    home = tmp_path / "home"
    found = settle(home, shared("half_swapped_dates.csv"), answers={SWAPPED: None})
    assert len(found.asked) == 1
    [held] = found.verdicts.values()
    assert "Export the file again" in held["detail"]
    assert found.figure == (0, None)
    config = home / "nps.yaml"
    config.write_text(
        config.read_text("utf-8").replace("      formats:", "      swapped: true\n      formats:"), "utf-8"
    )
    built(home)
    assert {each["status"] for each in found.verdicts.values()} == {"accepted"}
    assert found.by("month") == TRUE_MONTHS


def test_the_date_of_the_answer_is_chosen_from_that_and_the_one_of_the_reply(tmp_path: Path) -> None:
    found = settle(
        tmp_path / "home", shared("reply_date_long.csv"), answers={"'rated_at'', ''responded_at'": "rated_at"}
    )
    assert found.by("month")["2024-01"] == (60, -18.3)


@pytest.mark.parametrize(
    ("name", "figure"),
    [("german_long_dates.csv", (40, 5.0)), ("weekday_dates.csv", (39, None)), ("postgres_copy.tsv", (54, -13.0))],
)
def test_dates_with_names_and_offsets_are_read(name: str, figure: tuple[int, float | None], tmp_path: Path) -> None:
    answers = {
        "0-10 or 1-10": "0-10", "on which scale": "0-10", "is one of these the score: ''nps''": "nps",
        "whose id is": None,
    }  # fmt: skip
    found = settle(tmp_path / "home", shared(name), answers=answers)
    assert found.unanswered == []
    assert found.figure[0] == figure[0]
    assert figure[1] in (None, found.figure[1])


def read(text: str, *formats: str, language: str | None = None, is_buddhist: bool = False) -> datetime | None:
    reading = DateReading(formats or UNDECLARED, "UTC", language, is_buddhist=is_buddhist)
    found: datetime | None = pl.select(instant(pl.lit(text), reading)).item()
    return found


# Half-swapped


def test_the_order_of_one_way_to_write_dates_proves_nothing_about_another() -> None:
    found = sniff(own("dates/swapped_texts.csv"))
    assert any("prove nothing about those of another" in question for question in found.questions)
    assert any(SWAPPED in question for question in found.questions)


def test_cells_of_dates_beside_texts_in_a_workbook_are_asked_about(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Datum", "NPS"])
    for number in range(40):
        day = date(2024, 1, 1) + timedelta(days=3 * number)
        sheet.append([f"{day:%d.%m.%Y}" if day.day > 12 else date(2024, day.day, day.month), number % 11])
    book.save(tmp_path / "book.xlsx")
    assert [SWAPPED in question for question in sniff(tmp_path / "book.xlsx").questions] == [True]


@pytest.mark.parametrize(
    ("counts", "swapped"),
    [
        ({TYPED: (20, 0), "%d.%m.%Y": (0, 30)}, 20),
        ({TYPED: (20, 1), "%d.%m.%Y": (1, 30)}, 20),  # by hand
        ({TYPED: (20, 25), "%d.%m.%Y": (0, 30)}, 0),
        ({TYPED: (20, 0), "%d.%m.%Y": (12, 30)}, 0),
        ({TYPED: (0, 20), "%d.%m.%Y": (20, 0)}, 0),
        ({TYPED: (1, 0), "%d.%m.%Y": (0, 1)}, 0),
        ({"%d/%m/%Y": (20, 0), "%d.%m.%Y": (0, 30)}, 20),
        ({TYPED: (3, 0), "%d.%m.%Y %H:%M": (0, 3), "%d.%m.%Y": (40, 60)}, 0),
        ({}, 0),
    ],
)  # fmt: skip
def test_dates_are_half_swapped_where_no_notation_has_days_on_both_sides(
    counts: dict[str, tuple[int, int]], swapped: int
) -> None:
    assert half_swapped(counts) == swapped


# Names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_a_year_is_read_in_each_language(language: str) -> None:
    days = [datetime(2024, 1, 1, 10, 5, 7, tzinfo=UTC) + timedelta(days=number) for number in range(366)]
    for width in ("EEEE, d MMMM y H:mm:ss", "EEE d MMM y H:mm:ss", "d. LLLL y, H:mm:ss", "d LLL y H:mm:ss"):
        texts = pl.Series([format_datetime(day, width, locale=language) for day in days])
        found = pl.select(instant(pl.lit(texts), DateReading(("words",), "UTC", language))).to_series().to_list()
        assert found == days, width


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-03 10:05:00+00", "2024-01-03 12:05:00 +0200", "2024-01-03 10:05:00,000", "Jan. 3, 2024 10:05 AM",
        "Wed Jan 03 2024 12:05:00 GMT+0200 (CEST)", "3rd January 2024 10:05", "1/3/2024",
        "3 de enero de 2024 10:05:00 a. m.",
        "3 января 2024 \u0433., 10:05", "3. Januar 2024, 10:05 Uhr", "3 janv. 2024 à 10:05", "2024-01-03T10:05Z",
        "2024-01-03T12:05:00+02:00[Europe/Zagreb]", "2024-01-03T10:05:00Z[UTC]",
        "2024-01-03\u202f10:05", "3. Jan 2024 kl. 10.05", "3 Jan 2024 klo 10.05",
    ],
)  # fmt: skip
def test_what_can_mean_one_thing_only_needs_no_format(text: str) -> None:
    expected = None if text == "1/3/2024" else datetime(2024, 1, 3, 10, 5, tzinfo=UTC)
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "fmt"),
    [
        ("17.3.2024 klo 9.05", "{1}.{2}.%Y klo %H.%M"), ("17/03/2024 às 14:02", "{1}/{2}/%Y às %H:%M"),
        ("17.03.2024 kl. 14.02", "{1}.{2}.%Y kl. %H.%M"), ("17/03/2024 alle ore 14.02.33", "{1}/{2}/%Y alle ore %H.%M.%S"),
        ("17.03.2024 o godz. 14:02", "{1}.{2}.%Y o godz. %H:%M"), ("17 Mar 2024 saat 14:05", "%d %B %Y saat %H:%M"),
        ("17-Mrz-24", "%d-%B-%y"), ("17. marts 2024 kl. 14.02", "%d. %B %Y kl. %H.%M"),
        ("17. mar. 2024 14.02.33", "%d. %B %Y %H.%M.%S"),
        ("17 maaliskuuta 2024", "%d %B %Y"), ("17 Μαρτίου 2024", "%d %B %Y"), ("17 de setiembre de 2024", "%d de %B de %Y"),
        ("mon 3.02.24", "%A {1}.{2}.%y"),
    ],
)  # fmt: skip
def test_words_between_a_date_and_a_time_are_known(text: str, fmt: str) -> None:
    assert shapes_of([text], compact=True).formats == [fmt]


def test_a_month_that_is_another_one_in_another_language_needs_a_language() -> None:
    assert read("3. listopada 2024.") is None
    assert read("3. listopada 2024.", "words", language="hr") == datetime(2024, 10, 3, tzinfo=UTC)
    assert read("3 listopada 2024", "%d %B %Y", language="pl") == datetime(2024, 11, 3, tzinfo=UTC)
    assert read("mar 5 mars 2024", "%a %d %B %Y", language="fr") == datetime(2024, 3, 5, tzinfo=UTC)
    assert read("mar, 5 mar 2024", "%a, %d %b %Y", language="es") == datetime(2024, 3, 5, tzinfo=UTC)
    assert read("lun, 5 mar 2024", "%a, %d %b %Y", language="es") is None, "it was a Tuesday"


@pytest.mark.parametrize("sent", ["Wysłano", "Lähetetty", "送信日時", "Odesláno"])
def test_when_something_was_sent_may_be_the_form_or_the_letter_that_asked_for_it(sent: str, tmp_path: Path) -> None:
    rows = [f"2024-05-{1 + i % 28:02},2024-04-{1 + i % 28:02},{i % 11}" for i in range(44)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join([f"Date,{sent},NPS", *rows]), "utf-8")
    [question] = [each for each in sniff(path).questions if "responded_at" in each]
    assert f"2 columns may say when it was answered: '{sent}', 'Date'" in question
    path.write_text("\n".join([f"Branch,{sent},NPS", *rows]).replace("2024-05", "Split"), "utf-8")
    assert any(
        "what was sent then, the answer or the letter that asked for it" in each for each in sniff(path).questions
    )


def test_files_of_other_places_end_in_the_right_months(tmp_path: Path) -> None:
    names = (
        "polish_days",
        "buddhist_years",
        "eastern_times",
        "closed_matters",
        "swapped_numbers_of_days",
        "swapped_texts",
    )
    answers = {
        "five centuries ahead": "buddhist", "say EST": "America/New_York", "prove nothing": "['%d.%m.%Y', '%m/%d/%Y']",
        "in ''Datum'' are written": "true", "in ''Answer date'' are written": "false",
        "which is another source since it": "incremental",
    }  # fmt: skip
    found = settle(tmp_path / "home", *(own(f"dates/{name}.csv") for name in names), answers=answers)
    assert len(found.asked) == 7
    assert found.by("survey") == dict.fromkeys(names, (36, -47.2))
    assert found.by("month") == {month: (6 * count, nps) for month, (count, nps) in OWN_MONTHS.items()}


@pytest.mark.parametrize(("year", "calendar"), [(1403, "Persian"), (1445, "Islamic"), (2567, "Thailand")])
def test_years_of_other_calendars_are_rejected_with_the_calendar_named(
    year: int, calendar: str, tmp_path: Path
) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    land(home, "a/1.csv", "date,score\n" + "".join(f"{year}-01-{day:02},9\n" for day in range(1, 29)))
    assert {row["status"] for row in taken_in(home).values()} == {"held"}
    assert calendar in nps("rejects", "--home", home, "--summary", "--json").out


def test_buddhist_years_are_read_where_they_are_declared_and_no_others() -> None:
    assert read("29/2/2567", "%d/%m/%Y", is_buddhist=True) == datetime(2024, 2, 29, tzinfo=UTC)
    assert read("29/2/2024", "%d/%m/%Y", is_buddhist=True) is None


# What is asked


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("listopad.csv", "mean other months in other languages. Write pl or hr"),
        ("weeks.csv", "'Date' says no month or day (9999-x99)"),
        ("eastern_times.csv", "such as America/New_York"),
    ],
)
def test_what_cannot_be_known_of_a_date_is_asked(name: str, question: str) -> None:
    assert [question in asked for asked in sniff(own(f"dates/{name}")).questions] == [True]


def headed(folder: Path, *headings: str) -> list[str]:
    """What is asked, and proposed as the date, of a file whose columns of dates have these headings."""
    path = folder / "dates.csv"
    days = [[f"2024-0{1 + place}-{1 + row % 28:02}" for place in range(len(headings))] for row in range(44)]
    rows = [",".join([*row, str(number % 11)]) for number, row in enumerate(days)]
    path.write_text("\n".join([",".join([*headings, "NPS"]), *rows]) + "\n", "utf-8")
    return [line.strip() for line in sniff(path).entry.splitlines() if "responded_at" in line]


@pytest.mark.parametrize(
    "headings",
    [
        ("created_at", "rated_at", "closed_at"), ("Utworzono", "Data oceny", "Zamknięto"),
        ("Создан", "Дата ответа", "Закрыт"), ("Створено", "Дата відповіді", "Закрито"),
        ("Datum početka", "Datum odgovora", "Datum zatvoreno"), ("Creado", "Fecha de respuesta", "Cerrado"),
        ("Erstellt", "Beantwortet am", "Geschlossen"), ("Créé le", "Date de réponse", "Fermé le"),
        ("sent_at", "submitted_at", "first_response_at"), ("Survey Date", "Response Date", "Sent"),
        ("Umfragedatum", "Antwortdatum", "Gesendet"), ("Oprettet", "Dato", "Lukket"), ("登録", "回答日時", "x"),
    ],
)  # fmt: skip
def test_the_date_of_the_answer_wins_over_all_others(headings: tuple[str, ...], tmp_path: Path) -> None:
    [line] = headed(tmp_path, *headings)
    assert line.split("  #")[0] == f"responded_at: {headings[1]}"


@pytest.mark.parametrize(
    "headings",
    [
        ("rated_at", "responded_at"), ("submitted_at", "completed_at"), ("created_at", "resolved_at"),
        ("end", "_submission_time"), ("end", "SubmissionDate"),
    ],
)  # fmt: skip
def test_where_two_dates_remain_both_are_named(headings: tuple[str, ...], tmp_path: Path) -> None:
    [line] = headed(tmp_path, *headings)
    assert "? 2 columns may say when it was answered" in line
    assert all(heading in line for heading in headings)


def test_the_zone_of_the_date_that_is_chosen_is_asked_for_where_a_heading_says_one(tmp_path: Path) -> None:
    rows = [f"2024-01-{1 + at % 27:02}T20:00:07,2024-01-{2 + at % 27:02}T04:00:07,{at % 11}" for at in range(60)]
    (tmp_path / "form.csv").write_text("\n".join(["completed_at,completed_at_utc,NPS", *rows, ""]), "utf-8")
    which, zone = sniff(tmp_path / "form.csv").questions
    assert "2 columns may say when it was answered: 'completed_at', 'completed_at_utc'" in which
    assert zone.startswith("sources.form.dates.timezone: that of the date that is chosen: UTC for 'completed_at_utc'")


def test_of_two_dates_of_the_same_days_the_first_is_taken(tmp_path: Path) -> None:
    rows = [f"2024-01-{1 + at % 28:02}T10:00,2024-01-{1 + at % 28:02}T10:0{at % 7},{at % 11}" for at in range(60)]
    (tmp_path / "form.csv").write_text("\n".join(["end,_submission_time,NPS", *rows, ""]), "utf-8")
    assert "responded_at: _submission_time" in sniff(tmp_path / "form.csv").entry


def test_of_two_dates_of_the_same_days_that_which_states_its_zone_is_taken(tmp_path: Path) -> None:
    rows = [
        f"2024-01-{2 + at % 27:02}T03:00:00.000+07:00,2024-01-{1 + at % 27:02}T20:00:07,{at % 11}" for at in range(60)
    ]
    (tmp_path / "form.csv").write_text("\n".join(["end,_submission_time,NPS", *rows, ""]), "utf-8")
    found = sniff(tmp_path / "form.csv")
    assert (found.questions, "responded_at: end" in found.entry) == ([], True)


def test_the_day_that_limesurvey_writes_where_it_keeps_none_is_no_date(tmp_path: Path) -> None:
    rows = [f"{at},1980-01-01 00:00:00,{at % 11}" for at in range(60)]
    (tmp_path / "results.csv").write_text("\n".join(["Response ID,submitdate,NPS", *rows, ""]), "utf-8")
    [question] = sniff(tmp_path / "results.csv").questions
    assert "the dates that it holds seem to be of something else: 'submitdate'" in question


def test_one_day_in_all_rows_that_may_be_that_of_a_version_is_asked_about(tmp_path: Path) -> None:
    rows = [f"2010-04-01,2024-01-{1 + at % 28:02},{at % 11}" for at in range(60)]
    (tmp_path / "messages.csv").write_text("\n".join(["ApiVersion,SentDate,NPS", *rows, ""]), "utf-8")
    [question] = sniff(tmp_path / "messages.csv").questions
    assert question.startswith(
        "sources.messages.columns.responded_at: 2 columns may say when it was answered: 'ApiVersion', 'SentDate'"
    )


def test_an_alone_standing_date_of_responding_is_that_of_the_answer(tmp_path: Path) -> None:
    assert headed(tmp_path, "responded_at") == ["responded_at: responded_at"]


def in_digits(folder: Path, heading: str, way: str, *, days: int = 44, apart: int = 2) -> list[str]:
    """The same of a column of days without marks between their numbers."""
    path = folder / "digits.csv"
    found = [date(2024, 1, 1) + timedelta(days=apart * number) for number in range(days)]
    path.write_text("\n".join([f"{heading},NPS", *(f"{day:{way}},{day.day % 11}" for day in found)]) + "\n", "utf-8")
    return [line.strip() for line in sniff(path).entry.splitlines() if "responded_at" in line or "formats" in line]


@pytest.mark.parametrize("heading", ["responsedate", "call_dt", "dat_odg", "D1"])
@pytest.mark.parametrize("way", ["%Y%m%d", "%Y%m%d101500", "%Y%m%d1015"])
def test_digits_of_days_are_dates_whatever_they_are_called(heading: str, way: str, tmp_path: Path) -> None:
    at, formats = in_digits(tmp_path, heading, way)
    assert at == f"responded_at: {heading}"
    assert "%Y%m%d" in formats


def test_where_the_year_is_last_in_digits_the_column_is_named(tmp_path: Path) -> None:
    [asked] = in_digits(tmp_path, "dat_odg", "%d%m%Y")
    assert "not understood in ''dat_odg''" in asked


@pytest.mark.parametrize(
    ("way", "days", "apart"), [("%Y%m%d", 9, 9), ("%Y%m%d", 28, 1), ("%Y99%d", 44, 2), ("%y%m%d", 44, 2)]
)
def test_few_digits_or_of_one_month_or_no_days_are_no_dates(way: str, days: int, apart: int, tmp_path: Path) -> None:
    [asked] = in_digits(tmp_path, "number", way, days=days, apart=apart)
    assert "no column holds dates" in asked


@pytest.mark.parametrize("behind", ["PM", "nachm.", "a. m.", "a.m.", "пп", "po południu", "Uhr", ""])
def test_a_zone_is_known_behind_any_half_of_the_day(behind: str) -> None:
    assert zone_word(" ".join(["2024/01/03 3:36:27", *filter(None, [behind]), "CET"])) == "CET"


@pytest.mark.parametrize("text", ["1" + "a" * 1_000_000, "1a " * 100_000, "3 Jan 2024", "10:05 o'clock CETA"])
def test_no_zone_is_looked_for_without_end(text: str) -> None:
    assert zone_word(text) is None


def test_forms_in_german_say_when_by_half_days_and_zones(tmp_path: Path) -> None:
    path = tmp_path / "forms.csv"
    times = [datetime(2024, 1, 1, 8, 30, tzinfo=UTC) + timedelta(hours=59 * number) for number in range(60)]
    assert not any(at.day == 1 and at.hour < 3 for at in times[1:]), "the months are those of UTC"
    halves = ("vorm.", "nachm.")
    rows = [
        f"{at:%Y/%m/%d} {at.hour % 12 or 12}:{at:%M:%S} {halves[at.hour // 12]} "
        f"{'MESZ' if at >= datetime(2024, 3, 31, 2, tzinfo=UTC) else 'MEZ'},{number % 11}"
        for number, at in enumerate(times)
    ]
    path.write_text("\n".join(["Zeitstempel,NPS", *rows]) + "\n", "utf-8")
    found = settle(tmp_path / "home", path, answers={"say MEZ": "Europe/Berlin", "say MESZ": "Europe/Berlin"})
    assert found.unanswered == []
    months = [f"{at:%Y-%m}" for at in times]
    assert {month: answers for month, (answers, _) in found.by("month").items()} == {
        month: months.count(month) for month in set(months)
    }


@pytest.mark.parametrize(
    ("heading", "zone"),
    [
        ("Date & Time (UTC)", "UTC"), ("Zeit [UTC]", "UTC"), ("UTC time", "UTC"), ("Date (GMT+2)", "Etc/GMT-2"),
        ("Time UTC-03:00", "Etc/GMT+3"), ("Datum Europe/Zagreb", "Europe/Zagreb"), ("SubmittedUtc", "UTC"),
        ("createdAtUTC", "UTC"), ("utcDate", "UTC"), ("Universal time", "UTC"), ("Completed (+00:00)", "UTC"),
        ("Completed +0200", "Etc/GMT-2"), ("Zulu time", "UTC"),
    ],
)  # fmt: skip
def test_a_zone_in_a_heading_is_taken(heading: str, zone: str) -> None:
    found = zone_in(heading)
    assert found is not None
    assert found.name == zone


@pytest.mark.parametrize(
    "heading",
    ["Created (EST)", "Submitted EST", "time_pst", "Date (PT)", "Date (Moscow time)", "Дата (по Москве)",
     "Response Date (Pacific Time)", "Fecha (hora de Madrid)", "Date (heure de Paris)"],
)  # fmt: skip
def test_a_zone_that_is_none_for_certain_is_no_zone(heading: str) -> None:
    found = zone_in(heading)
    assert found is not None
    assert found.name is None


@pytest.mark.parametrize(
    "heading",
    ["Date of contact", "Date 2024-2025", "Latest", "Datum Ist", "Response date", "dutch_date", "Date of cost"],
)
def test_other_headings_name_no_zone(heading: str) -> None:
    assert zone_in(heading) is None


def test_days_with_a_zone_and_no_time_are_no_dates_that_are_understood(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + i:02}-08:00,{i // 2}\n" for i in range(22))
    (tmp_path / "x.csv").write_text(f"Date,Score\n{rows}", "utf-8")
    [asked] = sniff(tmp_path / "x.csv").questions
    assert "a shape that is not understood in 'Date'" in asked


def test_what_spreadsheets_and_programs_count_is_read_where_it_is_declared() -> None:
    assert read("1704276300000000", "epoch_us") == datetime(2024, 1, 3, 10, 5, tzinfo=UTC)
    assert read("45294", SERIAL) == datetime(2024, 1, 3, tzinfo=UTC)
    assert read("2024-01-03 24:00") is None


@pytest.mark.parametrize(
    ("zones", "said"),
    [(("Z", "+01:00"), None), (("", "+01:00"), "Some times state their zone"), (("",), "No zone is stated")],
)
def test_it_is_told_which_clocks_are_read_in_the_zone_of_the_firm(
    zones: tuple[str, ...], said: str | None, tmp_path: Path
) -> None:
    rows = "".join(f"2024-01-{1 + i:02}T10:00:00{zones[i % len(zones)]},{i // 2}\n" for i in range(22))
    (tmp_path / "x.csv").write_text(f"Date,Score\n{rows}", "utf-8")
    entry = sniff(tmp_path / "x.csv").entry
    assert said in entry if said else "zone" not in entry


def test_when_a_survey_was_sent_is_not_when_it_was_answered(tmp_path: Path) -> None:
    rows = "".join(f"2024-02-{1 + i:02},{i // 2},2024-01-{5 + i:02}\n" for i in range(22))
    for headings, answered in (("Data,NPS,Wysłano ankietę", "Data"), ("Utworzono,NPS,Wysłano", "Wysłano")):
        (tmp_path / "x.csv").write_text(f"{headings}\n{rows}", "utf-8")
        assert f"responded_at: {answered}\n" in sniff(tmp_path / "x.csv").entry


@pytest.mark.parametrize(
    ("headings", "is_asked"),
    [
        (
            "Date of purchase|Kaufdatum|Datum kupnje|Data zakupu|Дата покупки|Дата купівлі|Fecha de compra|Date d'achat",
            True,
        ),
        ("Contract date|Vertragsdatum|Datum ugovora|Data umowy|Дата договора|Дата договору|Date du contrat", True),
        ("Start of employment|Date of birth|Datum isporuke|Date of order", True),
        ("商品購入日|ご注文日時|发货日期|客户注册时间|訂單日期|상품 구매일|최종 주문 일시", True),
        ("アンケート回答日時|填答日期|问卷提交时间|설문 응답일시", False),
        ("購入日|购买日期|구매일|生年月日|Ostukuupäev|Pirkimo data|Data di invio|Küldés dátuma", True),
        ("回答日時|提交时间|응답일시|Дата на отговор|Vastamise kuupäev|Atsakymo data|Atbildes datums", False),
        (
            "Date|Datum|Дата|Created|Timestamp|Submitted|Completed|Response date|Visit date|Post purchase survey date",
            False,
        ),
    ],
)
def test_the_date_of_a_purchase_or_contract_is_not_taken_for_that_of_the_answer(
    headings: str, is_asked: bool, tmp_path: Path
) -> None:
    rows = "".join(f"2024-01-{1 + number:02},{number % 11}\n" for number in range(22))
    for heading in headings.split("|"):
        (tmp_path / "x.csv").write_text(f"{heading},NPS\n{rows}", "utf-8")
        questions = [each for each in sniff(tmp_path / "x.csv").questions if "Answers may be of other months" in each]
        assert bool(questions) == is_asked, heading


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Export date",
            "Report date",
            "Last login",
            "Account created",
            "Datum izvoza",
            "Exportdatum",
            "Дата выгрузки",
        ),
        *("Emailed on", "Dostarczono", "Poslato", "Entregado", "Verschickt", "Zugestellt", "Livré le", "Inviato il"),
        *(
            "Convidado",
            "Odoslané",
            "Verstuurd",
            "Uitgenodigd",
            "Elküldve",
            "Trimis la",
            "Gönderildi",
            "Изпратено",
            "Εστάλη",
        ),
    ],
)
def test_a_date_of_an_export_a_letter_or_an_account_may_not_be_that_of_the_answer(heading: str, tmp_path: Path) -> None:
    rows = "".join(f"2024-0{1 + at % 3}-{1 + at},{at % 11}\n" for at in range(27))
    (tmp_path / "x.csv").write_text(f"{heading},NPS\n{rows}", "utf-8")
    assert any("of something else" in asked for asked in sniff(tmp_path / "x.csv").questions)


@pytest.mark.parametrize(("days", "is_told"), [(1, True), (2, False)])
def test_a_file_whose_answers_are_all_of_one_day_says_so(tmp_path: Path, days: int, *, is_told: bool) -> None:
    rows = [f"2024-02-{13 + n % days} 10:{n:02},{n % 11}" for n in range(60)]
    (tmp_path / "x.csv").write_text("\n".join(["Date,Score", *rows, ""]), "utf-8")
    entry = " ".join(sniff(tmp_path / "x.csv").entry.replace("#", "").split())
    assert ("all 60 answers are of one day, 2024-02-13: if that is the day of the export" in entry) == is_told


def dated(folder: Path, heading: str, texts: list[str]) -> Path:
    path = folder / "dated.csv"
    path.write_text(f"{heading};NPS\n" + "".join(f"{text};{i % 11}\n" for i, text in enumerate(texts)), "utf-8")
    return path


@pytest.mark.parametrize("text", ["1403/{:02}/11", "{:02}.11.1445"])
def test_years_centuries_behind_are_asked_about(text: str, tmp_path: Path) -> None:
    [question] = sniff(dated(tmp_path, "Date", [text.format(1 + i % 9) for i in range(40)])).questions
    assert "centuries behind" in question


def test_years_of_an_emperor_are_no_days(tmp_path: Path) -> None:
    found = sniff(dated(tmp_path, "Date", [f"R6.{1 + i % 5}.{1 + i % 27}" for i in range(40)]))
    assert any("a shape that is not understood" in each for each in found.questions)


@pytest.mark.parametrize(
    ("words", "asked"), [(("CET", "EST"), True), (("CET", "CEST"), False), (("MEZ", "MESZ"), False)]
)
def test_times_of_several_zones_are_those_of_no_one_place(words: tuple[str, str], asked: bool, tmp_path: Path) -> None:
    texts = [f"2024-03-{1 + i % 28:02} 10:05 {words[i % 2]}" for i in range(40)]
    [question] = sniff(dated(tmp_path, "Submitted", texts)).questions
    assert ("are those of several places" in question) == asked


@pytest.mark.parametrize(
    ("text", "fmt"), [("17092{:02}000.0", "%s"), ("17092{:02}000,25", "%s"), ("17092{:02}000000.0", "epoch_ms")]
)
def test_numbers_since_1970_with_a_fraction_are_dates(text: str, fmt: str, tmp_path: Path) -> None:
    found = sniff(dated(tmp_path, "created_at", [text.format(i) for i in range(40)]))
    assert found.questions == []
    assert fmt in found.entry


def test_milliseconds_below_a_heading_that_speaks_of_no_date_are_named(tmp_path: Path) -> None:
    texts = [str(1_709_280_000_000 + i * 86_400_123) for i in range(40)]
    assert any(
        "milliseconds since 1970" in each for each in sniff(dated(tmp_path, "ConversationStart", texts)).questions
    )


@pytest.mark.parametrize("heading", ["Timestamp", "T"])
@pytest.mark.parametrize(
    ("first", "second", "called"),
    [
        (1_735_689_600 * 10**9, 10**9, "nanoseconds since 1970"),
        (638_712_864_000_000_000, 10**7, "ticks of .NET"),
        (133_801_632_000_000_000, 10**7, "times of Windows"),
    ],
)  # all of them 1 January 2025
def test_times_that_nothing_reads_are_called_what_they_are(
    first: int, second: int, called: str, heading: str, tmp_path: Path
) -> None:
    texts = [str(first + i * 86_423 * second) for i in range(40)]
    assert any(called in each for each in sniff(dated(tmp_path, heading, texts)).questions)


def test_hours_up_to_24_with_a_half_of_the_day_are_read(tmp_path: Path) -> None:
    texts = [f"03/{13 + i % 10}/2024 {i % 24:02}:{i:02}:07 {'AM' if i % 24 < 12 else 'PM'}" for i in range(48)]
    found = sniff(dated(tmp_path, "Date", texts))
    assert found.questions == []
    assert "something else than a date" not in found.entry


def test_cells_that_are_no_dates_are_told_where_the_dates_are(tmp_path: Path) -> None:
    found = sniff(dated(tmp_path, "Date", [f"2024-03-{1 + i % 28:02}" for i in range(40)] + ["soon", "later"]))
    assert "2 rows with something else than a date: rejected where answered" in " ".join(
        found.entry.replace("#", " ").split()
    )


@pytest.mark.parametrize(
    "heading",
    ["Ingested at", "_loaded_at", "etl_load_ts", "_fivetran_synced", "Upload date", "As of", "Processed at", "Value date",
     "Contract end date", "Churn date", "Ticket created", "Datum uvoza", "Дата загрузки", "Ladedatum", "Date de chargement"],
)  # fmt: skip
def test_a_date_of_loading_or_of_a_contract_alone_is_asked_about(heading: str, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + i:02} 10:00,{i // 2}\n" for i in range(22))
    (tmp_path / "x.csv").write_text(f"{heading},Score\n{rows}", "utf-8")
    assert any(heading in asked for asked in sniff(tmp_path / "x.csv").questions)


@pytest.mark.parametrize(
    "way",
    [
        "%d-%b-%y %I.%M.%S.%f %p", "%d-%b-%Y %I.%M.%S %p", "%d-%b-%y %I.%M.%S.%f000 %p +00:00", "%Y-%m-%d-%H.%M.%S.%f",
        "%d%b%Y:%H:%M:%S", "%d%b%Y:%H:%M:%S.000", "%b %d %Y %I:%M:%S:000%p", "%Y-%m-%d %H:%M:%S:000",
        "%a %b %d %H:%M:%S UTC %Y", "%a %b %d %H:%M:%S +0000 %Y", "%Y-%m-%d %H:%M:%S.%f +0000 UTC", "%Y%m%d%H%M%S.0Z",
        "#%Y-%m-%d %H:%M:%S#", "%G-W%V-%u", "%Y-%j",
    ],
)  # fmt: skip
def test_dates_as_databases_and_programmes_write_them_are_read_as_they_are_proposed(way: str, tmp_path: Path) -> None:
    first = datetime(2025, 1, 3, 9, 5, 7, tzinfo=UTC)
    texts = [(first + timedelta(days=3 * i, hours=7 * i)).strftime(way) for i in range(30)]
    rows = [f"{text};{i % 11}" for i, text in enumerate(texts)]
    (tmp_path / "x.csv").write_text("\n".join(["Answered at;Score", *rows]), "utf-8")
    entry = sniff(tmp_path / "x.csv")
    assert entry.questions == []
    formats = yaml.safe_load(entry.entry)["sources"]["x"].get("dates", {}).get("formats", UNDECLARED)
    read = pl.Series(texts).to_frame().select(instant(pl.first(), DateReading(tuple(formats), "UTC"))).to_series()
    assert read.to_list() == [datetime.strptime(text, way).replace(tzinfo=UTC) for text in texts]


def test_what_dot_net_counts_from_1970_is_read(tmp_path: Path) -> None:
    rows = [f"/Date({1735895107000 + 86_400_000 * i}+0100)/;{i % 11}" for i in range(30)]
    (tmp_path / "x.csv").write_text("\n".join(["Answered at;Score", *rows]), "utf-8")
    entry = sniff(tmp_path / "x.csv")
    assert "formats: [epoch_ms]" in entry.entry
    counted = pl.select(instant(pl.lit(rows[0].partition(";")[0]), DateReading(("epoch_ms",), "UTC")))
    assert counted.item() == datetime(2025, 1, 3, 9, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "{0:%Y}年{0.month}月{0.day}日 {0.hour}時{0:%M}分{0:%S}秒", "{0:%Y}年{0:%m}月{0:%d}日{0:%H:%M:%S}",
        "{0:%Y/%m/%d}({1}) {0:%H:%M:%S}", "{0:%Y}年{0.month}月{0.day}日({1}) {0.hour}:{0:%M:%S}",
        "{0:%Y/%m/%d} {2}{3}:{0:%M:%S}", "{0:%Y-%m-%d} {4} {3}:{0:%M:%S}", "{0:%Y}. {0.month}. {0.day} {5} {3}:{0:%M:%S}",
        "{0:%Y}. {0.month}. {0.day}. {5} {3}:{0:%M:%S}", "{0:%Y}년 {0.month}월 {0.day}일 {5} {3}시 {0:%M}분 {0:%S}초",
        "令和{6}年{0.month}月{0.day}日 {0.hour}時{0:%M}分{0:%S}秒", "民國{7}年{0:%m}月{0:%d}日 {0:%H:%M:%S}",
        "{0.day}/{0.month}-{0:%Y} {0:%H.%M.%S}", "{0.day} Mart {0:%Y} {0:%H.%M}",
    ],
)  # fmt: skip
def test_dates_as_they_are_written_in_the_east_and_north_are_read_as_they_are_proposed(
    written: str, tmp_path: Path
) -> None:
    first = datetime(2025, 3, 1, 0, 5, 7, tzinfo=UTC)
    days = [first + timedelta(days=at, hours=7 * at) for at in range(22)]
    texts = [
        written.format(
            day, "月火水木金土日"[day.weekday()], "午前午後"[2 * (day.hour > 11) :][:2], day.hour % 12 or 12,
            "上午下午"[2 * (day.hour > 11) :][:2], "오전오후"[2 * (day.hour > 11) :][:2],
            day.year - 2018, day.year - 1911,
        )
        for day in days
    ]  # fmt: skip
    rows = [f"{text};{at % 11}" for at, text in enumerate(texts)]
    (tmp_path / "x.csv").write_text("\n".join(["Answered at;Score", *rows]), "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.questions == []
    dates = yaml.safe_load(found.entry)["sources"]["x"].get("dates", {})
    reading = DateReading(tuple(dates.get("formats", UNDECLARED)), "UTC", dates.get("language"))
    read = pl.Series(texts).to_frame().select(instant(pl.first(), reading)).to_series()
    assert read.to_list() == [day if "%S" in written else day.replace(second=0) for day in days]


@pytest.mark.parametrize("text", ["R7.3.5", "25年3月5日", "晚上 8:05", "令和百年3月5日", "昭和60年3月5日"])
def test_years_of_an_emperor_are_never_taken_for_others(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["令和元年5月1日", "平成31年5月1日", "中華民國108年5月1日", "2019年5月1日"])
def test_years_of_an_era_are_read_as_ours(text: str) -> None:
    assert read(text) == datetime(2019, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begun", "ended"), [("interview_start", "interview_end"), ("Interviewbeginn", "Interviewende")]
)
def test_the_end_of_an_interview_is_its_answers_date_though_unfinished_ones_have_none(
    begun: str, ended: str, tmp_path: Path
) -> None:
    rows = [f"2024-03-{1 + i},{f'2024-03-{1 + i} 10:05' if i % 4 else ''},{i % 11 if i % 4 else ''}" for i in range(24)]
    (tmp_path / "x.csv").write_text("\n".join([f"{begun},{ended},NPS", *rows, ""]), "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.questions == []
    assert yaml.safe_load(found.entry)["sources"]["x"]["columns"]["responded_at"] == ended


@pytest.mark.parametrize(
    "changed",
    ["pxUpdateDateTime", "LAST_UPD", "LastUpdateTS", "MODIFY_DATE", "Change date", "dt_alteracao", "Data aggiornamento",
     "Datum promjene", "Data zmiany", "Дата обновления", "Aktualisierungsdatum", "Fecha de actualización", "Date de MAJ"],
)  # fmt: skip
def test_the_day_of_a_change_is_not_that_of_the_answer(changed: str, tmp_path: Path) -> None:
    """Even where nothing but the row's beginning is known beside it."""
    rows = [f"2024-03-{1 + i % 28:02},2024-04-{1 + i % 28:02},{i % 11}" for i in range(44)]
    (tmp_path / "x.csv").write_text("\n".join([f"pxCreateDateTime,{changed},NPS", *rows, ""]), "utf-8")
    assert (
        yaml.safe_load(sniff(tmp_path / "x.csv").entry)["sources"]["x"]["columns"]["responded_at"] == "pxCreateDateTime"
    )


def test_digits_of_a_time_with_its_zone_in_words_are_read(tmp_path: Path) -> None:
    rows = [f"202403{1 + i:02}T230500.123 GMT,{i % 11}" for i in range(24)]
    (tmp_path / "x.csv").write_text("\n".join(["Answered at,NPS", *rows, ""]), "utf-8")
    found = settle(tmp_path / "home", tmp_path / "x.csv", add={"timezone: UTC": "timezone: Europe/Zagreb"})
    assert found.asked == []
    assert found.by("month") == {"2024-03": (24, found.figure[1])}


@pytest.mark.parametrize(
    ("heading", "is_asked"),
    [("visit_date", True), ("Datum posjeta", True), ("Дата визита", True), ("Claim date", True), ("Opening date", True),
     ("Date", False), ("Datum i vrijeme", False), ("Date/Time", False), ("Response date", False)],
)  # fmt: skip
def test_the_day_of_a_visit_is_asked_about_beside_the_making_of_the_row(
    heading: str, is_asked: bool, tmp_path: Path
) -> None:
    """An answer of March to a visit of February counts in March."""
    rows = [f"2024-02-{1 + i % 28:02} 10:05,2024-03-{1 + i % 28:02} 10:05,{i % 11}" for i in range(44)]
    (tmp_path / "x.csv").write_text("\n".join([f"{heading},created_at,NPS", *rows, ""]), "utf-8")
    asked = [f"''{heading}'', ''created_at''" in each for each in sniff(tmp_path / "x.csv").entry.splitlines()]
    assert any(asked) == is_asked


@pytest.mark.parametrize("way", ["{} out of 10", "{}/10", "{} de 10"])
def test_answers_below_the_question_are_no_dates_whatever_words_of_months_say(way: str, tmp_path: Path) -> None:
    """`out` is October in Portuguese, and `data` the day in several languages."""
    heading = "data.How likely are you to recommend us to a friend?"
    rows = "".join(f"2024-01-{1 + at % 28:02} 10:{at:02}:05,{way.format(at % 11)}\n" for at in range(60))
    (tmp_path / "x.csv").write_text(f"data.Date,{heading}\n{rows}", "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert [each.column.name for each in found.found.dates] == ["data.Date"]
