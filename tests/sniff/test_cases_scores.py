"""Which column is the score, and on which scale it was asked: what small files settle, and what is asked of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.adapters.finding import find_columns
from pipelines.sniff.columns.groups import parted
from pipelines.sniff.scores.ranges import stated_scales
from pipelines.sniff.sniff import sniff
from pipelines.sniff.sniffed import Sniffed
from tests.support.cases import settle, shared


def csv(folder: Path, headings: Sequence[str], rows: Sequence[Sequence[object]], name: str = "shops.csv") -> Path:
    """A file of answers with a day in its first column."""
    lines: list[list[object]] = [
        ["Day", *headings],
        *([f"2024-01-{1 + i % 28:02}", *row] for i, row in enumerate(rows)),
    ]
    path = folder / name
    path.write_text("".join(",".join(json.dumps(str(cell), ensure_ascii=False).replace('\\"', '""').replace("\\n", "\n")
                                     for cell in line) + "\n" for line in lines), "utf-8")  # fmt: skip
    return path


def entry(found: Sniffed) -> dict[str, Any]:
    [settings] = yaml.safe_load(found.entry)["sources"].values()
    return dict(settings)


def numbers(folder: Path, heading: str, scores: Sequence[object]) -> Sniffed:
    return sniff(csv(folder, [heading], [[score] for score in scores]))


# Which column


@pytest.mark.parametrize("is_copy", [True, False])
def test_a_column_that_says_what_another_says_in_each_row_is_nothing_to_ask_about(
    tmp_path: Path, *, is_copy: bool
) -> None:
    scores = [(i * 7 % 11, (i * 7 if is_copy else i * 5 + 1) % 11) for i in range(44)]
    found = sniff(csv(tmp_path, ["answers.nps.value", "answers.nps.label"], scores))
    assert [each for each in found.questions if "look alike" in each] == [] if is_copy else len(found.questions) == 1
    if is_copy:
        assert entry(found)["columns"]["score"] == "answers.nps.value"


@pytest.mark.parametrize(
    "heading",
    ["Score", "NPS", "NPS score", "NPS Rating", "Rating", "Ocjena", "Оценка", "Ocena", "Оцінка", "Puntuación", "Bewertung",
     "Note", "Score (0-10)", "OCJENA 0-10", "Оценка от 0 до 10", "Как бы Вы оценили: порекомендуете нас?",
     "Czy polecił(a)byś nas znajomym?", "¿Nos recomendaría a un amigo?", "Recommanderiez-vous notre agence ?",
     "visit/Score", "nps_group/score", "data.nps.score", "[Zagreb] Score"],
)  # fmt: skip
@pytest.mark.parametrize("scores", [(0, 9, 10, 7, 8, 10, 3, 9), (0, 10, 10, 8, 0, 8, 8, 10, 0, 10, 8)])
def test_a_plain_heading_is_enough_for_few_answers(heading: str, scores: Sequence[int], tmp_path: Path) -> None:
    found = numbers(tmp_path, heading, scores)
    assert found.questions == []
    assert entry(found)["columns"] == {"score": heading, "responded_at": "Day"}


@pytest.mark.parametrize(
    "heading",
    [
        "当社を友人や同僚に薦める可能性はどのくらいありますか?", "このお店を友人にすすめたいと思いますか", "推奨度",
        "おすすめ度(0-10)", "1、您有多大可能向朋友或同事推荐我们?", "您願意向朋友推薦我們嗎", "推薦意願", "추천 점수",
        "저희를 추천하시겠습니까?", "저희 매장을 친구나 동료에게 추천할 가능성은 얼마나 됩니까?",
    ],
)  # fmt: skip
def test_the_question_is_known_where_words_are_written_without_spaces(heading: str, tmp_path: Path) -> None:
    found = numbers(tmp_path, heading, [i % 11 for i in range(40)])
    assert (found.questions, entry(found)["columns"]["score"]) == ([], heading)


@pytest.mark.parametrize(
    "heading",
    [
        "当社を友人に勧めない可能性", "担当者を友人に薦める可能性", "上司を友人に薦める可能性", "前回の推奨度", "総合満足度",
        "推奨理由",
        "您不推荐我们的可能性", "您有多大可能推荐您的医生", "推荐人", "上次推荐度", "满意度", "추천 이유", "추천인",
        "경쟁사를 추천할 가능성", "담당자를 추천할 가능성", "추천하지 않을 가능성", "만족도",
    ],
)  # fmt: skip
def test_other_questions_are_asked_about_there_too(heading: str, tmp_path: Path) -> None:
    assert numbers(tmp_path, heading, [i % 11 for i in range(40)]).questions


def test_the_evidence_of_answers_that_are_all_alike_is_said_in_words(tmp_path: Path) -> None:
    [one] = numbers(tmp_path, "NPS", [9]).found.scores
    assert "1 answer is 9" in one.evidence
    [many] = numbers(tmp_path, "NPS", [9] * 30).found.scores
    assert "30 answers are 9" in many.evidence


@pytest.mark.parametrize(
    "heading", ["Satisfaction score", "CSAT", "CES", "Effort", "satisfaction_group/score", "csat.score", "Score reason"]
)
def test_other_surveys_are_not_it(heading: str, tmp_path: Path) -> None:
    assert not [each for each in numbers(tmp_path, heading, range(11)).found.scores if each.certain]


def test_the_name_of_a_file_tells_another_survey_where_the_heading_tells_none(tmp_path: Path) -> None:
    rows = [[i % 11] for i in range(40)]
    assert any("is one of these" in each for each in sniff(csv(tmp_path, ["Score"], rows, "csat_2024.csv")).questions)
    assert sniff(csv(tmp_path, ["NPS"], rows, "csat_and_nps.csv")).questions == []


def test_several_equally_good_columns_are_asked_for(tmp_path: Path) -> None:
    rows = [[i % 11, (i % 3) * 5] for i in range(12)]
    asked = " ".join(sniff(csv(tmp_path, ["Score", "Rating"], rows)).questions)
    assert "2 columns look alike: 'Score', 'Rating'" in asked


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("nps_group/How likely?", ("nps", "How likely?")),
        ("a/b/c d", ("a/b", "c d")),
        ("[visit] Score", ("visit", "Score")),
        ("answers.nps", ("answers", "nps")),
        ("About you/How likely are you to recommend us?", ("About you", "How likely are you to recommend us?")),
        ("How likely are you to recommend us to friends/family?", ("", None)),
        ("Score 9/10", ("", None)),
        ("Wie geht es? Gut.", ("", None)),
    ],
)
def test_a_group_is_parted_from_its_question(heading: str, parts: tuple[str, str | None]) -> None:
    assert parted(heading) == (parts[0], parts[1] or heading)


def test_a_group_says_nothing_of_a_column_that_is_no_question(tmp_path: Path) -> None:
    rows = [[i % 11, "AB"[i % 2]] for i in range(20)]
    found = sniff(csv(tmp_path, ["nps_group/score", "nps_group/branch"], rows))
    assert [each.column.name for each in found.found.scores] == ["nps_group/score"]


def test_headings_of_groups_run_to_their_figure(tmp_path: Path) -> None:
    settled = settle(
        tmp_path / "home", shared("group_headings.csv"), answers={"respondent": None, "response_id": "_uuid"}
    )
    assert settled.unanswered == []
    assert settled.figure == (36, 2.8)


# Which scale


@pytest.mark.parametrize(
    ("heading", "stated"),
    [
        ("On a scale of 1 to 7, ...", ["1-7"]),
        ("from 1 to 5", ["1-5"]),
        ("от 1 до 5", ["1-5"]),
        ("von 1 bis 7", ["1-7"]),
        ("de 1 à 6", ["1-6"]),
        ("(0\u2013100)", ["0-100"]),
        ("0…10", ["0-10"]),
        ("recommend_0_10", ["0-10"]),
        ("1 (not at all) to 5 (very)", ["1-5"]),
        ("1 = poor, 5 = excellent", ["1-5"]),
        ("0-4", ["0-4"]),
        ("January 1-7 2024", ["1-7"]),
        ("2024-01-10", []),
        ("Wave 1, 2024", []),
        ("Q1 2024", []),
        ("10%", []),
    ],
)
def test_a_heading_states_a_scale(heading: str, stated: list[str]) -> None:
    assert stated_scales([heading]) == stated


@pytest.mark.parametrize(
    ("heading", "scores", "offers"),
    [
        ("Would you recommend us? 1 to 7", range(1, 8), "1-7 (promoters 6-7, passives 5)"),
        ("Порекомендуете ли Вы нас по шкале от 1 до 5?", range(1, 6), "1-5 (promoters 5, passives 4)"),
        ("Würden Sie uns empfehlen, von 0 bis 100?", range(0, 101, 10), "0-100 (promoters 90-100, passives 70-89)"),
        ("NPS", range(0, 101, 10), "0-100 (promoters 90-100, passives 70-89)"),
        ("NPS", range(1, 8), "1-7 (promoters 6-7, passives 5)"),
        ("NPS", range(1, 6), "1-5 (promoters 5, passives 4)"),
        ("NPS", [*range(6)] * 2, "The highest of 12 answers is 5"),
        ("Score from 0 to 5", range(6), "lowest: 0, highest: 5"),
        ("NPS", [*range(10)] * 5, "so that 9 stands for 10"),
        ("NPS", [*range(1, 12)] * 5, "so that 11 stands for 10"),
        ("How likely are you NOT to recommend us? (0-10)", range(11), "asks how likely people are not to recommend"),
        ("Koliko je vjerojatno da nas nećete preporučiti?", range(11), "asks how likely people are not to recommend"),
        ("Wie wahrscheinlich ist es, dass Sie uns nicht empfehlen?", range(11), "asks how likely people are not to"),
        ("NPS", [0, 3, 5, 8, 10] * 20, "None of 100 answers is 1, 2, 4, 6, 7 or 9, though many are below and above"),
        ("NPS", [2, 4, 6, 8, 10] * 20, "0-10 or 1-10? None of 100 answers is 3, 5, 7 or 9, though many"),
    ],
)
def test_a_question_offers_the_scales_that_fit(
    heading: str, scores: Sequence[int], offers: str, tmp_path: Path
) -> None:
    asked = [each for each in numbers(tmp_path, heading, scores).questions if ".scale:" in each]
    assert len(asked) == 1
    assert offers in asked[0]


def test_what_0_means_turns_no_question_around(tmp_path: Path) -> None:
    heading = "How likely are you to recommend us? (0 = I advise against it, would not recommend)"
    assert not any("not to recommend" in each for each in numbers(tmp_path, heading, [*range(11)]).questions)


@pytest.mark.parametrize(("others", "asked"), [(15, False), (40, True), (90, True)])
def test_answers_in_words_are_asked_for_by_how_many_there_are(others: int, asked: bool, tmp_path: Path) -> None:
    scores = [*(i % 11 for i in range(100 - others)), *["hung up"] * others]
    found = numbers(tmp_path, "How likely are you to recommend us to a friend?", scores)
    scale = str(entry(found)["scale"])
    assert asked == scale.startswith(
        f"? {others} of its 100 answers are no whole numbers: which score does each stand for?"
    )
    assert asked or "no whole numbers" not in found.entry


def test_fewer_than_fifty_answers_without_a_10_are_no_index(tmp_path: Path) -> None:
    assert numbers(tmp_path, "NPS", [*range(10)] * 4).questions == []


@pytest.mark.parametrize(
    ("name", "scale", "words"),
    [("option_index.csv", "0-10", "so that 9 stands for 10"), ("one_to_seven.csv", "1-7", "1-7 (promoters 6-7")],
)
def test_the_scale_of_a_case_is_asked_and_runs_once_told(name: str, scale: str, words: str, tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", shared(name), answers={"scale": scale})
    assert [words in each for each in settled.asked] == [True]
    assert {each["status"] for each in settled.verdicts.values()} == {"accepted"}


def test_an_index_counts_as_its_options_once_that_is_declared(tmp_path: Path) -> None:
    scores = [[score] for score in [9] * 30 + [8] * 15 + [0] * 15]
    words = "{index: {words: {" + ", ".join(f"'{i}': {i + 1}" for i in range(10)) + "}}}"
    settled = settle(
        tmp_path / "home",
        csv(tmp_path, ["NPS"], scores),
        answers={"scale": "index"},
        add={"# Where answers come from.": f"scales: {words}\n#"},
    )
    assert settled.figure == (60, 50.0)


# What is shown of a heading


@pytest.mark.parametrize(
    "headings",
    [
        ("Would you recommend us: yes?", 'Would you "recommend" us?'),
        ("# recommend us", "recommend us\nto a friend"),
        ("? recommend us", "recommend us' a"),
        ("Recommend us", "Recommend us"),
        ("recommend us " + "very " * 30 + "much", "recommend us " + "very " * 30 + "little"),
        ("recommend us: " + "very " * 60 + "much", "recommend us: " + "very " * 60 + "little"),
        ("- recommend us", "recommend us # b"),
    ],
)
def test_what_is_shown_of_a_heading_can_be_pasted(headings: tuple[str, str], tmp_path: Path) -> None:
    found = sniff(csv(tmp_path, headings, [[(0, 9, 10)[i % 3], (0, 9, 10)[i % 3]] for i in range(12)]))
    [question] = [each for each in found.questions if "look alike" in each]
    scores = found.found.scores
    assert len(scores) == 2
    for score in scores:
        shown = score.column.pasted
        assert shown in question
        position = re.search(r"\((?:or )?write (\d+)\)", shown)
        text = position[1] if position else shown
        wanted = yaml.safe_load(f"score: {text}")["score"]
        assert find_columns(found.found.opened.table, wanted, "score") == [score.column.position]


def test_long_headings_are_told_apart() -> None:
    path = shared("long_headings.csv")
    [question] = sniff(path).questions
    assert "friend of yours?'" in question
    assert "friend of theirs?'" in question


# Files that look the same


def test_files_whose_scores_go_otherwise_far_are_two_sources(tmp_path: Path) -> None:
    stars = csv(tmp_path, ["Score"], [[1 + i % 5] for i in range(20)], "shops_a.csv")
    usual = csv(tmp_path, ["Score"], [[i % 11] for i in range(20)], "shops_b.csv")
    settled = settle(tmp_path / "home", stars, usual)
    sources = yaml.safe_load((tmp_path / "home" / "nps.yaml").read_text("utf-8"))["sources"]
    assert sorted(sources) == ["shops_a", "shops_b"]
    assert len(settled.unanswered) == 1
    assert "1-5 (promoters 5, passives 4)" in settled.unanswered[0]


def test_the_two_surveys_of_a_case_are_not_merged(tmp_path: Path) -> None:
    settled = settle(tmp_path / "home", shared("two_surveys/m4_csat.csv"), shared("two_surveys/m4_nps.csv"))
    assert any("sources.m4_csat.scale" in each or "on which scale" in each for each in settled.unanswered)
    assert not settled.is_built


def test_the_same_answers_with_commas_and_with_tabs_count_once(tmp_path: Path) -> None:
    commas = csv(tmp_path, ["Score", "Why"], [[i % 11, f"text {i}"] for i in range(20)])
    tabs = tmp_path / "shops.tsv"
    tabs.write_text(commas.read_text("utf-8").replace('","', '"\t"'), "utf-8")
    assert settle(tmp_path / "home", commas, tabs).figure[0] == 20


# What a spreadsheet, or yes and no, made of answers


@pytest.mark.parametrize(
    "shape", ["{}-Oct", "10-{m}", "{:02}. okt.", "{:02}.wrz", "2024-10-{:02}", "2024-{:02}-10 00:00:00"]
)
def test_scores_that_a_spreadsheet_took_for_days_are_to_be_exported_again(shape: str, tmp_path: Path) -> None:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"]
    given = [shape.format(1 + i % 10, m=months[i % 10]) for i in range(40)]
    found = numbers(tmp_path, "How likely are you to recommend us?", given)
    assert any("never opened in a spreadsheet program" in each for each in found.questions)
    assert "words" not in found.entry


def test_a_word_below_the_answers_is_no_question_that_rows_answer(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + at % 28:02},{at % 11},Split\n" for at in range(60))
    (tmp_path / "x.csv").write_text(f"Date,NPS,Branch\n{rows},,\n,NPS,24\n", "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.questions == []
    assert entry(found)["columns"]["score"] == "NPS"


def test_of_answers_that_are_0_or_1_no_scale_is_proposed(tmp_path: Path) -> None:
    questions = numbers(tmp_path, "Would you recommend us?", [i % 2 for i in range(40)]).questions
    assert any("as yes and no are" in each for each in questions)


@pytest.mark.parametrize(
    "heading",
    ["How likely are you to recommend your manager to a colleague?",
     "Wie wahrscheinlich ist es, dass Sie Ihre Führungskraft weiterempfehlen?",
     "Quanto è probabile che raccomandi il suo responsabile?", "Qual a probabilidade de recomendar o seu chefe?",
     "Hoe waarschijnlijk is het dat u uw leidinggevende aanbeveelt?", "Hur troligt är det att du rekommenderar din chef?",
     "Cât de probabil este să recomandați șeful dumneavoastră?", "Kuinka todennäköisesti suosittelisit esimiestäsi?"],
)  # fmt: skip
def test_who_recommends_a_manager_recommends_neither_company_nor_workplace(heading: str, tmp_path: Path) -> None:
    [question] = numbers(tmp_path, heading, [i % 11 for i in range(40)]).questions
    assert "asks about a manager" in question


def test_so_it_is_where_a_column_names_the_employees(tmp_path: Path) -> None:
    heading = "How likely are you to recommend your manager?"
    rows = [[f"E{i}", i % 11] for i in range(40)]
    questions = sniff(csv(tmp_path, ["Employee ID", heading], rows)).questions
    assert any("asks about a manager" in each for each in questions)
    assert not any("speaks of employees" in each for each in questions)


@pytest.mark.parametrize(
    "heading",
    ["How likely are you to recommend your doctor?", "¿Qué probabilidad hay de que recomiende a su asesor?",
     "Quanto è probabile che raccomandi il suo consulente?", "Mennyire valószínű, hogy ajánlaná a tanácsadóját?"],
)  # fmt: skip
def test_who_recommends_a_doctor_does_not_recommend_the_company(heading: str, tmp_path: Path) -> None:
    [question] = numbers(tmp_path, heading, [i % 11 for i in range(40)]).questions
    assert "asks about a person who serves clients" in question


@pytest.mark.parametrize(
    "heading",
    ["Wie wahrscheinlich ist es, dass du uns einem Freund weiterempfiehlst?", "Czy poleciłby Pan nas znajomym?",
     "Каква е вероятността да ни препоръчате?", "Πόσο πιθανό είναι να μας συστήσετε σε έναν φίλο;"],  # noqa: RUF001
)  # fmt: skip
def test_the_question_is_known_in_more_words(heading: str, tmp_path: Path) -> None:
    found = numbers(tmp_path, heading, [i % 11 for i in range(40)])
    assert found.questions == []
    assert entry(found)["scale"] == "0-10"


@pytest.mark.parametrize(
    "heading",
    [
        "Competitor NPS", "NPS konkurenta", "What NPS do you think we will get?", "Has anyone recommended us to you? (0-10)",
        "How likely do you think your colleagues are to recommend us?", "Wurden wir Ihnen empfohlen? 0-10",
        "Koliko je vjerojatno da bi drugi preporučili našu banku?",
        "How likely are you to recommend our competitor?", "Previous NPS", "nps_prev",
        "Насколько вероятно, что вы порекомендуете конкурента?", "Wettbewerb: NPS", "Letzter NPS", "Calculated NPS",
        "rolling_nps", "NPS benchmark", "NPS sentiment score", "How often do you recommend us?", "Lead score",
        "How important is it that friends recommend us?", "Wie wichtig ist Ihnen eine Weiterempfehlung?",
        "Previous answer: how likely are you to recommend us?", "Rakibimizi tavsiye etme olasılığınız nedir?",  # noqa: RUF001
        "Hur många gånger har du rekommenderat oss?", "How unlikely are you to recommend us?",
    ],
)  # fmt: skip
def test_scores_of_rivals_and_of_before_and_what_was_worked_out_are_asked_about(heading: str, tmp_path: Path) -> None:
    assert numbers(tmp_path, heading, [i % 11 for i in range(44)]).questions


@pytest.mark.parametrize(
    "name",
    [
        "nps_test.csv",
        "nps.test.csv",
        "competitor_nps.csv",
        "nps_konkurencija.csv",
        "deleted_responses.csv",
        "nps_bak.csv",
        "nps (partial).csv",
    ],
)
def test_the_name_of_a_file_tells_that_its_rows_may_be_no_answers(name: str, tmp_path: Path) -> None:
    found = sniff(csv(tmp_path, ["Score"], [[i % 11] for i in range(44)], name))
    [asked] = found.questions
    assert "the name of the file says" in asked


@pytest.mark.parametrize("name", ["latest.csv", "contest.csv", "part 2.csv", "greatest hits.csv", "undeleted.csv"])
def test_other_names_of_files_are_no_question(name: str, tmp_path: Path) -> None:
    assert sniff(csv(tmp_path, ["Score"], [[i % 11] for i in range(44)], name)).questions == []
