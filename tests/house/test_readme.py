"""What the README types is typed here, and must say what stands there: from an unknown file to a score, and the demo."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.scenario import Told, nps, published

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SESSION = re.compile(r"^```\n\$ (.*?)^```$", re.MULTILINE | re.DOTALL)
END = re.compile("_(low|high|ci_low|ci_high)$")
TABLE = re.compile(r"^```\n(NPS by branch\n.*?)^```$", re.MULTILINE | re.DOTALL)
ANSWER = re.compile(r"^```\n    scale: (\S+)\n```$", re.MULTILINE)
QUESTION = re.compile(r"^```sql\n(.*?)^```$|nps query \"([^\"]*[a-z]+\.[^\"]*)\"", re.MULTILINE | re.DOTALL)
LEFT_OUT = "...\n"


def typed() -> Iterator[tuple[list[str], str]]:
    """The words of each command that the README types, with what it shows of what that says."""
    for session in SESSION.findall(README):
        for step in session.split("\n$ "):
            lines = f"{step.removesuffix(chr(10))}\n".splitlines(keepends=True)
            ends = next(end for end in range(1, len(lines) + 1) if "".join(lines[:end]).count('"') % 2 == 0)
            yield shlex.split("".join(lines[:ends])), "".join(lines[ends:])


def questions() -> set[str]:
    """Every question in SQL that the documents ask the published file."""
    documents = [file.read_text("utf-8") for file in ROOT.glob("docs/*.md")]
    return {question for text in documents for found in QUESTION.findall(text) for question in found if question}


def says(told: Told) -> str:
    return "".join(f"{line.rstrip()}\n" for line in told.out.splitlines())


def answer_the_question(file: Path) -> None:
    (answer,) = ANSWER.findall(README)
    text, answered = re.subn(r"(?m)^( +scale: )'\? .*'$", rf"\g<1>{answer}", file.read_text("utf-8"))
    assert answered == 1
    file.write_text(text, "utf-8")


def test_what_the_readme_types_says_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    steps = list(typed())
    assert [words[:2] for words, _ in steps] == [["nps", name] for name in ("sniff", "init", "run", "query")]
    for (command, *arguments), shown in steps:
        if "run" in arguments:
            answer_the_question(tmp_path / "company/nps.yaml")
        told = nps(*arguments)
        assert told.code == 0, told.said
        assert [part for part in shown.split(LEFT_OUT) if part not in says(told)] == [], (command, arguments)
    assert "score_unreadable" in nps("rejects", "--home", "company").out


def test_the_demo_ends_with_the_table_of_the_readme_and_answers_every_question_of_the_documents(tmp_path: Path) -> None:
    told = nps("demo", "--home", tmp_path / "workspace")
    (table,) = TABLE.findall(README)
    assert told.code == 0, told.said
    assert table in says(told)
    for question in questions():
        asked = nps("query", question, "--home", tmp_path / "workspace")
        assert asked.code == 0, asked.said
    # Of one person several answers stand in a year: as many people say something else than as many answers.
    [osijek] = published(
        tmp_path / "workspace",
        "select responses, round(nps, 1), respondents, round(nps_people, 1) from marts.nps_by_branch as s "
        "join marts.dim_branch as b using (branch) "
        "where b.name = 'Osijek' and s.period_grain = 'year' and s.period_start = '2025-01-01'",
    )
    assert osijek == (820, -3.4, 373, -11.0)
    assert unfounded(tmp_path / "workspace") == []


def unfounded(home: Path) -> list[str]:
    """The published ends of intervals that are there though what they are the ends of is not known."""
    columns = published(
        home, "select table_name, list(column_name) from duckdb_columns() where schema_name = 'marts' group by all"
    )
    ends = [
        (table, of, end)
        for table, names in columns
        for end in names
        for of in [END.sub("", end), *(["nps"] if end in ("ci_low", "ci_high") else [])]
        if of != end and of in names
    ]
    assert len(ends) > 100
    found = published(
        home,
        " union all ".join(
            f"select '{table}.{end}', count(*) from marts.{table} where {of} is null and {end} is not null"
            for table, of, end in ends
        ),
    )
    return [name for name, rows in found if rows]
