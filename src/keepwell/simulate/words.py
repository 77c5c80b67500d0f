"""What people of the invented accounts write (``words.toml``)."""

import importlib.resources
import tomllib
from collections.abc import Sequence

from numpy.random import Generator

_WORDS = tomllib.loads(importlib.resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
TOPICS: tuple[str, ...] = tuple(_WORDS["topics"])
SUBJECTS: dict[str, list[str]] = _WORDS["subjects"]


def pick(rng: Generator, pool: Sequence[str]) -> str:
    """One of a pool."""
    return pool[int(rng.integers(len(pool)))]


def comment(rng: Generator, share: float) -> str:
    """What goes with a score, given as a share of the highest; often nothing."""
    tone = "praise" if share >= 0.85 else "mixed" if share >= 0.65 else "blame"
    return pick(rng, _WORDS[tone])
