"""A list of branches, accounts, employees, agents or clients beside those before it: who is in it, and what it says of them.

A newer list changes where answers count from its day on, and what branches are called for all time, without any answer
being odd. Here: the notes on it, once its rows are in the lake. Not here: columns that are blank or gone (`blanked`), who
answered and is in no list (`pipelines.report.notes.unlisted`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from pipelines.config.outcomes import ClientList
from pipelines.intake.feeds import Feed
from pipelines.intake.history import MOST_ROWS, Earlier, History
from pipelines.intake.notes.answers.doubts import addresses_published
from pipelines.intake.once import LISTED_TWICE, OF_SEVERAL_CODES
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import in_quotes
from transforms.texts.identity import says_who
from transforms.texts.spelling import key, spelling_key
from warehouse.lake.ledgers import DIMENSION_PREFIX
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake

#: What lists say of whom, by the column of the lake.
_SAID: Final = {
    "members": {
        "branch": "branch", "industry": "industry", "region": "region", "area": "area", "department": "department",
        "manager_key": "manager",
    },
    "clients": {"first_seen": "first_seen"},
}  # fmt: skip
#: What lists of members say that is published as they have it, beside names of branches and codes of persons.
_PUBLISHED: Final = ("branch", "industry", "region", "area", "department")
_WHO: Final = {"members": "member_key", "clients": "client_key"}
_ORDER: Final = {"members": ["valid_from", "source_row"], "clients": ["source_row"]}
_ONE: Final = {
    "branches": "branch",
    "accounts": "account",
    "employees": "employee",
    "agents": "agent",
    "clients": "client",
}
#: What is otherwise of so many, and of such a share, has hardly happened since the list before.
_SOME: Final = 3
_SHARE: Final = 0.25
#: Lists of so many that have such a share of the others in common are of other ones, or call them otherwise.
_MANY: Final = 20
_STRANGE: Final = 0.1
#: Worth that is so many times another is in other units.
_LEAP: Final = 20
_UNITS: Final = 0.05
#: Names that are less alike than this are of something else.
_ALIKE: Final = 0.6
_SHOWN: Final = 3


def odd_list(lake: Lake, feed: Feed, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a list beside those before it."""
    load = verdict.load(1, MOST_ROWS)
    if load is None:
        return
    table, what = ("clients", "clients") if isinstance(feed.layout, ClientList) else ("members", _dimension(feed))
    here = _rows(lake, table, [load])
    yield from _twice(here, table, _ONE[what])
    if table == "members":
        yield from _addresses(here, what)
    if what == "branches":
        yield from _of_one_name(_last(here, table))
    before = history.shortly_before(verdict.file, verdict.scope)
    if not before:
        return
    now, then = _last(here, table), _last(_rows(lake, table, [each.load_id or "" for each in before], before), table)
    both = now.join(then, on=_WHO[table], suffix="_then")
    in_both = f"{both.height:,} of its {now.height:,} {what}"
    # One of few may be of those that are new.
    if now.height >= _MANY and then.height / 2 <= now.height and both.height < _STRANGE * min(now.height, then.height):
        yield (
            f"Only {in_both} are in {_the_lists(before)}. If they are called otherwise now (another column, zeros in "
            "front that are gone), nothing that it says reaches answers of those that are still called as before: export "
            "it as before; if it is of others, all is well."
        )
    for column, purpose in _SAID[table].items():
        yield from _changed(both, column, purpose, what, before)
    if table == "members" and what == "branches":
        yield from _renamed(both, before)
    if table == "clients":
        yield from _worth(both, before)


def _dimension(feed: Feed) -> str:
    return feed.name.removeprefix(DIMENSION_PREFIX)


def _the_lists(before: Sequence[Earlier]) -> str:
    return f"{before[0].path}, the list before it" if len(before) == 1 else "the lists before it"


def _rows(lake: Lake, table: str, loads: Sequence[str], before: Sequence[Earlier] = ()) -> pl.DataFrame:
    """The rows of lists, with `position`: those of newer lists have a greater one."""
    rows = rows_of(lake, table, loads).collect()
    newest_first = [each.load_id for each in before] or [*loads]
    places = {load: len(newest_first) - at for at, load in enumerate(newest_first)}
    return rows.with_columns(position=pl.col("load_id").cast(pl.String).replace_strict(places, return_dtype=pl.Int64))


