"""Getting Great Expectations into the process: late, once, quietly, and as cheaply as it goes.

Here: what must be so before and while it is imported. Not here: anything that uses it.
Importing it takes seconds, most of them for what this house never calls.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from threading import Lock
from typing import Final

_LOADING: Final = Lock()

#: A quarter of the time, needed only by statistical tests of distributions, which no rule uses.
_NOT_NEEDED: Final = "scipy.stats"

#: Modules of the standard library that Great Expectations still uses and that warn when they are first imported.
_DEPRECATED: Final = ("sre_constants", "sre_parse")


def preload() -> None:
    """Import Great Expectations, if that has not happened. May run in a thread while files are being read."""
    with _LOADING:
        if "expectations.session" in sys.modules:
            return
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        _keep_quiet("great_expectations")
        with _collecting_later():
            _defer(_NOT_NEEDED)
            _import_without_warnings(_DEPRECATED)
            import_module("expectations.session")


def _keep_quiet(name: str) -> None:
    """Let nothing that a library logs reach anyone: of a broken query it logs values. `check` says what failed."""
    logger = logging.getLogger(name)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Without the garbage collector, which would walk all the new objects again and again and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _defer(name: str) -> None:
    """Let a module be imported when something of it is first used. Nothing changes but the time at which it loads."""
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _import_without_warnings(names: tuple[str, ...]) -> None:
    """Import modules alone, so that the filters of the process are changed for a moment only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in names:
            with suppress(ModuleNotFoundError):
                import_module(name)
