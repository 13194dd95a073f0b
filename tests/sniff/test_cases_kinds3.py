"""Files of one survey, and what stands beside their scores, as people hand them on: the right figure, or a word about it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from pipelines.adapters.gaps import rows_below
from pipelines.adapters.words import said, topics
from pipelines.config.sources import Source
from pipelines.sniff.sniff import sniff
from pipelines.sniff.start import start
from tests.support.arrived import judged, rows_of, table_of
from tests.support.cases import settle

SCORES = [10, 9, 3, 8, 10, 0, 7, 9, 10, 6, 5, 10]


def entries(home: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = yaml.safe_load((home / "nps.yaml").read_text("utf-8"))["sources"]
    return found


def month(folder: Path, number: int, branches: list[str], encoding: str) -> Path:
    """Answers of one month, as an export of that month has them."""
    rows = [f"2024-{number:02}-{1 + i:02};{branches[i % len(branches)]};{score}" for i, score in enumerate(SCORES * 2)]
    path = folder / f"ankieta_2024_{number:02}.csv"
    path.write_bytes("\n".join(["Data;Oddział;Ocena".replace("ł", "l"), *rows, ""]).encode(encoding))
    return path


# Encodings of files of one source


@pytest.mark.parametrize("order", [1, -1])
def test_a_file_of_plain_letters_is_of_the_same_source_as_one_with_others(order: int, tmp_path: Path) -> None:
    plain = month(tmp_path, 1, ["Gdansk", "Opole"], "ascii")
    polish = month(tmp_path, 2, ["Łódź", "Kraków", "Gdańsk", "Wałbrzych", "Świdnica", "Częstochowa"], "cp1250")
    found = settle(tmp_path / "home", *[plain, polish][::order], answers={"encoding": "windows-1250"})
    assert len(entries(tmp_path / "home")) == 1
    assert found.figure == (48, 16.7)
    assert found.by("branch")["Łódź"][0] == 4


# Short rows


def test_a_long_file_that_begins_with_a_short_row_is_read_with_care(tmp_path: Path) -> None:
    """polars reads no such file from its end."""
    (tmp_path / "x.csv").write_text("date,score,why,more\n" + "2024-01-01,9\n" * 1_200 + '2024-01-02,3,"a" b,c\n')
    rows = rows_of(table_of(tmp_path / "x.csv", tmp_path / "scratch"))
    assert len(rows) == 1_201
    assert rows[0] == ["2024-01-01", "9", "", ""]


# What is written only in the first row of each group

FIRST_ROWS = ["Graz", "", "", "", "Linz", "", "", "", "Wien", "", "", ""]


@pytest.mark.parametrize(
    ("cells", "below"),
    [
        (FIRST_ROWS, 9),
        (["Graz", " ", None, "Linz", None, None] * 3, 12),
        (["Graz", "", "", "Graz Total", "Linz", "", "", "Linz Total", "Grand total"], 4),
        (["Rennes", "", "Sous-total Rennes", "Lyon", "", "Sous-total Lyon"], 2),
        (["Graz", "Graz Total", "Linz", "Linz Total"], 0),
        (["Total"], 0),
        (["", *FIRST_ROWS], 0),
        (["Graz", "", "Linz", "Linz", "", "", "", "", "", ""], 0),
        (["Graz", "Linz", "Wien", "", "", "", "", "", "", ""], 0),
        (["Graz", "", "", "", "", ""], 0),
        (["Graz", "Linz", "", "Wien"] * 3, 0),
        ([], 0),
    ],
)
def test_a_column_is_written_once_a_group_where_blank_cells_follow_each_value(
    cells: list[str | None], below: int
) -> None:
    assert rows_below(pl.Series(cells, dtype=pl.String)).sum() == below


def test_branches_in_the_first_row_of_each_group_are_asked_and_noted(tmp_path: Path) -> None:
    rows = [
        f"{13 + i}.03.2024;{branch};{score}" for i, (branch, score) in enumerate(zip(FIRST_ROWS, SCORES, strict=True))
    ]
    (tmp_path / "umfrage.csv").write_text("\n".join(["Datum;Filiale;NPS", *rows, ""]), "utf-8")
    found = settle(tmp_path / "home", tmp_path / "umfrage.csv", answers={"branch": "Filiale"})
    assert any("'Filiale'' is blank in 9 rows below a row that has it" in asked for asked in found.asked), found.asked
    assert found.figure == (12, 16.7)
    assert found.by("branch")["unknown"][0] == 9
    assert "branch is blank in 9 of its rows that stand below a row which has it" in found.notes


def test_rows_of_totals_between_the_groups_hide_no_branch_that_is_written_once(tmp_path: Path) -> None:
    """Else only the first answer of each branch would count as of it, without a word."""
    rows = [f"{FIRST_ROWS[i]};{13 + i}.03.2024;{score}" for i, score in enumerate(SCORES)]
    rows[4:4], rows[9:9] = ["Sous-total Graz;;8"], ["Sous-total Linz;;7"]
    (tmp_path / "enquete.csv").write_text("\n".join(["Agence;Date;Recommandation NPS", *rows, "Total;;7", ""]), "utf-8")
    found = settle(tmp_path / "home", tmp_path / "enquete.csv", answers={"branch": "Agence"})
    assert any("'Agence'' is blank in 9 rows below a row that has it" in asked for asked in found.asked), found.asked
    assert "branch is blank in 9 of its rows" in found.notes
    assert found.counts() == {"rows_read": 15, "accepted": 12, "unanswered": 0, "excluded": 3, "rejected": 0}


# Columns that number rows, and what was paid


def test_a_number_of_each_row_and_what_was_paid_are_nothing_to_ask_about(tmp_path: Path) -> None:
    rows = [f"{1 + i};{13 + i % 12}/03/2024;{score};{20 + i % 7},50" for i, score in enumerate(SCORES * 4)]
    (tmp_path / "enquete.csv").write_text("\n".join(["N°;Date;Recommandation NPS;Achats", *rows, ""]), "utf-8")
    found = settle(tmp_path / "home", tmp_path / "enquete.csv")
    assert found.asked == []
    assert found.figure == (48, 16.7)


def test_counts_that_do_not_follow_one_another_are_still_asked_about(tmp_path: Path) -> None:
    rows = [f"{1 + i % 3};{13 + i % 12}/03/2024;{score}" for i, score in enumerate(SCORES * 4)]
    (tmp_path / "enquete.csv").write_text("\n".join(["N°;Date;Recommandation NPS", *rows, ""]), "utf-8")
    [asked] = settle(tmp_path / "home", tmp_path / "enquete.csv").asked
    assert "may say how many answers a row stands for" in asked


# Languages of which single words are known


@pytest.mark.parametrize(
    ("headings", "total"),
    [
        ("Filiale;Quanto è probabile che ci raccomandi?;Data", "Totale"),
        ("Loja;Qual a probabilidade de nos recomendar?;Data", "Média"),
        ("Pobočka;Doporučil byste nás?;Datum", "Celkem"),
        ("Mağaza;Tavsiye;Tarih", "Toplam"),
        ("Poslovalnica;Priporočilo;Datum", "Skupaj"),
        ("Експозитура;Препорука;Датум", "Укупно"),
        ("Magazin;Recomandare;Data", "Total"),
        ("Üzlet;Ajánlaná-e?;Dátum", "Összesen"),
        ("Butik;Rekommendation;Datum", "Total"),
    ],
)
def test_branch_score_and_total_are_known_in_more_languages(headings: str, total: str, tmp_path: Path) -> None:
    rows = [f"{'Opole' if i % 2 else 'Graz'};{score};2024-03-{10 + i}" for i, score in enumerate(SCORES)]
    (tmp_path / "x.csv").write_text("\n".join([headings, *rows, f"{total};7;", ""]), "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.questions == []
    [entry] = yaml.safe_load(found.entry)["sources"].values()
    judgement = judged(tmp_path / "x.csv", Source.model_validate(entry), tmp_path)
    answers = judgement.filter(outcome="accepted")
    assert answers["score"].to_list() == [*SCORES]
    assert set(answers["branch"]) == {"Graz", "Opole"}
    assert judgement.filter(outcome="excluded").height == 1


@pytest.mark.parametrize(
    "question",
    [
        "Con quale probabilità raccomanderebbe la nostra azienda come luogo di lavoro?",
        "S jakou pravděpodobností byste doporučil(a) naši firmu jako zaměstnavatele?",
        "Şirketimizi çalışma yeri olarak tavsiye etme olasılığınız nedir?",  # noqa: RUF001 - Turkish
        "Kako verjetno je, da bi naše podjetje priporočili kot delodajalca?",
        "Cât de probabil este să recomandați compania ca loc de muncă?",
        "Aká je pravdepodobnosť, že by ste odporučili našu firmu ako zamestnávateľa?",
        "Колика је вероватноћа да бисте препоручили нашу фирму као место за рад?",  # noqa: RUF001 - Serbian
        "Qual a probabilidade de você recomendar a empresa como um bom lugar para trabalhar?",
        "Hoe waarschijnlijk is het dat u ons als werkgever aanbeveelt?",
        "Mennyire valószínű, hogy ajánlaná cégünket munkahelyként?",
        "Hur troligt är det att du skulle rekommendera oss som arbetsgivare?",
        "Hvor sandsynligt er det, at du vil anbefale os som arbejdsplads?",
        "Kuinka todennäköisesti suosittelisit meitä työpaikkana?",
        "Kui tõenäoliselt soovitaksite meie ettevõtet sõbrale kui töökohta?",
        "Kiek tikėtina, kad rekomenduotumėte mūsų įmonę kaip darbovietę?",
        "Cik iespējams, ka jūs ieteiktu mūsu uzņēmumu kā darbavietu?",
        "当社を働く場所として友人に薦める可能性はどのくらいありますか?",
        "您有多大可能推荐我们公司作为工作单位?",
        "우리 회사를 일하기 좋은 곳으로 추천할 가능성은 얼마나 됩니까?",
    ],
)
def test_a_question_about_a_workplace_is_known_in_every_language_of_the_score(question: str) -> None:
    assert said("score_certain", question) or said("score_likely", question)
    assert said("workplace", question)
    assert not said("not_score", question)
    assert not said("negated", question)


@pytest.mark.parametrize(
    ("begun", "ended"),
    [
        ("Godzina rozpoczęcia", "Godzina ukończenia"),
        ("Startzeit", "Fertigstellungszeit"),
        ("Heure de début", "Heure de fin"),
        ("Время начала", "Время выполнения"),
        ("Začetek", "Čas dokončanja"),
        ("Kezdés időpontja", "Befejezés időpontja"),
        ("Vrijeme početka", "Vrijeme završetka"),
    ],
)
def test_the_end_of_filling_in_a_form_is_when_it_was_answered(begun: str, ended: str) -> None:
    assert said("answered_at", ended)
    assert not said("answered_at", begun)


def test_every_topic_that_guards_the_question_knows_its_languages() -> None:
    words = {topic: read() for topic, read in topics().items()}
    asked = {*words["score_certain"], *words["score_likely"]}
    for topic in ("workplace", "negated", "not_score", "superior", "served_person", "best_end", "worst_end"):
        assert asked <= {*words[topic]}, topic
    assert all(isinstance(word, str) for topic in words.values() for each in topic.values() for word in each)


# The same answers below other headings


def survey(path: Path, headings: str, row: str, year: int = 2024) -> Path:
    """A survey with an answer each third day, in columns of one's own."""
    days = [date(year, 1, 13) + timedelta(days=3 * i) for i in range(24)]
    rows = [row.format(day=day, score=score) for day, score in zip(days, SCORES * 2, strict=True)]
    path.write_text("\n".join([headings, *rows, ""]), "utf-8")
    return path


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("Date;NPS;Shop;Why", "{day};{score};Graz;because {score}"),
        ("Datum;Ocjena;Poslovnica", "{day:%d.%m.%Y};{score};Graz"),
        ("Score;Submitted at", "{score};{day:%d/%m/%Y}"),
    ],
)
def test_the_same_answers_below_other_headings_are_asked(headings: str, row: str, tmp_path: Path) -> None:
    one = survey(tmp_path / "one.csv", "Date;NPS;Shop", "{day};{score};Graz")
    asked = start(tmp_path / "home", [one, survey(tmp_path / "two.csv", headings, row)]).questions
    assert any("24 of the 24 rows of two.csv stand in one.csv too" in each for each in asked), asked
    later = start(tmp_path / "later", [one, survey(tmp_path / "three.csv", headings, row, 2023)]).questions
    assert not any("stand in one.csv too" in each for each in later)


