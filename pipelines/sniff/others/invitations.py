"""Whether a file lists whom somebody wrote to or called, and holds no answers: what became of each, in whatever language.

Here: the headings and texts by which such files are known, and what nps.yaml would have to say of them. Not here: exports
whose makers are known, calls beside scores (`contacts`), what a text means of a contact (`transforms.contact_status`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipelines.adapters.outcomes import status_of_call
from pipelines.adapters.row_marks import NO, YES
from pipelines.adapters.words import named, plain, said
from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.others.which import Client, client_of
from pipelines.sniff.proposal.contacts import when_written
from pipelines.sniff.proposal.date_formats import dates_block
from pipelines.sniff.proposal.flags import exclude_lines
from pipelines.sniff.sniffed import Findings
from transforms.contact_status import STATUSES

#: A column of so many texts says what became of letters, and not what each is about.
_MOST_TEXTS: Final = 12
#: Of its rows at least such a share says what is known of letters.
_MOSTLY: Final = 0.5
#: So many different steps are said, one of which no answer has.
_FEWEST: Final = 2
_OF_LETTERS: Final = frozenset({"undeliverable", "delivered", "opened"})
_SCORES: Final = ("score_certain", "score_likely", "score_named", "other_survey")
#: Reminders are counted, too, but not up to so many.
_FEWEST_SCORES: Final = 5
_NUMBER: Final = re.compile(r"(10|\d)([.,]0+)?")
_CODE: Final = re.compile(r"[A-Z]+(_[A-Z]+)+")
#: Steps in the order in which a text is held against their words: `not opened` is no letter that was opened.
_STEPS: Final = ("undeliverable", "refused", "partial", "delivered", "opened", "answered")


@dataclass(frozen=True)
class Invitations:
    """The columns of a list of letters."""

    client: Client
    status: Seen
    meant: dict[str, str]
    """What each text of `status` seems to mean; without those that nothing here knows."""
    sent: DateColumn | None
    """When letters were written, where one column says so."""
    beside: tuple[Seen, ...] = ()
    """Columns of other steps, where each step has a column of its own with yes and no."""


def invitations(found: Findings) -> Invitations | None:
    """What is known of a list of letters; None where the file is none, or may hold answers."""
    client = None if may_hold_scores(found) else client_of(found)
    if client is None:
        return None
    headings = [heading for each in found.columns for heading in each.headings]
    spoken = said("invitation", found.stem, *headings)
    is_sent = any(named("letter_sent", heading) for heading in headings)
    steps = [each for each in found.columns if each.is_called("letter_step")]
    for column in found.columns:
        if column not in client.columns and (meant := _ended(column)):
            return Invitations(client, column, meant, _made(found))
    if not (spoken or is_sent or len(steps) >= _FEWEST):
        return None
    written = [each for each in found.dates if each.column.speaks_of("letter_sent")]
    sent = written[0] if len(written) == 1 else None
    for column in found.columns:
        meant = _meant(column)
        if meant and column not in client.columns:
            return Invitations(client, column, meant, sent)
    flags = [(step, column) for column in found.columns if (step := _flagged(column))]
    bounced = next((column for step, column in flags if step == "undeliverable"), None)
    others = tuple(column for _, column in flags if column is not bounced)
    if bounced is None or not others:
        return None
    meant = {text: "undeliverable" for text, _ in _texts(bounced) if plain(text) in YES}
    return Invitations(client, bounced, meant, sent, others)


def _made(found: Findings) -> DateColumn | None:
    """When calls were made, where there is one time of each."""
    return found.dates[0] if len(found.dates) == 1 else None


def may_hold_scores(found: Findings) -> bool:
    """Whether any column may be one of scores, by its heading or by whole numbers up to 10 of which there are several."""
    columns = [*found.columns, *found.every_row]
    headings = [heading for each in columns for heading in each.headings]
    return any(said(topic, *headings) for topic in _SCORES) or any(map(_may_be_scores, columns))


def _may_be_scores(column: Seen) -> bool:
    numbers = [rows for text, rows in column.counts if _NUMBER.fullmatch(text.strip())]
    return len(numbers) >= _FEWEST_SCORES and sum(numbers) >= _MOSTLY * column.filled


def invitation_lines(found: Findings, told: Invitations, beside: Sequence[Line]) -> Iterator[Line | Block]:
    """What nps.yaml says of the file beside how it is read; `beside` are other columns than that of the client."""
    yield Block("columns", [*_id_lines(found), told.client.line, *beside])
    yield Line("contacts", True, "each row is an attempt to ask somebody: docs/contacts.md")
    when = Line("at", told.sent.column.name) if told.sent else when_written(found)
    yield Block("asked", [when, Line("answered_in", "? in which source do the answers stand? Write its name")])
    yield Line("outcome", _question(told))
    others = [each for each in found.columns if each not in (told.status, *told.beside)]
    yield from exclude_lines(replace(found, columns=others))
    yield from dates_block([told.sent] if told.sent else found.dates)


def _id_lines(found: Findings) -> Iterator[Line]:
    """The id of a letter, where each has its own: of several that go together the first."""
    ids = (each for each in found.columns if each.is_called("letter_id"))
    for column in ids:
        if len(column.counts) == column.rows:
            yield Line("response_id", column.name, "what it is called in every file that tells of it")
            return


def _question(told: Invitations) -> str:
    if told.beside:
        others = ", ".join(each.pasted for each in told.beside)
        bounced = ", ".join(map(quoted, told.meant))
        return (
            f"? What became of each letter stands in columns of their own, {told.status.pasted} and {others}, of which one "
            f"is read. Write {{column: {told.status.pasted}, undeliverable: [{bounced}]}}: all others count as delivered, "
            "opened or not, and answers are known from where they stand; or export one column that says how far each came"
        )
    texts = ", ".join(f"{quoted(text)} ({rows:,})" for text, rows in _texts(told.status))
    listed = {step: [text for text, meant in told.meant.items() if meant == step] for step in STATUSES}
    seem = ", ".join(f"{step}: [{', '.join(map(quoted, each))}]" for step, each in listed.items() if each)
    return (
        f"? What do the texts of {told.status.pasted} mean: {texts}? Write each below undeliverable, delivered, opened, "
        f"reached, refused, partial or answered; it seems that {{column: {told.status.pasted}, {seem}}}. What is not listed "
        "counts as delivered"
    )


def _meant(column: Seen) -> dict[str, str]:
    """What the texts of a column mean of letters; nothing where it does not say what became of letters."""
    texts = _texts(column)
    if not 0 < len(texts) <= _MOST_TEXTS:
        return {}
    meant = {text: step for text, _ in texts if (step := _step(text))}
    rows = sum(rows for text, rows in texts if text in meant)
    is_said = len({*meant.values()}) >= _FEWEST and _OF_LETTERS & {*meant.values()}
    return meant if is_said and rows >= _MOSTLY * sum(rows for _, rows in texts) else {}


def _ended(column: Seen) -> dict[str, str]:
    """What the texts of a column mean of calls; nothing where it does not say in several ways how calls failed."""
    texts = _texts(column)
    meant = {text: step for text, _ in texts if (step := status_of_call(text) or _step(text))}
    failed = [text for text, step in meant.items() if step != "answered" and status_of_call(text)]
    rows = sum(rows for text, rows in texts if text in meant)
    is_said = len(texts) <= _MOST_TEXTS and len(failed) + ("answered" in meant.values()) > _FEWEST
    return meant if is_said and rows >= _MOSTLY * sum(rows for _, rows in texts) else {}


def _flagged(column: Seen) -> str | None:
    """The step of letters that a column of yes and no is called by."""
    texts = {plain(text) for text, _ in _texts(column)}
    if not texts & YES or not all(each in YES or each in NO for each in texts):
        return None
    steps = (step for step in _STEPS if column.is_called(f"letter_{step}"))
    return next(steps, None)


def _step(text: str) -> str | None:
    """What a text says of a letter: all of it, or the first word of a code such as `DELIVERED_TO_HANDSET`."""
    said_of_it = [text, text.partition("_")[0]] if _CODE.fullmatch(text.strip()) else [text]
    return next((step for each in said_of_it for step in _STEPS if named(f"letter_{step}", each)), None)


def _texts(column: Seen) -> tuple[tuple[str, int], ...]:
    """Everything that the column says, most first, also what would mean in another that nothing was answered."""
    return tuple(sorted((*column.counts, *column.silent), key=lambda each: (-each[1], each[0])))
