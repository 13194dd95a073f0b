"""Notes that are told once of a source, not of each file: what was true of one file is probably true of the next.

Here: which notes are the same, by the words that all of them have.
Not here: their sentences (`notes`), which files have them (`history`).
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.adapters.headings import TAKEN_FOR_TITLE
from pipelines.adapters.json.pages import MORE_PAGES
from pipelines.adapters.sheets.excel import NOT_MEANT
from pipelines.adapters.sheets.marks import UNCHECKED, UNCHECKED_ODS

#: What the note says where nobody gave the best answer.
NO_TEN: Final = "count options from 0, so that 9 stands for 10"
#: ... on another scale than 0-10.
OTHERWISE_ASKED: Final = "was asked on another scale"
#: ... and where the best one is beyond the scale.
ELEVEN: Final = "count options from 1, so that 11 stands for 10"
#: What notes say of columns that mark rows.
MARKED: Final = "that nps.yaml says nothing of, and count"
#: ... and of those by which some rows are left out already.
UNLISTED: Final = "of which nps.yaml lists other texts, and count"
#: ... and of texts that `where` does not have, though they are called like those that it has.
UNNAMED: Final = "which where in nps.yaml does not list"
#: ... and where no row of a file has one of the marks by which some of those before are left out.
NONE_LEFT_OUT: Final = "is left out as"
#: ... and where no source is about the own brand.
NOBODYS: Final = "and no source is about your own brand"
#: ... and where nothing is left.
NONE_COUNTS: Final = "If some of them are answers"
#: What stands before that which differs from file to file.
IT_SAYS: Final = " It says "
#: What the note says where many answers are what a question stands at before anybody answers.
STANDS: Final = "if the question stands there before anybody answers"
#: What the note says where times state their offset.
OFFSETS: Final = "by which months begin and end"
#: ... and where they are read in another zone than the file names.
NO_ZONE: Final = "times are read as the clock of"
#: ... and where all of them are the midnight of another place.
MIDNIGHTS: Final = "which is the midnight of"
#: What the note says where answers that others lie beside were never given.
MULTIPLIED: Final = "they may have been multiplied from a shorter scale"
#: What the note says of ids that other files have for other answers.
ELSEWHERE: Final = "that it shares with other files"
#: What the note says of answers of several branches.
SEVERAL: Final = "of several at once stand below"
#: ... and where nothing can have been changed then.
BEFORE_GIVEN: Final = "were changed two days or more before they were given"
#: ... and where each score of a day and place stands there once.
EACH_ONCE: Final = "have the same score"
#: What the note says of a column beside the one that is read.
MISREAD: Final = "is called as that should be"
#: ... and of one that is read for weights, and of rows that alone are kept.
NO_WEIGHTS: Final = "a heading that says nothing of weights"
TURNED_OUTCOMES: Final = "while calls that end so usually count"
#: ... and of a score whose heading calls low numbers good.
THE_OTHER_WAY: Final = "with its highest number as the best answer"
KEPT_ALONE: Final = "texts of rows that are no answers of people"
#: What notes say of columns beside the score, row by row.
GROUPS_ALONE: Final = "though promoter, passive or detractor is said in"
GROUPS_OTHERWISE: Final = "are of another group than by their scores"
LEGS: Final = "below the same id in"
TEST_PEOPLE: Final = "are of addresses of testers in"
TEST_COMMENTS: Final = "have a comment that only testers write in"
ONE_PLACE: Final = "are of one address in"
ONE_MIND: Final = "answers of one and the same in"
ONE_FIRM: Final = "are of the mail of one firm in"
#: What notes say of parts of a file, and of answers of one second.
TURNED: Final = "look like the others of the file in a mirror"
AT_ONCE: Final = "were given within the same second as"
#: What the note says of those whom a list holds several times.
LISTED_TWICE: Final = "in it several times, and not with the same things said of them"
#: What it says of a name in a list of branches.
OF_SEVERAL_CODES: Final = "is that of several codes"
#: What notes say of small files that are looked at together.
OF_LATE: Final = "of the last small files"
#: What the note says of rows of totals.
OF_OTHERS: Final = "of totals or averages of others"
#: Notes that are told again where they say something else: other sheets, more rows.
_TO_THE_WORD: Final = (NOT_MEANT, TAKEN_FOR_TITLE, OF_OTHERS)
OF_LOOKS: Final = (GROUPS_ALONE, GROUPS_OTHERWISE, TEST_PEOPLE, TEST_COMMENTS, ONE_PLACE, ONE_MIND, ONE_FIRM, AT_ONCE)
_NUMBERS: Final = re.compile(r"\d[\d,]*")
_ONCE: Final = (
    NO_TEN,
    OTHERWISE_ASKED,
    ELEVEN,
    MARKED,
    UNLISTED,
    UNNAMED,
    NONE_LEFT_OUT,
    NONE_COUNTS,
    NOBODYS,
    STANDS,
    OFFSETS,
    MIDNIGHTS,
    NO_ZONE,
    MULTIPLIED,
    SEVERAL,
    ELSEWHERE,
    BEFORE_GIVEN,
    EACH_ONCE,
    MISREAD,
    NO_WEIGHTS,
    KEPT_ALONE,
    THE_OTHER_WAY,
    TURNED_OUTCOMES,
    LISTED_TWICE,
    OF_SEVERAL_CODES,
    OF_LATE,
    MORE_PAGES,
    UNCHECKED,
    UNCHECKED_ODS,
    *OF_LOOKS,
)


def told_once(note: str) -> str | None:
    """What is the same in all notes that say the same of a source; None for those that are told of each file."""
    if any(part in note for part in _TO_THE_WORD):
        return note
    return _NUMBERS.sub("#", note.split(IT_SAYS, maxsplit=1)[0]) if any(part in note for part in _ONCE) else None
