"""Settings about one column of a file: which one is meant, how its dates are written, which of its values mean something.

Here: parts of sources and dimensions. Not here: sources and dimensions (`sources`), finding the column in a file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from pipelines.config.settings import Strict
from pipelines.config.values import DateFormat, Language, Pattern, Timezone, as_written


class Matches(Strict):
    """A column named by a regular expression over the header texts; at most one header may match."""

    matches: Pattern = Field(description="Pattern over the headings. It knows no look-around and no back-references.")
    optional: bool = Field(False, description="Whether a file may be without it; otherwise such a file is refused.")


def _one_sentence(value: object, parse: ValidatorFunctionWrapHandler) -> int | str | Matches:
    """One sentence instead of one for each of the three ways that a column can be named."""
    try:
        column: int | str | Matches = parse(value)
    except ValidationError as error:
        of_pattern = next((each for each in error.errors() if each["loc"][-1:] == ("matches",)), None)
        if of_pattern is not None and of_pattern["type"] == "value_error":
            raise ValueError(of_pattern["msg"].removeprefix("Value error, ")) from error
        raise ValueError(
            f"{as_written(value)} names no column: give its heading, its position from 1, or {{matches: pattern}}"
        ) from error
    return column


#: A column by its header text, by its position (from 1), or by a pattern.
Column = Annotated[Annotated[int, Field(ge=1, strict=True)] | str | Matches, WrapValidator(_one_sentence)]


class Dates(Strict):
    """How the dates of a source are written."""

    formats: list[DateFormat] = Field(
        default_factory=list,
        description="strftime formats (%s: epoch seconds), epoch_ms, epoch_us, excel (days as spreadsheets count them), "
        "words (dates whose month is a word, however they are put together) or period (2024-Q1, 2024-W05, 2024), tried in "
        "this order; ISO and words if none. A month without a day (%Y-%m), a quarter and a year count on their first day, a "
        "week on its Thursday.",
    )
    language: Language | None = Field(
        None,
        description="Language of the names of months, weekdays and halves of the day (%B, %A, %p, words), such as de; "
        "English if none.",
    )
    calendar: Literal["gregorian", "buddhist"] = Field(
        "gregorian", description="buddhist: years are counted 543 ahead, and a year that is not is no date."
    )
    swapped: bool | None = Field(
        None,
        description="Where all days up to 12 are written one way (year first, as a spreadsheet does) and all above 12 "
        "another way, a file is held. false: the dates are right as they stand; true: day and month of those written year "
        "first or as numbers of days are exchanged, and are turned back.",
    )
    timezone: Timezone | None = Field(
        None,
        description="Zone of the source's clock; if none, the zone that the file states, else the business timezone.",
    )


class AnswerDates(Dates):
    """How the dates of answers are written."""

    clock: Column | None = Field(
        None,
        description="Column of the time of day, where it stands beside the day: both are read as one text with a space "
        "between, so that formats say both (%d/%m/%Y %H:%M:%S). A row without a time is of its day.",
    )


class Exclusion(Strict):
    """Rows that are told by what stands in a column: previews, tests, calls that nobody took."""

    column: Column = Field(description="Where it stands: heading, position from 1, or a pattern.")
    values: list[str] = Field(min_length=1, description="Case, spaces, - and _ make no difference; 1.0 is 1.")
