"""What a run tells Dagster: metadata for people, and the result of every rule as an asset check.

Here: from our reports to Dagster's words. Not here: the publication's (`publication`), any work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import dagster as dg
import polars as pl

from expectations.check import Verdict
from expectations.rules import Rule
from pipelines.config.sources import Source
from pipelines.intake.ingest import Intake
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted
from transforms.reasons import with_outcome

SHOWN_FILES = 100
#: What begins something in Markdown, and is only a character in names and headings.
_MARKDOWN: Final = re.compile(r"[\\`\[\]<|]")

if TYPE_CHECKING:
    Result: TypeAlias = dg.MaterializeResult[Any]
else:
    # Dagster does not recognise its own class with a parameter.
    Result = dg.MaterializeResult

ALL_FILES_IN = "all_files_in"
_OF_EMPLOYEES: Final = "Something is odd in it, which nps status tells: of employees it is not shown here."


def feed_check(asset: str) -> dg.AssetCheckSpec:
    """What is checked of a source or dimension beside the rules of its gate; it stops nothing."""
    return dg.AssetCheckSpec(
        ALL_FILES_IN,
        asset=asset,
        description="Fails when a file that arrived is not in; warns when one just taken in has something odd.",
    )


def check_specs(
    asset: str, rules: Iterable[Rule], months: dg.MonthlyPartitionsDefinition | None = None
) -> list[dg.AssetCheckSpec]:
    """One check per rule of a stage, of each month where it has months. A rule says what is wrong when it fails."""
    return [
        dg.AssetCheckSpec(
            rule.name, asset=asset, description=f"Fails when: {rule.says}", blocking=True, partitions_def=months
        )
        for rule in rules
    ]


def check_results(asset: str, verdicts: Sequence[Verdict]) -> list[dg.AssetCheckResult]:
    """The verdicts of a gate, as Dagster shows them. They hold counts, never values."""
    return [
        dg.AssetCheckResult(
            passed=verdict.passed,
            asset_key=dg.AssetKey(asset),
            check_name=verdict.rule.name,
            severity=dg.AssetCheckSeverity.ERROR,
            description="The rule holds." if verdict.passed else verdict.rule.says,
            metadata={"failing_rows": verdict.rows, "observed": verdict.observed},
        )
        for verdict in verdicts
    ]


def files_report(
    asset: str, intake: Intake, not_in: pl.DataFrame, until_now: pl.DataFrame, *, is_checked: bool
) -> Result:
    """What was taken in now, and all that there is of the source.

    With a check that fails if any file of landing is not in, and only warns if any is odd.

    `not_in` has `source, path, status, detail` of the files that are not in, of this run or an earlier one; `until_now` is
    `pipelines.report.status.standing`; `is_checked` says whether the run is asked for the check.
    """
    verdicts, not_in = intake.verdicts, not_in.filter(pl.col("source") == intake.feed.name)
    accepted = [verdict for verdict in verdicts if verdict.status == "accepted"]
    reasons: dict[str, int] = {}
    for verdict in verdicts:
        for reason, rows in verdict.tally.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + rows
    months = sorted({month for verdict in accepted for month in verdict.tally.months})
    return dg.MaterializeResult(
        metadata={
            **_standing(until_now.filter(pl.col("source") == intake.feed.name)),
            "files_accepted": len(accepted),
            "files_held_or_refused": len(verdicts) - len(accepted),
            "rows_read": sum(verdict.tally.rows_read for verdict in verdicts),
            "accepted": sum(verdict.tally.accepted for verdict in accepted),
            "unanswered": sum(verdict.tally.unanswered for verdict in verdicts),
            "excluded": sum(verdict.tally.excluded for verdict in verdicts),
            "rejected": sum(verdict.tally.rejected for verdict in verdicts),
            **({"contacts": sum(each.tally.attempts or 0 for each in verdicts)} if _has_contacts(intake) else {}),
            **by_outcome(reasons),
            "months_touched": ", ".join(f"{month:%Y-%m}" for month in months) or "none",
            "seconds": round(intake.seconds, 2),
            "files": dg.MetadataValue.md(_file_table(verdicts, intake)),
        },
        asset_key=asset,
        check_results=[_all_in(asset, not_in, intake)] if is_checked else [],
    )


def by_outcome(reasons: Mapping[str, int]) -> dict[str, dg.MetadataValue[Any]]:
    """How many rows were rejected for which reason, and of those that are no answers how many were excluded for which."""
    excluded = {reason: rows for reason, rows in reasons.items() if reason in with_outcome("excluded")}
    rejected = {reason: rows for reason, rows in reasons.items() if reason not in excluded}
    told: dict[str, dg.MetadataValue[Any]] = {"rejected_by_reason": dg.MetadataValue.json(rejected)}
    return told | ({"excluded_by_reason": dg.MetadataValue.json(excluded)} if excluded else {})


def _has_contacts(intake: Intake) -> bool:
    return isinstance(intake.feed.layout, Source) and intake.feed.layout.contacts


def lines_of(intake: Intake) -> Iterator[str]:
    """A line about each file that was read, for the log of the run; of very many the first ones."""
    for verdict in intake.verdicts[:SHOWN_FILES]:
        counts = {name: getattr(verdict.tally, name) for name in ("rows_read", "accepted", "unanswered", "rejected")}
        yield f"{verdict.file.known_as} is {verdict.status}: {line(counts)}."
    if len(intake.verdicts) > SHOWN_FILES:
        yield f"{len(intake.verdicts) - SHOWN_FILES:,} files more."


def _standing(of_source: pl.DataFrame) -> dict[str, Any]:
    """All that there is of a source, in names that tell it from what was taken in now."""
    names = ["files", "accepted", "counted", "superseded", "last_month"]
    rows = of_source.select(names).rename({name: f"{name}_until_now" for name in names}).to_dicts()
    return {name: value for row in rows for name, value in row.items() if value is not None}


def refuse_broken(intakes: Sequence[Intake]) -> None:
    """Raise what broke while the files of a source were read, now that those of the others are in."""
    broken = [(intake.feed.name, intake.error) for intake in intakes if intake.error is not None]
    if broken:
        name, error = broken[0]
        others = f" So did {', '.join(name for name, _ in broken[1:])}." if broken[1:] else ""
        error.add_note(f"It broke while files of {name} were read.{others}")
        raise error


def _notes(verdict: FileVerdict, intake: Intake) -> str:
    """What is odd in a file. Of employees it may tell what they answered, and more people see Dagster's pages."""
    is_private = isinstance(intake.feed.layout, Source) and intake.feed.layout.metric == "enps"
    return _OF_EMPLOYEES if verdict.notes and is_private else " ".join(verdict.notes)


