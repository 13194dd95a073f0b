"""What is looked at in lists, tickets and what clients did beside the files before them, once their rows are in the lake.

Here: which looks are taken at which. Not here: what each looks for (`lists`, `tickets_moved`, `deeds`, `strangers`), answers
and attempts (`days`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.config.follow_up import Tickets
from pipelines.config.outcomes import Activity
from pipelines.intake.feeds import Feed
from pipelines.intake.history import History
from pipelines.intake.notes.earlier.deeds import odd_deeds
from pipelines.intake.notes.earlier.lists import odd_list
from pipelines.intake.notes.earlier.strangers import strangers
from pipelines.intake.notes.earlier.tickets_moved import moved_tickets
from pipelines.intake.verdicts import FileVerdict
from warehouse.lake.store import Lake


def with_listed(lake: Lake, feed: Feed, verdicts: Sequence[FileVerdict], history: History) -> list[FileVerdict]:
    """The verdicts with notes on what differs from the files before them; `history` is told."""
    noted = []
    for verdict in verdicts:
        found = (*_notes(lake, feed, verdict, history),)
        noted.append(history.told(verdict, found) if found else verdict)
    return noted


def _notes(lake: Lake, feed: Feed, verdict: FileVerdict, history: History) -> Iterator[str]:
    if isinstance(feed.layout, Activity):
        yield from strangers(lake, feed, verdict, history)
        yield from odd_deeds(lake, verdict, history)
    elif isinstance(feed.layout, Tickets):
        yield from moved_tickets(lake, verdict, history)
    else:
        yield from odd_list(lake, feed, verdict, history)
