"""Files in which only some rows answer the question: what sniff asks, and which rows count."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import yaml

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.doubts import doubts
from pipelines.report.unseen import visible
from pipelines.sniff.sniff import look, proposed, sniff
from tests.support.arrived import judged, source
from tests.support.built import built, counted
from tests.support.cases import settle, shared
from tests.support.scenario import nps
from transforms.scores.scales import SCALES
from transforms.scores.texts import unknown_labels
from warehouse.intake.tally import Tally

SCORES = (0, 9, 10, 7, 8, 10, 3, 9, 10, 6, 5, 10)


def written(
    folder: Path, heading: str, values: Sequence[str], name: str = "shops.csv", **others: Sequence[str]
) -> Path:
    """Answers day by day, with a column of `heading` that says the `values` in turn."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["Day", heading, "Score", *others])
        for i in range(6 * max(len(values), 2)):
            cells = [each[i % len(each)] for each in others.values()]
            lines.writerow([f"2024-01-{1 + i % 28:02}", values[i % len(values)], SCORES[i % len(SCORES)], *cells])
    return path


def asked(path: Path) -> str:
    return next((each for each in sniff(path).questions if "are this question" in each), "")


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Survey Type", ("NPS", "CSAT", "CES")), ("survey_type", ("nps", "5-star", "thumbs")), ("hs_type", ("NPS", "CES")),
        ("surveyType", ("NPS", "CSAT", "")), ("Tip ankete", ("preporuka", "zadovoljstvo")), ("тип опроса", ("NPS", "CSAT")),
        ("Umfragetyp", ("Weiterempfehlung", "Zufriedenheit")), ("Typ ankiety", ("NPS", "CES")),
        ("Тип опитування", ("NPS", "CES")),
        ("Tipo de encuesta", ("NPS", "Satisfacción")), ("Type d'enquête", ("NPS", "CSAT")), ("metric", ("nps", "ces")),
        ("Question ID", ("Q1", "Q2", "Q3")), ("kind", ("NPS", "CSAT")), ("col", ("NPS", "eNPS")), ("x", ("NPS", "Feedback")),
        ("Question", ("How likely are you to recommend us?", "How easy was it?", "How satisfied are you?")),
        ("pitanje", ("Koliko je vjerojatno da biste nas preporučili?", "Koliko ste zadovoljni?")),
        ("item text", ("Would you recommend us to a friend?", "Was it easy?")),
        ("Segment", ("Own customers", "Competitor: Telemax")), ("Segment", ("Korisnici konkurencije", "Naši korisnici")),
        ("response.question_text", ("Likelihood to recommend", "Ease of use")),
    ],
)  # fmt: skip
def test_a_column_that_names_surveys_or_questions_is_asked_about(
    heading: str, values: Sequence[str], tmp_path: Path
) -> None:
    question = asked(written(tmp_path, heading, values))
    assert f"column: '{heading}'" in question or f'column: "{heading}"' in question
    assert "in 6" in question
    assert ("nothing in 6" in question) == ("" in values)
    assert "take this line out" in question


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Survey Type", ("NPS",)), ("Branch", ("Split", "Zagreb")), ("Department", ("Customer Satisfaction", "Loyalty")),
        ("Channel", ("e-mail", "SMS", "kiosk")), ("Language", ("en", "hr", "de")), ("Status", ("complete", "partial")),
        ("Comment", ("I would recommend you", "Great satisfaction", "ok")), ("Campaign", ("NPS January", "NPS February")),
        ("Type", ("Sedan", "Kombi")), ("NPS group", ("promoter", "passive", "detractor")), ("Question 1", ("yes", "no")),
        ("Would you visit us again?", ("yes", "no")), ("Plan", ("basic", "pro")), ("Segment", ("Q1", "Q2")),
        ("Question 2: how was the room?", ("clean", "dirty")), ("Reason", ("price", "quality", "recommendation")),
        ("Why", ("competitor", "price", "customer service")),
        ("Survey", ("Spring", "Autumn")), ("Industry", ("Retail", "Banking")), ("Pitanje", ("da", "ne")),
    ],
)  # fmt: skip
def test_other_columns_of_few_values_are_not_asked_about(heading: str, values: Sequence[str], tmp_path: Path) -> None:
    assert asked(written(tmp_path, heading, values)) == ""


