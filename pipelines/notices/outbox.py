"""What was found and who was told of it, in `notices.jsonl` of the workspace: nothing is told twice, and nothing forgotten.

An event is written down before anybody is told, and that somebody was told right after it. So a receiver that is down is
told by a later run, and one who is told by a run that is killed in that very moment is told once more, with the same id.
Not here: what an event is (`events`), how it is sent (`sending`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from pipelines.context import Context
from pipelines.errors import NoRoomError
from pipelines.notices.events import Event, events, failures
from pipelines.notices.sending import NotToldError, send
from pipelines.report.pages import folder
from warehouse.lake.errors import DamagedError

FILE: Final = "notices.jsonl"
#: Of what is older nobody is told any more, also not a receiver that is new.
KEPT: Final = timedelta(days=7)


def tell(context: Context, errors: Sequence[str] = ()) -> list[str]:
    """Tell every receiver of nps.yaml what they were not told yet; gives a sentence about each that could not be told.

    `errors` are those by which the run that ends now has failed.
    """
    receivers = context.workspace.config.notify
    if not receivers:
        return []
    root, now, reports = context.workspace.root, context.clock(), folder(context.workspace)
    with _alone(root) as is_alone:
        if not is_alone:
            return []
        known = _known(root)
        written = {line["event"]: line for line in known if "event" in line}
        new = {event.id: _line(event, now) for event in _found(context, errors) if event.id not in written}
        _append(root, list(new.values()))
        told = {(line["told"], line["receiver"]) for line in known if "told" in line}
        fresh = [line for line in (written | new).values() if now - datetime.fromisoformat(line["at"]) < KEPT]
        said = []
        for receiver in receivers:
            due = [
                _event(line)
                for line in _newest(fresh)
                if (line["kind"] in receiver.about or receiver.name in line.get("to", ()))
                and (line["event"], receiver.name) not in told
                and (not line.get("file") or (reports / line["file"]).is_file())
            ]
            try:
                if due:
                    send(receiver, due, root.name, reports)
            except NotToldError as error:
                said.append(str(error))
            else:
                _append(root, [{"told": each.id, "receiver": receiver.name, "at": f"{now}"} for each in due])
        return said


def _found(context: Context, errors: Sequence[str]) -> list[Event]:
    found = failures(errors, f"{context.clock():%Y-%m-%d}")
    try:
        return [*found, *events(context)]
    except (OSError, DamagedError, NoRoomError):
        # What keeps the warehouse from being read is an error of the run, and told as that.
        return found


def _line(event: Event, now: datetime) -> dict[str, Any]:
    line = {"event": event.id, "kind": event.kind, "key": event.key, "says": event.says, "at": f"{now}"}
    return {**line, "to": [*event.to], "file": event.file} if event.file else line


def _event(line: Mapping[str, Any]) -> Event:
    return Event(line["kind"], line["key"], line["says"], tuple(line.get("to", ())), line.get("file", ""))


def _newest(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines, and of each report the last one alone: who was down gets it once, as it is now."""
    last = {line["file"]: line["event"] for line in lines if line.get("file")}
    return [line for line in lines if not line.get("file") or last[line["file"]] == line["event"]]


@contextmanager
def _alone(root: Path) -> Iterator[bool]:
    """Whether nobody else is telling just now: what they have not told, the next one does."""
    try:
        with FileLock(root / f".{FILE}.lock", timeout=0):
            yield True
    except Timeout:
        yield False


def _known(root: Path) -> list[dict[str, Any]]:
    """The lines of the file; one that a kill or a full disk has cut off is none."""
    try:
        lines = (root / FILE).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return [line for line in found if isinstance(line, dict)]


def _append(root: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    if not lines:
        return
    path = root / FILE
    with path.open("ab+") as file:
        if file.tell() and not _ends(path):
            file.write(b"\n")
        file.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())


def _ends(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
