"""How a proof ends: with sentences of what was seen, skipped with a reason, or not proved.

Not here: any proof.
"""

from __future__ import annotations


class SkippedError(Exception):
    """What the proof needs is not on this machine; the reason is the message."""


class NotProvedError(Exception):
    """What was to be shown is not so; the message says what was seen instead."""


def demand(holds: object, otherwise: str) -> None:
    """Raise `NotProvedError` with a sentence unless something holds."""
    if not holds:
        raise NotProvedError(otherwise)
