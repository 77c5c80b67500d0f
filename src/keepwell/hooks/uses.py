"""What rests on metrics and segments: scorecards, segments, and whatever a plug-in brings."""

from collections.abc import Collection
from typing import NamedTuple


class Use(NamedTuple):
    """Something that asks for metrics and segments: its `key` ("scorecard:saas-health:2") is its own, its `title` may not be.

    What it asks for is not retired under it and, if it `judges`, stored; a draft does not judge yet.
    """

    key: str
    title: str
    metrics: Collection[str] = ()
    segments: Collection[str] = ()
    judges: bool = True

    def __str__(self) -> str:
        return f"{self.title} ({self.key})"
