"""Contacts whose ids begin anew in each file: newer ones take the place of others, which is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, source, taken_in, workspace

WEB = source("web", columns={"respondent": "mail", "responded_at": "date", "score": "score"})
LETTERS = source(
    "letters",
    columns={"response_id": "No", "respondent": "mail"},
    contacts=True,
    asked={"at": "sent", "answered_in": "web"},
    outcome={"column": "state", "undeliverable": ["bounced"]},
)


def letters(month: int, first: int, people: str, state: str = "sent") -> str:
    rows = [f"{first + at},{people}{at}@example.com,2025-{month:02}-{1 + at % 28:02},{state}" for at in range(30)]
    return "\n".join(["No,mail,sent,state", *rows, ""])


@pytest.mark.parametrize(
    ("second", "is_told"),
    [
        (letters(4, 1, "b"), True),
        (letters(4, 1, ""), True),
        (letters(4, 31, "b"), False),
        (letters(3, 1, "a", "bounced"), False),
        (letters(4, 1, "a"), False),
    ],
    ids=["others", "nobody", "going on", "news of the same", "put off"],
)
def test_ids_of_contacts_that_begin_anew_are_noted(tmp_path: Path, second: str, is_told: bool) -> None:
    nobody = [line.split(",") for line in second.splitlines()[1:]]
    if nobody[0][1] == "0@example.com":
        second = "\n".join(["No,mail,sent,state", *(f"{no},,{day},{state}" for no, _, day, state in nobody), ""])
    home = workspace(tmp_path / "home", {"sources": {"letters": LETTERS, "web": WEB}})
    land(home, "letters/1.csv", letters(3, 1, "a"), day=1)
    land(home, "letters/2.csv", second, day=2)
    found = taken_in(home)
    told = [note for note in found["landing/letters/2.csv"]["notes"] if "begin anew" in note]
    assert len(told) == is_told
    assert not is_told or told[0].startswith("30 of its contacts have ids of landing/letters/1.csv, but other times")
