"""How many answers of each file count, and which other files' answers count in place of the rest.

Here: what the builds of months say of files, and the sentences about it. Not here: which answer counts
(`transforms.answers.responses`), the answers themselves (`pipelines.report.rejects`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from warehouse.lake.ledgers import DIMENSION_PREFIX, current_builds, outcomes_of
from warehouse.lake.store import Lake
from warehouse.months.plan import Plan, answers_too_early

#: How an answer lost, in words that follow "superseded by FILE" and "superseded by other rows of the same file".
RULES: Final = {
    "snapshot_replaced": "a newer export of the whole survey",
    "redelivered": "the same response id or row",
    "answered_again": "the same respondent again in the same month",
}
#: What to look at where very many answers lost so to others of their own file.
_IF_ODD: Final = {
    "redelivered": "If these are different answers, response_id of nps.yaml reads what many of them share: take it out, or "
    "mend the file; if they stand there twice, all is well.",
    "answered_again": "If nobody answered so often, respondent of nps.yaml reads what many share, such as an address of the "
    "company: take it out, or mend the file.",
}
_MANY: Final = 20
_MANY_OF: Final = 0.2
_WINNERS_SHOWN: Final = 3
#: What stands in place of a rule where answers are of months that are not kept any more.
_EARLY: Final = "before_history"
_KEY: Final = ["source", "file_digest"]


def fates(lake: Lake, plan: Plan) -> pl.DataFrame:
    """What became of the answers of files, by the builds that count: one row per file, rule and winning file.

    `source, file_digest, rule, by_source, by_file_digest, answers`; the rule is NULL of the answers that count. Answers of
    months before `history_from` have a word of their own there, and no winner.
    """
    found = _over_months(outcomes_of(lake, plan.counting(current_builds(lake, "responses"))))
    early = answers_too_early(lake, plan).with_columns(rule=pl.lit(_EARLY))
    return pl.concat([found, early], how="diagonal_relaxed")


def files_of_months(files: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The same as `files_counted` of some months alone, given what became of the answers in them."""
    within = outcomes.group_by(_KEY).agg(accepted=pl.col("answers").sum())
    return files_counted(files.drop("accepted").join(within, on=_KEY), _over_months(outcomes))


def files_counted(files: pl.DataFrame, became: pl.DataFrame) -> pl.DataFrame:
    """The files of answers that are in, the last ones taken in first: `source, path, accepted, counted, superseded, says`.

    `files` are verdicts, `became` comes from `fates`. What counts is NULL where a month of the file is yet to be built;
    `says` is the sentence about what does not count, if anything does not.
    """
    is_in = files.filter(pl.col("status") == "accepted", ~pl.col("source").str.starts_with(DIMENSION_PREFIX))
    sums = became.group_by(_KEY).agg(
        counted=pl.col("answers").filter(pl.col("rule").is_null()).sum(),
        superseded=pl.col("answers").filter(pl.col("rule").is_in(list(RULES))).sum(),
        early=pl.col("answers").filter(pl.col("rule") == _EARLY).sum(),
    )
    found = is_in.join(sums, on=_KEY, how="left").with_columns(pl.col("counted", "superseded", "early").fill_null(0))
    built = pl.sum_horizontal("counted", "superseded", "early") == pl.col("accepted")
    found = found.with_columns(pl.when(built).then(pl.col("counted", "superseded")))
    says = _sentences(found, files, became)
    ordered = found.sort("ingested_at", "source", "path", descending=[True, False, False])
    told = pl.struct(_KEY).map_elements(lambda key: says.get((key["source"], key["file_digest"])), pl.String)
    return ordered.select(*_KEY, "path", "accepted", "counted", "superseded", says=told)


def newly_superseded(plan: Plan, before: pl.DataFrame, now: pl.DataFrame) -> list[str]:
    """A sentence about every file of which more answers do not count now than `before`, by any rule; both of `fates`."""
    group = [*_KEY, "rule"]
    then, after = (each.drop_nulls("rule").group_by(group).agg(pl.col("answers").sum()) for each in (before, now))
    more = pl.col("answers") > pl.col("answers_before").fill_null(0)
    grew = after.join(then, on=group, how="left", suffix="_before").filter(more)
    found = files_counted(plan.verdicts, now).join(grew, on=_KEY, how="semi")
    return found.get_column("says").drop_nulls().to_list()


def _over_months(outcomes: pl.DataFrame) -> pl.DataFrame:
    group = [*_KEY, "rule", "by_source", "by_file_digest"]
    return outcomes.group_by(group).agg(pl.col("answers").sum())


def _sentences(found: pl.DataFrame, files: pl.DataFrame, became: pl.DataFrame) -> dict[tuple[str, str], str]:
    paths: dict[tuple[str, ...], str] = {
        (source, digest): path for source, digest, path in files.select(*_KEY, "path").iter_rows()
    }
    lost: dict[tuple[str, str], list[tuple[int, str]]] = {}
    twice: dict[tuple[str, str], tuple[int, str]] = {}
    rows = became.drop_nulls("rule").sort("answers", "rule", "by_file_digest", descending=[True, False, False])
    for source, digest, rule, *by, answers in rows.iter_rows():
        lost.setdefault((source, digest), []).append((answers, _how(rule, (source, digest), tuple(by), paths)))
        if tuple(by) == (source, digest) and rule in _IF_ODD:
            twice.setdefault((source, digest), (answers, _IF_ODD[rule]))
    return {
        (source, digest): _sentence(path, accepted, lost[source, digest])
        + _odd(accepted, *twice.get((source, digest), (0, "")))
        for source, digest, path, accepted in found.drop_nulls("counted").select(*_KEY, "path", "accepted").iter_rows()
        if (source, digest) in lost
    }


def _odd(accepted: int, answers: int, advice: str) -> str:
    """What to look at where so many answers lost to others of their own file."""
    return f" {advice}" if answers >= max(_MANY, _MANY_OF * accepted) else ""


def _how(rule: str, loser: tuple[str, str], winner: tuple[str, ...], paths: Mapping[tuple[str, ...], str]) -> str:
    if rule == _EARLY:
        return "of months before history_from of nps.yaml"
    by = "other rows of the same file" if winner == loser else paths.get(winner, "a file that is gone")
    return f"superseded by {by} ({RULES[rule]})"


def _sentence(path: str, accepted: int, lost: Sequence[tuple[int, str]]) -> str:
    """Such as: 12 of 60 answers of x.csv do not count: 12 are superseded by y.csv (the same response id or row)."""
    shown = [f"{number:,} {'is' if number == 1 else 'are'} {how}" for number, how in lost[:_WINNERS_SHOWN]]
    others = lost[_WINNERS_SHOWN:]
    if others:
        shown.append(f"{sum(number for number, _ in others):,} by others (all of them: meta.superseded)")
    answers = sum(number for number, _ in lost)
    verb = "does" if answers == 1 else "do"
    of = f"{accepted:,} {'answer' if accepted == 1 else 'answers'} of {path}"
    return f"{answers:,} of {of} {verb} not count: {', '.join(shown)}."
