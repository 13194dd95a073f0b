"""The entry for nps.yaml that a look at a file proposes.

Here: which findings go into it, and what it asks. Not here: dates (`date_lines`), how YAML is spelt (`lines`), the
findings themselves.
An open question stands where its answer belongs, as a text that begins with `? `: `nps run` refuses it and repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

import polars as pl

from pipelines.adapters.gaps import GROUPS, rows_below
from pipelines.adapters.table import column
from pipelines.adapters.words import named, said
from pipelines.sniff.columns.agents import roles_of
from pipelines.sniff.columns.questions import said_in_each_row
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Block, Line, each_line
from pipelines.sniff.opening.group_rows import question_of_groups
from pipelines.sniff.opening.reading import Opened
from pipelines.sniff.opening.tables_below import question_of_tables
from pipelines.sniff.others.activity import ActivityColumns, activity_lines
from pipelines.sniff.others.clients import ClientColumns, client_lines
from pipelines.sniff.others.invitations import Invitations, invitation_lines
from pipelines.sniff.others.records import records_of
from pipelines.sniff.proposal.brands import brand_lines, programme_lines
from pipelines.sniff.proposal.codes import code_lines
from pipelines.sniff.proposal.contacts import contact_lines, outcomes_of, says_who_scored
from pipelines.sniff.proposal.corrections import correction_lines
from pipelines.sniff.proposal.date_lines import answer_dates, column_lines, dates_lines, format_lines, period_lines
from pipelines.sniff.proposal.flags import count_lines, exclude_lines, weight_lines
from pipelines.sniff.proposal.groups_said import groups_alone, said_otherwise, said_without
from pipelines.sniff.proposal.long_rows import long_line
from pipelines.sniff.proposal.month_headings import by_months
from pipelines.sniff.proposal.scale_columns import by_row
from pipelines.sniff.proposal.scale_parts import in_parts
from pipelines.sniff.proposal.scale_words import is_asked, labels_of, scales_block, with_labels
from pipelines.sniff.proposal.spread import a_column_each, in_one_cell, in_tenths, not_a_row_each
from pipelines.sniff.proposal.turns import question_of_turns
from pipelines.sniff.scores.own_labels import OwnLabels
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.several.legs import leg_lines
from pipelines.sniff.several.repeats import repeat_lines
from pipelines.sniff.sniffed import Findings
from transforms.dates.instants import instant

#: The order in which columns stand in an entry, after the score and the dates.
_OTHERS: Final = (
    "response_id", "respondent", "account", "branch", "region", "industry", "department", "manager", "agent", "product",
    "channel", "language", "comment",
)  # fmt: skip
_WHY: Final = {
    "respondent": "stored as a keyed pseudonym only",
    "account": "stored as a keyed pseudonym only",
    "manager": "stored as a keyed pseudonym only",
    "agent": "who served: a keyed pseudonym only, shown by the code that a list of dimensions (agents) gives",
}
_DELIVERY: Final = {
    "snapshot": "each is the whole survey; incremental: files add up",
    "incremental": "files add up; snapshot: each is the whole survey",
}
#: Where a wrong guess would change a figure, so that what a kind of export holds there is counted too.
_ASKED: Final = ("response_id", "respondent")
_METRIC: Final = "nps: clients; enps: employees"
_ENCODING: Final = "Write the encoding whose words are right, such as {}"
_FEW_WORDS: Final = "If they are right, write encoding here; until then each such file is noted."
_GUESSES: Final = 3
#: So many answers of one day are told.
_MANY: Final = 50
#: So many columns that are not used are named.
_UNUSED: Final = 8
_NO_SCORE: Final = "no column looks like answers on 0-10: which one holds the score, if any does"
_BELOW_0: Final = r"^\s*[-\u2212]\s*\d"
_EACH_IS: Final = (
    "; if each is, of a branch or a touchpoint, put answers beside columns, with a name for each, such as answers: {split: "
    "{columns: {score: its heading}, defaults: {branch: Split}}}, and take this line out"
)
_NO_SCALE: Final = "on which scale was it asked? 0-10, 1-10, 1-7, 1-5, 0-100, or one of your own under scales"


def source_blocks(name: str, files: str, found: Findings, scores: list[ScoreColumn]) -> list[Block]:
    """A source of nps.yaml, and the scale that it needs beside, if any.

    The first of `scores` is proposed where it is certain, asked for where it is not.
    """
    when = answer_dates(found)
    score = scores[0] if scores and scores[0].certain else None
    alone = None if scores else groups_alone(found)
    scale, odd = alone[0] if alone else _scale_line(score, scores), said_otherwise(found, score)
    if odd is not None and odd.key and not is_asked(scale):
        scale = odd
    beside = (each for other in found.beside for each in other.scores)
    scale = by_row(in_parts(scale, found, score, when), found, score)
    labels = labels_of(score, beside) if score else OwnLabels()
    scales = scales_block(scale, name, labels)
    lines = [
        *(alone[1:] if alone else _score_lines(score, scores, found)),
        *column_lines(when, found.dates),
        *_of_one_day(when, found),
        *_other_lines(found, score, _metric_line(found, scores).value),
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
    lines += _unused(found, [*each_line(rows), *lines])
    source = Block(
        name,
        [
            *_file_lines(files, found, _metric_line(found, scores)),
            with_labels(scale, name, labels),
            *([odd] if odd is not None and not odd.key else []),
            *rows,
            Block("columns", lines),
            *([] if when else period_lines(found)),
            *dates_lines(when, found),
        ],
    )
    return [Block("sources", [source]), *([scales] if scales else [])]


def dimension_block(found: Findings, name: str, columns: dict[str, int | str], files: str) -> Block:
    """A dimension of nps.yaml."""
    lines = [Line(key, value) for key, value in columns.items()]
    since = next((each for each in found.dates if each.column.name == columns.get("valid_from")), None)
    how = list(format_lines([since], {})) if since else []
    written = [Block("dates", how)] if how else []
    return Block(name, [*_file_lines(files, found, None), Block("columns", lines), *written])


def ticket_block(found: Findings, columns: dict[str, int | str], files: str) -> Block:
    """What nps.yaml says of dumps of tickets."""
    dated = [each for each in found.dates if each.column.name in columns.values()]
    how = list(format_lines(dated, {})) if dated else []
    written = [Block("dates", how)] if how else []
    lines = [Line(key, value) for key, value in columns.items()]
    return Block("cases", [*_file_lines(files, found, None), Block("columns", lines), *written])


def activity_block(name: str, found: Findings, told: ActivityColumns, files: str) -> Block:
    """What nps.yaml says of what clients did."""
    lines = [*_file_lines(files, found, None), *activity_lines(found, told)]
    return Block("activity", [Block(name, lines)])


def client_block(found: Findings, told: ClientColumns, files: str) -> Block:
    """What nps.yaml says of what is known of clients."""
    return Block("clients", [*_file_lines(files, found, None), *client_lines(told)])


def invitation_block(name: str, found: Findings, told: Invitations, files: str) -> Block:
    """A source of a list of letters, whose answers stand elsewhere."""
    metric = Line("metric", "nps", "nps: clients; enps: employees")
    lines = invitation_lines(found, told, list(_of_contacts(found, told)))
    return Block("sources", [Block(name, [*_file_lines(files, found, metric), *lines])])


def _of_contacts(found: Findings, told: Invitations) -> Iterator[Line]:
    """Columns of a list of letters by which contacts are counted."""
    taken = {each.name for each in (*told.client.columns, told.status, *told.beside)}
    for line in _other_lines(found, None, "nps"):
        if line.key in ("branch", "channel") and line.value not in taken:
            yield line


def _file_lines(files: str, found: Findings, metric: Line | None) -> Iterator[Line]:
    """How the files are read."""
    opened, signature = found.opened, found.signature
    yield Line("kind", opened.kind)
    if signature and signature.preset:
        yield Line("preset", signature.preset)
    if metric:
        yield metric
    below = _below(opened, files) if metric else ""
    yield Line("files", f"? {below}" if below else files)
    if metric:
        delivery = signature.delivery if signature and signature.delivery else "incremental"
        yield Line("delivery", delivery, _DELIVERY[delivery])
    yield from _encoding_lines(opened)
    if opened.delimiter not in (None, ","):
        yield Line("delimiter", "tab" if opened.delimiter == "\t" else opened.delimiter)
    if opened.header_rows != opened.kinds_header_rows:
        yield Line("header_rows", opened.header_rows)
    if opened.skip_rows:
        yield Line("skip_rows", opened.skip_rows)
    if opened.sheet is not None and len(opened.sheets) > 1:
        question = found.sheets.question if found.sheets and metric else ""
        yield Line("sheet", f"? {question}" if question else opened.sheet)


def _below(opened: Opened, files: str) -> str:
    """What is asked of files whose rows are not all answers."""
    asked = not_a_row_each(opened, files) or question_of_tables(opened, files) or question_of_groups(opened, files)
    return asked or _called_otherwise(opened, files)


def _called_otherwise(opened: Opened, files: str) -> str:
    """What is asked of a file whose name speaks of tests, of what was deleted, of rivals, or of a part or copy."""
    name = PurePosixPath(opened.file.name).name
    if word := said("row_test", name) or said("file_of_others", name):
        return (
            f"the name of the file says '{word}': if its rows are no answers about the company, leave the file out and "
            f"begin again; if they are, write {files}"
        )
    if word := said("file_of_part", name):
        return (
            f"the name of the file says '{word}': if it is a part of another one, or a copy that was put aside, leave it "
            f"out and begin again; if it is whole and the only one, write {files}"
        )
    return ""


def _encoding_lines(opened: Opened) -> Iterator[Line]:
    if opened.declared:
        yield Line("encoding", opened.declared if len(opened.declared) > 1 else opened.declared[0])
    elif opened.doubt:
        yield Line("encoding", f"? {opened.doubt}. {_ENCODING.format(opened.encoding)}")
    elif opened.hint:
        yield Line("", None, f"{opened.hint} {_FEW_WORDS}")
    elif opened.confidence not in (None, 1):
        yield Line("encoding", opened.encoding, f"detected, with confidence {opened.confidence}")


def _metric_line(found: Findings, scores: list[ScoreColumn]) -> Line:
    """Who was asked: asked itself where employees are spoken of, and nothing says that their workplace is recommended."""
    metric = scores[0].metric if scores else "nps"
    spoken = [each.column for each in scores[:1]] + [each.column for each in found.candidates.get("respondent", [])]
    of_employees = next((each for each in spoken if said("employee", *each.headings)), None)
    if metric == "nps" and of_employees is not None:
        return Line(
            "metric",
            f"? {of_employees.pasted} speaks of employees: write enps if employees were asked whether they recommend their "
            "workplace, nps if clients were asked",
        )
    of_superior = next((each.column for each in scores[:1] if said("superior", *each.column.headings)), None)
    if of_superior is not None:
        return Line(
            "metric",
            f"? {of_superior.pasted} asks about a manager, and neither about the company nor about the workplace: take this "
            "entry out, unless such answers are to be the score. Then write enps if employees gave them, nps if clients did",
        )
    of_person = next((each.column for each in scores[:1] if said("served_person", *each.column.headings)), None)
    if metric == "nps" and of_person is not None:
        return Line(
            "metric",
            f"? {of_person.pasted} asks about a person who serves clients, and not about the company: take this entry out, "
            "unless such answers are to be the company's score. Then write nps",
        )
    are_both_asked = any(each.metric == "enps" for each in found.scores)
    if metric == "nps" and not are_both_asked and (why := _of_staff(found)):
        return Line(
            "metric",
            f"? {why}: write enps if employees were asked whether they recommend their workplace, nps if clients were asked",
        )
    return Line("metric", metric, _METRIC)


def _of_one_day(when: Sequence[DateColumn], found: Findings) -> Iterator[Line]:
    """A comment where all answers of the only file are of one day: that of the export, perhaps."""
    if len(when) != 1 or found.beside or when[0].column.position is None or when[0].column.filled < _MANY:
        return
    text = found.opened.rows.get_column(column(when[0].column.position)).fill_null("").str.strip_chars()
    days = text.to_frame("text").select(instant(pl.col("text"), when[0].reading()).dt.date().alias("day")).drop_nulls()
    if days.get_column("day").n_unique() == 1:
        told = f"all {days.height:,} answers are of one day, {days.item(0, 0)}: if that is the day of the export, name"
        yield Line("", None, f"{told} the column that says when people answered")


def _of_staff(found: Findings) -> str:
    """What speaks of a survey of employees, where the question does not: the name of the file, or what is known of them."""
    stem = PurePosixPath(found.opened.file.name).stem
    if found.signature is None and (word := said("staff_survey", stem)):
        return f"the name of the file speaks of employees ('{word}')"
    is_parted = any(said("department", *seen.headings) for seen in found.columns)
    known = [
        seen for seen in found.columns if seen.filled and any(named("staff_named", each) for each in seen.headings)
    ]
    return f"{known[0].pasted} beside a department is known of employees" if is_parted and known else ""


def _scale_line(score: ScoreColumn | None, scores: list[ScoreColumn]) -> Line:
    """The scale. Where the column is asked for, so is its scale: what was seen is that of the likeliest column only."""
    if score is None:
        likeliest = scores[0] if scores else None
        seen = f" In {likeliest.column.pasted}, {likeliest.evidence[-1]}" if likeliest and likeliest.scale else ""
        return Line("scale", f"? {(likeliest and likeliest.question) or _NO_SCALE + '.' * bool(seen) + seen}")
    alike = _alike(score, scores)
    asked = next((each for each in alike if each.scale is None), None)
    if asked is not None:
        return Line("scale", f"? {asked.question}" + (f" (In {asked.column.pasted}.)" if len(alike) > 1 else ""))
    if len({each.scale for each in alike}) > 1:
        found = ", ".join(f"{each.scale} in {each.column.pasted}" for each in alike)
        return Line("scale", f"? 0-10 or 1-10? The columns differ: {found}")
    return Line("scale", score.scale, score.evidence[-1])


def _score_lines(score: ScoreColumn | None, scores: list[ScoreColumn], found: Findings) -> Iterator[Line]:
    if records := None if score and _is_known(score, found) else records_of(found):
        yield Line("score", f"? {records.question([each.column for each in scores])}")
        return
    if score is None:
        guesses = ", ".join(each.column.pasted for each in scores[:_GUESSES])
        speaks = any(said("score_certain", *each.column.headings) for each in scores[:_GUESSES])
        against = said("not_score", *scores[0].column.headings) if scores else None
        why = f"its heading also says '{against}'" if against else "answers are not on 0-10"
        why = why if speaks else "no heading known here speaks of recommending"
        months = by_months([each.column for each in scores])
        each_is = "" if speaks or len(scores) == 1 else _EACH_IS
        asked = f"{why}: is one of these the score: {guesses}? {months}Write its heading{each_is}"
        yield Line(
            "score",
            f"? {asked if guesses else _of_figures(found) or in_tenths(found) or in_one_cell(found) or _NO_SCORE}",
        )
        return
    alike = _alike(score, scores)
    spread = a_column_each([each.column for each in alike]) if len(alike) > 1 else ""
    if asked := spread or question_of_turns(found, score, scores) or (_which_of(alike) if len(alike) > 1 else ""):
        yield Line("score", f"? {asked}")
        return
    yield said_without(found, score) or Line("score", score.column.name, "; ".join(score.evidence[:2]))
    for each in scores[1 : 1 + _GUESSES]:
        yield Line("", None, f"on 0-10 too, and not taken: {each.column.shown}")


def _is_known(score: ScoreColumn, found: Findings) -> bool:
    """Whether such exports are known to hold their scores there."""
    return found.signature is not None and found.signature.as_source().column("score", found.names) == score.column.name


def _of_figures(found: Findings) -> str:
    """What is said where a column holds what was worked out from answers, and none of them."""
    figures = [each for each in found.columns if said("score_certain", *each.headings) and each.rows_like(_BELOW_0)]
    if not figures:
        return ""
    return (
        f"{figures[0].pasted} holds numbers below 0, as the NPS of many answers may be and no answer is: export a row for "
        "each answer, and begin again. If another column holds answers, write its heading"
    )


def _alike(score: ScoreColumn, scores: list[ScoreColumn]) -> list[ScoreColumn]:
    """The columns of which nothing tells which one is the score, the likeliest first."""
    return [each for each in scores if each is score or (each.certain and each.is_like(score))]


def _which_of(alike: list[ScoreColumn]) -> str:
    """The question where nothing tells one column from others: one of them alone would be a part taken for the whole."""
    names = ", ".join(each.column.pasted for each in alike)
    months = by_months([each.column for each in alike])
    return (
        f"{len(alike)} columns look alike: {names}. {months}Which one is the score? If each is, of a touchpoint or a wave, "
        "put answers beside columns, with a name for each, such as answers: {wave_1: {columns: {score: its heading}}}, and "
        "take this line out; to one that is of a rival add defaults: {brand: its name}"
    )


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


def _unused(found: Findings, lines: Sequence[Line]) -> Iterator[Line]:
    """A comment with the columns that the entry says nothing of: one of them may be a branch in a language unknown here.

    Those that hold personal data are left out on purpose.
    """
    if found.signature and found.signature.preset:
        return
    values = [line.value for line in lines if isinstance(line.value, int | str)]
    of_persons = {each.column.name for each in found.personal}
    headings = [each.name for each in found.columns if isinstance(each.name, str)]
    of_kind = found.signature.used(headings) if found.signature else set()
    told = " ".join(f"{line.value} {line.comment}" for line in lines)
    left = [
        each.shown
        for each in found.columns
        if each.filled
        and isinstance(each.name, str)
        and each.name not in {*values, *of_persons, *of_kind}
        and each.pasted not in told
    ]
    if left:
        more = f" and {len(left) - _UNUSED} more" if len(left) > _UNUSED else ""
        yield Line("", None, f"not used: {', '.join(left[:_UNUSED])}{more}")


def _blank_below(found: Findings, position: int | None) -> int:
    """How many rows have nothing in a column, though a row above them may speak for them."""
    rows = found.opened.rows
    return 0 if position is None else int(rows_below(rows.get_column(column(position))).sum())


def _other_lines(found: Findings, score: ScoreColumn | None, metric: object) -> Iterator[Line]:
    """Columns beside score and dates, each for one name only, and what has to be asked of them."""
    used: set[int | str] = {score.column.name} if score else set()
    roles = roles_of(found.candidates, metric)
    signature = found.signature.as_source() if found.signature else None
    for name in (each for each in _OTHERS if each in roles):
        known = signature.column(name, found.names) if signature and name not in _ASKED else None
        possible = [each for each in roles[name] if each.column.name not in used]
        chosen = next((each for each in possible if each.certain or each.question), None)
        if known is not None and known not in used:
            used.add(known)
            yield Line(name, known, _WHY.get(name, ""))
        elif chosen is not None and chosen.question:
            yield Line(name, f"? {chosen.question}")
        elif chosen is not None and (below := _blank_below(found, chosen.column.position) if name in GROUPS else 0):
            yield Line(
                name,
                f"? {chosen.column.pasted} is blank in {below:,} rows below a row that has it, as if it was written only "
                f"in the first row of each group. If so, fill these cells in the file and begin again; if nothing is "
                "known of these answers, write that heading here, or take this line out",
            )
        elif chosen is not None:
            used.add(chosen.column.name)
            yield Line(name, chosen.column.name, chosen.told or _WHY.get(name, ""))
