"""A law of sniff: what runs without a question gives the figure that a careful person gets by hand.

Here: surveys of every kind (`tables`), written as they are and as they go wrong; what a new user gets of them; and a
planted fault that each law catches. Not here: what each kind of fault should ask (`test_cases_*`).
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.columns import canonical
from pipelines.adapters.kinds import read
from pipelines.config.load import load_config
from pipelines.config.models import Config
from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.digests import DigestCache
from pipelines.landing.discover import RefusedFile, discover
from pipelines.recipes import rows as recipes
from pipelines.recipes.rows import cleaning_rules
from pipelines.sniff.columns.roles import Candidate
from pipelines.sniff.people.persons import respondents
from pipelines.sniff.start import start
from tests.support.laws import law, part, some_of
from tests.support.scenario import taken_in
from tests.support.tables import DATES, FORMATS, LANGUAGES, ODDITIES, SCALES, SCORES, Figure, Way, survey
from transforms.rows.staged import CleaningRules, judge

#: With NPS_LAW_EXAMPLES the law is tried on as many.
EXAMPLES = int(os.environ.get("NPS_LAW_EXAMPLES", "90"))
CLEAN = 100
#: What stands beside the answers in ordinary tables.
ORDINARY = (
    "names", "statement", "other_survey", "birth", "phone", "row_number", "person_id", "answer_id", "quoted_line_feeds",
    "sent", "replied",
)  # fmt: skip
NEEDS_NO_QUESTION = 0.7


@dataclass(frozen=True)
class Got:
    """What a new user gets of some files."""

    questions: list[str]
    figure: Figure
    rejected: int
    """Rows of which it is said that they do not count."""
    said: list[str]
    """Notes on files, and why one was not let in; looked up only where the figure needs it."""


def got(right: Figure, files: dict[str, bytes]) -> Got:
    """Start a workspace from files and count, if nothing is asked."""
    with tempfile.TemporaryDirectory(prefix="nps-law-") as folder:
        paths = [Path(folder) / name for name in files]
        for path in paths:
            path.write_bytes(files[path.name])
        home = Path(folder) / "home"
        try:
            started = start(home, paths)
        except FileRefusedError as error:
            return Got([], Counter(), 0, [error.detail])
        if started.questions:
            return Got(started.questions, Counter(), 0, [])
        figure, rejected = _counted(home, load_config(home / "nps.yaml"))
        said = [] if is_right(figure, rejected, right) else _said(home)
        return Got([], figure, rejected, said)


def is_right(figure: Figure, rejected: int, right: Figure) -> bool:
    """Whether no answer counts elsewhere than by hand, and none is missing that is not rejected."""
    return not figure - right and (right - figure).total() <= rejected


def _counted(home: Path, config: Config) -> tuple[Figure, int]:
    """The answers by month and group, after the rules by which one answer takes the place of another."""
    frames = []
    with tempfile.TemporaryDirectory(prefix="nps-law-") as scratch:
        digests = DigestCache(Path(scratch) / "digests.json")
        for name, source in config.sources.items():
            files = {
                each.digest: each
                for each in discover(
                    home, [source.files] if isinstance(source.files, str) else source.files, Limits(), digests
                )
            }
            for file in files.values():
                if isinstance(file, RefusedFile):
                    continue
                table = read(file, source, Limits(), Path(scratch))
                rules = cleaning_rules(config, name, table, key="k" * 32, now=datetime(2025, 1, 1, tzinfo=UTC))
                try:
                    rows = judge(canonical(table, file, source), rules, file.digest).collect()
                except pl.exceptions.ComputeError:
                    assert table.careful is not None
                    rows = judge(canonical(table.careful(), file, source), rules, file.digest).collect()
                frames.append(rows.sort("source_row"))
    if not frames:
        return Counter(), 0
    rows = pl.concat(frames, how="diagonal_relaxed")
    rejected = rows.filter(pl.col("outcome").is_in(["rejected", "excluded"])).height
    answers = rows.filter(pl.col("outcome") == "accepted").to_dicts()
    latest = {(row["source"], row["response_id"]): row for row in answers}.values()
    by_time = sorted(latest, key=lambda row: row["responded_at"])
    one = {
        (row["survey"], row["month"], row["respondent_key"] or (row["source"], row["response_id"])): row
        for row in by_time
    }
    return Counter((f"{row['month']:%Y-%m}", row["category"]) for row in one.values()), rejected


def _said(home: Path) -> list[str]:
    """What the ledger says of the files."""
    verdicts = taken_in(home).values()
    return [text for each in verdicts for text in [*(each["notes"] or []), each["detail"]] if text]


def judge_way(way: Way) -> Got:
    """Hold what a new user gets against what is right: a question, the figure, or a word about it."""
    made = survey(way)
    found = got(made.right, made.files)
    is_fine = found.questions or is_right(found.figure, found.rejected, made.right) or found.said
    assert is_fine, f"{way}\nby hand {made.right}\ngot {found.figure}\n{found.rejected} rejected, nothing said"
    return found


def settled(way: Way) -> Way:
    """A way that can be: what goes wrong needs rows to be seen, and columns to stand in."""
    odd = set(way.odd)
    if odd & {"zeros_blank"} or way.scale == "index":
        way = replace(way, rows=max(way.rows, 66))
    if way.format == "two scales":
        # Six answers on 1-5 below a heading that says 0 to 10 are answers on 0-10 as well.
        way = replace(way, rows=max(way.rows, 45))
    if odd & {"short_rows", "line_feeds", "quoted_line_feeds"}:
        way = replace(way, comments=True)
    if "e_mail_twice" in odd:
        way = replace(way, e_mails=True)
    ids = [each for each in sorted(odd) if each.startswith("answer_id")]
    odd -= {
        *ids[1:],
        *(["bare_id_again"] if "bare_id" in odd else []),
        *(["person_id"] if "person_id_twice" in odd else []),
    }
    if way.early or way.format == "jsonl":
        odd -= {"swapped"}
    if "zeros_blank" in odd:
        way = replace(way, scale="0-10", format="csv")
    if "line_feeds" in odd:
        odd -= {"quoted_line_feeds", "short_rows", "totals"}
        way = replace(way, format="csv", scores="plain")
    if odd & {"short_rows", "kinds"} or way.scale == "1-5":
        way = replace(way, format="csv")
    return replace(way, odd=frozenset(odd))


ways = st.builds(
    Way,
    language=st.sampled_from(LANGUAGES),
    seed=st.integers(0, 9_999),
    rows=st.sampled_from([12, 30, 45, 80]),
    scale=st.sampled_from(["0-10", *SCALES]),
    scores=st.sampled_from(["plain", "plain", *SCORES]),
    is_named_by_question=st.booleans(),
    dates=st.sampled_from(list(DATES)),
    early=st.sampled_from([False, False, True]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    is_unicode=st.booleans(),
    format=st.sampled_from(FORMATS),
    odd=st.frozensets(st.sampled_from(ODDITIES), max_size=2),
    e_mails=st.booleans(),
    branches=st.booleans(),
    comments=st.booleans(),
).map(settled)


@given(ways)
@law(EXAMPLES)
def test_what_runs_without_a_question_is_right(way: Way) -> None:
    judge_way(way)


def clean(seed: int) -> Way:
    """An ordinary table: zeros in it, nobody twice in a month, one date or an obvious one, an id of the answer or none."""
    random = Random(f"clean {seed}")  # noqa: S311 - a seed
    return settled(
        Way(
            language=LANGUAGES[seed % len(LANGUAGES)],
            seed=seed,
            rows=random.choice([30, 40, 60, 90]),
            scores=random.choice(["plain"] * 6 + ["labelled", "decimal"]),
            is_named_by_question=random.random() < 0.5,
            dates=random.choice([name for name in DATES if name not in ("seconds", "before words")]),
            delimiter=random.choice([",", ";", "\t"]),
            is_unicode=random.random() < 0.6,
            format=random.choice(["csv", "csv", "csv", "xlsx"]),
            odd=frozenset(random.sample(ORDINARY, random.choice([0, 0, 0, 1, 1, 2]))),
            e_mails=random.random() < 0.6,
            branches=random.random() < 0.7,
            comments=random.random() < 0.7,
        )
    )


def share_unasked(ways: Sequence[Way]) -> tuple[float, Counter[str]]:
    """How many of some tables need no question, and how often each setting is asked for."""
    found = [judge_way(way) for way in ways]
    asked = Counter(question.split(":")[0].rpartition(".")[2] for each in found for question in each.questions)
    return sum(not each.questions for each in found) / len(found), asked


def test_most_clean_tables_need_no_question() -> None:
    share, asked = share_unasked([clean(seed) for seed in range(part(CLEAN))])
    assert share >= NEEDS_NO_QUESTION, f"{share:.0%} need no question; asked: {asked}"


# A planted fault each, which the law must catch


def wrong_person(columns: Any, answers: Any, known: Any) -> list[Candidate]:  # noqa: ANN401, ARG001 - as what it replaces
    """An id that is different in each row is taken for the answer's."""
    unique = [each for each in columns if len(each.counts) == each.rows]
    return [Candidate(each, "", certain=True) for each in unique[:1]]


