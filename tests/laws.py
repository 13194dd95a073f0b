"""How laws are tested: by Hypothesis, with as many examples as a test can afford, on machines of any speed."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def law(examples: int) -> settings:
    """Try a law on so many examples. Each makes its own files, so a fixture may serve them all."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
