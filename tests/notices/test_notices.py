"""Somebody is told: of each event once, also by a receiver that was down, and never the secret address."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import copytree
from typing import Any

import dagster as dg
import polars as pl
import pytest

from pipelines.assets.automation import automations, jobs
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.notices import outbox, sending
from pipelines.notices.events import Event, events
from tests.support.scenario import Settings, configure, land, nps, source, workspace

HEADED = "Id,Date,Branch,Score\n"
GOOD = HEADED + "".join(f"g{n},2025-03-0{1 + n},ZG,{n + 2}\n" for n in range(8))
BAD = HEADED + "".join(f"b{n},2025-03-0{1 + n},ZG,99\n" for n in range(8))
COLUMNS = {"response_id": "Id", "responded_at": "Date", "branch": "Branch", "score": "Score"}


def settings(*receivers: dict[str, Any]) -> Settings:
    return {"sources": {"shops": source("shops", columns=COLUMNS)}, "notify": list(receivers)}


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address, and what is posted to it."""
    posted: list[dict[str, Any]] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append({**json.loads(body), "sent as": self.headers["Idempotency-Key"]})
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Sink)) as port:
        yield f"http://127.0.0.1:{port}/secret-token", posted


@contextmanager
def mailbox() -> Iterator[tuple[int, list[str]]]:
    """A port, and the mails that arrive there."""
    mails: list[str] = []

    class Sink(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 sink\r\n")
            while line := self.rfile.readline().decode():
                if line.upper().startswith("DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    mails.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
                self.wfile.write(b"221 bye\r\n" if line.upper().startswith("QUIT") else b"250 ok\r\n")
                if line.upper().startswith("QUIT"):
                    return

    with serving(socketserver.TCPServer(("127.0.0.1", 0), Sink)) as port:
        yield port, mails


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a file that is in, and two that are held."""
    home = workspace(tmp_path_factory.mktemp("notices") / "company", settings())
    land(home, "shops/good.csv", GOOD, 1)
    land(home, "shops/bad <!channel>.csv", BAD, 2)
    assert nps("run", "--home", home).code == 3
    return home


@pytest.fixture
def home(after_a_night: Path, tmp_path: Path) -> Path:
    home = tmp_path / "company"
    copytree(after_a_night, home)
    configure(home, settings({"name": "ops", "webhook": "NPS_TEST_HOOK"}))
    return home


def told(home: Path) -> str:
    """What is said when everybody was told, or not."""
    return " ".join(outbox.tell(Context(open_workspace(home))))


def test_each_event_is_told_once_and_a_receiver_that_was_down_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPS_TEST_HOOK", "http://127.0.0.1:9/secret-token")
    assert "ops could not be told of 1 event" in (said := told(home))
    assert "The next run tries it again" in said
    assert "secret-token" not in said
    with webhook(500) as (address, refused):
        monkeypatch.setenv("NPS_TEST_HOOK", address)
        assert "could not be told" in told(home)
    with webhook() as (address, posted):
        monkeypatch.setenv("NPS_TEST_HOOK", address)
        assert not told(home)
        assert not told(home)
    [message] = posted
    [event] = message["events"]
    assert event["kind"] == "file_not_in"
    assert "landing/shops/bad <!channel>.csv (shops) is held" in event["says"]
    assert message["sent as"] == refused[0]["sent as"], "by which a receiver knows what it was sent before"
    assert "secret-token" not in (home / outbox.FILE).read_text("utf-8")


def test_a_night_tells_when_it_ends_and_when_it_breaks(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook() as (address, posted), monkeypatch.context() as patched:
        monkeypatch.setenv("NPS_TEST_HOOK", address)
        assert nps("run", "--home", home).code == 0
        patched.setattr("pipelines.runs.night.landing", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            nps("run", "--home", home)
    assert [event["kind"] for message in posted for event in message["events"]] == ["file_not_in", "run_failed"]
    assert posted[1]["events"][0]["says"] == "division by zero"


def test_a_run_that_is_killed_before_it_tells_is_made_up_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with webhook() as (address, posted), monkeypatch.context() as patched:
        monkeypatch.setenv("NPS_TEST_HOOK", address)
        patched.setattr(outbox, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            told(home)
        patched.undo()
        monkeypatch.setenv("NPS_TEST_HOOK", address)
        file = home / outbox.FILE
        file.write_bytes(file.read_bytes() + b'{"told": "cut o')
        assert not told(home)
        assert not told(home)
    assert [len(message["events"]) for message in posted] == [1]


def test_mail_tells_what_a_webhook_does(home: Path) -> None:
    with mailbox() as (port, mails):
        mail = {
            "to": ["data@example.com"],
            "sender": "nps@example.com",
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
        }
        configure(
            home, settings({"name": "data", "mail": mail}, {"name": "gates", "about": ["gate_failed"], "mail": mail})
        )
        assert not told(home)
        assert not told(home)
    [message] = mails
    assert "Subject: nps-warehouse company: 1 notice" in message
    assert "landing/shops/bad" in message
    assert "99" not in message, "no cell of a row"


@pytest.mark.parametrize(
    ("shape", "path"), [("slack", ["text"]), ("teams", ["attachments", 0, "content", "body", 1, "text"])]
)
def test_slack_and_teams_get_what_they_show(
    shape: str, path: list[Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, settings({"name": "chat", "webhook": "NPS_TEST_HOOK", "shape": shape}))
    with webhook() as (address, posted):
        monkeypatch.setenv("NPS_TEST_HOOK", address)
        assert not told(home)
    shown: Any = posted[0]
    for step in path:
        shown = shown[step]
    assert "landing/shops/" in shown
    assert shape != "slack" or "<!channel>" not in shown


def test_a_name_makes_no_link_in_teams() -> None:
    told = sending.body("teams", "t", [Event("file_not_in", "1", "[here](http://x).csv is not in.")])
    assert "](http" not in json.dumps(told)
    assert "here" in json.dumps(told)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "the environment variable NPS_TEST_HOOK is not set"),
        ("file:///etc/passwd", "neither with https:// nor with http://"),
        ("http://a b/secret-token", "InvalidURL"),
    ],
)
def test_an_address_that_is_none_is_a_sentence(
    address: str, why: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPS_TEST_HOOK", address)
    said = told(home)
    assert "ops could not be told" in said
    assert why in said
    assert "secret" not in said


def test_a_receiver_that_never_answers_holds_nobody_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.05)

    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(10_000)
            threading.Event().wait(0.5)

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent)) as port:
        monkeypatch.setenv("NPS_TEST_HOOK", f"http://127.0.0.1:{port}/")
        assert "ops could not be told" in told(home)


@pytest.mark.parametrize(
    ("receiver", "says"),
    [
        ([{"name": "a"}], "webhook or mail"),
        ([{"name": "a", "webhook": "X", "mail": {"to": ["a@b"], "sender": "a@b", "host": "h"}}], "webhook or mail"),
        ([{"name": "a", "webhook": "https://hooks.example.com/x"}], "webhook"),
        ([{"name": "a", "webhook": "X"}, {"name": "a", "webhook": "Y"}], "called a"),
    ],
)
def test_what_cannot_be_meant_is_a_mistake_in_nps_yaml(receiver: list[dict[str, Any]], says: str, home: Path) -> None:
    configure(home, settings(*receiver))
    with pytest.raises(UserError, match=says):
        open_workspace(home)


def test_the_daemon_tells_what_a_night_does(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = Context(open_workspace(home))
    [sensor] = [each for each in automations(context, jobs(["shops"])).sensors if each.name == "notices"]
    with webhook() as (address, posted), dg.DagsterInstance.ephemeral() as instance:
        monkeypatch.setenv("NPS_TEST_HOOK", address)
        sensor(dg.build_sensor_context(instance=instance))
        sensor(dg.build_sensor_context(instance=instance))
    assert [len(message["events"]) for message in posted] == [1]


def test_a_gate_that_goes_on_failing_is_one_event_until_it_has_held_again(home: Path) -> None:
    context = Context(open_workspace(home))
    last = context.lake.ledger("checks").filter(pl.col("stage") == "published").head(1)

    def checked(passed: bool, hour: int) -> list[str]:
        row = {
            "passed": passed,
            "failing_rows": int(not passed),
            "checked_at": last.item(0, "checked_at") + timedelta(hours=hour),
        }
        context.lake.append(
            "checks", last.with_columns(**{name: pl.lit(value) for name, value in row.items()}).drop("sequence")
        )
        return [event.id for event in events(context) if event.kind == "gate_failed"]

    first, again = checked(False, 1), checked(False, 2)
    assert len(first) == 1
    assert again == first
    assert checked(True, 3) == []
    assert checked(False, 4) not in ([], first)
