"""What a proof is given: a published workspace, room for its own files, and a folder for pictures.

Not here: any proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from proofs.publishing import Publisher


@dataclass(frozen=True)
class Stage:
    """What a proof is given."""

    publisher: Publisher
    scratch: Path
    """Removed at the end."""
    pictures: Path
    """Kept."""
