"""What an answer of an API says of itself beside its records: that it is one page of several, and others follow.

Here: the sentence for people. Not here: finding the records and what stands beside them (`text`), fetching anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipelines.adapters.json.lines import Number

#: What notes of pages have in common.
MORE_PAGES: Final = "as one page of several does"
#: Keys, in small letters without signs, that are true where more follows, false there, or hold the way to what follows.
_MORE: Final = re.compile("has(?:more|next)(?:page|pages|items)?|more(?:records|results|available)|(?:is)?truncated")
_LAST: Final = re.compile("done|(?:is)?last(?:page)?|endofrecords")
_NEXT: Final = re.compile(
    "(?:odata)?next(?:link|url|uri|recordsurl|cursor|token|page(?:url|uri|cursor|token)?)?|continuationtoken"
)
_PAGE: Final = re.compile("(?:current)?page(?:number|no)?")
_PAGES: Final = re.compile("(?:total|num)?pages|pagecount|lastpage")
_TOTAL: Final = re.compile("total(?:count|size|items|results|records|responses|hits)?|numfound|count")
_NO_LETTER: Final = re.compile(r"[^a-z]")
_DEEPEST: Final = 6


def notes_of_pages(around: Mapping[str, Any], records: int) -> tuple[str, ...]:
    """The sentence about a file of so many records, of which what stands `around` them says that there are more."""
    said = dict(_leaves(around))
    numbers = {key: int(value) for key, (_, value) in said.items() if isinstance(value, Number) and value.isdecimal()}
    page, pages = (next((numbers[key] for key in numbers if keys.fullmatch(key)), 0) for keys in (_PAGE, _PAGES))
    follows = [name for key, (name, value) in said.items() if _says_more(key, value)]
    follows += [f"page {page} of {pages}"] if 0 < page < pages else []
    is_last = 0 < pages <= page or any(each.fullmatch(key) for key in said for each in (_MORE, _LAST, _NEXT))
    if not is_last:
        more = [key for key, number in numbers.items() if _TOTAL.fullmatch(key) and number > records > 0]
        follows += [f"{said[key][0]}: {numbers[key]}" for key in more]
    told = (
        f"It says beside its {records:,} records that there are more ('{follows[0]}'), {MORE_PAGES}. Have the others "
        "fetched too, and put them here as files of their own; if they are here, all is well."
        if follows
        else ""
    )
    return (told,) if told else ()


def _says_more(key: str, value: object) -> bool:
    if _MORE.fullmatch(key):
        return value is True
    if _LAST.fullmatch(key) and isinstance(value, bool):
        return not value
    if isinstance(value, dict):
        value = any(value.values())
    return _NEXT.fullmatch(key) is not None and bool(value) and value != "0"


def _leaves(value: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, tuple[str, Any]]]:
    """The keys of objects in objects, each with its name and value, those of lists left out."""
    for name, each in value.items():
        key = _NO_LETTER.sub("", name.casefold())
        if _NEXT.fullmatch(key) or not isinstance(each, dict | list):
            yield key, (name, each)
        elif isinstance(each, dict) and depth < _DEEPEST:
            yield from _leaves(each, depth + 1)
