"""What the address of the accounts page asks for; the address holds every state of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from urllib.parse import quote, urlencode

from django.urls import reverse

from keepwell.faces.components.bands import BANDS
from keepwell.health.queries.sheet import shown
from keepwell.health.queries.sheet.question import HEALTH, Order, Question
from keepwell.kernel import moments
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import brief
from keepwell.metrics.conditions.tree import Condition, Every
from keepwell.metrics.conditions.vocabulary import Vocabulary

LIMIT = 50
USUAL_VIEW = "usual"
MOST_COLUMNS = 20
MOST_ORDERS = 4
WIDTHS = range(48, 801)
STATE = ("q", "band", "where", "sort", "group", "cols", "as_of", "former", "mine")


@dataclass(frozen=True)
class Shown:
    """A column that is chosen, and its width in pixels if that was set."""

    slug: str
    width: int = 0


USUAL = tuple(Shown(slug) for slug in shown.USUAL)


@dataclass(frozen=True)
class Filters:
    """Search, band, condition, orders, group, columns, day, only one's own, present or former customers; and the place."""

    search: str = ""
    band: str = ""
    condition: Condition | None = None
    order: tuple[Order, ...] = HEALTH
    group: str = ""
    columns: tuple[Shown, ...] = USUAL
    as_of: date | None = None
    former: bool = False
    mine: bool = False
    view: str = ""
    offset: int = 0

    @classmethod
    def read(cls, query: Mapping[str, str], *, today: date, said: Vocabulary) -> "Filters":
        """From the query of an address; what is not understood is refused with what is allowed."""
        as_of = moments.parse_day(query["as_of"]) if query.get("as_of") else None
        if as_of is not None and as_of > today:
            raise Invalid(
                "%(as_of)s has not happened yet. Choose a day up to %(today)s.", as_of=as_of, today=today
            )
        known = shown.catalogued(said)
        found = cls(
            search=query.get("q", "").strip(),
            band=_one_of("band", query.get("band", ""), ("", *BANDS)),
            condition=brief.read(query["where"], said) if query.get("where") else None,
            order=_order(query.get("sort", ""), known),
            group=shown.find(query["group"], known, what="group").slug if query.get("group") else "",
            columns=_columns(query.get("cols", ""), known),
            as_of=as_of if as_of is not None and as_of != today else None,
            former=query.get("former") == "1",
            mine=query.get("mine") == "1",
            view=query.get("view", ""),
            offset=_offset(query.get("offset", "0")),
        )
        return found._then(known) if found.as_of else found

    def _then(self, known: Mapping[str, shown.Column]) -> "Filters":
        """Of a past day only what is known of it: columns and orders of today are left out."""
        order = tuple(one for one in self.order if known[one.column].then) or HEALTH
        columns = tuple(one for one in self.columns if known[one.slug].then)
        return replace(self, order=order, columns=columns, group="")

    def question(self, *, owner_id: int | None) -> Question:
        """What is asked of the book; `owner_id` is who asks."""
        return Question(
            search=self.search,
            band=self.band,
            former=self.former,
            owner_id=owner_id if self.mine else None,
            condition=self.condition,
            order=self.order,
            group=self.group,
            columns=tuple(column.slug for column in self.columns),
            as_of=self.as_of,
        )

    def state(self) -> dict[str, str]:
        """All of it but the place and the view's name, as an address says it; what is usual is left out."""
        said = {
            "q": self.search,
            "band": self.band,
            "where": brief.written(self.condition) if self.condition else "",
            "sort": "" if self.order == HEALTH else _sorted(self.order),
            "group": self.group,
            "cols": "" if self.columns == USUAL else _listed(self.columns),
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "former": "1" if self.former else "",
            "mine": "1" if self.mine else "",
        }
        return {key: value for key, value in said.items() if value}

    def address(self, name: str = "accounts", /, **changes: object) -> str:
        """The page with some of this changed; any change but of the place starts again at the top."""
        there = replace(self, **{"offset": 0, **changes})  # type: ignore[arg-type] # the names are our own
        asked = there.state()
        if there.view and not (asked and there.view == USUAL_VIEW):
            asked["view"] = there.view if asked else USUAL_VIEW
        if there.offset:
            asked["offset"] = str(there.offset)
        return _root(name) + (f"?{said(asked)}" if asked else "")

    @property
    def parts(self) -> tuple[Condition, ...]:
        """What is asked one beside the other: each is a sentence of the filter bar."""
        if self.condition is None:
            return ()
        return self.condition.parts if isinstance(self.condition, Every) else (self.condition,)

    def without(self, place: int) -> str:
        """The page without one of its sentences."""
        left = tuple(part for n, part in enumerate(self.parts) if n != place)
        return self.address(condition=Every(left) if left else None)

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.search or self.band or self.condition or self.former or self.mine)


@cache
def _root(name: str) -> str:
    """A page asks for its own address some seventy times."""
    return reverse(name)


def said(asked: Mapping[str, str]) -> str:
    """A query that stays readable: only what would be misread is escaped."""
    return urlencode(asked, quote_via=quote, safe="(),;:.-*~@")


def _order(text: str, known: Mapping[str, shown.Column]) -> tuple[Order, ...]:
    if not text:
        return HEALTH
    orders = []
    for one in text.split(",")[:MOST_ORDERS]:
        column = shown.find(one.removeprefix("-"), known, what="order")
        if not column.reads:
            raise Invalid('"%(slug)s" has no order.', slug=column.slug)
        orders.append(Order(column.slug, one.startswith("-")))
    return tuple({order.column: order for order in orders}.values())


def _sorted(order: tuple[Order, ...]) -> str:
    return ",".join(f"{'-' if one.descending else ''}{one.column}" for one in order)


def _columns(text: str, known: Mapping[str, shown.Column]) -> tuple[Shown, ...]:
    if not text:
        return USUAL
    if text == "none":
        return ()
    chosen = []
    for one in text.split(","):
        slug, _, width = one.partition(":")
        chosen.append(Shown(shown.find(slug, known).slug, _width(width)))
    found = {column.slug: column for column in chosen if column.slug != "name"}
    if len(found) > MOST_COLUMNS:
        raise Invalid(
            "A list shows %(most_columns)s columns at most, not %(n)s.",
            most_columns=MOST_COLUMNS,
            n=len(found),
        )
    return tuple(found.values())


def _listed(columns: tuple[Shown, ...]) -> str:
    return ",".join(f"{c.slug}:{c.width}" if c.width else c.slug for c in columns) or "none"


def _width(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 4 or int(text) not in WIDTHS:
        raise Invalid(
            '"%(said)s" is no width of a column. Use %(start)s to %(stop)s pixels.',
            said=text,
            start=WIDTHS.start,
            stop=WIDTHS.stop - 1,
        )
    return int(text)


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Invalid(
            '"%(value)s" is no %(what)s. Use one of: %(listed)s.',
            value=value,
            what=what,
            listed=", ".join(filter(None, allowed)),
        )
    return value


def _offset(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise Invalid('"%(said)s" is no place in the list. Use a whole number from 0.', said=text)
    return int(text)
