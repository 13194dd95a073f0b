"""Who answered, and what an answer's id is: what is proposed, what is asked, and what is never shown."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.ids import id_heading
from pipelines.config.kinds import with_presets
from pipelines.sniff.columns.shapes import shape_of
from pipelines.sniff.people.losses import Answers
from pipelines.sniff.several.identity import identified
from pipelines.sniff.sniff import look, proposed, sniff
from tests.support.cases import Settled, own, settle, shared
from tests.support.laws import law
from tests.support.scenario import land, nps, source, taken_in, workspace
from transforms.dates.instants import ISO_FORMATS, DateReading
from transforms.rows.staged import CleaningRules, judge
from transforms.scores.scales import SCALES

Row = Sequence[object]


def columns(path: Path) -> dict[str, Any]:
    """The columns of the one source of an entry."""
    [settings] = yaml.safe_load(sniff(path).entry)["sources"].values()
    return dict(settings["columns"])


def table(folder: Path, *headings: str, **values: Sequence[object]) -> Path:
    """Sixty answers with a date, and a column of values below each heading."""
    lines = [["date", "NPS", *headings]]
    lines += [
        [f"2024-0{1 + i % 3}-{1 + i % 28:02}", str(i % 11), *(str(each[i]) for each in values.values())]
        for i in range(60)
    ]
    path = folder / "shops.csv"
    path.write_text("".join(";".join(line) + "\n" for line in lines), "utf-8")
    return path


def numbered(pattern: str) -> list[str]:
    return [pattern.format(i) for i in range(60)]


# Whose id a heading names


@pytest.mark.parametrize(
    "heading",
    [
        "Response ID", "responseid", "nps_feedback_uid", "Submission Id", "answer_no", "interview__key", "_uuid",
        "meta/instanceID", "Customer response ID", "ID odpowiedzi", "ID ответа", "ID ответа клиента", "Номер анкеты",
        "ID відповіді", "ID odgovora", "ID de la respuesta", "Antwort-ID", "Antwortnummer", "Numéro de réponse",
        "Svarsid", "Svars-ID", "Cevap No", "Cevap ID", "Besvarelses-ID", "Vastaustunnus", "Vastauksen tunniste",
        "Antwoord-ID", "Číslo odpovědi", "ID odpovede", "Válaszazonosító", "Válasz azonosító", "ID-ul răspunsului",
        "Código da resposta", "Numero risposta", "ИД одговора", "ID на отговора", "Κωδικός απάντησης",
    ],
)  # fmt: skip
def test_a_heading_names_an_answers_id(heading: str) -> None:
    found = id_heading(heading)
    assert found is not None
    assert (found.whose, found.is_said) == ("answer", True)


@pytest.mark.parametrize(
    "heading",
    [
        "customer_id", "contact_id", "user_id", "userid", "CustomerID", "client", "Employee ID", "Member No.", "Guest code",
        "Respondent ID", "Client h03",
        "customer_id 2", "response contact id", "ID клиента", "Код клиента", "табельный номер", "ID користувача",
        "ID klijenta", "Šifra kupca", "Broj gosta", "numer klienta", "ID użytkownika", "Nº de cliente", "ID del paciente",
        "Kundennummer", "Benutzer-ID", "Personalnummer", "Teilnehmer-ID", "numéro client", "Matricule", "OIB",
        "Müşteri No", "Kundnummer", "Kunde-ID", "Asiakasnumero", "Klantnummer", "Číslo zákazníka", "Ügyfélszám",
        "ID utente", "Código do cliente", "Cod client", "Број клијента", "Номер на клиента", "Κωδικός πελάτη",
    ],
)  # fmt: skip
def test_a_heading_names_a_person(heading: str) -> None:
    found = id_heading(heading)
    assert found is not None
    assert found.whose == "person"


@pytest.mark.parametrize(
    "heading", ["device", "Device ID", "order_id", "OrderNo", "Bestellnummer", "номер заказа", "Broj narudžbe"]
)
def test_a_heading_names_an_order_or_a_device(heading: str) -> None:
    found = id_heading(heading)
    assert found is not None
    assert found.whose == "order_or_device"


@pytest.mark.parametrize("heading", ["paid", "Comment", "Customer Name", "Grid", "Why?", "Number of answers", ""])
def test_a_heading_names_no_id_of_anybody(heading: str) -> None:
    found = id_heading(heading)
    assert found is None or found.whose not in ("answer", "person")


# What is the answer's id


@pytest.mark.parametrize("heading", ["customer_id", "ID клиента", "Kundennummer", "Employee ID", "Benutzer-ID"])
def test_a_persons_id_is_the_respondent_and_no_answers_id(heading: str, tmp_path: Path) -> None:
    path = table(tmp_path, heading, a=numbered("c{}"))
    assert columns(path) == {"score": "NPS", "responded_at": "date", "respondent": heading}


def test_a_bare_id_is_asked_about_once(tmp_path: Path) -> None:
    found = sniff(table(tmp_path, "ID", "uuid", a=numbered("{}"), b=numbered("a-{}")))
    [question] = found.questions
    assert "which is the answer's own id" in question
    assert "'ID' or 'uuid'" in question


def test_a_bare_id_asks_whose_it_is(tmp_path: Path) -> None:
    [question] = sniff(table(tmp_path, "ID", a=numbered("{}"))).questions
    assert question.startswith("sources.shops.columns.response_id: whose id is 'ID'? If it is the answer's own")
    assert "write respondent: 'ID'" in question


def test_ids_of_nothing_that_is_named_are_asked_about(tmp_path: Path) -> None:
    [question] = sniff(
        table(tmp_path, "Q1", a=[f"0f8fad5b-d9cb-469f-a165-7086772895{i:02}" for i in range(60)])
    ).questions
    assert "whose id is 'Q1'?" in question


@pytest.mark.parametrize("heading", ["№", "№ п/п", "#", "Redni broj", "Nr"])
def test_a_number_of_the_row_is_no_id(heading: str, tmp_path: Path) -> None:
    path = table(tmp_path, heading, a=[i + 1 for i in range(60)])
    assert columns(path) == {"score": "NPS", "responded_at": "date"}
    assert sniff(path).questions == []


def test_what_such_exports_hold_as_the_person_is_not_asked_about_as_the_answers_id(tmp_path: Path) -> None:
    rows = [f"{200 + i};Tvrtka {i};retail;{i % 11};{1 + i % 28}.03.2024" for i in range(60)]
    headings = "ID;Название компании;Сфера деятельности;Оценка NPS;Дата опроса"
    (tmp_path / "x.csv").write_text("\n".join([headings, *rows, ""]), "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert "preset: bitrix24" in found.entry
    assert found.questions == []


def test_an_answers_id_of_many_digits_is_no_date(tmp_path: Path) -> None:
    path = table(tmp_path, "Submission ID", a=[f"58{i:04}1234567890123" for i in range(60)])
    assert columns(path)["response_id"] == "Submission ID"


@pytest.mark.parametrize(("ids", "is_asked"), [(numbered("S{}"), True), ([f"S{i % 2}" for i in range(60)], False)])
def test_a_survey_id_that_each_answer_has_of_its_own_is_asked_about(
    ids: list[str], is_asked: bool, tmp_path: Path
) -> None:
    questions = sniff(table(tmp_path, "Survey ID", a=ids)).questions
    assert any("whose id is 'Survey ID'?" in each for each in questions) == is_asked


@pytest.mark.parametrize(
    ("begun", "ended"),
    [("Start time", "Completion time"), ("Startzeit", "Fertigstellungszeit"), ("開始時刻", "完了時刻")],
)
def test_the_id_of_an_answer_to_a_form_of_microsoft_is_known_unless_forms_share_it(
    begun: str, ended: str, tmp_path: Path
) -> None:
    def form(name: str, first: int) -> Path:
        path = tmp_path / f"{name}.csv"
        rows = [f"{1 + i},2024-03-{1 + i},2024-03-{1 + i} 10:0{first},{(i + first) % 11}" for i in range(24)]
        path.write_text("\n".join([f"ID,{begun},{ended},Would you recommend us?", *rows, ""]), "utf-8")
        return path

    one = form("one", 1)
    assert sniff(one).questions == []
    assert columns(one) == {"response_id": "ID", "responded_at": ended, "score": "Would you recommend us?"}
    found = settle(tmp_path / "home", one, form("two", 4), answers={"response_id": None, "delivery": "incremental"})
    assert any("24 of 48 answers would not count" in each for each in found.asked), found.asked
    assert found.figure[0] == 48


def test_a_number_of_the_row_is_none_where_totals_stand_below(tmp_path: Path) -> None:
    path = table(tmp_path, "№", a=[i + 1 for i in range(60)])
    names = path.read_text("utf-8").splitlines()[0].split(",")
    total = ",".join({"№": "Итого", "NPS": "7.3"}.get(name, "") for name in names)
    path.write_text(f"{path.read_text('utf-8')}{total}\n", "utf-8")
    assert not [each for each in sniff(path).questions if "response_id" in each]


def test_a_number_of_the_answer_that_counts_rows_is_asked_about(tmp_path: Path) -> None:
    [question] = sniff(table(tmp_path, "Response number", a=[i + 1 for i in range(60)])).questions
    assert "'Response number' counts the rows of this file: does it go on in the next one?" in question
    assert (
        columns(table(tmp_path, "Response number", a=[i + 901 for i in range(60)]))["response_id"] == "Response number"
    )


def test_an_id_that_begins_anew_with_other_answers_is_asked_about(tmp_path: Path) -> None:
    path = table(tmp_path, "Response ID", a=[f"R{i % 30}" for i in range(60)])
    [question] = sniff(path).questions
    assert "30 of 60 answers would not count, since a later row has the same 'Response ID'" in question


def test_answers_without_their_id_are_asked_about(tmp_path: Path) -> None:
    path = table(tmp_path, "Response ID", a=["" if i % 20 == 3 else f"R{i}" for i in range(60)])
    [question] = sniff(path).questions
    assert "3 of 60 answers have no 'Response ID', and would be rejected" in question


def test_two_ids_of_the_answer_are_asked_about_unless_one_is_unique_everywhere(tmp_path: Path) -> None:
    two = {"a": numbered("{}"), "b": numbered("b{}")}
    [question] = sniff(table(tmp_path, "response_no", "submission_id", **two)).questions
    assert "'response_no' or 'submission_id'" in question
    assert columns(table(tmp_path, "response_no", "submission_uid", **two))["response_id"] == "submission_uid"


# Who answered


def test_the_same_person_in_two_months_loses_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, "E-mail", a=[f"p{i // 3}@example.com" for i in range(60)])
    assert columns(path)["respondent"] == "E-mail"


def test_a_number_written_in_groups_is_an_id(tmp_path: Path) -> None:
    path = table(tmp_path, "Kundennummer", a=[f"12 345 {i:03}" for i in range(60)])
    assert columns(path)["respondent"] == "Kundennummer"


def test_a_few_customers_with_small_numbers_are_customers(tmp_path: Path) -> None:
    [question] = sniff(table(tmp_path, "customer_id", a=[i % 7 for i in range(60)])).questions
    assert "39 of 60 answers would not count" in question


def test_without_dates_the_same_person_twice_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "shops.csv"
    lines = ["NPS;E-mail", *(f"{i % 11};p{i % 58}@example.com" for i in range(60))]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert any("2 of 60 answers would not count" in question for question in sniff(path).questions)


def test_of_a_file_that_was_not_looked_at_to_its_end_it_is_asked_who_answered(tmp_path: Path) -> None:
    found = look(table(tmp_path, "E-mail", a=[f"p{i}@example.com" for i in range(60)]))
    part = replace(found, opened=replace(found.opened, is_whole=False))
    [question] = proposed(identified(part), "shops", ".csv").questions
    assert "in the first 60 answers, but the rest was not looked at" in question


def test_a_redelivered_answer_is_not_answered_again(tmp_path: Path) -> None:
    lines = [f"R{i};2024-01-{1 + i % 28:02};{i % 11};p{i}@example.com" for i in range(40)]
    path = tmp_path / "shops.csv"
    path.write_text("\n".join(["Response ID;date;NPS;E-mail", *lines, *lines[:10]]) + "\n", "utf-8")
    found = sniff(path)
    assert found.questions == []
    assert "a later row has the same id as 10 of 50 answers" in found.entry.replace("\n      # ", " ")


@pytest.mark.parametrize("heading", ["Device ID", "order_no", "ID uređaja"])
def test_orders_and_devices_are_always_asked_about(heading: str, tmp_path: Path) -> None:
    [question] = sniff(table(tmp_path, heading, a=[f"d{i % 40}" for i in range(60)])).questions
    assert question.startswith(f"sources.shops.columns.respondent: '{heading}' names no person")


def test_of_two_columns_that_say_who_answered_each_is_named_with_its_count(tmp_path: Path) -> None:
    mails = [f"p{0 if i == 3 else i}@example.com" for i in range(60)]
    path = table(tmp_path, "E-mail", "Customer ID", a=mails, b=numbered("c{}"))
    [question] = sniff(path).questions
    assert "with 'E-mail' 1 of 60 answers; with 'Customer ID' 0 of 60 answers" in question


@pytest.mark.parametrize("heading", ["Customer", "Client name", "Kunde", "Клиент", "Klijent"])
def test_names_of_people_identify_nobody(heading: str, tmp_path: Path) -> None:
    people = [f"{['Ana', 'Ivo', 'Eva', 'Jan'][i % 4]} {['Horak', 'Maran', 'Jurak'][i % 3]}" for i in range(60)]
    path = table(tmp_path, heading, a=people)
    assert columns(path) == {"score": "NPS", "responded_at": "date"}


def test_a_person_in_two_files_of_one_month_is_asked_about(tmp_path: Path) -> None:
    text = own("roles/gosti_2024-04.csv").read_text("utf-8")
    again = tmp_path / "gosti_2024-05.csv"
    again.write_text(text.replace("sve je", "sve nam je"), "utf-8")
    done = settle(tmp_path / "home", own("roles/gosti_2024-04.csv"), again)
    assert any(
        "20 of 50 answers would not count, since the same ''ID gosta'' answered twice" in each for each in done.asked
    )


TWICE = "3 of 50 answers would not count, since the same ''E-mail'' answered twice in a month"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """All cases of our own in one workspace, after a night."""
    files = (
        "gosti_2024-03",
        "gosti_2024-04",
        "odpowiedzi",
        "twice_a_month",
        "answers_of_branches",
        "branches",
        "aussagen",
    )
    home = tmp_path_factory.mktemp("roles") / "home"
    return settle(home, *(own(f"roles/{name}.csv") for name in files), answers={TWICE: "E-mail"})


def source_of(done: Settled, name: str) -> dict[str, Any]:
    sources: dict[str, Any] = yaml.safe_load((done.home / "nps.yaml").read_text("utf-8"))["sources"]
    return dict(sources[name])


def test_only_what_would_make_answers_stop_counting_is_asked(done: Settled) -> None:
    assert len(done.asked) == 1
    assert TWICE in done.asked[0]
    assert done.by("survey")["twice_a_month"][0] == 47


def test_a_person_in_the_files_of_two_months_loses_nothing(done: Settled) -> None:
    assert source_of(done, "gosti")["columns"]["respondent"] == "ID gosta"
    assert done.by("survey")["gosti"][0] == 60


def test_ids_that_repeat_in_a_file_are_proposed_and_redeliver(done: Settled) -> None:
    assert source_of(done, "odpowiedzi")["columns"]["response_id"] == "ID odpowiedzi"
    assert done.by("survey")["odpowiedzi"][0] == 40


def test_answers_match_the_list_of_their_branches(done: Settled) -> None:
    assert {f"B{i}" for i in range(9)} <= set(done.by("branch"))


# Attributes


def test_statements_are_no_dimensions(done: Settled) -> None:
    source = source_of(done, "aussagen")
    assert (set(source["columns"]), source["metric"]) == ({"score", "responded_at"}, "enps")


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Branch", ["yes", "no"]),
        ("Department", ["True", "False"]),
        ("Region", ["1", "0"]),
        ("My manager", ["7", "8", "9", "10"]),
        ("Industry", ["согласен", "не согласен", "затрудняюсь ответить"]),
        ("Company", ["It pays too little for the work.", "The company cares for us all."]),
        ("Channel", ["Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (Windows NT 10.0)"]),
        ("Account", ["ana@example.com", "ivo@example.com"]),
        ("State", ["rated", "sent"]),
        ("Office", ["2024-01-01", "2024-01-02"]),
        ("Language", ["da", "ne"]),
        ("Feedback", ["fb00a1", "fb00a2"]),
        ("userAgent - os", ["Windows", "Android", "iOS"]),
        ("Store cleanliness", ["Spotless", "Fine", "Messy"]),
        ("Team", ["Hardly ever", "Most of the time"]),
        ("Company since", ["2012", "2015"]),
        ("Odjel", ["Vrlo dobar", "Dobro", "Loše"]),
        ("Mi jefe me apoya", ["De acuerdo", "En desacuerdo"]),
        ("What do you use? - Online shop", ["Online shop", ""]),
        ("Koje usluge koristite? Poslovnica", ["Poslovnica", ""]),
    ],
)
def test_what_does_not_look_like_names_is_not_proposed(heading: str, values: list[str], tmp_path: Path) -> None:
    path = table(tmp_path, heading, a=[values[i % len(values)] for i in range(60)])
    assert set(columns(path)) - {"respondent"} == {"score", "responded_at"}


@pytest.mark.parametrize("heading", ["Branch", "Poslovnica", "Oddział", "store"])
@pytest.mark.parametrize("values", [["1", "2", "3"], ["1.0", "10.0"]])
def test_numbers_of_branches_that_may_be_marks_are_asked_about(heading: str, values: list[str], tmp_path: Path) -> None:
    path = table(tmp_path, heading, a=[values[i % len(values)] for i in range(60)])
    assert columns(path)["branch"].startswith(f"? '{heading}' holds numbers that may be marks from 0 to 10")


@pytest.mark.parametrize("heading", ["Branch rating", "How was our branch?", "NPS2"])
def test_marks_are_not(heading: str, tmp_path: Path) -> None:
    path = table(tmp_path, heading, a=[str(i % 6) for i in range(60)])
    assert "branch" not in columns(path)


@pytest.mark.parametrize(
    ("heading", "name", "values"),
    [
        ("Filiale", "branch", ["Köln", "Bonn", "Essen"]),
        ("Отдел", "department", ["Продажи", "Доставка"]),
        ("Regija", "region", ["Istra", "Lika", "Dalmacija"]),
        ("Sector", "industry", ["retail", "banking"]),
        ("Responsable", "manager", ["M-17", "M-18", "M-19"]),
        ("Company", "account", ["Alfa d.o.o.", "Beta d.d."]),
        ("Kanał komunikacji", "channel", ["web", "telefon"]),
        ("Support team", "department", ["Split", "Zagreb"]),
    ],
)
def test_few_short_names_that_repeat_are_proposed(heading: str, name: str, values: list[str], tmp_path: Path) -> None:
    path = table(tmp_path, heading, a=[values[i % len(values)] for i in range(60)])
    assert columns(path)[name] == heading


# What is never stored


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose nps.yaml takes persons for answers, after their files came in."""
    home = workspace(tmp_path_factory.mktemp("roles") / "home", {"sources": {name: of_ids(name) for name in IDS}})
    for name, (heading, value) in IDS.items():
        rows = [f"2024-0{month}-{1 + i};{i % 11};{value.format(i)}" for month in (1, 2) for i in range(9)]
        land(home, f"{name}/{name}.csv", "\n".join([f"date;score;{heading}", *rows]) + "\n")
    return home


