"""Attempts to ask somebody that stand twice in a file, have ids of other ones, or are fewer than in the file before it.

Here: the notes on them, once its rows are in the lake. Not here: outcomes that nothing lists (`doubts`), columns in which
nothing stands any more (`blanked`), ids of answers (the gate of files), what becomes of attempts
(`transforms.asking.contacts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted, in_quotes
from transforms.asking.contacts import COUNTED_ALL
from transforms.texts.spelling import key
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake

#: So many attempts tell something, and such a part of a file: of those with a time of day, and of those with a day alone,
#: on which somebody may be called twice.
_ENOUGH: Final = 20
_TIMED, _OF_DAYS = 0.05, 0.3
#: An outcome of such a part of the attempts before, of which so many should be here, is gone by no chance.
_PART: Final = 0.05
_EXPECTED: Final = 20
#: Who answered is said by scores where the files hold them.
_TOLD_OF: Final = ("undeliverable", "delivered", "opened", "reached", "refused", "partial")
#: Of so many of the ids of two files time and person are others, where these are no news of the same contacts.
_SHARE: Final = 0.9
#: Of so many a share is larger by more than chance that is so much larger, and by so many standard errors.
_MANY: Final = 50
_MORE: Final = 0.2
_ERRORS: Final = 5
_WORDS: Final = re.compile(r"\w+")
#: So many waves are held against those before; and where there is one in each two attempts, it is hardly one.
_WAVES: Final = 500
_IN_EACH: Final = 0.5
#: Larger files are not looked at: it would take too long.
_LARGEST: Final = 1_000_000


def attempted(context: Context, feed: Feed, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a file whose rows are attempts to ask somebody."""
    tally, load = verdict.tally, verdict.load()
    if load is None or not tally.attempts:
        return
    least = (_TIMED if tally.are_timed else _OF_DAYS) * tally.attempts
    if tally.attempts_again >= max(_ENOUGH, least):
        when = "time" if tally.are_timed else "day"
        about = "About " if tally.attempts > COUNTED_ALL else ""
        yield (
            f"{about}{tally.attempts_again:,} of its {tally.attempts:,} attempts to ask somebody are of the same person, "
            f"{when} and outcome as another one in it, as where a log was appended to itself. Each counts as an attempt, "
            "and costs. If they are the same ones, take these rows out of the file; else all is well."
        )
    if tally.attempts < _ENOUGH:
        return
    before = next(islice(history.before(verdict.file, verdict.scope), 1), None)
    loads = (load, (before and before.load_id) or "")
    told = _told(context.lake, *loads)
    now, then = (told.filter(pl.col("load_id") == load) for load in loads)
    yield from _in_each_row(now)
    if before is not None and before.load_id:
        yield from _outcomes_gone(now, then, before)
        yield from _scores_gone(now, then, before)
        yield from _waves_alike(now, then, before)
        if feed.delivery == "snapshot":
            yield from _fewer(now, then, before, context.workspace.config.gates.max_snapshot_shrink)


def _told(lake: Lake, *loads: str) -> pl.DataFrame:
    """How many attempts of loads have which status: `load_id, survey, wave, status, attempts`."""
    rows = rows_of(lake, "contacts", loads).drop_nulls("status")
    found = rows.group_by("load_id", "survey", "wave", "status").agg(attempts=pl.len()).collect(engine="streaming")
    return found.with_columns(pl.col("status").cast(pl.String), pl.col("load_id").cast(pl.String))


def _outcomes_gone(now: pl.DataFrame, then: pl.DataFrame, before: Earlier) -> Iterator[str]:
    here, there = (dict(each.group_by("status").agg(pl.col("attempts").sum()).iter_rows()) for each in (now, then))
    of, of_before = sum(here.values()), sum(there.values())
    if not of or not of_before:
        return
    for status in _TOLD_OF:
        share = there.get(status, 0) / of_before
        if status not in here and share >= _PART and share * of >= _EXPECTED:
            yield (
                f"None of its {of:,} attempts to ask somebody is {status}, while {there[status]:,} of {of_before:,} in "
                f"{before.path}, the file before it, are. If its outcomes are incomplete, or were exported before they were "
                "known, export it again: rates and costs are made of them as they stand."
            )


