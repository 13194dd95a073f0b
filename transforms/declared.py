"""dataframely, with which tables are declared, without the SQLAlchemy that it takes along where that is installed.

Here: getting the library. Not here: any table (`transforms.tables`). Of its columns of databases nothing is used in this
house, and SQLAlchemy is a fifth of what a night costs that finds nothing to do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

_NOT_NEEDED: Final = "sqlalchemy"


@contextmanager
def _absent(name: str) -> Iterator[None]:
    """Let a module that nobody has imported yet look as if it were not installed."""
    if name in sys.modules:
        yield
        return
    # So Python is told.
    sys.modules[name] = cast("Any", None)
    try:
        yield
    finally:
        del sys.modules[name]


with _absent(_NOT_NEEDED):
    import dataframely as dy

__all__ = ["dy"]
