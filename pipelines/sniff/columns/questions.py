"""Whether the rows of a file answer one question: columns that name surveys, metrics or questions.

Here: which column says that, what it says, and what has to be asked. Not here: leaving rows out (`where` of nps.yaml,
`transforms.rows.staged`), columns that hold the answers (`scores`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pipelines.adapters.row_marks import of_no_client
from pipelines.adapters.words import named, plain, said
from pipelines.shown import counted
from pipelines.sniff.columns.facts import Seen, in_all, quoted
from pipelines.sniff.columns.groups import parted
from pipelines.sniff.columns.labels import is_opinion
from pipelines.sniff.opening.reading import Opened
from pipelines.sniff.opening.signatures import Signature

#: Names of surveys and questions are few.
_FEW: Final = 60
_SHORT_WORDS: Final = 4
_LONGEST_HEADING: Final = 40
_SHOWN: Final = 4
_SHOWN_LENGTH: Final = 120
_HALF: Final = 0.5
#: Columns of these name groups of answers, whatever their values are called.
GROUPS: Final = (
    "branch", "region", "industry", "department", "manager", "agent", "product", "channel", "language", "comment", "account",
)  # fmt: skip
_RECOMMENDING: Final = ("nps", "enps")
_ITSELF: Final = frozenset({"nps", "enps", "net promoter score"})
_IN_SHORT: Final = frozenset({"nps", "enps", "csat", "ces", "pmf"})


@dataclass(frozen=True)
class Kinds:
    """A column that says which question each row answers."""

    column: Seen
    counts: dict[str, int]
    """In how many rows each is named."""
    blank: int

    @property
    def recommending(self) -> list[str]:
        """What it says where clients were asked whether they recommend; employees, where it speaks of no clients."""
        return next((found for kind in _RECOMMENDING if (found := [v for v in self.counts if _kind(v) == kind])), [])

    @property
    def question(self) -> str:
        """What has to be asked, with an answer that can be pasted."""
        clients = [each for each in self.counts if named("client_named", each)]
        meant = self.recommending or clients or list(self.counts)[:1]
        ordered = [*self.recommending, *(each for each in self.counts if each not in self.recommending)]
        first = f"{quoted(ordered[0][:_SHOWN_LENGTH])} in {counted(self.counts[ordered[0]], 'row')}"
        told = [f"{quoted(each[:_SHOWN_LENGTH])} in {self.counts[each]:,}" for each in ordered[1:_SHOWN]]
        more = [f"{len(ordered) - _SHOWN:,} more"] if len(ordered) > _SHOWN else []
        nothing = [f"nothing in {self.blank:,}"] if self.blank else []
        return (
            f"{self.column.pasted} says {', '.join([first, *told, *more, *nothing])}: which of them are this question? "
            f"Write {self.column.rule(meant[:_SHOWN])}{'' if self.recommending else ' or the like'}, or take this line "
            "out if all are"
        )


def kinds_of(files: Sequence[Sequence[Seen]], signature: Signature | None = None) -> Kinds | None:
    """The column of files of one layout that names several questions; None where there is none, or they name only one.

    Nor where the preset of such exports says already which rows count.
    """
    if signature and signature.as_source().column("where", [str(each.name) for each in files[0]]):
        return None
    found = [kinds for kinds in _columns(files) if len(kinds.counts) > 1 and _names_questions(kinds)]
    return max(found, key=lambda each: (bool(each.recommending), _is_called_so(each.column)), default=None)


def said_in_each_row(files: Sequence[Sequence[Seen]]) -> tuple[Seen, str] | None:
    """The column that says in each row of all files that recommending was asked, where later rows may say other things."""
    for kinds in _columns(files):
        [value, *others] = kinds.counts or [""]
        of_group = kinds.column.speaks_of(*GROUPS)
        if not others and not kinds.blank and plain(value) in _ITSELF and not of_group:
            return kinds.column, value
    return None


def only_recommending(opened: Opened, kinds: Kinds | None) -> Opened:
    """The file with the rows in which people were asked whether they recommend, as far as a column says which these are."""
    if kinds is None or not kinds.recommending or kinds.column.position is None:
        return opened
    rows = opened.rows.filter(kinds.column.cell.is_in(kinds.recommending))
    note = (
        f"Scores, dates and people were looked at in the {rows.height:,} of its {opened.rows.height:,} rows where "
        f"{kinds.column.shown} says {', '.join(each[:_SHOWN_LENGTH] for each in kinds.recommending[:_SHOWN])}."
    )
    return replace(opened, rows=rows, notes=(*opened.notes, note))


def _columns(files: Sequence[Sequence[Seen]]) -> Iterator[Kinds]:
    """Each column of the first file, with what it says in all of them."""
    for seen in files[0]:
        if seen.position is None or len(seen.counts) > _FEW:
            continue
        together = in_all(seen, files[1:])
        if len(together.counts) <= _FEW:
            yield Kinds(seen, dict(together.counts), together.blank)


def _names_questions(kinds: Kinds) -> bool:
    values = list(kinds.counts)
    known = [_kind(each) for each in values]
    is_answer = not any(plain(each) for each in values) or (not any(known) and is_opinion(kinds.column))
    repeats = 2 * len(values) <= sum(kinds.counts.values()) or None not in known
    if is_answer or not repeats:
        return False
    if _is_called_so(kinds.column):
        return True
    if sum(count for text, count in kinds.counts.items() if text.isdecimal()) > _HALF * sum(kinds.counts.values()):
        return False  # a word amid scores is no question: `NPS` below the answers, with the figure beside it
    of_group = kinds.column.speaks_of(*GROUPS)
    return _are_kinds(values, of_group=of_group) or are_audiences(values) or (not of_group and _are_questions(values))


def are_audiences(values: Sequence[str]) -> bool:
    """Whether the values name clients, and employees, suppliers, rivals or others: these are asked different things."""
    others = (named("employee_named", each) or of_no_client(each) for each in values)
    return any(named("client_named", each) for each in values) and any(others)


def _is_called_so(seen: Seen) -> bool:
    """Whether the heading says that surveys or questions are named; a long one, or one with a number, is a question."""
    names = [parted(each)[1] for each in seen.headings]
    short = [each for each in names if len(each) <= _LONGEST_HEADING and not each.rstrip(" ?")[-1:].isdigit()]
    is_so = bool(said("question_kind", *short)) or any(named("question_named", each) for each in short)
    return is_so and any(not each.replace(" ", "").isdecimal() or "id" in plain(names[0]) for each, _ in seen.counts)


def _are_kinds(values: Sequence[str], *, of_group: bool) -> bool:
    """Whether the values are short names of two kinds of surveys, of which one may be that of recommending."""
    short = [each for each in values if len(plain(each).split()) <= _SHORT_WORDS]
    kinds = {kind for each in short if (kind := _kind(each)) and (not of_group or _in_short(each))}
    alone = {plain(each) for each in short} & _ITSELF
    return len(kinds) > 1 or (bool(alone) and not of_group and any(_kind(each) is None for each in values))


def _are_questions(values: Sequence[str]) -> bool:
    """Whether the values are questions, of which one speaks of recommending and another does not."""
    kinds = [_kind(each) for each in values]
    asked = sum(1 for each in values if each.rstrip().endswith("?"))
    return asked >= _HALF * len(values) and any(kind in _RECOMMENDING for kind in kinds) and len(set(kinds)) > 1


def _in_short(value: str) -> bool:
    return bool(_IN_SHORT & set(plain(value).split()))


@lru_cache(maxsize=1 << 14)  # each text of a column of few is asked for several times
def _kind(value: str) -> str | None:
    """What a survey or question of that name asks; None where the name does not tell."""
    if other := said("survey_kind", value):
        return other.split()[0]
    recommends = said("score_certain", value) or said("score_likely", value)
    if not recommends or said("not_score", value):
        return None
    return "enps" if said("workplace", value) else "nps"
