"""What an export is in the demo, and how rows become its bytes.

Here: the words that the four systems share. Not here: what any of them writes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Export:
    """One file of landing: where it goes, what is in it, and when it came."""

    path: str
    """Inside the workspace."""
    content: bytes
    arrived_at: datetime


def delimited(rows: Iterable[Sequence[object]], delimiter: str, encoding: str) -> bytes:
    """Rows as a delimited file with CRLF line ends; cells are quoted where they need it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)