IDS = {
    "by_heading": ("user_id", "u00{}zz"),
    "by_address": ("Login", "p{}@zz.example"),
    "by_phone": ("Line", "+3859155500{}"),
    "bare": ("ID", "777{}zz"),
    "answers": ("Response ID", "R{}"),
}


def of_ids(name: str) -> dict[str, Any]:
    return source(name, columns={"score": "score", "responded_at": "date", "response_id": IDS[name][0]})


def test_no_id_of_a_person_lies_raw_in_the_lake(stored: Path) -> None:
    told = taken_in(stored)
    rows = {row["path"].split("/")[1]: row for row in told.values()}
    assert {name: (row["accepted"], row["rejected"]) for name, row in rows.items()} == dict.fromkeys(IDS, (18, 0))
    ids = {
        path: pl.read_parquet(path).get_column("response_id").to_list()
        for path in stored.rglob("lake/staged/**/*.parquet")
    }
    kept = {each for column in ids.values() for each in column}
    assert {f"R{i}" for i in range(9)} <= kept
    assert not [each for each in kept if "zz" in each or "91555" in each]
    assert len(kept) == 5 * 9
    for path in stored.rglob("lake/**/*.parquet"):
        raw = str(pl.read_parquet(path).to_dicts())
        assert "@zz.example" not in raw
        assert "u001zz" not in raw
        assert "7771zz" not in raw


