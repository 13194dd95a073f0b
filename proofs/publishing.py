"""A workspace of the demo, and publications that take the place of one another while others read.

Here: landing a small file and running a night, again and again. Not here: readers.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from proofs.told import NotProvedError, demand

#: A file of the call centre with one call of a month that has ended, as the demo's nps.yaml describes them.
_HEADING: Final = "Номер звонка;Дата;Телефон;Клиент;Исход;Оценка;Комментарий оператора;Причина\r\n"
_CALL: Final = "PROOF-{number:05};15.06.2026 09:19;+000 09999 {number:04};;ответ получен;9;;\r\n"
#: So long may a publication take on a busy machine.
_LONGEST: Final = 180


@dataclass
class Publisher:
    """Publishes a workspace anew; each publication has one answer more."""

    home: Path
    publications: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The published file."""
        return self.home / "published" / "nps.duckdb"

    def make(self) -> None:
        """Make the demo's workspace, and publish it once. Raises `NotProvedError`."""
        self._nps("demo")

    def publish(self) -> None:
        """Publish once more. Raises `NotProvedError`."""
        number = len(list((self.home / "landing" / "calls").glob("calls_ZG_proof_*.txt")))
        file = self.home / "landing" / "calls" / f"calls_ZG_proof_{number:05}.txt"
        file.write_text(_HEADING + _CALL.format(number=number), "cp1251", newline="")
        self._nps("run")
        self.publications += 1

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Publish again and again meanwhile. Raises `NotProvedError` at the end if one failed."""
        enough = threading.Event()
        thread = threading.Thread(target=self._until, args=(enough,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            enough.set()
            thread.join(_LONGEST)
        demand(not self.failures, "\n".join(self.failures))

    def wait_for(self, more: int) -> None:
        """Wait until so many more publications have taken their place. Raises `NotProvedError`."""
        until, wanted = time.monotonic() + more * _LONGEST, self.publications + more
        while self.publications < wanted and not self.failures:
            demand(time.monotonic() < until, f"no publication within {_LONGEST} seconds")
            time.sleep(0.05)

    def _until(self, enough: threading.Event) -> None:
        while not enough.is_set() and not self.failures:
            try:
                self.publish()
            except NotProvedError as error:
                self.failures.append(str(error))

    def _nps(self, command: str) -> None:
        program = Path(sys.executable).with_name("nps")
        said = subprocess.run(
            [str(program), command, "--home", str(self.home)], capture_output=True, text=True, check=False
        )
        demand(said.returncode == 0, f"nps {command} ended with {said.returncode}:\n{said.stdout}{said.stderr}")
