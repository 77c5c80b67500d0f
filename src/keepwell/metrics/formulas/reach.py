"""What of the facts can matter to some measures on some days."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import narwhals as nw

from keepwell.metrics import measures
from keepwell.metrics.conditions import frames, tree
from keepwell.metrics.measures import Events, Leaf

PROPERTY = "props."
PEOPLE = ("people", "person_days")


def column(name: str) -> str:
    """Where the entry of `props` of this name stands: a plain name, for engines read dots and blanks their own way."""
    return "p_" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}" for c in name)


DUE = column("due_date")


@dataclass(frozen=True)
class Reach:
    """Asked days, what to look up, the declared core features, and what counts as known.

    Only what was known before `known_by` counts, on every asked day; None is as known now. With `as_known_then` each day
    answers from what was known by its own end instead.
    """

    days: Sequence[date]
    leaves: Sequence[Leaf]
    features: Collection[str]
    known_by: datetime | None
    as_known_then: bool = False

    @property
    def used(self) -> tuple[Events, ...]:
        """The selections of usage, without that of all usage; in a fixed order, each once."""
        return _distinct(self._usage(self.leaves))

    @property
    def of_features(self) -> tuple[Events, ...]:
        """The selections of usage whose distinct features are asked for."""
        found = [leaf for leaf in self.leaves if _names_features(leaf)]
        return tuple(dict.fromkeys([*self._usage(found), *([CORE] if self._core_share else [])]))

    @property
    def usage_days(self) -> int:
        """How far back each day of usage counts by itself."""
        return max((_back(leaf) for leaf in self.leaves if _by_day(leaf)), default=0)

    def feature_days(self, events: Events) -> int:
        """How far back the distinct features of a selection are asked for."""
        asked = (leaf for leaf in self.leaves if _names_features(leaf) and events in _featured(leaf))
        return max((_back(leaf) for leaf in asked), default=0)

    @property
    def when(self) -> tuple[str, ...]:
        """The columns that say since and until when a row was known, where that is asked."""
        return ("late", "gone") if self.as_known_then else ()

    @property
    def ends(self) -> tuple[str, ...]:
        """The columns of the first and the last day of usage, and of each selection of it that is asked for them."""
        own = [n for n, events in enumerate(self.used, 1) if self._dates(events)]
        return tuple(f"{end}{n or ''}" for n in (0, *own) for end in ("first", "last"))

    def place(self, events: Events) -> int:
        """The number of a selection of usage; 0 is all of it."""
        return 0 if events == measures.ANY_USE else 1 + self.used.index(events)

    @property
    def names_people(self) -> bool:
        """Whether it matters who used the product, not only that somebody did."""
        who = (leaf for leaf in self.leaves if isinstance(leaf, measures.Distinct) and leaf.thing in PEOPLE)
        return any(leaf.events.kind == "usage" for leaf in who)

    def _dates(self, events: Events) -> bool:
        dated = (leaf for leaf in self.leaves if isinstance(leaf, measures.First | measures.Since))
        return any(leaf.events == events for leaf in dated)

    def adds(self, events: Events) -> bool:
        """Whether the values of a selection are added up."""
        return any(isinstance(leaf, measures.Amount) and leaf.events == events for leaf in self.leaves)

    @property
    def priced(self) -> tuple[date, ...]:
        """The days on which contracts are priced: by their rates sums of several currencies are told."""
        asked = [leaf for leaf in self.leaves if isinstance(leaf, measures.Terms) and leaf.what == "arr"]
        return tuple(sorted({day - timedelta(days=leaf.ago) for leaf in asked for day in self.days}))

    @property
    def properties(self) -> tuple[str, ...]:
        """The entries of `props` that are asked for, of facts or usage."""
        asked = {subject for events in self._events() for subject in _subjects(events)}
        asked |= {
            s
            for leaf in self.leaves
            if isinstance(leaf, measures.Standing)
            for s in tree.subjects(leaf.where)
        }
        own = {leaf.key for leaf in self.leaves if isinstance(leaf, measures.Open)}
        due = {
            "due_date" for leaf in self.leaves if isinstance(leaf, measures.Open) and leaf.how == "overdue"
        }
        named = {subject.removeprefix(PROPERTY) for subject in asked if subject.startswith(PROPERTY)}
        return tuple(sorted(named | own | due))

    @property
    def usage_properties(self) -> tuple[str, ...]:
        """Those that are asked for of usage."""
        asked = {subject for events in self.used for subject in _subjects(events)}
        return tuple(sorted(s.removeprefix(PROPERTY) for s in asked if s.startswith(PROPERTY)))

    @property
    def window_days(self) -> int:
        """How far back any usage counts by itself."""
        return max(self.usage_days, *map(self.feature_days, self.of_features), 0)

    @property
    def is_recent(self) -> bool:
        """Whether usage before the windows can only tell that there was some: it does not matter when."""
        exact = any(
            isinstance(leaf, measures.First | measures.Tenure)
            or (isinstance(leaf, measures.Since) and leaf.events in self.used)
            for leaf in self.leaves
        )
        return not exact and not self.as_known_then

    @property
    def known_since(self) -> date:
        """The day by which usage must have been known, that every leaf on every day takes silence for none."""
        return min(self.days) - timedelta(days=max((leaf.ago for leaf in self.leaves), default=0))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of usage that are asked for: most of a row are its id and its properties."""
        asked = {subject for events in self.used for subject in _subjects(events)}
        asked = {s for s in asked if not s.startswith(PROPERTY)} | {"account", "person", "at", "feature"}
        asked |= {"name"} if any(events.names for events in self.used) else set()
        asked |= {"value"} if any(map(self.adds, (measures.ANY_USE, *self.used))) else set()
        asked |= {"known_at"} if self.known_by is not None or self.as_known_then else set()
        return tuple(sorted(asked | ({"props"} if self.usage_properties else set())))

    @property
    def families(self) -> tuple[str, ...]:
        """The beginnings of the names of the facts that are asked for."""
        return tuple(sorted({family for events in self._events() for family in events.families}))

    def counted_by(self, texts: Collection[str]) -> tuple[str, ...] | None:
        """The texts of an event by which usage is counted; None where more than these, the account and the day matters."""
        added = any(map(self.adds, (measures.ANY_USE, *self.used)))
        if self.as_known_then or self.names_people or added:
            return None
        asked = {subject for events in self.used for subject in _subjects(events)}
        asked |= {"name"} if any(events.names for events in self.used) else set()
        asked |= {"feature"} if any(events.core for events in self.used) else set()
        return tuple(sorted(asked)) if asked <= set(texts) else None

    @property
    def _core_share(self) -> bool:
        return any(isinstance(leaf, measures.CoreShare) for leaf in self.leaves)

    def _events(self) -> list[Events]:
        return [events for leaf in self.leaves for events in measures.selections(leaf)]

    def _usage(self, leaves: Iterable[Leaf]) -> list[Events]:
        found = [events for leaf in leaves for events in measures.selections(leaf)]
        return [events for events in found if events.kind == "usage"]