def test_what_names_a_person_and_is_read_as_the_answers_id_is_noted(stored: Path) -> None:
    notes = {row["source"]: " ".join(row["notes"]) for row in taken_in(stored).values()}
    assert "response_id from 'user_id', which names a person" in notes["by_heading"]
    assert "names a person" not in notes["answers"]


def test_ids_that_differ_in_capitals_only_stay_two_and_a_total_stays_known(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"bare": {**of_ids("bare"), "max_reject_share": 1}}})
    land(home, "bare/x.csv", "date;score;ID\n2024-01-01;9;aB\n2024-01-01;3;Ab\n2024-01-01;5;Total\n")
    [row] = taken_in(home).values()
    assert (row["accepted"], row["excluded"], row["redelivers"]) == (2, 1, False)


KEPT_BESIDE = ["Plan", "Customer ID", "Mobitel", "Ime i prezime", "Note"]


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """Answers with columns named under extras, and what says who somebody is in each text that is kept."""
    settings = source(
        "x",
        columns={"score": "score", "responded_at": "date", "branch": "Office", "comment": "Why?", "reason": "Code"},
        extras=KEPT_BESIDE,
    )
    home = workspace(tmp_path / "home", {"sources": {"x": settings}})
    heading = f"score;date;Office;Why?;Code;{';'.join(KEPT_BESIDE)}"
    answer = "9;2024-01-0{0};{1};zvati 091 234 567{0} ili a{0}@zz.example;x{0}@zz.example"
    row = f"{answer};Gold;C-77{{0}};0912345{{0}};Ana Z{{0}};+385 91 123 4{{0}}"
    rows = [row.format(i, "Split" if i > 1 else "shop@zz.example") for i in range(1, 9)]
    land(home, "x/x.csv", "\n".join([heading, *rows]) + "\n")
    return home


