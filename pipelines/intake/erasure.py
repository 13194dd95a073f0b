"""Erasing people: who they are, and that they stay out.

A person decides it, and no file of landing tells it: it is kept beside the lake, in a line of text for each erasure, under
the pseudonyms by which they were known. A line counts from the moment in which it is written; another one says that the lake
holds nothing of them any more, and until then each night goes on with it.
Here: reading and writing these lines, from what people are called to pseudonyms. Not here: which rows are theirs
(`transforms.rows.erased`), taking them out of the lake (`warehouse.upkeep.erasing`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.intake.acceptance import user
from pipelines.intake.feeds import feeds
from pipelines.intake.withdrawal import nothing_taken_in
from pipelines.recipes import key_id
from transforms.rows.erased import Erased
from transforms.rows.staged import NOBODY
from transforms.texts.identity import PSEUDONYM_LENGTH, keyed, pseudonym, says_who
from warehouse.lake.durable import write_through
from warehouse.lake.ledgers import current_files
from warehouse.upkeep import erasing
from warehouse.upkeep.mending import damage_told

FILE: Final = "erasures.jsonl"
_KEY: Final = re.compile(rf"[0-9a-f]{{{PSEUDONYM_LENGTH}}}")


@dataclass(frozen=True)
class Held:
    """What the lake holds of people."""

    files: pl.DataFrame
    """One row per file: `source, path`, how many rows are their `own`, how many attempts to ask them it has (`asked`), and
    how many rows of others name them (`named`)."""
    is_done: bool
    """Whether it holds that no more."""


def erased(context: Context) -> Erased:
    """Everybody who was erased. Raises `UserError` where the file that says so is damaged, or is of another key."""
    return _everybody(_text(context), context.workspace.root / FILE, context.workspace.key())


@lru_cache(maxsize=1)
def _everybody(text: str, file: Path, key: str) -> Erased:
    lines = [line for line in _read(text, file) if "people" in line]
    if any(line["key_id"] != key_id(key) for line in lines):
        raise UserError(
            f"{file} says who was erased by another key for pseudonyms (identity.key, NPS_KEY) than this one: they would "
            "come back. Put the former key back."
        )
    answers: dict[str, set[str]] = {}
    for line in lines:
        for source, ids in line["answers"].items():
            answers.setdefault(source, set()).update(ids)
    people, addresses = (
        frozenset(chain.from_iterable(line[name] for line in lines)) for name in ("people", "addresses")
    )
    return Erased(people, addresses, answers, _about(answers, key))


def people(context: Context, names: Sequence[str], keys: Sequence[str]) -> Erased:
    """People by what files call them, and by pseudonyms. Raises `UserError` for what is neither."""
    wrong = [key for key in keys if not _KEY.fullmatch(key)]
    if wrong:
        raise UserError(f"{wrong[0]!r} is no pseudonym: one is {PSEUDONYM_LENGTH} digits and letters from a to f.")
    texts = pl.DataFrame({"name": list(names)}, schema={"name": pl.String})
    told = texts.select(
        key=pseudonym(pl.col("name"), context.workspace.key(), NOBODY), says_who=says_who(pl.col("name"))
    )
    made = told.get_column("key")
    if made.null_count():
        raise UserError("That is nobody's name: say what files call the person, such as an address or a number.")
    found = [*made.to_list(), *keys]
    if not found:
        raise UserError("Say who is to be erased: --respondent and what files call them, or --key and their pseudonym.")
    return Erased(frozenset(found), frozenset(told.filter("says_who").get_column("key")))


def look(context: Context, who: Erased) -> Held:
    """What the lake holds of people, of which nothing is erased."""
    with damage_told(context.lake):
        return Held(_by_file(context, _known(context, who)), is_done=False)


def erase(context: Context, who: Erased) -> Held:
    """Take people out of all that was stored of files, and keep them out."""
    with nothing_taken_in(context, _sources(context)), damage_told(context.lake):
        theirs = _known(context, who)
        held = _by_file(context, theirs)
        _note(
            context,
            {
                "people": sorted(who.people), "addresses": sorted(who.addresses),
                "answers": {source: list(ids) for source, ids in theirs.answers.items()},
                "key_id": key_id(context.workspace.key()), "by": user(), "at": context.clock().isoformat(),
            },
        )  # fmt: skip
        _finish(context)
    return Held(held, is_done=True)


def go_on(context: Context) -> list[str]:
    """End an erasure that was stopped; a sentence where there was one.

    Raises `UserError` where rows were erased, and the file that says whose is gone: they would come back.
    """
    lines = _lines(context)
    erased(context)  # or nothing is done
    if not lines and current_files(context.lake).get_column("erasures").list.len().sum():
        file = context.workspace.root / FILE
        raise UserError(f"{file} is gone. It says who was erased: without it they would come back. Restore it first.")
    if not lines or "done" in lines[-1]:
        return []
    with nothing_taken_in(context, _sources(context)), damage_told(context.lake):
        _finish(context)
    return ["An erasure had been stopped before it was done; now nothing of whom it was about is in the lake."]


def _finish(context: Context) -> None:
    erasing.erase(context.lake, erased(context), context.clock())
    _note(context, {"done": context.clock().isoformat()})


def _known(context: Context, who: Erased) -> Erased:
    """People with what their answers are called."""
    answers = erasing.answers_of(context.lake, who)
    return replace(who, answers=answers, about=_about(answers, context.workspace.key()))


def _about(answers: Mapping[str, Collection[str]], key: str) -> frozenset[str]:
    """The digests by which tickets name answers: ids that are digests already stand as they are."""
    ids = pl.Series("id", sorted({each for of_source in answers.values() for each in of_source}), pl.String)
    made = ids.to_frame().select(keyed(pl.col("id"), key)).to_series()
    return frozenset([*ids, *made])


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


def _note(context: Context, line: dict[str, object]) -> None:
    file = context.workspace.root / FILE
    with file.open("a+b") as out:
        out.seek(0)
        # What a crash has cut off never counted: nothing was done after it.
        out.truncate(out.read().rfind(b"\n") + 1)
        out.write(f"{json.dumps(line, ensure_ascii=False)}\n".encode())
    write_through([file], context.workspace.root)


def _lines(context: Context) -> list[dict[str, Any]]:
    return list(_read(_text(context), context.workspace.root / FILE))


def _text(context: Context) -> str:
    file = context.workspace.root / FILE
    return file.read_text("utf-8", errors="replace") if file.is_file() else ""


def _read(text: str, file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n")[:-1], 1):  # what stands after the last one was cut off
        try:
            yield dict(json.loads(line))
        except ValueError as error:
            raise UserError(
                f"Line {number} of {file} cannot be read. It says who was erased: without it they would come back. "
                "Restore the file first."
            ) from error
