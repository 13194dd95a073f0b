"""Settings about a file as a whole: which of its sheets is meant.

Here: one value at a time. Not here: settings about one column (`columns`), sources and dimensions (`models`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from pipelines.config.settings import Strict
from pipelines.config.values import Pattern


class MatchingSheets(Strict):
    """The sheets of a workbook whose names match a regular expression, one below the other."""

    matches: Pattern


def _one_sentence(value: object, parse: ValidatorFunctionWrapHandler) -> int | str | MatchingSheets:
    """One sentence instead of one for each of the three ways that a sheet can be named."""
    try:
        sheet: int | str | MatchingSheets = parse(value)
    except ValidationError as error:
        raise ValueError(
            f"{value!r} names no sheet: give its name, its position from 1, or {{matches: pattern}}"
        ) from error
    return sheet


#: A sheet by its name or its position (from 1), or several by a pattern.
Sheet = Annotated[Annotated[int, Field(ge=1, strict=True)] | str | MatchingSheets, WrapValidator(_one_sentence)]
