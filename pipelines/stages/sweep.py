"""Temporary files that killed runs left behind; copies of landing files, with all that stands in them, are among those.

Here: which of them may go, and removing them. Not here: what is thrown away of the lake (`warehouse.upkeep.tidy`).
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.context import Context
from warehouse.upkeep.tidy import KEPT_HOURS

#: Folders of which every entry belongs to one run. Not the locks, nor what is known of landing.
_FOLDERS: Final = ("files", "gates", "spill")


def sweep(context: Context) -> None:
    """Remove temporary files that are older than `KEPT_HOURS`: younger ones may belong to a run that is still at work."""
    until = context.clock() - timedelta(hours=KEPT_HOURS)
    for name in _FOLDERS:
        for entry in context.scratch(name).iterdir():
            if datetime.fromtimestamp(entry.lstat().st_mtime, UTC) >= until:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink(missing_ok=True)
