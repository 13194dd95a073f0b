"""Which tests run a night or start processes: marked by what they and their fixtures call, so that nobody has to.

Here: following the calls through the functions of `tests`. Where one is followed too far, a quick test is left out of
`make test-quick`; where one is not seen (a function in a table, say), that takes a little longer.
"""

from __future__ import annotations

import gc
import inspect
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from statistics import mean
from types import CodeType, FunctionType, ModuleType
from unittest.mock import patch

import pytest

#: Tests run in a process for each core, in which polars needs one thread: more wait for work so busily that it costs a tenth
#: of all. It asks for their number once. What tests start has as many as there are cores.
with patch.dict(os.environ, POLARS_MAX_THREADS="1"):
    import polars as pl

    assert pl.thread_pool_size() == 1

#: Commands that work through a night, and what could start one.
COMMANDS = frozenset({"run", "demo", "backfill"})
STARTS = frozenset({"nps", "subprocess", "sys"})
#: What a night consists of, called without a command.
JOBS = frozenset({"execute_in_process", "run_night", "rebuild_responses", "build_candidate", "close_waves"})
#: Modules that start processes: nights that are killed, Dagster's webserver and daemon.
PROCESSES = frozenset({"tests.support.crash", "tests.support.ui"})
#: What starts others, which import all anew; and what watches each allocation of this one.
SLOW = frozenset({"subprocess", "ProcessPoolExecutor", "get_context", "tracemalloc"})


#: For how many minutes tests are begun; those that are left after that are skipped. All are run where nothing is said.
MINUTES = float(os.environ.get("NPS_MINUTES", "inf"))
BEGAN = time.monotonic()


def pytest_configure() -> None:
    """What tests write need not survive a loss of power: a night waits for the disk more than a hundred times."""
    os.fsync = lambda _: None  # type: ignore[assignment]
    gc.disable()


def pytest_collection_finish() -> None:
    """Modules and tests are never garbage: to look for it among them took half of the time in which they are collected."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if time.monotonic() - BEGAN > 60 * MINUTES:
        pytest.skip(f"{MINUTES:g} minutes are over (NPS_MINUTES); make test runs it.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function):
            if any(comes_to(starts_a_night, each) for each in functions_of(item)):
                item.add_marker("night")
            if any(comes_to(starts_processes, each) for each in functions_of(item)):
                item.add_marker("slow")
    # Files of few nights come first, those that start processes last: what finds most mistakes in a minute is run at once.
    costs = defaultdict[Path, list[int]](list)
    for item in items:
        costs[item.path].append(3 if item.get_closest_marker("slow") else 1 if item.get_closest_marker("night") else 0)
    means = {path: mean(each) for path, each in costs.items()}
    items.sort(key=lambda item: means[item.path])


def functions_of(item: pytest.Function) -> Iterator[object]:
    """The test, its fixtures, and the functions among its parameters."""
    yield getattr(getattr(item.obj, "hypothesis", None), "inner_test", item.obj)
    for definitions in item._fixtureinfo.name2fixturedefs.values():  # noqa: SLF001 - pytest shows it nowhere else
        yield from (definition.func for definition in definitions)
    if hasattr(item, "callspec"):
        yield from item.callspec.params.values()


def comes_to(does: Callable[[FunctionType], bool], start: object) -> bool:
    """Whether a function, or one of `tests` that it calls, does something."""
    seen: set[FunctionType] = set()
    ahead = list(plain(start))
    while ahead:
        function = ahead.pop()
        if function in seen:
            continue
        seen.add(function)
        if does(function):
            return True
        ahead.extend(called(function))
    return False


@cache
def starts_a_night(function: FunctionType) -> bool:
    if function.__module__ in PROCESSES:
        return True
    return any(
        names & JOBS or (words & COMMANDS and names & STARTS)
        for names, words in map(words_of, codes(function.__code__))
    )


@cache
def starts_processes(function: FunctionType) -> bool:
    return any(SLOW & set(code.co_names) for code in codes(function.__code__))


@cache
def called(function: FunctionType) -> tuple[FunctionType, ...]:
    """The functions of `tests` that a function names, also as `module.function` and through their class."""
    names = {name for code in codes(function.__code__) for name in code.co_names}
    named = [function.__globals__[name] for name in names if name in function.__globals__]
    named += [
        vars(module)[name] for module in named if isinstance(module, ModuleType) for name in names & set(vars(module))
    ]
    return tuple(each for thing in named for each in plain(thing))


def plain(thing: object) -> Iterator[FunctionType]:
    """A function of `tests` as it was written, whatever wraps it; or those of a class."""
    if not str(getattr(thing, "__module__", "")).startswith("tests."):
        return
    if inspect.isclass(thing):
        for each in vars(thing).values():
            yield from plain(getattr(each, "fget", each))
    elif callable(thing) and isinstance(function := inspect.unwrap(thing), FunctionType):
        yield function


def codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code, and that of what is defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def words_of(code: CodeType) -> tuple[set[str], set[str]]:
    """The names that a piece of code uses, and the texts that it holds."""
    flat = [each for constant in code.co_consts for each in (constant if isinstance(constant, tuple) else (constant,))]
    return set(code.co_names), {each for each in flat if isinstance(each, str)}
