"""The marts: of whom each table of counts or scores is, and what it is grouped by.

Here: their declaration, one line each, and what follows from it: keys, comments, the listing of the docs.
Not here: how they are computed (`models/marts`), building the file that they stand in (`warehouse.published.publish`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transforms.dimensions import ABSENT, APART, CARRIED, KEYS, MANAGER, OWN, TYPED, dimensions_of

#: Raise it when a mart or what is computed in it changes: the file is then published anew, and no month is built for it.
VERSION: Final = 41


@dataclass(frozen=True)
class Mart:
    """A table of the schema marts with one row per group of answers of a metric."""

    name: str
    metric: str
    groups: tuple[str, ...] = ()
    """The dimensions of an answer that it is grouped by."""
    model: str = "scores"
    """How it is computed: scores, by month, quarter and year; or counts, by month, that may be summed; or by itself."""
    of: str = ""
    """What a row is of beside its group: a theme or a reason."""
    as_is: str = ""
    """The column of dim_branch that says its groups, as branches are today."""

    @property
    def is_frozen(self) -> bool:
        """Whether it shows groups of employees: what closed waves keep of them, and nothing else."""
        return self.metric == "enps" and bool(self.groups)

    @property
    def keys(self) -> tuple[str, ...]:
        """What a row is of: no two rows of the table are of the same."""
        period = ("month",) if self.model in _MONTHLY else _PERIOD
        return (*period, *self.groups, *([self.of] if self.of else []))

    @property
    def holds(self) -> str:
        """Which facts it is made of: of rivals, and of other programmes than the headline's, where it tells these apart."""
        found = [f"metric = '{self.metric}'"]
        found += [f"brand = '{OWN}'"] if self.is_of_own_brand else []
        found += ["is_headline"] if self.is_of_headline else []
        return " and ".join(found)

    @property
    def is_of_own_brand(self) -> bool:
        """Whether it leaves out what is of rivals."""
        return self.metric == "nps" and "brand" not in self.groups

    @property
    def is_of_headline(self) -> bool:
        """Whether it leaves out what is of other programmes than the headline's."""
        return self.is_of_own_brand and not _OF_SEVERAL & {*self.groups}

    @property
    def told_by(self) -> tuple[str, ...]:
        """The columns of an answer that say its groups."""
        return (self.as_is,) if self.as_is else self.groups

    @property
    def standard(self) -> str:
        """Which targets and benchmarks its scores are held against: those of a dimension, '' those of the whole, or none."""
        return "none" if self.metric == "enps" or len(self.groups) > 1 else "".join(self.groups)

    @property
    def is_driver(self) -> bool:
        """Whether a change of the whole may come from its groups: those of a dimension that every answer of a client has."""
        return self.metric == "nps" and self.groups in _DRIVERS and not self.as_is

    @property
    def values(self) -> dict[str, str]:
        """What stands for the `$names` of its models."""
        members = dict(zip(WAYS, self.groups, strict=False))
        return {
            **{way: members.get(way, "''") for way in WAYS},
            "named": "".join(f"{way} as {name}, " for way, name in members.items()),
            "mart": self.name,
            "today": self.as_is,
            "facts": "facts" if self.is_carried else "facts_apart",
            "holds": self.holds,
            "keys": ", ".join(self.keys),
            "measures": f"{MEASURES}{_RIVALS if self.groups == ('brand',) else ''}",
            "told": ", ".join((*(f"p.{name}" for name in _PERIOD), *(f"c.{name}" for name in self.groups))),
            **self._of_why,
        }

    @property
    def _of_why(self) -> dict[str, str]:
        """The same for the model of themes and reasons."""
        if not self.of:
            return {}
        is_theme = self.of == "theme"
        comments = (
            "comments, tagged, tagged / nullif(comments, 0) as coverage" if is_theme else "tagged as reasons_given"
        )
        return {
            "what": self.of,
            "kind": "theme" if is_theme else "reason",
            "none": "untagged" if is_theme else "none",
            "tagged": "tagged" if is_theme else "reason",
            "given": "tagged" if is_theme else "reasons_given",
            "whole": f"nps_by_{self.groups[0]}" if self.groups else "nps_overall",
            "told": ", ".join((*(f"p.{name}" for name in _PERIOD), *(f"m.{name}" for name in self.groups))),
            "groups": ", ".join((*_PERIOD, *self.groups)),
            "commented": comments,
        }

    @property
    def is_carried(self) -> bool:
        """Whether facts have all that it is grouped by."""
        return {*self.groups} <= {*CARRIED}

    @property
    def is_of_persons(self) -> bool:
        """Whether each of its groups is a person who serves clients: shown by a code, from so many answers on."""
        return bool({*KEYS} & {*self.groups})

    @property
    def comment(self) -> str:
        """What the table means to readers."""
        if self.model == "closed_loop":
            return _ABOUT_LOOP.format("".join(f"{name}, " for name in self.groups))
        if self.model == "rivals":
            return _ABOUT_RIVALS
        if self.of:
            return _ABOUT_WHY[self.of].format("".join(f"{name}, " for name in self.groups))
        hidden = ", only of groups that closed waves show" if self.is_frozen else ""
        whose = {"nps": "clients", "enps": "employees"}[self.metric]
        if self.model != "scores":
            nps = "NPS = 100 * (sum(promoters) - sum(detractors)) / sum(responses)."
            total = f" Of the own brand, of all programmes. Safe to sum; {nps}"
            by = listed(("month", *self.groups))
            return f"Counts of {whose}' answers by {by}{hidden}.{'' if hidden else total}"
        of = f"by {', '.join(self.groups)} and" if self.groups else f"of all {whose} by"
        if self.metric == "enps":
            few = "" if self.groups else ", of closed waves, but for answers of too few (enps_suppression)"
            return f"eNPS {of} month, quarter and year{hidden}{few}."
        few = " Only of those with enough answers in the period (agents.minimum)." if self.is_of_persons else ""
        return f"NPS {of} month, quarter, year and rolling window.{self._about}{few}"

    @property
    def _about(self) -> str:
        if "brand" in self.groups:
            return " Of all programmes; every other mart is of the brand own."
        if _OF_SEVERAL & {*self.groups}:
            return " Of all programmes, not of those of the headline alone."
        return (
            f" Of the programmes of the headline, of all where nps.yaml names none.{_ABOUT_AS_IS if self.as_is else ''}"
        )