def _all_in(asset: str, not_in: pl.DataFrame, intake: Intake) -> dg.AssetCheckResult:
    """One check of both: each check costs a night as much as a small file does."""
    odd = [verdict for verdict in intake.verdicts if verdict.status == "accepted" and verdict.notes]
    are = "is" if not_in.height == 1 else "are"
    out = f"{counted(not_in.height, 'file')} {are} not in, and count{'s' * (not_in.height == 1)} nowhere."
    strange = (
        f" Something is odd in {counted(len(odd), 'file')} just taken in, which may be true, and counts." if odd else ""
    )
    said = [
        (path, f"{status}: {detail}") for path, status, detail in not_in.select("path", "status", "detail").iter_rows()
    ]
    said += [(verdict.file.known_as, _notes(verdict, intake)) for verdict in odd]
    return dg.AssetCheckResult(
        passed=not said,
        asset_key=dg.AssetKey(asset),
        check_name=ALL_FILES_IN,
        severity=dg.AssetCheckSeverity.WARN if not_in.is_empty() else dg.AssetCheckSeverity.ERROR,
        description=("All files are in." if not_in.is_empty() else out) + strange,
        metadata=dict(said[:SHOWN_FILES]),
    )


def _file_table(verdicts: Sequence[FileVerdict], intake: Intake) -> str:
    lines = [
        "| file | verdict | rows read | accepted | unanswered | rejected | says |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    lines += [
        f"| {cell(verdict.file.known_as)} | {verdict.status} | {verdict.tally.rows_read} | {verdict.tally.accepted} "
        f"| {verdict.tally.unanswered} | {verdict.tally.rejected} | {cell(verdict.detail or _notes(verdict, intake))} |"
        for verdict in verdicts[:SHOWN_FILES]
    ]
    return "\n".join(lines)


def line(counts: Mapping[str, int]) -> str:
    """Counts as a sentence has them."""
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())


def cell(text: str) -> str:
    """A text as a cell of a table of Markdown: names of files make no link, picture or further cell there."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.splitlines()))
