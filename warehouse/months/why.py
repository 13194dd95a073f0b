"""Why people say so: themes and reasons of answers, and words of comments, kept by month, of which marts are made.

Here: which months are read anew, reading comments of answers that count, groups under their names. Not here: what a comment
is about (`transforms.answers.themes`), what follows from it (`models/marts/themes.sql`, `models/marts/new_words.sql`).

Comments lie in staged answers once, and are read by the publication that needs them: other themes then cost no other build
of a month. Nothing is read where nps.yaml declares no themes and no column of reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb
import polars as pl

from transforms.answers.themes import Theme, has_words, says, words
from transforms.dimensions import ABSENT, OWN, TYPED
from transforms.tables import BuildRecord, Mention, Word, stored_types, types
from transforms.texts.spelling import cleaned, key, labels
from warehouse.engine import frame_table
from warehouse.lake.ledgers import WHY_VERSION, current_builds, digest, loads_of
from warehouse.lake.loads import new_load_id
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.behind import responses_in
from warehouse.months.plan import Plan
from warehouse.months.responses import files_to_read, staged_answers
from warehouse.months.shown import Names, shown_cells

#: Months are read in stretches of about so many answers, which bounds memory.
ANSWERS_AT_ONCE: Final = 1_000_000
#: A reason that fewer answers than this ever had is no code, but something that somebody wrote.
FEWEST_OF_A_REASON: Final = 10
#: Nor is a longer one.
LONGEST_REASON: Final = 60
#: What such reasons are counted as.
OTHER: Final = "other"

_ROW: Final = ("position", "source_row")
_CELL: Final = ("month", "cell")
_READ: Final = (*_ROW, "month", "comment", "reason", "language")
_TEXTS: Final = ("comment", "reason", "language")
_COUNTS: Final = ("answers", "promoters", "passives", "detractors")


@dataclass(frozen=True)
class Why:
    """What nps.yaml says of reasons and themes."""

    themes: tuple[Theme, ...] = ()
    has_reasons: bool = False
    """Whether any source of clients names a column of reasons."""
    said_by: int = 10
    """Words that fewer people said are not shown."""

    @property
    def inputs(self) -> tuple[object, ...]:
        """What decides about what is kept of a month."""
        return (*((theme.name, sorted(theme.terms.items())) for theme in self.themes),)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.themes) or self.has_reasons


def register_why(  # noqa: PLR0913 - each says what they are made from
    connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, why: Why, *, names: Names, now: datetime
) -> None:
    """Make the tables `mentioned` and `words` of all months that count; what is not up to date is built."""
    build_why(lake, plan, why, names, now)
    builds = _current(lake).filter(pl.col("month").is_in(_months(lake, plan)))
    loads = loads_of(builds)
    mentions = (
        scan("mentions", lake.files_of("mentions", loads)) if builds.height else pl.LazyFrame(schema=_stored(Mention))
    )
    said = scan("words", lake.files_of("words", loads)) if builds.height else pl.LazyFrame(schema=_stored(Word))
    # A load may hold months that a later one holds anew.
    counting = loads.lazy()
    kept = mentions.join(counting, on=["load_id", "month"], how="semi").select(Mention.column_names()).collect()
    frame_table(connection, "mentioned", _mentioned(lake, plan, kept, names))
    of_words = said.join(counting, on=["load_id", "month"], how="semi").select(Word.column_names()).collect()
    frame_table(connection, "words", of_words)
    frame_table(connection, "words_setting", pl.DataFrame({"said_by": [why.said_by]}))


def build_why(lake: Lake, plan: Plan, why: Why, names: Names, now: datetime) -> list[date]:
    """Read the comments of the months that are not up to date, and give these."""
    responses = plan.counting(current_builds(lake, "responses"))
    wanted = {month: digest("why", WHY_VERSION, why.inputs, sorted(names.headline), load, plan.inputs[month])
              for month, load in responses.select("month", "load_id").iter_rows()}  # fmt: skip
    built = dict(_current(lake).select("month", "inputs").iter_rows())
    stale = [month for month, inputs in wanted.items() if built.get(month) != inputs]
    if stale:
        load_id, found = _build(lake, plan, stale, why, names)
        lake.append("builds", _records(load_id, {month: wanted[month] for month in stale}, found, now))
    return stale


def _current(lake: Lake) -> pl.DataFrame:
    """The builds whose loads are there."""
    loads = [lake.pieces(table).select(pl.col("load_id").unique()) for table in ("mentions", "words")]
    builds = current_builds(lake, "why")
    return builds.join(loads[0], on="load_id", how="semi").join(loads[1], on="load_id", how="semi")


def _months(lake: Lake, plan: Plan) -> list[date]:
    return plan.counting(current_builds(lake, "responses")).get_column("month").to_list()


def _build(lake: Lake, plan: Plan, months: Sequence[date], why: Why, names: Names) -> tuple[str, pl.DataFrame]:
    """Read months into a load, which does not count yet; and how many answers with a comment each has."""
    load_id = new_load_id()
    folders = {table: lake.begin(table, load_id=load_id) for table in ("mentions", "words")}
    found = [pl.DataFrame(schema=stored_types(Mention))]
    for number, stretch in enumerate(_stretches(lake, plan, months)):
        said = _said(lake, plan, stretch, with_comments=bool(why.themes))
        cells = _cells(lake, plan, stretch)
        found.append(_mentions(said, why))
        own = cells.filter(_is_of_score(names)).select(_CELL)
        of_words = (
            words(said.filter(has_words(pl.col("comment"))).join(own, on=_CELL, how="semi")) if why.themes else None
        )
        rows = pl.DataFrame(schema=stored_types(Word)) if of_words is None else of_words
        rows.select(Word.column_names()).write_parquet(folders["words"] / f"part-{number}.parquet", compression="lz4")
    mentions = pl.concat(found)
    mentions.write_parquet(folders["mentions"] / "part-0.parquet", compression="lz4")
    for table, folder in folders.items():
        lake.commit(table, [folder])
    return load_id, mentions.filter(kind="comment").group_by("month").agg(pl.col("answers").sum())


def _stretches(lake: Lake, plan: Plan, months: Sequence[date]) -> Iterator[list[date]]:
    answers = dict(plan.counting(current_builds(lake, "responses")).select("month", "responses").iter_rows())
    stretch: list[date] = []
    for month in months:
        if stretch and sum(answers[each] for each in (*stretch, month)) > ANSWERS_AT_ONCE:
            yield stretch
            stretch = []
        stretch.append(month)
    yield stretch


def _said(lake: Lake, plan: Plan, months: Sequence[date], *, with_comments: bool) -> pl.DataFrame:
    """The answers of clients that count and say anything: `month, cell, person, comment, reason, language`.

    Comments are not read where they are not wanted, and are NULL then.
    """
    files = files_to_read(plan.files, months).filter(pl.col("metric") == "nps")
    paths = lake.files_of("staged", files.select("load_id"), months)
    builds = plan.counting(current_builds(lake, "responses")).filter(pl.col("month").is_in(list(months)))
    counting = lake.files_of("responses", loads_of(builds))
    if not paths or not counting:
        schema = {"person": pl.Int64, **dict.fromkeys(_TEXTS, pl.String)}
        return pl.DataFrame(schema={"month": pl.Date, "cell": pl.Int32, **schema})
    answers = staged_answers(paths, plan.files).select(_READ)
    if not with_comments:
        answers = answers.with_columns(comment=pl.lit(None, pl.String))
    is_said = pl.any_horizontal(pl.col("comment", "reason").is_not_null())
    told = answers.filter(is_said, pl.col("month").is_in(list(months))).collect()
    positions = plan.files.select("source", "file_digest", "position").lazy()
    here = responses_in(counting).join(positions, on=["source", "file_digest"]).select(*_ROW, *_CELL, "person")
    return told.lazy().drop("month").join(here, on=_ROW).drop(_ROW).collect()


def _cells(lake: Lake, plan: Plan, months: Sequence[date]) -> pl.DataFrame:
    """The cells of clients' answers."""
    builds = plan.counting(current_builds(lake, "responses")).filter(pl.col("month").is_in(list(months)))
    files = lake.files_of("cells", loads_of(builds))
    if not files:
        texts = dict.fromkeys(("survey", *TYPED, "category"), pl.String)
        return pl.DataFrame(schema={"month": pl.Date, "cell": pl.Int32, **texts, "answers": pl.Int64})
    cells = scan("cells", files).filter(pl.col("metric") == "nps")
    named = [pl.col(name).cast(pl.String).fill_null(ABSENT[name]) for name in TYPED]
    return cells.select(*_CELL, "survey", *named, "category", "answers").collect()


