"""One account's life: who it is, what fate has in store, its people, and the curves its behaviour follows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from keepwell.simulate.customers import Customer
from keepwell.simulate.fates import Fate
from keepwell.simulate.people import Person
from keepwell.simulate.span import Span, Stream, chance, working_moment
from keepwell.simulate.stories import Signature, signature


@dataclass(frozen=True)
class Life:
    """All that the makers of usage, tickets, answers and touchpoints need of one account."""

    seed: int
    span: Span
    customer: Customer
    fate: Fate
    people: tuple[Person, ...]
    curves: Signature

    def chance(self, stream: Stream) -> Generator:
        """This account's own stream of chance for one subject."""
        return chance(self.seed, stream, self.customer.number)

    @property
    def begin(self) -> int:
        """The first day of the span on which it is a customer."""
        return max(0, self.customer.start)

    @property
    def end(self) -> int:
        """The first day on which it is none any more, or the span is over."""
        return self.span.days if self.fate.ends is None else min(self.span.days, self.fate.ends)

    @property
    def days(self) -> npt.NDArray[np.int64]:
        """Every day from begin to end."""
        return np.arange(self.begin, max(self.begin, self.end))

    def present(self, day: int) -> list[Person]:
        """The people who work there on a day."""
        return [person for person in self.people if person.present(day)]

    def works(self, day: int) -> bool:
        """Whether a day is a working day there."""
        return self.span.weekday(day) not in self.customer.culture.weekend

    def moment(self, rng: Generator, day: int) -> int:
        """A second within its working hours."""
        return working_moment(rng, day, self.customer.culture.utc_offset_hours)


def curves(seed: int, span: Span, customer: Customer, fate: Fate) -> Signature:
    """The curves of a fate over the days of the span."""
    onset = span.days * 10 if fate.onset is None else fate.onset
    since = np.arange(span.days, dtype=np.float64) - onset
    rng = chance(seed, Stream.STORY, customer.number)

    return signature(
        since=since, cause=fate.cause, scare=fate.scare, late=fate.late, depth=fate.depth, rng=rng
    )