def everybody(columns: Any, *_: Any) -> list[Candidate]:  # noqa: ANN401 - as what it replaces
    """Whatever names a person, an order or a name says who answered."""
    return [Candidate(each, "", certain=True) for each in columns if len(each.counts) > 1][:1]


def unasked(*known: Any) -> list[Candidate]:  # noqa: ANN401 - as what it replaces
    """What has to be asked is written down."""
    return [replace(each, certain=True, question="") for each in respondents(*known)]


def blank_zeros(*known: Any, **others: Any) -> CleaningRules:  # noqa: ANN401 - as what it replaces
    """Who gave a 0 did not answer."""
    return replace(recipes.cleaning_rules(*known, **others), unanswered=("0",))


ORDERS = Way(odd=frozenset({"order"}), e_mails=False, branches=False, comments=False)
FAULTS: dict[str, tuple[str, Any, Way]] = {
    "an id that differs in each row is the answer's": (
        "pipelines.sniff.several.identity.response_ids",
        wrong_person,
        Way(odd=frozenset({"row_number"}), e_mails=False, branches=False, comments=False, format="two months"),
    ),
    "an order says who answered": ("pipelines.sniff.several.identity.respondents", everybody, ORDERS),
    "people who answer twice in a month count once, unasked": (
        "pipelines.sniff.people.losses.Answers.answered_again",
        lambda *_: 0,
        Way(odd=frozenset({"e_mail_twice"})),
    ),
    "the first date is that of the answer": (
        "pipelines.sniff.entry.answer_dates",
        lambda found: sorted(found.dates, key=lambda each: each.column.position)[:1],
        Way(odd=frozenset({"replied"}), e_mails=False),
    ),
    "of one order of day and month nothing is asked": (
        "pipelines.sniff.dates.orders._orders",
        lambda *_: [("%d", "%m")],
        Way(dates="american", early=True),
    ),
    "half-swapped dates are not seen, nor held": (
        (
            "pipelines.sniff.dates.exchanged.half_swapped pipelines.sniff.dates.dates.out_of_months "
            "warehouse.intake.tally.seem_swapped"
        ),
        lambda *_: 0,
        Way(odd=frozenset({"swapped"})),
    ),
    "a short scale is 0-10": (
        "pipelines.sniff.scores.scores.scale_of",
        lambda *_, **__: ("0-10", None, ["planted"]),
        Way(scale="1-5", rows=12),  # of more answers, the night tells it too
    ),
    "numbers of options are answers": (
        "pipelines.sniff.scores.scales._doubt pipelines.intake.noted.doubts",  # the night tells it too
        lambda *_: (),
        Way(scale="index", rows=70),
    ),
    "rows of other questions are answers": (
        # The night tells it too.
        (
            "pipelines.sniff.sniff.kinds_of pipelines.sniff.sniffed.kinds_of "
            "pipelines.intake.notes.columns.advised._of_other_surveys"
        ),
        lambda *_: None,
        Way(odd=frozenset({"kinds"}), e_mails=False),
    ),
    "a question is swallowed": (
        "pipelines.sniff.several.identity.respondents",
        unasked,
        Way(odd=frozenset({"e_mail_twice"})),
    ),
    "a 0 is read as nothing": ("tests.sniff.test_sniff_law.cleaning_rules", blank_zeros, Way()),
}


@pytest.mark.parametrize("fault", some_of(FAULTS))
def test_the_law_catches(fault: str) -> None:
    places, wrong, way = FAULTS[fault]
    judge_way(settled(way))
    with ExitStack() as planted:
        for place in places.split():
            planted.enter_context(patch(place, wrong))
        # A night tells by itself of snapshots that take the place of others' days; here sniff alone is tried.
        planted.enter_context(patch("pipelines.intake.compared.answers_gone", lambda *_: ()))
        planted.enter_context(pytest.raises(AssertionError, match="nothing said"))
        for seed in range(8):
            judge_way(settled(replace(way, seed=seed)))


def test_the_share_catches_a_sniff_that_asks_too_much() -> None:
    with patch("pipelines.sniff.entry.answer_dates", lambda _: []):
        share, asked = share_unasked([clean(seed) for seed in range(6)])
    assert share < NEEDS_NO_QUESTION
    assert asked["responded_at"] > 0
