"""Untrusted files are read in a process that may die of them: the next file gets another, and nothing else is harmed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters import apart as module
from pipelines.adapters.apart import BrokenError, apart, end
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason


@pytest.fixture(autouse=True, scope="module")
def _ended() -> Iterator[None]:
    end()
    yield
    end()


def of_reader() -> int:
    """Which process reads."""
    return apart(0, 1, os.getpid)


def refused() -> None:
    raise FileRefusedError(Reason.FILE_ENCODING, "It is in two encodings.", ["cp1250"])


def taken(size: int) -> int:
    """Memory, all of it."""
    return len(b"x" * size)


def panicked() -> None:
    raise BaseException("as of a library that panics")  # noqa: TRY002 - no Exception is what it raises


def test_one_process_reads_file_after_file_and_ends_with_the_batch() -> None:
    first = of_reader()
    assert first == of_reader() != os.getpid()
    end()
    assert first != of_reader()


@pytest.mark.parametrize(
    ("how", "given"),
    [(os.abort, ()), (signal.raise_signal, (signal.SIGSEGV,)), (panicked, ()), (bytearray, (1 << 46,))],
    ids=["abort", "segfault", "panic", "memory"],
)
def test_a_file_that_breaks_it_is_told_and_the_next_gets_another(how: object, given: tuple[object, ...]) -> None:
    before = of_reader()
    with pytest.raises(BrokenError):
        apart(0, 1, how, *given)  # type: ignore[arg-type]
    assert before != of_reader()


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_who_kills_it_does_not_make_the_file_a_broken_one(kill: signal.Signals) -> None:
    before = of_reader()
    with pytest.raises(InterruptedError, match="the next run tries it again"):
        apart(0, 1, signal.raise_signal, kill)
    assert before != of_reader()


def test_a_process_that_was_killed_while_nothing_was_read_reads_nothing() -> None:
    os.kill(of_reader(), signal.SIGKILL)
    with pytest.raises(InterruptedError):
        of_reader()
    assert of_reader()


def test_it_may_not_take_more_memory_than_sound_files_do(monkeypatch: pytest.MonkeyPatch) -> None:
    end()
    monkeypatch.setattr(module, "_memory", lambda: 512 << 20)
    assert apart(0, 1, taken, 1 << 28) == 1 << 28
    with pytest.raises(BrokenError):
        apart(0, 1, taken, 1 << 29)
    end()


def test_it_may_take_longer_for_larger_files_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.05)
    apart(1_000_000, 1, time.sleep, 0.1)
    with pytest.raises(BrokenError):
        apart(0, 1, time.sleep, 60)


def test_it_may_write_so_much_and_no_more(tmp_path: Path) -> None:
    apart(0, 1, (tmp_path / "x").write_bytes, bytes(1 << 20))
    with pytest.raises(OSError, match="File too large"):
        apart(0, 1, (tmp_path / "y").write_bytes, bytes(1 << 21))


def test_a_refusal_comes_back_as_it_was() -> None:
    before = of_reader()
    with pytest.raises(FileRefusedError) as told:
        apart(0, 1, refused)
    assert (told.value.reason, told.value.detail) == (Reason.FILE_ENCODING, "It is in two encodings.")
    assert (told.value.encodings, str(told.value)) == (("cp1250",), "file_encoding: It is in two encodings.")
    assert before == of_reader()
