"""Why a row or a file does not count: every reason, declared once, with what it makes of them and what to do about it.

Here: the closed list; reasons are public names. Of a reason that the canonical columns of a row tell, also when it holds.
Not here: when the others hold (`transforms.scores.scales`, `transforms.rows.staged`, `pipelines.adapters`, `expectations`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, Self

#: Raise it when a row can get another reason by `holds`: files are then judged anew.
VERSION: Final = 0

Outcome = Literal["rejected", "excluded", "held", "refused"]


class Reason(StrEnum):
    """A reason is its name. To add one, write it here, with what it `holds` of; else emit it: a test holds that each is."""

    outcome: Outcome
    """What becomes of it: a row is rejected, or excluded because it is no mistake; a file is held or refused."""
    advice: str
    """One sentence for who sees it."""
    column: str | None
    """The canonical column that a row with it is to blame for, where it is always the same."""
    holds: str | None
    """When a row has it that nothing else spoke against: a condition in SQL on what `rows.staged.judge` read, and on the
    instants `earliest` and `latest` between which answers may be given. Of several the first one here is the row's."""

    def __new__(
        cls,
        name: str,
        outcome: Outcome = "rejected",
        advice: str = "",
        column: str | None = None,
        holds: str | None = None,
    ) -> Self:
        """A member with what is known of it."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.outcome, member.advice, member.column, member.holds = outcome, advice, column, holds
        return member

    SCORE_UNREADABLE = (
        "score_unreadable", "rejected",
        "Is score the right column? Texts that mean 'not answered' belong under unanswered in nps.yaml.", "score",
    )  # fmt: skip
    SCORE_OUT_OF_SCALE = (
        "score_out_of_scale", "rejected",
        "Does scale in nps.yaml say what was asked? Else correct the scores in the file.", "score",
    )  # fmt: skip
    SCORE_FRACTIONAL = (
        "score_fractional", "rejected",
        "A score is a whole number: is it a column of means? Of a slider, export whole numbers.", "score",
    )  # fmt: skip
    ROW_MALFORMED = (
        "row_malformed", "rejected",
        "Export the file again: the row has too many cells, a broken quote, or lacks its id or weight.",
        None, "response_id is null or weight is null",
    )  # fmt: skip
    DATE_MISSING = (
        "date_missing", "rejected",
        "Give the rows a date in the file, or name another column as responded_at in nps.yaml.", "responded_at",
        "date_text is null",
    )  # fmt: skip
    DATE_UNREADABLE = (
        "date_unreadable", "rejected",
        "Add their format to dates.formats of nps.yaml; correct in the file what no calendar has (31.02.).", "responded_at",
        "responded_at is null",
    )  # fmt: skip
    DATE_IN_FUTURE = (
        "date_in_future", "rejected",
        "Is the day before the month, dates.timezone missing, the year Thailand's (dates.calendar)? Else correct the dates.",
        "responded_at",
        "responded_at > latest",
    )  # fmt: skip
    DATE_BEFORE_SURVEY = (
        "date_before_survey", "rejected",
        "Set history_from if they are wanted. Persian or Islamic years (1403), 1980-01-01 of LimeSurvey: export our dates.",
        "responded_at",
        "responded_at < earliest",
    )  # fmt: skip
    AMOUNT_UNREADABLE = (
        "amount_unreadable", "rejected",
        "Is it an amount in the currency of the others? 1.234 may be a thousand or three decimals: say decimal: ',' or '.'.",
        "amount",
    )  # fmt: skip
    KIND_UNLISTED = (
        "kind_unlisted", "rejected",
        "Write the texts below what they mean, under kinds of that activity in nps.yaml, or below excluded.", "kind",
    )  # fmt: skip

    PREVIEW = ("preview", "excluded", "Nothing to do: previews do not count (exclude in nps.yaml).")
    TEST = ("test", "excluded", "Nothing to do: tests do not count (exclude in nps.yaml).")
    FLAGGED = ("flagged", "excluded", "Nothing to do: flagged answers do not count (exclude in nps.yaml).")
    BOT = (
        "bot",
        "excluded",
        "Nothing to do: answers that were taken for a machine's do not count (exclude in nps.yaml).",
    )
    DUPLICATE = (
        "duplicate",
        "excluded",
        "Nothing to do: answers that the survey took for somebody's second do not count (exclude in nps.yaml).",
    )
    INCOMPLETE = ("incomplete", "excluded", "Nothing to do: incomplete answers do not count (exclude in nps.yaml).")
    OTHER_QUESTION = (
        "other_question",
        "excluded",
        "Nothing to do: such rows answer another question (where in nps.yaml).",
    )
    ERASED = ("erased", "excluded", "Nothing to do: who gave the answer was erased (nps erase), and stays so.")
    SUMMARY_ROW = ("summary_row", "excluded", "Nothing to do: totals and averages of other rows are no answers.")

    KIND_EXCLUDED = (
        "kind_excluded",
        "excluded",
        "Nothing to do: such rows are no purchases (kinds: excluded in nps.yaml).",
    )

    GATE = ("gate", "held", "Mend what the sentence names, in nps.yaml or in the file; either is read again by itself.")
    SNAPSHOT_SHRUNK = (
        "snapshot_shrunk", "held", "Export it again; if the answers are really gone: nps run --accept and its path.",
    )  # fmt: skip
    MONTH_CHANGED = (
        "month_changed", "held",
        "Look at both counts; if they are right so: nps run --accept and its path.",
    )  # fmt: skip
    FORMULAS_UNSAVED = (
        "formulas_unsaved", "held",
        "Open the file in a spreadsheet program and save it: then the results of its formulas are in it.",
    )  # fmt: skip
    FILE_UNREADABLE = ("file_unreadable", "refused", "Export the file again, or correct kind in nps.yaml.")
    FILE_ENCODING = ("file_encoding", "refused", "Declare encoding in nps.yaml, or save the file as UTF-8.")
    FILE_LAYOUT = (
        "file_layout", "refused",
        "Name the columns in nps.yaml as the file does, or export it again in the layout of before.",
    )  # fmt: skip
    FILE_EMPTY = ("file_empty", "refused", "Export the file again: nothing is in it.")
    FILE_TOO_LARGE = ("file_too_large", "refused", "Split the file, or raise the limit that the sentence names.")
    FILE_UNSAFE = ("file_unsafe", "refused", "Put the file itself into landing: no link, no folder, no password.")


#: The reasons that hold where the row that was read says so, each with its condition, in the order in which they are tried.
HOLDING: Final = {reason: reason.holds for reason in Reason if reason.holds}


def with_outcome(outcome: Outcome) -> list[str]:
    """The names of the reasons with this outcome."""
    return [reason.value for reason in Reason if reason.outcome == outcome]
