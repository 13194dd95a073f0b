"""Who was erased: the file `erasures.jsonl`, beside the lake, in which it stands.

A person decides it, and no file of landing tells it: each line is an erasure, under the pseudonyms by which people were
known. It counts from the moment in which it is written; another line says that the lake holds nothing of them any more.
Here: reading and writing these lines. Not here: finding and erasing what the lake holds of them (`erasure`), which rows are
theirs (`transforms.rows.erased`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated, Final

import polars as pl
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.recipes.digests import key_id
from transforms.rows.erased import Erased
from transforms.texts.identity import PSEUDONYM_LENGTH, keyed, rotations
from warehouse.lake.durable import write_through

FILE: Final = "erasures.jsonl"
PSEUDONYM: Final = rf"^[0-9a-f]{{{PSEUDONYM_LENGTH}}}$"
#: By a garbled pseudonym nobody would be kept out.
_Key = Annotated[str, Field(pattern=PSEUDONYM)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Whom(_Line):
    """A line that says who is erased."""

    people: tuple[_Key, ...]
    addresses: tuple[_Key, ...]
    answers: dict[str, tuple[str, ...]]
    key_id: str
    by: str
    at: AwareDatetime


class Done(_Line):
    """A line that says that nothing of them was in the lake when it was written."""

    done: AwareDatetime
    lake: str
    version: int


_LINE: Final[TypeAdapter[Whom | Done]] = TypeAdapter(Whom | Done)


def erased(context: Context) -> Erased:
    """Everybody who was erased. Raises `UserError` where the file that says so is damaged, or is of another key."""
    return _everybody(_text(context), context.workspace.root / FILE, context.workspace.key())


@lru_cache(maxsize=1)
def _everybody(text: str, file: Path, key: str) -> Erased:
    lines = [line for line in _read(text, file) if isinstance(line, Whom)]
    since = {key_id(former): keys for former, keys in rotations(key).items()}
    if any(line.key_id not in since for line in lines):
        raise UserError(
            f"{file} says who was erased by another key for pseudonyms (identity.key, NPS_KEY) than this one: they would "
            "come back. Put the former key back."
        )
    answers: dict[str, set[str]] = {}
    people: set[str] = set()
    addresses: set[str] = set()
    for line in lines:
        now = partial(_by_key_of_now, keys=since[line.key_id])
        people |= now(line.people)
        addresses |= now(line.addresses)
        for source, ids in line.answers.items():
            # Some are digests, which a rotation changes, and some are not.
            answers.setdefault(source, set()).update(ids, now(ids))
    return Erased(frozenset(people), frozenset(addresses), answers, ids_for_tickets(answers, key))


def _by_key_of_now(pseudonyms: Sequence[str], keys: str) -> set[str]:
    """What pseudonyms have become since they were written; `keys` are those that the key was rotated to."""
    if not keys:
        return {*pseudonyms}
    former = pl.DataFrame({"key": [*pseudonyms]}, schema={"key": pl.String})
    return {*former.select(keyed(pl.col("key"), keys)).to_series()}


def ids_for_tickets(answers: Mapping[str, Collection[str]], key: str) -> dict[str, frozenset[str]]:
    """By source the digests by which tickets name answers: ids that are digests already stand as they are."""
    found = {}
    for source, ids in answers.items():
        made = pl.DataFrame({"id": list(ids)}, schema={"id": pl.String}).select(keyed(pl.col("id"), key)).to_series()
        found[source] = frozenset([*ids, *made])
    return found


def write_down(context: Context, line: Whom | Done) -> None:
    """Add a line for good: nothing is done by it before it is on the disk."""
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


def lines_of(context: Context) -> list[Whom | Done]:
    """All lines in their order. Raises `UserError` where one cannot be read."""
    return list(_read(_text(context), context.workspace.root / FILE))


def _text(context: Context) -> str:
    file = context.workspace.root / FILE
    return file.read_text("utf-8", errors="replace") if file.is_file() else ""


def _read(text: str, file: Path) -> Iterator[Whom | Done]:
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