#: Keys of tables by period, and models of tables by month.
_PERIOD: Final = ("period_grain", "period_start", "period_end")
_MONTHLY: Final = ("counts", "fct_enps")
#: What groups of a mart are called where all marts stand in one table.
WAYS: Final = ("member", "second")
#: All columns of a mart of scores behind its keys: what `scored` holds beside the mart and its keys.
MEASURES: Final = f"* exclude (mart, {', '.join(WAYS)}, period_grain, period_start, period_end)"
_DRIVERS: Final = (("region",), ("branch",), ("industry",), ("channel",))
#: A mart that is grouped by one of these tells programmes apart, and holds all; others hold those of the headline.
_OF_SEVERAL: Final = frozenset({"programme", "survey"})
#: What the mart of brands has beside the measures of all.
_RIVALS: Final = (
    ", best_other(member, nps, rank is not null, period_grain, period_start) as best_rival"
    ", nps - best_other(nps, nps, rank is not null, period_grain, period_start) as gap_to_best_rival"
)

SCORES: Final = (
    Mart("nps_overall", "nps"),
    Mart("nps_by_brand", "nps", ("brand",)),
    Mart("nps_by_programme", "nps", ("programme",)),
    Mart("nps_by_area", "nps", ("area",)),
    Mart("nps_by_region", "nps", ("region",)),
    Mart("nps_by_branch", "nps", ("branch",)),
    Mart("nps_by_industry", "nps", ("industry",)),
    Mart("nps_by_branch_industry", "nps", ("branch", "industry")),
    Mart("nps_by_channel", "nps", ("channel",)),
    Mart("nps_by_survey", "nps", ("survey",)),
    Mart("nps_by_branch_as_is", "nps", ("branch",), as_is="branch_now"),
    Mart("nps_by_region_as_is", "nps", ("region",), as_is="region_now"),
    Mart("enps_overall", "enps"),
    Mart("enps_by_region", "enps", ("region",)),
    Mart("enps_by_branch", "enps", ("branch",)),
    Mart("enps_by_department", "enps", ("department",)),
    Mart("enps_by_region_department", "enps", ("region", "department")),
    Mart("enps_by_branch_department", "enps", ("branch", "department")),
)

