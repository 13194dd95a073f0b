"""How laws are tested: by Hypothesis, with as many examples as a test can afford, on machines of any speed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings

#: Which part of the examples is tried: `make test-quick` tries a tenth of them.
PART = float(os.environ.get("NPS_LAWS", "1"))
#: Slow machines, and folders in which each example overwrites what the last one left.
_FINE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def law(examples: int, *, costly: bool = False) -> settings:
    """Try a law on so many examples. A failing example of a costly one is told as it was found, not the least one."""
    phases = [Phase.explicit, Phase.reuse, Phase.generate, *([] if costly else [Phase.shrink])]
    return settings(max_examples=part(examples), deadline=None, phases=phases, suppress_health_check=_FINE)


Case = TypeVar("Case")


def some_of(cases: Iterable[Case]) -> list[Case]:
    """All cases of a test that takes long over each, or every so many of them."""
    return list(cases)[:: max(1, round(1 / PART))]


def part(examples: int) -> int:
    """As many of them as are tried this time."""
    return max(1, round(examples * PART))
