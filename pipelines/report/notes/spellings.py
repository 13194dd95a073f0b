"""What is odd in the names that answers give: several spellings that were counted as one, words in two scripts, slips.

Here: sentences about the published file. Not here: which spellings are one (`transforms.texts.spelling`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.shown import counted
from transforms.texts.spelling import clean
from warehouse.published.query import Ask

#: So many branches that no list knows are held against one another: among thousands some are alike.
_FEW: Final = range(2, 1001)
_SHOWN: Final = 3
_UNLISTED: Final = "select count(*) from marts.dim_branch where not is_known"
#: Those of few answers, each with one of twenty times as many that is a letter away. Numbers and single letters tell places
#: apart (Shop 1, Shop A).
_SLIPS: Final = r"""
with told as (
    select branch, lower(branch) as letters, sum(responses)::bigint as answers
    from marts.fct_nps
    semi join (from marts.dim_branch where not is_known) using (branch)
    where len(branch) >= 5 and not regexp_matches(branch, '[0-9]|(^|[^\pL])\pL($|[^\pL])')
    group by all
)
select few.branch, few.answers, many.branch as beside, many.answers as beside_answers
from told as few
inner join told as many
    on few.answers * 20 <= many.answers and abs(len(few.letters) - len(many.letters)) <= 1
    and damerau_levenshtein(few.letters, many.letters) = 1
qualify row_number() over (partition by few.branch order by many.answers desc, many.branch) = 1
order by few.branch
"""
#: Numbers of branches that are the same without the zeros in front, or with a fraction of nothing: 007, 7, 7.0.
_NUMBERS: Final = r"""
with told as (
    select distinct branch, regexp_replace(branch, '[.,]0+$', '')::bigint as number
    from marts.fct_nps
    semi join (from marts.dim_branch where not is_known) using (branch)
    where regexp_matches(branch, '^[0-9]{1,18}([.,]0+)?$')
)
select list(branch order by branch) as branches from told group by number having count(*) > 1 order by number
"""


def spelling_notes(ask: Ask) -> list[str]:
    """A sentence for each name that stands there in several spellings or scripts, or may be a slip of the pen."""
    spelt = ask("from meta.spellings order by attribute, shown_as, spelling")
    return [*_spelt(spelt), *_slips(ask), *_same_numbers(ask)]


def _slips(ask: Ask) -> list[str]:
    if ask(_UNLISTED).item() not in _FEW:
        return []
    return [
        f"The branch {branch} ({counted(answers, 'answer')}) is almost spelt as {beside} ({beside_answers:,}), and they are "
        "counted apart. If they are one, correct it in the file."
        for branch, answers, beside, beside_answers in ask(_SLIPS).iter_rows()
    ]


def _same_numbers(ask: Ask) -> list[str]:
    found = [" and ".join(branches) for (branches,) in ask(_NUMBERS).iter_rows()]
    if not found:
        return []
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    told = f"Branches are counted apart that are one number but for zeros: {', '.join(found[:_SHOWN])}{more}."
    return [
        f"{told} A spreadsheet may have taken zeros away. If they are one, write its number the same way in all files."
    ]


def _spelt(rows: pl.DataFrame) -> list[str]:
    said = []
    for (attribute, shown_as), of_it in rows.group_by("attribute", "shown_as", maintain_order=True):
        others = of_it.filter(pl.col("spelling") != shown_as)
        if others.height:
            told = ", ".join(
                _told(spelling, str(shown_as)) + (f" ({answers:,})" if answers else "")
                for spelling, answers in others.select("spelling", "responses").iter_rows()
            )
            said.append(f"The {attribute} {shown_as} is also spelt {told}: they are counted as one (meta.spellings).")
        for spelling, scripts in of_it.drop_nulls("scripts").select("spelling", "scripts").iter_rows():
            said.append(
                f"The {attribute} {spelling} has a word with letters of {scripts}, which look alike: it is counted apart "
                "from what only looks like it (meta.spellings)."
            )
    return said


def _told(spelling: str, beside: str) -> str:
    """A spelling so that the difference can be seen."""
    return ascii(spelling) if clean(spelling) == clean(beside) or clean(spelling) != spelling else spelling
