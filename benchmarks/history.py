"""A long history of a customer base, drawn from a seed: the lakes that are measured."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from keepwell.ledger.schema import SCHEMA

SESSION = 8  # events of one person in one sitting, on average
A_CHUNK = 5  # days drawn at a time
A_BATCH = 200  # events that reached the lake together
MICROS = 1_000_000
FEATURES = (
    *("export", "share", "report", "login", "dashboard", "search", "comment", "invite", "upload", "download"),
    *(f"feature-{i}" for i in range(30)),
)


@dataclass(frozen=True)
class Base:
    """Whose history is drawn: how many accounts, over which days, what they use and what an event of that is called.

    So many accounts have people whose events name no account: the `visiting` share of them all.
    """

    accounts: int = 100_000
    visitors: int = 20_000
    visiting: float = 0.01
    first_day: date = date(2024, 1, 1)
    days: int = 730
    features: tuple[str, ...] = FEATURES
    name: str = "{} used"


LARGE = Base()


class Chunk(NamedTuple):
    """Some days of events in the order in which they arrived, and the number of their last batch."""

    rows: pa.Table
    last_batch: int
    month: str


def chunks(*, events: int, base: Base = LARGE, seed: int = 20) -> Iterator[Chunk]:
    """About so many events of a base, a few days at a time. Memory does not grow with them."""
    rng = np.random.default_rng(seed)
    weights = rng.pareto(1.16, base.accounts) + 0.05
    weights /= weights.sum()
    people = np.clip(weights * base.accounts * 12, 2, 400).astype(np.int64)
    batch = 0
    for first in range(0, base.days, A_CHUNK):
        days = min(A_CHUNK, base.days - first)
        since = np.datetime64(base.first_day) + first
        rows, batch = _drawn(rng, base, weights, people, since, days, round(events * days / base.days), batch)
        yield Chunk(rows, batch, str(since.astype("datetime64[M]")))


def _drawn(
    rng: np.random.Generator,
    base: Base,
    weights: Any,
    people: Any,
    first: np.datetime64,
    days: int,
    events: int,
    batch: int,
) -> tuple[pa.Table, int]:
    """Sittings of people: events seconds apart, told with millisecond clocks, sent ten seconds' worth at a time."""
    count = events // SESSION
    account = rng.choice(base.accounts, count, p=weights)
    person = (rng.random(count) ** 1.7 * people[account]).astype(np.int64)
    lengths = rng.geometric(1 / SESSION, count)
    sitting = np.repeat(np.arange(count), lengths)
    gaps = np.cumsum((rng.exponential(25, len(sitting)) * 1000).astype(np.int64))
    since = gaps - gaps[(np.cumsum(lengths) - lengths)[sitting]]
    day = (first + rng.integers(0, days, count)).astype("datetime64[ms]").astype(np.int64)
    clock = np.clip(rng.normal(13, 3, count), 0, 23).clip(0, 23) * 3_600_000
    at = ((day + clock.astype(np.int64))[sitting] + since) * 1000
    sent = np.unique(sitting * 1_000_003 + at // (10 * MICROS), return_inverse=True)[1]
    known = np.zeros(sent.max() + 1, np.int64)
    np.maximum.at(known, sent, at + (rng.exponential(0.4, len(at)) * MICROS).astype(np.int64) + 10_000)
    known = known[sent]
    order = np.argsort(known, kind="stable")
    feature = (rng.random(len(at)) ** 2 * len(base.features)).astype(np.int32)
    visiting = rng.random(count) < base.visiting
    rows = {
        "id": _ids(rng, len(at)),
        "account": _texts(
            np.where(visiting, base.accounts, account)[sitting][order], _account_keys(base.accounts)
        ),
        "person": _people(base, account[sitting][order], person[sitting][order], visiting[sitting][order]),
        "name": _texts(feature[order], [base.name.format(name) for name in base.features]),
        "feature": _texts(feature[order], base.features),
        "kind": pa.repeat("usage", len(at)),
        "at": _moments(at[order]),
        "known_at": _moments(known[order]),
        "received_at": _moments(known[order]),
        "value": pa.nulls(len(at), pa.float64()),
        "source": pa.repeat("app", len(at)),
        "props": pa.repeat("{}", len(at)),
        "batch": pa.array(batch + 1 + np.arange(len(at)) // A_BATCH),
        "origin": pa.nulls(len(at), pa.int64()),
    }
    return pa.table(rows, schema=SCHEMA), batch + 1 + (len(at) - 1) // A_BATCH


def account_key(number: int) -> str:
    """The key of one of the accounts."""
    return f"acct-{number:06d}"


def visitor_key(number: int) -> str:
    """The key of one of the people whose events name no account."""
    return f"visitor-{number}"


@cache
def _account_keys(accounts: int) -> list[str]:
    return [*(account_key(number) for number in range(accounts)), ""]


def _people(base: Base, account: Any, person: Any, visiting: Any) -> Any:
    named, place = np.unique(
        np.where(visiting, -1 - (account % max(base.visitors, 1)), account * 400 + person),
        return_inverse=True,
    )
    texts = [
        visitor_key(-1 - n) if n < 0 else f"u{zlib.crc32(b'%d' % n):08x}{n % 400}" for n in named.tolist()
    ]
    return _texts(place, texts)


def _texts(codes: Any, texts: Sequence[str]) -> Any:
    coded = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(texts))
    return coded.cast(pa.string())


def _moments(micros: Any) -> Any:
    return pa.array(micros).cast(pa.timestamp("us", tz="UTC"))


def _ids(rng: np.random.Generator, count: int) -> Any:
    raw = pa.py_buffer(rng.bytes(16 * count))
    return pa.Array.from_buffers(pa.binary(16), count, [None, raw]).cast(pa.binary())
