"""Answers of SurveyMonkey's API: ids become what the details say, and a score is a position, never a weight."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.kinds import read
from pipelines.adapters.surveymonkey.companions import with_details
from pipelines.adapters.table import TextTable
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.config.sources import Source
from pipelines.errors import FileRefusedError
from pipelines.landing.digests import DigestCache
from pipelines.landing.discover import RefusedFile, discover
from pipelines.landing.landed import LandedFile
from tests.support.arrived import rows_of
from tests.support.laws import law
from tests.support.real import real
from tests.support.scenario import counts, land, night, nps, workspace
from tests.support.scenario import source as configured

Object = dict[str, Any]

LABELS = ["Not at all likely - 0", *map(str, range(1, 10)), "Extremely likely - 10"]
GROUPS = [-100] * 7 + [0] * 2 + [100] * 2


def choices(texts: Sequence[str], weights: Sequence[int] | None = None) -> list[Object]:
    return [
        {"id": f"c{at}", "position": at + 1, "text": text, **({} if weights is None else {"weight": weights[at]})}
        for at, text in enumerate(texts)
    ]


def question(of: str, text: str, family: str, **answers: Any) -> Object:  # noqa: ANN401 - as JSON has it
    return {"id": of, "family": family, "headings": [{"heading": text}], "answers": answers}


RECOMMEND = question(
    "q1", "How <b>likely</b> are you to recommend us?&nbsp;", "matrix", rows=[{"id": "r1", "text": ""}],
    choices=choices(LABELS, GROUPS),
)  # fmt: skip
DETAILS = {
    "id": "77",
    "custom_variables": {"branch": "Branch"},
    "pages": [
        {"questions": [RECOMMEND, question("q0", "Welcome!", "presentation")]},
        {
            "questions": [
                question("q2", "Why?", "open_ended"),
                question(
                    "q3", "Which services?", "multiple_choice", choices=choices(["Loans", "Cards"]),
                    other={"text": "Other", "id": "o"},
                ),
                question(
                    "q4", "How good was", "matrix", choices=choices(["Bad", "Good"]),
                    rows=[{"id": "r1", "text": "the food"}, {"id": "r2", "text": "the service"}],
                ),
                question(
                    "q5", "Shop", "single_choice", choices=choices(["Zagreb", "Split"]),
                    other={"text": "Another shop", "id": "o"},
                ),
            ]
        },
    ],
}  # fmt: skip


def answer(respondent: int, *questions: tuple[str, list[Object]], **more: Any) -> Object:  # noqa: ANN401 - as JSON has it
    return {
        "id": str(respondent), "survey_id": "77", "collector_id": "5", "response_status": "completed",
        "date_created": "2025-01-10T08:00:00+00:00", "date_modified": "2025-01-10T08:05:00+00:00",
        "email_address": f"p{respondent}@example.com",
        "pages": [{"id": "1", "questions": [{"id": of, "answers": given} for of, given in questions]}], **more,
    }  # fmt: skip


def recommends(score: int, weight: object = None) -> tuple[str, list[Object]]:
    metadata = {} if weight is None else {"choice_metadata": {"weight": weight}}
    return "q1", [{"choice_id": f"c{score}", "row_id": "r1", **metadata}]


def bulk(*answers: Object) -> bytes:
    return json.dumps({"data": answers, "page": 1, "total": len(answers), "links": {"self": "x"}}).encode()


def landed(root: Path, **layout: Any) -> list[LandedFile | RefusedFile]:  # noqa: ANN401 - as nps.yaml has it
    declared = Layout(**{"kind": "surveymonkey", "files": ["landing/*"], **layout})
    digests = DigestCache(root / "digests.json")
    found = discover(root, declared.files, Limits(), digests, declared.members)
    return list(with_details(found, root, declared, Limits(), digests))


def arrive(root: Path, **files: bytes) -> None:
    (root / "landing").mkdir(exist_ok=True)
    for name, content in files.items():
        (root / "landing" / name.replace("__", ".")).write_bytes(content)


def table(root: Path, *answers: Object, details: Object | None = None, **layout: Any) -> TextTable:  # noqa: ANN401 - as nps.yaml has it
    arrive(root, bulk__json=bulk(*answers), details__json=json.dumps(details or DETAILS).encode())
    [file] = landed(root, **layout)
    assert isinstance(file, LandedFile)
    return read(file, Layout(kind="surveymonkey", files=["x"]), Limits(), root / "scratch")


def cells(found: TextTable) -> list[dict[str, str]]:
    labels = [heading.label for heading in found.headings]
    return [{label: cell for label, cell in zip(labels, row, strict=True) if cell} for row in rows_of(found)]


def malformed(found: TextTable) -> list[bool]:
    return found.rows.collect().get_column("malformed").to_list()


def test_columns_are_those_of_the_csv_export(tmp_path: Path) -> None:
    headings = table(tmp_path, answer(1)).headings
    assert [heading.label for heading in headings] == [
        "Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name",
        "Last Name", "Custom Data 1", "Response Status", "Collection Mode", "Survey ID", "branch",
        "How likely are you to recommend us?", "Why?", "Which services? - Loans", "Which services? - Cards",
        "Which services? - Other", "How good was - the food", "How good was - the service", "Shop", "Shop - Another shop",
    ]  # fmt: skip
    assert "date_modified" in headings[3].other_names
    assert "respondent_id" in headings[0].other_names


def test_answers_are_what_their_ids_mean(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        answer(
            1,
            recommends(9),
            ("q2", [{"text": "Because", "tag_data": []}]),
            ("q3", [{"choice_id": "c0"}, {"choice_id": "c1"}, {"other_id": "o", "text": "Insurance"}]),
            ("q4", [{"row_id": "r2", "choice_id": "c1"}]),
            ("q5", [{"choice_id": "c1"}]),
            custom_variables={"branch": "ZG"},
        ),
    )
    [row] = cells(found)
    assert list(row.items())[6:] == [
        ("Survey ID", "77"), ("branch", "ZG"), ("How likely are you to recommend us?", "9"), ("Why?", "Because"),
        ("Which services? - Loans", "Loans"), ("Which services? - Cards", "Cards"), ("Which services? - Other", "Insurance"),
        ("How good was - the service", "Good"), ("Shop", "Split"),
    ]  # fmt: skip


@pytest.mark.parametrize("written", [int, str, float], ids=["numbers", "texts", "decimals"])
@pytest.mark.parametrize("in_details", [True, False], ids=["weights in details", "weights in answers only"])
def test_a_score_is_the_position_less_one_for_every_choice(written: type, in_details: bool, tmp_path: Path) -> None:
    asked = question("q1", "Score?", "matrix", rows=[{"id": "r1", "text": ""}],
                     choices=choices(LABELS, GROUPS if in_details else None))  # fmt: skip
    answers = [answer(score, recommends(score, written(GROUPS[score]))) for score in range(11)]
    found = table(tmp_path, *answers, details={"id": "77", "pages": [{"questions": [asked]}]})
    assert [row["Score?"] for row in cells(found)] == [str(score) for score in range(11)]


def test_a_weight_that_contradicts_the_score_makes_the_row_malformed(tmp_path: Path) -> None:
    found = table(
        tmp_path, answer(1, recommends(9, 100)), answer(2, recommends(9, -100)), answer(3, recommends(0, "100")),
        answer(4, recommends(7, "0")), answer(5, recommends(8, "much")),
    )  # fmt: skip
    assert malformed(found) == [False, True, True, False, True]


def test_choices_listed_the_other_way_round_are_no_scores(tmp_path: Path) -> None:
    """Ten at the first position: nothing says that the position tells the score, and the weights deny it."""
    turned = question("q1", "Score?", "matrix", rows=[{"id": "r1", "text": ""}],
                      choices=choices(LABELS[::-1], GROUPS[::-1]))  # fmt: skip
    found = table(tmp_path, answer(1, recommends(0)), details={"id": "77", "pages": [{"questions": [turned]}]})
    assert malformed(found) == [True]


def test_eleven_options_without_weights_are_texts(tmp_path: Path) -> None:
    towns = question("q1", "Town?", "single_choice", choices=choices([f"Town {at}" for at in range(11)]))
    asked = {"id": "77", "pages": [{"questions": [towns]}]}
    [row] = cells(table(tmp_path, answer(1, ("q1", [{"choice_id": "c3"}])), details=asked))
    assert row["Town?"] == "Town 3"


@pytest.mark.parametrize(
    "odd",
    [
        answer(1, ("q9", [{"text": "x"}])), answer(1, ("q5", [{"choice_id": "c9"}])), answer(1, survey_id="78"),
        answer(1, ("q4", [{"row_id": "r9", "choice_id": "c1"}])), answer(1, pages={"a": 1}), answer(1, email_address=["x"]),
        answer(1, ("q2", [{"text": "half \ud83d"}])), answer(1, ("q2", [{"text": "zero \0"}])),
    ],
)  # fmt: skip
def test_what_the_details_do_not_describe_is_malformed_and_harms_no_other_row(odd: Object, tmp_path: Path) -> None:
    assert malformed(table(tmp_path, answer(1), odd, answer(2))) == [False, True, False]


def test_the_contacts_own_address_is_taken_where_the_answer_has_none(tmp_path: Path) -> None:
    contact = {"contact": {"email": {"type": "string", "value": "ana@example.com"}}}
    [row] = cells(table(tmp_path, answer(1, email_address="", metadata=contact)))
    assert row["Email Address"] == "ana@example.com"


def refusal(root: Path) -> FileRefusedError:
    [file] = landed(root)
    assert isinstance(file, LandedFile)
    with pytest.raises(FileRefusedError) as refused:
        read(file, Layout(kind="surveymonkey", files=["x"]), Limits(), root / "scratch")
    return refused.value


def test_without_details_the_refusal_says_what_to_export(tmp_path: Path) -> None:
    arrive(tmp_path, bulk__json=bulk(answer(1)))
    error = refusal(tmp_path)
    assert error.reason == "file_layout"
    assert [word for word in ("survey 77", "details.json", "details:", "nps.yaml") if word not in error.detail] == []


@pytest.mark.parametrize(
    ("details", "word"),
    [
        ({**DETAILS, "id": "78"}, "none of details.json describes it"), ({"data": []}, "no details"),
        ([1], "no details"), ({"id": "77", "pages": [{"questions": [{"x": 1}]}]}, "no details"),
    ],
)  # fmt: skip
def test_details_of_something_else_are_refused(details: object, word: str, tmp_path: Path) -> None:
    arrive(tmp_path, bulk__json=bulk(answer(1)), details__json=json.dumps(details).encode())
    error = refusal(tmp_path)
    assert (error.reason, word in error.detail) == ("file_layout", True)


def test_an_empty_export_is_empty(tmp_path: Path) -> None:
    arrive(tmp_path, bulk__json=bulk(), details__json=json.dumps(DETAILS).encode())
    assert refusal(tmp_path).reason == "file_empty"


def test_a_page_is_no_snapshot_of_the_survey(tmp_path: Path) -> None:
    """Each page would replace the one before, and all answers but those of the last would be gone."""
    page = {"data": [answer(1, recommends(9))], "page": 1, "per_page": 1, "total": 3}
    arrive(tmp_path, bulk__json=json.dumps(page).encode(), details__json=json.dumps(DETAILS).encode())
    [file] = landed(tmp_path)
    assert isinstance(file, LandedFile)
    named = {"score": "How likely are you to recommend us?", "responded_at": "End Date"}
    of = {"kind": "surveymonkey", "metric": "nps", "files": "x", "columns": named}
    pages = Source.model_validate({**of, "delivery": "incremental"})
    assert malformed(read(file, pages, Limits(), tmp_path / "scratch")) == [False]
    with pytest.raises(FileRefusedError, match="one page of 1 answers of 3"):
        read(file, Source.model_validate({**of, "delivery": "snapshot"}), Limits(), tmp_path / "scratch")


def test_details_of_several_surveys_lie_in_one_folder(tmp_path: Path) -> None:
    other = {**DETAILS, "id": "78"}
    arrive(tmp_path, details_78__json=json.dumps(other).encode())
    assert malformed(table(tmp_path, answer(1, recommends(9)))) == [False]


def test_details_are_found_by_name_beside_in_the_archive_or_where_nps_yaml_says(tmp_path: Path) -> None:
    answers, details = bulk(answer(1)), json.dumps(DETAILS).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x/bulk.json", answers)
        archive.writestr("x/Survey_Details_77.json", details)
    arrive(tmp_path, a__zip=packed.getvalue())
    [file] = landed(tmp_path, files=["landing/*.zip"])
    assert isinstance(file, LandedFile)
    assert (file.relative, [each.name for each in file.beside]) == (
        "landing/a.zip/x/bulk.json",
        ["Survey_Details_77.json"],
    )
    (tmp_path / "surveys").mkdir()
    (tmp_path / "surveys" / "77.json").write_bytes(details)
    arrive(tmp_path, bulk__json=answers)
    [file] = landed(tmp_path, files=["landing/*.json"], details="surveys/*.json")
    assert isinstance(file, LandedFile)
    assert [each.name for each in file.beside] == ["77.json"]
    assert len(rows_of(read(file, Layout(kind="surveymonkey", files=["x"]), Limits(), tmp_path / "scratch"))) == 1


@law(100)
@given(data=st.data())
def test_no_damage_of_answers_or_details_ends_in_a_traceback(data: st.DataObject) -> None:
    whole = {"bulk": bulk(*(answer(score, recommends(score, GROUPS[score])) for score in range(3))).decode()}
    whole["details"] = json.dumps(DETAILS)
    name = data.draw(st.sampled_from(sorted(whole)))
    at = data.draw(st.integers(0, len(whole[name]) - 1))
    until = data.draw(st.integers(at, min(len(whole[name]), at + 30)))
    instead = data.draw(st.sampled_from(["", "null", "[]", "{}", '"x"', "7", ",", "}"]))
    whole[name] = whole[name][:at] + instead + whole[name][until:]
    with tempfile.TemporaryDirectory() as folder:
        arrive(Path(folder), bulk__json=whole["bulk"].encode(), details__json=whole["details"].encode())
        [file] = landed(Path(folder))
        assert isinstance(file, LandedFile)
        try:
            found = read(file, Layout(kind="surveymonkey", files=["x"]), Limits(), Path(folder) / "scratch")
        except FileRefusedError as refused:
            assert refused.reason in ("file_unreadable", "file_layout", "file_encoding")  # noqa: PT017 - or it is read
        else:
            assert all(len(row) == len(found.headings) for row in rows_of(found))


def test_the_real_answers_of_the_api(tmp_path: Path) -> None:
    arrive(
        tmp_path,
        bulk__json=real("surveymonkey/responses_bulk.json").read_bytes(),
        details__json=real("surveymonkey/details.json").read_bytes(),
    )
    [file] = landed(tmp_path)
    assert isinstance(file, LandedFile)
    rows = cells(read(file, Layout(kind="surveymonkey", files=["x"]), Limits(), tmp_path / "scratch"))
    wanted = ("Respondent ID", "End Date", "How many pets do you have?", "What are the names of your pets?")
    assert [[row[name] for name in wanted] for row in rows] == [
        ["13376313674", "2022-03-05T18:05:57+00:00", "3", "Donut, Mango, Phil"],
        ["13376299051", "2022-03-05T17:53:02+00:00", "3", "Phil, Mango, Donut"],
    ]


def test_a_night_reads_answers_anew_when_their_details_change(tmp_path: Path) -> None:
    columns = {
        "score": "How likely are you to recommend us?", "responded_at": "date_modified", "response_id": "Respondent ID",
    }  # fmt: skip
    of = configured("shops", kind="surveymonkey", columns=columns, delivery="snapshot")
    home = workspace(tmp_path / "workspace", {"sources": {"shops": of}, "gates": {"max_reject_share": 0.2}})
    land(home, "shops/bulk.json", bulk(answer(1, recommends(10, 100)), answer(2, recommends(0, -100)), answer(3)))
    told = nps("run", "--home", home)
    assert (told.code, "file_layout" in told.err, "details.json" in told.err) == (3, True, True)
    land(home, "shops/details.json", json.dumps(DETAILS))
    night(home)
    assert counts(home, "shops") == (1, 0, 1)
    renamed = json.loads(json.dumps(DETAILS).replace("How <b>likely</b>", "Would you be likely"))
    land(home, "shops/details.json", json.dumps(renamed), day=2)
    told = nps("run", "--home", home)
    assert (told.code, "Did you mean" in told.err) == (3, True)
