"""Who is told when something needs a person: receivers of notices.

Here: settings only. Not here: what they are told of (`pipelines.notices`). Addresses of webhooks and passwords are secrets:
nps.yaml names the environment variables that hold them.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from pipelines.config.settings import Strict
from pipelines.config.values import Text

Kind = Literal["run_failed", "file_not_in", "gate_failed", "source_silent", "publication_old"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Mail(Strict):
    """How mails are sent."""

    to: list[Text] = Field(min_length=1, description="Addresses.")
    sender: Text = Field(description="The address that they come from.")
    host: Text = Field(description="The SMTP server.")
    port: int = Field(587, ge=1, le=65_535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is encrypted.")
    user: Variable | None = Field(
        None, description="The environment variable that holds the user's name, if one logs in."
    )
    password: Variable | None = Field(None, description="The environment variable that holds the password.")


class Receiver(Strict):
    """Somebody who is told."""

    name: Text = Field(description="By which what was told is remembered; another name is told again.")
    about: list[Kind] = Field(
        default_factory=lambda: list(KINDS),
        description="What they are told of; all of it if not given. [] for somebody who only gets reports (mail_to).",
    )
    webhook: Variable | None = Field(None, description="The environment variable that holds the address to post to.")
    shape: Literal["json", "slack", "teams"] = Field("json", description="Of what is posted.")
    mail: Mail | None = Field(None, description="In place of a webhook.")

    @model_validator(mode="after")
    def _by_one_way(self) -> Self:
        if (self.webhook is None) == (self.mail is None):
            raise ValueError(f"{self.name} needs a webhook or mail, one of them")
        return self
