"""What Today says: each row with its reason, its money, its clock and one thing to press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.cockpit.queries.today import GROUPS, Days, Row, Today
from keepwell.faces.components import words
from keepwell.faces.components.marks import ClockMark, DayMark, Option
from keepwell.hooks.waiting import Offer, Source
from keepwell.kernel import speech
from keepwell.kernel.moments import DAY
from keepwell.kernel.money import Money

# The first deed of an offer as its button says it, and the address that it opens.
VERBS = {
    "answer": speech.later("Answer"),
    "respond": speech.later("See why"),
    "do": speech.later("Open"),
    "renew": speech.later("Contracts"),
    "prepare": speech.later("Brief"),
    "look": speech.later("See why"),
    "check_in": speech.later("Check in"),
    "mend_rows": speech.later("Mend"),
    "mend_facts": speech.later("Mend"),
    "open_account": speech.later("Open"),
    "triage": speech.later("Triage"),
    "meet": speech.later("Cadence"),
    "plan": speech.later("Plan"),
    "review": speech.later("Review"),
}
# What is opened by its key, by kind of subject: the name of the address, and what stands in it before the key.
OF_KEYS = {
    "plan": ("account-plan",),
    "touchpoint": ("record", "touchpoints"),
    "check": ("quality-check",),
}
AT_ONCE = 16  # rows that are drawn; the rest comes as one scrolls or moves down
# So many more are drawn where a list comes anew: what came meanwhile pushes nobody's row out of it.
SPARE = 10
MOST = 2000
NEXT_STEPS = (
    (speech.later("Tomorrow"), 1),
    (speech.later("In 3 days"), 3),
    (speech.later("Next week"), 7),
    (speech.later("In 30 days"), 30),
)


@dataclass(frozen=True)
class WaitingRow:
    """One thing that waits."""

    key: str
    what: str
    why: str
    account: str
    account_href: str
    money: str
    clock: ClockMark | None
    day: DayMark | None
    verb: str
    href: str
    rank: int
    factors: tuple[tuple[str, str], ...]
    person: str
    may_finish: bool
    may_reject: bool
    may_give: bool
    may_recall: bool


@dataclass(frozen=True)
class WaitingGroup:
    """Rows that are due alike: those that are drawn, of `count`; the head of one that `is_begun` stands already."""

    slug: str
    title: str
    rows: tuple[WaitingRow, ...]
    count: int
    is_begun: bool


@dataclass(frozen=True)
class More:
    """Where the next rows are, for a script and without one; `first` is the rank of the first of them."""

    said: str
    rows: str
    href: str
    first: int


@dataclass(frozen=True)
class Meeting:
    """A planned meeting with its brief."""

    what: str
    when: str
    brief: str
    account: str
    href: str


@dataclass(frozen=True)
class Assumption:
    """What a source assumes."""

    title: str
    sentence: str
    share: str
    hours: str


@dataclass(frozen=True)
class TodayPage:
    """The list, the week's meetings, and how it is ranked."""

    state: str
    groups: tuple[WaitingGroup, ...]
    shown: int
    more: More | None
    meetings: tuple[Meeting, ...]
    assumptions: tuple[Assumption, ...]
    colleagues: tuple[tuple[str, str], ...]
    snoozes: tuple[Option, ...]
    may_work: bool
    is_empty: bool
    mine: bool
    snoozed: str
    held: str
    cut: str
    tomorrow: str


def days_of(now: datetime) -> Days:
    """When the day and the week that begins with it end, UTC."""
    today = words.local_day(now)
    ends = [words.local_moment(today + DAY * n, time.min) for n in (1, 7)]
    return Days(*ends)


def page(
    found: Today,
    *,
    now: datetime,
    sources: dict[str, Source],
    colleagues: tuple[tuple[str, str], ...],
    may_work: bool,
    held: int,
    after: int = 0,
    until: int = 0,
) -> TodayPage:
    """The page with its one sentence of state. Of the rows the first, those after a rank, or those until one."""
    last = until + SPARE if until else after + AT_ONCE
    groups = tuple(
        WaitingGroup(
            slug,
            title,
            tuple(_row(row, sources, now, may_work) for row in found.of(slug) if after < row.rank <= last),
            len(found.of(slug)),
            any(row.rank <= after for row in found.of(slug)),
        )
        for slug, title in GROUPS.items()
    )
    today = words.local_day(now)
    return TodayPage(
        state=_state(found),
        groups=tuple(group for group in groups if group.rows),
        shown=until or last,
        more=_more(len(found.rows), last),
        meetings=tuple(_meeting(row, today) for row in found.meetings),
        assumptions=tuple(
            Assumption(
                source.title,
                source.sentence,
                f"{words.percent(100 * source.share)}",
                speech.told("%(hours)s h", hours=words.plain(source.hours)),
            )
            for source in sources.values()
        ),
        colleagues=colleagues,
        snoozes=tuple(Option((today + DAY * days).isoformat(), title) for title, days in NEXT_STEPS),
        may_work=may_work,
        is_empty=not found.rows,
        mine=found.mine,
        snoozed=words.count(found.snoozed, "snoozed item") if found.snoozed else "",
        held=words.count(held, "signal") if held else "",
        cut=", ".join(map(str, found.cut)),
        tomorrow=(today + timedelta(days=1)).isoformat(),
    )


