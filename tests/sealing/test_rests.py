"""Every day of a goal or of fields of campaigns up to a size: what its totals tell of what is left between them."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product

import pytest

from cookiegate.core.sealing import Rule
from cookiegate.core.sealing.rests import GOALS, TAGS, told_of

K = 5
RULE = Rule(K)


def goals():
    """Who has a campaign has a channel."""
    for goal in range(5 * K):
        for channel in range(goal + 1):
            for campaign in range(channel + 1):
                yield dict(zip(GOALS, (goal, channel, campaign), strict=True)), {}


def nested_fields():
    """As whoever knows that each address with a field has the source."""
    for total in range(K, 5 * K):
        for source in range(total + 1):
            for others in product(range(source + 1), repeat=2):
                yield dict(zip(TAGS, (source, *others), strict=False)), {"total": total}


def any_fields():
    for total in range(K, 4 * K):
        for fields in product(range(total + 1), repeat=2):
            yield dict(zip(TAGS, fields, strict=False)), {"total": total}


def told(sides, wholes, rule):
    return told_of({name: visits for name, visits in sides.items() if visits}, wholes, rule)[0]


def through_a_link(sides, wholes):
    """What is told under a threshold of two k, of what is told under k."""
    kept = {name: visits for name, visits in sides.items() if name in told(sides, wholes, RULE)}
    known = {name: visits for name, visits in wholes.items() if visits >= 2 * K}
    return told(kept, known, Rule(2 * K)) if known or not wholes else set()


@pytest.mark.parametrize("days", [goals, nested_fields, any_fields])
@pytest.mark.parametrize(("seen", "k"), [(None, K), (through_a_link, 2 * K)], ids=["published", "link"])
def test_no_day_narrows_what_is_left(days, seen, k):
    """Of all days that look alike, whoever knows the rules included: each small total and each small difference of two
    can be anything over k - 2 visits. Behind a link it keeps what the lower threshold left it."""
    alike = defaultdict(list)
    for sides, wholes in days():
        names = told(sides, wholes, RULE) if seen is None else seen(sides, wholes)
        public = {name: n for name, n in wholes.items() if n >= k}
        alike[tuple(public.items()), tuple(sides[name] if name in names else None for name in sides)].append(
            {**wholes, **sides}
        )
    narrowest = min(
        max(found) - min(found)
        for some in alike.values()
        for found in differences(some)
        if any(0 < abs(visits) < k for visits in found)
    )
    assert narrowest >= K - 2


def differences(days):
    names = list(days[0])
    yield from ({day[name] for day in days} for name in names)
    yield from ({day[one] - day[other] for day in days} for one, other in combinations(names, 2))