def test_what_is_kept_beside_an_answer_says_of_nobody_who_it_is(beside: Path) -> None:
    [row] = taken_in(beside).values()
    [path] = beside.rglob("lake/staged/**/*.parquet")
    kept = pl.read_parquet(path)
    assert kept["extras"].unique().to_list() == ['{"Plan":"Gold","Mobitel":"[telephone]","Note":"[telephone]"}']
    assert kept["comment"].unique().to_list() == ["zvati [telephone] ili [e-mail]"]
    assert kept["reason"].unique().to_list() == ["[e-mail]"]
    persons, addresses = sorted(row["notes"], reverse=True)
    assert persons.startswith(
        "extras or a dimension of your own names 'Customer ID' and 'Ime i prezime', which names a person: it is not kept."
    )
    assert addresses.startswith("E-mail addresses or telephone numbers stand in branch: they are kept and published")


def test_who_is_not_known_is_nobody() -> None:
    rules = CleaningRules(
        source="shops",
        metric="nps",
        scale=SCALES["0-10"],
        dates=DateReading(ISO_FORMATS, "UTC"),
        business_timezone="UTC",
        key="k" * 32,
        now=datetime(2025, 1, 1, tzinfo=UTC),
        history_starts=datetime(2020, 1, 1, tzinfo=UTC),
        survey="shops",
    )
    people = ["n/a", " - ", "Anonymous", "аноним", "", None, "k17"]
    given = {
        "source_row": range(2, 9),
        "malformed": [False] * 7,
        "score": ["9"] * 7,
        "responded_at": ["2024-01-01"] * 7,
    }
    rows = pl.LazyFrame({**given, "respondent": people, "response_id": ["r1", "n/a", "r3", "r4", "r5", "r6", "r7"]})
    judged = judge(rows, rules, "d").collect().sort("source_row")
    assert judged["respondent_key"].is_null().to_list() == [True] * 6 + [False]
    assert judged["refusal"].to_list() == [None, "row_malformed", *[None] * 5]