def rows_until(said: str) -> int:
    """How many rows an address asks for; the usual ones where it does not say."""
    return min(int(said), MOST) if said.isdecimal() and len(said) < 8 else 0


def _more(whole: int, last: int) -> More | None:
    if whole <= last:
        return None
    here = reverse("today")
    return More(
        said=speech.told("%(n)s more", n=words.whole(whole - last)),
        rows=f"{here}?after={last}",
        href=f"{here}?rows={last + AT_ONCE}#wait-{last + 1}",
        first=last + 1,
    )


def _state(found: Today) -> str:
    own = [row for row in found.rows if row.group != "others"]
    if not own:
        return speech.told("Nothing waits for you.")
    clocks = len(found.of("clocks"))
    said = [
        speech.counted(
            len(own), "%(n)s thing waits for you", "%(n)s things wait for you", n=words.whole(len(own))
        )
    ]
    if clocks:
        said.append(speech.counted(clocks, "%(n)s clock runs", "%(n)s clocks run", n=words.whole(clocks)))
    money = _at_stake(own)
    if money:
        said.append(speech.told("%(money)s a year at stake", money=money))
    return ", ".join(said) + "."


def _at_stake(rows: Sequence[Row]) -> str:
    """Each account's ARR once."""
    stakes = {row.offer.stake.account_id: row.offer.stake for row in rows if row.offer.stake}
    known = [stake for stake in stakes.values() if stake.arr is not None]
    if not known:
        return ""
    return words.short_money(Money(sum((s.arr for s in known if s.arr), Decimal(0)), known[0].currency))


def _row(row: Row, sources: dict[str, Source], now: datetime, may_work: bool) -> WaitingRow:
    offer = row.offer
    stake = offer.stake
    is_other = row.group == "others"
    return WaitingRow(
        key=offer.key,
        what=offer.what,
        why=offer.why,
        account=stake.name if stake else "",
        account_href=reverse("account", args=(stake.key,)) if stake else "",
        money=words.short_money(Money(stake.arr, stake.currency)) if stake and stake.arr is not None else "",
        clock=ClockMark.of(due_at=offer.due_at, now=now) if offer.due_at and _is_near(offer, now) else None,
        day=None
        if offer.due_at and _is_near(offer, now)
        else DayMark.of(offer.due_at, today=words.local_day(now)),
        verb=VERBS[offer.deed],
        href=address(offer),
        rank=row.rank,
        factors=_factors(row, sources[row.source]),
        person=speech.told("With %(with_whom)s", with_whom=row.with_whom)
        if row.with_whom
        else speech.told("From %(from_whom)s", from_whom=row.from_whom)
        if row.from_whom
        else "",
        may_finish=may_work and not is_other and offer.deed != "answer",
        may_reject=may_work and not is_other and offer.deed == "respond",
        may_give=may_work and not is_other and stake is not None,
        may_recall=may_work and is_other,
    )


def _is_near(offer: Offer, now: datetime) -> bool:
    """Whether its hours count, rather than its days."""
    return offer.is_clock or (offer.due_at is not None and offer.due_at - now < DAY)


def address(offer: Offer) -> str:
    """What the first deed of an offer opens."""
    kind, _, name = offer.subject.partition(":")
    if kind == "account":
        tab = {"renew": "account-contracts", "look": "account-movement", "meet": "account-cadence"}.get(
            offer.deed, "account"
        )
        return reverse(tab, args=(name,)) + ("#check-in" if offer.deed == "check_in" else "")
    if kind == "review":
        key, _, number = name.rpartition("/")
        return reverse("account-review-one", args=(key, int(number)))
    if kind in OF_KEYS:
        page, *args = OF_KEYS[kind]
        return reverse(page, args=(*args, name))
    if kind == "triage":
        return reverse("triage") + f"?{urlencode({'account': name})}"
    if kind == "rejections":
        return reverse("rejected")
    return reverse(kind, args=(int(name),))


def _factors(row: Row, source: Source) -> tuple[tuple[str, str], ...]:
    """Why it stands where it stands, factor by factor."""
    made = row.factors
    currency = row.offer.stake.currency if row.offer.stake else ""

    def money(amount: float) -> str:
        return words.short_money(Money(Decimal(round(amount)), currency))

    if row.offer.stake is None:
        return ((speech.told("At stake"), speech.told("no money; it stands by its day")),)
    known = (
        speech.told("the middle of your list, as its own is not known")
        if made.is_assumed
        else speech.told("ARR of the account")
    )
    return (
        (
            speech.told("At stake"),
            speech.told("%(stake)s a year (%(known)s)", stake=money(made.stake), known=known),
        ),
        (
            speech.told("Decided by it"),
            speech.told(
                "%(share)s (assumed for %(title)s)",
                share=words.percent(100 * made.share),
                title=source.title.lower(),
            ),
        ),
        (speech.told("Work"), speech.told("%(hours)s h (assumed)", hours=words.plain(made.hours))),
        (speech.told("Its clock"), f"× {made.urgency:.2f}"),
        (speech.told("Together"), speech.told("%(worth)s for an hour", worth=money(made.worth))),
    )


def _meeting(row: Row, today: date) -> Meeting:
    assert row.offer.due_at is not None
    return Meeting(
        what=row.offer.what.removeprefix("Prepare: "),
        when=words.moment(row.offer.due_at, today=today),
        brief=row.offer.why,
        account=row.offer.stake.name if row.offer.stake else "",
        href=address(row.offer),
    )
