"""Files that come again, or whose rows do: the same bytes, ids or day as of a file before.

Here: what people should know of it. Not here: which answer counts (`warehouse.intake.redelivery`), files that nearly are the
same (`days`, `rolling`, `left_behind`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pipelines.config.sources import Source
from pipelines.intake.history import Earlier
from pipelines.intake.once import ELSEWHERE
from warehouse.intake.redelivery import Redelivery
from warehouse.intake.rereading import Changes

#: So many ids, and such a part of those that come again, are not of people who changed their answers.
_OTHERS: Final = 5
_HALF: Final = 0.5
#: A file that is so many days newer is hardly of the same month.
_NEXT_MONTH: Final = 20
#: How the note begins on a file which was in, and was read again by other rules.
READ_AGAIN: Final = "Newer rules of this program"


def of_silent_rows(answers: int) -> str:
    """What people should know where rows without an answer, or left out, have the ids of answers that count."""
    are = "answer of an earlier file goes" if answers == 1 else "answers of earlier files go"
    return (
        f"{answers:,} {are} on counting, though rows of this one with the same ids hold none, or are left out. If they "
        "were deleted or taken back since, put the earlier files here anew without them, by the same names; where each file "
        "is the whole survey, write delivery: snapshot."
    )


def of_other_answers(redelivery: Redelivery) -> Iterator[str]:
    """Yield what people should know where ids of earlier files come again with answers that are none of those."""
    others, ids = redelivery.other_answers, redelivery.ids_elsewhere
    if others >= _OTHERS and others >= _HALF * ids:
        yield (
            f"{others:,} of the {ids:,} ids of answers {ELSEWHERE} have another day and another score there, as where ids "
            "begin anew in each file, or name people: of each the newer answer counts, and the older one no more. If they "
            "do, take response_id out of nps.yaml; if people changed what they had answered, all is well."
        )


def read_again(changes: Changes, rows: int, *, is_sure: bool) -> tuple[str, ...]:
    """What people should know of a file that was in, and of which newer rules of this program make something else."""
    if not changes.rows:
        return ()
    told = [
        f"{changes.gone:,} not counted any more (see nps rejects)" if changes.gone else "",
        f"{changes.come:,} counted only now" if changes.come else "",
        *(f"{found:,} with another {what}" for what, found in changes.other.items()),
    ]
    cause = "" if is_sure else ", or a change of nps.yaml in the meantime,"
    changed = f"changed {changes.rows:,} of its {rows:,} rows"
    return (f"{READ_AGAIN}{cause} {changed}: {', '.join(each for each in told if each)}.",)


def dated_alike(source: Source, came_at: datetime, first: Earlier | None) -> Iterator[str]:
    """What people should know of a file that is dated by nps.yaml as another is that came weeks before it."""
    said = {*source.columns, *source.file_name_groups}
    if first is None or "responded_at" in said or "responded_at" not in source.defaults:
        return
    days = (came_at - first.modified_at).days
    if days >= _NEXT_MONTH:
        yield (
            f"Its answers count in {source.defaults['responded_at']}, as nps.yaml says of all files of this source "
            f"(defaults: responded_at), though it is {days:,} days newer than {first.path}. If they are of another month, "
            "give it a source of its own, or let nps.yaml read the month from the names of files (file_name)."
        )


def in_other_capitals(path: str) -> str:
    """The note on a file beside one that counts, is not in landing any more, and was called so but for capitals."""
    return (
        f"{path}, which counts too and is not in landing any more, differs from it in capitals alone. If this is that file, "
        f"corrected, answers count twice: take the old one back: nps withdraw {shlex.quote(path)}"
    )


def counts_already(path: str) -> str:
    """The note on a file whose bytes count under another name as well, from which they are gone."""
    return (
        f"Its very bytes count as {path} too, which is not in landing any more. If that file was renamed, its answers count "
        f"twice; take the old name back: nps withdraw {shlex.quote(path)}"
    )
