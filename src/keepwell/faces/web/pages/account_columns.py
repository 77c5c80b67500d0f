"""The heads of the accounts table, and the menus that choose columns, orders and groups: links, so that they work anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.filters import USUAL, WIDTHS, Filters, Shown
from keepwell.health.queries.sheet.question import HEALTH, Order
from keepwell.health.queries.sheet.shown import Column
from keepwell.kernel import speech

NAME_WIDTH = 240
BROAD = 24
_WIDE = {"health": 148, "spark": 92, "change": 176, "arr": 140, "renewal": 164, "owner": 104, "touch": 116}
_OF_KIND = {
    "spark": 116,
    "step": 272,
    "age": 104,
    "number": 104,
    "day": 148,
    "moment": 112,
    "owner": 128,
    "truth": 88,
}
OTHERWISE = 136
FALLING_FIRST = ("money", "number")


@dataclass(frozen=True)
class Head:
    """A head of the table; `sorted` is "", "ascending" or "descending", `also` sorts by it after the others."""

    slug: str
    title: str
    href: str
    also: str
    sorted: str
    align: str
    width: int
    is_wide: bool


@dataclass(frozen=True)
class Entry:
    """A chosen column in the menu, with links that move, widen, narrow or remove it; "" where there is no such step."""

    title: str
    slug: str
    earlier: str
    later: str
    wider: str
    narrower: str
    remove: str


@dataclass(frozen=True)
class OrderEntry:
    """An order in the menu."""

    title: str
    direction: str
    turn: str
    remove: str


@dataclass(frozen=True)
class Menus:
    """What the menus of the table offer: each choice as a group of options."""

    columns: tuple[Entry, ...]
    more: tuple[tuple[str, tuple[Option, ...]], ...]
    usual: str
    orders: tuple[OrderEntry, ...]
    orderable: tuple[tuple[str, tuple[Option, ...]], ...]
    groups: tuple[tuple[str, tuple[Option, ...]], ...]
    group: str
    ungroup: str
    hidden: tuple[tuple[str, str], ...]


def width(shown: Shown, column: Column) -> int:
    """How wide a column is."""
    return shown.width or _WIDE.get(column.slug) or _OF_KIND.get(column.kind) or OTHERWISE


def heads(filters: Filters, known: Mapping[str, Column]) -> tuple[Head, ...]:
    """The name, and a head for each chosen column."""
    name = _head(known["name"], filters, NAME_WIDTH)
    return (name, *(_head(known[s.slug], filters, width(s, known[s.slug])) for s in filters.columns))


def _head(column: Column, filters: Filters, wide: int) -> Head:
    align = "end" if column.kind in FALLING_FIRST else ""
    is_wide = column.slug not in ("name", "health", "change", "arr", "renewal")
    if not column.reads:
        return Head(column.slug, column.title, "", "", "", align, wide, is_wide)
    current = next((order for order in filters.order if order.column == column.slug), None)
    falls = not current.descending if current else column.kind in FALLING_FIRST
    order = "" if current is None else "descending" if current.descending else "ascending"
    new = Order(column.slug, falls)
    others = tuple(one for one in filters.order if one.column != column.slug)
    return Head(
        column.slug, column.title, filters.address(order=(new,)), filters.address(order=(*others, new)),
        order, align, wide, is_wide,
    )  # fmt: skip


def menus(filters: Filters, known: Mapping[str, Column]) -> Menus:
    """The menus of a table in this state."""
    past = filters.as_of is not None
    free = [c for c in known.values() if c.slug != "name" and (c.then or not past)]
    chosen = {shown.slug for shown in filters.columns}
    ordered = {order.column for order in filters.order}
    return Menus(
        columns=tuple(_entry(filters, place, known) for place in range(len(filters.columns))),
        more=_placed([c for c in free if c.slug not in chosen]),
        usual="" if filters.columns == USUAL else filters.address(columns=USUAL),
        orders=tuple(_order(filters, place, known) for place in range(len(filters.order))),
        orderable=_placed(
            [
                c
                for c in known.values()
                if c.reads and c.slug not in ordered and c.kind != "spark" and (c.then or not past)
            ]
        ),
        groups=() if past else _placed([c for c in free if c.groups], chosen=filters.group),
        group=known[filters.group].title if filters.group else "",
        ungroup=filters.address(group="") if filters.group else "",
        hidden=tuple((filters.state() | ({"view": filters.view} if filters.view else {})).items()),
    )


def _entry(filters: Filters, place: int, known: Mapping[str, Column]) -> Entry:
    columns = filters.columns
    shown = columns[place]
    column = known[shown.slug]
    wide = width(shown, column)

    def sized(pixels: int) -> str:
        if pixels not in WIDTHS:
            return ""
        return filters.address(columns=_with(columns, place, replace(shown, width=pixels)))

    return Entry(
        column.title,
        column.slug,
        filters.address(columns=_swapped(columns, place, place - 1)) if place else "",
        filters.address(columns=_swapped(columns, place, place + 1)) if place + 1 < len(columns) else "",
        sized(wide + BROAD),
        sized(wide - BROAD),
        filters.address(columns=columns[:place] + columns[place + 1 :]),
    )


def _order(filters: Filters, place: int, known: Mapping[str, Column]) -> OrderEntry:
    order = filters.order
    one = order[place]
    rest = order[:place] + order[place + 1 :]
    turned = one._replace(descending=not one.descending)
    return OrderEntry(
        known[one.column].title,
        speech.told("descending" if one.descending else "ascending"),
        filters.address(order=_with(order, place, turned)),
        filters.address(order=rest or HEALTH) if order != HEALTH else "",
    )


def _with(several: tuple[Any, ...], place: int, new: Any) -> tuple[Any, ...]:
    return (*several[:place], new, *several[place + 1 :])


def _swapped(columns: tuple[Shown, ...], one: int, other: int) -> tuple[Shown, ...]:
    found = list(columns)
    found[one], found[other] = found[other], found[one]
    return tuple(found)


def _placed(columns: Sequence[Column], chosen: str = "") -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Options under the heads of where they belong."""
    places: dict[str, list[Option]] = {}
    for column in columns:
        places.setdefault(column.place, []).append(Option(column.slug, column.title, column.slug == chosen))
    return tuple((place, tuple(options)) for place, options in places.items())
