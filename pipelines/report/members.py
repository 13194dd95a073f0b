"""What somebody types for a branch, a region or another member: its code or its name, in any spelling.

Here: which one is meant. Not here: which there are (`cells`, `followups`, `pages.figures`).
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.errors import UserError
from transforms.texts.spelling import key


def meant(typed: str, dimension: str, known: Iterable[tuple[str, str | None]]) -> str | None:
    """The member of `known`, codes with their names, that is called so; None where none is. A code comes before a name.

    Raises `UserError` where several have that name: nothing tells which of them is meant.
    """
    there = list(known)
    if any(member == typed for member, _ in there):
        return typed
    for called in (dict.fromkeys((member, member) for member, _ in there), dict.fromkeys(there)):
        found = sorted({member for member, name in called if name and key(name) == key(typed)})
        if len(found) > 1:
            raise UserError(
                f"The name {typed!r} is that of several ({dimension}): {', '.join(found)}. Say which of them."
            )
        if found:
            return found[0]
    return None