def _scores_gone(now: pl.DataFrame, then: pl.DataFrame, before: Earlier) -> Iterator[str]:
    """Attempts that are said to be answered and have no score, far more of them than before."""
    (here, of), (there, of_before) = (
        (int(each.filter(pl.col("status") == "partial")["attempts"].sum()), int(each.filter(told)["attempts"].sum()))
        for told in [pl.col("status").is_in(["partial", "answered"])]
        for each in (now, then)
    )
    if min(of, of_before) < _MANY:
        return
    share, was = here / of, there / of_before
    if share - was >= max(_MORE, _ERRORS * (was * (1 - was) * (1 / of + 1 / of_before)) ** 0.5):
        yield (
            f"{here:,} of its {of:,} attempts that were answered or begun have no score, and {there:,} of {of_before:,} of "
            f"{before.path}, the file before it. If scores were lost in the export, export it again; if so many broke off, "
            "all is well."
        )


def _in_each_row(now: pl.DataFrame) -> Iterator[str]:
    """The sentence where nearly each attempt is of a wave of its own."""
    named = now.drop_nulls("wave")
    waves, attempts = named.select("survey", "wave").n_unique(), int(named["attempts"].sum())
    if waves >= max(_ENOUGH, _IN_EACH * attempts):
        yield (
            f"It names {waves:,} waves in {counted(attempts, 'attempt')} to ask somebody: each counts as a campaign to "
            "which people are invited anew, and which is set up and paid for. If that column tells something else, name "
            "another one under asked.wave of nps.yaml, or none; if there are so many, all is well."
        )


def _waves_alike(now: pl.DataFrame, then: pl.DataFrame, before: Earlier) -> Iterator[str]:
    """Waves that begin, called like one of the file before but for some words."""
    here, there = (each.select("survey", "wave").drop_nulls().unique() for each in (now, then))
    if max(here.height, there.height) > _WAVES:
        return
    pairs = here.join(there.rename({"wave": "old"}), on="survey").sort("survey", "wave", "old")
    known = {(survey, key(wave)) for survey, wave in there.iter_rows()}
    for survey, wave, old in pairs.iter_rows():
        words, older = {*_WORDS.findall(key(wave))}, {*_WORDS.findall(key(old))}
        if (survey, key(wave)) not in known and words and older and (words <= older or older <= words):
            yield (
                f"The wave {in_quotes(wave)} of {survey} begins in it, which is called like {in_quotes(old)} in "
                f"{before.path}: as another campaign, to which people are invited again, and which is set up and paid for "
                "again. If it is the same one, call it alike; else all is well."
            )
            return


def _fewer(now: pl.DataFrame, then: pl.DataFrame, before: Earlier, most: float) -> Iterator[str]:
    """Sentences where a snapshot replaces more attempts of a wave than it has."""
    replaced = then.filter(pl.col("survey").is_in(now["survey"].unique().implode()))
    waves = ["survey", "wave"]
    old = replaced.group_by(waves).agg(before=pl.col("attempts").sum())
    told = old.join(now.group_by(waves).agg(pl.col("attempts").sum()), on=waves, how="left", nulls_equal=True)
    for survey, wave, were, are in told.sort(waves).iter_rows():
        if were >= _ENOUGH and (are or 0) < (1 - most) * were:
            of = survey if wave is None else f"{survey}, {wave}"
            yield (
                f"It holds {counted(are or 0, 'attempt')} to ask somebody of {of}, fewer than the {were:,} of "
                f"{before.path}, which it replaces: these count no more. If the download broke off, or holds new "
                "ones alone, take the file back (nps withdraw), or write delivery: incremental."
            )


def recounted(context: Context, source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a file of contacts whose ids are those of other ones in the file before it."""
    if not source.contacts or source.delivery != "incremental" or "response_id" not in source.columns:
        return
    before = next((each for each in history.before(verdict.file, verdict.scope) if each.load_id), None)
    attempts = verdict.tally.attempts or 0
    own = verdict.load()
    if own is None or before is None or before.load_id is None or not _ENOUGH <= attempts <= _LARGEST:
        return
    contacts = rows_of(context.lake, "contacts", [own, before.load_id])
    rows = contacts.select("load_id", "contact_id", "attempted_at", "respondent_key").collect()
    new, old = (rows.filter(pl.col("load_id") == load).unique("contact_id") for load in (own, before.load_id))
    both = new.drop_nulls("contact_id").join(old, on="contact_id")
    is_other = pl.col("attempted_at").ne_missing(pl.col("attempted_at_right")) & (
        pl.col("respondent_key").ne_missing(pl.col("respondent_key_right")) | pl.col("respondent_key").is_null()
    )
    others = both.filter(is_other).height
    if others >= _ENOUGH and others >= _SHARE * min(new.height, old.height):
        yield (
            f"{others:,} of its contacts have ids of {before.path}, but other times and people: these take the place of the "
            "older contacts, which count no more. If the ids begin anew in each file, take response_id out of nps.yaml; if "
            "the same contacts were put off, all is well."
        )
