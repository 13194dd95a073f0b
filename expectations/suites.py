"""Which rules stand at each gate. Thresholds come from the caller: nothing here reads the configuration or the clock.

Here: what is believable. Not here: the views that the rules are about, which `warehouse` makes, and what is true of
every row by declaration, which `transforms.tables` holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from expectations.rules import Rule

_BETWEEN = "ExpectColumnValuesToBeBetween"
_PAIRS = "ExpectColumnPairValuesToBeInSet"
_EQUAL = "ExpectColumnPairValuesToBeEqual"
_ADD_UP = "ExpectColumnsToAddUp"
_KNOWN = "ExpectColumnsToBeKnown"


def file_suite(
    *,
    scales: Mapping[str, Collection[int]],
    earliest: date,
    latest: date,
) -> tuple[Rule, ...]:
    """The gate of a file, over `score_profile` and `file_counts`.

    Both have a `load_id`, so that the rules can say which files break them.
    `scales` gives the scores on 0-10 that each declared scale can yield, `earliest` and `latest` the first days of the
    months that answers may lie in.
    """
    profile = "score_profile"
    rules = (
        Rule(
            "scores_lie_between_0_and_10", profile, _BETWEEN, {"column": "score", "min_value": 0, "max_value": 10},
            "A score lies outside 0-10.", counts="answers",
        ),
        Rule(
            "scores_lie_within_their_scale", profile, _PAIRS,
            {"column_A": "scale", "column_B": "score", "value_pairs_set": _pairs(scales)},
            "A score is none that its declared scale can yield.", counts="answers",
        ),
        Rule(
            "months_are_plausible", profile, _BETWEEN,
            {"column": "month", "min_value": earliest, "max_value": latest},
            f"An answer lies before {earliest:%Y-%m} or after {latest:%Y-%m}, or in no month.", counts="answers",
        ),
        _known(profile, ["score", "scale", "month"], counts="answers"),
        *_count_rules(),
    )  # fmt: skip
    return tuple(replace(rule, by="load_id") for rule in rules)


def _count_rules() -> tuple[Rule, ...]:
    """What must hold for the counts of every file, and that its data are what its declaration says."""
    counts = "file_counts"
    return (
        Rule(
            "rejected_share_is_bearable", counts, "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "max_reject_share", "column_B": "reject_share", "or_equal": True},
            "More rows of the file were rejected than max_reject_share of nps.yaml allows.",
            counts="rejected",
        ),
        Rule(
            "every_row_is_accounted_for", counts, _ADD_UP,
            {"column_list": ["rows_read", "accepted", "unanswered", "excluded", "rejected"]},
            "The rows read are not the accepted, unanswered, excluded and rejected ones together.", counts="unbalanced",
        ),
        Rule(
            "accepted_rows_are_in_the_lake", counts, _EQUAL, {"column_A": "accepted", "column_B": "staged_rows"},
            "The lake does not hold the accepted rows that were counted.", counts="missing_rows",
        ),
        Rule(
            "refused_rows_are_in_the_lake", counts, _ADD_UP,
            {"column_list": ["rejected_rows", "rejected", "excluded"]},
            "The lake does not hold the rejected and excluded rows that were counted.", counts="missing_rows",
        ),
        _none(
            "answers_are_complete", counts, "incomplete",
            "An answer lacks its survey, id, date or score.",
        ),
        _none(
            "data_agree_with_their_scale", counts, "zeros",
            "Zeros stand among the answers, but their source declares a scale that begins with 1.",
        ),
        _none(
            "answers_use_their_scale", counts, "small_answers",
            "No answer goes beyond what 10 is, but their source declares a scale that goes far beyond.",
        ),
        _none(
            "dates_are_not_half_swapped", counts, "half_swapped",
            "All days up to 12 are written one way and all days above 12 another way, or they are of other months, as "
            "where a spreadsheet of another locale exchanged day and month of the dates that it could read. Export the file "
            "again, as text that no spreadsheet has opened. If the dates are right as they stand, write dates: {swapped: "
            "false} for the source; "
            "if those written year first or as numbers of days are exchanged, swapped: true turns them back.",
        ),
        _known(
            counts,
            ["rows_read", "accepted", "unanswered", "excluded", "rejected", "staged_rows", "rejected_rows",
             "incomplete", "zeros", "small_answers", "half_swapped"],
        ),
    )  # fmt: skip


def response_suite(*, min_match_rate: float) -> tuple[Rule, ...]:
    """The gate of the months just built, over `month_counts`. `min_match_rate` is a share, 0 to 1."""
    months = "month_counts"
    rules = (
        Rule(
            "every_answer_is_accounted_for", months, _ADD_UP, {"column_list": ["answers", "responses", "superseded"]},
            "The accepted answers of a month are not its responses and superseded answers together.", counts="missing",
        ),
        _none(
            "every_answer_counts_once", months, "other_rows",
            "The responses and superseded answers of a month are not its accepted answers, each once.",
        ),
        _none(
            "every_file_knows_what_counts", months, "miscounted",
            "What is told of how many answers of a file count is not what is in the lake.",
        ),
        _none("responses_lie_between_0_and_10", months, "out_of_range", "The score of a response lies outside 0-10."),
        _none("response_categories_follow_from_scores", months, "wrong_category", "A response is in the wrong group."),
        Rule(
            "enough_branches_are_known", months, _BETWEEN, {"column": "match_rate", "min_value": min_match_rate},
            f"Fewer than {100 * min_match_rate:.10g}% of a month's answers about the own brand have a known branch "
            "(min_match_rate of nps.yaml).",
            counts="unmatched",
        ),
        _known(months, ["answers", "responses", "superseded", "other_rows", "miscounted", "out_of_range", "wrong_category"]),
    )  # fmt: skip
    return tuple(replace(rule, by="part") for rule in rules)


def fact_suite() -> tuple[Rule, ...]:
    """The gate of the facts just built, over `fact_counts`."""
    facts = "fact_counts"
    rules = (
        Rule(
            "facts_hold_every_response", facts, _EQUAL, {"column_A": "responses", "column_B": "responses_in_facts"},
            "The facts of a month do not hold its responses.", counts="missing",
        ),
        _none(
            "fact_groups_add_up", facts, "inconsistent",
            "Promoters, passives and detractors of a fact are not its responses, or one of them is negative.",
        ),
        _known(facts, ["responses", "responses_in_facts", "inconsistent"]),
    )  # fmt: skip
    return tuple(replace(rule, by="part") for rule in rules)


def published_suite(*, minimum_group: int, max_restatement: float | None = None) -> tuple[Rule, ...]:
    """The gate of the file about to be published, over `published_counts`, `published_sums`, `published_changes`.

    `minimum_group` is the fewest answers of an employee group that may be shown; `max_restatement` how many points a score
    of a period that had ended may move, if that matters.
    """
    counts, sums = "published_counts", "published_sums"
    about_counts = (
        Rule(
            "published_scores_are_in_points", counts, _BETWEEN, {"column": "nps", "min_value": -100, "max_value": 100},
            "A published score lies outside -100 to 100.", counts="groups",
        ),
        Rule(
            "published_groups_add_up", counts, _ADD_UP,
            {"column_list": ["responses", "promoters", "passives", "detractors"]},
            "Promoters, passives and detractors of a published group are not its responses.", counts="groups",
        ),
        Rule(
            "small_groups_are_hidden", counts, _BETWEEN, {"column": "employees", "min_value": minimum_group},
            f"A group of fewer than {minimum_group} employees would be shown.", counts="groups",
        ),
        _known(counts, ["responses", "promoters", "passives", "detractors"], counts="groups"),
    )  # fmt: skip
    return (
        *(replace(rule, by="mart") for rule in about_counts),
        Rule(
            "sums_were_compared", sums, "ExpectTableRowCountToBeBetween", {"min_value": 1},
            "No sum of the published file was compared with the lake.",
        ),
        Rule(
            "sums_agree", sums, _EQUAL, {"column_A": "expected", "column_B": "found"},
            "A sum of the published file is not the one it must equal.", counts="difference",
        ),
        _known(sums, ["expected", "found"]),
        Rule(
            "restatements_are_small", "published_changes", _BETWEEN,
            {"column": "points", "min_value": 0, "max_value": 200 if max_restatement is None else max_restatement},
            "Scores of periods that had ended would be restated by more than gates.max_restatement. If that is right: nps "
            "run --accept restatements.", by="figure",
        ),
    )  # fmt: skip


def _pairs(scales: Mapping[str, Collection[int]]) -> list[tuple[str, int]]:
    return sorted((scale, score) for scale, scores in scales.items() for score in scores)


def _none(name: str, view: str, column: str, says: str) -> Rule:
    """A rule about a column that counts mistakes: there are none."""
    return Rule(name, view, _BETWEEN, {"column": column, "min_value": 0, "max_value": 0}, says, counts=column)


def _known(view: str, columns: list[str], counts: str | None = None) -> Rule:
    """A rule about the columns of a view that other rules are about, all but those in which a NULL is no mistake."""
    says = f"A number of {view} is not known, where there must be one."
    return Rule(f"{view}_is_known", view, _KNOWN, {"column_list": columns}, says, counts=counts)