def _is_of_score(names: Names) -> pl.Expr:
    """Of cells: whether the company's score is made of their answers."""
    headline = [key(name) for name in names.headline]
    of_own = pl.col("brand") == OWN
    return of_own & _keys("programme").is_in(headline) if headline else of_own


def _keys(name: str) -> pl.Expr:
    return pl.col(name).map_elements(key, return_dtype=pl.String)


def _mentions(said: pl.DataFrame, why: Why) -> pl.DataFrame:
    """What is said in each cell, as `Mention`."""
    is_comment = has_words(pl.col("comment"))
    reasons = said.drop_nulls("reason").with_columns(name=cleaned(pl.col("reason"))).drop_nulls("name")
    parts = [_counted(reasons, "reason", pl.col("name")), _counted(said.filter(is_comment), "comment", pl.lit(None))]
    if why.themes:
        names = [theme.name for theme in why.themes]
        told = says(said.filter(is_comment), why.themes)
        parts.append(_counted(told.filter(pl.any_horizontal(names)), "tagged", pl.lit(None)))
        parts += [_counted(told.filter(name), "theme", pl.lit(name)) for name in names]
    return pl.concat(parts)


def _counted(rows: pl.DataFrame, kind: str, name: pl.Expr) -> pl.DataFrame:
    told = rows.select(*_CELL, kind=pl.lit(kind), name=name.cast(pl.String))
    counted = told.group_by(*_CELL, "kind", "name").agg(answers=pl.len().cast(pl.Int64))
    return counted.select(Mention.column_names()).sort(_CELL)


