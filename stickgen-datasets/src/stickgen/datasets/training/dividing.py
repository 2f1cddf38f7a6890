"""Recordings into train, val and test, so that every action is in each as far as there are enough.

A recording is in one part with all that is cut from it and composed of it. Actions are served from
the rarest on: a tenth of each one's recordings, but at least one, goes to test if there are three
or more, and as many to val if there are four or more; one stays for training whatever happens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from stickgen.datasets.data.passing import rank

SHARES: Final = {"test": 0.1, "val": 0.1}
ENOUGH: Final = {"test": 3, "val": 4}
"""Recordings of an action from which on one of them goes to that part."""


def divided(shown: Mapping[str, set[str]], seed: int) -> dict[str, str]:
    """Return the part of each recording, by what actions it has been *shown* to contain."""
    by_action: dict[str, list[str]] = defaultdict(list)
    order = sorted(shown, key=lambda name: rank("divided", seed, name))
    for recording in order:
        for name in shown[recording]:
            by_action[name].append(recording)
    part: dict[str, str] = {}
    rarest_first = sorted(by_action, key=lambda each: (len(by_action[each]), each))
    for side, share in SHARES.items():
        for name in rarest_first:
            known = by_action[name]
            if len(known) < ENOUGH[side]:
                continue
            wanted = max(1, round(share * len(known)))
            free = [each for each in known if each not in part]
            # Those whose actions have most recordings left are missed least.
            left = {each: min(_left(a, by_action, part) for a in shown[each]) for each in free}
            free.sort(key=lambda each: (-left[each], order.index(each)))
            have = sum(part.get(each) == side for each in known)
            for each in free[: max(0, wanted - have)]:
                if min(_left(a, by_action, part) for a in shown[each]) > 1:
                    part[each] = side
    return {recording: part.get(recording, "train") for recording in shown}


def _left(name: str, by_action: Mapping[str, list[str]], part: Mapping[str, str]) -> int:
    """Return how many recordings of an action are still for training."""
    return sum(each not in part for each in by_action[name])
