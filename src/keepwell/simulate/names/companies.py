"""Company names that no company bears: coined words, a trade, and the legal form of the place."""

import importlib.resources
import tomllib
from collections.abc import Sequence

from numpy.random import Generator

from keepwell.simulate.names.cultures import Culture
from keepwell.simulate.names.people import ascii_word

_WORDS = tomllib.loads(importlib.resources.files(__package__).joinpath("companies.toml").read_text("utf-8"))
_HEADS: tuple[str, ...] = tuple(_WORDS["heads"].split())
_TAILS: tuple[str, ...] = tuple(_WORDS["tails"].split())
_TRADES: dict[str, list[str]] = _WORDS["trades"]
INDUSTRIES = tuple(_TRADES)


def _pick(rng: Generator, pool: Sequence[str]) -> str:
    return pool[int(rng.integers(len(pool)))]


def _coined(rng: Generator) -> str:
    return _pick(rng, _HEADS) + _pick(rng, _TAILS)


def _one(rng: Generator, culture: Culture, industry: str) -> tuple[str, str]:
    coined, second = _coined(rng), _coined(rng)
    native = _pick(rng, culture.coined) + _pick(rng, culture.coined_endings) if culture.coined else coined
    form = _pick(rng, culture.companies)
    name = form.format(coined=coined, second=second, trade=_pick(rng, _TRADES[industry]), native=native)
    return name, ascii_word(coined)


def company(rng: Generator, culture: Culture, industry: str, taken: set[str]) -> tuple[str, str]:
    """A name not in ``taken`` (it is added) and the first label of the company's mail domain."""
    name, label = _one(rng, culture, industry)
    for _ in range(8):
        if name not in taken:
            break
        name, label = _one(rng, culture, industry)
    if name in taken:
        name, label = f"{name} {len(taken)}", f"{label}{len(taken)}"
    taken.add(name)
    return name, label
