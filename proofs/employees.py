"""Somebody who knows everything that is published, and the code, tries to find out employees, in hundreds of small waves.

`python -m proofs.employees --waves 2000` runs it alone, of as many as one likes. Then mistakes are planted in what chooses,
and the same attacker must find what they give away. Not here: the attacker (`proofs.attacker`), waves of thousands of people
(`benchmarks.waves`).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final
from unittest.mock import patch

from proofs.attacker import Found, attack
from proofs.stage import Stage
from proofs.told import NotProvedError
from transforms.waves import chance, choice, closing

_WAVES: Final = 100
#: A wave in which one hidden group could be worked out when groups were left out for a reason alone.
_FOR_A_REASON: Final = 10_299


def nothing(*_: object, **__: object) -> None:
    """In place of what leaves groups out."""


#: Mistakes, planted in what chooses and in the gate: what of which module is replaced, and by what.
PLANTED: Final[dict[str, dict[tuple[Any, str], Any]]] = {
    "small and unanimous groups are shown": {
        (choice._Table, "_may_stand"): lambda *_: True, (choice._Table, "settle"): nothing,  # noqa: SLF001
        (choice, "leaks"): lambda *_: [], (closing, "is_open"): lambda *_: False,
    },
    "what is left beside shown groups is not looked at": {
        (choice._Table, "settle"): nothing, (choice, "leaks"): lambda *_: [],  # noqa: SLF001
        (closing, "is_open"): lambda *_: False,
    },
    "groups are left out for a reason alone": {(chance, "chance"): lambda *_: 0.0},
    "nobody audits": {(choice, "leaks"): lambda *_: [], (closing, "is_open"): lambda *_: False},
}  # fmt: skip


def planted(seeds: Sequence[int]) -> Iterator[str]:
    """That each mistake is found; raises `NotProvedError` for one that is not."""
    for says, instead in PLANTED.items():
        found = Found()
        with ExitStack() as stack:
            for (where, name), other in instead.items():
                stack.enter_context(patch.object(where, name, other))
            for seed in seeds:
                attack(seed, found, knows_code=False)
            attack(_FOR_A_REASON, found)
        if not found.leaks:
            raise NotProvedError(f"the attacker does not find that {says}")
        yield f"planted, {says}: {len(found.leaks)} leaks in {found.counts['waves']} waves"


def prove(_: Stage) -> Iterator[str]:
    """What `make proofs` says of employees; raises `NotProvedError`."""
    yield from attacked(_WAVES)


def attacked(waves: int, seed: int = 0) -> Iterator[str]:
    """Sentences about so many waves; raises `NotProvedError` where one of them gives anybody away."""
    found, began = Found(), time.process_time()
    for each in range(seed, seed + waves):
        attack(each, found)
    yield ", ".join(f"{number} {what}" for what, number in found.counts.items())
    yield f"{(time.process_time() - began) / waves:.2f} CPU s a wave"
    if found.leaks:
        raise NotProvedError("; ".join(found.leaks[:5]) + f" ({len(found.leaks)} in all)")
    yield from planted(range(seed, seed + min(waves, 300)))


def main() -> int:
    """Prove it, of as many waves as are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=_WAVES)
    parser.add_argument("--seed", type=int, default=0, help="the first of them")
    given = parser.parse_args()
    try:
        for sentence in attacked(given.waves, given.seed):
            print(f"employees: {sentence}", flush=True)
    except NotProvedError as error:
        print(f"employees: NOT PROVED: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