def test_scales_scores_and_people_are_looked_at_where_the_question_was_asked(tmp_path: Path) -> None:
    """In long format the other answers are words, and one person answers every question."""
    path = tmp_path / "long.csv"
    lines = ["respondent email,question,value,answered at"]
    for i, score in enumerate(SCORES * 3):
        asked_of = {
            "How likely are you to recommend us?": score,
            "What did you like?": "the staff",
            "Is it easy?": "yes",
        }
        lines += [f"u{i}@x.io,{question},{value},2024-01-{1 + i % 28:02}" for question, value in asked_of.items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = look(path)
    assert found.scores[0].column.name == "value"
    assert found.scores[0].scale == "0-10"
    assert {each.count for each in found.personal} == {3 * 3 * len(SCORES)}
    entry = proposed(found, "long", ".csv").entry
    assert "respondent: respondent email" in entry
    assert "values: [''How likely are you to recommend us?'']" in entry


def test_files_of_one_layout_that_hold_a_question_each_are_asked_about(tmp_path: Path) -> None:
    nps, csat = (look(written(tmp_path, "kind", (kind,), f"{kind}.csv")) for kind in ("NPS", "CSAT"))
    assert nps.kinds is None
    together = replace(csat, beside=(nps,))
    assert together.kinds is not None
    assert together.kinds.counts == {"CSAT": 12, "NPS": 12}
    assert any("values: ['NPS']" in each for each in proposed(together, "x", ".csv").questions)


def test_a_preset_that_says_which_rows_count_settles_it(tmp_path: Path) -> None:
    path = tmp_path / "delighted.csv"
    heads = "id,survey_type,score,created_at,person_email"
    rows = [f"{i},{('nps', 'csat')[i % 2]},{i % 11},2024-01-0{1 + i % 9} 10:00:00,u{i}@x.io" for i in range(40)]
    path.write_text("\n".join([heads, *rows]) + "\n", "utf-8")
    found = look(path)
    assert found.opened.kind == "delighted"
    assert found.kinds is None


ROWS: list[dict[str, Any]] = [
    {"at": "2024-01-02", "kind": "NPS", "score": 9, "second": 1, "state": "done", "sent": "live"},
    {"at": "2024-01-03", "kind": "CSAT", "score": 5, "second": 1, "state": "done", "sent": "live"},
    {"at": "2024-01-04", "kind": " n_p-s ", "score": 3, "second": 2, "state": "done", "sent": "test"},
    {"at": "2024-01-05", "kind": "nps", "score": 4, "second": 2, "state": "open", "sent": "live"},
    {"at": "2024-01-06", "kind": None, "score": 10, "second": 2, "state": "done", "sent": "live"},
    {"at": "2024-01-07", "kind": "CES", "score": 1, "second": 2, "state": "open", "sent": "test"},
]
LEFT = ["accepted", "other_question", "test", "unanswered", "other_question", "other_question"]


def as_csv(path: Path) -> None:
    lines = [",".join(ROWS[0]), *(",".join("" if cell is None else str(cell) for cell in row.values()) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def as_excel(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [list(ROWS[0]), *(list(row.values()) for row in ROWS)]:
        book.worksheets[0].append(row)
    book.save(path)


def as_json(path: Path) -> None:
    path.write_text(json.dumps(ROWS), "utf-8")


def as_json_lines(path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")


@pytest.mark.parametrize(
    ("kind", "suffix", "write"),
    [("csv", "csv", as_csv), ("excel", "xlsx", as_excel), ("json", "json", as_json), ("jsonl", "jsonl", as_json_lines)],
)
@pytest.mark.parametrize("several", [False, True])
def test_only_rows_of_the_question_count_whatever_the_format_beside_other_rules(
    kind: str, suffix: str, write: Callable[[Path], None], *, several: bool, tmp_path: Path
) -> None:
    path = tmp_path / f"answers.{suffix}"
    write(path)
    scores: Mapping[str, Any] = {} if several else {"score": "score"}
    of = source(
        {"responded_at": "at", **scores},
        kind,
        where={"column": "kind", "values": ["NPS"]},
        exclude={"test": {"column": "sent", "values": ["test"]}},
        unanswered_where={"column": "state", "values": ["open"]},
        answers={"first": {"columns": {"score": "score"}}, "then": {"columns": {"score": "second"}}} if several else {},
    )
    for answer in of.answers or [""]:
        rows = judged(path, of.only(answer), tmp_path)
        assert [refusal or "accepted" for refusal in rows.get_column("refusal")] == LEFT


def test_only_the_rows_of_the_question_give_the_figure(tmp_path: Path) -> None:
    settled = settle(
        tmp_path / "home",
        shared("three_survey_types.csv"),
        answers={
            "where": "{column: 'hs_survey_type', values: ['NPS']}", "scale": "0-10", "score:": "hs_value",
            "response_id": "hs_object_id",
        },
    )  # fmt: skip
    assert settled.unanswered == []
    assert len(settled.asked) == 4
    assert settled.figure == (60, -13.3)


# What nobody sees


def test_what_nobody_sees_is_named_and_everything_else_stays() -> None:
    unseen = [
        "5\u200b",
        "\ufeff9",
        "7\u200f",
        "8\u00a0",
        "\u00ad3",
        "x\u202fx",
        "1\u3164",
        "2\u2800",
        "4\tx\n",
        "5\ufe0f",
    ]
    seen = ["5<U+200B>", "<U+FEFF>9", "7<U+200F>", "8<U+00A0>", "<U+00AD>3", "x<U+202F>x", "1<U+3164>", "2<U+2800>",
            "4<U+0009>x<U+000A>", "5<U+FE0F>"]  # fmt: skip
    plain = ["3 \u2b50", "x x", "\u0668", "=9", "", "a\u0301", "<U+200B>", None]
    assert visible(pl.Series([*unseen, *plain], dtype=pl.String)).to_list() == [*seen, *plain]
    assert visible(pl.Series([None], dtype=pl.String)).to_list() == [None]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with labels beside numbers, replies in words, and characters that nobody sees."""
    home = tmp_path_factory.mktemp("labels") / "home"
    folder = home.parent
    scores = [
        *(str(score) for score in SCORES * 4),
        *["3 \u2b50"] * 6,
        *["10 minutes on hold"] * 2,
        "12\u200b",
        "\u00a099",
    ]
    lines = ["Day;Score;Comment", *(f"2024-01-{1 + i % 28:02};{score};ok {i}" for i, score in enumerate(scores))]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", "utf-8")
    settled = settle(
        home,
        folder / "labels.csv",
        answers={"scale": "0-10"},
        add={"    scale:": "    max_reject_share: 0.5\n    scale:"},
    )
    assert settled.unanswered == []
    return home


@pytest.mark.parametrize("option", [(), ("--csv",), ("--json",), ("--summary",)])
def test_rejects_shows_what_nobody_sees(option: Sequence[str], labelled: Path) -> None:
    told = nps("rejects", "--home", labelled, *option).out
    assert "12<U+200B>" in told or "<U+00A0>99" in told
    assert not {"\u200b", "\u00a0"} & set(told)


# Labels that nothing knows


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("3 \u2b50", True), ("\u2b50 4", True), ("7 bodova odli\u010dno", True), ("Level 7", True), ("9 (Gold)", True),
        ("10 minutes on hold and then nobody was there", False), ("anna@x.io 5", False), ("2024-01-05 x", False),
        ("5 and 6", False), ("10:30 h", False), ("hello", False), ("+385 91 234", False),
    ],
)  # fmt: skip
def test_only_short_texts_with_one_number_that_repeat_may_be_labels(text: str, label: bool) -> None:
    def found(rows: int) -> int:
        frame = pl.LazyFrame({"raw_score": [text] * rows, "refusal": ["score_unreadable"] * rows})
        return unknown_labels(frame).collect().height

    assert found(5) == label
    assert found(4) == 0


def test_an_unlisted_label_is_told_with_the_line_to_paste_and_counts_once_it_is_pasted(labelled: Path) -> None:
    """Replies that begin with a number are not shown, and stay out."""
    line = "0-10: {words: {'3 \u2b50': 3}}"
    status = json.loads(nps("status", "--home", labelled, "--json").out)
    assert any(line in each["note"] for each in status["notes"])
    summary = json.loads(nps("rejects", "--home", labelled, "--summary", "--json").out)
    [unreadable] = [each for each in summary if each["reason"] == "score_unreadable"]
    assert (unreadable["rows"], line in unreadable["hint"]) == (8, True)
    assert "on hold" not in json.dumps([status, summary])
    config = labelled / "nps.yaml"
    settings = config.read_text("utf-8")
    assert settings.count("\nscales:\n") == 1
    config.write_text(settings.replace("\nscales:\n", f"\nscales:\n  {line}\n"), "utf-8")
    [verdict] = built(labelled).values()
    assert verdict["status"] == "accepted"
    assert counted(labelled)["responses"].sum() == 4 * len(SCORES) + 6


# Rows that may be totals


def test_a_row_amid_others_that_may_be_a_total_counts_with_a_note(tmp_path: Path) -> None:
    names = ["Split", "Split", "Split Total", "Zagreb", "Total Zagreb", "Max Horvat", "Zagreb"]
    lines = [
        "Day,Branch,Score",
        *(f"2024-01-0{1 + i},{name},{3 if 'Total' in name else 9}" for i, name in enumerate(names)),
    ]
    (tmp_path / "x.csv").write_text("\n".join(lines) + "\n", "utf-8")
    of = source({"responded_at": "Day", "branch": "Branch", "score": "Score"})
    rows = judged(tmp_path / "x.csv", of, tmp_path)
    assert rows.get_column("refusal").null_count() == len(names)
    assert rows.get_column("may_sum_up").to_list() == ["Total" in name for name in names]
    tally = Tally(7, 7, 0, 0, 0, [], [], {}, totals=2, first_total=4)
    assert [note for note in doubts(of, SCALES["0-10"], tally) if note.startswith("Row 4 may be a total")]
    assert not list(doubts(of, SCALES["0-10"], replace(tally, totals=7)))


def of_two_months(folder: Path, heading: str) -> tuple[Path, Path]:
    """A file of one question, and a later one in which half of the rows answer another."""
    first, later = folder / "x.csv", folder / "y.csv"
    scores = [10, 9, 3, 8, 10, 0, 7, 9, 10, 6, 5, 10]
    rows = [f"2024-01-{1 + at:02},NPS,{each}" for at, each in enumerate(scores)]
    first.write_text("\n".join([f"date,{heading},score", *rows]))
    rows = [f"2024-02-{1 + at:02},{('NPS', 'CSAT')[at % 2]},{(each, 5)[at % 2]}" for at, each in enumerate(scores)]
    later.write_text("\n".join([f"date,{heading},score", *rows]))
    return first, later


@pytest.mark.parametrize("heading", ["Survey", "Survey type", "Metric", "Vrsta"])
def test_rows_of_another_question_in_a_later_file_do_not_count_where_the_first_said_nps(
    heading: str, tmp_path: Path
) -> None:
    first, later = of_two_months(tmp_path, heading)
    [entry] = yaml.safe_load(sniff(first).entry)["sources"].values()
    of = Source.model_validate(entry)
    assert [refusal or "accepted" for refusal in judged(first, of, tmp_path)["refusal"]] == 12 * ["accepted"]
    refusals = judged(later, of, tmp_path)["refusal"]
    assert [refusal or "accepted" for refusal in refusals] == 6 * ["accepted", "other_question"]


def test_months_count_without_the_rows_of_another_question(tmp_path: Path) -> None:
    first, later = of_two_months(tmp_path, "Vrsta")
    found = settle(tmp_path / "home", first)
    later.rename(found.home / "landing/x/y.csv")
    built(found.home)
    assert {each["status"] for each in found.verdicts.values()} == {"accepted"}
    assert found.by("month") == {"2024-01": (12, 16.7), "2024-02": (6, 16.7)}
    assert found.counts("y.csv")["excluded"] == 6
