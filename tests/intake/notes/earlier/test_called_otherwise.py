"""A later file that calls programmes, the own brand, the question or people otherwise, or weighs answers otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.support.scenario import land, noted, source, workspace

Row = Callable[[int, Random], str]


def rows(of: Row, many: int = 60, seed: int = 0) -> str:
    dice = Random(seed)  # noqa: S311 - the same every time
    lines = [f"{dice.randint(0, 10)},2025-0{1 + seed}-{1 + n % 28:02},{of(n, dice)}" for n in range(many)]
    return "\n".join(["score,date,what", *lines, ""])


def notes(tmp_path: Path, entry: dict[str, Any], files: Sequence[str], **settings: Any) -> list[str]:  # noqa: ANN401
    columns = {"score": "score", "responded_at": "date", **entry.pop("columns", {})}
    home = workspace(tmp_path, {"sources": {"a": source("a", columns=columns, **entry)}, **settings})
    for day, text in enumerate(files, 1):
        land(home, f"a/{day}.csv", text, day)
    return [*noted(home).values()]


def of(*texts: str) -> Row:
    return lambda n, _: texts[n % len(texts)]


def test_a_programme_that_headline_does_not_name_is_told_in_the_file_that_begins_it(tmp_path: Path) -> None:
    usual, other = of("relationship", "visits"), of("relational", "visits")
    files = [rows(usual), rows(other, seed=1), rows(other, seed=2)]
    first, told, again = notes(tmp_path, {"columns": {"programme": "what"}}, files, headline="relationship")
    assert "30 answers of it are of the programme 'relational', which no file before it has" in told
    assert "programme" not in first + again


def test_an_own_brand_with_another_word_is_told_and_a_new_rival_is_not(tmp_path: Path) -> None:
    files = [rows(of("Acme", "Rival")), rows(of("Acme", "ACME d.o.o.", "Rival", "Other"), seed=1)]
    _, told = notes(tmp_path, {"columns": {"brand": "what"}}, files, own_brands=["Acme"])
    assert "15 answers of it are about 'ACME d.o.o.', which no file before it names" in told
    assert "'Other'" not in told


WHERE: dict[str, Any] = {"where": {"column": "what", "values": ["NPS"]}}


def test_a_file_whose_question_is_called_otherwise_is_told(tmp_path: Path) -> None:
    files = [rows(of("NPS", "CSAT")), rows(of("NPS score", "CSAT"), seed=1), rows(of("NPS", "CSAT"), seed=2)]
    first, told, later = notes(tmp_path, {**WHERE}, files)
    assert (
        "60 of its 60 rows are of another question (where), and not counted; of the files before it 30 of 60 were"
        in told
    )
    assert first + later == ""
    half = [rows(of("NPS", "NPS", "NPS", "CSAT"), 200), rows(of("NPS", "NPS score", "NPS score", "CSAT"), 200, seed=1)]
    assert "150 of its 200 rows are of another question" in notes(tmp_path / "half", {**WHERE}, half)[1]


def test_a_text_that_is_called_like_the_question_is_told_once_and_others_never(tmp_path: Path) -> None:
    new, others = of("NPS", "NPS", "NPS 2025"), of(*["NPS"] * 8, "CSAT", "Employee NPS", "Competitor NPS", "")
    files = [rows(of("NPS")), rows(new, seed=1), rows(new, seed=2), rows(others, seed=3)]
    first, told, *later = notes(tmp_path, {**WHERE}, files)
    assert (
        "20 rows with a score say 'NPS 2025' in 'what', which where in nps.yaml does not list, and do not count" in told
    )
    assert "write values: ['NPS', 'NPS 2025'] there" in told
    assert first + "".join(later) == ""


def marked(text: str) -> Row:
    return of(*["Complete"] * 9, text)


def test_marks_that_no_row_has_any_more_are_told_once(tmp_path: Path) -> None:
    entry: dict[str, Any] = {"exclude": {"flagged": {"column": "what", "values": ["Opt-out"]}}}
    files = [rows(marked("Opt-out"), 200), rows(marked("keine Nutzung"), 200, 1), rows(marked("keine Nutzung"), 200, 2)]
    first, told, again = notes(tmp_path, entry, files)
    assert "None of its 200 rows is left out as flagged (exclude), while 20 of 200 in the files before it are" in told
    assert first + again == ""


def test_tests_that_were_made_before_a_survey_began_are_not_missed(tmp_path: Path) -> None:
    entry: dict[str, Any] = {"exclude": {"test": {"column": "what", "values": ["Test"]}}}
    files = [rows(marked("Test"), 200), *(rows(of("Complete"), 200, seed) for seed in (1, 2))]
    assert notes(tmp_path, entry, files) == ["", "", ""]
    files = [*(rows(marked("Test"), 200, seed) for seed in (0, 1)), rows(marked("QA"), 200, 2)]
    assert "rows is left out as test (exclude), while 40 of 400" in notes(tmp_path / "usual", {**entry}, files)[2]


def test_files_of_a_question_each_are_told_of_nothing(tmp_path: Path) -> None:
    files = [rows(of("NPS")), rows(of("CSAT"), seed=1), rows(of("NPS"), seed=2), rows(of("CSAT"), seed=3)]
    told = notes(tmp_path, {**WHERE}, files)
    assert [bool(each) for each in told] == [False, True, False, False]


def weight(times: float) -> Row:
    return lambda _, dice: f"{dice.uniform(0.5, 1.5) * times:.3f}"


def test_weights_of_another_size_or_all_alike_are_told(tmp_path: Path) -> None:
    entry: dict[str, Any] = {"columns": {"weight": "what"}}
    _, percent = notes(tmp_path, dict(entry), [rows(weight(1)), rows(weight(100), seed=1)])
    assert "in the files before it, in the middle: as in percent" in percent
    _, lost = notes(tmp_path / "lost", {"columns": {"weight": "what"}}, [rows(weight(1)), rows(of("1"), seed=1)])
    assert "Each of its 60 answers weighs 1, while those in the files before it weigh differently" in lost
    assert notes(tmp_path / "usual", {"columns": {"weight": "what"}}, [rows(weight(1)), rows(weight(1.5), seed=1)]) == [
        "",
        "",
    ]


def people(form: str, of: int = 80) -> Row:
    return lambda _, dice: form.format(dice.randint(1, of))


@pytest.mark.parametrize("name", ["respondent", "account"])
def test_people_who_are_called_otherwise_are_told_once(name: str, tmp_path: Path) -> None:
    mail, phone = people("c{}@x.hr"), people("+38591{:07}")
    files = [rows(mail), rows(mail, seed=1), rows(phone, seed=2), rows(phone, seed=3)]
    *before, told, after = notes(tmp_path, {"columns": {name: "what"}}, files)
    assert f"different texts that it has for {name} is in the files before it" in told
    assert "is in the files before it" not in " ".join([*before, after])


def test_answers_that_are_delivered_again_say_nothing_of_people_who_answer_again(tmp_path: Path) -> None:
    files = [
        rows(people("c{}", 10**6), seed=1),
        rows(people("c{}", 10**6), 90, seed=1),
        rows(people("d{}", 10**6), seed=2),
    ]
    assert notes(tmp_path, {"columns": {"respondent": "what"}}, files) == [""] * 3


def test_people_who_seldom_answer_again_are_told_of_nothing(tmp_path: Path) -> None:
    files = [rows(people("c{}@x.hr", 100_000), seed=seed) for seed in range(4)]
    assert notes(tmp_path, {"columns": {"respondent": "what"}}, files) == [""] * 4


def days(month: int, day: int, fmt: str) -> str:
    lines = [f"{n % 11},{fmt.format(d=day, m=month)},{n}" for n in range(15)]
    return "\n".join(["score,date,what", *lines, ""])


@pytest.mark.parametrize(("day", "is_told"), [(4, True), (10, False)])
@pytest.mark.parametrize(
    ("fmt", "declared"), [("%d/%m/%Y", ["%d/%m/%Y"]), ("%Y-%m-%d", ["%Y-%m-%d"]), ("%Y-%m-%d", [])]
)
def test_a_day_written_the_other_way_round_is_told(
    day: int, is_told: bool, fmt: str, declared: list[str], tmp_path: Path
) -> None:
    usual = fmt.replace("%Y", "2024").replace("%d", "{d:02}").replace("%m", "{m:02}")
    turned = usual.translate(str.maketrans("dm", "md"))
    files = [days(10, each, usual) for each in range(1, day)] + [days(10, day, turned)]
    told = notes(tmp_path, {"dates": {"formats": declared}}, files)
    assert (
        "Its answers are of 2024-04-10, and those of landing/a/3.csv, the file before it, end in 2024-10" in told[-1]
    ) is is_told
    assert "".join(told[:-1]) == ""


def test_people_of_whom_a_part_is_named_no_more_are_told(tmp_path: Path) -> None:
    mail: Row = people("c{}@x.hr", 10**6)
    files = [rows(mail), rows(lambda n, dice: mail(n, dice) if n % 2 else "", seed=1)]
    _, told = notes(tmp_path, {"columns": {"respondent": "what"}}, files)
    assert (
        "respondent is blank in 30 of its 60 answers, and in 0 of 60 in the files before it: several answers of one"
        in told
    )
