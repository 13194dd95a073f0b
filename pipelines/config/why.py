"""What comments are about: themes, each by the words that say it in each language.

Here: settings only. Not here: what a comment is about (`transforms.answers.themes`).
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from pipelines.config.settings import Strict
from pipelines.config.values import NAME_RULE, Text, is_name
from transforms.answers.themes import STAR, UNTAGGED, literals

_FEWEST_LETTERS: Final = 2


def _words(term: str) -> str:
    inside = [word.strip(STAR) for word in term.split()]
    if not literals(term) or any(STAR in word for word in inside):
        raise ValueError(f"{term!r} is no word; one is waited, or wait* for all that begin so: * stands at an end")
    short = next((word for word in inside if len(word) < _FEWEST_LETTERS and STAR in term), None)
    if short is not None:
        raise ValueError(f"{term!r} has a stem of fewer than {_FEWEST_LETTERS} letters, which most words have")
    return term


def _language(code: str) -> str:
    if not (code.isascii() and code.isalpha() and code.islower() and len(code) in (2, 3)):
        raise ValueError(f"{code!r} is no language; one is its code, such as hr or uk")
    return code


def _theme(name: str) -> str:
    if not is_name(name) or name == UNTAGGED:
        raise ValueError(f"{name!r} cannot be a theme's name: {NAME_RULE}; {UNTAGGED} is what no theme is")
    return name


Term = Annotated[Text, AfterValidator(_words)]
Language = Annotated[str, AfterValidator(_language)]
ThemeName = Annotated[str, AfterValidator(_theme)]


class NewWords(Strict):
    """Words that are newly frequent in comments, beside themes."""

    said_by: int = Field(10, ge=3, description="Words that fewer people said in a month are not shown.")
