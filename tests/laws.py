"""How laws are tested: by Hypothesis, with as many examples as a test can afford, on machines of any speed."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


def law(examples: int, *, costly: bool = False) -> settings:
    """Try a law on so many examples. A failing example of a costly one is told as it was found, not the least one."""
    phases = [Phase.explicit, Phase.reuse, Phase.generate, *([] if costly else [Phase.shrink])]
    return settings(max_examples=examples, deadline=None, phases=phases, suppress_health_check=[HealthCheck.too_slow])
