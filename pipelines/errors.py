"""What can go wrong that is not a mistake of this program: each error carries a sentence for people.

Here: errors that are shown. Not here: bugs, which are let through with their traceback.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.shown import shown
from transforms.reasons import Reason


class UserError(Exception):
    """A mistake in the configuration or in how a command was used: says what is wrong, where, and what to do."""


class NoRoomError(Exception):
    """A disk is full: says which one, and what to do."""


class NotReadyError(Exception):
    """A run that must not begin: says why, and what to do."""


class FileRefusedError(Exception):
    """A whole file cannot be taken: a reason from the closed list, and the sentence that explains it."""

    def __init__(self, reason: Reason, detail: str, encodings: Sequence[str] = ()) -> None:
        """The reason is for counting, the detail for people, whose screens it does not disturb.

        `encodings` are those that a text seems to be in which is refused only because nobody says so.
        """
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = shown(detail)
        self.encodings = tuple(encodings)

    def __reduce__(self) -> tuple[type[FileRefusedError], tuple[Reason, str, tuple[str, ...]]]:
        """How it comes back from the process that read the file."""
        return type(self), (self.reason, self.detail, self.encodings)