@pytest.mark.parametrize("is_a_part", [True, False])
def test_days_that_several_answers_share_tell_a_part_of_others_too(tmp_path: Path, *, is_a_part: bool) -> None:
    given = [(date(2024, 1, 13) + timedelta(days=i * 7 % 53), SCORES[i * 5 % 12]) for i in range(120)]
    beside = given[:70] if is_a_part else [(day, (score + 3) % 11) for day, score in given[:70]]
    rows = {"one.csv": [f"{day},{score},Graz" for day, score in given]}
    rows["two.csv"] = [f"{score};{day:%d.%m.%Y}" for day, score in reversed(beside)]
    for name, headings in (("one.csv", "Date,NPS,Shop"), ("two.csv", "Ocjena;Datum")):
        (tmp_path / name).write_text("\n".join([headings, *rows[name], ""]), "utf-8")
    asked = start(tmp_path / "home", [tmp_path / "one.csv", tmp_path / "two.csv"]).questions
    assert any("70 of the 70 rows of two.csv stand in one.csv too" in each for each in asked) == is_a_part


def test_a_survey_of_another_name_is_not_merged_with_one_of_equal_headings(tmp_path: Path) -> None:
    files = [
        survey(tmp_path / "shops.csv", "Date;Score", "{day};{score}"),
        survey(tmp_path / "csat_shops.csv", "Date;Score", "{day};{score}", 2023),
    ]
    found = start(tmp_path / "home", files)
    assert len(found.sources) == 2
    assert found.sources[1].questions
