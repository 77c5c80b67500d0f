"""What every list of a book says beside its rows: by which state, whose and which words it is narrowed, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components.marks import Tab
from keepwell.kernel import speech


@dataclass(frozen=True)
class Sieve:
    """The states as a choice, whose accounts, the words that are searched for, the same as a file, and the pages around."""

    tabs: tuple[Tab, ...]
    whose: tuple[Tab, ...]
    search: str
    chosen: str
    of: str
    csv: str
    before: str
    after: str
    said: str


def sieve(
    name: str,
    *,
    states: Mapping[str, str],
    tally: Mapping[str, int] | None,
    asked: Mapping[str, str],
    offset: int,
    limit: int,
    found: int,
    uncounted: Mapping[str, str] | None = None,
) -> Sieve:
    """Of the list at the address of this name, whose file is at `NAME-csv`; one row more than `limit` was `found` where there
    are more. Without a tally nobody has counted yet; `uncounted` are states that nobody counts ever.
    """

    def address(**more: str) -> str:
        return at(name, {**asked, **more})

    chosen, of = asked.get("state", ""), asked.get("of", "")
    whole = None if tally is None else sum(tally.values())
    tabs = [Tab(speech.told("All"), address(state=""), not chosen, whole)]
    for slug, title in states.items():
        count = None if tally is None else tally[slug]
        tabs.append(Tab(speech.said(title), address(state=slug), slug == chosen, count))
    for slug, title in (uncounted or {}).items():
        tabs.append(Tab(speech.said(title), address(state=slug), slug == chosen))
    last, more = offset + min(found, limit), found > limit
    return Sieve(
        tabs=tuple(tabs),
        whose=(
            Tab(speech.told("Mine"), address(of="mine"), of == "mine"),
            Tab(speech.told("All I see"), address(of=""), of != "mine"),
        ),
        search=asked.get("q", ""),
        chosen=chosen,
        of=of,
        csv=at(f"{name}-csv", asked),
        before=address(offset=str(max(0, offset - limit))) if offset else "",
        after=address(offset=str(offset + limit)) if more else "",
        said=speech.told("%(first)s to %(last)s", first=offset + 1, last=last) if offset or more else "",
    )


def at(name: str, asked: Mapping[str, str]) -> str:
    """The address of this name, with what is asked there."""
    said = {slug: value for slug, value in asked.items() if value}
    return reverse(name) + (f"?{urlencode(said)}" if said else "")
