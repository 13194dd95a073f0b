"""A file none of whose rows counts, since nps.yaml leaves all of them out, or reads no score from any.

Each of its rows may rightly be none, and no figure shows that any is missing. Here: the note on it. Not here: a later file
of which far more rows are of another question (`called_otherwise`) or have no score (`unlike`) than before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.config.sources import Source
from pipelines.intake.history import History
from pipelines.intake.once import NONE_COUNTS
from pipelines.intake.verdicts import FileVerdict
from transforms.reasons import Reason

#: In fewer rows nobody may have answered.
_ROWS: Final = 20
_SETTINGS: Final = {Reason.OTHER_QUESTION: "where"}


def none_counts(source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a file without any answer; of those without scores, of the first alone."""
    tally = verdict.tally
    out = {reason: rows for reason, rows in tally.reasons.items() if Reason(reason).outcome == "excluded"}
    if verdict.status != "accepted" or tally.accepted or tally.unanswered + sum(out.values()) < _ROWS:
        return
    is_told = bool(tally.unanswered) or Reason.OTHER_QUESTION in out
    if (tally.unanswered and source.contacts) or (is_told and any(history.before(verdict.file, verdict.scope))):
        return
    told = [f"{tally.unanswered:,} have no score that counts"] if tally.unanswered else []
    told += [
        f"{rows:,} are left out as {reason} ({_SETTINGS.get(Reason(reason), 'exclude')})"
        for reason, rows in out.items()
    ]
    yield (
        f"None of its {tally.rows_read:,} rows counts: {' and '.join(told)}. {NONE_COUNTS}, correct what nps.yaml reads or "
        "leaves out; if none is one, all is well."
    )
