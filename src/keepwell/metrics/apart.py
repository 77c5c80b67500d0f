"""How a metric is told apart by a property of events, and how accounts answer from those below them: declared with it."""

from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from keepwell.kernel import speech, tables
from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.catalogue import HIERARCHIES
from keepwell.metrics import measures
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.tree import Condition
from keepwell.metrics.conditions.vocabulary import EVENTS
from keepwell.metrics.measures import Measure

OWN = "own"
MOST_PARTS, LONGEST = 50, 100
How = Literal["sum", "arr_weighted", "worst"]
HOWS = {
    "sum": speech.later("the sum of it and of all below it"),
    "arr_weighted": speech.later("the mean of it and of all below it, weighted by ARR"),
    "worst": speech.later("the worst of it and of all below it"),
}


@dataclass(frozen=True)
class Per:
    """By which property of events a metric is told apart (`of`: feature, source, name or props.…), and into which values."""

    of: str
    among: tuple[str, ...]

    @property
    def title(self) -> str:
        """What stands beside a value: product, feature."""
        return self.of.removeprefix("props.")

    @property
    def written(self) -> dict[str, Any]:
        """As a table."""
        return {"of": self.of, "among": list(self.among)}

    def only(self, value: str) -> Condition:
        """That an event is of one value."""
        return tree.read({"of": self.of, "is": value}, EVENTS)


@dataclass(frozen=True)
class Rollup:
    """How an account with others below it answers from them, in which kind of hierarchy."""

    how: How
    kind: str

    @property
    def words(self) -> str:
        """As part of a sentence."""
        return speech.told(
            "an account with others below it (%(kind)s) answers with %(how)s",
            kind=HIERARCHIES[self.kind].lower(),
            how=HOWS[self.how],
        )

    @property
    def written(self) -> dict[str, Any]:
        """As a table."""
        return {"how": self.how, "kind": self.kind}


def read_per(given: Any, measure: Measure, where: str) -> Per | None:
    """What `per` states of a metric with this measure."""
    if given is None:
        return None
    where = f"{where}: per"
    tables.only(given, ("of", "among"), where)
    of, among = given.get("of"), given.get("among")
    if not isinstance(of, str) or of in ("person", "value", "kind"):
        raise Invalid(
            '%(where)s: "of" is feature, source, name or a property such as props.product, not %(of)s.',
            where=where,
            of=repr(of),
        )
    if not isinstance(among, list | tuple) or not among:
        raise Invalid('%(where)s: "among" must be a list of values with at least one.', where=where)
    values = tuple(dict.fromkeys(_value(value, where) for value in among))
    if len(values) > MOST_PARTS:
        raise Invalid("%(where)s: %(most_parts)s values are the most.", where=where, most_parts=MOST_PARTS)
    if not measures.can_be_narrowed(measure):
        raise Invalid(
            "%(where)s: nothing that is measured here is told by events, so it cannot be told apart.",
            where=where,
        )
    found = Per(of, values)
    try:
        found.only(values[0])
    except Refused as refused:
        raise Invalid("%(where)s: %(refused)s", where=where, refused=str(refused)) from None
    return found


def read_rollup(given: Any, where: str) -> Rollup | None:
    """What `rollup` states."""
    if given is None:
        return None
    where = f"{where}: rollup"
    tables.only(given, ("how", "kind"), where)
    how, kind = given.get("how"), given.get("kind", "commercial")
    if how not in get_args(How):
        raise Invalid(
            '%(where)s: "how" is one of %(listed)s, not %(how)s.',
            where=where,
            listed=", ".join(HOWS),
            how=repr(how),
        )
    if kind not in HIERARCHIES:
        raise Invalid(
            '%(where)s: "kind" is one of %(listed)s, not %(kind)s.',
            where=where,
            listed=", ".join(HIERARCHIES),
            kind=repr(kind),
        )
    return Rollup(cast("How", how), kind)


def _value(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST:
        raise Invalid(
            "%(where)s: a value is a text of at most %(longest)s characters, not %(given)s.",
            where=where,
            longest=LONGEST,
            given=repr(given),
        )
    if ":" in given or given == OWN:
        raise Invalid(
            '%(where)s: "%(given)s" cannot be told apart: a value has no ":" and is not "%(own)s".',
            where=where,
            given=given,
            own=OWN,
        )
    return given.strip()
