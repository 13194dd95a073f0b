"""The line of an entry that says who was asked: clients or employees.

Here: what speaks of employees, managers or those who serve. Not here: which column is the score (`score_lines`).
"""

from __future__ import annotations

from typing import Final

from pipelines.adapters.words import said
from pipelines.sniff.lines import Line
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings

_METRIC: Final = "nps: clients; enps: employees"


def metric_line(found: Findings, scores: list[ScoreColumn]) -> Line:
    """Who was asked: asked itself where employees are spoken of, and nothing says that their workplace is recommended."""
    metric = scores[0].metric if scores else "nps"
    spoken = [each.column for each in scores[:1]] + [each.column for each in found.candidates.get("respondent", [])]
    of_employees = next((each for each in spoken if each.speaks_of("employee")), None)
    of_superior = next((each.column for each in scores[:1] if each.column.speaks_of("superior")), None)
    if of_superior is not None:
        return Line(
            "metric",
            f"? {of_superior.pasted} asks about a manager, and neither about the company nor about the workplace: take this "
            "entry out, unless such answers are to be the score. Then write enps if employees gave them, nps if clients did",
        )
    if metric == "nps" and of_employees is not None:
        return Line(
            "metric",
            f"? {of_employees.pasted} speaks of employees: write enps if employees were asked whether they recommend their "
            "workplace, nps if clients were asked",
        )
    of_person = next((each.column for each in scores[:1] if each.column.speaks_of("served_person")), None)
    if metric == "nps" and of_person is not None:
        return Line(
            "metric",
            f"? {of_person.pasted} asks about a person who serves clients, and not about the company: take this entry out, "
            "unless such answers are to be the company's score. Then write nps",
        )
    are_both_asked = any(each.metric == "enps" for each in found.scores)
    if metric == "nps" and not are_both_asked and (why := _of_staff(found)):
        return Line(
            "metric",
            f"? {why}: write enps if employees were asked whether they recommend their workplace, nps if clients were asked",
        )
    return Line("metric", metric, _METRIC)


def _of_staff(found: Findings) -> str:
    """What speaks of a survey of employees, where the question does not: the name of the file, or what is known of them."""
    if found.signature is None and (word := said("staff_survey", found.stem)):
        return f"the name of the file speaks of employees ('{word}')"
    is_parted = any(seen.speaks_of("department") for seen in found.columns)
    known = [seen for seen in found.columns if seen.filled and seen.is_called("staff_named")]
    return f"{known[0].pasted} beside a department is known of employees" if is_parted and known else ""