#: Dimensions that follow from others: facts that are published have those.
_FOLLOW: Final = frozenset({"region", "area"})
#: What facts of a dimension that others leave out are grouped by beside it.
_FACT: Final = ("programme", "branch", "survey")

#: That of clients is about the own brand alone.
COUNTS: Final = (
    Mart("fct_nps", "nps", tuple(name for name in dimensions_of("nps") if name not in {"brand", *_FOLLOW}), "counts"),
    Mart("fct_enps", "enps", ("branch", "department", "survey"), "fct_enps"),
)

#: Those that there always are.
MARTS: Final = (*COUNTS, *SCORES)

#: What people say why: made where nps.yaml declares themes.
THEMES: Final = tuple(
    Mart(name, "nps", groups, "themes", "theme")
    for name, groups in (
        ("nps_by_theme", ()),
        ("nps_by_region_theme", ("region",)),
        ("nps_by_branch_theme", ("branch",)),
        ("nps_by_channel_theme", ("channel",)),
    )
)
#: The same of reasons, where a source of clients names a column of them.
REASONS: Final = tuple(
    Mart(name, "nps", groups, "themes", "reason_code")
    for name, groups in (("nps_by_reason", ()), ("nps_by_branch_reason", ("branch",)))
)
#: How rivals stand and move: made where a source says which brand its answers are about.
RIVALS: Final = (Mart("nps_rivals", "nps", ("programme", "brand"), "rivals"),)
#: What became of the answers of unhappy clients: made where nps.yaml says how they are followed up.
LOOP: Final = (
    Mart("closed_loop", "nps", ("branch",), "closed_loop"),
    Mart("closed_loop_overall", "nps", (), "closed_loop"),
)
_ABOUT_AS_IS: Final = (
    " Of all history, by what branches are today: renamed, merged and moved as the list of branches says."
)
_ABOUT_RIVALS: Final = (
    "Brands that are ranked, by month, quarter, year and programme: place, gap and change beside rivals and the mean. "
    "Not of programmes that ask about no rival. Made where a source of nps.yaml says which brand its answers are about."
)
_ABOUT_LOOP: Final = (
    "Whether unhappy clients were called in time, by {}month, quarter and year of their answers, and what came of it, of "
    "all programmes. Each of their answers is a case. Counts may be summed over branches. Made where nps.yaml has follow_up."
)
_ABOUT_WHY: Final = {
    "theme": "What answers of clients whose comments are about a theme do to the score, by {}period and theme. An answer "
    "may have several, so neither mentions nor impacts add up. Made where nps.yaml declares themes.",
    "reason_code": "What answers of clients with a reason do to the score, by {}period and reason. Reasons of few answers, "
    "and long ones, are other. Made where a source of nps.yaml names a column of reasons.",
}


def scores(apart: Sequence[str] = (), staff: Sequence[str] = ()) -> tuple[Mart, ...]:
    """The marts of scores where nps.yaml says these dimensions that facts leave out, and shows employees by `staff`."""
    by_branch = [name for name in staff if name != MANAGER]
    return (
        *SCORES,
        *(Mart(f"nps_by_{name}", "nps", (name,)) for name in apart),
        *(Mart(f"enps_by_{name}", "enps", (name,)) for name in staff),
        # The people of a manager are mostly of one branch.
        *(Mart(f"enps_by_branch_{name}", "enps", ("branch", name)) for name in by_branch),
    )


