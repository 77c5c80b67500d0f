"""What Fernhill's bank says that currencies are worth, month by month."""

import math
from collections.abc import Iterator

from keepwell.simulate.rows import Cell, Export
from keepwell.simulate.span import DAY_SECONDS
from keepwell.simulate.world import World

HOME = "USD"
WORTH = {"EUR": 1.09, "GBP": 1.27}
SWING = 0.03
MONTH = 30


def rates(world: World, since: int, until: int) -> Iterator[tuple[Cell, ...]]:
    """A rate each thirty days for each currency that is not the home one, swinging gently over the years."""
    for currency, middle in WORTH.items():
        for day in range(0, world.span.days, MONTH):
            if since <= day * DAY_SECONDS < until:
                swung = middle * (1 + SWING * math.sin(day / 90))
                yield currency, world.span.day(day).isoformat(), f"{swung:.4f}", HOME


RATES = Export("rates", "bank", {"currency": "currency", "date": "day", "rate": "rate", "to": "base"}, rates)
