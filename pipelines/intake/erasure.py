"""Erasing people: finding and taking out what the lake holds of them, now or where that was stopped.

Here: from what people are called to pseudonyms, and the order of things: first a line says whom, then the lake is rid of
them, then another one says so; until then each night goes on with it. Not here: those lines (`erased_people`), which rows
are theirs (`transforms.rows.erased`), taking them out of the lake (`warehouse.upkeep.erasing`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.intake.acceptance import user
from pipelines.intake.erased_people import FILE, PSEUDONYM, Done, Whom, erased, ids_for_tickets, lines_of, write_down
from pipelines.intake.feeds import feeds
from pipelines.intake.withdrawal import nothing_taken_in
from pipelines.recipes.digests import key_id
from transforms.rows.erased import Erased
from transforms.rows.ids import NOBODY
from transforms.texts.identity import PSEUDONYM_LENGTH, pseudonym, rotations, says_who
from warehouse.lake.ledgers import current_files, erased_at
from warehouse.upkeep import erasing
from warehouse.upkeep.mending import damage_told


@dataclass(frozen=True)
class Traces:
    """What there is of people in the lake, or was before they were erased."""

    files: pl.DataFrame
    """One row per file: `source, path`, how many rows are their `own`, how many attempts to ask them it has (`asked`), and
    how many rows of others name them (`named`)."""
    is_erased: bool


def people(context: Context, names: Sequence[str], keys: Sequence[str]) -> Erased:
    """People by what files call them, and by pseudonyms. Raises `UserError` for what is neither."""
    wrong = [key for key in keys if not re.fullmatch(PSEUDONYM, key)]
    if wrong:
        raise UserError(f"{wrong[0]!r} is no pseudonym: one is {PSEUDONYM_LENGTH} digits and letters from a to f.")
    texts = pl.DataFrame({"name": list(names)}, schema={"name": pl.String})
    # Also by what they were called before a rotation: until the next night the lake knows them by nothing else.
    told = pl.concat(
        texts.select(key=pseudonym(pl.col("name"), key, NOBODY), says_who=says_who(pl.col("name")))
        for key in rotations(context.workspace.key())
    )
    made = told.get_column("key")
    if made.null_count():
        raise UserError("That is nobody's name: say what files call the person, such as an address or a number.")
    found = [*made.to_list(), *keys]
    if not found:
        raise UserError("Say who is to be erased: --respondent and what files call them, or --key and their pseudonym.")
    return Erased(frozenset(found), frozenset(told.filter("says_who").get_column("key")))


def look(context: Context, who: Erased) -> Traces:
    """What the lake holds of people, of which nothing is erased."""
    with damage_told(context.lake):
        return Traces(_by_file(context, _known(context, who)), is_erased=False)


def erase(context: Context, who: Erased) -> Traces:
    """Take people out of all that was stored of files, and keep them out."""
    with nothing_taken_in(context, _sources(context)), damage_told(context.lake):
        theirs = _known(context, who)
        found = _by_file(context, theirs)
        write_down(
            context,
            Whom(
                people=tuple(sorted(who.people)),
                addresses=tuple(sorted(who.addresses)),
                answers={source: tuple(ids) for source, ids in theirs.answers.items()},
                key_id=key_id(context.workspace.key()),
                by=user(),
                at=context.clock(),
            ),
        )
        _finish(context)
    return Traces(found, is_erased=True)


def go_on(context: Context) -> list[str]:
    """End an erasure that was stopped, or that a lake which was put back knows nothing of; a sentence where there was one.

    Raises `UserError` where rows were erased, and the file that says whose is gone, or an earlier one: they would come back.
    """
    lines = lines_of(context)
    erased(context)  # or nothing is done
    last = lines[-1] if lines else None
    if not isinstance(last, Whom):
        _refuse_older(context, [line.done for line in lines if isinstance(line, Done)])
    files, version = context.lake.moment("files")
    if last is None or version < 0:
        return []
    if isinstance(last, Done) and last.lake == files and last.version <= version:
        return []
    with nothing_taken_in(context, _sources(context)), damage_told(context.lake):
        had_some = _finish(context)
    if isinstance(last, Whom):
        return ["An erasure had been stopped before it was done; now nothing of whom it was about is in the lake."]
    told = "The lake was one of before people were erased, and had them still. Now nothing of them is in it."
    return [told] if had_some else []


def _refuse_older(context: Context, done: Sequence[datetime]) -> None:
    last = current_files(context.lake).select(erased_at().max()).item()
    if last is None or any(each >= last for each in done):
        return
    what = "an earlier one: people were erased since it was written" if done else "gone"
    raise UserError(
        f"{context.workspace.root / FILE} is {what}. It says who was erased: without it they would come back. "
        "Restore the last one first."
    )


def _finish(context: Context) -> bool:
    """Rid the lake of everybody who was erased, and write down that it is; whether any file had anything of them."""
    now = context.clock()
    had_some = erasing.erase(context.lake, erased(context), now).height > 0
    files, version = context.lake.moment("files")
    # A clock that is set back meanwhile must not make it look as if this line were of before.
    write_down(context, Done(done=max(now, context.clock()), lake=files, version=version))
    return had_some


def _known(context: Context, who: Erased) -> Erased:
    """People with what their answers are called."""
    answers = erasing.answers_of(context.lake, who)
    return replace(who, answers=answers, about=ids_for_tickets(answers, context.workspace.key()))


def _by_file(context: Context, theirs: Erased) -> pl.DataFrame:
    found = erasing.found(context.lake, theirs)
    asked = pl.when(pl.col("table") == "contacts").then("named").otherwise(0)
    rows = found.group_by("load_id").agg(pl.col("own").sum(), asked=asked.sum(), named=(pl.col("named") - asked).sum())
    files = current_files(context.lake).select("source", "path", "load_id")
    return files.join(rows, on="load_id").drop("load_id").sort("source", "path")


def _sources(context: Context) -> list[str]:
    """All that files are taken in for, and were."""
    named = [feed.name for feed in feeds(context.workspace.config, context.workspace.key())]
    return sorted({*named, *current_files(context.lake).get_column("source")})
