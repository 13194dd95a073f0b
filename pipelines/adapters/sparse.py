"""Records that have hardly a key in common: as one table they would be nearly empty, and fill the machine with nothing.

Here: when a table of all keys of all records is refused. Not here: reading records (`json.records`, `qualtrics.xml`).
"""

from __future__ import annotations

from typing import Final

from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

#: So many cells are made whether anything stands in them or not; of more, at least one in so many must be filled.
BEARABLE: Final = 5_000_000
_EMPTIEST: Final = 50


def refuse_many(name: str, keys: int, most: int) -> None:
    """Raise `FileRefusedError` for records of more keys than a table has columns."""
    if keys > most:
        raise FileRefusedError(
            Reason.FILE_TOO_LARGE,
            f"{name} has more than {most:,} different keys: its records are no rows of one table.",
        )


def refuse_sparse(name: str, records: int, keys: int, filled: int) -> None:
    """Raise `FileRefusedError` where a table of so many records and keys would hold next to nothing but blank cells."""
    cells = records * keys
    if cells > BEARABLE and cells > _EMPTIEST * filled:
        raise FileRefusedError(
            Reason.FILE_TOO_LARGE,
            f"{name} has {keys:,} different keys, of which its first {records:,} records have "
            f"{filled / records:.0f} each: they are no rows of one table. Export them with the same keys in each, "
            "or as several files.",
        )
