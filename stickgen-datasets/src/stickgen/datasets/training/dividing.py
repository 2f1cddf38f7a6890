"""Recordings into train, val and test, so that every action is in each as far as there are enough.

A recording is in one part with all that is cut from it and composed of it. Actions are served from
the rarest on: one with three recordings or more gets one in test, with four or more one in val; the
rest is drawn until the shares are right.
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
    for side, share in SHARES.items():
        wanted = round(share * len(order))
        for name in sorted(by_action, key=lambda each: (len(by_action[each]), each)):
            known = by_action[name]
            if len(known) < ENOUGH[side] or any(part.get(each) == side for each in known):
                continue
            free = [each for each in known if each not in part]
            left = {each: sum(1 for a in shown[each] for o in by_action[a] if o not in part)
                    for each in free}  # fmt: skip
            if len(free) > 1:
                # The one whose actions have most other recordings left is missed least.
                part[max(free, key=lambda each: (left[each], -order.index(each)))] = side
        for recording in order:
            if sum(value == side for value in part.values()) >= wanted:
                break
            spare = all(sum(o not in part for o in by_action[a]) > 2 for a in shown[recording])
            if recording not in part and spare:
                part[recording] = side
    return {recording: part.get(recording, "train") for recording in shown}
