"""Sending what somebody is told: to a webhook or by mail, within seconds or not at all.

Here: what a notice looks like to each kind of receiver. Not here: which events there are (`events`), what was told
already (`outbox`).
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

from pipelines.config.notify import Mail, Receiver
from pipelines.notices.events import Event
from pipelines.shown import counted
from warehouse.lake.ledgers import digest

#: A receiver that does not answer holds nobody up for longer.
SECONDS: Final = 5


class NotToldError(Exception):
    """A receiver that could not be told; a sentence without the secret address."""


class _SettingError(ValueError):
    """What somebody has to set right."""


def send(receiver: Receiver, events: Sequence[Event], workspace: str, reports: Path) -> None:
    """Tell a receiver of some events in one message. Raises `NotToldError`.

    The message carries an id, the same if it is sent again, by which a receiver may know it. Reports are attached, as they
    lie in the folder `reports`.
    """
    what = "report" if all(event.file for event in events) else "notice"
    title = f"nps-warehouse {workspace}: {counted(len(events), what)}"
    sent_as = digest(receiver.name, [event.id for event in events])
    try:
        if receiver.mail is not None:
            _mail(receiver.mail, title, events, sent_as, reports)
        else:
            _post(_secret(str(receiver.webhook)), body(receiver.shape, title, events), sent_as)
    except (OSError, HTTPException, smtplib.SMTPException, ValueError) as error:
        # What libraries say may hold the address.
        why = str(error) if isinstance(error, _SettingError) else type(error).__name__
        raise NotToldError(
            f"{receiver.name} could not be told of {counted(len(events), 'event')} ({why}). The next run tries it again."
        ) from error


def _secret(variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise _SettingError(f"the environment variable {variable} is not set")
    return value


def body(shape: str, title: str, events: Sequence[Event]) -> dict[str, object]:
    """What is posted of events, in the shape that a receiver wants."""
    lines = [f"• {event.says}" for event in events]
    if shape == "slack":
        return {"text": "\n".join([f"*{_plain(title)}*", *map(_plain, lines)])}
    if shape == "teams":
        blocks = [
            {"type": "TextBlock", "text": _unlinked(title), "weight": "Bolder", "wrap": True},
            *({"type": "TextBlock", "text": _unlinked(line), "wrap": True} for line in lines),
        ]
        card = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
        return {
            "type": "message",
            "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
        }
    return {"title": title, "events": [{"id": event.id, "kind": event.kind, "says": event.says} for event in events]}


def _plain(text: str) -> str:
    """Text in which Slack finds no link and no name to call."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unlinked(text: str) -> str:
    """Text in which Teams finds no link below other words: names of files are whatever somebody called them."""
    return text.replace("](", "]\N{ZERO WIDTH SPACE}(")


def _post(address: str, body: dict[str, object], sent_as: str) -> None:
    if not address.startswith(("https://", "http://")):
        raise _SettingError("the address begins neither with https:// nor with http://")
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": sent_as}
    request = Request(address, json.dumps(body, ensure_ascii=False).encode(), headers, method="POST")  # noqa: S310 - looked at above
    with urlopen(request, timeout=SECONDS):  # noqa: S310
        pass


def _mail(mail: Mail, title: str, events: Sequence[Event], sent_as: str, reports: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = title, mail.sender, ", ".join(mail.to)
    message["Message-ID"] = f"<{sent_as}@nps-warehouse>"
    message.set_content("\n\n".join(event.says for event in events) + "\n")
    for event in events:
        if event.file:
            page = (reports / event.file).read_bytes()
            message.add_attachment(page, maintype="text", subtype="html", filename=event.file)
    context = ssl.create_default_context()
    opened = (
        smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
        if mail.security == "tls"
        else smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    )
    with opened as server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user and mail.password:
            server.login(_secret(mail.user), _secret(mail.password))
        server.send_message(message)
