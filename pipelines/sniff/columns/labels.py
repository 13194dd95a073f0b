"""Whether the values of a column look like names of groups: of branches, departments, industries, firms.

Here: what such names never are: sentences, opinions, check boxes, states of an invitation, dates, addresses, scores,
browsers. Not here: which of them a column is proposed for (`roles`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pipelines.adapters.beside_scores import groups_among
from pipelines.adapters.words import plain, said
from pipelines.sniff.columns.facts import Seen

_LONGEST: Final = 60
_LONG: Final = rf"^.{{{_LONGEST},}}"
_SENTENCE: Final = r"^\S+(?:\s+\S+){2,}[.!?…]$|^\S+(?:\s+\S+){7,}"
_DATE: Final = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
_YEAR: Final = r"^(?:19|20)\d{2}$"
_ADDRESS: Final = r"\S@\S+\.\S"
_SCORE: Final = r"^(?:\d|10)(?:[.,]\d+)?$"
_BROWSER: Final = r"Mozilla/|AppleWebKit|https?://"
_WITH_A_DIGIT: Final = r"^\S*\d\S*$"
#: All are looked for in one pass, as most columns are asked for most of them.
_PATTERNS: Final = (_LONG, _SENTENCE, _DATE, _YEAR, _ADDRESS, _SCORE, _BROWSER, _WITH_A_DIGIT)
_LOOKED_AT: Final = 50
_SOME: Final = 0.1
_HALF: Final = 0.5


def are_labels(column: Seen) -> bool:
    """Whether the values may be names of groups, and the heading speaks of nothing else about these."""
    if column.speaks_of("quality") or _holds(column, _YEAR, _HALF):
        return False
    no_names = (_LONG, _SENTENCE, _DATE, _ADDRESS, _BROWSER)
    return not is_opinion(column) and not any(_holds(column, pattern, _SOME) for pattern in no_names)


def are_own_words(column: Seen) -> bool:
    """Whether the values may be what people wrote themselves: no opinions to choose from, no ids, dates or addresses."""
    no_words = (_DATE, _ADDRESS, _BROWSER, _WITH_A_DIGIT)
    return not is_opinion(column) and not any(_holds(column, pattern, _HALF) for pattern in no_words)


def is_opinion(column: Seen) -> bool:
    """Whether the values are answers to another question: agree or disagree, yes or no, 0 to 10, what became of it."""
    texts = [plain(text) for text, _ in column.counts[:_LOOKED_AT]]
    is_box = all(not text or said("check_box", text) == text for text in texts)
    is_group = bool(groups_among(tuple(text for text, _ in column.counts)))
    return is_box or is_group or _is_ticked(column) or _speak_of(column, "outcome") or is_answer(column)


def _is_ticked(column: Seen) -> bool:
    """Whether the one text that stands in it is the option that its heading ends with: `Services? - Online shop`."""
    if len(column.counts) != 1:
        return False
    text = plain(column.counts[0][0])
    return any(plain(heading).endswith(text) for heading in column.headings)


def is_answer(column: Seen) -> bool:
    """Whether the values are opinions in words or on 0 to 10."""
    return column.filled > 0 and (_speak_of(column, "agreement") or _holds(column, _SCORE, 1 - _SOME))


def _speak_of(column: Seen, topic: str) -> bool:
    return _most_speak_of(tuple(text for text, _ in column.counts[:_LOOKED_AT]), topic)


@lru_cache(maxsize=1 << 12)  # several ask the same of a column
def _most_speak_of(texts: tuple[str, ...], topic: str) -> bool:
    return sum(1 for text in texts if said(topic, text)) > _HALF * len(texts)


def _holds(column: Seen, pattern: str, share: float) -> bool:
    return column.rows_like(pattern, *_PATTERNS) > share * max(column.filled, 1)