def grouped(staff: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """The tables of groups of employees, and what each groups by: coarse ones first, then pairs and managers."""
    found = {mart.name: mart.groups for mart in scores((), staff) if mart.is_frozen}
    # The people of a manager are about as many as those of a department in a branch.
    return dict(sorted(found.items(), key=lambda each: len(each[1]) + (MANAGER in each[1])))


def marts(apart: Sequence[str] = (), staff: Sequence[str] = ()) -> tuple[Mart, ...]:
    """All marts, likewise. Of persons there are no counts that could be summed: they would show those with few answers."""
    counts = [Mart(f"fct_nps_{name}", "nps", (*_FACT, name), "counts") for name in apart if name not in KEYS]
    return (*COUNTS, *counts, *scores(apart, staff))


@dataclass(frozen=True)
class Part:
    """A mart of scores of clients whose groups add up to those of another mart."""

    mart: Mart
    whole: Mart
    among: str = "true"
    """Which of its groups do."""


def parts(apart: Sequence[str] = ()) -> list[Part]:
    """The marts of clients with what each must add up to; that the headline's programmes do, `meta.reconciliation` says."""
    of = {mart.name: mart for mart in scores(apart)}
    clients = [mart for mart in of.values() if mart.metric == "nps" and mart.groups and not mart.is_of_persons]
    headline = [Part(mart, of["nps_overall"]) for mart in clients if "is_headline" in mart.holds]
    survey, brand = of["nps_by_survey"], of["nps_by_brand"]
    every = of["nps_by_programme"]
    return [*headline, Part(survey, every), Part(brand, every, f"brand = '{OWN}'")]


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names as a sentence has them: a, b and c."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def comments_of_names(apart: Sequence[str] = (), staff: Sequence[str] = ()) -> dict[str, str]:
    """Comments of columns that name the dimensions of an answer, and of those that nps.yaml declares by name."""
    own = {
        name: f"{name}, as nps.yaml declares it; unknown where nothing says it."
        for name in (*apart, *staff)
        if name not in {*ABSENT, MANAGER}
    }
    led_by = {MANAGER: "The manager's code in the list of employees; without one, the beginning of their pseudonym."}
    return {"attribute": f"{listed((*TYPED, *own), 'or')}."} | own | (led_by if MANAGER in staff else {})


def listing() -> str:
    """`docs/marts.md`: what marts there are."""
    always = [_row(mart) for mart in (*MARTS, *THEMES, *REASONS, *RIVALS, *LOOP)]
    declared = [_row(mart) for mart in marts(APART, [MANAGER]) if mart not in MARTS]
    return "\n".join([_ABOUT, *always, _DECLARED, *declared, ""])


def _row(mart: Mart) -> str:
    return f"| `{mart.name}` | {', '.join(mart.keys)} | {mart.comment} |"


_DECLARED: Final = """
Only where a source of nps.yaml says a product or an agent; and so it is with each name `x` of `dimensions.extra`, which has
`fct_nps_x` and `nps_by_x`. Only where `enps.groups` says manager; each other name `x` in it has `enps_by_x` and
`enps_by_branch_x`:

| table | one row per | holds |
|---|---|---|"""
_ABOUT: Final = """# Marts

Made from `warehouse/marts.py` by `make docs`; a test holds it against that file.

The tables of the schema `marts` in the published file that count answers, with what a row of each is of. Those of scores
have the same columns behind their keys, from `responses` to `gap_to_benchmark` ([statistics](statistics.md) has the
formulas). Beside
them stand `nps_change_drivers` (where a change of the overall score came from), `nps_movement` (who moved), `dim_branch`,
`dim_industry`, `dim_survey`, `dim_period`, `dim_date` and `benchmark`. Every table and column carries a comment.

| table | one row per | holds |
|---|---|---|"""