def test_a_column_of_a_preset_can_be_taken_out() -> None:
    given = {"kind": "ivr", "columns": {"respondent": None, "score": "Key"}}
    taken: Any = with_presets(given, "source")
    assert "respondent" not in taken["columns"]
    assert taken["columns"]["score"] == "Key"
    assert "respondent" in dict(cast("Any", with_presets({"kind": "ivr"}, "source")))["columns"]


# What is never shown


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("2024-01-03T10:05:00Z", "9999-99-99T99:99:99Z"),
        ("Wed Jan 03 2024", "Wed Jan 99 9999"),
        ("3 сентября 2024", "9 сентября 9999"),
        ("ana@example.com", "xxx@xxxxxxx.xxx"),
        ("Ilica 7, Ivana Horvat", "xxxxx 9, xxxxx xxxxxx"),
        ("May Smith", "xxx xxxxx"),
    ],
)
def test_a_shape_says_nothing_but_what_a_date_says(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_what_stands_in_a_column_of_dates_is_not_shown(tmp_path: Path) -> None:
    path = own("roles/address_in_a_date.csv")
    said = (
        nps("sniff", path).out + nps("sniff", path, "--json").out + nps("init", tmp_path / "home", "--from", path).said
    )
    assert not [word for word in ("Ivana", "Horvat", "Ilica", "ivana@", "Marko") if word in said]
    assert "9999-99-99" in said


# The cases of others


def test_shared_persons_ids(tmp_path: Path) -> None:
    done = settle(
        tmp_path / "home",
        shared("person_id/jan.csv"),
        shared("person_id/feb.csv"),
        answers={"responded_at": "rated_at"},
    )
    assert done.by("month") == {"2024-01": (40, -30.0), "2024-02": (40, 52.5)}


def test_shared_repeated_response_ids(tmp_path: Path) -> None:
    assert settle(tmp_path / "home", shared("repeated_response_ids.csv")).figure == (60, -21.7)


def test_shared_names_as_respondents(tmp_path: Path) -> None:
    done = settle(tmp_path / "home", shared("names_as_respondents.csv"), answers={"response_id": None})
    assert done.figure[0] == 500
    assert "Customer Name" not in (tmp_path / "home/nps.yaml").read_text("utf-8")


def test_shared_likert_headings() -> None:
    [source] = yaml.safe_load(sniff(shared("likert_headings.csv")).entry)["sources"].values()
    assert (set(source["columns"]), source["metric"]) == ({"score", "responded_at"}, "enps")


# Workplaces


@pytest.mark.parametrize(
    "question",
    [
        "How likely are you to recommend us as a place to work?",
        "I would recommend a friend to work at Acme",
        "Jak prawdopodobne jest, że polecisz naszą firmę jako miejsce pracy?",
        "Насколько вероятно, что Вы порекомендуете компанию как место работы?",
        "Порекомендуете ли Вы нас как работодателя?",
        "Наскільки ймовірно, що Ви порекомендуєте нас як місце роботи?",
        "Koliko je vjerojatno da ćete nas preporučiti kao mjesto za rad?",
        "Biste li nas preporučili kao poslodavca?",
        "¿Qué tan probable es que recomiende la empresa como lugar para trabajar?",
        "Würden Sie uns als Arbeitgeber weiterempfehlen?",
        "Quelle est la probabilité que vous recommandiez notre entreprise comme employeur ?",
        "eNPS",
    ],
)
def test_a_question_about_a_workplace_is_of_employees(question: str, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    rows = [f"2024-01-{1 + i % 28:02};{i % 11}" for i in range(60)]
    path.write_text("\n".join([f"date;{question}", *rows]) + "\n", "utf-8")
    found = sniff(path)
    assert "metric: enps" in found.entry
    assert found.questions == []


@pytest.mark.parametrize(
    "question",
    ["After talking to our employee, how likely are you to recommend us?", "Порекомендуете ли Вы наших сотрудников?"],
)
def test_where_employees_are_only_spoken_of_it_asks_who_was_asked(question: str, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    rows = [f"2024-01-{1 + i % 28:02};{i % 11}" for i in range(60)]
    path.write_text("\n".join([f"date;{question}", *rows]) + "\n", "utf-8")
    [asked] = sniff(path).questions
    assert asked.startswith("sources.staff.metric:")
    assert "write enps if employees were asked" in asked


# Lists of branches, accounts and employees


@pytest.mark.parametrize(
    ("name", "rows", "dimension", "columns_of"),
    [
        (
            "list.csv",
            ["Branch code;Branch name;Region;Manager", *(f"B{i};Shop {i};R{i % 3};M{i % 2}" for i in range(9))],
            "branches",
            {"branch": "Branch code", "name": "Branch name", "region": "Region", "manager": "Manager"},
        ),
        (
            "poslovnice.csv",
            ["Šifra;Naziv;Regija", *(f"P{i};Grad {i};Regija {i % 3}" for i in range(9))],
            "branches",
            {"branch": "Šifra", "name": "Naziv", "region": "Regija"},
        ),
        (
            "clients.csv",
            ["Customer ID;Industry;Branch", *(f"C{i};{'retail' if i % 2 else 'steel'};B{i % 3}" for i in range(30))],
            "accounts",
            {"account": "Customer ID", "branch": "Branch", "industry": "Industry"},
        ),
        (
            "hr.csv",
            ["Табельный номер;Отдел;Руководитель", *(f"T{i};Отдел {i % 4};M{i % 2}" for i in range(30))],
            "employees",
            {"employee": "Табельный номер", "department": "Отдел", "manager": "Руководитель"},
        ),
        (
            "moves.csv",
            ["Employee ID;Department;Valid from", *(f"E{i};D{i % 4};2024-01-{1 + i % 28:02}" for i in range(30))],
            "employees",
            {"employee": "Employee ID", "department": "Department", "valid_from": "Valid from"},
        ),
    ],
)
def test_a_lookup_is_a_dimension(
    name: str, rows: list[str], dimension: str, columns_of: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text("\n".join(rows) + "\n", "utf-8")
    found = sniff(path)
    assert found.questions == []
    entry = yaml.safe_load(found.entry)
    assert list(entry) == ["dimensions"]
    assert entry["dimensions"][dimension]["columns"] == columns_of


def test_the_days_of_a_lookup_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "moves.csv"
    rows = [f"{i};Odjel {i % 4};{1 + i % 28}.0{1 + i % 9}.2024.;12.12.2012." for i in range(30)]
    path.write_text("\n".join(["Šifra djelatnika;Odjel;Vrijedi od;Datum zaposlenja", *rows]) + "\n", "utf-8")
    entry = yaml.safe_load(sniff(path).entry)["dimensions"]["employees"]
    assert entry["columns"] == {"employee": "Šifra djelatnika", "department": "Odjel", "valid_from": "Vrijedi od"}
    assert entry["dates"] == {"formats": ["%d.%m.%Y."]}


def test_answers_are_no_lookup(tmp_path: Path) -> None:
    for number, rows in enumerate(
        (
            ["Customer ID;Branch;How was it?", *(f"C{i};B{i % 3};{'good' if i % 2 else 'bad'}" for i in range(30))],
            ["Customer ID;Branch;Date", *(f"C{i};B{i % 3};2024-01-{1 + i % 28:02}" for i in range(30))],
            ["Customer ID;Branch;Stars", *(f"C{i};B{i % 3};{i % 5}" for i in range(30))],
        )
    ):
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        assert list(yaml.safe_load(sniff(path).entry)) == ["sources"]


# The laws


@law(40)
@given(
    st.lists(st.tuples(st.integers(0, 25), st.dates(date(2024, 1, 1), date(2024, 3, 31))), min_size=20, max_size=60),
    st.sampled_from(
        [("E-mail", "p{}@example.com"), ("customer_id", "c{}"), ("Kundennummer", "{}"), ("ID gosta", "G-{}")]
    ),
    st.booleans(),
)
def test_who_answered_is_settled_only_where_nothing_is_lost(
    people: list[tuple[int, date]], sort: tuple[str, str], with_dates: bool
) -> None:
    check_who_answered(people, sort, with_dates=with_dates)


def test_that_law_catches_a_count_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "answered_again", lambda *_: 0)
    with pytest.raises((AssertionError, TypeError)):
        check_who_answered(
            [(i % 15, date(2024, 1, 5)) for i in range(20)], ("E-mail", "p{}@example.com"), with_dates=True
        )


def check_who_answered(people: list[tuple[int, date]], sort: tuple[str, str], *, with_dates: bool) -> None:
    heading, pattern = sort
    rows = [f"{day if with_dates else ''};{i % 11};{pattern.format(who)}" for i, (who, day) in enumerate(people)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shops.csv"
        path.write_text("\n".join([f"date;NPS;{heading}", *rows]) + "\n", "utf-8")
        found = sniff(path)
    [settings] = yaml.safe_load(found.entry)["sources"].values()
    proposed_for = settings["columns"].get("respondent")
    lost = len(people) - len({(who, f"{day:%Y-%m}") if with_dates else (who, "") for who, day in people})
    if lost:
        assert f"{lost} of {len(people)} answers would not count" in proposed_for
    elif proposed_for is not None:
        assert proposed_for == heading


@law(30)
@given(
    st.sampled_from(
        ["customer_id", "ID клиента", "device", "order_no", "Matricule", "ID", "uuid", "Ref", "Q7", "Account ID"]
    ),
    st.sampled_from(["{}", "x{}y{}z", "00000000-0000-0000-0000-0000000000{:02}"]),
    st.integers(0, 9),
)
def test_what_names_no_answer_is_never_an_answers_id_unasked(heading: str, pattern: str, first: int) -> None:
    rows = [f"2024-01-{1 + i % 28:02};{i % 11};{pattern.format(first + i, i)}" for i in range(40)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shops.csv"
        path.write_text("\n".join([f"date;NPS;{heading}", *rows]) + "\n", "utf-8")
        [settings] = yaml.safe_load(sniff(path).entry)["sources"].values()
    assert str(settings["columns"].get("response_id", "? ")).startswith("? ")


def test_an_id_that_may_be_of_the_response_or_the_respondent_is_asked_about(tmp_path: Path) -> None:
    """Two versions of each answer would count as two answers."""
    rows = [f"{at // 2},{1 + at % 2},2024-01-{1 + at % 28:02},{at % 11}" for at in range(88)]
    (tmp_path / "x.csv").write_text("\n".join(["resp_id,version,date,nps", *rows, ""]), "utf-8")
    [asked] = [each for each in sniff(tmp_path / "x.csv").questions if "response_id: " in each]
    assert "whose id is 'resp_id'" in asked
    assert "44 of 88 answers would then not count" in asked


# Which of several columns is the group


def lists(**groups: int) -> dict[str, Sequence[object]]:
    """Columns by heading, each with so many names."""
    return {heading: [f"{heading[0]}{i * 7 % many}" for i in range(60)] for heading, many in groups.items()}


@pytest.mark.parametrize(
    ("headings", "name", "chosen"),
    [
        (("Županija", "Regija"), "region", "Regija"),
        (("Country", "Region", "State"), "region", "Region"),
        (("Division", "Department", "Team"), "department", "Department"),
        (("Store", "Branch"), "branch", "Branch"),
    ],
)
def test_a_column_called_as_the_group_is_goes_before_others_that_may_be_it(
    tmp_path: Path, headings: tuple[str, ...], name: str, chosen: str
) -> None:
    values = lists(**{heading: 3 + at for at, heading in enumerate(headings)})
    assert columns(table(tmp_path, *headings, **values))[name] == chosen


def test_where_nothing_tells_which_of_two_columns_is_the_group_that_is_asked(tmp_path: Path) -> None:
    told = columns(table(tmp_path, "Country", "State", **lists(Country=3, State=5)))
    assert (
        told["region"] == "? 'Country' or 'State': which one says the region? Write its heading, or take this line out"
    )
    same = columns(table(tmp_path, "Country", "State", **lists(Country=4, State=4)))
    assert same["region"] == "Country", "both tell the same groups apart"


def test_in_a_list_of_employees_groups_are_chosen_and_asked_about_likewise(tmp_path: Path) -> None:
    groups = lists(**{"Manager": 9, "Supervisory Organization": 4, "Country": 2, "State": 5})
    lines: list[Row] = [
        ["Employee ID", *groups],
        *([f"E{i:03}", *(each[i] for each in groups.values())] for i in range(60)),
    ]
    path = tmp_path / "roster.csv"
    path.write_text("".join(",".join(map(str, line)) + "\n" for line in lines), "utf-8")
    told = yaml.safe_load(sniff(path).entry)["dimensions"]["employees"]["columns"]
    assert (told["manager"], told["department"]) == ("Manager", "Supervisory Organization")
    assert told["region"].startswith("? 'Country' or 'State'")
