"""What is odd about the answers of a file, though each may be true: sentences for its record, which stop nothing.

Here: doubts about one accepted file. Not here: what holds a file back (`expectations`), what is odd about its text (its
reader).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.odd_scale import odd_scale
from pipelines.intake.notes.answers.rows import odd_number_of_rows
from pipelines.intake.notes.answers.unlisted import unlisted_labels, unlisted_outcomes
from pipelines.intake.once import NOBODYS, OF_OTHERS
from pipelines.shown import counted, in_quotes
from transforms.dimensions import OWN, UNKNOWN
from transforms.reasons import Reason
from transforms.scores.scales import Scale
from transforms.texts.spelling import key
from warehouse.intake.tally import Tally

_MOST_OF_A_YEAR: Final = 6
#: With a time of day, dates may be of the day after, too.
_A_DAY: Final = 2
#: More rows, and a larger part of all, are called so for another reason.
_FEW_TOTALS: Final = 3
_PART: Final = 0.1
#: So many reasons of detractors for each of another look like a rule that has exceptions.
_RULE: Final = 20
_SHOWN: Final = 5
#: Fewer answers may be of one day of each month by chance.
_SEVERAL: Final = 20
#: Where there is a survey in each two answers, it is hardly one.
_IN_EACH: Final = 0.5


def doubts(source: Source, scale: Scale, tally: Tally) -> Iterator[str]:
    """Yield what people should know of a file whose answers were counted."""
    yield from odd_scale(scale, tally)
    yield from odd_number_of_rows(tally)
    yield from _exchanged(source, tally)
    yield from _totals(tally)
    yield from unlisted_labels(source, scale, tally)
    yield from unlisted_outcomes(tally, "without an answer", "Counted as delivered: asked, and not reached")
    if tally.shifted:
        yield (
            f"Row {tally.first_shifted:,} has no score, and what stands in place of its date is no date. Counted as "
            f"unanswered: {counted(tally.shifted, 'such row')}. If their cells are out of place, mend them in the file."
        )
    if tally.contacts:
        yield addresses_published(tally.contacts)
    if len(tally.surveys) >= max(_SEVERAL, _IN_EACH * tally.accepted):
        yield (
            f"It names {len(tally.surveys):,} surveys in {counted(tally.accepted, 'answer')}: each is one of its own, in "
            "which nobody has answered before. If that column tells something else, such as the number of the answer, name "
            "another one as survey in nps.yaml, or none; if there are so many, all is well."
        )
    for name, rows in tally.unsaid:
        yield (
            f"{name} is blank in {rows:,} of its answers: these count as of no known {name}, and so not in your own score."
        )
    if tally.reasons.get(Reason.SUMMARY_ROW):
        yield (
            f"{counted(tally.reasons[Reason.SUMMARY_ROW], 'row')} {OF_OTHERS}: no answers, and not counted. See "
            f"them with: nps rejects --reason {Reason.SUMMARY_ROW}"
        )
    if source.kind == "operator" and tally.content_with_reason:
        yield (
            f"A reason stands beside {tally.content_with_reason:,} of the answers of 7 to 10, though only those who give 0 "
            f"to 6 are asked for one. They count as they are."
        )
    elif tally.content_with_reason and tally.unhappy_with_reason >= _RULE * tally.content_with_reason:
        yield (
            f"A reason stands beside {tally.unhappy_with_reason:,} of the answers of 0 to 6, and beside "
            f"{tally.content_with_reason:,} of those of 7 to 10. If only the former are asked for one, scores or reasons of "
            f"the others are out of place; else all is well. They count as they are."
        )


def addresses_published(columns: Sequence[str]) -> str:
    """What people should know of a file in some of whose columns that are published addresses or telephone numbers stand."""
    return (
        f"E-mail addresses or telephone numbers stand in {' and in '.join(columns)}: they are kept and published as they "
        "are, as names of what answers are about. If they are of persons, take the column out of nps.yaml."
    )


def _totals(tally: Tally) -> Iterator[str]:
    """Rows that count, though what names them speaks of a total; where many do, it is the name of something."""
    if 0 < tally.totals <= max(_FEW_TOTALS, _PART * tally.accepted):
        yield (
            f"Row {tally.first_total:,} may be a total or an average of others, by what names it. Counted as answers: "
            f"{counted(tally.totals, 'such row')}. If they are none, take them out of the file, or "
            "name them under exclude in nps.yaml."
        )


def _exchanged(source: Source, tally: Tally) -> Iterator[str]:
    """Dates that are of all months but of one day of each: what was the month in the file was read as the day.

    Where the year stands first, that is how answers are dated by months.
    """
    if (
        source.days_are_numbered
        and not all(each.startswith("%Y") for each in source.dates.formats)
        and len(tally.months) >= _MOST_OF_A_YEAR
        and tally.days <= _A_DAY
        and tally.accepted >= _SEVERAL
    ):
        written = ", ".join(source.dates.formats)
        yield (
            f"Its dates are of {len(tally.months):,} months, and all of the same day of the month: day and month are "
            f"probably written in another order than {written} of nps.yaml. If they are, give the file a source of its own "
            "with its format; if it is dated by months, all is well."
        )


def nothing_own(source: Source, tally: Tally, own_brands: Sequence[str]) -> Iterator[str]:
    """What people should know of a file with a column of brands, none of which is the company's own."""
    own = {key(name) for name in (OWN, *own_brands)}
    named = [brand for brand in tally.brands if brand != UNKNOWN]
    if "brand" in source.columns and named and not own & {key(brand) for brand in named}:
        shown = ", ".join(named[:_SHOWN]) + (" …" if len(named) > _SHOWN else "")
        yield (
            f"None of its answers is about your own brand, but about {shown}: they stand in nps_by_brand alone. If one of "
            f"these is you, write own_brands: [{in_quotes(named[0])}] in nps.yaml, with that name."
        )


def no_source_own(source: Source, sources: Iterable[Source], own_brands: Sequence[str]) -> Iterator[str]:
    """What people should know of a source of clients whose brand is said once for all, where no source is of the own one."""
    own = {key(name) for name in (OWN, *own_brands)}
    of_clients = [each for each in sources if each.metric == "nps" and each.has_scores]
    said = source.defaults.get("brand", OWN)
    if source in of_clients and all(
        "brand" not in each.columns and key(each.defaults.get("brand", OWN)) not in own for each in of_clients
    ):
        yield (
            f"It is about {in_quotes(said)} (brand of defaults), {NOBODYS}: the company has no score. If that is you, write "
            f"own_brands: [{in_quotes(said)}] in nps.yaml; if it is a rival, all is well."
        )