def _last(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """What is said of each last."""
    order = [*_ORDER[table][:-1], "position", _ORDER[table][-1]]
    return rows.sort(order).unique(_WHO[table], keep="last", maintain_order=True)


def _twice(rows: pl.DataFrame, table: str, one: str) -> Iterator[str]:
    """Who stands in a list several times with other things said of them."""
    said = [*_SAID[table], *(["name"] if table == "members" else ["worth"])]
    days = [_WHO[table], *(["valid_from"] if table == "members" else [])]
    again = rows.group_by(days).agg(
        pl.struct(said).n_unique().alias("told"), *(pl.col(name).drop_nulls().n_unique().alias(name) for name in said),
        row=pl.col("source_row").max(),
    ).filter(pl.col("told") > 1)  # fmt: skip
    if again.is_empty():
        return
    names = {**_SAID[table], "name": "name", "worth": "value"}
    differ = " and ".join(names[name] for name in said if (again[name] > 1).any()) or "blank cells"
    are = f"1 {one} stands" if again.height == 1 else f"{again.height:,} {one}{'e' if one == 'branch' else ''}s stand"
    yield (
        f"{are} {LISTED_TWICE} (other {differ}): the last row of each counts, such as row {again['row'].sort()[0]:,}. If "
        "another should, take the others out of the list; where each held from another day, let valid_from say it."
    )


def _addresses(rows: pl.DataFrame, what: str) -> Iterator[str]:
    """Addresses in what is published as a list has it."""
    names = {"name": "name" if what == "branches" else "code"} | {name: name for name in _PUBLISHED}
    found = rows.select(says_who(pl.col(column)).any().alias(name) for column, name in names.items()).row(0, named=True)
    if any(found.values()):
        yield addresses_published([name for name, does in found.items() if does])


def _of_one_name(branches: pl.DataFrame) -> Iterator[str]:
    """Names that several codes have: answers that give such a name are of none of them."""
    of_name = branches.filter(pl.col("became").is_null()).drop_nulls("name").group_by(spelling_key(pl.col("name"))).agg(
        pl.col("member_key").sort(), shown=pl.col("name").first()
    ).filter(pl.col("member_key").list.len() > 1).sort("shown")  # fmt: skip
    for codes, name in of_name.select("member_key", "shown").head(1).iter_rows():
        more = f", and {of_name.height - 1:,} more names are so" if of_name.height > 1 else ""
        yield (
            f"The name {in_quotes(name)} {OF_SEVERAL_CODES}: {', '.join(in_quotes(code) for code in codes[:_SHOWN])}{more}. "
            "Answers that give the name in place of the code count as unknown. If they are one branch, let became say so; "
            "if one of the names is wrong, correct the list."
        )


def _changed(both: pl.DataFrame, column: str, purpose: str, what: str, before: Sequence[Earlier]) -> Iterator[str]:
    """What a list says otherwise, or says no more, of many that those before it had too."""
    said_before = both.filter(pl.col(f"{column}_then").is_not_null())
    now, then = pl.col(column), pl.col(f"{column}_then")
    if both.schema[column] == pl.String and column != "manager_key":
        now, then = spelling_key(now), spelling_key(then)
    other = said_before.filter(now.ne_missing(then))
    if other.height < _SOME or other.height < _SHARE * said_before.height or both[column].null_count() == both.height:
        return
    gone = other[column].null_count()
    blank = f" ({gone:,} have none now)" if gone else ""
    shown = ""
    if what == "branches":
        pairs = other.select("member_key", f"{column}_then", column).fill_null("nothing").head(_SHOWN).iter_rows()
        shown = ": " + ", ".join(
            f"{in_quotes(name)} from {in_quotes(old)} to {in_quotes(new)}" for name, old, new in pairs
        )
        shown += " …" if other.height > _SHOWN else ""
    follows = (
        "how long each has been a client follows it"
        if column == "first_seen"
        else "their answers count so from the day of this list on"
    )
    yield (
        f"Of {other.height:,} of {said_before.height:,} {what} that are in {_the_lists(before)} as well it says another "
        f"{purpose}{blank}{shown}: {follows}. If so many have really changed, all is well; if a column was moved, filled "
        "down or written in another language, export the list again and put it here by the same name."
    )


def _renamed(both: pl.DataFrame, before: Sequence[Earlier]) -> Iterator[str]:
    """Branches whose code is that of quite another name now."""
    named = both.drop_nulls(["name", "name_then"]).select("member_key", "name_then", "name")
    other = [each for each in named.iter_rows() if not _are_alike(each[1], each[2])]
    if not other:
        return
    shown = ", ".join(
        f"{in_quotes(code)} from {in_quotes(old)} to {in_quotes(new)}" for code, old, new in other[:_SHOWN]
    )
    more = " …" if len(other) > _SHOWN else ""
    are = "1 branch has" if len(other) == 1 else f"{len(other):,} branches have"
    yield (
        f"{are} another name than in {_the_lists(before)}: {shown}{more}. All answers of such a code stand below the new "
        "name, those of before as well. If a code was given to another branch, or names stand a row too high or too low, "
        "put the list here by the same name, in which that branch has a code of its own; if only the name changed, all is "
        "well."
    )


def _are_alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, key(one), key(other)).ratio() >= _ALIKE


def _worth(both: pl.DataFrame, before: Sequence[Earlier]) -> Iterator[str]:
    """Clients whose worth is of another size than it was, or nothing any more."""
    known = both.filter(pl.col("worth_then") > 0, pl.col("worth").is_not_null()).with_columns(
        times=pl.col("worth").cast(pl.Float64) / pl.col("worth_then").cast(pl.Float64)
    )
    none = known.filter(pl.col("worth") == 0)
    if none.height >= max(_SOME, _SHARE * known.height):
        yield (
            f"{none.height:,} of {known.height:,} clients are worth 0, and were worth more in {_the_lists(before)}: they "
            "weigh nothing in the score by value. If their values were lost in the export, export the list again."
        )
    apart = known.filter((pl.col("times") >= _LEAP) | ((pl.col("times") <= 1 / _LEAP) & (pl.col("times") > 0)))
    if apart.height >= max(_SOME, _UNITS * known.height):
        yield (
            f"{apart.height:,} of {known.height:,} clients are worth {_LEAP} times as much as in {_the_lists(before)}, or "
            "less than a part of that: cents, thousands, or another sign before decimals (decimal)? If it is a mistake, "
            "export the list again and put it here by the same name."
        )
