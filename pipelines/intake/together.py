"""Reading many small files of a source together: one plan and one load for all of them, and a verdict on each.

Here: which files are read so, and their verdicts. A file with anything odd about it, or with other headings than the one
before it, is read by itself (`reading`), and so are all where anything goes wrong: nothing is said here of any of them.
Not here: telling that a file is sound (`pipelines.adapters.text.small`), writing the load (`warehouse.intake.shared`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import polars as pl

from pipelines.adapters.columns import canonical
from pipelines.adapters.file_names import values_from_name
from pipelines.adapters.gaps import files_with_gaps
from pipelines.adapters.headings import labels, plain_headings, same_name
from pipelines.adapters.json.airbyte import holds_raw_records
from pipelines.adapters.table import TextTable
from pipelines.adapters.text.small import SmallText, as_one, may_be_small, small_text
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.errors import FileRefusedError
from pipelines.intake import noted
from pipelines.intake.erased_people import erased
from pipelines.intake.feeds import Feed
from pipelines.intake.history import History
from pipelines.intake.notes.columns.marked import brand_by_file
from pipelines.intake.notes.earlier.blanked import blank_by_file
from pipelines.intake.reading import refuse_changed, scope_of
from pipelines.intake.verdicts import FileVerdict
from pipelines.landing.discover import RefusedFile
from pipelines.landing.landed import LandedFile
from pipelines.recipes.rows import cleaning_rules
from transforms.rows.staged import judge
from transforms.rows.summaries import SAYS
from warehouse.intake.shared import stage_together
from warehouse.intake.staging import Origin
from warehouse.lake.loads import SEVERAL

#: So many files share a load at most, and about so many bytes: its rows are held in memory.
MANY: Final = 5_000
_BYTES: Final = 8 << 20


@dataclass
class Gathered:
    """Files that are to be read together."""

    texts: list[SmallText] = field(default_factory=list)
    named: list[Mapping[str, str]] = field(default_factory=list)
    """What the name of each says of its rows."""
    size_bytes: int = 0

    def is_full(self) -> bool:
        """Whether no more files should be taken."""
        return len(self.texts) >= MANY or self.size_bytes >= _BYTES

    def takes(self, text: SmallText, named: Mapping[str, str]) -> bool:
        """Whether a file is like those that are here."""
        return not self.texts or (text.layout == self.texts[0].layout and named.keys() == self.named[0].keys())

    def take(self, text: SmallText, named: Mapping[str, str]) -> None:
        """Add one."""
        self.named.append(named)
        self.texts.append(text)
        self.size_bytes += text.file.size_bytes


def plain(feed: Feed, file: LandedFile | RefusedFile, history: History) -> tuple[SmallText, Mapping[str, str]] | None:
    """A file that may be read together with others, and what its name says of its rows; None where it may not."""
    if isinstance(file, RefusedFile) or not isinstance(feed.layout, Source) or feed.layout.contacts:
        return None
    if not may_be_small(file, feed.layout):
        return None
    try:
        named = values_from_name(file, feed.layout)
    except FileRefusedError:
        return None
    text = small_text(file, feed.layout) if history.by_older_rules(file.digest) is None else None
    return (text, named) if text is not None and _is_like_before(text, history, scope_of(named, "")) else None


def _is_like_before(text: SmallText, history: History, scope: str) -> bool:
    """Whether its headings are those of the file before it, if there is one: else it is told what differs."""
    now = _labels(text.headings)
    before = next((each.headings for each in history.before(text.file, scope) if each.headings), now)
    return bool(now) and (before == now or [*map(same_name, before)] == [*map(same_name, now)])


@lru_cache
def _labels(first_row: tuple[str, ...]) -> tuple[str, ...]:
    """Headings as records of files have them."""
    headings = plain_headings([list(first_row)], 1)
    return labels(TextTable(headings, pl.LazyFrame(), len(headings)))


def read_together(context: Context, feed: Feed, gathered: Gathered, history: History) -> list[FileVerdict | None]:
    """Write the rows of files as one load: accepted as far as each goes, and None for each that is to be read by itself."""
    nothing: list[FileVerdict | None] = [None] * len(gathered.texts)
    if len(gathered.texts) == 1 or not isinstance(feed.layout, Source):
        return nothing
    try:
        return _read(context, feed, feed.layout, gathered, history)
    except (FileRefusedError, pl.exceptions.PolarsError, OSError):
        return nothing


def _read(
    context: Context, feed: Feed, source: Source, gathered: Gathered, history: History
) -> list[FileVerdict | None]:
    texts, config = gathered.texts, context.workspace.config
    table = as_one(texts)
    if table is None or holds_raw_records(table):
        return [None] * len(texts)
    rules = cleaning_rules(config, feed.name, table, key=context.workspace.key(), now=context.clock())
    raw = canonical(table, texts[0].file, source, _named(gathered)).collect()
    blank, gone_blank = blank_by_file(table, source)
    odd = {*files_with_gaps(table, source), *gone_blank, *_files_with_totals(raw)}
    raw = raw.drop(SAYS, strict=False).filter(~pl.col("file_no").is_in(list(odd)))
    numbers = [number for number in range(len(texts)) if number not in odd]
    origin = Origin(feed.name, SEVERAL, rules.survey, raw.columns, erased=erased(context))
    staged = stage_together(context.lake, judge(raw.lazy(), rules, SEVERAL), origin, numbers)
    headings, brands = labels(table), brand_by_file(table, source)
    about, columns = noted.of_headings(feed, table, config), noted.of_columns(table, source, "", config)
    found: list[FileVerdict | None] = []
    for number, text in enumerate(texts):
        each = staged.get(number)
        if each is None or _was_changed(text.file):
            found.append(None)
            continue
        scope = scope_of(gathered.named[number], "")
        notes = (
            *noted.of_answers(context, feed, each),
            *columns.get(number, ()),
            *about,
            *noted.of_other_files(feed, text.file, history, scope),
        )
        verdict = FileVerdict(
            text.file, "accepted", each, scope, headings=headings, notes=notes, blank=blank.get(number),
            brand=brands.get(number),
        )  # fmt: skip
        found.append(verdict)
    return found


def _named(gathered: Gathered) -> dict[str, pl.Expr]:
    """What the name of each row's file says of it."""
    values = {name: pl.Series([each[name] for each in gathered.named]) for name in gathered.named[0]}
    return {name: pl.lit(of_files).gather(pl.col("file_no")) for name, of_files in values.items()}


def _files_with_totals(raw: pl.DataFrame) -> Sequence[int]:
    """The files of which rows may sum others up, which looks at all rows of a file."""
    said = [pl.col(name) for name in SAYS if name in raw.columns]
    return raw.filter(pl.any_horizontal(said))["file_no"].unique().to_list() if said else []


def _was_changed(file: LandedFile) -> bool:
    try:
        refuse_changed(file)
    except FileRefusedError:
        return True
    return False