CORE = Events(core=True)


def holds(events: Events, features: Collection[str]) -> nw.Expr | None:
    """Whether an event is meant, as a truth that is never null; None: every event of the kind is."""
    asked: list[nw.Expr] = []
    if events.names:
        named = nw.col("name")
        one = len(events.names) == 1
        asked.append(named == events.names[0] if one else named.is_in(list(events.names)))
    if events.core:
        asked.append(nw.col("feature").is_in(sorted(features)))
    if events.where is not None:
        asked.append(fulfils(events.where))
    if len(asked) < 2:
        return asked[0] if asked else None
    return nw.all_horizontal(*asked, ignore_nulls=True)


def fulfils(condition: tree.Condition) -> nw.Expr:
    """Whether an event fulfils a condition; what cannot be known does not."""
    return frames.holds(_plain(condition)).fill_null(False)


def _plain(condition: tree.Condition) -> tree.Condition:
    """The same, with properties in their own columns."""
    if isinstance(condition, tree.Leaf):
        name = condition.subject.slug.removeprefix(PROPERTY)
        if name == condition.subject.slug:
            return condition
        return replace(condition, subject=replace(condition.subject, slug=column(name)))
    if isinstance(condition, tree.Not):
        return tree.Not(_plain(condition.part))
    return type(condition)(tuple(_plain(part) for part in condition.parts))


def _distinct(events: Sequence[Events]) -> tuple[Events, ...]:
    return tuple(dict.fromkeys(each for each in events if each != measures.ANY_USE))


def _subjects(events: Events) -> frozenset[str]:
    return frozenset() if events.where is None else tree.subjects(events.where)


def _back(leaf: Leaf) -> int:
    return int(getattr(leaf, "days", 0) or 0) + leaf.ago


def _names_features(leaf: Leaf) -> bool:
    return isinstance(leaf, measures.CoreShare) or (
        isinstance(leaf, measures.Distinct) and leaf.thing == "features" and leaf.events.kind == "usage"
    )


def _featured(leaf: Leaf) -> tuple[Events, ...]:
    return (CORE,) if isinstance(leaf, measures.CoreShare) else measures.selections(leaf)


def _by_day(leaf: Leaf) -> bool:
    return not _names_features(leaf) and any(e.kind == "usage" for e in measures.selections(leaf))
