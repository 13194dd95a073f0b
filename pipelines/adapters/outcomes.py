"""What the texts of a column of outcomes say of a call: that it was answered, refused, or that nobody could be reached.

Here: knowing them, by the kind `operator` or in other words. Not here: which column says so (`pipelines.sniff`), what
nps.yaml lists (`pipelines.config.contacts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from pipelines.adapters.words import named
from pipelines.config.kinds import known
from transforms.contact_status import STATUSES
from transforms.texts.spelling import simple

#: What knows the usual outcomes of calls.
CALLS: Final = "operator"
_IN_WORDS: Final = ("undeliverable", "delivered", "reached", "refused")


def status_of_call(text: str) -> str | None:
    """What a text says of a call, by the kind `operator` or in other words."""
    spoken = (status for status in STATUSES if status in _IN_WORDS and named(f"call_{status}", text))
    return statuses_of_calls().get(simple(text)) or next(spoken, None)


@cache
def statuses_of_calls() -> Mapping[str, str]:
    """The usual outcomes of calls, each with its status."""
    outcome = known(CALLS)["source"]["outcome"]
    return {simple(text): status for status in STATUSES for text in outcome.get(status, ())}
