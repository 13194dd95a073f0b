"""A process of its own for formats that cannot be trusted: a damaged file can crash a library, hang it or take all memory.

One process reads all such files of a batch, within bounds of time, of memory and of what it writes; where it dies, the
next file gets another. Here: that process, and calling functions in it. Not here: what they read (`sheets.workbook`,
`parquet.as_text`), or the sentence about a file that was too much for it.
"""

from __future__ import annotations

import atexit
import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock
from typing import Final, ParamSpec, TypeVar

from pipelines.errors import FileRefusedError

P = ParamSpec("P")
T = TypeVar("T")

_MB: Final = 1 << 20
#: More than the largest spreadsheet takes that limits.max_sheet_mb allows by itself; larger machines allow more.
_LEAST_MEMORY: Final = 4 << 30
#: A second for each of so many bytes, and these: ten times what the slowest sound file takes.
_BYTES_A_SECOND: Final = 100_000
_SECONDS: Final = 120
_LOCK: Final = Lock()
#: Nothing here sends these to a process that works, and no library ends by them.
_BY_OTHERS: Final = frozenset({-signal.SIGKILL, -signal.SIGTERM})
_KILLED: Final = "the process that read it was killed, as happens where memory runs short; the next run tries it again"
_SERVE: Final = (
    "import sys; sys.path[:] = {path!r}; from pipelines.adapters import apart; apart.serve({handle}, {memory})"
)


class BrokenError(Exception):
    """The file broke what read it: it panicked, died, or took more time or memory than any sound file does."""


def apart(size_bytes: int, most_mb: int, function: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Call a function of a module in the process, for a file of this size.

    Raises `BrokenError`, and what the function raises of `FileRefusedError` and `OSError`; it is an `OSError` too to write
    a file of more than `most_mb`, and an `InterruptedError` where others killed the process: no fault of the file.
    """
    with _LOCK:
        child = _child()
        try:
            child.pipe.send((_SECONDS + size_bytes / _BYTES_A_SECOND, most_mb, function, given, named))
            result, error = child.pipe.recv()
        except (EOFError, ConnectionError):
            is_killed = child.end() in _BY_OTHERS
            result, error = None, InterruptedError(errno.EINTR, _KILLED) if is_killed else BrokenError("it died")
        if isinstance(error, BrokenError | InterruptedError):
            end()
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]


def end() -> None:
    """The process is not needed any more; the next call starts another."""
    if _child.cache_info().currsize:
        _child().end()
        _child.cache_clear()


class _Child:
    """A process that calls what it is sent, until nothing more can come."""

    def __init__(self) -> None:
        """Nothing is called yet."""
        self.pipe, theirs = Pipe()
        code = _SERVE.format(path=sys.path, handle=theirs.fileno(), memory=_memory())
        quiet = subprocess.DEVNULL  # what libraries print while they panic helps nobody
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", code], stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=[theirs.fileno()]
        )
        theirs.close()

    def end(self) -> int:
        """Whatever it does, nobody waits for it; gives back by what it ended, as `subprocess` says it."""
        self.pipe.close()
        self._process.kill()
        return self._process.wait()


@cache
def _child() -> _Child:
    atexit.register(end)
    return _Child()


def _memory() -> int:
    return max(_LEAST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)


def serve(handle: int, memory: int) -> None:
    """Be that process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever stops a night stops what waits here
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))
    with Connection(handle) as pipe:
        while True:
            try:
                seconds, most_mb, *call = pipe.recv()
            except EOFError:
                return
            signal.setitimer(signal.ITIMER_REAL, seconds)
            pipe.send(_called(most_mb, *call))
            signal.setitimer(signal.ITIMER_REAL, 0)


def _called(
    most_mb: int, function: Callable[..., object], given: Sequence[object], named: Mapping[str, object]
) -> tuple[object, Exception | None]:
    """What a function gives back, or what is wrong with the file."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_mb * _MB, hard))
    try:
        return function(*given, **named), None
    except (FileRefusedError, OSError) as error:
        return None, error
    except BaseException as error:  # noqa: BLE001 - a library that panics raises what is no Exception
        return None, BrokenError(str(error))
