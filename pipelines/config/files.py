"""Settings about a file as a whole: which of its sheets is meant, which encodings its lines may be in.

Here: one value at a time. Not here: settings about one column (`columns`), sources and dimensions (`sources`).
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from pipelines.config.settings import Strict
from pipelines.config.values import Pattern


def check_encodings(names: Sequence[str]) -> None:
    """Raise `ValueError` for what is no encoding of texts, and for lists in which one hides another."""
    for name in names:
        try:
            # Not all codecs are of texts; and Python does not even look for that of an empty text.
            as_bytes = ";\n".encode(name)
        except (LookupError, UnicodeError) as error:
            raise ValueError(f"{name!r} is no known encoding; try utf-8, windows-1251, windows-1250") from error
        if len(names) > 1 and as_bytes != b";\n":
            raise ValueError(f"{name!r} cannot be one of several encodings: line ends look different in it")
    if "utf-8" in [codecs.lookup(name).name for name in names[1:]]:
        raise ValueError("utf-8 must be the first of several encodings: nearly every text fits the others")


class MatchingSheets(Strict):
    """The sheets of a workbook whose names match a regular expression, one below the other."""

    matches: Pattern = Field(description="Pattern over the names of the sheets.")


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
