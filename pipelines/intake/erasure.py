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
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Final

import polars as pl
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

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
from warehouse.lake.ledgers import current_files, erased_at
from warehouse.upkeep import erasing
from warehouse.upkeep.mending import damage_told

FILE: Final = "erasures.jsonl"
_KEY: Final = rf"^[0-9a-f]{{{PSEUDONYM_LENGTH}}}$"
#: By a garbled pseudonym nobody would be kept out.
_Key = Annotated[str, Field(pattern=_KEY)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Whom(_Line):
    """A line that says who is erased."""

    people: tuple[_Key, ...]
    addresses: tuple[_Key, ...]
    answers: dict[str, tuple[str, ...]]
    key_id: str
    by: str
    at: AwareDatetime


class _Done(_Line):
    """A line that says that nothing of them was in the lake when it was written."""

    done: AwareDatetime
    lake: str
    version: int


_LINE: Final[TypeAdapter[_Whom | _Done]] = TypeAdapter(_Whom | _Done)


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
    lines = [line for line in _read(text, file) if isinstance(line, _Whom)]
    if any(line.key_id != key_id(key) for line in lines):
        raise UserError(
            f"{file} says who was erased by another key for pseudonyms (identity.key, NPS_KEY) than this one: they would "
            "come back. Put the former key back."
        )
    answers: dict[str, set[str]] = {}
    for line in lines:
        for source, ids in line.answers.items():
            answers.setdefault(source, set()).update(ids)
    people = frozenset(chain.from_iterable(line.people for line in lines))
    addresses = frozenset(chain.from_iterable(line.addresses for line in lines))
    return Erased(people, addresses, answers, _about(answers, key))


def people(context: Context, names: Sequence[str], keys: Sequence[str]) -> Erased:
    """People by what files call them, and by pseudonyms. Raises `UserError` for what is neither."""
    wrong = [key for key in keys if not re.fullmatch(_KEY, key)]
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
            _Whom(
                people=tuple(sorted(who.people)),
                addresses=tuple(sorted(who.addresses)),
                answers={source: tuple(ids) for source, ids in theirs.answers.items()},
                key_id=key_id(context.workspace.key()),
                by=user(),
                at=context.clock(),
            ),
        )
        _finish(context)
    return Held(held, is_done=True)


def go_on(context: Context) -> list[str]:
    """End an erasure that was stopped, or that a lake which was put back knows nothing of; a sentence where there was one.

    Raises `UserError` where rows were erased, and the file that says whose is gone, or an earlier one: they would come back.
    """
    lines = _lines(context)
    erased(context)  # or nothing is done
    last = lines[-1] if lines else None
    if not isinstance(last, _Whom):
        _refuse_older(context, [line.done for line in lines if isinstance(line, _Done)])
    files, version = context.lake.moment("files")
    if last is None or version < 0:
        return []
    is_done = isinstance(last, _Done)
    if isinstance(last, _Done) and last.lake == files and last.version <= version:
        return []
    with nothing_taken_in(context, _sources(context)), damage_told(context.lake):
        had_some = _finish(context)
    if not is_done:
        return ["An erasure had been stopped before it was done; now nothing of whom it was about is in the lake."]
    return [
        "The lake was one of before people were erased, and had them still. Now nothing of them is in it."
    ] * had_some


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
    """Whether any file had anything of them."""
    now = context.clock()
    had_some = erasing.erase(context.lake, erased(context), now).height > 0
    files, version = context.lake.moment("files")
    # A clock that is set back meanwhile must not make it look as if this line were of before.
    _note(context, _Done(done=max(now, context.clock()), lake=files, version=version))
    return had_some


def _known(context: Context, who: Erased) -> Erased:
    """People with what their answers are called."""
    answers = erasing.answers_of(context.lake, who)
    return replace(who, answers=answers, about=_about(answers, context.workspace.key()))


def _about(answers: Mapping[str, Collection[str]], key: str) -> dict[str, frozenset[str]]:
    """By source the digests by which tickets name answers: ids that are digests already stand as they are."""
    about = {}
    for source, ids in answers.items():
        made = pl.DataFrame({"id": list(ids)}, schema={"id": pl.String}).select(keyed(pl.col("id"), key)).to_series()
        about[source] = frozenset([*ids, *made])
    return about


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


def _note(context: Context, line: _Whom | _Done) -> None:
    file = context.workspace.root / FILE
    with file.open("a+b") as out:
        out.seek(0)
        before = out.read()
        last = before.rpartition(b"\n")[-1]
        if _is_cut_off(last):  # it never counted: nothing was done after it
            out.truncate(len(before) - len(last))
            last = b""
        out.write(b"\n" * bool(last) + f"{line.model_dump_json()}\n".encode())
    write_through([file], context.workspace.root)


def _lines(context: Context) -> list[_Whom | _Done]:
    return list(_read(_text(context), context.workspace.root / FILE))


def _text(context: Context) -> str:
    file = context.workspace.root / FILE
    return file.read_text("utf-8", errors="replace") if file.is_file() else ""


def _read(text: str, file: Path) -> Iterator[_Whom | _Done]:
    *lines, last = text.split("\n")
    for number, line in enumerate(lines if _is_cut_off(last.encode()) else [*lines, last], 1):
        try:
            yield _LINE.validate_json(line)
        except ValidationError as error:
            raise UserError(
                f"Line {number} of {file} cannot be read. It says who was erased: without it they would come back. "
                "Restore the file first."
            ) from error


def _is_cut_off(last: bytes) -> bool:
    """Whether what stands after the end of the last line is not all of another: an editor may leave one without its end."""
    try:
        json.loads(last)
    except ValueError:
        return True
    return False
