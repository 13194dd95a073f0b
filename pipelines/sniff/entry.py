"""The entry for nps.yaml that a look at a file proposes.

Here: which lines go into it, and in what order. Not here: the lines (`proposal`), how YAML is spelt (`lines`), the findings
themselves.
An open question stands where its answer belongs, as a text that begins with `? `: `nps run` refuses it and repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipelines.sniff.columns.questions import said_in_each_row
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Block, Line, each_line
from pipelines.sniff.others.activity import ActivityColumns, activity_lines
from pipelines.sniff.others.clients import ClientColumns, client_lines
from pipelines.sniff.others.invitations import Invitations, invitation_lines
from pipelines.sniff.proposal.brands import brand_lines, programme_lines
from pipelines.sniff.proposal.codes import code_lines
from pipelines.sniff.proposal.contacts import contact_lines, outcomes_of, says_who_scored
from pipelines.sniff.proposal.corrections import correction_lines
from pipelines.sniff.proposal.counts import count_lines, weight_lines
from pipelines.sniff.proposal.date_formats import dates_block
from pipelines.sniff.proposal.date_lines import answer_dates, column_lines, dates_lines
from pipelines.sniff.proposal.file_lines import file_lines
from pipelines.sniff.proposal.flags import exclude_lines
from pipelines.sniff.proposal.groups_said import groups_alone, said_otherwise, told_by_groups
from pipelines.sniff.proposal.long_rows import long_line
from pipelines.sniff.proposal.metric_line import metric_line
from pipelines.sniff.proposal.other_lines import other_lines, unused
from pipelines.sniff.proposal.scale_columns import by_row
from pipelines.sniff.proposal.scale_parts import in_parts
from pipelines.sniff.proposal.scale_words import labels_of, scales_block, with_labels
from pipelines.sniff.proposal.score_lines import scale_line, score_lines
from pipelines.sniff.proposal.undated import period_lines
from pipelines.sniff.scores.own_labels import OwnLabels
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.several.told_again import leg_lines, repeat_lines
from pipelines.sniff.sniffed import Findings

#: So many answers of one day are told.
_MANY: Final = 50


def source_blocks(name: str, files: str, found: Findings, scores: list[ScoreColumn]) -> list[Block]:
    """A source of nps.yaml, and the scale that it needs beside, if any.

    The first of `scores` is proposed where it is certain, asked for where it is not.
    """
    when, scores = answer_dates(found), told_by_groups(found, scores)
    score = scores[0] if scores and scores[0].certain else None
    alone = None if scores else groups_alone(found)
    scale, odd = alone[0] if alone else scale_line(score, scores), said_otherwise(found, score)
    if odd is not None and odd.key and not scale.is_question:
        scale = odd
    beside = (each for other in found.beside for each in other.scores)
    scale = by_row(in_parts(scale, found, score, when), found, score)
    labels = labels_of(score, beside) if score else OwnLabels()
    scales = scales_block(scale, name, labels)
    lines = [
        *(alone[1:] if alone else score_lines(score, scores, found)),
        *column_lines(when, found),
        *_of_one_day(when, found),
        *other_lines(found, score, metric_line(found, scores).value),
        *brand_lines(found),
        *programme_lines(found),
        *(list(count_lines(found)) or weight_lines(found)),
    ]
    known = {each.key for each in lines}
    if "response_id" not in known:
        lines += list(repeat_lines(found)) or ([] if "respondent" in known else leg_lines(found, score))
    outcomes = outcomes_of(found)
    settled = outcomes[0] if outcomes and says_who_scored(found, *outcomes) else None
    others = [each for each in found.columns if each is not settled]
    rows = [*_where_lines(found, score), *exclude_lines(replace(found, columns=others)), *code_lines(found, score)]
    rows += contact_lines(found, *outcomes) if outcomes else ()
    rows += correction_lines(found)
    written = list(dates_lines(when, found))
    lines += unused(found, [*each_line([*rows, *written]), *lines])
    source = Block(
        name,
        [
            *file_lines(files, found, metric_line(found, scores)),
            with_labels(scale, name, labels),
            *([odd] if odd is not None and not odd.key else []),
            *rows,
            Block("columns", lines),
            *([] if when else period_lines(found)),
            *written,
        ],
    )
    return [Block("sources", [source]), *([scales] if scales else [])]


def dimension_block(found: Findings, name: str, columns: dict[str, int | str], files: str) -> Block:
    """A dimension of nps.yaml."""
    lines = [Line(key, value) for key, value in columns.items()]
    since = next((each for each in found.dates if each.column.name == columns.get("valid_from")), None)
    return Block(name, [*file_lines(files, found, None), Block("columns", lines), *dates_block([since])])


def ticket_block(found: Findings, columns: dict[str, int | str], files: str) -> Block:
    """What nps.yaml says of dumps of tickets."""
    dated = [each for each in found.dates if each.column.name in columns.values()]
    lines = [Line(key, value) for key, value in columns.items()]
    return Block("cases", [*file_lines(files, found, None), Block("columns", lines), *dates_block(dated)])


def activity_block(name: str, found: Findings, told: ActivityColumns, files: str) -> Block:
    """What nps.yaml says of what clients did."""
    lines = [*file_lines(files, found, None), *activity_lines(found, told)]
    return Block("activity", [Block(name, lines)])


def client_block(found: Findings, told: ClientColumns, files: str) -> Block:
    """What nps.yaml says of what is known of clients."""
    return Block("clients", [*file_lines(files, found, None), *client_lines(told)])


def invitation_block(name: str, found: Findings, told: Invitations, files: str) -> Block:
    """A source of a list of letters, whose answers stand elsewhere."""
    metric = Line("metric", "nps", "nps: clients; enps: employees")
    lines = invitation_lines(found, told, list(_of_contacts(found, told)))
    return Block("sources", [Block(name, [*file_lines(files, found, metric), *lines])])


def _of_contacts(found: Findings, told: Invitations) -> Iterator[Line]:
    """Columns of a list of letters by which contacts are counted."""
    taken = {each.name for each in (*told.client.columns, told.status, *told.beside)}
    for line in other_lines(found, None, "nps"):
        if line.key in ("branch", "channel") and line.value not in taken:
            yield line


def _of_one_day(when: Sequence[DateColumn], found: Findings) -> Iterator[Line]:
    """A comment where all answers of the only file are of one day: that of the export, perhaps."""
    if len(when) != 1 or found.beside or when[0].column.position is None or when[0].column.filled < _MANY:
        return
    days = found.opened.rows.select(day=when[0].at().dt.date()).drop_nulls()
    if days.get_column("day").n_unique() == 1:
        told = f"all {days.height:,} answers are of one day, {days.item(0, 0)}: if that is the day of the export, name"
        yield Line("", None, f"{told} the column that says when people answered")


def _where_lines(found: Findings, score: ScoreColumn | None) -> Iterator[Line | Block]:
    """Which rows are of this question; where all are by now, and a column says so, those that a later file may hold."""
    if found.kinds:
        yield Line("where", f"? {found.kinds.question}")
    elif not found.signature and (line := long_line(found, score)):
        yield line
    elif not found.signature and (told := said_in_each_row([found.columns, *(each.columns for each in found.beside)])):
        seen, value = told
        yield Block(
            "where", [Line("column", seen.name, "rows that say something else are no answers"), Line("values", [value])]
        )
