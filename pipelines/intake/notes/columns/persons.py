"""Columns of nps.yaml that name persons where they should not.

Here: what people should know of them. Not here: which headings name persons (`pipelines.adapters.ids`, `extras`).
"""

from __future__ import annotations

from collections.abc import Sequence


def person_as_id(heading: str, *, are_attempts: bool) -> str:
    """What people should know of a file whose answers, or attempts to ask somebody, go by the ids of persons."""
    again, who = (
        ("of several attempts to ask a person only the newest counts", "was asked")
        if are_attempts
        else ("whoever answers again replaces their own older answer", "answered")
    )
    return (
        f"nps.yaml reads response_id from '{heading}', which names a person: {again}, in whatever month it was. It is "
        f"stored as a pseudonym only. If it says who {who}, write respondent in place of response_id."
    )


def persons_left_out(headings: Sequence[str]) -> str:
    """What people should know of a file whose persons nps.yaml names under extras, or as a dimension of its own."""
    named = " and ".join(f"'{heading}'" for heading in headings)
    return (
        f"extras or a dimension of your own names {named}, which names a person: it is not kept. Take it out there; who "
        "answered is respondent, who served is agent."
    )