def _mentioned(lake: Lake, plan: Plan, mentions: pl.DataFrame, names: Names) -> pl.DataFrame:
    """What is said by month and group: `month, <dimensions>, is_headline, kind, name` and counts of answers by category.

    All answers are there under the kind `answer`. Reasons that are no codes are `other`.
    """
    cells = shown_cells(_cells(lake, plan, _months(lake, plan)), names)
    every = cells.select(*_CELL, "answers", kind=pl.lit("answer"), name=pl.lit(None, pl.String))
    both = pl.concat([every, _with_codes(mentions).select(every.columns)])
    headline = [*names.headline]
    is_headline = pl.col("programme").is_in(headline) if headline else pl.lit(value=True)
    joined = both.join(cells.drop("answers"), on=_CELL).with_columns(is_headline=is_headline)
    each = [pl.when(pl.col("category") == kind).then("answers").otherwise(0).alias(f"{kind}s")
            for kind in ("promoter", "passive", "detractor")]  # fmt: skip
    by = ["month", "survey", *TYPED, "is_headline", "kind", "name"]
    return joined.with_columns(each).group_by(by).agg(pl.col(_COUNTS).sum()).sort(by)


def _with_codes(mentions: pl.DataFrame) -> pl.DataFrame:
    """Mentions with each reason under the spelling of most answers."""
    given = mentions.filter(kind="reason")
    counted = (
        given.group_by(spelling="name").agg(responses=pl.col("answers").sum()).with_columns(attribute=pl.lit("reason"))
    )
    shown = labels(counted, {}).with_columns(all=pl.col("responses").sum().over("shown_as"))
    is_code = (pl.col("all") >= FEWEST_OF_A_REASON) & (pl.col("shown_as").str.len_chars() <= LONGEST_REASON)
    codes = shown.select(name="spelling", code=pl.when(is_code).then("shown_as").otherwise(pl.lit(OTHER)))
    told = mentions.join(codes, on="name", how="left")
    return told.with_columns(name=pl.when(pl.col("kind") == "reason").then("code").otherwise("name")).drop("code")


def _stored(table: type[Mention | Word]) -> dict[str, pl.DataType]:
    return {**stored_types(table), "load_id": pl.String()}


def _records(load_id: str, inputs: Mapping[date, str], found: pl.DataFrame, now: datetime) -> pl.DataFrame:
    counts = dict(found.iter_rows())
    told = [
        ("why", month, load_id, made_of, counts.get(month, 0), 0, 0, now, None) for month, made_of in inputs.items()
    ]
    return pl.DataFrame(told, schema=types(BuildRecord), orient="row")
