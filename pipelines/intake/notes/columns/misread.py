"""Columns that nps.yaml reads though they are called after something else, mostly where what is wanted stands beside them.

Sniff asks which is meant; who writes nps.yaml by hand is asked nothing, and satisfaction is a score as well, the day of a
letter a date. Here: the notes on the score, the date, weights, groups, rows that alone are kept, and columns that name
persons. Not here: such a column that is new in a later file (`blanked`), which headings name persons
(`pipelines.adapters.ids`, `extras`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.outcomes import status_of_call
from pipelines.adapters.row_marks import strays, ticks, unfinished
from pipelines.adapters.scale_ends import turned
from pipelines.adapters.table import TextTable
from pipelines.adapters.words import named, plain, said
from pipelines.config.sources import Dimension, Source
from pipelines.intake.notes.columns.beside import Beside, Told
from pipelines.intake.once import IT_SAYS, KEPT_ALONE, MISREAD, NO_WEIGHTS, THE_OTHER_WAY, TURNED_OUTCOMES
from pipelines.shown import in_quotes
from transforms.scores.scales import Scale, verdict

#: So many words are a question, not the name of something beside it.
_SENTENCE: Final = 5
#: So many rows tell what a column holds, where such a share of them says the same thing of it.
_ROWS: Final = 10
_MOSTLY: Final = 0.9
_HALF: Final = 0.5
_SEVERAL: Final = 3
#: What answers are grouped by, whose columns may be exchanged.
_GROUPS: Final = ("branch", "region", "industry", "department", "channel", "product")
#: Weights are about 1 on average, where their column is called after nothing else.
_LIGHT, _HEAVY = 0.5, 2.0
#: How far a contact came; whether somebody was reached, or began, is a matter of words.
_STEPS: Final = {each: each for each in ("undeliverable", "delivered", "refused", "answered")} | {"opened": "delivered"}
_OTHER: Final = ("not_answered_at", "matter_at", "updated_at", "replied_at")
_DAY: Final = r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{2,4}"
_A_DAY: Final = re.compile(_DAY)
_A_NUMBER: Final = re.compile(r"\d{1,3}")


def asks(heading: str, metric: str) -> bool:
    """Whether a column is called like the question whether people recommend the company, or else their workplace."""
    words = [word for word in plain(heading).split() if not named("score_possible", word)]
    is_called_so = named("score_certain", " ".join(words)) or len(words) >= _SENTENCE
    is_of_work = said("workplace", heading) is not None
    is_other = said("not_score", heading) or said("negated", heading)
    return bool(is_called_so and said("score_certain", heading)) and not is_other and is_of_work == (metric == "enps")


def misread(columns: Sequence[Beside], table: TextTable, source: Source, scale: Scale) -> Told:
    """Yield a note on each file in which another column is called, and filled, as the one should be that nps.yaml reads."""
    free = [each for each in columns if not each.used_as]
    score = _names(table, source, "score")
    if score and not source.answers and not any(asks(name, source.metric) for name in score):
        asking = [each for each in free if any(asks(name, source.metric) for name in each.names)]
        yield from _told(asking, "score", in_quotes(score[0]), _are_scores(scale))
    date = _names(table, source, "responded_at")
    if any(map(_is_of_another_event, date)):
        of_answers = [each for each in free if any(map(_is_of_answers, each.names))]
        yield from _told(of_answers, "responded_at", in_quotes(date[0]), _are_days)
    elif not date:
        default = source.defaults.get("responded_at")
        read = f"{default}, its default" if default else "file_name"
        dates = [each for each in free if any(_is_of_answers(name) or named("date", name) for name in each.names)]
        yield from _told(dates, "responded_at", read, _are_days)
    for each in columns:
        if each.used_as == "weight" and not any(named("weight_named", name) for name in each.names):
            yield from _no_weights(each)


def _no_weights(weights: Beside) -> Told:
    """The notes on files whose weights are counts, ids or the like: whole numbers, or far from 1 on average."""
    number = pl.col("text").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    of_file = weights.counting.group_by("file_no", maintain_order=True)
    found = of_file.agg(mean=number.mean(), is_whole=(number == number.round()).all(), different=number.n_unique())
    for file, mean, is_whole, different in found.drop_nulls("mean").iter_rows():
        if different >= _SEVERAL and (is_whole or not _LIGHT <= mean <= _HEAVY):
            note = (
                f"nps.yaml reads weight from {in_quotes(weights.heading.text)}, {NO_WEIGHTS}: nps_weighted "
                "counts each answer as often as it says. If it says how much each counts, all is well; else take it out "
                f"below columns.{IT_SAYS}{mean:,.1f} on average."
            )
            yield file, note


def asked_of_employees(table: TextTable, source: Source) -> list[str]:
    """What people should know of a score of clients whose heading asks about a workplace."""
    asking = [name for name in _names(table, source, "score") if asks(name, "enps")]
    if source.metric != "nps" or not asking:
        return []
    note = (
        f"{in_quotes(asking[0])} asks about a workplace, while nps.yaml says metric: nps: so it is published as what "
        "clients say, of each group, however small. If employees answered, write metric: enps; if not, all is well."
    )
    return [note]


def turned_scale(table: TextTable, source: Source, scale: Scale) -> list[str]:
    """What people should know of a score whose heading says that low numbers are good answers, where the scale does not."""
    if not source.has_scores or scale.answers[min(scale.answers)] > scale.answers[max(scale.answers)]:
        return []
    wanted = [source.columns.get("score"), *(each.columns.get("score") for each in source.answers.values())]
    places = [
        find_columns(table, each, "score")[0] for each in wanted if each is not None and not is_absent(table, each)
    ]
    said_so = ((table.headings[at].label, turned(table.headings[at].names)) for at in places)
    return [
        f"nps.yaml reads the score from {in_quotes(heading)}, and {told}, while {source.scale} is read {THE_OTHER_WAY}. If "
        "low numbers are the good answers, declare a scale of your own under scales whose lowest is the greater number, and "
        "write its name as scale; if not, all is well."
        for heading, told in said_so
        if told
    ]


def odd_alone(table: TextTable, source: Source) -> list[str]:
    """What people should know of a file of which nps.yaml keeps those rows alone that are marked as tests or the like."""
    rule = source.where
    if rule is None or is_absent(table, rule.column) or not source.has_scores:
        return []
    names = table.headings[find_columns(table, rule.column, "where")[0]].names
    marks = [look(names, rule.values) for look in (ticks, strays, unfinished)]
    if not any(sorted(each) == sorted(rule.values) for each in marks):
        return []
    kept = ", ".join(map(in_quotes, rule.values))
    note = (
        f"where in nps.yaml keeps those rows alone that have {kept} in {in_quotes(names[0])}, {KEPT_ALONE}. If "
        "the others are the answers, write these values below exclude in place of where; else all is well."
    )
    return [note]


def turned_outcomes(source: Source) -> list[str]:
    """What people should know of a source whose outcomes are listed below others than those that they speak of."""
    listed = source.outcome.statuses if source.outcome is not None and source.contacts else {}
    known = {text: status_of_call(text) for text in listed}
    turned = [(text, _STEPS.get(listed[text]), _STEPS.get(known[text] or "")) for text in listed]
    others = [text for text, here, usual in turned if here and usual and here != usual]
    if not others:
        return []
    told, meant = (" and ".join(f"{in_quotes(text)} as {each[text]}" for text in others) for each in (listed, known))
    note = (
        f"outcome of nps.yaml lists {told}, {TURNED_OUTCOMES} {meant}. If they were exchanged, put each below "
        "what it means; else all is well."
    )
    return [note]


def exchanged_groups(table: TextTable, layout: Source | Dimension) -> list[str]:
    """What people should know of a branch that is read from a column of channels, say, where one of branches is there."""
    notes = []
    for role in _GROUPS:
        read = _names(table, layout, role)
        is_another = any(named(other, name) for name in read for other in _GROUPS if other != role)
        called = [heading.text for heading in table.headings if any(named(role, name) for name in heading.names)]
        if is_another and called and not {*read} & {*called}:
            of, there = in_quotes(read[0]), in_quotes(called[0])
            notes.append(
                f"nps.yaml reads {role} from {of}, while {there} {MISREAD}. If that is what was meant, write {role}: "
                f"{there} below columns; else all is well."
            )
    return notes


def answers_for_headings(table: TextTable, source: Source) -> list[str]:
    """What people should know of a file in whose rows of headings an answer stands."""
    score, date = (_names(table, source, role) for role in ("score", "responded_at"))
    if not any(_A_NUMBER.fullmatch(name) for name in score) or not any(_A_DAY.match(name) for name in date):
        return []
    note = (
        "What is taken for its headings holds a score and a date: an answer stands there, and does not count, nor do those "
        "above it. Write header_rows and skip_rows as the file has them, header_rows: 0 where it has no headings."
    )
    return [note]


def _told(columns: Sequence[Beside], role: str, read: str, fits: Callable[[pl.DataFrame], bool]) -> Told:
    """The notes on columns of which most rows hold what `fits`."""
    for each in columns:
        for (number,), rows in each.rows.filter("counts").group_by("file_no", maintain_order=True):
            filled = rows.filter(pl.col("text") != "")
            many = filled.height
            if many >= max(_ROWS, _HALF * rows.height) and filled["text"].n_unique() >= _SEVERAL and fits(filled):
                name = in_quotes(each.heading.text)
                note = (
                    f"nps.yaml reads {role} from {read}, while {name}, which nothing reads, {MISREAD}, and is filled in "
                    f"{many:,} of its rows. If that is what was meant, write {role}: {name} below columns; else all is well."
                )
                yield int(str(number)), note


def _names(table: TextTable, layout: Source | Dimension, role: str) -> list[str]:
    """Everything the column is called that nps.yaml reads for a role; nothing where it reads none."""
    wanted = next((column for name, column in layout.columns.items() if name == role), None)
    if wanted is None or is_absent(table, wanted):
        return []
    return table.headings[find_columns(table, wanted, role)[0]].names


def _are_scores(scale: Scale) -> Callable[[pl.DataFrame], bool]:
    """Whether answers on the scale stand there, and other ones than are read."""

    def fits(rows: pl.DataFrame) -> bool:
        read = rows.with_columns(other=verdict(pl.col("text"), scale).struct.field("score"))
        is_score, is_same = pl.col("other").is_not_null(), pl.col("other").eq_missing(pl.col("answer"))
        [(scores, same)] = read.select(is_score.mean().alias("scores"), is_same.mean().alias("same")).rows()
        return bool(scores >= _MOSTLY > same)

    return fits


def _are_days(rows: pl.DataFrame) -> bool:
    share = rows["text"].str.contains(_DAY).mean()
    return isinstance(share, float) and share >= _MOSTLY


def _is_of_another_event(heading: str) -> bool:
    """Whether a heading says when something else was than the answer, as sniff judges it."""
    answered, other = said("answered_at", heading), [found for each in _OTHER if (found := said(each, heading))]
    return any(not answered or (answered in words and answered != words) for words in other)


def _is_of_answers(heading: str) -> bool:
    is_sent = named("sent_named", heading)
    return said("answered_at", heading) is not None and not is_sent and not any(said(each, heading) for each in _OTHER)


def person_as_id(heading: str, *, are_attempts: bool) -> str:
    """What people should know of a file whose answers, or attempts to ask somebody, go by the ids of persons."""
    again, who = (
        ("of several attempts to ask a person only the newest counts", "was asked")
        if are_attempts
        else ("whoever answers again replaces their own older answer", "answered")
    )
    return (
        f"nps.yaml reads response_id from '{heading}', which names a person: {again}, in whatever month it was. It is "
        f"stored as a pseudonym only. If it says who {who}, write respondent in place of response_id."
    )


def persons_left_out(headings: Sequence[str]) -> str:
    """What people should know of a file whose persons nps.yaml names under extras, or as a dimension of its own."""
    named = " and ".join(f"'{heading}'" for heading in headings)
    return (
        f"extras or a dimension of your own names {named}, which names a person: it is not kept. Take it out there; who "
        "answered is respondent, who served is agent."
    )
