"""Files that say who was asked are known by their outcomes, and proposed as such."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.sniff.test_sniff import Row, sniffed, source, written

OUTCOMES = ("answered", "answered", "no time", "busy", "wrong number")


def calls(heading: str, outcomes: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = [["Date", "Client", "NPS", heading]]
    for row in range(60):
        said = outcomes[row % len(outcomes)]
        rows.append([f"2024-05-{1 + row % 28:02}", f"p{row}@example.com", row % 11 if said == "answered" else "", said])
    return rows


def test_a_table_of_calls_with_their_outcomes_is_one_of_contacts(tmp_path: Path) -> None:
    found = source(sniffed(written(tmp_path, calls("Outcome", ("answered", "answered", "busy", "wrong number")))))
    assert found["contacts"] is True
    assert found["outcome"] == {
        "column": "Outcome", "undeliverable": ["wrong number"], "delivered": ["busy"], "answered": ["answered"]
    }  # fmt: skip


def test_what_means_elsewhere_that_nobody_answered_is_an_outcome_here(tmp_path: Path) -> None:
    found = source(sniffed(written(tmp_path, calls("Outcome", ("answered", "refused", "no answer", "busy")))))
    assert (found["outcome"]["refused"], sorted(found["outcome"]["delivered"])) == (["refused"], ["busy", "no answer"])


def test_outcomes_that_nothing_knows_are_named(tmp_path: Path) -> None:
    outcomes = ("answered",) * 8 + ("busy", "wrong number") * 2 + ("no time",)
    found = sniffed(written(tmp_path, calls("Outcome", outcomes)))
    assert source(found)["contacts"] is True
    assert "outcomes not known here count as delivered: no time" in found["entry"]


def test_a_column_of_a_state_that_no_call_ends_in_is_none(tmp_path: Path) -> None:
    for texts in (("Complete", "Complete"), ("open", "closed"), ("busy", "wrong number")):
        assert "contacts" not in source(sniffed(written(tmp_path, calls("Status", texts))))


def test_a_log_of_a_known_kind_says_only_that_it_is_one(tmp_path: Path) -> None:
    rows: list[Row] = [["Call ID", "Phone", "Call time", "Score", "Result", "Reason"]]
    for row in range(60):
        is_answered = row % 3 == 0
        time = f"2024-05-{1 + row % 28:02} 10:00"
        said = "answered" if is_answered else "busy"
        rows.append([f"c{row}", f"+38591555{row:04}", time, row % 11 if is_answered else "", said, ""])
    found = source(sniffed(written(tmp_path, rows)))
    assert (found["kind"], found["contacts"], "outcome" in found) == ("operator", True, False)


def test_letters_without_answers_ask_where_these_stand(tmp_path: Path) -> None:
    rows: list[Row] = [["contactId", "distributionId", "status", "sentAt", "responseStartedAt"]]
    rows += [[f"CID_{row}", "EMD_1", "Email Sent", f"2024-03-{1 + row % 28:02}T10:00:00Z", ""] for row in range(40)]
    found: dict[str, Any] = sniffed(written(tmp_path, rows))
    assert source(found)["preset"] == "qualtrics_history"
    assert [question for question in found["questions"] if "in which source do the answers stand" in question]
