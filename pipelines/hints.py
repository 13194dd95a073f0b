"""What to do about each reason for which rows and files do not count: one sentence each.

Here: advice. Not here: when a reason holds (`transforms`, `pipelines.adapters`, `expectations`).
"""

from __future__ import annotations

from typing import Final

HINTS: Final = {
    "score_unreadable": "Is score the right column? Texts that mean 'not answered' belong under unanswered in nps.yaml.",
    "score_out_of_scale": "Does scale in nps.yaml say what was asked? Else correct the scores in the file.",
    "score_fractional": "A score is a whole number: is this a column of means, or of another question?",
    "date_missing": "Give the rows a date in the file, or name another column as responded_at in nps.yaml.",
    "date_unreadable": "Add the format in which these dates are written to dates.formats of nps.yaml.",
    "date_in_future": "Is the day before the month, or is dates.timezone missing? Else correct the dates in the file.",
    "date_before_survey": "If such old answers are wanted, set history_from in nps.yaml to an earlier month.",
    "row_malformed": "Export the file again: the row has too many cells, a broken quote, or lacks its id or weight.",
    "column_missing": "Name the column in nps.yaml as the file does.",
    "metric_unknown": "Set metric in nps.yaml to nps or enps.",
    "response_id_conflict": "Correct the file: two answers have one id.",
    "preview": "Nothing to do: previews do not count (exclude in nps.yaml).",
    "test": "Nothing to do: tests do not count (exclude in nps.yaml).",
    "flagged": "Nothing to do: flagged answers do not count (exclude in nps.yaml).",
    "incomplete": "Nothing to do: incomplete answers do not count (exclude in nps.yaml).",
    "erased": "Nothing to do: who answered has been erased.",
    "gate": "Mend what the sentence names, in nps.yaml or in the file; either is read again by itself.",
    "snapshot_shrunk": "Export it again; if the answers are really gone: nps run --accept and its path.",
    "file_unreadable": "Export the file again, or correct kind in nps.yaml.",
    "file_encoding": "Declare encoding in nps.yaml, or save the file as UTF-8.",
    "file_layout": "Name the columns in nps.yaml as the file does, or export it again in the layout of before.",
    "file_empty": "Export the file again: nothing is in it.",
    "file_too_large": "Split the file, or raise the limit that the sentence names.",
    "file_unsafe": "Put the file itself into landing: no link, no folder, no password.",
}  # fmt: skip
