"""What this process may use: file handles and address space. Too little of either shows as a crash deep in a library.

Here: looking before anything else is imported, and one sentence. Not here: disks (`pipelines.trouble.sentences`).
"""

from __future__ import annotations

import resource
from typing import Final

from pipelines.errors import NoRoomError

_GB: Final = 1 << 30
#: A night opens the files of all months that it builds at once.
_HANDLES: Final = 256
_WANTED_HANDLES: Final = 65_536
#: The libraries alone reserve more than two; DuckDB's own memory (limits.memory_mb) comes on top.
_ADDRESS_SPACE: Final = 4 * _GB


def refuse_small_machine() -> None:
    """Take as many file handles as this process may have. Raises `NoRoomError` where these or the memory are too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _WANTED_HANDLES if hard == resource.RLIM_INFINITY else min(hard, _WANTED_HANDLES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if hard != resource.RLIM_INFINITY and hard < _HANDLES:
        raise NoRoomError(
            f"This process may open only {hard:,} files at once, and needs {_HANDLES:,}. Allow more (ulimit -n 4096, or "
            "LimitNOFILE of the service) and type the command again."
        )
    space, _ = resource.getrlimit(resource.RLIMIT_AS)
    if space != resource.RLIM_INFINITY and space < _ADDRESS_SPACE:
        raise NoRoomError(
            f"This process may use only {space / _GB:.1f} GB of address space, and needs {_ADDRESS_SPACE // _GB}. Allow "
            "more (ulimit -v unlimited, or LimitAS of the service) and type the command again."
        )
