"""`nps sniff` and `nps init --from`: what is known, what is asked, what is never shown."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.config.workspace import open_workspace
from tests.support.scenario import counts, night, nps

#: The question in each language, with a branch, a date, a client and a comment.
LANGUAGES = {
    "English": ("How likely is it that you would recommend us to a friend?", "Branch", "Date", "E-mail", "Why?"),
    "Polish": ("Jak prawdopodobne jest, że polecisz nas znajomemu?", "Oddział", "Data", "E-mail", "Dlaczego?"),
    "Russian": (
        "Насколько вероятно, что Вы порекомендуете нас друзьям?",
        "Филиал",
        "Дата",
        "Электронная почта",
        "Почему?",
    ),
    "Ukrainian": ("Наскільки ймовірно, що Ви порекомендуєте нас друзям?", "Відділення", "Дата", "Пошта", "Чому?"),
    "Croatian": ("Koliko je vjerojatno da ćete nas preporučiti?", "Poslovnica", "Datum", "E-mail", "Zašto?"),
    "Spanish": ("¿Qué tan probable es que nos recomiende?", "Sucursal", "Fecha", "Correo electrónico", "¿Por qué?"),
    "German": ("Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "Filiale", "Datum", "E-Mail", "Warum?"),
    "French": ("Quelle est la probabilité que vous nous recommandiez ?", "Agence", "Date", "Courriel", "Pourquoi ?"),
}
ENCODINGS = {"Polish": "windows-1250", "Russian": "windows-1251", "Croatian": "windows-1250", "French": "windows-1252"}
COMMENTS = ("zu teuer", "jak zawsze", "très bien", "надо ждать", "sve pet", "no sé", "slow", "fast")


Row = list[Any]


def written(folder: Path, rows: Sequence[Row], name: str = "shops.csv", encoding: str = "utf-8") -> Path:
    """A file of rows, semicolons between cells."""
    path = folder / name
    text = "\n".join(";".join(str(cell) for cell in row) for row in rows)
    path.write_bytes(f"{text}\n".encode(encoding))
    return path


def answered(headings: Sequence[str], scores: Sequence[object] = tuple(range(11)), rows: int = 60) -> list[Row]:
    """Answers below headings: the score, a branch, a date, an address, a comment."""
    return [
        list(headings),
        *(
            [scores[i % len(scores)], f"B{i % 3}", f"{1 + i % 28}.{1 + i % 12}.2024", f"p{i}@example.com", f"text {i}"]
            for i in range(rows)
        ),
    ]


def column(scores: Sequence[object], heading: str = "NPS") -> list[Row]:
    """A score and a day, in any number of rows."""
    return [[heading, "day"], *([score, f"2024-01-{1 + i % 28:02}"] for i, score in enumerate(scores))]


def sniffed(path: Path) -> dict[str, Any]:
    told = nps("sniff", path, "--json")
    assert (told.code, told.err) == (0, "")
    found: dict[str, Any] = told.document
    return found


def source(found: dict[str, Any]) -> dict[str, Any]:
    """The one source of an entry."""
    [settings] = yaml.safe_load(found["entry"])["sources"].values()
    return dict(settings)


# What a file is


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_understood_in_eight_languages(language: str, tmp_path: Path) -> None:
    question, branch, date, person, why = headings = LANGUAGES[language]
    found = sniffed(written(tmp_path, answered(headings), encoding=ENCODINGS.get(language, "utf-8")))
    assert found["encoding"] == ENCODINGS.get(language, "utf-8")
    assert (found["delimiter"], found["header_rows"]) == (";", 1)
    assert source(found)["columns"] == {
        "score": question,
        "responded_at": date,
        "respondent": person,
        "branch": branch,
        "comment": why,
    }
    assert found["questions"] == []


def test_the_keys_of_the_document_are_those_of_the_contract(tmp_path: Path) -> None:
    found = sniffed(written(tmp_path, answered(LANGUAGES["English"])))
    assert {"kind", "encoding", "delimiter", "header_rows", "sheet", "score_columns", "date_columns", "entry"} <= set(
        found
    )
    assert {"name", "scale", "evidence"} <= set(found["score_columns"][0])
    assert {"name", "formats", "ambiguous"} <= set(found["date_columns"][0])


def test_a_file_without_headings_goes_by_position(tmp_path: Path) -> None:
    found = sniffed(written(tmp_path, answered(LANGUAGES["English"])[1:]))
    assert found["header_rows"] == 0
    assert "is one of these the score: 'column 1'" in found["questions"][1]
    assert source(found)["header_rows"] == 0
    assert source(found)["columns"]["responded_at"] == 3


def test_what_is_packed_or_written_as_json_is_read_the_same(tmp_path: Path) -> None:
    rows = answered(LANGUAGES["English"])
    plain = written(tmp_path, rows)
    expected = source(sniffed(plain))["columns"]
    packed = tmp_path / "shops.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    archive = tmp_path / "shops.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(plain, "a.csv")
        out.write(plain, "b.csv")
    lines = tmp_path / "shops.jsonl"
    lines.write_text("".join(json.dumps(dict(zip(rows[0], row, strict=True))) + "\n" for row in rows[1:]), "utf-8")
    found = [sniffed(path) for path in (packed, archive, lines)]
    assert [each["kind"] for each in found] == ["csv", "csv", "jsonl"]
    assert [source(each)["columns"] for each in found] == [expected] * 3
    assert found[1]["notes"] == ["It is an archive of 2 files: only a.csv was looked at."]


def test_answers_of_an_archive_are_looked_at_and_what_is_there_to_be_read_is_left_aside(tmp_path: Path) -> None:
    plain = written(tmp_path, answered(LANGUAGES["English"]))
    archive = tmp_path / "shops.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("README.txt", "Exported by Acme\n")
        out.write(plain, "answers/b.csv")
    found = sniffed(archive)
    assert source(found)["columns"] == source(sniffed(plain))["columns"]
    assert source(found)["members"] == ["*.csv"]
    assert found["notes"] == ["It is an archive of 2 files: only b.csv was looked at."]


@pytest.mark.parametrize("indent", [None, 2])
def test_records_of_a_page_are_read_however_deep_they_lie_also_in_one_line(tmp_path: Path, indent: int | None) -> None:
    headings, *rows = answered(LANGUAGES["English"])
    records = [{**dict(zip(headings, row, strict=True)), "meta": {"page": 1}} for row in rows]
    path = tmp_path / "page.json"
    path.write_text(
        json.dumps({"status": "ok", "data": {"total": len(rows), "responses": records}}, indent=indent), "utf-8"
    )
    found = sniffed(path)
    assert source(found)["columns"] == source(sniffed(written(tmp_path, [headings, *rows])))["columns"]
    assert source(found).get("records") == (None if indent else "data.responses")


def test_a_line_with_a_list_of_questions_is_one_record(tmp_path: Path) -> None:
    fields = [{"key": f"q{at}", "label": f"Question {at}", "value": at} for at in range(5)]
    (tmp_path / "hook.json").write_text(json.dumps({"createdAt": "2024-01-03", "data": {"fields": fields}}), "utf-8")
    assert "records" not in source(sniffed(tmp_path / "hook.json"))


def test_two_lists_of_accounts_are_one_dimension(tmp_path: Path) -> None:
    first = written(tmp_path, [["Record ID", "Company name"], ["1", "A"]], "first.csv")
    second = written(tmp_path, [["Record ID", "Company name", "City"], ["1", "A", "B"]], "second.csv")
    home = tmp_path / "home"
    assert nps("init", home, "--from", first, second).code == 0
    assert open_workspace(home).config.dimensions.lists["accounts"].files == ["landing/first/*.csv"]


def test_a_big_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    rows = answered((*LANGUAGES["English"][:4], "Why"), rows=40)
    padded = [[*row[:4], f"{row[4]} {'so ' * 4000}"] for row in rows[1:]]
    path = written(tmp_path, [rows[0], *padded * 36])
    found = sniffed(path)
    assert not found["whole_file_seen"]
    assert 0 < found["rows_seen"] < 36 * 40
    assert source(found)["columns"]["score"] == LANGUAGES["English"][0]


# Which column is the score


def test_not_every_question_on_0_to_10_is_the_score(tmp_path: Path) -> None:
    headings: Row = ["How satisfied are you?", "How easy was it?", "How likely are you to recommend us?", "date"]
    rows: list[Row] = [[i % 11, (i * 3) % 11, (i * 7) % 11, f"2024-05-{1 + i % 28:02}"] for i in range(80)]
    found = sniffed(written(tmp_path, [headings, *rows]))
    assert [each["name"] for each in found["score_columns"] if each["certain"]] == [headings[2]]


def test_clients_and_employees_asked_in_one_file_become_two_sources(tmp_path: Path) -> None:
    headings: Row = [
        "How likely are you to recommend our products?",
        "How likely are you to recommend us as a place to work?",
        "Department",
        "date",
    ]
    rows: list[Row] = [[i % 11, (i * 7) % 11, f"team {'abc'[i % 3]}", f"2024-05-{1 + i % 28:02}"] for i in range(80)]
    home = tmp_path / "home"
    assert nps("init", home, "--from", written(tmp_path, [headings, *rows], "staff.csv")).code == 0
    sources = yaml.safe_load((home / "nps.yaml").read_text("utf-8"))["sources"]
    assert {name: each["metric"] for name, each in sources.items()} == {"staff": "nps", "staff_enps": "enps"}
    assert sources["staff_enps"]["columns"]["score"] == headings[1]
    assert set(open_workspace(home).config.sources) == {"staff", "staff_enps"}


def test_a_group_beside_a_question_says_that_it_is_the_score(tmp_path: Path) -> None:
    rows: list[Row] = [["Q5", "Q5_NPS_GROUP", "day"], *([i % 11, "Promoter", "2024-01-01"] for i in range(40))]
    first = sniffed(written(tmp_path, rows))["score_columns"][0]
    assert (first["name"], first["certain"]) == ("Q5", True)
    assert "an NPS group stands beside it" in first["evidence"]


def test_numbers_alone_are_asked_about(tmp_path: Path) -> None:
    found = sniffed(written(tmp_path, column([i % 11 for i in range(60)], "Q7")))
    assert not found["score_columns"][0]["certain"]
    assert "'Q7'" in found["questions"][0]


# Which scale


@pytest.mark.parametrize(
    ("scores", "heading", "scale"),
    [
        (range(11), "NPS", "0-10"),
        (range(1, 11), "NPS", None),
        (range(1, 11), "Likelihood to recommend (0-10)", "0-10"),
        (range(1, 11), "Likelihood to recommend, on a scale from 1 to 10", "1-10"),
        (range(1, 11), "Оцените по шкале от 1 до 10, порекомендуете ли Вы нас", "1-10"),
        (range(11), "Likelihood to recommend, on a scale from 1 to 10", None),
        (["Not at all likely - 0", *range(1, 10), "Extremely likely - 10"], "NPS", "0-10"),
        (["1 - Not at all likely", *range(2, 10), "10 - Extremely likely"], "NPS", "1-10"),
        (range(1, 6), "How likely are you to recommend us?", None),
        (range(0, 101, 10), "How likely are you to recommend us?", None),
        (["yes", "no", "perhaps"], "How likely are you to recommend us?", None),
    ],
)
def test_a_scale_takes_a_zero_a_label_or_a_word(
    scores: Sequence[object], heading: str, scale: str | None, tmp_path: Path
) -> None:
    found = sniffed(written(tmp_path, column([*scores] * 20, heading)))
    assert found["score_columns"][0]["scale"] == scale
    assert (source(found)["scale"] == scale) is (scale is not None)
    assert len(found["questions"]) == (0 if scale else 1)


def test_the_options_of_a_spread_question_tell_its_scale_though_nobody_chose_0(tmp_path: Path) -> None:
    options = ["Not at all likely - 0", *map(str, range(1, 10)), "Extremely likely - 10"]
    question = "How likely is it that you would recommend us?"
    rows: list[Row] = [
        ["Respondent ID", "Collector ID", "Start Date", "End Date", question, *[""] * 10],
        ["", "", "", "", *options],
        *(
            [100 + i, 1, "05/14/2024", "05/15/2024", *("x" if j == 1 + i % 10 else "" for j in range(11))]
            for i in range(40)
        ),
    ]
    found = sniffed(written(tmp_path, rows))
    assert (found["kind"], found["header_rows"]) == ("surveymonkey", 2)
    first = found["score_columns"][0]
    assert (first["name"], first["scale"], first["answers"]) == (question, "0-10", 40)
    assert source(found)["delivery"] == "snapshot"
    assert source(found)["columns"]["responded_at"] == "End Date"
    assert source(found)["columns"]["response_id"] == "Respondent ID"


def test_ten_keys_of_a_telephone_leave_none_for_10(tmp_path: Path) -> None:
    rows: list[Row] = [["Call ID", "Phone", "Time", "Key", "Outcome"]]
    rows += [[f"c{i}", f"+38591555{i:04}", f"2024-05-{1 + i % 28:02} 10:00:00", str(i % 10), "ok"] for i in range(50)]
    rows += [["c99", "+385915550099", "2024-05-01 10:00:00", "*", "ok"]]
    found = sniffed(written(tmp_path, rows))
    assert found["kind"] == "ivr"
    assert [each["name"] for each in found["score_columns"]] == ["Key"]
    assert "which key means 10" in found["questions"][0]
    assert source(found)["delivery"] == "incremental"


def test_where_the_column_is_asked_for_so_is_its_scale(tmp_path: Path) -> None:
    keys = [str(i % 10) for i in range(60)] + ["#", "*"] * 6
    rows: list[Row] = [["CallID", "CallStart", "Queue", "DNIS", "KeyPressed", "Result"]]
    rows += [[i, f"2024-05-{1 + i % 28:02} 10:00:00", "Sales", "0800", key, "ok"] for i, key in enumerate(keys)]
    asked = sniffed(written(tmp_path, rows))["questions"]
    assert any("is one of these the score: 'KeyPressed'" in question for question in asked)
    assert any("which key means 10" in question for question in asked), "0 would count as a detractor"


def test_columns_that_look_alike_are_asked_about_not_the_first_of_them_taken(tmp_path: Path) -> None:
    rows: list[Row] = [["date", "NPS - visit", "NPS - delivery"]]
    rows += [[f"2024-05-{1 + i % 28:02}", i % 11, (i * 7) % 11] for i in range(60)]
    [question] = sniffed(written(tmp_path, rows))["questions"]
    assert "2 columns look alike: 'NPS - visit', 'NPS - delivery'" in question


def test_a_row_of_totals_hides_no_score(tmp_path: Path) -> None:
    rows: list[Row] = [["Datum", "Ocjena"], *([f"{1 + i % 28}.05.2024.", i % 11] for i in range(60)), ["Ukupno", 300]]
    found = sniffed(written(tmp_path, rows))
    assert (found["score_columns"][0]["name"], found["score_columns"][0]["scale"]) == ("Ocjena", "0-10")
    assert source(found)["columns"]["score"] == "Ocjena"
    assert found["date_columns"][0]["formats"] == ["%d.%m.%Y."]


@pytest.mark.parametrize("total", ["5", "4.87", "320"])
def test_a_row_of_totals_tells_no_score_from_that_of_a_rival_and_lacks_no_id(total: str, tmp_path: Path) -> None:
    rows: list[Row] = [["Response ID", "Date", "Would you recommend Acme?", "Would you recommend Globex?", "Branch"]]
    rows += [[f"R{i:03}", f"2024-05-{1 + i % 28:02}", i % 11, i * 7 % 11, f"B{i % 3}"] for i in range(60)]
    [question] = sniffed(written(tmp_path, [*rows, ["", "", total, "", "Total"]]))["questions"]
    assert "2 columns look alike: 'Would you recommend Acme?', 'Would you recommend Globex?'" in question


@pytest.mark.parametrize(("odd", "every"), [("see below", 60), ("11", 60), ("neviem", 8)])
def test_mistakes_among_answers_tell_no_score_from_that_of_a_rival(odd: str, every: int, tmp_path: Path) -> None:
    rows: list[Row] = [["Date", "Would you recommend Acme?", "Would you recommend Globex?"]]
    rows += [[f"2024-05-{1 + i % 28:02}", odd if i % every == 5 else i % 11, i * 7 % 11] for i in range(60)]
    [question] = sniffed(written(tmp_path, rows))["questions"]
    assert "2 columns look alike: 'Would you recommend Globex?', 'Would you recommend Acme?'" in question


def test_a_heading_that_says_recommendation_alone_is_like_one_that_says_nps_among_other_words(tmp_path: Path) -> None:
    rows: list[Row] = [["Datum", "Preporuka", "NPS Globex"]]
    rows += [[f"{1 + i % 28}.05.2024.", i % 11, i * 7 % 11] for i in range(60)]
    [question] = sniffed(written(tmp_path, rows))["questions"]
    assert "2 columns look alike: 'NPS Globex', 'Preporuka'" in question


@pytest.mark.parametrize("first", ["Acme", "Globex"])
def test_the_group_beside_two_questions_tells_which_of_them_is_the_score(first: str, tmp_path: Path) -> None:
    brands = sorted(("Acme", "Globex"), key=lambda brand: brand != first)
    rows: list[Row] = [["Date", *(f"Would you recommend {brand}?" for brand in brands), "NPS group"]]
    for i in range(60):
        scores = {"Acme": i % 11, "Globex": i * 7 % 11}
        group = "Promoter" if i % 11 > 8 else "Passive" if i % 11 > 6 else "Detractor"
        rows.append([f"2024-05-{1 + i % 28:02}", *(scores[brand] for brand in brands), group])
    found = sniffed(written(tmp_path, rows))
    assert (source(found)["columns"]["score"], found["questions"]) == ("Would you recommend Acme?", [])


def test_rows_that_are_all_answers_of_one_question_are_its_scores(tmp_path: Path) -> None:
    rows: list[Row] = [["Date", "Question", "Answer"]]
    rows += [[f"2024-05-{1 + i % 28:02}", "Would you recommend us?", i % 11] for i in range(60)]
    found = sniffed(written(tmp_path, rows))
    assert (source(found)["columns"]["score"], found["questions"]) == ("Answer", [])


def test_a_heading_that_begins_with_a_number_in_brackets_is_no_json(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["[3] Would you recommend us?", "Date"],
        *([i % 11, f"2024-05-{1 + i % 28:02}"] for i in range(60)),
    ]
    home = tmp_path / "home"
    assert nps("init", home, "--from", written(tmp_path, rows)).code == 0
    night(home)
    assert sum(counts(home, "shops")) == 60


def test_answers_are_looked_for_among_texts_of_an_archive(tmp_path: Path) -> None:
    rows: list[Row] = [["NPS", "Date"], *([i % 11, f"2024-05-{1 + i % 28:02}"] for i in range(60))]
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.txt", "Exported by our tool.\nAsk support where something is unclear.\n")
        archive.write(written(tmp_path, rows, "answers.txt"), "answers.txt")
    assert source(sniffed(path))["columns"]["score"] == "NPS"


def test_a_line_below_the_table_asks_nothing(tmp_path: Path) -> None:
    rows: list[Row] = [["Would you recommend us?", "Response ID", "Date"]]
    rows += [[i % 11, f"R{i:03}", f"2024-05-{1 + i % 28:02}"] for i in range(60)]
    assert sniffed(written(tmp_path, [*rows, ["Generated by our tool on 2024-06-01", "", ""]]))["questions"] == []


def test_the_answers_of_rows_about_recommending_are_its_scores(tmp_path: Path) -> None:
    asked = ("Would you recommend us?", "How easy was it?", "Why?")
    rows: list[Row] = [["Date", "Response ID", "Frage", "Antwort"]]
    for i in range(60):
        rows += [
            [f"2024-05-{1 + i % 28:02}", f"R{i}", each, (i % 11, i % 7, f"text {i}")[at]]
            for at, each in enumerate(asked)
        ]
    [question] = sniffed(written(tmp_path, rows))["questions"]
    assert "Write {column: 'Frage', values: ['Would you recommend us?']}" in question


def test_japanese_with_names_in_latin_letters_is_read(tmp_path: Path) -> None:
    rows: list[Row] = [["日付", "NordwindやAcmeを友人や同僚に薦める可能性はどのくらいありますか", "コメント"]]
    rows += [
        [f"2024-05-{1 + i % 28:02}", i % 11, ("とても親切でした", "待ち時間が長い", "OKです")[i % 3]] for i in range(60)
    ]
    found = sniffed(written(tmp_path, rows, encoding="cp932"))
    assert (found["encoding"], len(found["score_columns"])) == ("cp932", 1)


def test_a_branch_that_is_called_total_is_looked_at(tmp_path: Path) -> None:
    rows: list[Row] = [["Date", "NPS", "Station"]]
    rows += [[f"2024-05-{1 + i % 28:02}", i % 11, ("Total", "Shell")[i % 2]] for i in range(60)]
    assert sniffed(written(tmp_path, rows))["rows_seen"] == 60


# Which order of day and month


@pytest.mark.parametrize(
    ("dates", "formats", "ambiguous"),
    [
        (["31/01/2024", "01/02/2024"], ["%d/%m/%Y"], False),
        (["1/31/24 9:05", "2/1/24 10:00"], ["%m/%d/%y %H:%M"], False),
        (["01/02/2024", "03/04/2024"], ["%d/%m/%Y", "%m/%d/%Y"], True),
        (["31/01/2024", "01/31/2024"], ["%d/%m/%Y", "%m/%d/%Y"], True),
        (["31.12.2024. 23:15"], ["%d.%m.%Y. %H:%M"], False),
        (["05/31/2024 01:02:03 PM"], ["%m/%d/%Y %I:%M:%S %p"], False),
        (["2024-05-31T10:00:00Z"], ["%Y-%m-%dT%H:%M:%S%#z"], False),
        (["31 Jan 2024", "1 Feb 2024"], ["%d %b %Y"], False),
        (["20240131", "20240201"], ["%Y%m%d"], False),
        (["1714557600123", "1714557600999"], ["epoch_ms"], False),
        (["1714557600", "1714557601"], ["%s"], False),
    ],
)
def test_an_order_takes_a_number_above_12(
    dates: list[str], formats: list[str], ambiguous: bool, tmp_path: Path
) -> None:
    rows: list[Row] = [["NPS", "date"], *([i % 11, dates[i % len(dates)]] for i in range(44))]
    found = sniffed(written(tmp_path, rows))
    [date] = found["date_columns"]
    assert (sorted(date["formats"]), date["ambiguous"], date["unread"]) == (sorted(formats), ambiguous, 0)
    assert len(found["questions"]) == (1 if ambiguous else 0)


def test_an_ambiguous_date_is_asked_about_by_nps_run(tmp_path: Path) -> None:
    home = tmp_path / "home"
    rows: list[Row] = [["NPS", "date"], *([i % 11, "01/02/2024"] for i in range(44))]
    assert nps("init", home, "--from", written(tmp_path, rows)).code == 0
    told = nps("run", "--home", home)
    assert told.code == 2
    assert "has an open question" in told.err
    assert "sources.shops.dates.formats: day or month first in 'date'?" in told.err


def test_the_end_of_answering_is_the_date_and_not_its_start_an_invitation_or_a_birth(tmp_path: Path) -> None:
    headings: Row = ["Date of birth", "Invited at", "Start Date", "Submit Date", "Date modified", "NPS"]
    days = ["1990-01-01", "2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"]
    found = sniffed(written(tmp_path, [headings, *([*days, i % 11] for i in range(40))]))
    assert [each["name"] for each in found["date_columns"]][:2] == ["Submit Date", "Start Date"]
    assert source(found)["columns"] == {"score": "NPS", "responded_at": "Submit Date", "updated_at": "Date modified"}


@pytest.mark.parametrize(
    "heading", ["Modified", "flight_date", "Checkout date", "Fecha de envío", "Дата выписки", "Nosūtīts"]
)
def test_a_day_of_something_else_alone_is_not_taken_for_that_of_the_answer(heading: str, tmp_path: Path) -> None:
    rows: list[Row] = [[heading, "NPS"], *([f"2024-01-{1 + i % 28:02}", i % 11] for i in range(44))]
    found = sniffed(written(tmp_path, rows))
    assert "responded_at" not in source(found)["columns"]
    assert "seem to be of something else" in found["questions"][0]


def test_without_any_date_the_period_is_asked_for(tmp_path: Path) -> None:
    rows: list[Row] = [["NPS"], *([i % 11] for i in range(44))]
    found = sniffed(written(tmp_path, rows, "shops_2024-03-31.csv"))
    assert found["questions"] == [
        (
            "sources.shops.defaults.responded_at: no column holds dates: when was it answered? Write a year, month or day, "
            "such as 2018 or 2018-06. The file's name says 2024-03-31. It dates all files alike, and later ones too: if "
            "each is of its own month, begin again with names that say so, such as nps_2024-01.csv"
        )
    ]


def test_dates_of_something_else_are_named_where_the_date_is_asked_for(tmp_path: Path) -> None:
    rows: list[Row] = [["Invited at", "NPS"], *([f"{1 + i % 28}.05.2024", i % 11] for i in range(44))]
    [question] = sniffed(written(tmp_path, rows))["questions"]
    assert "seem to be of something else: 'Invited at'" in question
    assert "['%d.%m.%Y']" in question


# What is never shown


def test_no_persons_data_are_shown_but_counted(tmp_path: Path) -> None:
    headings: Row = ["NPS", "date", "First Name", "Contact", "Phone", "IP Address", "Comment"]
    rows: list[Row] = [
        [
            i % 11,
            f"2024-05-{1 + i % 28:02}",
            "Zdravko",
            f"z{i}@example.com",
            f"+385 91 555 {i:04}",
            "192.0.2.17",
            "Secret!",
        ]
        for i in range(40)
    ]
    path = written(tmp_path, [headings, *rows])
    found = sniffed(path)
    assert {(each["name"], each["what"], each["count"]) for each in found["personal_data"]} == {
        ("First Name", "names", 40),
        ("Contact", "e-mail addresses", 40),
        ("Phone", "telephone numbers", 40),
        ("IP Address", "IP addresses", 40),
    }
    for said in (nps("sniff", path).out, nps("sniff", path, "--json").out):
        assert not [value for value in ("Zdravko", "z7@", "555 0007", "192.0.2", "Secret") if value in said]


# What cannot be read


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"NPS;day\n9;\0\0\0\n", "binary zeros"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b"january.csv".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 248 + b"Date,NPS\n", "pack its files as .zip"),
        (gzip.compress(b"Date,NPS\n2024-01-05,9\n", mtime=0), "give it a name that ends in .gz"),
        (b"x" * (5 << 20), "no line ends"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    told = nps("sniff", path, "--json")
    assert (told.code, told.out) == (1, "")
    assert says in told.err
    made = nps("init", tmp_path / "home", "--from", path)
    assert made.code == 3
    assert says in made.out
    assert says in nps("run", "--home", tmp_path / "home").err


def test_a_missing_file_and_a_folder_are_mistakes(tmp_path: Path) -> None:
    assert nps("sniff", tmp_path / "none.csv").code == 2
    assert nps("sniff", tmp_path).code == 1


# Workspaces from files


def test_files_are_copied_in_and_never_moved(tmp_path: Path) -> None:
    january = written(tmp_path, answered(LANGUAGES["English"]), "shops_2024-01.csv")
    february = written(tmp_path, answered(LANGUAGES["English"], rows=90), "shops_2024-02.csv")
    home = tmp_path / "home"
    told = nps("init", home, "--from", january, february)
    assert (told.code, told.err) == (0, "")
    assert january.exists()
    assert (home / "landing/shops/shops_2024-01.csv").stat().st_mtime == january.stat().st_mtime
    assert (home / "landing/shops/shops_2024-02.csv").read_bytes() == february.read_bytes()
    assert list(yaml.safe_load((home / "nps.yaml").read_text("utf-8"))["sources"]) == ["shops"]
    night(home)
    assert sum(counts(home, "shops")) == 90


def test_a_workspace_is_not_started_twice(tmp_path: Path) -> None:
    path = written(tmp_path, answered(LANGUAGES["English"]))
    home = tmp_path / "home"
    assert nps("init", home, "--from", path).code == 0
    assert "There already is a workspace" in nps("init", home, "--from", path).err
    assert "files are given after --from" in nps("init", tmp_path / "other", path).err
    assert "the workspace's folder comes first" in nps("init", path, "--from", path).err


def test_help_does_not_wait_for_what_only_sniff_needs() -> None:
    code = "import sys; import pipelines.cli.main; print([name for name in ('polars', 'yaml') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_columns_that_the_entry_says_nothing_of_are_named(tmp_path: Path) -> None:
    file = tmp_path / "bolt.csv"
    rows = [f"2024-01-0{day};{'Buda' if day % 2 else 'Pest'};{score};jó" for day, score in enumerate((9, 3, 10, 0), 1)]
    file.write_text("\n".join(["Dátum;Denda;NPS;Megjegyzés", *rows * 3]) + "\n", "utf-8")
    assert "# not used: Denda, Megjegyzés" in nps("sniff", file).out


def test_headings_that_stand_again_between_answers_are_no_answers(tmp_path: Path) -> None:
    rows = [f"R{i},2024-01-{1 + i % 28:02},{i % 11}" for i in range(60)]
    headings = "response_id,date,nps"
    path = tmp_path / "one_below_another.csv"
    path.write_text("\n".join([headings, *rows[:30], headings, *rows[30:], ""]), "utf-8")
    found = sniffed(path)
    assert found["questions"] == []
    assert "1 row with its headings again, as if files stood one below another." in found["notes"]


def test_figures_of_branches_are_no_answers(tmp_path: Path) -> None:
    rows = [f"B{i % 6},2024-0{1 + i % 6},{(7 * i) % 90 - 25},{50 + i}" for i in range(36)]
    path = tmp_path / "figures.csv"
    path.write_text("\n".join(["Branch,Month,NPS,Responses", *rows, ""]), "utf-8")
    questions = sniffed(path)["questions"]
    assert any(
        "'NPS' holds numbers below 0, as the NPS of many answers may be and no answer is" in each for each in questions
    )
    assert not any("response_id" in each for each in questions)
