"""What the address of the accounts page asks for; the address holds every state of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components.bands import BANDS
from keepwell.kernel import moments
from keepwell.kernel.errors import Invalid

TODAYS = ("arr", "renewal")  # what is known only as of today
SORTS = ("health", "name", "arr", "renewal", "change")
LIMIT = 50


@dataclass(frozen=True)
class Filters:
    """Search, band, order, day, only one's own, present or former customers, and place in the list."""

    search: str = ""
    band: str = ""
    sort: str = "health"
    descending: bool = False
    as_of: date | None = None
    former: bool = False
    mine: bool = False
    offset: int = 0

    @classmethod
    def read(cls, query: Mapping[str, str], *, today: date) -> "Filters":
        """From the query of an address; what is not understood is refused with what is allowed."""
        as_of = moments.parse_day(query["as_of"]) if query.get("as_of") else None
        if as_of is not None and as_of > today:
            raise Invalid(f"{as_of} has not happened yet. Choose a day up to {today}.")
        sort = _one_of("order", query.get("sort", "health"), SORTS)
        is_past = as_of is not None and as_of != today
        return cls(
            search=query.get("q", "").strip(),
            band=_one_of("band", query.get("band", ""), ("", *BANDS)),
            sort="health" if is_past and sort in TODAYS else sort,
            descending=query.get("descending") == "1",
            as_of=as_of if is_past else None,
            former=query.get("former") == "1",
            mine=query.get("mine") == "1",
            offset=_offset(query.get("offset", "0")),
        )

    def address(self, name: str = "accounts", **changes: object) -> str:
        """The page with some of this changed; any change but of the place starts again at the top."""
        there = replace(self, **{"offset": 0, **changes})  # type: ignore[arg-type] # the names are our own
        asked = {
            "q": there.search,
            "band": there.band,
            "sort": "" if there.sort == "health" else there.sort,
            "descending": "1" if there.descending else "",
            "as_of": there.as_of.isoformat() if there.as_of else "",
            "former": "1" if there.former else "",
            "mine": "1" if there.mine else "",
            "offset": str(there.offset) if there.offset else "",
        }
        query = urlencode({key: value for key, value in asked.items() if value})
        return reverse(name) + (f"?{query}" if query else "")


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Invalid(f'"{value}" is no {what}. Use one of: {", ".join(filter(None, allowed))}.')
    return value


def _offset(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(f'"{text}" is no place in the list. Use a whole number from 0.')
    return int(text)
