"""Scales that a company asks on beside the usual ones, and words that mean a number of them.

Here: what may stand under `scales` of nps.yaml. Not here: how a scale maps to 0-10 (`transforms.scores.scales`).
"""

from __future__ import annotations

from typing import Final, Self

from pydantic import Field, model_validator

from pipelines.config.settings import Strict
from pipelines.config.values import Text
from transforms.scores.scales import SCALES, STANDARD, CutPoints, Scale, scale_of

_WIDEST: Final = 1000
_NAMES: Final = ("lowest", "highest", "promoter_from", "passive_from")


class DeclaredScale(Strict):
    """A scale from the worst answer to the best, or only words for the answers of 0-10."""

    lowest: int | None = Field(None, description="The worst answer; greater than highest where 1 is the best.")
    highest: int | None = Field(None, description="The best answer.")
    promoter_from: int | None = Field(None, description="Answers from here to the best are promoters.")
    passive_from: int | None = Field(None, description="Answers from here to the promoters are passives.")
    words: dict[Text, int] = Field(
        default_factory=dict, description="Texts, in any case, and the number of the scale that each means."
    )

    @property
    def cuts(self) -> CutPoints:
        """Its cut points: those of 0-10 where only words are given."""
        given = [
            value for value in (self.lowest, self.highest, self.promoter_from, self.passive_from) if value is not None
        ]
        return CutPoints(*given) if given else STANDARD["0-10"]

    def scale(self, name: str) -> Scale:
        """The scale under its name."""
        return scale_of(name, self.cuts, self.words)

    def check_words(self, name: str) -> None:
        """Raise `ValueError` where more than words stand under a usual scale, or words for what is not on it."""
        if name in SCALES and self.lowest is not None:
            raise ValueError(
                f"{name!r} is known here: only words may stand under it; give a scale of yours another name"
            )
        answers = SCALES[name].answers if name in SCALES else self.scale(name).answers
        outside = next((word for word, number in self.words.items() if number not in answers), None)
        if outside is not None:
            raise ValueError(f"{name}.words: {outside!r} means {self.words[outside]}, which is not on the scale")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        missing = [name for name in _NAMES if getattr(self, name) is None]
        if missing == list(_NAMES) and not self.words:
            raise ValueError("a scale needs lowest, highest, promoter_from and passive_from, or words for 0-10")
        if missing and missing != list(_NAMES):
            raise ValueError(f"{' and '.join(missing)} must be given too")
        cuts = self.cuts
        best = cuts.steps(cuts.highest)
        if not 1 <= best <= _WIDEST:
            raise ValueError(f"lowest and highest must be 1 to {_WIDEST:,} steps apart")
        if not 1 <= cuts.steps(cuts.passive_from) <= cuts.steps(cuts.promoter_from) <= best:
            raise ValueError(
                f"on a scale from {cuts.lowest} (worst) to {cuts.highest} (best), passive_from must be better than "
                f"{cuts.lowest}, promoter_from no worse than passive_from, and both on the scale"
            )
        spelt = [word.strip().lower() for word in self.words]
        if "" in spelt or len(spelt) != len(set(spelt)):
            raise ValueError("words: each must be a text of its own; upper and lower case are the same")
        return self
